"""Windows of people who work at the desk, on a server that sees what a test has written; all of it is rolled back."""

from collections.abc import Iterator

import pytest
from django.contrib.auth.models import User
from django.core.servers.basehttp import ThreadedWSGIServer
from django.db import connections
from django.test import Client
from django.test.testcases import LiveServerThread

from tests.browser.conftest import Visit


class Server(ThreadedWSGIServer):
    """Leaves the connection alone, which is the test's: Chromium may let go of a request when the test is over."""

    def _close_connections(self) -> None:
        pass


class ServerThread(LiveServerThread):
    server_class = Server


@pytest.fixture
def site(db: None, monkeypatch) -> Iterator[str]:
    """A server that sees what the test has written, which is rolled back afterwards: both use one connection."""
    shared = connections["default"]
    shared.inc_thread_sharing()
    monkeypatch.setattr(shared, "close", lambda: None)  # as the thread does at its end
    server = ServerThread("127.0.0.1", lambda site: site, connections_override={"default": shared})
    server.daemon = True
    server.start()
    server.is_ready.wait()
    if server.error:
        raise server.error
    yield f"http://127.0.0.1:{server.port}"
    server.terminate()
    shared.dec_thread_sharing()


@pytest.fixture
def desk(visit, people, site):
    """Opens windows in which somebody is signed in, an analyst where nobody is named."""

    def opened(person: User | None = None, **how) -> Visit:
        client = Client()
        client.force_login(person or people["analyst"])
        visitor = visit(**how)
        cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": site}
        visitor.page.context.add_cookies([cookie])
        return visitor

    return opened
