"""The invented platform of the demo catalogue shows all that can become of a text and of a clause."""

import pytest

from clauses.models import ChangedProvision, QueueItem
from platforms.models import Change, Check, Document, Snapshot, Transition

pytestmark = pytest.mark.django_db
HERE = {"document__platform__slug": "pennowisk"}


def observed() -> dict[int, Change]:
    return {row.number: row for row in Change.objects.filter(kind="observed", superseded_at=None, **HERE)}


def test_transitions_of_every_common_kind() -> None:
    kinds = set(Transition.objects.filter(version__document__platform__slug="pennowisk").values_list("kind", flat=True))
    assert kinds == {"first", "substantive", "markup", "dates", "returned"}


def test_one_change_is_silent() -> None:
    (silent,) = [row for row in observed().values() if row.silent]
    assert silent.stated_before == silent.stated_after and silent.stated_after is not None
    assert (silent.removed_count, silent.added_count) == (1, 1)


def test_one_change_stood_for_weeks_and_was_withdrawn() -> None:
    (withdrawn,) = [row for row in observed().values() if row.is_withdrawn]
    assert withdrawn.stood_days == 20
    assert withdrawn.effective_words in " ".join(withdrawn.added)


def test_some_changes_are_reviewed_and_others_wait() -> None:
    reviewed = [row for row in observed().values() if row.review == "confirmed"]
    assert all(row.title and row.summary and row.severity and row.direction for row in reviewed)
    assert 0 < len(reviewed) < len(observed())


def test_an_error_page_is_set_aside_and_touches_nothing() -> None:
    page = Snapshot.objects.get(document__platform__slug="pennowisk", http_status=503)
    assert page.verdicts.get().judgement == "quarantined"
    assert not Change.objects.filter(after=page).exists() and not Change.objects.filter(before=page).exists()
    assert not page.text.proofs.exists()


def test_noise_is_a_check_and_no_change() -> None:
    noise = Check.objects.filter(outcome="noise", snapshot__isnull=False, **HERE)
    assert noise.count() == 2
    assert not Change.objects.filter(after__in=noise.values("snapshot")).exists()


def test_clauses_were_introduced_reworded_removed_and_restored() -> None:
    rows = ChangedProvision.objects.filter(change__document__platform__slug="pennowisk", change__kind="observed")
    touched = {(row.provision.slug, row.how) for row in rows.select_related("provision")}
    assert {
        ("paid-plans-renew-by-themselves", "introduced"),
        ("cap-on-what-pennowisk-owes", "reworded"),
        ("no-sale-of-personal-information", "removed"),
        ("notice-before-the-terms-change", "restored"),
        ("visits-counted-only-after-you-agree", "reworded"),
    } <= touched


def test_a_proposal_waits_for_an_analyst() -> None:
    waiting = QueueItem.objects.filter(provision__document__platform__slug="pennowisk", settled_at=None)
    doubts = {row.provision.slug: row for row in waiting.select_related("provision", "proof__text")}
    cap = doubts["cap-on-what-pennowisk-owes"]
    _, start, end = cap.proof.candidates[0]
    assert (
        cap.doubt == "reworded" and "six months before the event, or 50 US dollars" in cap.proof.text.content[start:end]
    )
    assert doubts["no-sale-of-personal-information"].doubt == "gone"
    assert doubts["blocking-and-removing-what-you-made"].doubt == "ambiguous"
    assert "visits-counted-only-after-you-agree" not in doubts, "its words are back"


def test_one_policy_has_editions_for_two_markets() -> None:
    rows = Document.objects.filter(family="pennowisk-cookie-policy").values_list("market__code", flat=True)
    assert sorted(rows) == ["EU", "US"]
