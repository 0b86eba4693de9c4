"""Only the server that was meant is asked: its certificate, its name, the address that was checked."""

import socket
import ssl
import subprocess

import pytest

from platforms.capture.fetching import Fetcher
from platforms.capture.responses import Fault

from .conftest import answered, failed, make_fetcher
from .server import PAGE, Server, moved, reply


def test_broken_tls_is_said_so(tmp_path) -> None:
    """A certificate that nobody trusts."""
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    made = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=localhost"
    names = ["-addext", "subjectAltName=IP:127.0.0.1"]
    command = [*made.split(), "-keyout", key, "-out", certificate, *names]
    subprocess.run(command, check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    server = Server(tls=context)
    server.answers["/"] = reply()
    try:
        failed(make_fetcher(server).fetch(server.url("/")), Fault.TLS)
        trusting = make_fetcher(server, context=ssl.create_default_context(cafile=certificate))
        assert answered(trusting.fetch(server.url("/"))).body == PAGE
        named = make_fetcher(
            server, context=ssl.create_default_context(cafile=certificate), resolve=lambda *_: ["127.0.0.1"]
        )
        named.guard.private = frozenset({f"terms.example:{server.port}"})
        wrong_name = failed(named.fetch(f"https://terms.example:{server.port}/"), Fault.TLS)
        assert "CERTIFICATE" in wrong_name.reason.upper()
    finally:
        server.close()


def test_plain_http_where_tls_was_asked(server: Server, fetcher: Fetcher) -> None:
    server.answers["/"] = reply()
    failed(fetcher.fetch(f"https://{server.place}/"), Fault.TLS)


def test_a_name_with_a_public_and_a_private_address_is_refused(server: Server) -> None:
    fetcher = make_fetcher(server, resolve=lambda host, port: ["93.184.215.14", "127.0.0.1"])
    result = failed(fetcher.fetch("http://two-faced.example/"), Fault.REFUSED_ADDRESS)
    assert "127.0.0.1" in result.reason
    assert result.hops == ()


def test_the_connection_goes_to_the_checked_address(server: Server) -> None:
    """A name that answers differently the second time gains nothing: it is looked up once for each request."""
    looked_up: list[str] = []

    def resolve(host: str, port: int) -> list[str]:
        looked_up.append(host)
        return ["127.0.0.1"]

    fetcher = make_fetcher(server, resolve=resolve)
    fetcher.guard.private = frozenset({f"terms.example:{server.port}"})
    server.answers["/"] = reply()
    answered(fetcher.fetch(f"http://terms.example:{server.port}/"))
    assert server.asked[-1].headers["host"] == f"terms.example:{server.port}"
    assert looked_up == ["terms.example"] * 2  # for the page and for robots.txt


def test_a_name_that_changes_to_a_private_address_is_refused(server: Server) -> None:
    answers = [["127.0.0.1"], ["127.0.0.1"], ["10.0.0.1"]]
    fetcher = make_fetcher(server, resolve=lambda host, port: answers.pop(0))
    fetcher.guard.private = frozenset({f"terms.example:{server.port}"})
    server.answers["/"] = moved("http://terms.example/")
    failed(fetcher.fetch(f"http://terms.example:{server.port}/"), Fault.REFUSED_ADDRESS)


def test_a_name_that_does_not_resolve(server: Server) -> None:
    def resolve(host: str, port: int) -> list[str]:
        raise socket.gaierror(-2, "Name or service not known")

    failed(make_fetcher(server, resolve=resolve).fetch("http://nowhere.example/"), Fault.DNS)


def test_nobody_listens(server: Server) -> None:
    server.close()
    failed(make_fetcher(server).fetch(server.url("/")), Fault.CONNECTION)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "terms",
        "ftp://example.org/",
        "http://user:word@example.org/",
        "http://example.org:99999/",
        "http://exa mple/",
        "http://0177.0.0.1/",
        "https://",
        "http://example.org/" + "x" * 5_000,
        "http://\ud800/",
        "//example.org/",
        "http://example.org:0/",
    ],
)
def test_what_cannot_be_asked_is_said_so(fetcher: Fetcher, address: str) -> None:
    failed(fetcher.fetch(address), Fault.BAD_ADDRESS)


def test_proxies_of_the_environment_are_ignored(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    server.answers["/"] = reply()
    answered(make_fetcher(server).fetch(server.url("/")))
