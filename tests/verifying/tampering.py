"""A history with everything in it, writes behind the program's back, and what `verify` says of it."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO

from django.core.management import call_command
from django.db import connection, transaction

from clauses.indexing import one_indexing
from clauses.models import RegistryEntry
from conductatlas import actors
from platforms.actions import record_snapshot
from platforms.models import Body, Document, Response

from .. import factories
from ..raw_sql import OURS

INTRODUCTION = (
    "# Terms\n\nThese are the terms of the service. They are long enough to be read.\n\nUpdated 1 May 2025.\n\n"
)
OLD = f"{INTRODUCTION}You may leave at any time.\n\nThe end.\n"
NEW = f"{INTRODUCTION}You may leave at any time.\n\n{factories.WORDS}\n\nThe end.\n"
LOST = f"{INTRODUCTION}You may leave after thirty days.\n\nNobody keeps anything here.\n\nThe end.\n"
ASIDE = f"{INTRODUCTION}These sentences were set aside, and nobody knows why.\n"


def by():
    return actors.catalogue()


@one_indexing()
def a_history(*, clause: bool) -> Document:
    """A document that gained words, lost them, and went back to its first ones; one text was set aside. With a clause,
    an analysis of those words is published, and superseded by a second one.
    """
    document = factories.a_document(language="en")
    factories.a_snapshot(document, OLD, "2025-06-01")
    factories.a_snapshot(document, NEW, "2025-07-01")
    if clause:
        factories.a_correction(factories.a_published(factories.a_quotation(factories.a_provision(document))))
    factories.a_snapshot(document, LOST, "2025-08-01")
    factories.a_snapshot(document, ASIDE, "2025-08-02", "quarantined")
    content = b"<p>what came</p>"
    body = Body.objects.create(sha256=hashlib.sha256(content).hexdigest(), content=content)
    response = Response.objects.create(
        document=document, fetched_at=factories.moment("2025-09-01"), url="https://x.example/", status=200, body=body,
        tool="test", tool_version="1", recorded_by=by(),
    )  # fmt: skip
    record_snapshot(
        document=document,
        content=OLD,
        captured_at=response.fetched_at,
        judgement="accepted",
        response=response,
        by=by(),
    )
    return document


def tamper(statement: str, parameters: dict | None = None, *, without: tuple[str, ...] = ()) -> None:
    """A write that no rule of PostgreSQL sees, as an attacker with the rights of the owner would make it; `without`:
    constraints to drop first, with their tables. It changes something.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for model in OURS:
            if model is not RegistryEntry:  # whose trigger forbids nothing: it fills a column in
                cursor.execute(f"ALTER TABLE {model._meta.db_table} DISABLE TRIGGER USER")
        for name in without:
            table, constraint = name.split(".")
            cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {constraint}")
        cursor.execute(statement, parameters or {})
        assert cursor.rowcount


@contextmanager
def for_a_while() -> Iterator[None]:
    """What is tampered with inside is as it was behind it: the next case begins with the same history."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def told(command: str, *arguments: str) -> tuple[int, str]:
    """The exit code of a command and what it says."""
    out = StringIO()
    try:
        call_command(command, *arguments, stdout=out)
    except SystemExit as end:
        return int(end.code or 0), out.getvalue()
    return 0, out.getvalue()


def found(document: Document) -> list[str]:
    """The mismatches of a document, a line each, as the command prints them."""
    code, said = told("verify", "--document", document.record_id)
    lines = said.splitlines()[:-1]
    assert code == bool(lines)
    return lines


def facts(lines: list[str]) -> set[str]:
    """Which record and what of it each of the lines is about, without the values; no fact is named twice."""
    about = [line.partition(": stored ")[0] for line in lines]
    assert len(set(about)) == len(about)
    return set(about)


def named(lines: list[str], *words: str) -> bool:
    """Whether one of the lines holds all of these words."""
    return any(all(word in line for word in words) for line in lines)


def counts() -> dict[str, int]:
    return {model.__name__: model._default_manager.count() for model in OURS}
