"""The databases of a test run: migrated and filled once, by the first worker that needs one, then copied."""

import fcntl
import os
from pathlib import Path

from django.db import connection


def empty_database() -> str:
    """The name of a database with all tables and no catalogue, to make others like it."""
    return f"{connection.settings_dict['NAME']}_empty"


def keep_empty() -> None:
    """Copies the tests' database before anything is loaded: migrating another would take a quarter of a minute."""
    _copied(connection.settings_dict["NAME"], empty_database())


def drop_empty() -> None:
    _dropped(empty_database())


class Shared:
    """What the workers of one run share: a filled database and an empty one, which nobody works in. One worker at a
    time looks whether they are there.
    """

    def __init__(self, run: str, folder: Path) -> None:
        self.filled, self.empty = f"test_filled_{run[:16]}", f"test_empty_{run[:16]}"
        self._lock = (folder / "databases.lock").open("w")

    def take(self) -> None:
        """Before the tests' database is made: waits for its turn, and where there is something to copy has it made
        as a copy.
        """
        fcntl.flock(self._lock, fcntl.LOCK_EX)
        if self._are_there():
            connection.settings_dict["TEST"]["TEMPLATE"] = self.filled

    def give(self) -> None:
        """After it was made: the first worker leaves copies to the others, another takes the empty one; it is the next
        one's turn.
        """
        if self._are_there():
            _copied(self.empty, empty_database())
        else:
            _copied(empty_database(), self.empty)
            _copied(connection.settings_dict["NAME"], self.filled)
        fcntl.flock(self._lock, fcntl.LOCK_UN)

    def drop(self) -> None:
        """At the end; a worker that has not even begun fills a database of its own."""
        fcntl.flock(self._lock, fcntl.LOCK_EX)
        _dropped(self.filled)
        _dropped(self.empty)
        self._lock.close()

    def _are_there(self) -> bool:
        with connection._nodb_cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_database WHERE datname IN (%s, %s)", [self.filled, self.empty])
            return cursor.fetchone() == (2,)


def shared_of(folder: Path) -> Shared | None:
    """What this worker shares with others, if there are others; `folder` is one they all see."""
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID")
    return Shared(run, folder) if run else None


def _copied(name: str, as_name: str) -> None:
    connection.close()  # a database that is in use cannot be copied
    with connection._nodb_cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{as_name}" WITH (FORCE)')
        cursor.execute(f'CREATE DATABASE "{as_name}" TEMPLATE "{name}"')


def _dropped(name: str) -> None:
    with connection._nodb_cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}"')
