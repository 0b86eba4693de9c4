"""Reading mode: words selected in a text become a clause, and what a text was read for is recorded."""

import re

import pytest
from django.contrib.auth.models import Permission, User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from clauses.models import Analysis, Provision, Reading
from clauses.vocabulary import AnalysisState
from conductatlas import actors
from platforms import actions as platform_actions
from tests import factories

from .forms import signed_in, told

MARKED = "* one &amp; two\n    * “three” …\n\n| a | b |\n|---|---|\n| `c` | ~~d~~ |\n\nend\u00ad of  it\nall\n"
pytestmark = pytest.mark.django_db

ASTRAL = (
    "# Terms 🦊\n\nWe like 🦊 **foxes** & [bears](https://bears.example/a_b). We keep 😀 your data.\n\nWe keep it.\n"
)


def address(snapshot, page: str = "read") -> str:
    return reverse(f"admin:platforms_snapshot_{page}", args=[snapshot.pk])


def spans(response) -> tuple:
    return response.context["choice"].spans


def words(response) -> tuple:
    taken = response.context["choice"].taken
    return taken.segments if taken else ()


@pytest.fixture
def viewer(people) -> Client:
    user = User.objects.create_user("viewer", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__startswith="view_"))
    return signed_in(user)


def test_every_run_of_the_page_says_which_slice_of_the_stored_text_it_shows(analyst):
    content = f"{ASTRAL}\n{MARKED}"
    page = analyst.get(address(factories.a_snapshot(factories.a_document(), content))).content.decode()
    runs = re.findall(r'data-at="(\d+)" data-to="(\d+)">([^<]*)</span>', page)
    for start, end, shown in runs:
        stored = content[int(start) : int(end)]
        assert shown.replace("&amp;", "&") in {stored, stored.replace("&amp;", "&"), " "}, (shown, stored)
    said = " ".join("".join(shown for *_, shown in runs).replace("&amp;", "&").split())
    assert "We like 🦊 foxes & bears. We keep 😀 your data." in said
    assert "end of it all" in said and "one & two" in said and "“three” …" in said
    assert "run--strong" in page and "run--link" in page and "run--code" in page


@pytest.mark.parametrize("cut", ["We like 🦊 **foxes** & [bears](https://bears.example/a_b).", "keep 😀 your data"])
def test_a_slice_becomes_a_clause_with_an_empty_draft(people, analyst, cut):
    document = factories.a_document()
    snapshot = factories.a_snapshot(document, ASTRAL)
    kind = factories.a_clause_type()
    start = ASTRAL.index(cut)
    sent = {"words": f"{start}-{start + len(cut)}", "title": "They keep it", "clause_type": kind.pk, "slug": ""}
    answer = analyst.post(address(snapshot, "new_clause"), sent | {"_new_clause": "1"})
    draft = Analysis.objects.get(provision__document=document)
    assert answer.url == reverse("admin:clauses_analysis_change", args=[draft.pk])
    assert analyst.get(answer.url).status_code == 200
    quotation, provision = draft.quotation, draft.provision
    assert quotation.segments == [cut]
    assert (quotation.taken_from_sha256, quotation.taken_from_at) == (snapshot.text_id, snapshot.captured_at)
    assert (provision.slug, provision.title, provision.clause_type) == ("they-keep-it", "They keep it", kind)
    assert (draft.state, draft.drafter) == (AnalysisState.DRAFT, people["analyst"])
    assert [answer.value for answer in draft.answers.all()] == ["unread", "unread"]
    proof = quotation.proofs.get()
    assert (proof.state, proof.spans) == ("exact", [[start, start + len(cut)]])
    page = analyst.get(address(snapshot)).content.decode()
    assert f'id="words-{provision.pk}"' in page and f'href="#clause-{provision.pk}"' in page


def test_what_is_selected_is_widened_to_whole_words_and_several_parts_can_be_taken(analyst):
    snapshot = factories.a_snapshot(factories.a_document())
    text = factories.TEXT
    keep, delete = text.index("keep what"), text.index("delete")
    page = analyst.post(address(snapshot), {"selected": f"{keep + 1}-{keep + 7}", "_take": "1"})
    assert words(page) == ("keep what",)
    kept = "-".join(map(str, spans(page)[0]))
    page = analyst.post(
        address(snapshot), {"words": kept, "selected": f"{delete}-{delete + 9}", "_add": "1", "title": "Mine"}
    )
    assert words(page) == ("keep what", "delete it")
    assert 'value="Mine"' in page.content.decode()
    assert spans(analyst.post(address(snapshot), {"words": kept, "_drop_all": "1"})) == ()


def test_sentences_are_taken_by_their_numbers(analyst):
    snapshot = factories.a_snapshot(factories.a_document())
    page = analyst.post(address(snapshot), {"first": "3", "last": "4", "_take": "1"})
    assert words(page) == (factories.WORDS,)
    assert [sentence.number for sentence in page.context["choice"].taken.sentences] == [1, 2]
    for first, last in (("0", "1"), ("3", "99"), ("x", ""), ("", ""), ("9" * 30, "1")):
        page = analyst.post(address(snapshot), {"first": first, "last": last, "_take": "1"})
        assert page.status_code == 200 and "There are sentences 1 to" in page.context["choice"].wrong
        assert page.context["choice"].first == first


@pytest.mark.parametrize("value", ["", "x", "5", "9-5", "0-999999999", "-1-5", "1-2-3", "²-³", "0-1"])
def test_slices_that_are_none_are_told(analyst, value):
    snapshot = factories.a_snapshot(factories.a_document())
    page = analyst.get(address(snapshot), {"words": value})
    assert page.status_code == 200
    assert spans(page) == () and "names no words of this text" in page.content.decode()


def test_words_that_stand_in_several_places_get_the_context_that_tells_them_apart(analyst):
    content = "# One\n\nWe may share your data.\n\n# Two\n\nWe may share your data.\n\nAnd we may share your data."
    snapshot = factories.a_snapshot(factories.a_document(), f"{content}\n")
    second = content.rindex("We may share")
    page = analyst.get(address(snapshot), {"words": f"{second}-{second + 23}"})
    taken = page.context["choice"].taken
    assert (taken.unique, taken.heading) == (True, "Two")
    kind = factories.a_clause_type()
    sent = {"words": f"{second}-{second + 23}", "title": "Shared", "clause_type": kind.pk, "_new_clause": "1"}
    analyst.post(address(snapshot, "new_clause"), sent)
    proof = Provision.objects.get(document=snapshot.document).quotations.get().proofs.get()
    assert (proof.state, proof.spans) == ("exact", [[second, second + 23]])


def test_pasted_words_are_found_proposed_or_missed_and_never_lost(analyst):
    snapshot = factories.a_snapshot(factories.a_document(), f"{factories.TEXT}\nTwice it says so. Twice it says so.\n")

    def pasted(paste: str):
        return analyst.post(address(snapshot), {"paste": paste, "_find": "1", "title": "Kept"})

    page = pasted("We keep what you\r\nwrite for as long as we like.")
    assert words(page) == ("We keep what you write for as long as we like.",)
    assert "only spacing" in page.content.decode()
    page = pasted("We keep what you write for […] You can ask us")
    assert words(page) == ("We keep what you write for", "You can ask us")
    page = pasted("Twice it says so.")
    assert words(page) == () and "several places" in page.content.decode()
    places = page.context["choice"].search.places
    assert len(places) == 2
    chosen = "-".join(map(str, places[1].span))
    assert words(analyst.post(address(snapshot), {"_take_place": chosen})) == ("Twice it says so.",)
    page = pasted("We keep what you write for as long as it is needed.")
    assert words(page) == () and "% alike" in page.content.decode()
    page = pasted("Nothing of the <kind> stands here at all, foxes & bears.")
    shown = page.content.decode()
    assert "Not in this text" in shown and "Nothing of the &lt;kind&gt; stands here at all, foxes &amp; bears." in shown
    assert 'value="Kept"' in shown or words(page) == ()
    assert "Nothing was pasted" in pasted(" \n ").content.decode()
    assert not Provision.objects.filter(document=snapshot.document).exists()


def test_clauses_that_say_nearly_the_same_are_pointed_out(analyst):
    document = factories.a_document()
    snapshot = factories.a_snapshot(document)
    same = factories.a_quotation(factories.a_provision(document, title="The same words")).provision
    like = factories.a_quotation(factories.a_provision(document, title="Nearly them"), words=factories.REWORDED)
    factories.a_quotation(factories.a_provision(document, title="Another"), words="These are the terms.")
    start = factories.TEXT.index(factories.WORDS)
    page = analyst.get(address(snapshot), {"words": f"{start}-{start + len(factories.WORDS)}"})
    found = [(one.provision, one.told) for one in page.context["alike"]]
    assert found[0] == (same, "some of these very words")
    assert [provision for provision, _ in found[1:]] == [like.provision] and "% the same" in found[1][1]
    assert "Is it one of them?" in page.content.decode()


def test_what_is_missing_is_told_and_nothing_is_lost(analyst):
    document = factories.a_document()
    snapshot = factories.a_snapshot(document)
    taken = {"words": "9-30", "clause_type": "999999", "title": "", "slug": "Not a slug", "_new_clause": "1"}
    page = analyst.post(address(snapshot, "new_clause"), taken)
    assert page.status_code == 200
    assert set(page.context["form"].errors) == {"title", "clause_type", "slug"}
    assert 'value="Not a slug"' in page.content.decode() and spans(page)
    kind = factories.a_clause_type()
    page = analyst.post(address(snapshot, "new_clause"), {"title": "Kept", "clause_type": kind.pk})
    assert "No words are selected" in page.content.decode() and 'value="Kept"' in page.content.decode()
    page = analyst.post(address(snapshot, "new_clause"), {"words": "9-12", "title": "Kept", "clause_type": kind.pk})
    assert "too few" in page.content.decode()
    factories.a_provision(document, slug="kept")
    sent = {"words": "9-30", "title": "Kept", "clause_type": kind.pk, "slug": "kept"}
    assert "address already" in analyst.post(address(snapshot, "new_clause"), sent).content.decode()
    assert not Analysis.objects.filter(provision__document=document).exists()
    analyst.post(address(snapshot, "new_clause"), sent | {"slug": ""})
    assert Analysis.objects.get(provision__document=document).provision.slug == "kept-2"


def test_suggestions_are_marked_for_the_chosen_type(analyst):
    document = factories.a_document()
    kind = factories.a_clause_type()
    kind.search_phrases = ["long retention", "as long as we must", "we like what"]
    kind.save()
    snapshot = factories.a_snapshot(document)
    page = analyst.get(address(snapshot), {"type": kind.slug})
    assert [one.number for one in page.context["page"].suggestions_of_chosen] == []
    kind.search_phrases = ["what you write is kept long", "ask deletion"]
    kind.save()
    page = analyst.get(address(snapshot), {"type": kind.slug})
    assert [one.words for one in page.context["page"].suggestions_of_chosen] == ["You can ask us to delete it."]
    assert f"may be about: {kind.name}" in page.content.decode()
    start = factories.TEXT.index("You can ask")
    page = analyst.get(address(snapshot), {"words": f"{start}-{start + 20}"})
    assert page.context["form"].initial["clause_type"] == str(kind.pk)


def test_a_text_is_read_for_a_type_and_read_again(people, analyst):
    document = factories.a_document()
    snapshot, kind = factories.a_snapshot(document), factories.a_clause_type()
    path = address(snapshot, "read_for")

    def press(**sent):
        return analyst.post(path, {"clause_type": kind.pk, "chosen": kind.slug, **sent}, follow=True)

    page = press(_absent="1")
    assert page.redirect_chain[-1][0] == f"{address(snapshot)}?type={kind.slug}"
    assert "absent" in told(page)
    reading = Reading.objects.get(document=document)
    assert (reading.found, reading.sha256, reading.captured_at) == (False, snapshot.text_id, snapshot.captured_at)
    assert (reading.read_by, reading.clause_type) == (people["analyst"], kind)
    headers = {"HX-Request": "true", "HX-Target": "types"}
    part = analyst.post(path, {"clause_type": kind.pk, "_found": "1"}, headers=headers, follow=True).content.decode()
    assert part.lstrip().startswith("<section") and 'data-read="found"' in part and "found." in part
    assert Reading.objects.get(document=document).found
    assert "Nothing was recorded" in told(press())
    assert "is no clause type" in told(analyst.post(path, {"clause_type": "x", "_found": "1"}, follow=True))
    factories.a_quotation(factories.a_provision(document, kind))
    assert "is a clause of this type and stands in this text" in told(press(_absent="1"))
    assert Reading.objects.get(document=document).found


def test_texts_that_do_not_count_are_not_read(analyst):
    document = factories.a_document()
    aside = factories.a_snapshot(document, "Error", judgement="quarantined")
    page = analyst.get(address(aside), follow=True)
    assert page.redirect_chain[-1][0] == address(aside, "change")
    assert "does not count" in told(page)
    kind = factories.a_clause_type()
    page = analyst.post(address(aside, "read_for"), {"clause_type": kind.pk, "_absent": "1"}, follow=True)
    assert "does not count" in told(page) and not Reading.objects.filter(document=document).exists()
    held = factories.a_snapshot(document, day="2026-02-28")
    platform_actions.withhold_text(text=held.text, reason="A court said so.", by=actors.catalogue())
    assert "withheld" in told(analyst.get(address(held), follow=True))


def test_who_may_only_look_sees_the_text_and_no_button_works(viewer):
    document = factories.a_document()
    snapshot, kind = factories.a_snapshot(document), factories.a_clause_type()
    page = viewer.get(address(snapshot))
    assert page.status_code == 200 and "as long as we like" in page.content.decode()
    assert "taking-form" not in page.content.decode() and "_absent" not in page.content.decode()
    sent = {"words": "9-30", "title": "Kept", "clause_type": kind.pk}
    assert viewer.post(address(snapshot), {"paste": "x", "_find": "1"}).status_code == 403
    assert viewer.post(address(snapshot, "new_clause"), sent).status_code == 403
    assert viewer.post(address(snapshot, "read_for"), {"clause_type": kind.pk, "_absent": "1"}).status_code == 403
    bare = signed_in(User.objects.create_user("bare", is_staff=True))
    assert bare.get(address(snapshot)).status_code == bare.get(f"{address(snapshot)}part/0/").status_code == 403
    assert not Provision.objects.filter(document=document).exists()
    assert not Reading.objects.filter(document=document).exists()


def test_a_long_text_comes_in_parts(analyst):
    content = "".join(f"## Part {n}\n\n{'We keep what you write. ' * 40}\n\nLine {n} ends.\n\n" for n in range(80))
    snapshot = factories.a_snapshot(factories.a_document(), content)
    page = analyst.get(address(snapshot))
    shown = page.content.decode()
    count = len(page.context["page"].parts)
    assert count > 2 and shown.count("part--waiting") == count - 1
    numbers = re.findall(r'id="s-(\d+)"', shown)
    for number in range(1, count):
        part = analyst.get(f"{address(snapshot)}part/{number}/").content.decode()
        assert "<html" not in part
        numbers += re.findall(r'id="s-(\d+)"', part)
        assert re.findall(r'id="s-\d+"', analyst.get(address(snapshot), {"part": number}).content.decode())[0] in part
    assert numbers == [str(number) for number in range(1, len(page.context["page"].text.sentences) + 1)]
    assert analyst.get(f"{address(snapshot)}part/{count}/").status_code == 404
    last = content.index("Line 79 ends")
    assert "Line 79" in analyst.get(address(snapshot), {"words": f"{last}-{last + 12}"}).content.decode()
    assert analyst.get(address(snapshot), {"part": "99999"}).status_code == 200


def test_reading_takes_few_queries_however_much_there_is(analyst):
    document = factories.a_document()
    snapshot = factories.a_snapshot(document)
    start = factories.TEXT.index(factories.WORDS)
    query = {"words": f"{start}-{start + len(factories.WORDS)}", "type": factories.a_clause_type().slug}

    def taken() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert analyst.get(address(snapshot), query).status_code == 200
        return len(captured)

    factories.a_published(factories.a_quotation(factories.a_provision(document)))
    before = taken()
    for _ in range(4):
        kind = factories.a_clause_type()
        factories.a_published(factories.a_quotation(factories.a_provision(document, kind)))
        factories.a_reading(document, kind, "2026-01-31", found=True)
    assert taken() == before <= 20
