"""Pages that only a browser puts together: an optional Chromium that has no way out of its own.

Every request of a page is answered by the guarded fetcher, with the same checks and limits as any capture; what goes
past it (sockets, other protocols) meets a proxy that nobody runs. Playwright is imported only when this is used.
"""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime
from types import TracebackType
from typing import TYPE_CHECKING, Any

from platforms.capture.fetching import Fetcher
from platforms.capture.responses import Failure, Fault, Response, Result, Tool

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Playwright, Route

_UNNEEDED = frozenset({"image", "media", "font", "texttrack", "eventsource", "websocket", "manifest", "ping", "other"})
_OURS = frozenset({"host", "connection", "user-agent", "accept-encoding", "content-length", "cookie", "accept"})
_THEIRS = frozenset({"content-encoding", "content-length", "transfer-encoding", "connection", "set-cookie"})
_REQUESTS = 300  # that one page may make
_QUIET = 5.0  # seconds to wait for the page to fall silent
_GRACE = 30.0  # seconds that Chromium has besides to give the page away, before it is ended
_NO_WAY_OUT = {"server": "http://127.0.0.1:9", "bypass": "<-loopback>"}


class BrowserMissing(RuntimeError):
    """Playwright or Chromium is not there; the message says how to get it."""


def _end(process: int) -> None:
    with suppress(ProcessLookupError):  # it has ended by itself, and nobody has told yet
        os.kill(process, signal.SIGKILL)


class Browsing:
    """Fetches pages through Chromium. A context manager, for one thread.

    `executable_path` names the system's Chromium. Raises BrowserMissing on entry.
    """

    def __init__(self, fetcher: Fetcher, *, executable_path: str = "") -> None:
        self.fetcher = fetcher
        self.executable_path = executable_path

    def __enter__(self) -> Browsing:
        try:
            from playwright.sync_api import Error, sync_playwright
        except ImportError as error:
            raise BrowserMissing("Pages that need a browser need Playwright: pip install playwright.") from error
        self._error = Error
        self._playwright: Playwright = sync_playwright().start()
        try:
            self._launch()
        except Error as error:
            self._playwright.stop()
            named = self.executable_path or "Playwright's own place"
            raise BrowserMissing(
                f"Chromium did not start from {named}: install it (Debian: apt install chromium) and give its path."
            ) from error
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._browser.close()
        self._playwright.stop()

    def _launch(self) -> None:
        self._browser: Browser = self._playwright.chromium.launch(
            executable_path=self.executable_path or None,
            proxy=_NO_WAY_OUT,  # type: ignore[arg-type]
            chromium_sandbox=os.geteuid() != 0,  # Chromium refuses it to root
        )
        session = self._browser.new_browser_cdp_session()
        processes = session.send("SystemInfo.getProcessInfo")["processInfo"]
        session.detach()
        self._process = int(next(one["id"] for one in processes if one["type"] == "browser"))

    @contextmanager
    def _watched(self, seconds: float) -> Iterator[None]:
        """Ends Chromium after so many seconds: a page whose script never rests answers nothing, not even a time-out."""
        watch = threading.Timer(seconds, _end, (self._process,))
        watch.daemon = True
        watch.start()
        try:
            yield
        finally:
            watch.cancel()

    def fetch(self, address: str, *, language: str = "") -> Result:
        """Fetch a document as a browser shows it; what is no page, and every failure, is as the fetcher gives it."""
        first = self.fetcher.fetch(address, language=language)
        if isinstance(first, Failure) or "html" not in first.header("Content-Type").lower():
            return first
        tool = Tool(f"{self.fetcher.tool.name} with Chromium {self._browser.version}", self.fetcher.tool.version)
        journey = _Journey(self.fetcher, first)
        began = time.monotonic()
        # The fetcher may be at its last request when the page's time is over.
        with self._watched(2 * self.fetcher.limits.total + _GRACE):
            try:
                body, final = self._shown(journey, first.final, language)
            except self._error as error:
                reason = f"Chromium could not show {first.final}: {str(error).splitlines()[0][:200]}."
                late = "Timeout" in str(error) or time.monotonic() - began > self.fetcher.limits.total
                return self._failure(first, Fault.TIMEOUT if late else Fault.BAD_ANSWER, reason, tool)
        if len(body) > self.fetcher.limits.size:
            reason = f"{first.final} is longer than {self.fetcher.limits.size / 1_000_000:g} MB in a browser."
            return self._failure(first, Fault.TOO_LARGE, reason, tool)
        headers = [(name, value) for name, value in journey.last.headers if name.lower() != "content-type"]
        return replace(
            first,
            final=final,
            hops=tuple(journey.hops),
            headers=(*headers, ("content-type", "text/html; charset=utf-8")),
            body=body,
            elapsed=first.elapsed + time.monotonic() - began,
            tool=tool,
        )

    def _shown(self, journey: _Journey, address: str, language: str) -> tuple[bytes, str]:
        """The page as it stands when it has loaded and fallen silent, and its address. Raises Playwright's Error."""
        if not self._browser.is_connected():  # an earlier page brought it down
            self._launch()
        context = self._browser.new_context(
            user_agent=self.fetcher.agent,
            locale=language or None,
            service_workers="block",
            accept_downloads=False,
        )
        try:
            context.route("**/*", journey.answer)
            context.route_web_socket("**/*", lambda socket: socket.close())
            page = context.new_page()
            limit = self.fetcher.limits.total * 1_000
            page.goto(address, wait_until="load", timeout=limit)
            with suppress(self._error):  # some pages never fall silent
                page.wait_for_load_state("networkidle", timeout=min(_QUIET * 1_000, limit))
            return page.content().encode("utf-8", "replace"), page.url
        finally:
            context.close()

    def _failure(self, first: Response, fault: Fault, reason: str, tool: Tool) -> Failure:
        at = datetime.now(UTC)
        return Failure(
            first.asked, fault, reason, at, first.elapsed, tool, first.final, first.hops, first.status, first.headers
        )


class _Journey:
    """The requests of one page, each answered by the guarded fetcher."""

    def __init__(self, fetcher: Fetcher, first: Response) -> None:
        self.fetcher = fetcher
        self.last = first
        self.hops = list(first.hops)
        self.count = 0
        self._end = 0.0  # counted from the first request: many slow answers earn a page no more time
        self._waiting: Response | None = first  # fetched already, for the first request

    def answer(self, route: Route) -> None:
        request = route.request
        self.count += 1
        self._end = self._end or time.monotonic() + self.fetcher.limits.total
        if (
            request.resource_type in _UNNEEDED
            or self.count > _REQUESTS
            or time.monotonic() > self._end
            or request.method not in {"GET", "HEAD", "POST"}
        ):
            route.abort()
            return
        result = self._document(request) if self._is_document(request) else self._part(request)
        if isinstance(result, Response):
            headers = {name: value for name, value in result.headers if name.lower() not in _THEIRS}
            route.fulfill(status=result.status, headers=headers, body=result.body)
        elif result.status >= 400:
            route.fulfill(status=result.status, body="")
        else:
            route.abort()

    def _is_document(self, request: Any) -> bool:
        return bool(request.is_navigation_request()) and request.frame.parent_frame is None

    def _document(self, request: Any) -> Result:
        """The page itself, or another one that its script goes on to: then robots.txt counts again."""
        result: Result | None = self._waiting
        self._waiting = None
        if result is None:
            result = self.fetcher.fetch(request.url, chosen=False)
            self.hops += result.hops
        if isinstance(result, Response):
            self.last = result
        return result

    def _part(self, request: Any) -> Result:
        given = request.headers
        headers = {name: value for name, value in given.items() if name.lower() not in _OURS}
        headers["Accept"] = given.get("accept", "*/*")
        return self.fetcher.ask(request.method, request.url, headers, request.post_data_buffer or b"")
