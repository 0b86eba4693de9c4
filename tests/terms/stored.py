"""What an import left behind, without record numbers and times of recording: two imports that ended alike give the
same."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit, urlunsplit

import psycopg

Rows = list[tuple]
Ask = Callable[[str], Rows]

_VERSION = "platforms_version v ON v.id = t.version_id JOIN platforms_snapshot s ON s.id = v.snapshot_id"
_BEFORE = "LEFT JOIN platforms_version w ON w.id = t.before_id LEFT JOIN platforms_snapshot b ON b.id = w.snapshot_id"
_DOCUMENT = "JOIN platforms_document d ON d.id = s.document_id"

STORED = {
    "platforms": "SELECT slug, name FROM platforms_platform",
    "documents": (
        "SELECT p.slug, d.slug, d.title, d.kind, d.family, d.language, d.retired_on, d.collection, d.collection_path"
        " FROM platforms_document d JOIN platforms_platform p ON p.id = d.platform_id"
    ),
    "texts": "SELECT sha256, encode(sha256(convert_to(content, 'UTF8')), 'hex') FROM platforms_text",
    "snapshots": (
        "SELECT d.collection_path, s.captured_at, s.text_id, s.technical, s.origin, s.tool, s.tool_version, s.language"
        f" FROM platforms_snapshot s {_DOCUMENT}"
    ),
    "verdicts": (
        "SELECT d.collection_path, s.captured_at, j.judgement, j.reason"
        f" FROM platforms_verdict j JOIN platforms_snapshot s ON s.id = j.snapshot_id {_DOCUMENT}"
    ),
    "versions": (
        "SELECT d.collection_path, s.captured_at, v.number, v.counts"
        f" FROM platforms_version v JOIN platforms_snapshot s ON s.id = v.snapshot_id {_DOCUMENT}"
    ),
    "transitions": (
        "SELECT d.collection_path, s.captured_at, b.captured_at, t.kind, t.reason, t.removed, t.added, t.fingerprint,"
        " t.essence, t.stated_on, t.method, t.declared"
        f" FROM platforms_transition t JOIN {_VERSION} {_DOCUMENT} {_BEFORE}"
    ),
    "changes": (
        "SELECT d.collection_path, b.captured_at, s.captured_at, c.removed::text, c.added::text, c.removed_count,"
        " c.added_count, c.stated_before, c.stated_after, c.silent, c.first_observed_at, c.withdrawn_at, c.restored_at"
        " FROM platforms_change c JOIN platforms_snapshot b ON b.id = c.before_id"
        f" JOIN platforms_snapshot s ON s.id = c.after_id {_DOCUMENT} WHERE c.superseded_at IS NULL"
    ),
    "checks": (
        "SELECT d.collection_path, k.checked_at, k.outcome, k.reason, s.captured_at"
        f" FROM platforms_check k JOIN platforms_snapshot s ON s.id = k.snapshot_id {_DOCUMENT}"
    ),
}


def stored(ask: Ask, *, without: frozenset[str] = frozenset()) -> dict[str, Rows]:
    """All that an import writes, table by table."""
    return {name: sorted(ask(query), key=repr) for name, query in STORED.items() if name not in without}


def counted(ask: Ask) -> dict[str, int]:
    """How many rows each table of the project holds."""
    tables = ask("SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename !~ '^(django|auth)_'")
    return {name: ask(f'SELECT count(*) FROM "{name}"')[0][0] for (name,) in tables}


class Database:
    """A database of its own on the tests' server, for programs that run beside the tests."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.address = _address_of(name)

    @property
    def environment(self) -> dict[str, str]:
        return os.environ | {"DATABASE_URL": self.address}

    def ask(self, query: str) -> Rows:
        with psycopg.connect(self.address) as connection:
            return connection.execute(query).fetchall()


def _address_of(name: str) -> str:
    return urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}"))


@contextmanager
def database(name: str, *, like: str = "template0") -> Iterator[Database]:
    """A new database, gone when the block is left."""
    with psycopg.connect(_address_of("postgres"), autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{like}"')
        try:
            yield Database(name)
        finally:
            connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
