"""Clones: gone when they were read, kept for the next attempt when they were not."""

import shutil
import ssl
import subprocess
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from platforms.terms import repository as module
from platforms.terms.repository import Unreadable, open_repository

from .conftest import Making, filled, texts


@pytest.fixture
def clones(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, ...]]:
    """The clones that git was asked to make."""
    asked: list[tuple[str, ...]] = []
    run = module.git.run

    def noted(*arguments, **options):
        if arguments[0] == "clone":
            asked.append(arguments)
        return run(*arguments, **options)

    monkeypatch.setattr(module.git, "run", noted)
    return asked


def test_a_clone_goes_when_the_block_is_left(making: Making, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    bundle = filled(making).bundle()
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(scratch))
    with open_repository(str(bundle)) as repository:
        assert repository.folder.is_relative_to(scratch)
    assert list(scratch.iterdir()) == []
    with pytest.raises(KeyboardInterrupt), open_repository(str(bundle)):
        raise KeyboardInterrupt
    assert list(scratch.iterdir()) == []


def test_a_kept_clone_serves_the_next_attempt(making: Making, tmp_path: Path, clones: list[tuple[str, ...]]) -> None:
    bundle, cache = filled(making).bundle(), tmp_path / "cache"
    for _ in range(2):
        with pytest.raises(KeyboardInterrupt), open_repository(str(bundle), cache=cache):
            raise KeyboardInterrupt
    assert len(texts(bundle, cache=cache)) == 3
    assert len(clones) == 1
    assert [path for path in cache.iterdir() if path.suffix != ".lock"] == []
    assert len(texts(bundle, cache=cache)) == 3
    assert len(clones) == 2


def test_a_bundle_that_was_replaced_is_cloned_anew(making: Making, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    bundle = filled(making).bundle()
    with pytest.raises(KeyboardInterrupt), open_repository(str(bundle), cache=cache):
        raise KeyboardInterrupt
    making.commit("Update Acme Imprint", {"Acme/Imprint.md": "Newer"}, 1_760_000_000)
    assert texts(making.bundle(), cache=cache)[-1] == b"Newer"


def test_a_clone_that_was_killed_half_way_is_made_again(making: Making, tmp_path: Path) -> None:
    bundle, cache = filled(making).bundle(), tmp_path / "cache"
    with pytest.raises(KeyboardInterrupt), open_repository(str(bundle), cache=cache):
        raise KeyboardInterrupt
    clone = next(cache.glob("*.git"))
    clone.rename(clone.with_suffix(".growing"))
    shutil.rmtree(clone.with_suffix(".growing") / "objects")
    assert len(texts(bundle, cache=cache)) == 3


def test_two_imports_do_not_share_a_clone(making: Making, tmp_path: Path) -> None:
    bundle, cache = filled(making).bundle(), tmp_path / "cache"
    with open_repository(str(bundle), cache=cache), pytest.raises(Unreadable, match="being imported already"):
        texts(bundle, cache=cache)


@pytest.fixture
def https(making: Making, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """The address at which the repository is served, over https with a certificate that this process trusts."""
    if not shutil.which("openssl"):
        pytest.skip("openssl makes the certificate")
    certificate, key = tmp_path / "certificate.pem", tmp_path / "key.pem"
    made = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1"]
    names = ["-addext", "subjectAltName=IP:127.0.0.1", "-out", certificate, "-keyout", key]
    subprocess.run([*made, *names], check=True, capture_output=True)

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(making.folder.parent)))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    monkeypatch.setenv("GIT_SSL_CAINFO", str(certificate))
    for name in ("https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    yield f"https://127.0.0.1:{server.server_port}/{making.folder.name}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_an_address_is_cloned_and_an_interrupted_import_gets_what_is_new(
    https: str, making: Making, tmp_path: Path, clones: list[tuple[str, ...]]
) -> None:
    filled(making).git("update-server-info")
    with pytest.raises(KeyboardInterrupt), open_repository(https, cache=tmp_path / "cache"):
        raise KeyboardInterrupt
    making.commit("Update Acme Imprint", {"Acme/Imprint.md": "Newer"}, 1_760_000_000)
    making.git("update-server-info")
    assert texts(https, cache=tmp_path / "cache") == [b"Text 0", b"Text 1", b"Text 2", b"Newer"]
    assert len(clones) == 1
    with pytest.raises(Unreadable, match="could not be fetched"):
        texts(f"{https}-of-nobody")
