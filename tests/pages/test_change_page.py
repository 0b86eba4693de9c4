"""The page of a change: what it says follows from the record, whatever became of it; hostile words stay words."""

import pytest
from django.test import Client
from django.utils import timezone

from clauses.models import ChangedProvision
from conductatlas import actors
from platforms.actions import judge, save_change, withhold_text
from platforms.models import Change, Document, Snapshot
from tests import factories
from tests.pages.reading import find_all, main_text, page, text_of

OBSERVED = [3, 4, 5, 6, 7, 8, 9, 10]
HOSTILE = "<script>alert(1)</script> ]]> <b onclick=x>&amp; \u202edlog htiw yaP\u202c \u2067now\u2069"

pytestmark = pytest.mark.django_db


def squeezed(text: str) -> str:
    return " ".join(text.split())


def read(client: Client, change: Change, status: int = 200) -> str:
    response = client.get(change.get_absolute_url())
    assert response.status_code == status
    page(response)  # valid HTML
    return squeezed(main_text(response))


def a_change(before: str = factories.TEXT, after: str | None = None) -> Change:
    """An observed change of a document of its own."""
    document = factories.a_document()
    factories.a_snapshot(document, before, "2026-01-10")
    factories.a_snapshot(document, after or f"{before}\nYou owe us ten coins every month.\n", "2026-02-10")
    return Change.objects.get(document=document)


@pytest.mark.parametrize("number", OBSERVED)
def test_it_says_what_its_record_says(client: Client, number: int) -> None:
    change = Change.objects.select_related("document__platform", "before__version", "after__version").get(number=number)
    text = read(client, change)
    assert change.headline in text
    assert f"Observed by us, {change.get_review_display()}." in text
    for sentence in change.removed + change.added:
        assert squeezed(sentence) in text
    assert text.count(squeezed(change.summary)) == 1 if change.summary else "Nobody has described this change" in text
    assert f"version {change.before.version.number} of" in text
    assert f"version {change.after.version.number} of" in text
    links = [link.get("href") for link in find_all(client.get(change.get_absolute_url()), ".//main//a")]
    place = change.document.get_absolute_url()
    assert f"{place}redline/{change.before.version.number}..{change.after.version.number}/" in links
    touched = ChangedProvision.objects.filter(change=change).select_related("provision__document__platform")
    assert ("Clauses it concerns" in text) == bool(touched)
    for link in touched:
        assert link.provision.title in text
        assert link.provision.get_absolute_url() in links


@pytest.mark.parametrize("number", OBSERVED)
def test_the_sentences_stand_below_their_own_heading(client: Client, number: int) -> None:
    change = Change.objects.get(number=number)
    response = client.get(change.get_absolute_url())
    for mark, sentences in (("del", change.removed), ("ins", change.added)):
        shown = find_all(response, f".//section[@aria-labelledby='sentences-{mark}']//{mark}")
        assert [squeezed(text_of(element)) for element in shown] == [squeezed(sentence) for sentence in sentences]


def test_only_silent_changes_say_so(client: Client) -> None:
    silent = {change.number for change in Change.objects.filter(number__in=OBSERVED, silent=True)}
    assert silent
    said = {
        number
        for number in OBSERVED
        if "Changed under the same date" in read(client, Change.objects.get(number=number))
    }
    assert said == silent
    assert "last updated on 1 Oct 2024" in read(client, Change.objects.get(number=4))


def test_a_withdrawn_change_says_when_and_after_how_long(client: Client) -> None:
    assert "Withdrawn on 6 Oct 2025" in read(client, Change.objects.get(number=9))
    assert "after 20 days." in read(client, Change.objects.get(number=9))
    assert "Withdrawn" not in read(client, Change.objects.get(number=4))


def test_a_change_that_came_back_says_both_days(client: Client) -> None:
    change = a_change()
    factories.a_snapshot(change.document, factories.TEXT, "2026-03-10")
    factories.a_snapshot(change.document, change.after.text.content, "2026-04-10")
    assert "Withdrawn on 10 Mar 2026 and back since 10 Apr 2026." in read(client, change)


def test_noise_keeps_its_page_and_leaves_every_list(client: Client) -> None:
    change = a_change()
    change.review, change.reviewed_at, change.reviewed_by = "noise", timezone.now(), actors.catalogue()
    save_change(change, by=actors.catalogue())
    assert "This was no real change" in read(client, change, 410)
    place = change.document
    for address in (place.get_absolute_url(), f"{place.get_absolute_url()}history/", place.platform.get_absolute_url()):
        assert change.get_absolute_url() not in client.get(address).content.decode()


def test_a_superseded_change_keeps_its_page_and_names_what_holds_now(client: Client) -> None:
    document = factories.a_document()
    factories.a_snapshot(document, factories.TEXT, "2026-01-10")
    between = factories.a_snapshot(document, f"{factories.TEXT}\nYou owe us ten coins.\n", "2026-02-10")
    factories.a_snapshot(document, f"{factories.TEXT}\nYou owe us ten coins.\n\nYou owe us a hat.\n", "2026-03-10")
    first, second = Change.objects.filter(document=document).order_by("number")
    judge(snapshot=between, judgement="quarantined", reason="It was another page.", by=actors.catalogue())
    gone = [change for change in Change.objects.filter(document=document) if change.is_superseded]
    assert {change.pk for change in gone} >= {first.pk}
    for change in gone:
        text = read(client, change, 410)
        assert change.superseded_reason in text
        assert "in no list and no figure" in text
        if change.superseded_by:
            assert f"What holds now: {change.superseded_by.record_id}" in text
    assert any(change.superseded_by for change in gone)
    assert second.number


def test_a_reported_change_has_no_differences_and_says_that_it_is_not_checked(client: Client) -> None:
    text = read(client, Change.objects.get(number=1))
    assert "As reported, not checked" in text
    assert "there are no differences to show" in text
    assert "Taken out" not in text
    assert "word by word" not in text


def test_the_words_of_a_withheld_text_are_gone_and_their_number_stays(client: Client) -> None:
    change = a_change(after=factories.TEXT.replace("The end.", "You owe us ten coins every month."))
    withhold_text(text=change.after.text, reason="A court ordered it.", by=actors.catalogue())
    text = read(client, change)
    assert "ten coins" not in text
    assert "withheld under a legal order" in text


def test_very_many_sentences_are_folded_and_all_there(client: Client) -> None:
    rules = [f"Rule {number} forbids the thing of number {number} in every country." for number in range(140)]
    before, after = ("# Terms\n\n" + "\n\n".join(rules[:count]) for count in (100, 140))
    change = a_change(before, after)
    response = client.get(change.get_absolute_url())
    assert len(find_all(response, ".//ul[@class='sentences']/li/ins")) == change.added_count == 40
    assert len(find_all(response, ".//details//ins")) == 10
    assert "10 more sentences" in main_text(response)


@pytest.mark.parametrize("record", ["CA-C-999999", "CA-D-00001", "CA-C-", "CA-C-0x", "nonsense", "CA-C-000001%00"])
def test_no_such_change(client: Client, record: str) -> None:
    assert client.get(f"/change/{record}/").status_code == 404


def test_hostile_words_of_a_text_stay_words_wherever_they_are_shown(client: Client) -> None:
    before = f"# Terms\n\nWe keep this: {HOSTILE} for ten days.\n\nThe end of it is here.\n"
    change = a_change(before, before.replace("ten days", "a hundred days"))
    document: Document = change.document
    change.title = f"Kept longer: {HOSTILE}"
    save_change(change, by=actors.catalogue())
    place = document.get_absolute_url()
    shown = (
        change.get_absolute_url(),
        f"{place}redline/1..2/",
        f"{place}history/",
        place,
        f"{place}versions/1/",
        document.platform.get_absolute_url(),
        "/",
    )
    for address in shown:
        response = client.get(address)
        assert response.status_code == 200
        parsed = page(response)
        scripts = [script for script in parsed.iter("script") if "alert" in "".join(script.itertext())]
        assert not scripts, address
        assert not [element for element in parsed.iter() if element.get("onclick")], address
        assert "<script>alert" not in response.content.decode(), address
    for address in shown[:2]:
        assert "<script>alert(1)</script> ]]>" in squeezed(main_text(client.get(address))), address


def test_a_discarded_snapshot_leaves_no_change_behind_it_in_the_lists(client: Client) -> None:
    change = a_change()
    judge(
        snapshot=Snapshot.objects.get(pk=change.after_id),
        judgement="quarantined",
        reason="It was another page.",
        by=actors.catalogue(),
    )
    assert Change.objects.get(pk=change.pk).is_superseded
    assert change.get_absolute_url() not in client.get(f"{change.document.get_absolute_url()}history/").content.decode()
