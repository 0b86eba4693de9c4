"""Asks the web for documents: within limits, guarded, politely, and with every fact of the answer kept.

What a server does never raises: it gives a `Response` or a `Failure`.
"""

from __future__ import annotations

import ssl
import time
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache

import httpx

from platforms.capture import manners, robots
from platforms.capture.guarding import Guard, Resolve, Target, host_of, place, read
from platforms.capture.manners import Manners, Visit
from platforms.capture.pinning import Deadline, PinnedTransport
from platforms.capture.responses import Failure, Fault, Hop, Response, Result, Stopped, Tool, header
from platforms.capture.unpacking import ACCEPTED, read_body

_MOVED = frozenset({301, 302, 303, 307, 308})
_TYPES = "text/html,application/xhtml+xml,application/pdf,text/markdown,text/plain;q=0.9,*/*;q=0.5"
Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Limits:
    """What one request may cost. Times are in seconds, `size` in bytes of the unpacked body."""

    connect: float = 10.0
    read: float = 20.0
    total: float = 60.0  # one request from the look-up to the last byte
    size: int = 20_000_000
    redirects: int = 10
    tries: int = 4
    back_off: float = 2.0  # before the second try; doubled each time
    wait: float = 60.0  # the longest Retry-After that is waited for
    pause: float = 2.0  # between two requests to one host
    crawl_delay: float = 30.0  # the longest pause that robots.txt gets


@dataclass(slots=True)
class _Journey:
    """One try: from the address asked, over all redirects, to an answer."""

    asked: str
    at: datetime = field(default_factory=lambda: datetime.now(UTC))
    elapsed: float = 0.0
    final: str = ""
    hops: list[Hop] = field(default_factory=list)
    status: int = 0
    headers: Headers = ()
    cookies: httpx.Cookies = field(default_factory=httpx.Cookies)


@cache
def _usual_trust() -> ssl.SSLContext:
    """In the authorities that come with Python's packages: reading them takes long beside a request."""
    return httpx.create_ssl_context(trust_env=False)


class Fetcher:
    """One run of asking. Threads may share it.

    `agent` is the User-Agent header, see `user_agent`. `private` are places such as "127.0.0.1:8000" that may be asked
    though they are not public; `context` is the trust in TLS certificates, the usual authorities if left out.
    """

    def __init__(
        self,
        agent: str,
        version: str,
        *,
        limits: Limits | None = None,
        private: Collection[str] = (),
        resolve: Resolve | None = None,
        context: ssl.SSLContext | None = None,
    ) -> None:
        self.agent = agent
        self.tool = Tool(robots.PRODUCT, version)
        self.limits = limits or Limits()
        self.guard = Guard(private=private, resolve=resolve)
        self.manners = Manners(self.limits.pause)
        self.context = context or _usual_trust()

    def visit(self, visits: Iterable[Visit], *, hosts: int = 8) -> Iterator[tuple[Visit, Result]]:
        """Fetch documents, hosts side by side; each visit with its result, as they come. Ends the run."""
        return manners.visit(visits, self._fetch_visit, _host_of, self.manners, hosts)

    def fetch(
        self, address: str, *, etag: str = "", last_modified: str = "", language: str = "", chosen: bool = True
    ) -> Result:
        """Fetch one document. `language` is the one asked for, as in "en"; "" leaves the choice to the server.

        `chosen` says that a person chose the address, and with it the port.
        """
        conditions = {"If-None-Match": etag, "If-Modified-Since": last_modified, "Accept-Language": language}
        extra = {name: value for name, value in conditions.items() if value}
        return self._persist(address, extra, obeying=True, chosen=chosen)

    def ask(self, method: str, address: str, headers: Mapping[str, str], content: bytes = b"") -> Result:
        """One try without robots.txt and pause, for what a page loads in a browser: a page chooses no ports."""
        return self._try(method, address, headers, content, obeying=False, pause=False, chosen=False)

    def allowed(self, address: str) -> None:
        """Raises Stopped when robots.txt forbids the address, or when it cannot be read now."""
        url = read(address)
        rules = self._rules(url)
        if rules.closed:
            closed = rules.closed
            fault = closed.fault
            if fault in {Fault.HTTP_ERROR, Fault.BAD_ANSWER, Fault.TRUNCATED}:
                fault = Fault.ROBOTS_UNREADABLE
            raise Stopped(fault, f"{url.host} is not asked now: its robots.txt could not be read. {closed.reason}")
        if not rules.allows(str(url)):
            raise Stopped(Fault.ROBOTS, f"The robots.txt of {url.host} does not allow to ask for {url.path}.")

    def _fetch_visit(self, one: Visit) -> Result:
        return self.fetch(one.address, etag=one.etag, last_modified=one.last_modified, language=one.language)

    def _persist(self, address: str, headers: Mapping[str, str], *, obeying: bool, chosen: bool = True) -> Result:
        return manners.persist(
            lambda: self._try("GET", address, headers, obeying=obeying, chosen=chosen),
            tries=self.limits.tries,
            longest=self.limits.wait,
            first=self.limits.back_off,
            manners=self.manners,
        )

    def _rules(self, url: httpx.URL) -> robots.Rules:
        """The robots.txt of a place, asked once in a run."""
        host, origin = self.manners.host(host_of(url)), f"{url.scheme}://{place(url)}"
        with host.rules_lock:
            if origin not in host.rules:
                rules = robots.rules_of(self._persist(robots.address_of(str(url)), {}, obeying=False))
                host.rules[origin] = rules
                host.pause = max(host.pause, min(rules.pause, self.limits.crawl_delay))
            return host.rules[origin]

    def _try(
        self,
        method: str,
        address: str,
        headers: Mapping[str, str],
        content: bytes = b"",
        *,
        obeying: bool,
        pause: bool = True,
        chosen: bool = True,
    ) -> Result:
        journey = _Journey(address)
        try:
            return self._travel(journey, method, headers, content, obeying=obeying, pause=pause, chosen=chosen)
        except Stopped as stopped:
            return self._failure(journey, stopped)

    def _travel(
        self,
        journey: _Journey,
        method: str,
        headers: Mapping[str, str],
        content: bytes,
        *,
        obeying: bool,
        pause: bool,
        chosen: bool,
    ) -> Response:
        url = read(journey.asked)
        ports = {place(url)} if chosen else set()
        for _ in range(self.limits.redirects + 1):
            journey.final = str(url)
            target = self.guard.check(url, ports=ports, seconds=self.limits.connect)
            if obeying:
                self.allowed(str(url))
            body = self._request(journey, target, method, headers, content, pause=pause)
            location = header(journey.headers, "Location")
            if journey.status not in _MOVED or not location:
                conditional = not {"If-None-Match", "If-Modified-Since"}.isdisjoint(headers)
                return self._response(journey, body, conditional=conditional)
            if journey.status == 303 or (method == "POST" and journey.status in {301, 302}):
                method, content = "GET", b""
            url = _joined(url, location)
        raise Stopped(Fault.TOO_MANY_REDIRECTS, f"{journey.asked} redirects more than {self.limits.redirects} times.")

    def _request(
        self, journey: _Journey, target: Target, method: str, headers: Mapping[str, str], content: bytes, *, pause: bool
    ) -> bytes:
        """One request and its answer, which the journey notes. Raises Stopped."""
        hop = len(journey.hops)
        journey.hops.append(Hop(str(target.url), 0))
        journey.status, journey.headers = 0, ()
        ours = {"User-Agent": self.agent, "Accept-Encoding": ACCEPTED, "Connection": "close"}
        sent = [(name.encode(), value.encode()) for name, value in {"Accept": _TYPES, **headers, **ours}.items()]
        request = httpx.Request(method, target.url, headers=sent, content=content or None)
        journey.cookies.set_cookie_header(request)
        with self.manners.turn(target.host) if pause else nullcontext():
            began = time.monotonic()
            try:
                return self._exchange(journey, hop, target, request)
            except (httpx.HTTPError, httpx.InvalidURL) as error:
                raise _stopped(error, target.host) from error
            finally:
                journey.elapsed += time.monotonic() - began

    def _exchange(self, journey: _Journey, hop: int, target: Target, request: httpx.Request) -> bytes:
        limits = self.limits
        wait = httpx.Timeout(limits.read, connect=limits.connect)
        request.extensions = {"timeout": wait.as_dict()}
        with PinnedTransport(target, Deadline(limits.total), self.context) as transport:
            answer = transport.handle_request(request)
            answer.request = request
            try:
                journey.status, journey.headers = answer.status_code, tuple(answer.headers.multi_items())
                journey.hops[hop] = Hop(str(target.url), answer.status_code)
                journey.cookies.extract_cookies(answer)
                if answer.status_code != 200:
                    return b""
                return read_body(answer.iter_raw(), answer.headers.get("Content-Encoding", ""), limits.size)
            finally:
                answer.close()

    def _response(self, journey: _Journey, body: bytes, *, conditional: bool) -> Response:
        if journey.status == 200 or (journey.status == 304 and conditional):
            return Response(
                journey.asked,
                journey.final,
                tuple(journey.hops),
                journey.status,
                journey.headers,
                body,
                journey.at,
                journey.elapsed,
                self.tool,
            )
        if journey.status == 429:
            raise Stopped(Fault.RATE_LIMITED, f"{journey.final} answers that it is asked too often (429).")
        raise Stopped(Fault.HTTP_ERROR, f"{journey.final} answers with HTTP status {journey.status}.")

    def _failure(self, journey: _Journey, stopped: Stopped) -> Failure:
        now = datetime.now(UTC)
        told = header(journey.headers, "Retry-After") if journey.status in {429, 503} else ""
        wait = manners.retry_after(told, now)
        until = manners.later(wait, now)
        reason = stopped.reason
        if until:
            reason = f"{reason} It asks to wait until {until:%Y-%m-%d %H:%M:%S} UTC."
        return Failure(
            journey.asked,
            stopped.fault,
            reason,
            journey.at,
            journey.elapsed,
            self.tool,
            journey.final,
            tuple(journey.hops),
            journey.status,
            journey.headers,
            until,
            wait,
        )


def user_agent(version: str, contact: str) -> str:
    """The User-Agent header: who asks, and where to read about it or complain."""
    return f"{robots.PRODUCT}/{version} (+{contact})"


def _joined(url: httpx.URL, location: str) -> httpx.URL:
    try:
        return read(str(url.join(location)))
    except (httpx.InvalidURL, ValueError) as error:
        raise Stopped(Fault.BAD_ADDRESS, f"{url} redirects to {location[:200]!r}, which is no address.") from error
    except Stopped as stopped:
        raise Stopped(stopped.fault, f"{url} redirects elsewhere. {stopped.reason}") from stopped


def _host_of(address: str) -> str:
    try:
        return host_of(read(address))
    except Stopped:
        return ""


def _stopped(error: httpx.HTTPError | httpx.InvalidURL, host: str) -> Stopped:
    """What an error of the connection means, in one line."""
    if isinstance(error, httpx.TimeoutException):
        return Stopped(Fault.TIMEOUT, f"{host} did not answer in time.")
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLError):
            return Stopped(Fault.TLS, f"The encrypted connection to {host} failed: {cause.reason or cause}.")
        cause = cause.__cause__ or cause.__context__
    if isinstance(error, httpx.RemoteProtocolError):
        if "complete message body" in str(error):
            return Stopped(Fault.TRUNCATED, f"{host} ended the body before its announced end.")
        if "disconnected" not in str(error):
            return Stopped(Fault.BAD_ANSWER, f"{host} does not answer as HTTP says: {error}.")
    if isinstance(error, httpx.NetworkError | httpx.RemoteProtocolError):
        return Stopped(Fault.CONNECTION, f"The connection to {host} failed: {error or type(error).__name__}.")
    return Stopped(Fault.BAD_ANSWER, f"{host} cannot be asked: {error or type(error).__name__}.")
