"""How many clauses of the registry fit, and how many would with one more value of a filter."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Q

from clauses.models import RegistryEntry

# Filter → the column that holds its value; a clause touches several laws. What has few values is counted together:
# each set of columns costs PostgreSQL one table of counts, and a pass of every row through it.
COUNTED: tuple[dict[str, str], ...] = (
    {"platform": "platform_id", "sector": "sector"},
    {"type": "clause_type_id"},
    {"severity": "severity", "confidence": "confidence", "proof": "proof"},
    {"kind": "document_kind", "market": "market"},
    {"law": "regulations"},
)
COLUMNS = {name: column for together in COUNTED for name, column in together.items()}

Value_ = str | int
Sql = tuple[str, Sequence[Any]]


@dataclass(frozen=True)
class RegistryFigures:
    """`found` of `total` clauses pass all filters.

    `counts[filter][value]`: how many would be listed with this value alone in that filter and all others as they are;
    `without[filter]`: how many without that filter. Values are those of the columns.
    """

    total: int
    found: int
    counts: Mapping[str, Mapping[Value_, int]]
    without: Mapping[str, int]


def registry_figures(conditions: Mapping[str, Q], *, invented: bool = False) -> RegistryFigures:
    """In two queries, however many filters there are. `conditions` has one for each filter in use, by its name.

    Clauses of invented platforms are counted apart, with `invented`, and never beside real ones.
    """
    counts: dict[str, Counter[Value_]] = {name: Counter() for name in COLUMNS}
    passed: Counter[str] = Counter()  # the filter that was left out, or nothing → clauses
    for without, held, values in _counted(conditions, invented=invented):
        if without or not values:
            passed[without] += held
        for name in values.keys() - (() if without else conditions.keys()):
            value = values[name]
            for one in value if isinstance(value, list) else [value]:
                counts[name][one] += held
    return RegistryFigures(
        total=RegistryEntry.objects.filter(invented=invented).count() if conditions else passed[""],
        found=passed[""],
        counts=counts,
        without={name: passed[name] for name in conditions},
    )


def _counted(conditions: Mapping[str, Q], *, invented: bool) -> Iterator[tuple[str, int, dict[str, Any]]]:
    """The filter that was left out, how many clauses, and what they have in common, by filter: nothing where it is all
    that pass. What passes all filters is counted for every other one; without one of them, for that one alone.
    """
    parts = [_in_sets(_passing(conditions, invented=invented))]
    for name in conditions:
        others = {other: condition for other, condition in conditions.items() if other != name}
        parts.append(_in_one(name, _passing(others, invented=invented)))
    statement = " UNION ALL ".join(sql for sql, _ in parts)
    with connection.cursor() as cursor:
        cursor.execute(statement, [value for _, values in parts for value in values])
        for without, held, *row in cursor.fetchall():
            yield without, held, {name: value for name, value in zip(COLUMNS, row, strict=True) if value is not None}


def _passing(conditions: Mapping[str, Q], *, invented: bool) -> Sql:
    entries = RegistryEntry.objects.filter(*conditions.values(), invented=invented)
    return entries.values(*COLUMNS.values()).query.sql_with_params()


def _in_sets(passing: Sql) -> Sql:
    """Each set of columns by itself, and all together. No column is ever null."""
    sql, values = passing
    sets = ", ".join(f"({', '.join(together.values())})" for together in COUNTED)
    columns = ", ".join(COLUMNS.values())
    return f"SELECT '', count(*), {columns} FROM ({sql}) AS passing GROUP BY GROUPING SETS ({sets}, ())", values


def _in_one(name: str, passing: Sql) -> Sql:
    """By the column of one filter: PostgreSQL shares the rows among its workers, which it does not for several sets."""
    sql, values = passing
    columns = ", ".join(column if other == name else "NULL" for other, column in COLUMNS.items())
    grouped = f"GROUP BY {COLUMNS[name]}" if name in COLUMNS else ""
    return f"SELECT %s, count(*), {columns} FROM ({sql}) AS passing {grouped}", [name, *values]
