"""A real Chromium against the real pages: one server and one browser for all browser tests of a worker."""

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from django.contrib.auth.models import Group, User
from django.test.testcases import LiveServerThread
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from conductatlas.bootstrap import CHROMIUM_NAMES

ARGUMENTS = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]
LOGIN = ("browser-reviewer", "a password for the browser tests")


def chromium() -> str | None:
    """Where Chromium is: CHROMIUM, or one on the path."""
    named = os.environ.get("CHROMIUM")
    return named or next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = chromium()
    if path is None:
        advice = "Chromium is missing: install it (on Debian: apt install chromium) or set CHROMIUM to its path."
        if os.environ.get("CI"):
            pytest.fail(advice)
        pytest.skip(advice)
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield started
        started.close()


@pytest.fixture(scope="session")
def site(django_db_setup: None, django_db_blocker) -> Iterator[str]:
    """The address of a server on this worker's database, with a reviewer who can sign in."""
    with django_db_blocker.unblock():
        User.objects.filter(username=LOGIN[0]).delete()  # of the last run, with --reuse-db
        user = User.objects.create_user(LOGIN[0], password=LOGIN[1], is_staff=True)
        user.groups.add(Group.objects.get(name="reviewer"))
        server = LiveServerThread("127.0.0.1", lambda site: site)  # which serves its own static files
        server.daemon = True
        server.start()
        server.is_ready.wait()
        if server.error:
            raise server.error
        yield f"http://127.0.0.1:{server.port}"
        server.terminate()


@dataclass
class Visit:
    """A visitor's window: `open` goes to a page of the site; `complaints` holds what the console, or a foreign
    request, said.
    """

    page: Page
    site: str
    complaints: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("console", lambda message: self._heard(message.type, message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", lambda request: self._asked(request.url))

    def _heard(self, kind: str, text: str) -> None:
        if kind in {"error", "warning"}:
            self.complaints.append(text)

    def _asked(self, url: str) -> None:
        if not url.startswith((self.site, "data:", "blob:")):
            self.complaints.append(f"asked another host: {url}")

    def open(self, path: str) -> Page:
        self.page.goto(f"{self.site}{path}")
        return self.page


@pytest.fixture
def visit(browser: Browser, site: str, db: None):
    """Makes visitors: visit(width=390, dark=True, javascript=False)."""
    contexts: list[BrowserContext] = []

    def make(*, width: int = 1280, dark: bool = False, javascript: bool = True) -> Visit:
        context = browser.new_context(
            viewport={"width": width, "height": 800 if width > 600 else 844},
            color_scheme="dark" if dark else "light",
            java_script_enabled=javascript,
            reduced_motion="reduce",
        )
        contexts.append(context)
        return Visit(context.new_page(), site)

    yield make
    for context in contexts:
        context.close()
