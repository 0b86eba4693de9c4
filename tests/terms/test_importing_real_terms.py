"""What two real collections become: error pages are set aside, and changes are those of words."""

from collections import Counter
from collections.abc import Iterable
from datetime import date
from re import compile as pattern

import pytest
from django.db.models import Q

from clauses.evidence import evidence_for
from clauses.models import ChangedProvision, QueueItem
from platforms.models import Change, Check, Document, Snapshot, Version
from platforms.plaintext import project
from platforms.redline import redline

from .. import factories
from ..archives import bundle_of
from .small import imported, same_in_parts

pytestmark = pytest.mark.usefixtures("empty")


def words_in_all(texts: Iterable[str]) -> str:
    """A sentence that stands in each of these texts, in as few places as there are; empty where there is none."""
    first, *others = texts
    held = project(first)
    sentences = (first[slice(*held.balanced_span(*span))] for span in held.sentences)
    found = {
        words: max(text.count(words) for text in (first, *others))
        for words in sentences
        if 60 <= len(words) <= 300 and first.count(words) == 1 and all(words in text for text in others)
    }
    return min(found, key=found.__getitem__, default="")


def undisturbed(document: Document, set_aside: list[Snapshot]) -> bool:
    """Checks that texts that were set aside stand in the list of checks and nowhere else, and that words which all
    texts from just before to just after them hold were never missed. Whether there are such words.
    """
    assert {one.verdicts.get().judgement for one in set_aside} == {"quarantined"}
    assert not Version.objects.filter(snapshot__in=set_aside).exists()
    assert not Change.objects.filter(Q(before__in=set_aside) | Q(after__in=set_aside)).exists()
    checks = list(Check.objects.filter(snapshot__in=set_aside))
    assert len(checks) == len(set_aside)
    assert all(check.outcome == "quarantined" and check.reason for check in checks)
    texts = list(document.snapshots.filter(version__counts=True).order_by("captured_at"))
    before = [one for one in texts if one.captured_at < set_aside[0].captured_at][-1:]
    after = [one for one in texts if one.captured_at > set_aside[-1].captured_at][:1]
    between = [one for one in texts if set_aside[0].captured_at < one.captured_at < set_aside[-1].captured_at]
    around = [*before, *between, *after]
    assert len(around) >= 2
    words = words_in_all(one.text.content for one in around)
    if not words:
        return False
    quotation = factories.a_quotation(factories.a_provision(document), words)
    looks = evidence_for(quotation.provision, quotation).looks
    names = {one.text_id for one in set_aside}
    assert not names & {look.sha256 for look in looks}
    assert not quotation.proofs.filter(text__in=names).exists()
    places = {one.version.number: one.text.content.count(words) for one in around}
    seen = {look.version: look.state for look in looks if look.version in places}
    assert seen.keys() == places.keys()
    for number, state in seen.items():
        assert state in ({"exact", "normalised"} if places[number] == 1 else {"ambiguous", "exact"}), words
    told = ChangedProvision.objects.filter(provision=quotation.provision, change__after__in=around[1:])
    assert {row.how for row in told} <= ({"unclear"} if max(places.values()) > 1 else set())
    if around[-1] == texts[-1]:
        waiting = QueueItem.objects.filter(provision=quotation.provision, settled_at=None)
        assert {item.doubt for item in waiting} <= ({"ambiguous"} if places[around[-1].version.number] > 1 else set())
    return True


@pytest.mark.slow
def test_redirecting_is_set_aside_and_demotes_nothing() -> None:
    imported(bundle_of("genai-eu"), only=pattern("^Le Chat/"))
    documents = Document.objects.filter(collection_path__startswith="Le Chat/")
    followed = Counter()
    for document in documents:
        of_the_day = document.snapshots.filter(captured_at__date=date(2025, 12, 15))
        set_aside = [one for one in of_the_day if one.text.content.startswith("Redirecting")]
        if set_aside:
            followed[undisturbed(document, set_aside)] += 1
    assert followed == {True: 4}


@pytest.mark.slow
def test_error_pages_are_set_aside_and_demote_nothing() -> None:
    imported(bundle_of("genai-contrib"), only=pattern("^Llama API/Acceptable Use Policy$"))
    document = Document.objects.get()
    set_aside = [one for one in document.snapshots.all() if not hasattr(one, "version")]
    assert len(set_aside) >= 60
    assert undisturbed(document, [one for one in set_aside if one.captured_at.date() < date(2026, 7, 1)])
    assert undisturbed(document, [one for one in set_aside if one.captured_at.date() > date(2026, 7, 10)])


@pytest.mark.slow
def test_a_policy_whose_links_rotate_changes_when_its_words_do() -> None:
    imported(bundle_of("genai-contrib"), only=pattern(r"^Claude\.ai/Privacy Policy$"), since=date(2025, 8, 1))
    document = Document.objects.get()
    quiet = document.checks.filter(checked_at__date__range=(date(2026, 6, 29), date(2026, 7, 1)))
    assert quiet.count() >= 3
    assert not document.changes.filter(first_observed_at__date__range=(date(2026, 6, 29), date(2026, 7, 1))).exists()
    change = document.changes.get(first_observed_at__date=date(2025, 8, 29))
    assert list(document.changes.filter(first_observed_at__date=date(2025, 8, 29))) == [change]
    words = {"inserted": "", "deleted": ""}
    for block in redline(change.before.text.content, change.after.text.content).changes:
        for run in block.runs:
            if run.kind != "equal":
                words[run.kind] += f"{run.text} "
    assert "explicitly opted in to the use of your Inputs and Outputs for training" in words["deleted"]
    assert "unless you opt out" in words["inserted"] and "opt out" not in words["deleted"]
    assert "opted in" not in words["inserted"]


@pytest.mark.slow
def test_a_later_part_of_a_real_document_first_is_the_whole_in_the_end() -> None:
    part = same_in_parts(bundle_of("genai-eu"), date(2026, 3, 1), only=pattern("^(Le Chat|Midjourney)/"))
    assert part["snapshots"] > 10
