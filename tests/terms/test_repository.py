"""Opening a versions repository, and the bytes of its texts."""

import os
import re
import resource
import shutil
import ssl
import subprocess
import threading
from collections import Counter
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from itertools import chain
from pathlib import Path

import pytest

from platforms.terms import git, history
from platforms.terms import repository as module
from platforms.terms.repository import Record, Unreadable, decode, open_repository

from .conftest import Making


def filled(making: Making, count: int = 3) -> Making:
    for number in range(count):
        making.commit("Update Acme Imprint", {"Acme/Imprint.md": f"Text {number}"}, 1_750_000_000 + number)
    return making


def texts(where: object, **options: Path) -> list[bytes]:
    with open_repository(str(where), **options) as repository:
        return list(repository.contents(r.blob for r in repository.records() if r.blob))


# Opening


def test_a_folder_a_working_copy_and_a_bundle_give_the_same(making: Making, tmp_path: Path) -> None:
    filled(making)
    making.git("clone", "--quiet", str(making.folder), str(tmp_path / "working copy"))
    expected = [b"Text 0", b"Text 1", b"Text 2"]
    assert texts(making.folder) == texts(tmp_path / "working copy") == texts(making.bundle()) == expected


def test_the_folder_is_only_read(making: Making) -> None:
    filled(making)
    before = {path: path.stat().st_mtime_ns for path in making.folder.rglob("*")}
    texts(making.folder)
    assert {path: path.stat().st_mtime_ns for path in making.folder.rglob("*")} == before


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder away")
def test_a_folder_of_somebody_else_is_read(making: Making) -> None:
    filled(making)
    for path in (making.folder, *making.folder.rglob("*")):
        os.chown(path, 65534, 65534)
    assert len(texts(making.folder)) == 3


def test_the_caller_s_own_git_settings_do_not_matter(making: Making, monkeypatch: pytest.MonkeyPatch) -> None:
    filled(making)
    for name in ("GIT_DIR", "GIT_OBJECT_DIRECTORY", "GIT_INDEX_FILE", "GIT_WORK_TREE", "GIT_NAMESPACE"):
        monkeypatch.setenv(name, "/nowhere")
    monkeypatch.setenv("LC_ALL", "de_DE.UTF-8")
    assert len(texts(making.bundle())) == 3


@pytest.mark.parametrize("branch", ["-x", "--output=stolen", "main"])
def test_a_bundle_without_head_has_its_only_branch(making: Making, branch: str, tmp_path: Path) -> None:
    making.commit("First record of Acme Imprint", {"Acme/Imprint.md": "One"}, branch=f"refs/heads/{branch}")
    assert texts(making.bundle("--branches")) == [b"One"]
    assert not (tmp_path / "stolen").exists()


def test_several_branches_without_head_are_no_guess(making: Making) -> None:
    for branch in ("one", "two"):
        making.commit("Update Acme Imprint", {"Acme/Imprint.md": branch}, branch=f"refs/heads/{branch}")
    with pytest.raises(Unreadable, match=r"does not say which of its branches is the default one \(one, two\)"):
        texts(making.bundle("--branches"))


@pytest.mark.parametrize(
    ("where", "words"),
    [
        ("", "is no repository"),
        ("-u", r"is no repository.*\./-name"),
        ("--upload-pack=touch x", "is no repository"),
        ("a\nb", "is no repository"),
        ("nowhere", "nowhere does not exist"),
        ("http://a.example/terms", "only https"),
        ("git://a.example/terms", "only https"),
        ("ssh://a.example/terms", "only https"),
        ("file:///srv/terms", "give the folder itself"),
        ("git@a.example:terms.git", "only https"),
        ("ext::sh -c touch% x", "only https"),
        ("https://", "is no address"),
        ("https://-oProxy/terms", "is no address"),
        ("https://a.example:port/terms", "is no address"),
        ("https://a.example/te rms", "is no address"),
        ("https://[::1/terms", "is no address"),
    ],
)
def test_nothing_else_is_opened(where: str, words: str) -> None:
    with pytest.raises(Unreadable, match=words) as caught:
        texts(where)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "where", ["https://me:secret@a.example/t", "https://secret@a.example/t", "ssh://me:secret@a/t"]
)
def test_credentials_are_refused_and_not_repeated(where: str) -> None:
    with pytest.raises(Unreadable) as caught:
        texts(where)
    assert "secret" not in str(caught.value)


def test_a_folder_without_repository_is_not_looked_for_above(making: Making) -> None:
    filled(making)
    below = making.folder / "plain"
    below.mkdir()
    with pytest.raises(Unreadable, match="plain is no git repository"):
        texts(below)


def test_a_repository_without_commits_says_so(making: Making) -> None:
    with pytest.raises(Unreadable, match="has no history"):
        texts(making.folder)


def test_a_shallow_clone_is_refused(making: Making, tmp_path: Path) -> None:
    filled(making)
    making.git("clone", "--quiet", "--depth=1", f"file://{making.folder}", str(tmp_path / "shallow"))
    with pytest.raises(Unreadable, match=r"only a part of its history.*--unshallow"):
        texts(tmp_path / "shallow")


def test_bundles_that_are_none_damaged_or_partial_say_so(making: Making, tmp_path: Path) -> None:
    bundle = filled(making).bundle()
    damaged = tmp_path / "damaged.bundle"
    damaged.write_bytes(bundle.read_bytes()[:-40])
    (tmp_path / "none.bundle").write_text("words")
    with pytest.raises(Unreadable, match=r"damaged\.bundle is a damaged or empty bundle"):
        texts(damaged)
    with pytest.raises(Unreadable, match=r"none\.bundle is not a git bundle"):
        texts(tmp_path / "none.bundle")
    with pytest.raises(Unreadable, match="holds only a part of a history"):
        texts(making.bundle("main~1..main"))


def test_without_git_the_message_says_what_to_install(
    making: Making, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    bundle = filled(making).bundle()
    monkeypatch.setenv("PATH", str(tmp_path))
    for where in (making.folder, bundle):
        with pytest.raises(Unreadable, match="install git"):
            texts(where)


# Clones


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


# Contents


def test_contents_come_in_the_order_asked_for_also_twice(making: Making) -> None:
    data = [b"", b"\n", "Zeile\r\n\ufeffü".encode(), b"x" * 3_000_000, b"abc missing\n"]
    names = [making.blob(one) for one in data]
    making.commit("Keep", {"Acme/Imprint.md": "One"})
    with open_repository(str(making.folder)) as repository:
        assert list(repository.contents(names + names[::-1])) == data + data[::-1]
        assert list(repository.contents([])) == []


def test_contents_hold_little_and_take_names_as_they_go(making: Making) -> None:
    names = [making.blob(b"%d" % number + b"y" * 200_000) for number in range(5)]
    making.commit("Keep", {"Acme/Imprint.md": "One"})
    taken = 0

    def asked():
        nonlocal taken
        for name in chain.from_iterable([names] * 400):
            taken += 1
            yield name

    with open_repository(str(making.folder)) as repository:
        contents = repository.contents(asked())
        assert next(contents).startswith(b"0y")
        assert taken <= 50
        contents.close()
        assert taken <= 50


def test_objects_that_are_missing_or_no_files_are_named(making: Making) -> None:
    commit = making.commit("Keep", {"Acme/Imprint.md": "One"})
    with open_repository(str(making.folder)) as repository:
        with pytest.raises(Unreadable, match=f"object {'1' * 40} is missing"):
            list(repository.contents(["1" * 40]))
        with pytest.raises(Unreadable, match=f"object {commit} is a commit"):
            list(repository.contents([commit]))
        for name in ("HEAD", "-h", f"{commit}\n{commit}", commit[:12]):
            with pytest.raises(Unreadable, match="is not the name of a git object"):
                list(repository.contents([name]))


def test_objects_that_hold_other_bytes_or_none_are_named(making: Making) -> None:
    good, other = making.blob(b"The true words"), making.blob(b"Other words")
    making.commit("Keep", {"Acme/Imprint.md": "One"})
    place = {name: making.folder / "objects" / name[:2] / name[2:] for name in (good, other)}
    place[good].chmod(0o644)
    place[good].write_bytes(place[other].read_bytes())
    place[other].chmod(0o644)
    place[other].write_bytes(b"no zlib")
    with open_repository(str(making.folder)) as repository:
        for name in (good, other):
            with pytest.raises(Unreadable, match=rf"terms cannot be read \(.*{name}.*clone it again"):
                list(repository.contents([name]))


def test_a_history_with_a_hole_is_not_read_in_part(making: Making) -> None:
    filled(making)
    parent = making.git("rev-parse", "main~1")
    (making.folder / "objects" / parent[:2] / parent[2:]).unlink()
    with open_repository(str(making.folder)) as repository, pytest.raises(Unreadable, match="clone it again"):
        repository.records()


def test_an_object_of_absurd_size_is_refused(making: Making, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LARGEST_TEXT", 1000)
    names = [making.blob(b"z" * size) for size in (1000, 1001)]
    making.commit("Keep", {"Acme/Imprint.md": "One"})
    with open_repository(str(making.folder)) as repository:
        assert len(next(repository.contents(names[:1]))) == 1000
        with pytest.raises(Unreadable, match="has 1,001 bytes, 1,000 bytes are the most that is read"):
            list(repository.contents(names[1:]))


def test_no_program_that_a_repository_s_configuration_names_is_run(making: Making, tmp_path: Path) -> None:
    filled(making)
    run = f"touch {tmp_path / 'ran'}"
    included = tmp_path / "included"
    included.write_text(f"[diff]\n\texternal = {run}\n[core]\n\tfsmonitor = {run}\n")
    names = ["core.fsmonitor", "core.pager", "core.sshCommand", "core.askPass", "core.editor", "gpg.program"]
    names += ["diff.external", "diff.x.textconv", "diff.x.command", "filter.x.smudge", "filter.x.process"]
    names += ["credential.helper", "alias.log", "alias.cat-file", "core.alternateRefsCommand", "pager.log"]
    names += ["uploadpack.packObjectsHook", "core.gitProxy", "interactive.diffFilter"]
    for name in names:
        making.git("config", name, f"!{run}" if name.startswith(("alias", "credential")) else run)
    making.git("config", "log.showSignature", "true")
    making.git("config", "include.path", str(included))
    making.git("config", "includeIf.gitdir:/**.path", str(included))
    (making.folder / "info" / "attributes").write_text("* diff=x filter=x\n")
    (making.folder / "hooks").mkdir(exist_ok=True)
    for hook in ("post-checkout", "reference-transaction", "post-index-change"):
        (making.folder / "hooks" / hook).write_text(f"#!/bin/sh\n{run}\n")
        (making.folder / "hooks" / hook).chmod(0o755)
    assert texts(making.folder) == [b"Text 0", b"Text 1", b"Text 2"]
    assert not (tmp_path / "ran").exists()


def test_what_is_missing_is_not_fetched_from_where_the_repository_says(making: Making, tmp_path: Path) -> None:
    filled(making)
    making.git("config", "core.repositoryFormatVersion", "1")
    making.git("config", "extensions.partialClone", "origin")
    making.git("config", "remote.origin.promisor", "true")
    making.git("config", "remote.origin.url", f"ext::sh -c touch% {tmp_path / 'ran'}")
    making.git("config", "protocol.ext.allow", "always")
    name = making.blob(b"Text 1")
    (making.folder / "objects" / name[:2] / name[2:]).unlink()
    with pytest.raises(Unreadable, match="missing"):
        texts(making.folder)
    assert not (tmp_path / "ran").exists()


@pytest.mark.skipif(not hasattr(resource, "prlimit"), reason="only Linux bounds a running process")
def test_a_tree_that_names_billions_of_files_is_refused(making: Making, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(git, "_MEMORY", 60_000_000)
    tree = making.tree({b"x.md": ("100644", making.blob(b"x"))})
    for _ in range(9):
        tree = making.git("mktree", stdin="".join(f"040000 tree {tree}\t{number}\n" for number in range(10)).encode())
    making.git("update-ref", "refs/heads/main", making.git("commit-tree", tree, "-m", "Update Acme Imprint"))
    with open_repository(str(making.folder)) as repository, pytest.raises(Unreadable, match="memory"):
        repository.records()


def test_a_commit_of_too_many_files_is_refused(making: Making, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history, "_MOST_FILES", 3)
    making.commit("Update", {f"{number}/Imprint.md": "x" for number in range(4)})
    with open_repository(str(making.folder)) as repository, pytest.raises(Unreadable, match="more than 3 files"):
        repository.records()


def test_a_history_of_files_that_are_no_records_is_refused(making: Making, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history, "_MOST_FILES", 3)
    for number in range(4):
        making.commit("Update", {f"{number}.txt": "x"})
    with open_repository(str(making.folder)) as repository, pytest.raises(Unreadable, match="no records"):
        repository.records()


def test_a_subject_without_end_is_refused(making: Making) -> None:
    making.commit("x" * 3_000_000, {"Acme/Imprint.md": "x"})
    with open_repository(str(making.folder)) as one, pytest.raises(Unreadable, match="more than 1,000,000 bytes"):
        one.records()


def test_only_utf_8_without_nul_is_text(making: Making) -> None:
    commit = making.commit("First record of Acme Imprint", {"Acme/Imprint.md": "One"})
    with open_repository(str(making.folder)) as repository:
        (record,) = repository.records()
    assert decode("\ufeffÜ\r\n".encode(), record) == "\ufeffÜ\r\n"
    for data, why in (
        (b"ab\xff", r"byte 2 \(0xff\) is not UTF-8"),
        (b"abc\0d", "byte 3 is NUL"),
        (b"\xed\xa0\x80", "byte 0"),
    ):
        with pytest.raises(Unreadable, match=rf"Acme/Imprint\.md in {commit} is no text \({why}"):
            decode(data, record)


# Real collections


def _no_capture(subject: str) -> bool:
    return bool(re.match(r"Initial commit|Adapt template|Remove mojibake", subject))


def test_every_record_of_a_real_collection_is_read(real_bundle: Path) -> None:
    with open_repository(str(real_bundle)) as repository:
        records = repository.records()
        ask = partial(
            subprocess.run, cwd=repository.folder, capture_output=True, check=True, encoding="utf-8", errors="strict"
        )
        subjects = ask(["git", "log", "--format=%s"]).stdout.splitlines()
        listed = ask(
            ["git", "-c", "core.quotePath=false", "ls-tree", "-r", "--format=%(objectname) %(path)", "HEAD"]
        ).stdout
        last = {path: name for name, path in (line.split(" ", 1) for line in listed.splitlines())}
        chosen = sorted({record.path for record in records})[::9]
        for path in chosen:
            lines = ask(
                ["git", "log", "--no-renames", "--format=%s", "HEAD", "--", f":(literal){path}"]
            ).stdout.splitlines()
            assert sum(record.path == path for record in records) == sum(not _no_capture(line) for line in lines), path
    assert len(chosen) > 5
    assert len(records) == sum(not _no_capture(subject) for subject in subjects)
    assert len({(record.path, record.captured_at) for record in records}) == len(records)
    latest: dict[str, set[str | None]] = {}
    for record in records:
        latest.setdefault(record.path, set()).add(record.blob)
    assert all(last[path] in blobs for path, blobs in latest.items())
    assert set(last) - set(latest) == {"LICENSE"}


def test_every_text_of_a_real_collection_has_the_bytes_of_its_object(real_bundle: Path) -> None:
    with open_repository(str(real_bundle)) as repository:
        first: dict[str, Record] = {r.blob: r for r in repository.records() if r.blob}
        sizes = Counter({name: len(data) for name, data in zip(first, repository.contents(first), strict=True)})
        asked = subprocess.run(
            ["git", "cat-file", "--batch-check=%(objectname) %(objectsize)"],
            cwd=repository.folder,
            input="\n".join(first).encode(),
            capture_output=True,
            check=True,
        )
        expected = dict(line.split() for line in asked.stdout.decode().splitlines())
        assert {name: str(size) for name, size in sizes.items()} == expected
        sample = list(first.items())[::25]
        for (name, record), data in zip(sample, repository.contents(name for name, _ in sample), strict=True):
            assert decode(data, record).encode() == data, name
