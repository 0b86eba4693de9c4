"""Transitions and observed changes, worked out anew from the texts of a document."""

from typing import Any

from django.db.models import F

from platforms.deriving import SAID, Link, links, said_of, transition_of
from platforms.lineage import METHOD, Fate, Lineage, fates
from platforms.models import Change, Document, Transition, Version
from platforms.outlines import Outlined
from platforms.reading import projected, words_of
from platforms.vocabulary import ChangeKind

from .findings import Findings

STEP = ("kind", "reason", "before", "removed", "added", "fingerprint", "essence", "stated_on", "declared")


def verify(document: Document, findings: Findings) -> dict[int, Outlined]:
    """Every step of its history, the changes that hold, and what became of them. Gives the outlines of the texts that
    were worked out anew, by their versions.

    A step from or to a withheld text cannot be worked out any more: what is stored of it is taken, and the counts of
    its change are compared with it.
    """
    numbers = dict(Version.objects.filter(document=document).values_list("pk", "number"))
    changes = _stored_changes(document)
    wanted, seen, met, outlines = set(), [], set(), {}
    for link in links(document, Lineage(language=document.language), anew=True):
        met.add(link.version.pk)
        if link.step:
            outlines[link.version.pk] = link.step.outline
        _verify_transition(document, link, numbers, findings)
        if link.is_change:
            wanted.add(link.pair)
            _verify_words(document, link, changes.get(link.pair), findings)
        seen.append(link.seen)
    for version in Transition.objects.filter(version__document=document).values_list("version", flat=True):
        if version not in met:
            findings.differ(_named(document, numbers[version]), "transition", "one", "none: it does not count")
    _verify_fates(changes, wanted, fates(seen), findings)
    return outlines


def _stored_changes(document: Document) -> dict[tuple[int, int], Change]:
    """Without their sentences: those are read one change at a time."""
    rows = Change.objects.filter(document=document, kind=ChangeKind.OBSERVED).light().order_by("number")
    return {(row.before_id, row.after_id): row for row in rows}


def _named(document: Document, version: int) -> str:
    return f"{document.record_id} version {version}"


def _verify_transition(document: Document, link: Link, numbers: dict[int, int], findings: Findings) -> None:
    record = _named(document, link.version.number)
    findings.checked["transitions"] += 1
    if link.row is None:
        findings.differ(record, "transition", None, link.step.kind)
    elif link.step is None:
        if not link.version.withheld_at:
            found = projected(words_of(link.version)).fingerprint
            findings.compare(record, "fingerprint", link.row.fingerprint, found)
    elif link.row.method != METHOD:
        findings.differ(record, "method", link.row.method, f"{METHOD}: `manage.py derive` brings it up to date")
    else:
        stored, found = (_facts(row, numbers) for row in (link.row, transition_of(link)))
        findings.compare_all(record, stored, found)


def _facts(row: Transition, numbers: dict[int, int]) -> dict[str, Any]:
    before = numbers.get(row.before_id) if row.before_id else None
    return {name: getattr(row, name) for name in STEP} | {"before": before and f"version {before}"}


def _verify_words(document: Document, link: Link, change: Change | None, findings: Findings) -> None:
    """The columns of one change that follow from its two texts."""
    if change is None:
        findings.differ(_named(document, link.version.number), "observed change", None, "one")
        return
    findings.checked["changes"] += 1
    stored = Change.objects.filter(pk=change.pk).values(*SAID).get()
    if link.step:
        findings.compare_all(change.record_id, stored, said_of(link), SAID)
        return
    counts = {"removed_count": link.row.removed, "added_count": link.row.added}
    findings.compare_all(change.record_id, stored, counts)
    withheld = Change.objects.filter(pk=change.pk).values_list(
        F("before__text__withheld_at"), F("after__text__withheld_at")
    )
    for name, since in zip(("removed", "added"), withheld.get(), strict=True):
        if since:
            findings.compare(change.record_id, f"{name}, of a withheld text", stored[name], [])


def _verify_fates(
    changes: dict[tuple[int, int], Change], wanted: set[tuple[int, int]], moments: dict, findings: Findings
) -> None:
    """Which changes hold, and when they were withdrawn and restored."""
    for pair, change in changes.items():
        record, fate = change.record_id, moments.get(pair, Fate())
        if pair in wanted and change.is_superseded:
            findings.differ(record, "superseded", f"since {change.superseded_at:%Y-%m-%d}", "no: it holds")
        elif pair not in wanted and not change.is_superseded:
            findings.differ(record, "superseded", "no", "yes: it is no change between two neighbouring texts")
        findings.compare(record, "withdrawn at", change.withdrawn_at, fate.withdrawn_at)
        findings.compare(record, "restored at", change.restored_at, fate.restored_at)
