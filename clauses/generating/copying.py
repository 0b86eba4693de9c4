"""Writes many rows into PostgreSQL with COPY. Its triggers and constraints stand as for any other write."""

from collections import Counter, defaultdict
from typing import Any, TypeVar

from django.db import connection, models
from psycopg.types.json import Jsonb

from clauses.models import (
    Action,
    Analysis,
    Answer,
    AppliedAgency,
    AppliedRegulation,
    ChangedProvision,
    Proof,
    Provision,
    QueueItem,
    Quotation,
    Reading,
)
from clauses.vocabulary import FROZEN
from platforms.models import (
    Change,
    Check,
    Document,
    FormerAddress,
    Outline,
    Passage,
    Platform,
    PlatformName,
    Snapshot,
    Text,
    Transition,
    Verdict,
    Version,
)

Row = TypeVar("Row", bound=models.Model)

Served = Document.also_serves.through
# Each after what it points at. The parts of an analysis are written while it is a draft, as everywhere.
BEFORE = (
    Platform, PlatformName, Document, Served, Text, Snapshot, Verdict, Version, Transition, Outline, Passage, Change,
    Check, Provision, Quotation, Proof,
)  # fmt: skip
PARTS = (Answer, Action, AppliedAgency, AppliedRegulation)
AFTER = (Reading, ChangedProvision, QueueItem, FormerAddress)
# What a draft has in place of what publication and the time after it bring.
DRAFT = {
    "state": "'draft'", "payload": "''", "payload_sha256": "''", "closed_reason": "''", "published_at": "NULL",
    "published_by_id": "NULL", "closed_at": "NULL", "closed_by_id": "NULL",
}  # fmt: skip


class Rows:
    """Rows that wait to be written. Each gets its primary key when it is added, from 1 on: the tables are empty."""

    def __init__(self) -> None:
        self.waiting: dict[type[models.Model], list[models.Model]] = defaultdict(list)
        self.given: Counter[type[models.Model]] = Counter()

    def add(self, row: Row) -> Row:
        model = type(row)
        self.given[model] += 1
        if row.pk is None:
            row.pk = self.given[model]
        self.waiting[model].append(row)
        return row

    def next_number(self, model: type[models.Model]) -> int:
        """The record number of the next row of this kind."""
        return self.given[model] + 1

    def write(self) -> None:
        """Writes all that waits."""
        for model in BEFORE:
            self._copy(model)
        analyses = self.waiting.pop(Analysis, [])
        columns = _draft(analyses)
        for model in PARTS:
            self._copy(model)
        _publish(columns)
        for model in AFTER:
            self._copy(model)

    def _copy(self, model: type[models.Model]) -> None:
        copy(self.waiting.pop(model, []), into=model._meta.db_table)

    def count_anew(self) -> None:
        """Tells PostgreSQL how full these tables are: plans that it made while they were empty would last. Not of all
        tables, since some are shared by all databases of the server, which would wait for the end of this transaction.
        """
        with connection.cursor() as cursor:
            cursor.execute(f"ANALYZE {', '.join(model._meta.db_table for model in self.given)}")

    def finish(self) -> None:
        """The next rows of these tables, written by others, get keys behind those given here."""
        with connection.cursor() as cursor:
            for model in self.given:
                table, key = model._meta.db_table, model._meta.pk
                if isinstance(key, models.AutoField | models.BigAutoField):
                    cursor.execute("SELECT pg_get_serial_sequence(%s, %s)", [table, key.column])
                    (sequence,) = cursor.fetchone()
                    cursor.execute(
                        f"SELECT setval(%s, greatest(max({key.column}), (SELECT last_value FROM {sequence})))"
                        f" FROM {table}",
                        [sequence],
                    )


def copy(rows: list[models.Model], *, into: str) -> None:
    """Writes these rows, all of one model, into a table with its columns."""
    if not rows:
        return
    fields = _written(type(rows[0]))
    columns = ", ".join(connection.ops.quote_name(field.column) for field in fields)
    prepare = [(field.attname, Jsonb if isinstance(field, models.JSONField) else _as_it_is) for field in fields]
    with connection.cursor() as cursor, cursor.copy(f"COPY {into} ({columns}) FROM STDIN") as stream:
        for row in rows:
            stream.write_row([prepared(getattr(row, name)) for name, prepared in prepare])


def _as_it_is(value: Any) -> Any:
    return value


def _written(model: type[models.Model]) -> list[models.Field]:
    return [field for field in model._meta.concrete_fields if not field.generated]


def _draft(analyses: list[Analysis]) -> list[str]:
    """Writes these analyses as drafts, and beside them what publication will make of them. The names of the columns."""
    columns = [connection.ops.quote_name(field.column) for field in _written(Analysis)]
    listed = ", ".join(columns)
    drafts = ", ".join(DRAFT.get(column.strip('"'), column) for column in columns)
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS generated_analysis")
        cursor.execute(
            f"CREATE TEMPORARY TABLE generated_analysis AS SELECT {listed} FROM clauses_analysis WITH NO DATA"
        )
        copy(analyses, into="generated_analysis")
        cursor.execute(f"INSERT INTO clauses_analysis ({listed}) SELECT {drafts} FROM generated_analysis")
    return columns


def _publish(columns: list[str]) -> None:
    changed = [column for column in columns if column.strip('"') in DRAFT]
    assigned = ", ".join(f"{column} = made.{column}" for column in changed)
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE clauses_analysis SET {assigned} FROM generated_analysis AS made"
            " WHERE made.id = clauses_analysis.id AND made.state = ANY(%s)",
            [list(FROZEN)],
        )
        cursor.execute("DROP TABLE generated_analysis")
