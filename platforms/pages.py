"""What the pages of a document's past show, loaded in a fixed number of queries."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from django.core.paginator import Page, Paginator
from django.utils import timezone

from platforms.models import Change, Check, Document, Transition, Version
from platforms.timeline import Moment, Timeline, timeline
from platforms.vocabulary import NOISE, ChangeKind, TransitionKind

CHECKS_ON_A_PAGE = 100
WITH_NEW_WORDS = [kind for kind in TransitionKind if kind not in NOISE]


@dataclass(frozen=True)
class Step:
    """A version with new words: what it did to the one before, and the change that it made, if any."""

    version: Version
    transition: Transition
    change: Change | None

    @property
    def moment(self) -> Moment:
        counted = self.transition.removed + self.transition.added
        return Moment(self.version.snapshot.captured_at.date(), counted, changed=self.change is not None)


@dataclass(frozen=True)
class HistoryPage:
    """Of one document, newest first. `checks` is there when they were asked for."""

    document: Document
    steps: Sequence[Step]
    versions: int
    checks: Page | None
    first_check: datetime | None
    last_check: datetime | None
    check_count: int

    @property
    def timeline(self) -> Timeline | None:
        if self.last_check is None:
            return None
        return timeline([step.moment for step in reversed(self.steps)], until=self.last_check.date())


def history_page(document: Document, *, checks_page: str | None) -> HistoryPage:
    """`checks_page`: the number of a page of checks, or None for none. A number that does not exist is the nearest."""
    counting = Version.objects.counting().filter(document=document)
    changes = Change.objects.filter(document=document, kind=ChangeKind.OBSERVED).public().light()
    by_after = {change.after_id: change for change in changes}
    versions = (
        counting.filter(transition__kind__in=WITH_NEW_WORDS)
        .select_related("snapshot", "transition__before")
        .newest_first()
    )
    looks = Check.objects.filter(document=document)
    facts = looks.order_by("checked_at").values_list("checked_at", flat=True)
    newest_checks = looks.select_related("snapshot__version").order_by("-checked_at", "-id")
    return HistoryPage(
        document=document,
        steps=[Step(version, version.transition, by_after.get(version.snapshot_id)) for version in versions],
        versions=counting.count(),
        checks=Paginator(newest_checks, CHECKS_ON_A_PAGE).get_page(checks_page) if checks_page is not None else None,
        first_check=facts.first(),
        last_check=facts.last(),
        check_count=looks.count(),
    )


@dataclass(frozen=True)
class Stood:
    """What stood at a document's address at the end of a day (UTC), and when the next other text was seen."""

    day: date
    version: Version
    until: Version | None


class NotYet(LookupError):
    """No text was held on that day; `first` is the first one that counts, if there is any."""

    def __init__(self, first: Version | None) -> None:
        super().__init__("no text was held on that day")
        self.first = first


def stood_at(document: Document, day: date) -> Stood:
    """NotYet before the first text. The caller refuses days that have not begun."""
    end = datetime.combine(day, time.min, UTC) + timedelta(days=1)
    counting = Version.objects.counting().filter(document=document).select_related("snapshot")
    version = counting.filter(snapshot__captured_at__lt=end).newest_first().first()
    if version is None:
        raise NotYet(counting.order_by("snapshot__captured_at").first())
    later = counting.filter(snapshot__captured_at__gte=end).exclude(snapshot__text=version.snapshot.text_id)
    return Stood(day, version, later.order_by("snapshot__captured_at").first())


def today() -> date:
    """The present day in UTC, in which all days of the site are reckoned."""
    return timezone.now().astimezone(UTC).date()
