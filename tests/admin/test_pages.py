"""Every list and every page of the admin, for each role and for nobody."""

import re
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from clauses.models import Analysis
from platforms import actions as platform_actions
from tests import factories

from .forms import OURS, address, asked_to_sign_in, names, signed_in

pytestmark = pytest.mark.django_db
READ_ONLY = "text snapshot version check edition proof response body transition queueitem"
EVIDENCE = [model for model in OURS if model._meta.model_name in READ_ONLY.split()]


SEARCHES = ("jasper", "'\"%\\", "CA-P-010656", "CA-D-00517", "ca-s-000001", "CA-P-1", "CA-X-1", "0" * 5000)


@pytest.mark.parametrize("key", [7, "0af3", "a/b_c", "__key__", "é", "?x=1#y"])
def test_rows_of_a_list_lead_where_django_would_lead(analyst, key):
    shown = analyst.get(address(Analysis, "changelist")).context["cl"]
    assert shown.url_for_result(Analysis(pk=key)) == ChangeList.url_for_result(shown, Analysis(pk=key))


@pytest.mark.parametrize("model", OURS, ids=names)
def test_lists_can_be_searched_filtered_and_sorted(analyst, model):
    path, known = address(model, "changelist"), admin.site._registry[model]
    page = analyst.get(path)
    assert page.status_code == 200
    assert known.search_fields, f"{model.__name__} cannot be searched"
    for query in SEARCHES:
        found, _ = known.get_search_results(page.wsgi_request, known.get_queryset(page.wsgi_request), query)
        assert len(found[:2]) <= 2, query  # PostgreSQL was asked, and took it
    assert analyst.get(path, {"q": SEARCHES[1]}).status_code == 200
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
    if model.__name__ in MADE and not rows:
        rows = [made_for(model)]
    assert rows, f"the catalogue has no {model.__name__}"
    for row in rows:
        page = client.get(address(model, "change", row.pk))
        assert page.status_code == 200
        assert client.get(address(model, "history", row.pk)).status_code == 200
    page = client.get(address(model, "add"))
    assert page.status_code == (200 if admin.site._registry[model].has_add_permission(page.wsgi_request) else 403)
    assert client.get(address(model, "change", "nothing-like-it")).status_code in {302, 404}


MADE = {"FormerAddress", "ChangedProvision", "Response", "Body"}  # of which the catalogue has none


def made_for(model: Any) -> Any:
    if model.__name__ in {"Response", "Body"}:
        response = factories.a_capture().response
        return response if model.__name__ == "Response" else response.body
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
    row = model._default_manager.order_by("pk").first() or made_for(model)
    path = address(model, "change", row.pk)
    page = editor.get(path).content.decode()
    form = page[page.index(f'id="{model._meta.model_name}_form"') :].split("</form>")[0]
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
    for visitor in (client, signed_in(User.objects.create_user("stranger"))):
        assert asked_to_sign_in(visitor.post(path))
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


@pytest.mark.parametrize("model", OURS, ids=names)
def test_what_is_no_key_leads_back_to_the_desk(editor, model):
    for key in ("no-key", "/read", "9" * 30):
        assert editor.get(address(model, "change", key)).status_code in {302, 404}
