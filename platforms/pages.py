"""What the pages of a document's past show, loaded in a fixed number of queries."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby

from django.core.paginator import Page, Paginator
from django.db.models import Count, F, Max, Min
from django.utils import timezone

from platforms.models import Change, Check, Document, Transition, Version
from platforms.timeline import Moment, Timeline, timeline
from platforms.vocabulary import NOISE, ChangeKind, TransitionKind

CHECKS_ON_A_PAGE = 100
STEPS_ON_A_PAGE = 50
FEWEST_FOLDED = 4  # returns that follow one another; fewer are not worth folding
WITH_NEW_WORDS = [kind for kind in TransitionKind if kind not in NOISE]


@dataclass(frozen=True)
class Step:
    """A version with other words than the one before: what it did to that one, and the change that it made, if any.

    A return also says which changes it withdrew, and which ones it brought back.
    """

    version: Version
    transition: Transition
    change: Change | None
    withdrew: Sequence[Change] = ()
    restored: Sequence[Change] = ()

    @property
    def is_return(self) -> bool:
        return self.transition.kind == TransitionKind.RETURNED


@dataclass(frozen=True)
class HistoryPage:
    """Of one document, newest first. `steps` is one page of them, `moments` are all, oldest first, for the drawing;
    `checks` is there when they were asked for.
    """

    document: Document
    steps: Page
    moments: Sequence[Moment]
    versions: int
    changes: int
    checks: Page | None
    first_check: datetime | None
    last_check: datetime | None
    check_count: int

    @property
    def timeline(self) -> Timeline | None:
        return timeline(self.moments, until=self.last_check.date()) if self.last_check else None

    @property
    def groups(self) -> list[Sequence[Step]]:
        """The steps of the page, each on its own; many returns in a row, as of a page that comes in two forms, are one
        group.
        """
        found: list[Sequence[Step]] = []
        for returns, run in groupby(self.steps, key=lambda step: step.is_return):
            steps = list(run)
            found += [steps] if returns and len(steps) >= FEWEST_FOLDED else [[step] for step in steps]
        return found


def history_page(document: Document, *, steps_page: str | None, checks_page: str | None) -> HistoryPage:
    """`steps_page`: the number of a page of steps, None for the first; `checks_page`: of a page of checks, None for
    none. A number that does not exist is the nearest.
    """
    counting = Version.objects.counting().filter(document=document)
    changes = list(Change.objects.filter(document=document, kind=ChangeKind.OBSERVED).public().light())
    versions = counting.filter(transition__kind__in=WITH_NEW_WORDS).newest_first()
    counted = F("transition__removed") + F("transition__added")
    moments = versions.reverse().values_list("snapshot__captured_at", counted, "snapshot_id")
    changed = {change.after_id for change in changes}
    shown = Paginator(versions.select_related("snapshot", "transition__before"), STEPS_ON_A_PAGE).get_page(steps_page)
    shown.object_list = [_step(version, changes) for version in shown.object_list]
    looks = Check.objects.filter(document=document)
    facts = looks.aggregate(first=Min("checked_at"), last=Max("checked_at"), count=Count("pk"))
    newest_checks = looks.select_related("snapshot__version").order_by("-checked_at", "-id")
    return HistoryPage(
        document=document,
        steps=shown,
        moments=[Moment(at.date(), sentences, changed=after in changed) for at, sentences, after in moments],
        versions=counting.count(),
        changes=len(changes),
        checks=Paginator(newest_checks, CHECKS_ON_A_PAGE).get_page(checks_page) if checks_page is not None else None,
        first_check=facts["first"],
        last_check=facts["last"],
        check_count=facts["count"],
    )


def _step(version: Version, changes: Sequence[Change]) -> Step:
    at = version.snapshot.captured_at
    return Step(
        version,
        version.transition,
        next((change for change in changes if change.after_id == version.snapshot_id), None),
        withdrew=[change for change in changes if change.withdrawn_at == at],
        restored=[change for change in changes if change.restored_at == at],
    )


@dataclass(frozen=True)
class Neighbours:
    """The steps beside a redline, each as the two versions that it lies between; None at either end."""

    previous: tuple[Version, Version] | None
    following: tuple[Version, Version] | None


def neighbours(document: Document, *, before: Version, after: Version) -> Neighbours:
    """The last step with other words up to `before`, and the first one behind `after`."""
    steps = (
        Version.objects.counting()
        .filter(document=document, transition__kind__in=WITH_NEW_WORDS, transition__before__isnull=False)
        .select_related("snapshot", "transition__before")
        .newest_first()
    )
    earlier = steps.filter(snapshot__captured_at__lte=before.snapshot.captured_at).first()
    later = steps.filter(snapshot__captured_at__gt=after.snapshot.captured_at).last()
    return Neighbours(*((step.transition.before, step) if step else None for step in (earlier, later)))


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
