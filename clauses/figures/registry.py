"""How many clauses of the registry fit, and how many would with one more value of a filter."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.db import connection
from django.db.models import Case, IntegerField, Q, Value, When

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
COLUMNS = [column for together in COUNTED for column in together.values()]
# One look at each row. `missed` has a bit for each filter that a row does not pass: a row that passes all of them
# counts for every facet, one that fails a single filter for the facet of that filter alone, others for none.
COUNT = """
SELECT GROUPING({columns}), {missed}, count(*), {columns}
FROM ({looked}) looked WHERE missed & (missed - 1) = 0 GROUP BY GROUPING SETS ({sets})
"""

Value_ = str | int


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
    bits = {name: 1 << position for position, name in enumerate(conditions)}
    by_miss: Counter[int] = Counter()
    counts: dict[str, Counter[Value_]] = {name: Counter() for together in COUNTED for name in together}
    for together, missed, count, values in _counted(conditions, bits, invented=invented):
        if together is COUNTED[0]:  # each row stands once in each set
            by_miss[missed] += count
        for name, column in together.items():
            if missed in (0, bits.get(name)):
                value = values[column]
                for one in value if isinstance(value, list) else [value]:
                    counts[name][one] += count
    return RegistryFigures(
        total=RegistryEntry.objects.filter(invented=invented).count(),
        found=by_miss[0],
        counts=counts,
        without={name: by_miss[0] + by_miss[bit] for name, bit in bits.items()},
    )


def _counted(
    conditions: Mapping[str, Q], bits: Mapping[str, int], *, invented: bool
) -> Iterator[tuple[Mapping[str, str], int, int, Mapping]]:
    """Which filters are counted together, what the rows missed, how many there are, and their columns."""
    missed = Value(0, output_field=IntegerField())
    for name, condition in conditions.items():
        missed = missed + Case(When(condition, then=0), default=bits[name], output_field=IntegerField())
    looked = RegistryEntry.objects.filter(invented=invented).annotate(missed=missed)
    sql, parameters = looked.values(*COLUMNS, "missed").query.sql_with_params()
    by_miss = ["missed"] if conditions else []  # a fifth of the time of the whole list, where nothing can be missed
    statement = COUNT.format(
        looked=sql,
        missed="missed" if conditions else "0",
        columns=", ".join(COLUMNS),
        sets=", ".join(f"({', '.join([*by_miss, *together.values()])})" for together in COUNTED),
    )
    grouped = {_grouping(together): together for together in COUNTED}
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        for grouping, row_missed, count, *values in cursor:
            yield grouped[grouping], row_missed, count, dict(zip(COLUMNS, values, strict=True))


def _grouping(together: Mapping[str, str]) -> int:
    """PostgreSQL's GROUPING of all columns in a row that these are grouped by: a bit for each other one, the first
    column's being the highest.
    """
    return sum(1 << position for position, column in enumerate(reversed(COLUMNS)) if column not in together.values())
