"""`manage.py serve`: the whole site from one command, and nothing left behind when it ends.

It starts the database, brings the schema, the static files and what is worked out from texts up to date, loads the
demo catalogue on the very first start, and runs granian as a child. Ctrl-C and SIGTERM stop the web server first, then
the lease on the database is given back.
"""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connections

from conductatlas import collected, postgres
from conductatlas.logins import create_logins, shown_logins
from conductatlas.postgres.server import end_with_parent
from conductatlas.roles import sync_roles
from conductatlas.webserver import HOST, STOP_SECONDS

ANSWER_SECONDS = 60
ENDING_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Command(BaseCommand):
    help = "Serves the site on http://127.0.0.1:8000 with granian; prepares everything it needs first."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--port", default=os.environ.get("PORT") or "8000", help="the port (default: PORT, else 8000)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        port = port_number(options["port"])
        check_port_is_free(port)
        for number in ENDING_SIGNALS:
            # Explicitly: a shell that starts us in the background has had SIGINT ignored.
            signal.signal(number, signal.default_int_handler)
        server: subprocess.Popen[bytes] | None = None
        try:
            self.prepare()
            server = start_web_server(port)
            wait_until_answering(server, port)
            self.welcome(port)
            watch(server)
        except KeyboardInterrupt:
            self.say("Stopping …")
        except postgres.PostgresError as error:
            raise CommandError(str(error)) from None
        finally:
            for number in ENDING_SIGNALS:
                signal.signal(number, signal.SIG_IGN)  # the end takes a moment, and must not be cut short
            if server is not None:
                stop_web_server(server)
            connections.close_all()
            postgres.release()

    def say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()

    def prepare(self) -> None:
        """Database, schema, static files; on a local machine also roles, demo catalogue and logins."""
        postgres.ensure()
        if os.environ.get("DATABASE_URL"):
            postgres.wait_until_reachable(os.environ["DATABASE_URL"])
        call_command("migrate", verbosity=0, interactive=False)
        collected.bring_up_to_date()
        self.derive_what_is_outdated()
        if settings.PRODUCTION:
            return
        self.load_demo_catalogue()
        sync_roles()
        self.logins = create_logins(settings.DATA_DIR / "passwords.json")

    def derive_what_is_outdated(self) -> None:
        """After an upgrade: what an older program worked out from the texts, and what it made to be searched."""
        from clauses.catching_up import outdated, search_outdated

        if outdated() or search_outdated():
            self.say("Looking at the texts again, with the new version of the program …")
            call_command("derive")

    def load_demo_catalogue(self) -> None:
        """On the very first start only: afterwards the database is what people have made of it."""
        from platforms.models import Platform

        if not Platform.objects.exists():
            self.say("Loading the demo catalogue …")
            call_command("load_catalogue", str(settings.BASE_DIR / "fixtures"))

    def welcome(self, port: int) -> None:
        lines = ["", f"ConductAtlas is at http://{HOST}:{port}/"]
        if not settings.PRODUCTION:
            lines += [f"Analysts sign in at http://{HOST}:{port}/admin/ (make passwords shows this again):"]
            lines += shown_logins(self.logins)
        self.say("\n".join([*lines, "Ctrl-C stops everything.", ""]))


def port_number(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 0 < int(text) < 65536:
        raise CommandError(f"PORT is {text!r}: set it to a number from 1 to 65535, for example PORT=8001.")
    return int(text)


def check_port_is_free(port: int) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # connections that are just ending do not count
        try:
            probe.bind((HOST, port))
        except PermissionError:
            raise CommandError(f"Port {port} is reserved for the system: choose a higher one, PORT=8001.") from None
        except OSError as error:
            other = port + 1 if port < 65535 else port - 1
            raise CommandError(
                f"Port {port} is in use ({error.strerror}): choose another, for example PORT={other}."
            ) from None


def start_web_server(port: int) -> subprocess.Popen[bytes]:
    """granian in a session of its own: a Ctrl-C reaches only us, and we stop it in order. It is told when we are
    killed."""
    return subprocess.Popen(
        [sys.executable, "-m", "conductatlas.webserver", str(port)],
        cwd=settings.BASE_DIR,
        env={**os.environ, "PORT": str(port)},
        stdin=subprocess.DEVNULL,
        start_new_session=True,
        preexec_fn=end_with_parent(signal.SIGTERM),
    )


def wait_until_answering(server: subprocess.Popen[bytes], port: int) -> None:
    """Return when the server gives any answer; raise CommandError when it ends first or takes too long."""
    deadline = time.monotonic() + ANSWER_SECONDS
    while time.monotonic() < deadline:
        try:
            with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(
                f"http://{HOST}:{port}/healthz", timeout=5
            ):
                return
        except urllib.error.HTTPError as error:
            error.close()
            return
        except OSError:
            pass
        check_lives(server)
        time.sleep(0.1)
    raise CommandError(
        f"The web server gave no answer on port {port} in {ANSWER_SECONDS} seconds; see its messages above."
    )


def watch(server: subprocess.Popen[bytes]) -> None:
    """Stay until the server ends (an error) or a signal comes; a dead supervisor of the database is replaced
    meanwhile."""
    while True:
        check_lives(server)
        postgres.ensure()
        try:
            server.wait(timeout=1)
        except subprocess.TimeoutExpired:
            continue


def check_lives(server: subprocess.Popen[bytes]) -> None:
    code = server.poll()
    if code is not None:
        how = f"signal {-code}" if code < 0 else f"exit code {code}"
        raise CommandError(f"The web server ended by itself ({how}); everything else was stopped too. Start it again.")


def stop_web_server(server: subprocess.Popen[bytes]) -> None:
    """Stop granian and its workers, by force after a few seconds; returns when none of them is left."""
    server.terminate()
    with contextlib.suppress(subprocess.TimeoutExpired):
        server.wait(STOP_SECONDS + 5)
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        try:
            os.killpg(server.pid, signal.SIGKILL)  # its process group: whoever is still in it did not end
        except ProcessLookupError:
            break
        server.poll()
        time.sleep(0.02)
    server.wait()
