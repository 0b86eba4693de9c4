"""The hostile server, a fetcher with short limits that may ask it and nothing else inside, and what came of asking."""

from collections.abc import Iterator

import pytest

from platforms.capture.fetching import Fetcher, Limits
from platforms.capture.responses import Failure, Fault, Response, Result

from .server import Server

LIMITS = Limits(
    connect=2,
    read=0.6,
    total=1.2,
    size=1_000_000,
    redirects=5,
    tries=3,
    back_off=0.02,
    wait=1.5,
    pause=0.0,
    crawl_delay=0.3,
)


@pytest.fixture
def server() -> Iterator[Server]:
    running = Server()
    yield running
    running.close()


@pytest.fixture
def fetcher(server: Server) -> Fetcher:
    return make_fetcher(server)


def make_fetcher(server: Server, *, limits: Limits = LIMITS, **given: object) -> Fetcher:
    return Fetcher("ConductAtlas/1 (+https://example.org/about)", "1", limits=limits, private=[server.place], **given)


def answered(result: Result) -> Response:
    assert isinstance(result, Response), result
    return result


def failed(result: Result, fault: Fault) -> Failure:
    assert isinstance(result, Failure), result
    assert result.fault is fault, result
    assert result.reason.endswith(".")
    assert "\n" not in result.reason
    return result
