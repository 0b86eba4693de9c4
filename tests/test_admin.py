"""The admin as the people of each role use it, and what it refuses to each of them."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from clauses.models import Analysis, Answer, Provision, Quotation
from clauses.rubric import FACTOR_KEYS
from platforms import actions as platform_actions
from platforms.models import Change, Document, Edition, Platform, Snapshot, Text

from . import factories

pytestmark = pytest.mark.django_db
OURS = [model for model in admin.site._registry if model._meta.app_label in {"platforms", "clauses"}]
EVIDENCE = [
    model for model in OURS if model._meta.model_name in {"text", "snapshot", "version", "check", "edition", "proof"}
]


def names(model: Any) -> str:
    return model.__name__


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture(autouse=True)
def quick_passwords(settings) -> None:
    """Hashing a password is slow on purpose, and no test here is about that."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def analyst(people) -> Client:
    return signed_in(people["analyst"])


@pytest.fixture
def reviewer(people) -> Client:
    return signed_in(people["reviewer"])


@pytest.fixture
def editor(people) -> Client:
    return signed_in(people["editor"])


def address(model: Any, page: str, *arguments: Any) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=arguments)


def fields_of(form: Any) -> Iterator[tuple[str, Any]]:
    """What a browser would send back of a form as it stands."""
    for bound in form:
        value = bound.value()
        if value is None or value is False:
            continue
        parts = getattr(bound.field.widget, "decompress", lambda _: [])(value) or []
        yield from ((f"{bound.html_name}_{index}", part) for index, part in enumerate(parts) if part)
        yield bound.html_name, "on" if value is True else bound.field.prepare_value(value)


def filled_in(page: Any, **changed: Any) -> dict[str, Any]:
    """The data of an admin page, with some of it changed; None leaves a field out."""
    data = dict(fields_of(page.context["adminform"].form))
    for formset in page.context["inline_admin_formsets"]:
        data |= dict(fields_of(formset.formset.management_form))
        for form in formset.formset.forms:
            data |= dict(fields_of(form))
    data |= changed
    return {name: value for name, value in data.items() if value is not None}


def errors_of(page: Any) -> str:
    """All errors that a page shows, as text."""
    context = page.context
    found = [str(context["adminform"].errors)] if context and "adminform" in context else []
    found += [
        str(formset.formset.errors) + str(formset.formset.non_form_errors())
        for formset in context["inline_admin_formsets"]
    ]
    return " ".join(found)


def told(page: Any) -> str:
    return " ".join(str(message) for message in page.context["messages"])


# Every page of every record


SEARCHES = ("jasper", "'\"%\\", "CA-P-010656", "CA-D-00517", "ca-s-000001", "CA-P-1", "CA-X-1", "0" * 5000)


@pytest.mark.parametrize("model", OURS, ids=names)
def test_lists_can_be_searched_filtered_and_sorted(analyst, model):
    path, known = address(model, "changelist"), admin.site._registry[model]
    page = analyst.get(path)
    assert page.status_code == 200
    assert known.search_fields, f"{model.__name__} cannot be searched"
    for query in SEARCHES:
        assert analyst.get(path, {"q": query}).status_code == 200, query
    for filter_spec in page.context["cl"].filter_specs:
        *_, last = filter_spec.choices(page.context["cl"])
        assert analyst.get(path + last["query_string"]).status_code == 200, last
    columns = range(1, len(known.get_list_display(page.wsgi_request)) + 1)
    assert analyst.get(path, {"o": ".".join(map(str, columns))}).status_code == 200


@pytest.mark.parametrize("role", ["reviewer", "editor"])
def test_lists_open_for_every_role(people, role):
    client = signed_in(people[role])
    for model in OURS:
        assert client.get(address(model, "changelist")).status_code == 200, model


@pytest.mark.parametrize("role", ["analyst", "editor"])
@pytest.mark.parametrize("model", OURS, ids=names)
def test_pages_of_single_records_open(people, role, model):
    client = signed_in(people[role])
    rows = list(model._default_manager.order_by("pk")[:2])
    if model.__name__ in {"FormerAddress", "ChangedProvision"} and not rows:
        rows = [made_for(model)]
    assert rows, f"the catalogue has no {model.__name__}"
    for row in rows:
        page = client.get(address(model, "change", row.pk))
        assert page.status_code == 200
        assert client.get(address(model, "history", row.pk)).status_code == 200
    page = client.get(address(model, "add"))
    assert page.status_code == (200 if admin.site._registry[model].has_add_permission(page.wsgi_request) else 403)
    assert client.get(address(model, "change", "nothing-like-it")).status_code in {302, 404}


def made_for(model: Any) -> Any:
    by = factories.actors.catalogue()
    if model.__name__ == "FormerAddress":
        return platform_actions.save_former_address(model(old_path="/old/", new_path="/new/"), by=by)
    provision = factories.a_provision()
    change = platform_actions.report_change(
        document=provision.document, source="Someone", title="t", summary="s", by=by
    )
    return factories.actions.touch(change=change, provision=provision, by=by)


@pytest.mark.parametrize("role", ["analyst", "reviewer", "editor"])
def test_nothing_can_be_deleted(people, role):
    client = signed_in(people[role])
    for model in OURS:
        row = model._default_manager.order_by("pk").first() or made_for(model)
        path = address(model, "delete", row.pk)
        assert client.get(path).status_code == client.post(path, {"post": "yes"}).status_code == 403, model
        chosen = {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"}
        client.post(address(model, "changelist"), chosen)
        assert model._default_manager.filter(pk=row.pk).exists()


@pytest.mark.parametrize("model", EVIDENCE, ids=names)
def test_evidence_is_read_only(editor, model):
    row = model._default_manager.order_by("pk").first()
    path = address(model, "change", row.pk)
    page = editor.get(path).content.decode()
    form = page[page.index('<div id="content-main">') :]
    assert re.findall(r'<(?:input|textarea|select)(?![^>]*type="hidden")[^>]*>', form) == []
    assert "_save" not in form
    for target in (path, address(model, "add")):
        assert editor.post(target, {"content": "changed", "reason": "changed"}).status_code == 403
    assert editor.get(address(model, "add")).status_code == 403


def test_published_analyses_and_kept_words_are_read_only(editor):
    published = factories.a_published()
    for row in (published, published.quotation):
        path = address(type(row), "change", row.pk)
        page = editor.get(path).content.decode()
        form = page[page.index(f'id="{row._meta.model_name}_form"') :].split("</form>")[0]
        assert 'name="_save"' not in form
        assert re.findall(r"<(?:textarea|select)[^>]*>", form) == []
        assert editor.post(path, {"what_it_is": "changed"}).status_code == 403


def test_an_outsider_sees_nothing(client):
    stranger = signed_in(User.objects.create_user("stranger", is_staff=False))
    bare = signed_in(User.objects.create_user("bare", is_staff=True))
    for model in OURS:
        for page in ("changelist", "add"):
            path = address(model, page)
            answers = [visitor.get(path).status_code for visitor in (client, stranger, bare)]
            assert answers == [302, 302, 403], path


ACTIONS = {"publish": "reviewer", "new_version": "analyst", "withdraw": "editor"}


@pytest.mark.parametrize("action", ACTIONS)
def test_actions_need_a_post_and_the_right(people, client, action):
    published = factories.a_published()
    draft = factories.a_draft()
    subject = draft if action == "publish" else published
    path = address(Analysis, action, subject.pk)
    assert client.post(path).status_code == 302
    assert signed_in(User.objects.create_user("stranger")).post(path).status_code == 302
    assert signed_in(User.objects.create_user("bare", is_staff=True)).post(path).status_code == 403
    for role, user in people.items():
        signed = signed_in(user)
        assert signed.get(path).status_code == 405, role
        assert signed.post(path.replace(f"/{subject.pk}/", "/999999/")).status_code in {403, 404}
        assert signed.post(path.replace(f"/{subject.pk}/", "/x/")).status_code in {302, 404}
    allowed = {
        "publish": {"reviewer", "editor"},
        "new_version": {"analyst", "reviewer", "editor"},
        "withdraw": {"editor"},
    }[action]
    for role in set(people) - allowed:
        assert signed_in(people[role]).post(path, {"reason": "x"}).status_code == 403
    subject.refresh_from_db()
    assert subject.state == ("draft" if action == "publish" else "published")
    assert signed_in(people[ACTIONS[action]]).post(path, {"reason": "Misread."}).status_code == 302
    subject.refresh_from_db()
    expected = {"publish": "published", "new_version": "published", "withdraw": "withdrawn"}[action]
    assert subject.state == expected
    assert Analysis.objects.filter(provision=published.provision).count() == (2 if action == "new_version" else 1)


def test_actions_are_protected_against_forged_requests(people):
    client = Client(enforce_csrf_checks=True)
    client.force_login(people["editor"])
    published = factories.a_published()
    assert client.post(address(Analysis, "withdraw", published.pk), {"reason": "x"}).status_code == 403
    published.refresh_from_db()
    assert published.state == "published"


# An analysis from the words to its withdrawal


def drafted(analyst: Client, **changed: Any) -> Analysis:
    """A draft that an analyst makes with the forms, with all of its parts."""
    provision = factories.a_provision(clause_type=factories.a_clause_type())
    page = analyst.get(address(Quotation, "add"))
    answer = analyst.post(
        address(Quotation, "add"),
        filled_in(
            page,
            provision=provision.pk,
            words="We keep all you write.\n[…]\nYou may object. We may refuse.",
            taken_on="2026-03-01",
        ),
    )
    assert answer.status_code == 302, errors_of(answer)
    quotation = provision.quotations.get()
    assert quotation.segments == ["We keep all you write.", "You may object. We may refuse."]
    page = analyst.get(address(Analysis, "add"))
    answer = analyst.post(
        address(Analysis, "add"), filled_in(page, provision=provision.pk, what_it_is="They keep it. [1]")
    )
    draft = provision.analyses.get()
    path = address(Analysis, "change", draft.pk)
    assert (answer.status_code, answer.headers["Location"]) == (302, path)
    page = analyst.get(path)
    assert "[2] You may object." in page.content.decode().replace("<br>", "\n")
    answer = analyst.post(path, filled_in(page, **(whole_draft() | changed)))
    assert answer.status_code == 302, errors_of(answer)
    draft.refresh_from_db()
    return draft


def whole_draft() -> dict[str, Any]:
    """What an analyst types on the page of a draft with two questions."""
    return {
        "what_it_is": "They keep it. [1]",
        "why_it_matters": "It stays for **years**. [1,2]",
        "what_this_means": "You may have to ask. [3]\n\nIt may not help. [~]",
        "interpretive_note": "“May” is open.",
        "regulatory_landscape": "Laws limit it.",
        "governance_exposure_level": "medium",
        "governance_exposure_who": "Schools",
        "governance_exposure_why": "They must answer for it.",
        "jurisdiction_flags": "EU: Consent may be needed.\n\nUS-CA: A right to know.",
        "contract_implications": "Ask for a period.",
        "compliance_considerations": "Record it.",
        "enforcement_risk": "Low.",
        "checklist": "Ask for the period, in writing\nName an owner",
        "confidence": "high",
        "confidence_reason": "Plain words.",
        "public_note": "First version.",
        **{f"{key}_score": "2" for key in FACTOR_KEYS},
        **{f"{key}_reason": "As the words say." for key in FACTOR_KEYS},
        "answers-0-value": "yes",
        "answers-0-sentences": "1, 3",
        "answers-0-detail": "Without end.",
        "answers-1-value": "silent",
        "actions-TOTAL_FORMS": "2",
        **step(0, position=1, title="Then cancel", kind="cancel"),
        **step(1, position=0, title="First ask", kind="ask", letter_subject="Request", letter_body="Dear all,"),
        "agencies-TOTAL_FORMS": "1",
        "agencies-0-position": "0",
        "agencies-0-agency": factories.an_agency().pk,
        "agencies-0-reason": "It watches.",
        "regulations-TOTAL_FORMS": "1",
        "regulations-0-position": "0",
        "regulations-0-regulation": factories.a_regulation().pk,
        "regulations-0-articles": "Art. 5(1), (2)\nArt. 6",
        "regulations-0-reason": "It limits.",
    }


def step(index: int, **columns: Any) -> dict[str, Any]:
    row = {"position": index, "kind": "ask", "channel": "email", "title": "Ask", "sentences": "1", **columns}
    return {f"actions-{index}-{name}": value for name, value in row.items()}


def test_an_analyst_drafts_a_reviewer_publishes_an_editor_withdraws(people, analyst, reviewer, editor):
    draft = drafted(analyst)
    assert (draft.drafter, draft.state, draft.basis, draft.severity) == (people["analyst"], "draft", "stated", "high")
    assert draft.drafted_on is not None
    typed = whole_draft()
    for name in (
        "what_it_is",
        "interpretive_note",
        "governance_exposure_who",
        "enforcement_risk",
        "confidence_reason",
        "public_note",
    ):
        assert getattr(draft, name) == typed[name]
    assert draft.what_this_means.replace("\r\n", "\n") == typed["what_this_means"]
    assert draft.jurisdiction_flags[1] == {"jurisdiction": "US-CA", "text": "A right to know."}
    assert draft.checklist == ["Ask for the period, in writing", "Name an owner"]
    assert [(answer.value, answer.sentences) for answer in draft.answers.all()] == [("yes", [1, 3]), ("silent", [])]
    assert [(row.position, row.title) for row in draft.actions.all()] == [(0, "First ask"), (1, "Then cancel")]
    assert draft.regulations.get().articles == ["Art. 5(1), (2)", "Art. 6"]
    assert "<strong>years</strong>" in draft.rendered["why_it_matters"]

    path = address(Analysis, "change", draft.pk)
    page = analyst.get(path)
    assert "Nothing is missing" in page.content.decode()
    assert 'name="_publish"' not in page.content.decode()
    assert analyst.post(path, filled_in(page, _publish="1")).status_code == 403
    draft.refresh_from_db()
    assert draft.state == "draft"

    page = reviewer.get(path)
    answer = reviewer.post(path, filled_in(page, _publish="1", _as_lawyer="1", public_note="Read twice."), follow=True)
    assert "is published" in told(answer)
    draft.refresh_from_db()
    assert (draft.state, draft.published_by, draft.reviewed_by_lawyer) == ("published", people["reviewer"], True)
    assert draft.public_note == "Read twice."
    assert Client().get(draft.provision.get_absolute_url()).status_code == 200

    assert "New version from this one" in analyst.get(path).content.decode()
    answer = analyst.post(address(Analysis, "new_version", draft.pk), follow=True)
    second = draft.provision.analyses.get(version=2)
    assert answer.redirect_chain[-1][0] == address(Analysis, "change", second.pk)
    assert (second.state, second.drafter, second.actions.count()) == ("draft", people["analyst"], 2)
    answer = analyst.post(address(Analysis, "new_version", draft.pk), follow=True)
    assert "has an open draft already, version 2" in told(answer)

    page = reviewer.get(address(Analysis, "change", second.pk))
    assert "is published" in told(
        reviewer.post(address(Analysis, "change", second.pk), filled_in(page, _publish="1"), follow=True)
    )
    draft.refresh_from_db()
    assert (draft.state, draft.closed_reason) == ("superseded", "Replaced by version 2.")
    assert "Replaced by version 2." in editor.get(path).content.decode()

    withdraw = address(Analysis, "withdraw", second.pk)
    assert "needs the reason" in told(editor.post(withdraw, {"reason": " "}, follow=True))
    assert "is withdrawn" in told(editor.post(withdraw, {"reason": "The words were misread."}, follow=True))
    second.refresh_from_db()
    assert (second.state, second.closed_by) == ("withdrawn", people["editor"])


def test_a_reviewer_cannot_publish_a_draft_of_her_own(reviewer, settings):
    draft = drafted(reviewer)
    path = address(Analysis, "change", draft.pk)
    page = reviewer.get(path)
    assert "another person has to publish it" in page.content.decode()
    assert 'name="_publish"' not in page.content.decode()
    assert "another person has to publish it" in told(reviewer.post(path, filled_in(page, _publish="1"), follow=True))
    settings.ONE_PERSON_TEAM = True
    assert "is published" in told(reviewer.post(path, filled_in(page, _publish="1"), follow=True))


def test_what_stands_between_a_draft_and_its_publication_is_said(analyst, reviewer):
    draft = drafted(analyst, why_it_matters="It rests on nothing.", **{"answers-0-sentences": "9"})
    path = address(Analysis, "change", draft.pk)
    page = reviewer.get(path)
    for words in (page.content.decode(), told(reviewer.post(path, filled_in(page, _publish="1"), follow=True))):
        assert "rests on nothing" in words
        assert "there is no sentence 9" in words
    draft.refresh_from_db()
    assert draft.state == "draft"


def test_steps_change_places_and_go(analyst):
    draft = drafted(analyst)
    path = address(Analysis, "change", draft.pk)
    page = analyst.get(path)
    answer = analyst.post(path, filled_in(page, **{"actions-0-position": "1", "actions-1-position": "0"}))
    assert answer.status_code == 302, errors_of(answer)
    assert [(row.position, row.title) for row in draft.actions.all()] == [(0, "Then cancel"), (1, "First ask")]
    answer = analyst.post(path, filled_in(analyst.get(path), **{"actions-0-DELETE": "on"}))
    assert [(row.position, row.title) for row in draft.actions.all()] == [(0, "First ask")]


# Bad input


BAD = {
    "a word as a score": ({"breadth_score": "many"}, "Select a valid choice"),
    "a score beyond the rubric": ({"breadth_score": "4"}, "Select a valid choice"),
    "a score without its reason": ({"breadth_reason": ""}, "Breadth: a score needs its reason"),
    "an unknown confidence": ({"confidence": "total"}, "Select a valid choice"),
    "flags without a text": ({"jurisdiction_flags": "EU"}, "the code of a known jurisdiction"),
    "flags of nowhere": ({"jurisdiction_flags": "XX: what"}, "the code of a known jurisdiction"),
    "flags as JSON": ({"jurisdiction_flags": '[{"jurisdiction": 1}]'}, "the code of a known jurisdiction"),
    "words as sentence numbers": ({"answers-0-sentences": "one"}, "Enter a whole number"),
    "a negative sentence number": ({"answers-0-sentences": "-1"}, "greater than or equal to 0"),
    "a huge sentence number": ({"answers-0-sentences": "99999999999"}, "less than or equal to 32767"),
    "an empty sentence number": ({"answers-0-sentences": "1,,2"}, "is required"),
    "yes that rests on nothing": ({"answers-0-sentences": ""}, "Yes and no rest on something"),
    "the same question twice": ({"answers-1-question": "{question}"}, "duplicate"),
    "a question of another type": ({"answers-0-question": "{strange}"}, "Select a valid choice"),
    "a step that does not fit": ({"actions-0-kind": "refuse_arbitration"}, "Select a valid choice"),
    "a step without a title": ({"actions-0-title": ""}, "This field is required"),
    "a step at no address": ({"actions-0-url": "javascript:alert(1)"}, "Enter a valid URL"),
    "a step with no e-mail address": ({"actions-0-email": "x"}, "Enter a valid email"),
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
        ("  \n ", "needs words"),
        ("One.\n[…]\n\n", "needs words"),
        ("[…]", "needs words"),
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


# What editors and analysts write


def test_an_analyst_can_neither_merge_nor_edit_the_taxonomy(analyst):
    provision, other = factories.a_provision(), factories.a_provision()
    path = address(Provision, "change", provision.pk)
    page = analyst.get(path)
    assert 'name="merged_into"' not in page.content.decode()
    answer = analyst.post(path, filled_in(page, state="merged", merged_into=other.pk))
    assert "Select a valid choice" in errors_of(answer)
    kind = provision.clause_type
    assert analyst.post(address(type(kind), "change", kind.pk), {}).status_code == 403
    assert analyst.get(reverse("admin:platforms_platform_add")).status_code == 403


def test_an_editor_makes_a_platform_a_document_and_merges_clauses(editor, analyst):
    path = reverse("admin:platforms_platform_add")
    data = filled_in(editor.get(path), name="Brandneu", slug="brandneu", website="brandneu.example")
    assert editor.post(path, data).status_code == 302
    platform = Platform.objects.get(slug="brandneu")
    assert platform.website == "https://brandneu.example"
    path = reverse("admin:platforms_document_add")
    data = filled_in(editor.get(path), platform=platform.pk, title="Terms", slug="terms", kind="terms_of_service")
    assert editor.post(path, data).status_code == 302
    document = Document.objects.get(platform=platform)
    path, made = reverse("admin:clauses_provision_add"), []
    for slug in ("one", "two"):
        data = filled_in(
            analyst.get(path),
            document=document.pk,
            clause_type=factories.a_clause_type().pk,
            title=slug.title(),
            slug=slug,
        )
        assert analyst.post(path, data).status_code == 302
        made.append(Provision.objects.get(document=document, slug=slug))
    one, two = made
    path = address(Provision, "change", one.pk)
    answer = editor.post(path, filled_in(editor.get(path), state="merged", merged_into=two.pk))
    assert answer.status_code == 302, errors_of(answer)
    one.refresh_from_db()
    assert (one.state, one.merged_into) == ("merged", two)
    old = document.platform.get_absolute_url()
    path = address(Platform, "change", platform.pk)
    assert editor.post(path, filled_in(editor.get(path), slug="neuer-name")).status_code == 302
    assert Client().get(old).headers["Location"] == "/platform/neuer-name/"


def test_a_reviewer_writes_and_reviews_a_reported_change(people, reviewer):
    document = factories.a_document()
    path = reverse("admin:platforms_change_add")
    data = filled_in(
        reviewer.get(path), document=document.pk, source="A newspaper", title="New terms", summary="They say so."
    )
    assert reviewer.post(path, data).status_code == 302
    change = Change.objects.get(document=document)
    assert (change.kind, change.review, change.reviewed_by) == ("reported", "unreviewed", None)
    path = address(Change, "change", change.pk)
    assert reviewer.post(path, filled_in(reviewer.get(path), review="confirmed")).status_code == 302
    change.refresh_from_db()
    assert change.reviewed_by == people["reviewer"]


def test_an_analyst_records_a_reading(people, analyst):
    snapshot, kind = factories.a_snapshot(factories.a_document()), factories.a_clause_type()
    path = reverse("admin:clauses_reading_add")
    data = filled_in(analyst.get(path), snapshot=snapshot.pk, clause_type=kind.pk, read_on="2026-02-01")
    assert analyst.post(path, data).status_code == 302
    reading = snapshot.readings.get()
    assert (reading.found, reading.read_by, reading.document) == (False, people["analyst"], snapshot.document)
    assert "already exists" in errors_of(analyst.post(path, data))


# Finding


RECORDS = {
    Provision: ("CA-P-010656", "User Content Used for AI Model Training"),
    Analysis: ("CA-P-010656", "User Content Used for AI Model Training"),
    Quotation: ("CA-P-010656", "User Content Used for AI Model Training"),
    Document: ("CA-D-00517", "Jasper Privacy Policy"),
}


@pytest.mark.parametrize("model", RECORDS, ids=names)
def test_records_are_found_by_their_id_and_lists_show_it(analyst, model):
    record, _ = RECORDS[model]
    for query in (record, record.lower(), f" {record} "):
        page = analyst.get(address(model, "changelist"), {"q": query})
        assert page.context["cl"].result_count == 1
        assert record in page.content.decode()


def test_evidence_is_found_by_the_id_of_its_snapshot(analyst):
    snapshot = Snapshot.objects.first()
    assert analyst.get(address(Snapshot, "changelist"), {"q": snapshot.record_id}).context["cl"].result_count == 1
    page = analyst.get(address(Text, "changelist"), {"q": snapshot.record_id})
    assert [text.pk for text in page.context["cl"].result_list] == [snapshot.text_id]


def test_lists_take_as_many_queries_with_many_rows_as_with_few(editor):
    def queries(path: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert editor.get(path).status_code == 200
        return len(captured)

    paths = [address(model, "changelist") for model in OURS]
    made_of_everything()
    before = {path: queries(path) for path in paths}
    for _ in range(3):
        made_of_everything()
    assert {path: queries(path) for path in paths} == before
    assert max(before.values()) <= 14


def made_of_everything() -> None:
    """One more row of every kind."""
    published = factories.a_published()
    provision = published.provision
    factories.a_snapshot(provision.document)
    by = factories.actors.catalogue()
    change = platform_actions.report_change(
        document=provision.document, source="Someone", title="t", summary="s", by=by
    )
    factories.actions.touch(change=change, provision=provision, by=by)
    path = f"/{factories.unique('old')}/"
    platform_actions.save_former_address(platform_actions.FormerAddress(old_path=path, new_path="/new/"), by=by)


def test_drafts_show_no_empty_rows_of_their_end(analyst):
    page = analyst.get(address(Analysis, "change", factories.a_draft().pk)).content.decode()
    for label in ("Closed reason", "SHA-256 of the payload", "Published by", "Superseded or withdrawn"):
        assert label.lower() not in page.lower()


def test_the_admin_runs_nothing_inline(editor):
    draft = factories.a_draft()
    for path in (
        reverse("admin:index"),
        address(Analysis, "changelist"),
        address(Analysis, "add"),
        address(Analysis, "change", draft.pk),
    ):
        page = editor.get(path)
        policy = page.headers["Content-Security-Policy"]
        assert "unsafe" not in policy
        text = page.content.decode()
        assert re.findall(r"<script(?![^>]*\bsrc=)(?![^>]*type=\"application/json\")[^>]*>", text) == []
        assert re.findall(r"<style|\sstyle=|\son\w+=", text) == []
