"""How hosts are treated: one request at a time each, a pause between two, and patience when they ask for it."""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections.abc import Callable, Hashable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import tenacity

from platforms.capture.responses import Failure, Fault, Result, Tool
from platforms.capture.robots import Rules

logger = logging.getLogger(__name__)

_PASSING = frozenset(
    {Fault.TIMEOUT, Fault.CONNECTION, Fault.DNS, Fault.TRUNCATED, Fault.BAD_ANSWER, Fault.RATE_LIMITED}
)
# A host that shows one of these twice in a row is left alone for the rest of the run.
_WHOLE_HOST = frozenset({Fault.TIMEOUT, Fault.CONNECTION, Fault.DNS, Fault.TLS, Fault.ROBOTS_UNREADABLE})
_LONGEST_WAIT = 366 * 86_400.0  # seconds; what a server asks for beyond a year is taken as a year


@dataclass(frozen=True, slots=True)
class Visit:
    """One document to ask for; `key` is the caller's own name for it.

    `etag` and `last_modified` are those of the last response, where the server may answer "not modified".
    """

    key: Hashable
    address: str
    etag: str = ""
    last_modified: str = ""
    language: str = ""


@dataclass(slots=True)
class Host:
    """What is known of one host in this run."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    free_at: float = 0.0  # monotonic seconds before which it is not asked again
    pause: float = 0.0
    rules: dict[str, Rules] = field(default_factory=dict)
    rules_lock: threading.Lock = field(default_factory=threading.Lock)


class Manners:
    """The hosts of one run. `pause` is the number of seconds between two requests to the same host."""

    def __init__(self, pause: float) -> None:
        self.pause = pause
        self.over = threading.Event()
        self._hosts: dict[str, Host] = {}
        self._lock = threading.Lock()

    def host(self, name: str) -> Host:
        with self._lock:
            return self._hosts.setdefault(name, Host(pause=self.pause))

    @contextmanager
    def turn(self, name: str) -> Iterator[None]:
        """Wait until the host is free, and keep it until the request is over."""
        host = self.host(name)
        with host.lock:
            self.wait(host.free_at - time.monotonic())
            try:
                yield
            finally:
                host.free_at = time.monotonic() + host.pause

    def wait(self, seconds: float) -> None:
        """Pause, or not once the run is over."""
        if seconds > 0:
            self.over.wait(seconds)


def retry_after(value: str, now: datetime) -> float:
    """The seconds that a Retry-After header asks for, given as a number or a date; 0 where it says nothing."""
    try:
        if value.strip().isascii() and value.strip().isdigit():
            seconds = float(value)
        else:
            moment = parsedate_to_datetime(value)
            seconds = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() - now.timestamp()
    except (ValueError, TypeError, OverflowError):
        return 0.0
    return min(max(seconds, 0.0), _LONGEST_WAIT)


def persist(ask: Callable[[], Result], *, tries: int, longest: float, first: float, manners: Manners) -> Result:
    """Ask again after faults that may pass, each time a little later; the last answer counts.

    A server that names a wait gets it when it is at most `longest` seconds; otherwise it is not asked again.
    `first` is the first pause in seconds.
    """

    def passing(result: Result) -> bool:
        if not isinstance(result, Failure) or result.wait > longest:
            return False
        return result.fault in _PASSING or (result.fault is Fault.HTTP_ERROR and result.status >= 500)

    backing_off = tenacity.wait_exponential_jitter(multiplier=first, max=longest, jitter=first / 2)

    def pause(state: tenacity.RetryCallState) -> float:
        told = state.outcome.result().wait if state.outcome else 0.0
        return max(float(told), backing_off(state) if told == 0.0 else 0.0)

    return tenacity.Retrying(
        stop=tenacity.stop_after_attempt(tries) | tenacity.stop_when_event_set(manners.over),
        wait=pause,
        sleep=manners.wait,
        retry=tenacity.retry_if_result(passing),
        retry_error_callback=lambda state: state.outcome.result() if state.outcome else None,
    )(ask)


def visit(
    visits: Iterable[Visit], ask: Callable[[Visit], Result], host_of: Callable[[str], str], manners: Manners, hosts: int
) -> Iterator[tuple[Visit, Result]]:
    """Ask for documents, `hosts` hosts side by side, each host's one after the other; results as they come.

    Every visit gives exactly one result. Leaving the iterator early ends the run.
    """
    rows: dict[str, list[Visit]] = {}
    for one in visits:
        rows.setdefault(host_of(one.address), []).append(one)
    done: queue.SimpleQueue[tuple[Visit, Result]] = queue.SimpleQueue()
    pool = ThreadPoolExecutor(max_workers=max(1, hosts), thread_name_prefix="capture")
    try:
        for row in rows.values():
            pool.submit(_visit_row, row, ask, done, manners)
        for _ in range(sum(map(len, rows.values()))):
            yield done.get()
    finally:
        manners.over.set()
        pool.shutdown(cancel_futures=True)


def _visit_row(
    row: list[Visit],
    ask: Callable[[Visit], Result],
    done: queue.SimpleQueue[tuple[Visit, Result]],
    manners: Manners,
) -> None:
    """All visits of one host. After two faults of the host as a whole the rest is not tried."""
    last: list[Failure] = []
    for one in row:
        if manners.over.is_set():
            return
        closed = _closed(last)
        result = _not_asked(one, closed) if closed else ask_safely(one, ask)
        done.put((one, result))
        if isinstance(result, Failure) and not closed:
            last = [*last[-1:], result]
        elif not closed:
            last = []


def ask_safely(one: Visit, ask: Callable[[Visit], Result]) -> Result:
    """A fault of our own costs one document, not the run."""
    try:
        return ask(one)
    except Exception as error:
        logger.exception("capture of %s", one.address)
        reason = f"{one.address} could not be captured: {type(error).__name__}, a fault of this program; see its log."
        return Failure(one.address, Fault.UNEXPECTED, reason, datetime.now(UTC), 0.0, Tool("", ""))


def _closed(last: list[Failure]) -> Failure | None:
    """The failure for which a host is left alone, if the last ones give reason to."""
    if not last:
        return None
    if last[-1].wait_until and last[-1].wait_until > datetime.now(UTC):
        return last[-1]
    whole = len(last) == 2 and all(failure.fault in _WHOLE_HOST for failure in last)
    return last[-1] if whole else None


def _not_asked(one: Visit, failure: Failure) -> Failure:
    reason = f"{one.address} was not asked: its host failed just before. {failure.reason}"
    blank = replace(failure, asked=one.address, reason=reason, final="", hops=(), status=0, headers=())
    return replace(blank, fetched_at=datetime.now(UTC), elapsed=0.0)


def later(seconds: float, now: datetime) -> datetime | None:
    """The moment until which to wait, None when nothing was asked for."""
    return now + timedelta(seconds=seconds) if seconds else None
