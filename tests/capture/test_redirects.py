"""Redirects are followed and kept, and never lead inside, in circles or to what is no web address."""

import socket

import pytest

from platforms.capture.fetching import Fetcher
from platforms.capture.responses import Fault, Hop

from .conftest import LIMITS, answered, failed
from .server import Server, moved, reply


def test_redirects_are_followed_and_kept(server: Server, fetcher: Fetcher) -> None:
    server.answers |= {"/old": moved("/new#part", "301 Moved Permanently"), "/new": reply()}
    result = answered(fetcher.fetch(server.url("/old")))
    assert result.final == server.url("/new")
    assert result.hops == (Hop(server.url("/old"), 301), Hop(server.url("/new"), 200))


def test_a_cookie_lives_for_one_journey(server: Server, fetcher: Fetcher) -> None:
    server.answers |= {
        "/old": reply(b"", status="302 Found", Location="/new", Set_Cookie="seen=1; Path=/"),
        "/new": reply(),
    }
    answered(fetcher.fetch(server.url("/old")))
    assert server.asked[-1].headers["cookie"] == "seen=1"
    answered(fetcher.fetch(server.url("/new")))
    assert "cookie" not in server.asked[-1].headers


def test_redirect_to_another_port_of_this_machine_is_refused(server: Server, fetcher: Fetcher) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        other.settimeout(0.05)
        server.answers["/"] = moved(f"http://127.0.0.1:{other.getsockname()[1]}/admin")
        result = failed(fetcher.fetch(server.url("/")), Fault.REFUSED_ADDRESS)
        with pytest.raises(TimeoutError):
            other.accept()
    assert result.hops == (Hop(server.url("/"), 302),)
    assert result.status == 302
    assert result.final.endswith("/admin")


@pytest.mark.parametrize(
    "location",
    [
        "http://127.0.0.1/",
        "http://169.254.169.254/latest/meta-data/",
        "http://[::1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://[::ffff:7f00:1]/",
        "http://[2002:7f00:1::]/",
        "http://[64:ff9b::a9fe:a9fe]/",
        "http://[fe80::1]/",
        "http://[fd00:ec2::254]/",
        "http://0.0.0.0/",
        "http://0/",
        "http://2130706433/",
        "http://0x7f.1/",
        "http://10.0.0.1/",
        "http://192.168.1.1/",
        "http://172.16.0.1/",
        "http://100.64.0.1/",
        "http://224.0.0.1/",
        "http://240.0.0.1/",
        "http://255.255.255.255/",
        "http://168.63.129.16/",
        "http://100.100.100.200/",
        "http://192.0.0.192/opc/v2/",
        "http://192.88.99.1/",
        "http://[64:ff9b:1:a9fe:a9:fe00:808:808]/",
        "http://[::ffff:0:127.0.0.1]/",
        "http://localhost/",
        "http://LOCALHOST./",
        "http://metadata.google.internal/computeMetadata/v1/",
        "http://93.184.215.14:22/",
        "//169.254.169.254/",
    ],
)
def test_redirect_into_a_private_network_is_refused(server: Server, fetcher: Fetcher, location: str) -> None:
    server.answers["/"] = moved(location)
    result = failed(fetcher.fetch(server.url("/")), Fault.REFUSED_ADDRESS)
    assert [hop.status for hop in result.hops] == [302]
    assert server.paths().count("/") == 1, "a refusal is not tried again"


@pytest.mark.parametrize(
    "location",
    [
        "file:///etc/passwd",
        "ftp://example.org/",
        "gopher://127.0.0.1/",
        "javascript:alert(1)",
        "http://[::1",
    ],
)
def test_redirect_to_what_is_no_web_address_is_refused(server: Server, fetcher: Fetcher, location: str) -> None:
    server.answers["/"] = moved(location)
    failed(fetcher.fetch(server.url("/")), Fault.BAD_ADDRESS)


def test_redirect_with_a_password_is_refused(server: Server, fetcher: Fetcher) -> None:
    server.answers["/"] = moved(f"http://user:secret@{server.place}/in")
    result = failed(fetcher.fetch(server.url("/")), Fault.BAD_ADDRESS)
    assert "secret" not in result.reason
    assert "/in" not in server.paths()


def test_redirect_loop_ends(server: Server, fetcher: Fetcher) -> None:
    server.answers |= {"/a": moved("/b"), "/b": moved("/a")}
    result = failed(fetcher.fetch(server.url("/a")), Fault.TOO_MANY_REDIRECTS)
    assert len(result.hops) == LIMITS.redirects + 1
