"""A server may answer what it likes, or nothing: nothing hangs and nothing is lost."""

import gzip
import zlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from platforms.capture.fetching import Fetcher, user_agent
from platforms.capture.responses import Fault, Hop

from .conftest import LIMITS, answered, failed, make_fetcher
from .server import PAGE, Server, bomb, dripping, endless, in_turn, moved, reply, silent


def test_an_answer_keeps_its_facts(server: Server, fetcher: Fetcher) -> None:
    server.answers["/terms"] = reply(ETag='"one"', X_Twice="a\r\nX-Twice: b")
    before = datetime.now(UTC)
    result = answered(fetcher.fetch(server.url("/terms"), language="en"))
    assert result.body == PAGE
    assert (result.asked, result.final, result.status) == (server.url("/terms"), server.url("/terms"), 200)
    assert result.hops == (Hop(server.url("/terms"), 200),)
    assert [value for name, value in result.headers if name.lower() == "x-twice"] == ["a", "b"]
    assert result.header("etag") == '"one"'
    assert before <= result.fetched_at <= datetime.now(UTC)
    assert 0 < result.elapsed < 5
    assert (result.tool.name, result.tool.version) == ("ConductAtlas", "1")
    asked = server.asked[-1]
    assert asked.headers["user-agent"] == "ConductAtlas/1 (+https://example.org/about)"
    assert asked.headers["host"] == server.place
    assert asked.headers["accept-language"] == "en"


def test_the_user_agent_says_who_asks() -> None:
    assert user_agent("0.2", "https://example.org/about/") == "ConductAtlas/0.2 (+https://example.org/about/)"


# Bodies and times


def test_endless_body_is_cut_off(server: Server, fetcher: Fetcher) -> None:
    server.answers["/"] = endless
    result = failed(fetcher.fetch(server.url("/")), Fault.TOO_LARGE)
    assert result.status == 200
    assert server.paths().count("/") == 1


def test_slow_body_ends_at_the_deadline(server: Server) -> None:
    server.answers["/"] = dripping(server, headers=False)
    result = failed(make_fetcher(server, limits=replace(LIMITS, tries=1)).fetch(server.url("/")), Fault.TIMEOUT)
    assert result.status == 200


def test_slow_headers_end_at_the_deadline(server: Server) -> None:
    server.answers["/"] = dripping(server, headers=True)
    result = failed(make_fetcher(server, limits=replace(LIMITS, tries=1)).fetch(server.url("/")), Fault.TIMEOUT)
    assert result.hops == (Hop(server.url("/"), 0),)


def test_silence_is_tried_again(server: Server, fetcher: Fetcher) -> None:
    server.answers["/"] = in_turn(silent(server), reply())
    assert answered(fetcher.fetch(server.url("/"))).body == PAGE


@pytest.mark.parametrize("encoding", ["gzip", "x-gzip", "GZIP", "deflate"])
def test_gzip_bomb_is_counted_unpacked(server: Server, fetcher: Fetcher, encoding: str) -> None:
    packed = bomb(100_000_000)
    assert len(packed) < LIMITS.size
    server.answers["/"] = reply(packed, Content_Encoding=encoding)
    failed(fetcher.fetch(server.url("/")), Fault.TOO_LARGE)


@pytest.mark.parametrize("encoding", ["gzip, gzip", "br", "zstd"])
def test_an_encoding_that_was_not_asked_for(server: Server, fetcher: Fetcher, encoding: str) -> None:
    server.answers["/"] = reply(gzip.compress(bomb(10_000_000)), Content_Encoding=encoding)
    failed(fetcher.fetch(server.url("/")), Fault.BAD_ANSWER)


def test_packed_bodies_are_unpacked(server: Server, fetcher: Fetcher) -> None:
    raw = zlib.compressobj(wbits=-15)
    server.answers |= {
        "/gzip": reply(gzip.compress(PAGE), Content_Encoding="gzip"),
        "/parts": reply(gzip.compress(PAGE[:50]) + gzip.compress(PAGE[50:]) + bytes(8), Content_Encoding="gzip"),
        "/deflate": reply(zlib.compress(PAGE), Content_Encoding="deflate"),
        "/raw": reply(raw.compress(PAGE) + raw.flush(), Content_Encoding="deflate"),
    }
    for path in ("/gzip", "/parts", "/deflate", "/raw"):
        assert answered(fetcher.fetch(server.url(path))).body == PAGE


@pytest.mark.parametrize(
    "answer",
    [
        reply(PAGE, length=len(PAGE) + 500),
        reply(gzip.compress(PAGE * 50)[:-40], Content_Encoding="gzip"),
        lambda asked, send: send(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n10\r\nonly ten"),
    ],
    ids=["shorter than announced", "packed", "chunked"],
)
def test_truncated_body_is_no_text(server: Server, fetcher: Fetcher, answer: object) -> None:
    server.answers["/"] = answer
    failed(fetcher.fetch(server.url("/")), Fault.TRUNCATED)
    assert server.paths().count("/") == LIMITS.tries


def test_header_bomb_is_refused(server: Server, fetcher: Fetcher) -> None:
    server.answers["/"] = reply(X_Bomb="x" * 2_000_000)
    failed(fetcher.fetch(server.url("/")), Fault.BAD_ANSWER)


@pytest.mark.parametrize(
    "data", [b"", b"hello\r\n\r\n", b"\x00\xff" * 100, b"HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n"]
)
def test_what_is_no_http_is_said_so(server: Server, fetcher: Fetcher, data: bytes) -> None:
    server.answers["/"] = lambda asked, send: send(data)
    failed(fetcher.fetch(server.url("/")), Fault.BAD_ANSWER if data else Fault.CONNECTION)


# Statuses


def test_429_is_waited_for(server: Server, fetcher: Fetcher) -> None:
    server.answers["/"] = in_turn(reply(b"", status="429 Too Many Requests", Retry_After="1"), reply())
    assert answered(fetcher.fetch(server.url("/"))).status == 200


def test_429_with_a_long_wait_says_until_when(server: Server, fetcher: Fetcher) -> None:
    moment = datetime.now(UTC).replace(microsecond=0) + timedelta(hours=2)
    server.answers["/"] = reply(b"", status="429 Too Many Requests", Retry_After=format_datetime(moment, usegmt=True))
    result = failed(fetcher.fetch(server.url("/")), Fault.RATE_LIMITED)
    assert server.paths().count("/") == 1
    assert result.wait_until is not None
    assert abs(result.wait_until - moment) < timedelta(seconds=1)
    assert "wait until" in result.reason


def test_429_for_ever_ends(server: Server, fetcher: Fetcher) -> None:
    server.answers["/"] = reply(b"", status="429 Too Many Requests")
    assert failed(fetcher.fetch(server.url("/")), Fault.RATE_LIMITED).wait_until is None
    assert server.paths().count("/") == LIMITS.tries


def test_500s_then_success(server: Server, fetcher: Fetcher) -> None:
    broken = reply(b"oops", status="500 Internal Server Error")
    server.answers["/"] = in_turn(broken, broken, reply())
    assert answered(fetcher.fetch(server.url("/"))).body == PAGE


def test_500s_for_ever(server: Server, fetcher: Fetcher) -> None:
    server.answers["/"] = reply(b"oops", status="503 Service Unavailable")
    result = failed(fetcher.fetch(server.url("/")), Fault.HTTP_ERROR)
    assert result.status == 503
    assert server.paths().count("/") == LIMITS.tries


@pytest.mark.parametrize("status", ["404 Not Found", "403 Forbidden", "410 Gone", "204 No Content", "304 Not Modified"])
def test_other_statuses_are_not_tried_again(server: Server, fetcher: Fetcher, status: str) -> None:
    server.answers["/"] = reply(b"", status=status)
    assert failed(fetcher.fetch(server.url("/")), Fault.HTTP_ERROR).status == int(status[:3])
    assert server.paths().count("/") == 1


def test_a_login_wall_with_status_200_is_an_answer_with_its_way(server: Server, fetcher: Fetcher) -> None:
    """Whether it is a policy is for the gate to say; the redirect that led there is part of the facts."""
    wall = b"<html><title>Log in</title><body><h1>Log in to continue</h1></body></html>"
    server.answers |= {"/terms": moved("/login?next=/terms"), "/login?next=/terms": reply(wall)}
    result = answered(fetcher.fetch(server.url("/terms")))
    assert (result.asked, result.final, result.body) == (server.url("/terms"), server.url("/login?next=/terms"), wall)


def test_not_modified(server: Server, fetcher: Fetcher) -> None:
    server.answers["/"] = reply(b"", status="304 Not Modified")
    result = answered(fetcher.fetch(server.url("/"), etag='W/"é"', last_modified="Sat, 21 Nov 2026 10:01:00 GMT"))
    assert result.not_modified
    assert server.asked[-1].headers["if-none-match"].startswith('W/"')
    assert server.asked[-1].headers["if-modified-since"] == "Sat, 21 Nov 2026 10:01:00 GMT"
