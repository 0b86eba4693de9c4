"""What follows from the texts of a document that count: transitions, changes, and what clauses make of them.

What was derived is written as letters too: `AB` is the change from the text A to the text B.
"""

from datetime import timedelta

import pytest

from clauses.evidence import evidence_for
from clauses.models import ChangedProvision, Proof, QueueItem
from platforms import lineage
from platforms.actions import judge, record_snapshot, settle_transition, withhold_text
from platforms.deriving import derive, numbering
from platforms.models import Change, Document, Snapshot, Transition, Version

from . import factories
from .lettered import FIRST_DAY, TEXTS, WORDS, by, seen

pytestmark = pytest.mark.django_db
LETTERS = {content: letter for letter, content in TEXTS.items()}


def history(letters: str, document: Document | None = None) -> tuple[Document, list[Snapshot]]:
    """One text a day; a small letter is one that was set aside."""
    document = document or factories.a_document(language="en")
    verdicts = ["accepted" if letter.isupper() else "quarantined" for letter in letters]
    return document, [
        seen(document, letter.upper(), day, verdict)
        for day, (letter, verdict) in enumerate(zip(letters, verdicts, strict=True))
    ]


def kinds(document: Document) -> list[str]:
    rows = Transition.objects.filter(version__document=document).order_by("version__snapshot__captured_at")
    return list(rows.values_list("kind", flat=True))


def named(change: Change) -> str:
    return LETTERS[change.before.text.content] + LETTERS[change.after.text.content]


def days(moment) -> int | None:
    return moment and (moment - FIRST_DAY).days


def standing(document: Document) -> dict[str, tuple[int | None, int | None]]:
    """The changes that hold, each with the days on which it was withdrawn and restored."""
    rows = document.changes.filter(superseded_at=None).order_by("first_observed_at")
    return {named(row): (days(row.withdrawn_at), days(row.restored_at)) for row in rows}


def superseded(document: Document) -> dict[str, str | None]:
    """The changes that no longer hold, each with the one in its place."""
    rows = document.changes.exclude(superseded_at=None)
    return {named(row): row.superseded_by and named(row.superseded_by) for row in rows}


# Returns


@pytest.mark.parametrize(
    ("letters", "changes"),
    [
        ("A", {}),
        ("AAB", {"AB": (None, None)}),
        ("ABA", {"AB": (2, None)}),
        ("ABAB", {"AB": (2, 3)}),
        ("ABCA", {"AB": (3, None), "BC": (3, None)}),
        ("ABCB", {"AB": (None, None), "BC": (3, None)}),
        ("ABABABA", {"AB": (6, None)}),
        ("AbA", {}),
        ("AbC", {"AC": (None, None)}),
    ],
)
def test_returns_make_no_change_and_withdraw_the_one_that_they_undo(letters, changes):
    document, _ = history(letters)
    assert standing(document) == changes
    assert superseded(document) == {}


def test_a_withdrawn_change_tells_how_long_it_stood():
    document, _ = history("AB")
    record_snapshot(
        document=document,
        content=TEXTS["A"],
        captured_at=FIRST_DAY + timedelta(days=9, hours=-1),
        judgement="accepted",
        by=by(),
    )
    change = document.changes.get()
    assert (change.is_withdrawn, change.stood_days) == (True, 7)
    seen(document, "B", 20)
    change.refresh_from_db()
    assert (change.is_withdrawn, change.stood_days) == (False, 7)


# Verdicts


def test_a_released_text_in_the_middle_supersedes_what_spanned_it_until_it_is_discarded():
    document, (_, middle, _) = history("AbC")
    spanning = document.changes.get()
    assert kinds(document) == ["first", "substantive"]
    judge(snapshot=middle, judgement="released", reason="It is one.", by=by())
    assert kinds(document) == ["first", "substantive", "substantive"]
    assert standing(document) == {"AB": (None, None), "BC": (None, None)}
    spanning.refresh_from_db()
    assert superseded(document) == {"AC": "BC"}
    assert spanning.superseded_reason == "A text from between its two texts counts now."
    assert middle.version.number == 3

    numbers = dict(document.changes.values_list("number", "pk"))
    judge(snapshot=middle, judgement="discarded", reason="It is none.", by=by())
    assert standing(document) == {"AC": (None, None)}
    assert superseded(document) == {"AB": "AC", "BC": "AC"}
    reasons = set(document.changes.exclude(superseded_at=None).values_list("superseded_reason", flat=True))
    assert reasons == {"One of its two texts no longer counts as a text of the document."}
    spanning.refresh_from_db()
    assert (spanning.superseded_at, spanning.superseded_by, spanning.superseded_reason) == (None, None, "")

    judge(snapshot=middle, judgement="released", reason="It is one after all.", by=by())
    assert standing(document) == {"AB": (None, None), "BC": (None, None)}
    assert superseded(document) == {"AC": "BC"}
    assert dict(document.changes.values_list("number", "pk")) == numbers
    assert Version.objects.get(snapshot=middle).number == 3


def test_a_discarded_first_text_leaves_a_first_one():
    document, (first, *_) = history("ABA")
    judge(snapshot=first, judgement="discarded", reason="It is none.", by=by())
    assert kinds(document) == ["first", "substantive"]
    assert standing(document) == {"BA": (None, None)}
    assert superseded(document) == {"AB": None}


def test_a_discarded_text_can_end_a_return():
    document, (_, _, middle, _) = history("ABCB")
    assert kinds(document)[-1] == "returned"
    judge(snapshot=middle, judgement="discarded", reason="It is none.", by=by())
    assert kinds(document) == ["first", "substantive", "identical"]
    assert standing(document) == {"AB": (None, None)}
    assert superseded(document) == {"BC": None}


def test_when_an_early_text_is_discarded_what_was_a_return_to_it_is_a_change():
    document, (first, *_) = history("ABCA")
    assert kinds(document) == ["first", "substantive", "substantive", "returned"]
    judge(snapshot=first, judgement="discarded", reason="It is none.", by=by())
    assert kinds(document) == ["first", "substantive", "substantive"]
    assert standing(document) == {"BC": (None, None), "CA": (None, None)}
    judge(snapshot=first, judgement="released", reason="It is one.", by=by())
    assert standing(document) == {"AB": (3, None), "BC": (3, None)}
    assert superseded(document) == {"CA": None}


def test_a_text_that_arrives_late_takes_its_place():
    document, _ = history("A")
    seen(document, "C", 4)
    seen(document, "B", 2)
    assert standing(document) == {"AB": (None, None), "BC": (None, None)}
    assert superseded(document) == {"AC": "BC"}
    in_time = Version.objects.filter(document=document).order_by("snapshot__captured_at")
    assert list(in_time.values_list("number", flat=True)) == [1, 3, 2]


# Withheld, technical, declared


def test_a_withheld_text_keeps_its_place_in_the_chain():
    document, (_, middle, _) = history("ABC")
    before = standing(document)
    withhold_text(text=middle.text, reason="order 5", by=by())
    numbers = list(document.changes.values_list("number", flat=True))
    derive(document, by=by())
    assert kinds(document) == ["first", "substantive", "substantive"]
    assert list(document.changes.values_list("number", flat=True)) == numbers
    assert not document.changes.exclude(superseded_at=None).exists()
    assert len(before) == 2
    seen(document, "B", 5, "quarantined")
    seen(document, "A", 6)
    assert kinds(document)[-1] == "returned"
    gone = document.changes.filter(superseded_at=None).values_list("withdrawn_at", flat=True)
    assert set(map(days, gone)) == {6}


def test_a_text_after_a_withheld_one_is_compared_with_the_last_that_can_be_read():
    document, (_, last) = history("AB")
    withhold_text(text=last.text, reason="order 5", by=by())
    seen(document, "C", 4)
    assert kinds(document) == ["first", "substantive", "substantive"]
    newest = Transition.objects.filter(version__document=document).order_by("-version__snapshot__captured_at").first()
    assert newest.before.snapshot.text_id == document.snapshots.order_by("captured_at").first().text_id


def test_a_new_reading_is_a_change_when_an_analyst_says_so_and_stays_one():
    document, _ = history("A")
    seen(document, "B", 1, technical=True)
    seen(document, "C", 2)
    assert kinds(document) == ["first", "extraction", "substantive"]
    assert standing(document) == {"BC": (None, None)}
    transition = Transition.objects.get(version__document=document, kind="extraction")
    settle_transition(transition=transition, declared=True, by=by())
    assert standing(document) == {"AB": (None, None), "BC": (None, None)}
    change = document.changes.get(first_observed_at=FIRST_DAY + timedelta(days=1))
    assert (change.removed_count, change.added_count) == (2, 2)
    derive(document, by=by(), anew=True)
    assert standing(document) == {"AB": (None, None), "BC": (None, None)}
    seen(document, "A", 3)
    assert standing(document) == {"AB": (3, None), "BC": (3, None)}
    transition = Transition.objects.get(version__document=document, kind="extraction")
    settle_transition(transition=transition, declared=False, by=by())
    assert standing(document) == {"BC": (3, None)}
    assert "Looked at again, it is no change" in document.changes.exclude(superseded_at=None).get().superseded_reason


def test_another_method_works_out_all_that_can_be_read(monkeypatch):
    document, _ = history("ABA")
    Transition.objects.filter(version__document=document).update(added=77)
    Change.objects.filter(document=document).update(removed=[], removed_count=0)
    derive(document, by=by())
    assert set(Transition.objects.filter(version__document=document).values_list("added", flat=True)) == {77}
    Transition.objects.filter(version__document=document).update(method=lineage.METHOD - 1)
    number = document.changes.get().number
    derive(document, by=by())
    assert 77 not in Transition.objects.filter(version__document=document).values_list("added", flat=True)
    assert (document.changes.get().number, document.changes.get().removed_count) == (number, 2)


def test_an_analysts_review_of_a_change_outlives_derivation():
    document, (_, middle, _) = history("AbC")
    change = document.changes.get()
    Change.objects.filter(pk=change.pk).update(title="Prices rise", summary="They rise.", severity="high")
    judge(snapshot=middle, judgement="released", reason="It is one.", by=by())
    judge(snapshot=middle, judgement="discarded", reason="It is none.", by=by())
    change.refresh_from_db()
    assert (change.title, change.summary, change.severity, change.superseded_at) == (
        "Prices rise", "They rise.", "high", None,
    )  # fmt: skip


def test_numbers_can_be_given_to_changes_that_are_seen_for_the_first_time():
    document, (first, middle, _) = history("AbC")
    with numbering({(first.number, middle.number): 77_001}):
        judge(snapshot=middle, judgement="released", reason="It is one.", by=by())
    assert document.changes.get(after=middle).number == 77_001
    assert document.changes.get(before=middle).number != 77_001


# Clauses


def test_proofs_touches_and_the_queue_follow():
    document, (_, middle, _) = history("AbC")
    quotation = factories.a_quotation(factories.a_provision(document), WORDS)

    def touches() -> dict[str, str]:
        rows = ChangedProvision.objects.filter(provision=quotation.provision, change__superseded_at=None)
        return {
            named(row.change): row.how for row in rows.select_related("change__before__text", "change__after__text")
        }

    def states() -> list[str]:
        return [look.state for look in evidence_for(quotation.provision, quotation).looks]

    def waiting() -> list[str]:
        rows = QueueItem.objects.filter(provision=quotation.provision, settled_at=None)
        return list(rows.values_list("doubt", flat=True))

    assert (states(), touches(), waiting()) == (["exact", "exact"], {}, [])
    assert not Proof.objects.filter(text=middle.text, quotation=quotation).exists()
    judge(snapshot=middle, judgement="released", reason="It is one.", by=by())
    assert states() == ["exact", "absent", "exact"]
    assert touches() == {"AB": "removed", "BC": "restored"}
    assert waiting() == []
    late = seen(document, "D", 5)
    assert (states()[-1], touches()["CD"], waiting()) == ("absent", "removed", ["gone"])
    judge(snapshot=late, judgement="discarded", reason="It is none.", by=by())
    judge(snapshot=middle, judgement="discarded", reason="It is none.", by=by())
    assert (states(), touches(), waiting()) == (["exact", "exact"], {}, [])
