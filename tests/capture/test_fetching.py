"""A server may do what it likes: nothing hangs, nothing is lost, and nothing inside is asked."""

import gzip
import socket
import ssl
import subprocess
import zlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from platforms.capture.fetching import Fetcher, user_agent
from platforms.capture.manners import Visit, retry_after
from platforms.capture.responses import Failure, Fault, Hop, Response, Result

from .conftest import LIMITS, make_fetcher
from .server import PAGE, Server, bomb, dripping, endless, in_turn, moved, reply, silent


def answered(result: Result) -> Response:
    assert isinstance(result, Response), result
    return result


def failed(result: Result, fault: Fault) -> Failure:
    assert isinstance(result, Failure), result
    assert result.fault is fault, result
    assert result.reason.endswith(".")
    assert "\n" not in result.reason
    return result


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


# Redirects


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


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120),
        ("0", 0),
        ("-5", 0),
        ("soon", 0),
        ("", 0),
        ("9" * 400, 366 * 86_400),
        ("²", 0),
        ("1e3", 0),
        ("Sat, 21 Nov 2026 10:01:00 GMT", 60),
        ("Sat, 21 Nov 2020 10:01:00 GMT", 0),
        ("Sat, 99 Nov 2026 10:01:00 GMT", 0),
    ],
)
def test_retry_after_is_read(value: str, seconds: float) -> None:
    assert retry_after(value, datetime(2026, 11, 21, 10, 0, tzinfo=UTC)) == seconds


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


# robots.txt


def test_robots_txt_is_obeyed_and_asked_once(server: Server, fetcher: Fetcher) -> None:
    server.answers |= {
        "/robots.txt": reply(b"User-agent: ConductAtlas\nDisallow: /private\n\nUser-agent: *\nDisallow: /\n"),
        "/private/terms": reply(),
        "/terms": reply(),
    }
    failed(fetcher.fetch(server.url("/private/terms")), Fault.ROBOTS)
    assert answered(fetcher.fetch(server.url("/terms"))).status == 200
    assert server.paths() == ["/robots.txt", "/terms"]


def test_robots_txt_holds_behind_a_redirect(server: Server, fetcher: Fetcher) -> None:
    server.answers |= {"/robots.txt": reply(b"User-agent: *\nDisallow: /secret\n"), "/": moved("/secret")}
    failed(fetcher.fetch(server.url("/")), Fault.ROBOTS)
    assert "/secret" not in server.paths()


@pytest.mark.parametrize("status", ["404 Not Found", "401 Unauthorized", "403 Forbidden"])
def test_robots_txt_with_4xx_allows_all(server: Server, fetcher: Fetcher, status: str) -> None:
    server.answers |= {"/robots.txt": reply(b"", status=status), "/": reply()}
    answered(fetcher.fetch(server.url("/")))


def test_robots_txt_with_500_means_not_now(server: Server, fetcher: Fetcher) -> None:
    server.answers |= {"/robots.txt": reply(b"", status="500 Internal Server Error"), "/": reply()}
    failed(fetcher.fetch(server.url("/")), Fault.ROBOTS_UNREADABLE)
    assert "/" not in server.paths()


def test_robots_txt_that_redirects_inside_is_not_followed(server: Server, fetcher: Fetcher) -> None:
    server.answers |= {"/robots.txt": moved("http://169.254.169.254/robots.txt"), "/": reply()}
    failed(fetcher.fetch(server.url("/")), Fault.REFUSED_ADDRESS)


def test_crawl_delay_is_honoured_up_to_a_bound(server: Server, fetcher: Fetcher) -> None:
    server.answers |= {"/robots.txt": reply(b"User-agent: *\nCrawl-delay: 3600\n"), "/": reply()}
    answered(fetcher.fetch(server.url("/")))
    assert fetcher.manners.host("127.0.0.1").pause == LIMITS.crawl_delay


# TLS and names


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


# Many documents


def test_a_host_is_asked_one_request_at_a_time(server: Server) -> None:
    paths = [f"/{number}" for number in range(8)]
    for path in paths:
        server.answers[path] = reply()
    results = list(make_fetcher(server).visit([Visit(path, server.url(path)) for path in paths]))
    assert sorted(visit.key for visit, _ in results) == sorted(paths)
    assert all(isinstance(result, Response) for _, result in results)
    assert server.at_once == 1


def test_hosts_are_asked_side_by_side_and_a_failing_one_blocks_none(server: Server) -> None:
    names = ["slow.example", "good.example"]
    fetcher = make_fetcher(server, limits=replace(LIMITS, tries=1), resolve=lambda host, port: ["127.0.0.1"])
    fetcher.guard.private = frozenset(f"{name}:{server.port}" for name in names)
    server.answers |= {"/slow": silent(server), "/good": reply()}
    visits = [Visit(f"slow {n}", f"http://slow.example:{server.port}/slow") for n in range(4)]
    visits += [Visit("good", f"http://good.example:{server.port}/good"), Visit("bad", "nonsense")]
    results = {visit.key: result for visit, result in fetcher.visit(visits, hosts=2)}
    assert set(results) == {visit.key for visit in visits}, "nothing is lost"
    answered(results["good"])
    failed(results["bad"], Fault.BAD_ADDRESS)
    for number in range(4):
        failed(results[f"slow {number}"], Fault.TIMEOUT)
    assert server.paths().count("/slow") == 2, "left alone after two faults"
    assert "was not asked" in results["slow 3"].reason


def test_a_host_that_asks_to_wait_is_left_alone(server: Server, fetcher: Fetcher) -> None:
    server.answers |= {"/1": reply(b"", status="429 Too Many", Retry_After="3600"), "/2": reply()}
    results = [result for _, result in fetcher.visit([Visit(path, server.url(path)) for path in ("/1", "/2")])]
    assert [failed(result, Fault.RATE_LIMITED).wait_until is not None for result in results] == [True, True]
    assert "/2" not in server.paths()


def test_a_fault_of_our_own_costs_one_document(
    server: Server, fetcher: Fetcher, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    server.answers["/good"] = reply()
    original = Fetcher.fetch

    def fetch(self: Fetcher, address: str, **given: str) -> Result:
        if address.endswith("/odd"):
            raise RuntimeError("a mistake")
        return original(self, address, **given)

    monkeypatch.setattr(Fetcher, "fetch", fetch)
    visits = [Visit(path, server.url(path)) for path in ("/odd", "/good")]
    results = {visit.key: result for visit, result in fetcher.visit(visits)}
    failed(results["/odd"], Fault.UNEXPECTED)
    answered(results["/good"])
    assert "a mistake" in caplog.text


def test_leaving_early_ends_the_run(server: Server, fetcher: Fetcher) -> None:
    for number in range(50):
        server.answers[f"/{number}"] = reply()
    for _ in fetcher.visit([Visit(number, server.url(f"/{number}")) for number in range(50)]):
        break
    assert len(server.asked) < 51
