"""A viewer, who may see all records and nothing else, is refused at every address of the admin at which something is
done: each of them, taken from the addresses themselves.
"""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import Permission, User
from django.db import connection
from django.test import Client
from django.urls import reverse

from clauses import actions
from tests import factories

from .forms import OURS, address, signed_in

pytestmark = pytest.mark.django_db

STOCK = {
    *("index", "login", "logout", "password_change", "password_change_done", "autocomplete", "jsi18n"),
    *("view_on_site", "app_list"),
}
STOCK_PAGES = ("changelist", "add", "history", "delete", "change")


def own_addresses() -> Iterator[str]:
    """The names of all addresses of the admin that are not Django's."""

    def named(patterns: Any) -> Iterator[str]:
        for pattern in patterns:
            if hasattr(pattern, "url_patterns"):
                yield from named(pattern.url_patterns)
            elif pattern.name and pattern.name not in STOCK:
                yield pattern.name

    for name in named(admin.site.urls[0]):
        if not name.endswith(tuple(f"_{page}" for page in STOCK_PAGES)):
            yield name


def a_draft() -> list[Any]:
    return [factories.a_draft().pk]


def in_review() -> list[Any]:
    draft = factories.a_draft()
    actions.submit(analysis=draft, by=factories.actors.catalogue())
    return [draft.pk]


def a_snapshot() -> list[Any]:
    return [factories.a_snapshot(factories.a_document(), judgement="quarantined").pk]


def a_change() -> list[Any]:
    document = factories.a_document()
    factories.a_snapshot(document)
    factories.a_snapshot(document, f"{factories.TEXT}\n{factories.SOLD}\n", "2026-02-28")
    return [document.changes.get().pk]


def an_accepted_snapshot() -> list[Any]:
    return [factories.a_snapshot(factories.a_document()).pk]


def a_text_with_a_type() -> dict[str, str]:
    return {"clause_type": str(factories.a_clause_type().pk), "absent": "1", "words": factories.WORDS, "title": "T"}


Arguments = Callable[[], list[Any]]

# Of each own address: how to make what its arguments name, and what is sent there, once for each button.
ACTIONS: dict[str, tuple[Arguments, list[dict[str, str]]]] = {
    "clauses_analysis_review": (
        in_review,
        [{button: "1", "comment": "x"} for button in ("_publish", "_send_back", "_submit", "_take_back", "_comment")],
    ),
    "clauses_analysis_publish": (a_draft, [{}]),
    "clauses_analysis_new_version": (lambda: [factories.a_published().pk], [{}]),
    "clauses_analysis_withdraw": (lambda: [factories.a_published().pk], [{"reason": "x"}]),
    "clauses_queueitem_accept": (lambda: [factories.a_question().pk], [{"candidate": "0-10"}]),
    "clauses_queueitem_choose": (
        lambda: [factories.a_question().pk],
        [{"words": factories.REWORDED}, {"_preview": "1"}],
    ),
    "clauses_queueitem_leave": (lambda: [factories.a_question().pk], [{"note": "x"}]),
    "clauses_queueitem_remove": (lambda: [factories.a_question().pk], [{}]),
    "clauses_sheet_import": (list, [{}, {"_check": "1"}, {"_import": "1"}]),
    "platforms_change_review": (
        a_change,
        [{button: "1", "reason": "x", "title": "T", "summary": "S"} for button in ("_confirm", "_noise", "_undo")],
    ),
    "platforms_document_paste": (
        lambda: [factories.a_document().pk],
        [{"text": factories.TEXT, "url": "https://testwerk.example/", "captured_at_0": "2026-01-01"}],
    ),
    "platforms_document_trial": (lambda: [factories.a_capture().document_id], [{"select": "main"}]),
    "platforms_snapshot_judge": (
        a_snapshot,
        [{"_release": "1", "reason": "x"}, {"_discard": "1", "reason": "x"}],
    ),
    "platforms_snapshot_new_clause": (an_accepted_snapshot, [a_text_with_a_type]),
    "platforms_snapshot_read_for": (an_accepted_snapshot, [a_text_with_a_type]),
    "platforms_transition_settle": (lambda: [factories.a_new_reading().pk], [{"_change": "1"}, {"_reading": "1"}]),
}  # type: ignore[dict-item]

# What only shows something, for those who may see the records.
READ = {
    "clauses_analysis_preview": a_draft,
    "clauses_analysis_sentences": a_draft,
    "clauses_analysis_severity": list,
    "clauses_provision_sheet": list,
    "platforms_body_download": lambda: [factories.a_capture().response.body.pk],
    "platforms_response_page": lambda: [factories.a_capture().response.pk],
    "platforms_snapshot_part": lambda: [*an_accepted_snapshot(), 0],
    "platforms_snapshot_read": an_accepted_snapshot,
}


@pytest.fixture
def viewer(people) -> Client:
    user = User.objects.create_user("viewer", password="viewer-password", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__startswith="view_"))
    return signed_in(user)


def everything() -> dict[str, tuple[int, str]]:
    """How many rows each table of ours has, and what is in them."""
    found = {}
    with connection.cursor() as cursor:
        for model in OURS:
            table = model._meta.db_table
            cursor.execute(f"SELECT count(*), coalesce(sum(hashtextextended(row::text, 0)), 0) FROM {table} AS row")
            found[table] = cursor.fetchone()
    return found


def test_every_own_address_is_known_here():
    assert set(own_addresses()) == set(ACTIONS) | set(READ), "tell this test how to ask for the new address"


@pytest.mark.parametrize("name", ACTIONS)
def test_a_viewer_is_refused_at_every_action(viewer, name):
    make, sent = ACTIONS[name]
    path = reverse(f"admin:{name}", args=make())
    forms = [data() if callable(data) else data for data in sent]
    before = everything()
    for data in forms:
        assert viewer.post(path, data).status_code == 403, data
        assert Client().post(path, data).status_code == 200, "nobody is shown the login page"
    for method in ("get", "put", "delete", "patch"):
        assert getattr(viewer, method)(path).status_code in {200, 302, 403, 405}, method
    assert everything() == before


@pytest.mark.parametrize("name", READ)
def test_what_only_shows_records_writes_nothing(viewer, name):
    path = reverse(f"admin:{name}", args=READ[name]())
    before = everything()
    answers = {viewer.get(path).status_code, viewer.post(path, {"_save": "1"}).status_code}
    assert 200 in answers
    assert answers <= {200, 403, 405}
    assert everything() == before
    stranger = User.objects.create_user("stranger", password="stranger-password", is_staff=True)
    assert signed_in(stranger).get(path).status_code in {403, 405}
    assert signed_in(stranger).post(path).status_code in {403, 405}


def test_a_viewer_is_refused_at_every_form(viewer):
    for model in OURS:
        assert viewer.post(address(model, "add"), {}).status_code == 403, model
        row = model._default_manager.order_by("pk").first()
        if row is None:
            continue
        path = address(model, "change", row.pk)
        page = viewer.get(path)
        assert page.status_code == 200
        assert 'name="_save"' not in page.content.decode(), model
        assert viewer.post(path, {}).status_code == 403, model
        assert viewer.post(address(model, "delete", row.pk), {"post": "yes"}).status_code == 403, model


def test_who_is_refused_is_told_so_and_led_back_to_the_desk(client: Client) -> None:
    client.force_login(User.objects.create_user("bare", is_staff=True))
    refused = client.get(reverse("admin:clauses_provision_changelist"))
    assert refused.status_code == 403
    assert "Your account may not do this" in refused.content.decode()
    assert f'href="{reverse("admin:index")}"' in refused.content.decode()
