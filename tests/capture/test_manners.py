"""A host is asked as it wishes: by its robots.txt, one request at a time, and not before it says."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from platforms.capture.fetching import Fetcher
from platforms.capture.manners import Visit, retry_after
from platforms.capture.responses import Fault, Response, Result

from .conftest import LIMITS, answered, failed, make_fetcher
from .server import Server, moved, reply, silent


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
