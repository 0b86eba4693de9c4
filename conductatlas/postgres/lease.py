"""The clients' side: take a lease on the embedded server, keep it while this process lives, give it back."""

import atexit
import fcntl
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from conductatlas.postgres.cluster import prepare_state
from conductatlas.postgres.errors import PostgresError
from conductatlas.postgres.places import PURPOSES, Places, address, places_of, project_folder
from conductatlas.postgres.programs import installed_package

# The first start makes the data folder; a start after a crash replays the log.
READY_SECONDS = 360.0
STOP_SECONDS = 60.0

_held: dict[Places, socket.socket] = {}


def ensure(root: Path | str | None = None, *, purpose: str = "demo") -> None:
    """Make sure that the embedded server of the project in `root` answers, and that this process holds a lease on it.

    Returns at once when DATABASE_URL names another server, and when the lease is still good. Raises PostgresError.
    """
    url = os.environ.get("DATABASE_URL")
    if url:
        own = [name for name in PURPOSES if address(root, purpose=name) == url]
        if not own:
            return
        purpose = own[0]
    places = places_of(root, purpose=purpose)
    held = _held.get(places)
    if held is not None:
        if is_open(held):
            return
        _held.pop(places).close()
    _held[places] = lease(places)


def ensure_for_tests(root: Path | str | None = None) -> None:
    """For tests/conftest.py, before the settings are read: a server of their own, unless DATABASE_URL names one."""
    if not os.environ.get("DATABASE_URL"):
        os.environ["DATABASE_URL"] = address(root, purpose="test")
    ensure(root, purpose="test")


def release(root: Path | str | None = None, *, purpose: str = "demo") -> None:
    """Give the lease back. When it was the last one, return only after PostgreSQL and its supervisor have ended."""
    places = places_of(root, purpose=purpose)
    held = _held.pop(places, None)
    if held is None:
        return
    with held:
        try:
            held.settimeout(STOP_SECONDS)
            held.sendall(b"release\n")
            while held.recv(64):
                pass
        except OSError:
            return  # the supervisor has gone already
    wait_for_end(places)


def wait_for_end(places: Places) -> None:
    """The connection closes a moment before its process has ended; the lock of a supervisor tells when."""
    deadline = time.monotonic() + 2.0
    while not places.lease_socket.exists() and time.monotonic() < deadline:
        try:
            with places.running.open("rb") as file:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return
        except BlockingIOError:
            time.sleep(0.01)
        except OSError:
            return


def is_open(held: socket.socket) -> bool:
    """Whether the supervisor at the other end still lives."""
    held.setblocking(False)
    try:
        return bool(held.recv(1, socket.MSG_PEEK))
    except BlockingIOError:
        return True
    except OSError:
        return False
    finally:
        held.setblocking(True)


def lease(places: Places) -> socket.socket:
    """A connection to the supervisor, which has said that PostgreSQL is ready; the supervisor is started when there
    is none."""
    prepare_state(places)
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline:
        connection = connect(places) or start_and_connect(places)
        if connection is not None:
            answer = first_line(connection, deadline)
            if answer == "ready":
                return connection
            connection.close()
            if answer.startswith("error "):
                raise PostgresError(answer.removeprefix("error "))
        time.sleep(0.02)  # it was just ending: the next one is ours
    raise PostgresError(f"PostgreSQL was not ready after {READY_SECONDS:.0f} seconds: see {places.log}.")


def connect(places: Places) -> socket.socket | None:
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        connection.connect(str(places.lease_socket))
        return connection
    except OSError:
        connection.close()
        return None


def first_line(connection: socket.socket, deadline: float) -> str:
    """What the supervisor says; empty when it ended or said nothing in time."""
    connection.settimeout(max(deadline - time.monotonic(), 0.01))
    said = b""
    try:
        while not said.endswith(b"\n"):
            part = connection.recv(1024)
            if not part:
                break
            said += part
    except OSError:
        return ""
    connection.settimeout(None)
    return said.decode("utf-8", "replace").strip()


def start_and_connect(places: Places) -> socket.socket | None:
    """Start the supervisor, one client at a time: whoever waited finds it running."""
    with locked(places.starting):
        connection = connect(places)
        if connection is None:
            start_supervisor(places)
            connection = connect(places)
    return connection


@contextmanager
def locked(path: Path) -> Iterator[None]:
    try:
        file = path.open("ab")
    except OSError as error:
        raise PostgresError(
            f"{path} cannot be written: {error.strerror}. Run as its owner, or set DATABASE_URL."
        ) from error
    with file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def start_supervisor(places: Places) -> None:
    """Run the supervisor's foreground half, which ends as soon as clients can connect. Raises PostgresError with what
    it printed."""
    installed_package()
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONSAFEPATH"}
    done = subprocess.run(
        [sys.executable, "-m", "conductatlas.postgres", "supervise", str(places.project), places.purpose],
        cwd=project_folder(),
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )
    if done.returncode != 0:
        said = (done.stdout.strip() or done.stderr.strip() or "it gave no reason").splitlines()
        raise PostgresError(f"The embedded PostgreSQL did not start: {said[-1]}")


def close_all() -> None:
    while _held:
        _held.popitem()[1].close()


atexit.register(close_all)
