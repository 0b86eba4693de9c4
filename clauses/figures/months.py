"""How many changes the documents of a platform made, month by month."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from django.db.models import Count, DateTimeField
from django.db.models.functions import Cast, Coalesce, TruncMonth

from platforms.models import Change, Document
from platforms.vocabulary import ChangeKind

MONTHS = 12
FEWEST_DRAWN = 5  # changes; fewer are told in a sentence alone
BAR, HEIGHT = 20, 48  # of the drawing, in its own units


@dataclass(frozen=True)
class Month:
    """The first day of a month and how many changes were observed in it; `x`, `y`, `height` of its bar."""

    day: date
    changes: int
    x: int
    y: float
    height: float


@dataclass(frozen=True)
class MonthFigures:
    """Changes in twelve months, this one among them, the oldest first. `held`: documents whose texts we hold, in which
    a change could be observed. `reported` ones are told by others and stand in no other figure; noise in none.
    """

    months: Sequence[Month]
    held: int
    reported: int

    @property
    def observed(self) -> int:
        return sum(month.changes for month in self.months)

    @property
    def told(self) -> list[Month]:
        """The months that had any."""
        return [month for month in self.months if month.changes]

    @property
    def drawn(self) -> bool:
        return self.observed >= FEWEST_DRAWN

    @property
    def width(self) -> int:
        return MONTHS * BAR


def months(documents: Sequence[Document], *, held: int, today: date) -> MonthFigures:
    """Of the changes of these documents, in one query."""
    first = _back(today, MONTHS - 1)
    seen = Coalesce("first_observed_at", Cast("reported_on", DateTimeField()))
    rows = (
        Change.objects.public()
        .filter(document__in=documents)
        .annotate(seen_at=seen)
        .filter(seen_at__gte=datetime(first.year, first.month, 1, tzinfo=UTC))
        .order_by()
        .values_list("kind", TruncMonth("seen_at", tzinfo=UTC))
        .annotate(Count("pk"))
    )
    counted = [(kind, month.date(), count) for kind, month, count in rows]
    observed = {month: count for kind, month, count in counted if kind == ChangeKind.OBSERVED}
    most = max(observed.values(), default=1)
    drawn = []
    for place in range(MONTHS):
        day = _back(today, MONTHS - 1 - place)
        height = round(HEIGHT * observed.get(day, 0) / most, 1)
        drawn.append(Month(day, observed.get(day, 0), x=place * BAR, y=round(HEIGHT - height, 1), height=height))
    reported = sum(count for kind, _, count in counted if kind == ChangeKind.REPORTED)
    return MonthFigures(drawn, held=held, reported=reported)


def _back(today: date, months: int) -> date:
    """The first day of the month so many months before."""
    year, month = divmod(today.year * 12 + today.month - 1 - months, 12)
    return date(year, month + 1, 1)
