"""A browser that puts a page together, and reaches nothing that the fetcher would not."""

import os
import shutil
import socket
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from conductatlas.bootstrap import CHROMIUM_NAMES
from platforms.capture import browsing
from platforms.capture.browsing import BrowserMissing, Browsing
from platforms.capture.extracting import Extraction, Unreadable, extract
from platforms.capture.fetching import Fetcher
from platforms.capture.responses import Failure, Fault, Response, Result

from .server import Server, dripping, reply

CHROMIUM = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, CHROMIUM_NAMES)), "")
LONG = "You may use the service as these terms say. " * 10
SCRIPTED = (
    """<html><head><title>Terms</title></head><body><div id=root></div><script src=/app.js></script></body></html>"""
)


def in_thread(work: Callable[[], object]) -> object:
    """Playwright keeps an event loop in its thread; other tests may have one in this."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(work).result()


def browse(fetcher: Fetcher, address: str) -> Result:
    if not CHROMIUM:
        advice = "Chromium is missing: install it (on Debian: apt install chromium) or set CHROMIUM to its path."
        if os.environ.get("CI"):
            pytest.fail(advice)
        pytest.skip(advice)

    def work() -> Result:
        with Browsing(fetcher, executable_path=CHROMIUM) as browsing:
            return browsing.fetch(address, language="en")

    result = in_thread(work)
    assert isinstance(result, Response | Failure)
    return result


@pytest.mark.browser
def test_a_page_made_by_scripts_is_read(server: Server, fetcher: Fetcher) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        other.settimeout(0.05)
        inside = f"127.0.0.1:{other.getsockname()[1]}"
        script = (
            "fetch('/text.json', {method: 'POST', body: '{}'}).then(r => r.json()).then(async data => {"
            f"  for (const url of ['http://{inside}/', 'http://169.254.169.254/', 'http://localhost/'])"
            "    try { await fetch(url, {mode: 'no-cors'}); data.text += ' REACHED ' + url } catch (e) {}"
            f"  try {{ new WebSocket('ws://{inside}/') }} catch (e) {{}}"
            f"  const frame = document.createElement('iframe'); frame.src = 'http://{inside}/frame';"
            "  document.body.append(frame);"
            "  document.getElementById('root').innerHTML = '<h1>Terms</h1><p>' + data.text + '</p>' })"
        )
        server.answers |= {
            "/terms": reply(SCRIPTED.encode()),
            "/app.js": reply(script.encode(), Content_Type="text/javascript"),
            "/text.json": reply(f'{{"text": "{LONG}"}}'.encode(), Content_Type="application/json"),
        }
        plain = fetcher.fetch(server.url("/terms"))
        assert isinstance(plain, Response)
        unread = extract(plain)
        assert isinstance(unread, Unreadable)
        assert unread.fault is Fault.NEEDS_BROWSER

        result = browse(fetcher, server.url("/terms"))
        assert isinstance(result, Response), result
        with pytest.raises(TimeoutError):
            other.accept()
    found = extract(result)
    assert isinstance(found, Extraction), found
    assert found.markdown.startswith("Terms\n=====\n")
    assert found.markdown.count("as these terms say") == 10
    assert "REACHED" not in found.markdown
    assert (result.final, result.status) == (server.url("/terms"), 200)
    assert "Chromium" in result.tool.name
    assert server.asked[-1].headers["user-agent"].startswith("ConductAtlas/")


@pytest.mark.browser
def test_what_the_fetcher_refuses_opens_no_page(fetcher: Fetcher) -> None:
    result = browse(fetcher, "http://169.254.169.254/")
    assert isinstance(result, Failure)
    assert result.fault is Fault.REFUSED_ADDRESS


@pytest.mark.browser
def test_a_missing_browser_is_named(fetcher: Fetcher, tmp_path) -> None:
    def work() -> None:
        with Browsing(fetcher, executable_path=str(tmp_path / "chromium")):
            pass

    with pytest.raises(BrowserMissing, match="install"):
        in_thread(work)


def test_missing_playwright_is_named(fetcher: Fetcher, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "playwright.sync_api", None)
    with pytest.raises(BrowserMissing, match="pip install playwright"), Browsing(fetcher):
        pass


@pytest.mark.browser
def test_a_page_whose_script_never_rests_ends_and_the_next_is_read(
    server: Server, fetcher: Fetcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not CHROMIUM:
        pytest.skip("Chromium is missing.")
    monkeypatch.setattr(browsing, "_GRACE", 1.0)
    busy = "<script>addEventListener('load', () => setTimeout(() => { for (;;); }, 0))</script>"
    server.answers["/busy"] = reply(f"<html><body>{LONG}{busy}</body></html>".encode())
    server.answers["/calm"] = reply(f"<html><body>{LONG}</body></html>".encode())

    def work() -> tuple[Result, Result]:
        with Browsing(fetcher, executable_path=CHROMIUM) as one:
            return one.fetch(server.url("/busy")), one.fetch(server.url("/calm"))

    ended, calm = in_thread(work)
    assert isinstance(ended, Failure)
    assert ended.fault is Fault.TIMEOUT
    assert isinstance(calm, Response), calm
    assert LONG.strip() in calm.body.decode()


@pytest.mark.browser
def test_a_page_chooses_no_ports_and_gets_no_time_by_many_slow_parts(server: Server, fetcher: Fetcher) -> None:
    server.answers |= {f"/slow-{number}.js": dripping(server, headers=False) for number in range(30)}
    parts = "".join(f"<script src='/slow-{number}.js'></script>" for number in range(30))
    elsewhere = "<script src='http://example.org:6379/'></script>"
    server.answers["/page"] = reply(f"<html><body>{LONG}{elsewhere}{parts}</body></html>".encode())
    seen: list[str] = []
    asked = fetcher.guard.resolve
    fetcher.guard.resolve = lambda host, port: (seen.append(f"{host}:{port}"), asked(host, port))[1]
    result = browse(fetcher, server.url("/page"))
    assert "example.org:6379" not in seen
    assert isinstance(result, Failure)
    assert result.fault is Fault.TIMEOUT
    assert sum(path.startswith("/slow-") for path in server.paths()) <= 3
