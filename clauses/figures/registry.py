"""How many clauses of the registry fit, and how many would with one more value of a filter."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Count, Q

from clauses.models import RegistryEntry, Traits

# Filter → the column of Traits that holds its value; a clause touches several laws.
COLUMNS = {
    "type": "clause_type",
    "severity": "severity",
    "kind": "document_kind",
    "sector": "sector",
    "market": "market",
    "proof": "proof",
    "confidence": "confidence",
    "law": "regulations",
}
PLATFORM = "platform"
OF_ENTRIES = (PLATFORM, "changed")  # filters by what each clause has for itself
ALL = "all"

Value_ = str | int
Conditions = Mapping[str, Q]
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


def registry_figures(conditions: Conditions, *, invented: bool = False) -> RegistryFigures:
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
    of_platforms = _of_platforms(_without(PLATFORM, conditions), invented=invented)
    passed[PLATFORM] = sum(of_platforms.values())
    return RegistryFigures(
        total=passed[ALL if len(conditions) > 1 else next(iter(conditions), "")],
        found=passed[""],
        counts={**counts, PLATFORM: of_platforms},
        without={name: passed[name] for name in conditions},
    )


def _counted(conditions: Conditions, *, invented: bool) -> Iterator[tuple[str, int, dict[str, Any]]]:
    """The filter that was left out, how many clauses, and what they have in common, by filter: nothing where it is all
    that pass. What passes all filters is counted for every other one; without one of them, for that one alone.

    Clauses are first counted by their traits, which an index answers, and then only the traits are looked at: there are
    far fewer of them.
    """
    helds: dict[Sql, str] = {}
    parts = [_part("", conditions, helds, invented=invented)]
    for name in conditions.keys() - {PLATFORM}:
        parts.append(_part(name, _without(name, conditions), helds, invented=invented))
    if len(conditions) > 1:  # without the only one it is all anyway
        parts.append(_part(ALL, {}, helds, invented=invented))
    counting = ", ".join(f"{name} AS ({sql})" for (sql, _), name in helds.items())
    statement = f"WITH {counting} {' UNION ALL '.join(sql for sql, _ in parts)}"
    with connection.cursor() as cursor:
        cursor.execute(statement, [value for _, values in [*helds, *parts] for value in values])
        for without, held, *row in cursor.fetchall():  # no column is ever null
            yield without, held, {name: value for name, value in zip(COLUMNS, row, strict=True) if value is not None}


def _part(without: str, conditions: Conditions, helds: dict[Sql, str], *, invented: bool) -> Sql:
    """The clauses that pass, by the column of the filter that was left out; where none was, by each column and all
    together. `helds`: the queries that count clauses by traits, and their names; this one's is added.
    """
    entries = RegistryEntry.objects.filter(*_of(conditions, entries=True))
    sql, values = entries.values("traits").annotate(held=Count("*")).query.sql_with_params()
    held = helds.setdefault((sql, tuple(values)), f"held_{len(helds)}")
    traits = Traits.objects.filter(*_of(conditions, entries=False), invented=invented)
    sql, values = traits.values("pk", *COLUMNS.values()).query.sql_with_params()
    sets = "" if without else ", ".join(f"({column})" for column in COLUMNS.values())
    kept = [column if not without or name == without else "NULL" for name, column in COLUMNS.items()]
    grouped = f"GROUPING SETS ({sets}, ())" if sets else COLUMNS.get(without, "()")
    return (
        f"SELECT %s, coalesce(sum(held), 0)::bigint, {', '.join(kept)}"
        f" FROM {held} JOIN ({sql}) AS sort ON sort.pk = traits GROUP BY {grouped}",
        [without, *values],
    )


def _of_platforms(conditions: Conditions, *, invented: bool) -> dict[Value_, int]:
    entries = RegistryEntry.objects.filter(*_of(conditions, entries=True))
    if common := _of(conditions, entries=False):
        entries = entries.filter(traits__in=Traits.objects.filter(*common, invented=invented))
    else:
        entries = entries.filter(invented=invented)
    return dict(entries.values_list("platform").annotate(held=Count("*")))


def _of(conditions: Conditions, *, entries: bool) -> list[Q]:
    """The conditions that look at each clause, or those that look at its traits."""
    return [condition for name, condition in conditions.items() if (name in OF_ENTRIES) == entries]


def _without(name: str, conditions: Conditions) -> Conditions:
    return {other: condition for other, condition in conditions.items() if other != name}
