"""The process that owns the server: it starts PostgreSQL, counts the leases, and stops it when the last has gone."""

import fcntl
import os
import selectors
import shutil
import signal
import socket
import sys
import time
from pathlib import Path
from types import FrameType

from conductatlas.postgres import cluster
from conductatlas.postgres.errors import PostgresError
from conductatlas.postgres.places import Places
from conductatlas.postgres.programs import programs_for
from conductatlas.postgres.server import Server, adopt_orphans

GRACE_SECONDS = 2.0  # one command follows another: `migrate`, then `load_catalogue`
LOCK_SECONDS = 60.0  # how long a predecessor may take to stop
LOG_LIMIT = 5 * 1024 * 1024
MOST_RESTARTS = 5  # in a minute; after that something is wrong that another start does not cure


def supervise(places: Places) -> int:
    """Go into the background and own the server of `places`. Returns in the foreground process: 0 once clients can
    connect."""
    reader, writer = os.pipe()
    if os.fork():
        os.close(writer)
        with os.fdopen(reader, encoding="utf-8") as answer:
            said = answer.read()
        if said.strip() != "listening":
            print(said.strip() or f"The supervisor of PostgreSQL ended: see {places.log}.")
            return 1
        return 0
    os.close(reader)
    code = 1
    try:
        into_background(places.log)
        code = run(places, writer)
    except BaseException:
        import traceback

        traceback.print_exc()
    finally:
        sys.stdout.flush()
        os._exit(code)  # no clean-up of the foreground process runs twice


def into_background(log: Path) -> None:
    """A session of our own, the log as output, and no folder kept in use."""
    os.setsid()
    os.umask(0o077)
    os.chdir("/")
    if log.exists() and log.stat().st_size > LOG_LIMIT:
        log.replace(log.with_name(log.name + ".old"))
    output = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    os.dup2(output, 1)
    os.dup2(output, 2)


def run(places: Places, writer: int) -> int:
    """The supervisor's life; `writer` takes one line for the foreground process."""
    with os.fdopen(writer, "w", encoding="utf-8") as report:
        try:
            lock = running_lock(places.running)
            cluster.prepare_folders(places)
            listener = listen(places.lease_socket)
        except PostgresError as error:
            report.write(str(error))
            return 1
        report.write("listening")
    adopt_orphans()
    supervisor = Supervisor(places, listener)
    try:
        return supervisor.run()
    finally:
        supervisor.end()
        os.close(lock)


def running_lock(path: Path) -> int:
    """The lock that only one supervisor holds; a predecessor that is stopping is waited for."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    deadline = time.monotonic() + LOCK_SECONDS
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return handle
        except BlockingIOError:
            if time.monotonic() > deadline:
                raise PostgresError(
                    f"Another supervisor holds {path} and does not end: stop it, then start again."
                ) from None
        time.sleep(0.05)


def listen(path: Path) -> socket.socket:
    """The socket for leases. The lock is ours, so a socket that lies there belongs to nobody alive."""
    path.unlink(missing_ok=True)
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    listener.bind(str(path))
    listener.listen(128)
    listener.setblocking(False)
    return listener


class Supervisor:
    """Leases are open connections. A client reads `ready` or one line of error; it may write `release` and wait for
    the end."""

    def __init__(self, places: Places, listener: socket.socket) -> None:
        self.places = places
        self.listener = listener
        self.leases: set[socket.socket] = set()
        self.leaving: list[socket.socket] = []
        self.server: Server | None = None
        self.stopping = False
        self.restarts: list[float] = []
        self.selector = selectors.DefaultSelector()
        self.selector.register(listener, selectors.EVENT_READ)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self.on_signal)
        signal.signal(signal.SIGHUP, signal.SIG_IGN)

    def on_signal(self, number: int, frame: FrameType | None) -> None:
        self.stopping = True

    def run(self) -> int:
        try:
            self.begin()
            self.attend()
        except (PostgresError, OSError) as error:
            message = str(error).replace("\n", " ")
            print(f"supervisor: {message}")
            self.tell_waiting(message)
            return 1
        return 0

    def begin(self) -> None:
        """Bring PostgreSQL up. The clients wait meanwhile in the listener's queue."""
        programs = programs_for(self.places)
        cluster.give_folders(self.places, programs.account)
        cluster.prepare_cluster(self.places, programs)
        self.server = Server(self.places, programs)
        self.server.start()

    def attend(self) -> None:
        """Serve leases until the last has gone for GRACE_SECONDS, was released, or a signal came."""
        idle_since = time.monotonic()
        while not self.stopping:
            for key, _ in self.selector.select(timeout=0.2):
                if key.fileobj is self.listener:
                    self.accept()
                else:
                    self.hear(key.fileobj)  # type: ignore[arg-type]
            if self.leases:
                idle_since = time.monotonic()
                self.keep_alive()
            elif self.leaving or time.monotonic() - idle_since > GRACE_SECONDS:
                return

    def accept(self) -> None:
        try:
            client, _ = self.listener.accept()
            client.setblocking(False)
            client.sendall(b"ready\n")
        except OSError:
            return  # it went away again
        self.leases.add(client)
        self.selector.register(client, selectors.EVENT_READ)

    def hear(self, client: socket.socket) -> None:
        """A lease ends: by being closed, or by the word `release`, after which the client waits for our end."""
        try:
            said = client.recv(64)
        except OSError:
            said = b""
        self.selector.unregister(client)
        self.leases.discard(client)
        if said.startswith(b"release") and not self.leases:
            self.leaving.append(client)
        else:
            client.close()  # others still hold a lease: the server stays

    def keep_alive(self) -> None:
        """Start PostgreSQL again when it died under its clients."""
        if self.server is None or self.server.alive():
            return
        now = time.monotonic()
        self.restarts = [moment for moment in self.restarts if now - moment < 60] + [now]
        if len(self.restarts) > MOST_RESTARTS:
            raise PostgresError(f"PostgreSQL ended {MOST_RESTARTS} times in a minute: see {self.places.log}.")
        print("supervisor: PostgreSQL ended by itself; starting it again")
        sys.stdout.flush()
        cluster.clear_leftovers(self.places)
        self.server.start()

    def tell_waiting(self, message: str) -> None:
        """Give the reason to every client that has connected, or is about to."""
        deadline = time.monotonic() + 0.5
        while time.monotonic() < deadline:
            try:
                client, _ = self.listener.accept()
                client.sendall(f"error {message}\n".encode())
                client.close()
            except BlockingIOError:
                time.sleep(0.05)
            except OSError:
                continue

    def end(self) -> None:
        """Stop listening first, so that no new client comes, then stop PostgreSQL, then remove the sockets' folder."""
        self.places.lease_socket.unlink(missing_ok=True)
        self.listener.close()
        if self.server is not None:
            self.server.stop()
        if self.places.store is None:
            shutil.rmtree(self.places.sockets, ignore_errors=True)
