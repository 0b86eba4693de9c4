"""Processes that hold a lease on an embedded server, for the tests of that server."""

import contextlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from conductatlas.postgres.places import project_folder
from tests.leftovers import remove_all

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="needs root: PostgreSQL then runs under another account")

# A client: takes a lease, runs statements, says what they returned, and keeps the lease until its input ends.
CLIENT = """
import json, sys
import psycopg
from conductatlas import postgres
try:
    postgres.ensure(sys.argv[1], purpose=sys.argv[2])
except postgres.PostgresError as error:
    sys.exit(f"PostgresError: {error}")
answers = []
with psycopg.connect(postgres.address(sys.argv[1], purpose=sys.argv[2]), autocommit=True) as connection:
    for statement in sys.argv[3:]:
        cursor = connection.execute(statement)
        answers.append(cursor.fetchone()[0] if cursor.description else None)
print(json.dumps(answers), flush=True)
if sys.stdin.readline().strip() == "release":
    postgres.release(sys.argv[1], purpose=sys.argv[2])
"""


class Client:
    """A process with a lease on the server of `project`."""

    def __init__(self, project: Path, *statements: str, purpose: str = "demo", **options: object) -> None:
        environment = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"}
        self.process = subprocess.Popen(
            [options.pop("python", sys.executable), "-c", CLIENT, str(project), purpose, *statements],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=project_folder(),
            env=environment,
            **options,
        )

    def answers(self) -> list[object]:
        line = self.process.stdout.readline()
        if not line:
            raise AssertionError(self.process.stderr.read())
        return json.loads(line)

    def end(self, *, how: signal.Signals | None = None, word: str = "") -> str:
        """End it: by a signal, or by the end of its input after `word`. Returns its last words."""
        if how is not None:
            self.process.send_signal(how)
        _, errors = self.process.communicate(word)
        return errors


@contextlib.contextmanager
def lease(project: Path, *statements: str, **options: object) -> Iterator[Client]:
    client = Client(project, *statements, **options)
    try:
        yield client
    finally:
        if client.process.poll() is None:
            client.end()


def once(project: Path, *statements: str, **options: object) -> list[object]:
    """Start, run the statements, and stop; returns only when the server has ended."""
    with lease(project, *statements, **options) as client:
        answers = client.answers()
        assert client.end(word="release\n") == ""
    return answers


def a_project(folder: Path) -> Iterator[Path]:
    folder.mkdir(parents=True)
    try:
        yield folder
    finally:
        remove_all(folder)
