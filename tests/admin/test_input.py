"""Bad input: an error beside the field or above the form, and never a page that fails."""

import re
from typing import Any

import pytest
from django.urls import reverse

from clauses.models import Analysis, Answer, Provision, Quotation
from platforms import actions as platform_actions
from platforms.models import Body, Change, Document, Edition, Platform, Text
from tests import factories

from .forms import address, errors_of, filled_in

pytestmark = pytest.mark.django_db


BAD = {
    "a word as a score": ({"breadth_score": "many"}, "Select a valid choice"),
    "a score beyond the rubric": ({"breadth_score": "4"}, "Select a valid choice"),
    "a score without its reason": ({"breadth_reason": ""}, "Breadth: a score needs its reason"),
    "an unknown confidence": ({"confidence": "total"}, "Select a valid choice"),
    "flags without a text": ({"jurisdiction_flags": "EU"}, "the code of a known jurisdiction"),
    "flags of nowhere": ({"jurisdiction_flags": "XX: what"}, "the code of a known jurisdiction"),
    "flags as JSON": ({"jurisdiction_flags": '[{"jurisdiction": 1}]'}, "the code of a known jurisdiction"),
    "words as sentence numbers": ({"answers-0-sentences": "one"}, "There is no sentence one"),
    "a negative sentence number": ({"answers-0-sentences": "-1"}, "There is no sentence -1: the quotation has 2"),
    "a huge sentence number": ({"answers-0-sentences": "99999999999"}, "There is no sentence 99999999999"),
    "yes that rests on nothing": ({"answers-0-sentences": ""}, "Yes and no rest on something"),
    "the same question twice": ({"answers-1-question": "{question}"}, "duplicate"),
    "a question of another type": ({"answers-0-question": "{strange}"}, "Select a valid choice"),
    "a step that does not fit": ({"actions-0-kind": "refuse_arbitration"}, "Select a valid choice"),
    "a step without a title": ({"actions-0-title": ""}, "This field is required"),
    "a step at no address": ({"actions-0-url": "javascript:alert(1)"}, "Enter a valid URL"),
    "a step with no e-mail address": ({"actions-0-email": "x"}, "Enter a valid email"),
    "a step for no browser": ({"actions-0-url": "ftp://a.example/x"}, "begins with https:// or http://"),
    "a step that nobody tried yet": ({"actions-0-last_tried": "2999-01-01"}, "is still to come"),
    "a deadline that no calendar has": ({"actions-0-deadline": "by 31 June 2027"}, "No calendar has the day"),
    "a sentence of a step that is none": ({"actions-0-sentences": "3"}, "There is no sentence 3"),
    "a step on no day": ({"actions-0-last_tried": "2026-02-30"}, "Enter a valid date"),
    "a step at no place": ({"actions-0-position": "x"}, "Enter a whole number"),
    "an agency without a reason": ({"agencies-0-reason": " "}, "This field is required"),
    "an agency that is none": ({"agencies-0-agency": "999999"}, "Select a valid choice"),
    "a law without a reason": ({"regulations-0-reason": ""}, "Give the reason"),
    "a law with too much": ({"regulations-0-named_by_source": "on"}, "Give the reason"),
    "an article too long": ({"regulations-0-articles": "x" * 61}, "at most 60 characters"),
    "the words of another clause": ({"quotation": "{quotation}"}, "the words of another clause"),
    "no words at all": ({"quotation": "999999"}, "Select a valid choice"),
    "a NUL": ({"what_it_is": "a\0b [1]"}, "Null characters are not allowed"),
    "a very long who": ({"governance_exposure_who": "x" * 301}, "at most 300 characters"),
}


@pytest.mark.slow
def test_bad_input_of_a_draft_is_a_form_error(analyst):
    draft = factories.a_draft()
    known = {
        "{question}": draft.answers.first().question_id,
        "{strange}": factories.a_clause_type().questions.first().pk,
        "{quotation}": factories.a_quotation().pk,
    }
    path = address(Analysis, "change", draft.pk)
    page = analyst.get(path)
    for name, (changed, error) in BAD.items():
        answer = analyst.post(
            path, filled_in(page, **{field: known.get(typed, typed) for field, typed in changed.items()})
        )
        assert answer.status_code == 200, name
        assert error in errors_of(answer).replace("&#x27;", "'"), name
    assert Answer.objects.filter(analysis=draft, value="yes", sentences=[1]).count() == 2
    assert analyst.post(path, filled_in(page)).status_code == 302


@pytest.mark.parametrize(
    ("words", "error"),
    [
        ("", "required"),
        ("  \n ", "has no words"),
        ("One.\n[…]\n\n", "too few to mean anything"),
        ("[…]", "has no words"),
        ("<p>No &amp; yes</p>", "too few to mean anything"),
        ("a\0b", "Null characters"),
    ],
)
def test_words_that_are_none(analyst, words, error):
    answer = analyst.post(address(Quotation, "add"), {"provision": factories.a_provision().pk, "words": words})
    assert answer.status_code == 200
    assert error in errors_of(answer)


def test_a_draft_needs_words(analyst):
    provision = factories.a_provision()
    data = filled_in(analyst.get(address(Analysis, "add")), provision=provision.pk)
    assert f"{provision.record_id} has no words yet" in errors_of(analyst.post(address(Analysis, "add"), data))
    assert "required" in errors_of(analyst.post(address(Analysis, "add"), data | {"provision": ""}))
    assert "Select a valid choice" in errors_of(analyst.post(address(Analysis, "add"), data | {"provision": "abc"}))


BAD_ENTRIES: dict[str, tuple[Any, dict[str, Any], str]] = {
    "a reserved slug": (Document, {"slug": "versions"}, "taken by the site"),
    "a slug with capitals": (Platform, {"slug": "Jasper"}, "lowercase letters"),
    "an empty name": (Platform, {"name": " "}, "required"),
    "a name in use": (Platform, {"name": "Jasper AI"}, "already exists"),
    "a date as reported by nobody": (Document, {"reported_last_updated": "2026-01-01"}, "needs its source"),
    "no CSS selector": (Document, {"select": "main\n\n div[ \n"}, "Line 3, 'div[', is no CSS selector"),
    "no CSS selector to remove": (
        Document,
        {"remove": "nav\n:made-up(x)"},
        "Line 2, ':made-up(x)'",
    ),
    "half a collection": (Document, {"collection": "genai-eu"}, "go together"),
    "half a place in a collection": (Document, {"collection_path": "A/B"}, "go together"),
    "captures without a pause": (Document, {"capture_every": "0"}, "1 or more days"),
    "captures before they began": (Document, {"capture_every": "-1"}, "greater than or equal to 0"),
    "a hash as reported that is none": (Provision, {"reported_sha256": "abc", "reported_source": "x"}, "64 digits"),
    "a hash reported by nobody": (Provision, {"reported_sha256": "0" * 64}, "needs its source"),
    "merged into nothing": (Provision, {"state": "merged"}, "go together"),
    "merged into itself": (Provision, {"state": "merged", "merged_into": "{self}"}, "record that stands by itself"),
    "merged into a merged one": (
        Provision,
        {"state": "merged", "merged_into": "{merged}"},
        "record that stands by itself",
    ),
    "standing, yet merged": (Provision, {"merged_into": "{other}"}, "go together"),
    "a change without a source": (Change, {"source": ""}, "needs its source"),
    "a change of no day": (Change, {"reported_on": "soon"}, "Enter a valid date"),
}


def test_bad_input_of_other_records_is_a_form_error(editor):
    provision = factories.a_provision()
    merged, into = factories.a_provision(), factories.a_provision()
    by = factories.actors.catalogue()
    factories.actions.merge(provision=merged, into=into, by=by)
    document = provision.document
    change = platform_actions.report_change(document=document, source="Someone", title="t", summary="s", by=by)
    rows = {Provision: provision, Document: document, Platform: document.platform, Change: change}
    known = {"{self}": provision.pk, "{merged}": merged.pk, "{other}": into.pk}
    pages = {model: editor.get(address(model, "change", row.pk)) for model, row in rows.items()}
    edition = Edition.objects.first()
    for name, (model, changed, error) in BAD_ENTRIES.items():
        data = filled_in(pages[model], **{field: known.get(typed, typed) for field, typed in changed.items()})
        answer = editor.post(address(model, "change", rows[model].pk), data)
        assert answer.status_code == 200, name
        assert error in errors_of(answer).replace("&#x27;", "'"), name
    assert Edition.objects.first() == edition


def test_what_only_an_action_refuses_is_told_above_the_form(analyst, editor):
    """The form itself cannot know: a change of one document, a clause of another."""
    provision = factories.a_provision()
    change = platform_actions.report_change(
        document=factories.a_document(), source="Someone", title="t", summary="s", by=factories.actors.catalogue()
    )
    path = reverse("admin:clauses_changedprovision_add")
    answer = analyst.post(path, {"change": change.pk, "provision": provision.pk})
    assert answer.status_code == 200
    assert "a change of another document" in errors_of(answer)
    assert answer.context["adminform"].form["provision"].value() == str(provision.pk)
    for old, new in (("x", "/y/"), ("/x/", "/x/")):
        answer = editor.post(reverse("admin:platforms_formeraddress_add"), {"old_path": old, "new_path": new})
        assert answer.status_code == 200
        assert re.search("begins and ends with a slash|nothing has moved", errors_of(answer))


def test_a_question_with_answers_stays(editor):
    draft = factories.a_draft()
    kind = draft.provision.clause_type
    path = address(type(kind), "change", kind.pk)
    answer = editor.post(path, filled_in(editor.get(path), **{"questions-0-DELETE": "on"}))
    assert answer.status_code == 200
    assert kind.questions.count() == 2


def test_an_agency_takes_the_laws_that_it_enforces(editor):
    agency, law = factories.an_agency(), factories.a_regulation()
    path = address(type(agency), "change", agency.pk)
    row = {"enforced-TOTAL_FORMS": "1", "enforced-0-regulation": law.pk, "enforced-0-agency": agency.pk}
    assert editor.post(path, filled_in(editor.get(path), **row)).status_code == 302
    assert agency.enforced.get().regulation == law
    gone = filled_in(editor.get(path), **{"enforced-0-DELETE": "on"})
    assert editor.post(path, gone).status_code == 302
    assert not agency.enforced.exists()


def test_a_law_takes_dates_as_precise_as_they_are_known(editor):
    law = factories.a_regulation()
    path = address(type(law), "change", law.pk)
    row = {
        "dates-TOTAL_FORMS": "1",
        "dates-0-date": "2018-05",
        "dates-0-what": "in force",
        "dates-0-regulation": law.pk,
    }
    answer = editor.post(path, filled_in(editor.get(path), **(row | {"dates-0-date": "May 2018"})))
    assert "as precisely as it is known" in errors_of(answer)
    assert editor.post(path, filled_in(editor.get(path), **row)).status_code == 302
    assert law.dates.get().date == "2018-05"


def test_what_is_no_key_of_a_text_leads_back(editor):
    for model in (Text, Body):
        for key in ("%00", "x", "9" * 100):
            for page in ("change", "history"):
                path = f"{address(model, 'changelist')}{key}/{page}/"
                assert {editor.get(path).status_code, editor.post(path).status_code} <= {302, 403}, path


def test_a_filter_that_holds_a_nul_leads_back_to_the_list(editor):
    for name, value in (("state", "\0"), ("state__exact", "a\0"), ("q", "\0")):
        assert editor.get(address(Analysis, "changelist"), {name: value}, follow=True).status_code == 200, name


@pytest.mark.parametrize("way", ["words", "fields"])
def test_more_than_a_form_may_hold_is_told_in_words(analyst, settings, way):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE, settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 200_000, 300
    document = Document.objects.first()
    path = reverse("admin:platforms_document_paste", args=[document.pk])
    data = {"words": "w" * 200_001} if way == "words" else {f"field-{n}": "" for n in range(301)}
    response = analyst.post(path, data)
    assert response.status_code == 400
    page = " ".join(response.content.decode().split())
    assert "more than one form may hold: 195.3 KB of typed words, and 300 fields" in page
    assert "Nothing was changed" in page


def test_a_damaged_form_is_told_in_words(analyst):
    path = reverse("admin:platforms_document_paste", args=[Document.objects.first().pk])
    response = analyst.post(path, b"damaged", content_type="multipart/form-data")
    assert response.status_code == 400
    assert "It is damaged, or it was cut off" in " ".join(response.content.decode().split())


def test_a_strange_host_gets_a_page_too(client):
    assert client.get("/", SERVER_NAME="evil.example").status_code == 400
