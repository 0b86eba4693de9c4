"""What an address answered, or why there is no answer: the facts of one look, kept as they came."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Fault(StrEnum):
    """Why there is no text. The first group is found while asking, the second while reading what came."""

    BAD_ADDRESS = "bad_address"  # not an http(s) address that may be asked
    REFUSED_ADDRESS = "refused_address"  # leads into a private network, or to a port that nobody named
    ROBOTS = "robots"  # robots.txt says no
    ROBOTS_UNREADABLE = "robots_unreadable"  # robots.txt could not be read: not now
    DNS = "dns"
    CONNECTION = "connection"
    TLS = "tls"
    TIMEOUT = "timeout"
    TRUNCATED = "truncated"
    TOO_LARGE = "too_large"
    BAD_ANSWER = "bad_answer"  # not HTTP, or an encoding that was not asked for
    TOO_MANY_REDIRECTS = "too_many_redirects"
    RATE_LIMITED = "rate_limited"
    HTTP_ERROR = "http_error"
    UNEXPECTED = "unexpected"  # a fault of our own

    NOT_TEXT = "not_text"
    EMPTY = "empty"
    NEEDS_BROWSER = "needs_browser"
    SELECTOR = "selector"  # a selector is wrong or matches nothing
    TOO_DEEP = "too_deep"
    TOO_COSTLY = "too_costly"  # reading it takes too long, or too much memory
    ENCRYPTED = "encrypted"
    SCANNED = "scanned"
    BROKEN_PDF = "broken_pdf"


@dataclass(frozen=True, slots=True)
class Hop:
    """One request on the way: the address asked and the HTTP status it gave, 0 where none came."""

    address: str
    status: int


@dataclass(frozen=True, slots=True)
class Tool:
    """The program that asked, as a snapshot names it."""

    name: str
    version: str


@dataclass(frozen=True, slots=True)
class Response:
    """An answer with status 200, or 304 where the caller had told what it holds already.

    `body` is what was sent, without its content encoding; `headers` stand in the order in which they came. `hops`
    holds every request made, the last of them for `final`. `copied_at` and `original` are those of a web archive's
    copy. `fetched_at` is in UTC, `elapsed` in seconds and without the polite pauses.
    """

    asked: str
    final: str
    hops: tuple[Hop, ...]
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes = field(repr=False)
    fetched_at: datetime
    elapsed: float
    tool: Tool
    original: str = ""
    copied_at: datetime | None = None

    @property
    def not_modified(self) -> bool:
        """Whether the server says that what the caller holds still stands; then there is no body."""
        return self.status == 304

    def header(self, name: str) -> str:
        return header(self.headers, name)


@dataclass(frozen=True, slots=True)
class Failure:
    """No answer that could be read: the fault, one plain line that says so, and the facts there are until then.

    `wait_until` is the time before which the server does not want to be asked, `wait` the same in seconds.
    """

    asked: str
    fault: Fault
    reason: str
    fetched_at: datetime
    elapsed: float
    tool: Tool
    final: str = ""
    hops: tuple[Hop, ...] = ()
    status: int = 0
    headers: tuple[tuple[str, str], ...] = ()
    wait_until: datetime | None = None
    wait: float = 0.0


Result = Response | Failure


class Stopped(Exception):
    """Raised inside this package where asking ends; `fetching` makes a `Failure` of it."""

    def __init__(self, fault: Fault, reason: str) -> None:
        super().__init__(reason)
        self.fault = fault
        self.reason = reason


def header(headers: Sequence[tuple[str, str]], name: str) -> str:
    """The first header of that name, "" where there is none."""
    return next((value for key, value in headers if key.lower() == name.lower()), "")
