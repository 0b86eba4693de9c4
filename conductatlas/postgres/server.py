"""One running PostgreSQL, as the child of the supervisor."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psycopg
from psycopg import sql

from conductatlas.postgres import processes
from conductatlas.postgres.errors import PostgresError
from conductatlas.postgres.places import DATABASE, Places, address_in
from conductatlas.postgres.programs import Programs

START_SECONDS = 300  # a recovery after a crash takes its time
PR_SET_PDEATHSIG = 1
PR_SET_CHILD_SUBREAPER = 36

SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "max_wal_size": "256MB",
    "log_destination": "stderr",
    "logging_collector": "off",
}
# Test databases are thrown away: nothing of them has to survive a power cut.
TEST_SETTINGS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum_naptime": "10min"}


class Server:
    """PostgreSQL on the cluster of `places`; `start` returns when it answers."""

    def __init__(self, places: Places, programs: Programs) -> None:
        self.places = places
        self.programs = programs
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start PostgreSQL and make the project's database in it. Raises PostgresError with the reason from its log."""
        log_end = self.places.log.stat().st_size if self.places.log.exists() else 0
        with self.places.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd="/",
                start_new_session=True,
                preexec_fn=end_with_parent(signal.SIGINT),
                **self.programs.run_options(),
            )
        self.wait_until_ready(log_end)
        self.make_database()

    def command(self) -> list[str]:
        settings = {
            **SETTINGS,
            **(TEST_SETTINGS if self.places.purpose == "test" else {}),
            "unix_socket_directories": str(self.places.sockets),
            "cluster_name": self.places.name,
        }
        words = [self.programs.path("postgres"), "-D", str(self.places.data)]
        for name, value in settings.items():
            words += ["-c", f"{name}={value}"]
        return words

    def wait_until_ready(self, log_end: int) -> None:
        deadline = time.monotonic() + START_SECONDS
        while True:
            try:
                psycopg.connect(address_in(self.places, "postgres"), connect_timeout=5).close()
                return
            except psycopg.OperationalError as error:
                if not self.alive():
                    raise PostgresError(f"PostgreSQL did not start: {last_words(self.places.log, log_end)}") from error
                if time.monotonic() > deadline:
                    raise PostgresError(
                        f"PostgreSQL did not answer in {START_SECONDS} seconds: see {self.places.log}."
                    ) from error
            time.sleep(0.05)

    def make_database(self) -> None:
        with psycopg.connect(address_in(self.places, "postgres"), autocommit=True) as connection:
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(DATABASE)))

    def alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def stop(self) -> None:
        """End PostgreSQL: a fast shutdown, after 20 seconds an immediate one, then by force. Returns when none of it
        is left."""
        if self.process is None:
            return
        for number, seconds in ((signal.SIGINT, 20.0), (signal.SIGQUIT, 5.0)):
            if self.alive():
                self.process.send_signal(number)
                try:
                    self.process.wait(seconds)
                except subprocess.TimeoutExpired:
                    continue
        if self.alive():
            self.process.kill()
            self.process.wait()
        processes.stop_all(self.places)
        self.process = None


def last_words(log: Path, start: int) -> str:
    """The last fatal line that the log got after `start`, without its time; where there is none, where to look."""
    with log.open("rb") as file:
        file.seek(start)
        lines = file.read().decode("utf-8", "replace").splitlines()
    for line in reversed(lines):
        for word in ("FATAL:", "PANIC:", "error:"):
            if word in line:
                return f"{line.split(word, 1)[1].strip()} (more in {log})"
    return f"see {log}"


def libc() -> ctypes.CDLL | None:
    """The C library where it has prctl (Linux)."""
    return ctypes.CDLL(None) if sys.platform.startswith("linux") else None


def end_with_parent(number: signal.Signals, *, parent: int | None = None) -> Callable[[], None]:
    """What a new child of `parent` (default: this process) calls so that the kernel sends it `number` when its parent
    ends, however that happens (on Linux)."""
    library, parent = libc(), os.getpid() if parent is None else parent

    def call() -> None:
        if library is None:
            return
        library.prctl(PR_SET_PDEATHSIG, int(number))
        if os.getppid() != parent:  # it ended before the line above
            os.kill(os.getpid(), signal.SIGKILL)

    return call


def adopt_orphans() -> None:
    """Make the children of a dead child ours, so that they can be waited for (on Linux)."""
    library = libc()
    if library is not None:
        library.prctl(PR_SET_CHILD_SUBREAPER, 1)
