"""A form that is sent after the login has expired: nothing that was typed is lost, and nothing is saved unseen."""

import re

import pytest
from django.core import signing
from django.test import Client
from django.urls import reverse

from clauses.models import Analysis
from conductatlas.carrying import LONGEST, SALT
from platforms.models import Platform
from tests import factories

from .forms import address, errors_of, filled_in, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def platform():
    return factories.a_platform(name="As it was")


def carried(page):
    found = re.search(r'name="typed" value="([^"]*)"', page.content.decode())
    return found and found[1]


def sign_in(client, page, user="editor", **more):
    data = {"username": user, "password": f"{user}-password", "next": page.context["next"], "typed": carried(page)}
    return client.post(reverse("admin:login"), {**data, **more})


def test_what_was_typed_comes_back_after_signing_in_and_nothing_is_saved_yet(editor, platform):
    path = address(Platform, "change", platform.pk)
    typed = filled_in(editor.get(path), name="Typed for an hour", description="A long <b>thought</b>.")
    client = Client()
    page = client.post(path, typed | {"csrfmiddlewaretoken": "x"})
    assert page.status_code == 200
    assert page.templates[0].name == "admin/login.html"
    assert "What you typed is kept" in page.content.decode()

    again = sign_in(client, page, password="wrong")
    assert carried(again) == carried(page), "a wrong password loses nothing"
    answer = sign_in(client, page)
    assert answer.status_code == 302
    assert answer["Location"].startswith(f"{path}?typed=")
    form = client.get(answer["Location"])
    assert form.status_code == 200
    assert "nothing of it is saved yet" in errors_of(form)
    assert form.context["adminform"].form["name"].value() == "Typed for an hour"
    assert "A long &lt;b&gt;thought&lt;/b&gt;." in form.content.decode()
    platform.refresh_from_db()
    assert platform.name == "As it was"

    saved = client.post(answer["Location"], filled_in(form))
    assert saved.status_code == 302, errors_of(saved)
    platform.refresh_from_db()
    assert platform.name == "Typed for an hour"
    assert client.get(answer["Location"]).context["adminform"].form["name"].value() == "Typed for an hour"
    assert "typed" not in client.session or not client.session["typed"]


def test_what_others_saved_meanwhile_is_told_then_as_well(editor, platform):
    path = address(Platform, "change", platform.pk)
    typed = filled_in(editor.get(path), name="Mine")
    client = Client()
    page = client.post(path, typed)
    editor.post(path, filled_in(editor.get(path), name="Theirs"))
    form = client.get(sign_in(client, page)["Location"])
    assert any((found.theirs, found.yours) == ("Theirs", "Mine") for found in form.context["clashes"])


def test_a_new_record_and_a_wrong_one_come_back_too(people):
    client = Client()
    page = client.post(address(Platform, "add"), {"name": "Not whole", "former_names-TOTAL_FORMS": "x"})
    form = client.get(sign_in(client, page)["Location"])
    assert form.status_code == 200
    assert form.context["adminform"].form["name"].value() == "Not whole"
    assert not Platform.objects.filter(name="Not whole").exists()


def test_what_is_no_form_of_a_record_is_shown_and_sent_once_more(people):
    draft = factories.a_draft(by=people["analyst"])
    path = address(Analysis, "review", draft.pk)
    client = Client()
    page = client.post(path, {"comment": "Read it & liked it.", "_comment": "1"})
    shown = client.get(sign_in(client, page, "reviewer")["Location"])
    assert "Read it &amp; liked it." in shown.content.decode()
    assert not draft.comments.exists()
    sent = re.findall(r'<input type="hidden" name="(comment|_comment)" value="([^"]*)"', shown.content.decode())
    assert {name for name, _ in sent} == {"comment", "_comment"}
    client.post(path, {"comment": "Read it & liked it.", "_comment": "1"})
    assert draft.comments.get().text == "Read it & liked it."


def test_passwords_are_never_carried(people):
    path = reverse("admin:auth_user_add")
    typed = {"username": "new", "password1": "s3cret-one", "password2": "s3cret-one"}
    page = Client().post(path, typed)
    said = signing.loads(carried(page), salt=SALT)
    assert "s3cret-one" not in str(said)
    assert ["username", "new"] in said["fields"]


def test_forms_of_others_are_shown_and_not_filled(people, admin_user):
    """A form that does not know how to refuse would save at once."""
    path = reverse("admin:auth_group_add")
    client = Client()
    page = client.post(path, {"name": "Carried"})
    admin_user.set_password("admin-password")
    admin_user.save()
    shown = client.get(sign_in(client, page, "admin")["Location"])
    assert "Carried" in shown.content.decode()
    assert not type(admin_user).groups.field.related_model.objects.filter(name="Carried").exists()


def test_too_much_is_said_and_leads_nowhere(people):
    page = Client().post(address(Platform, "add"), {"name": "x" * (LONGEST + 1)})
    assert carried(page) is None
    assert "too long to be kept" in page.content.decode()


@pytest.mark.parametrize("token", ["", "nonsense", "https://evil.example/"])
def test_a_made_up_token_is_left_alone(people, token):
    client = Client()
    page = client.get(reverse("admin:login"))
    answer = sign_in(client, page, typed=token)
    assert answer.status_code == 302
    assert "typed" not in answer["Location"]


def test_only_addresses_of_the_admin_are_gone_to(people):
    client = Client()
    page = client.get(reverse("admin:login"))
    for path in ("https://evil.example/admin/", "//evil.example/admin/", "/clauses/", "/nothing/"):
        token = signing.dumps({"path": path, "fields": [], "files": []}, salt=SALT)
        assert "typed=" not in sign_in(client, page, typed=token)["Location"]


def test_a_key_of_another_page_or_person_shows_nothing(editor, platform):
    path = address(Platform, "change", platform.pk)
    page = editor.get(path, {"typed": "made-up"})
    assert page.status_code == 200
    assert page.context["adminform"].form["name"].value() == "As it was"


def test_a_part_of_a_page_is_refused_where_it_stands(people):
    answer = Client().post(address(Platform, "add"), {"name": "x"}, headers={"HX-Request": "true"})
    assert answer.status_code == 401


def test_a_form_from_before_a_new_login_is_shown_again(people, platform):
    path = address(Platform, "change", platform.pk)
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(people["editor"])
    strict.get(path)
    typed = {"name": "Written before", "csrfmiddlewaretoken": "a" * 64}
    shown = strict.post(path, typed, headers={"Origin": "http://testserver"})
    assert shown.status_code == 403
    assert "Written before" in shown.content.decode()
    foreign = strict.post(path, typed, headers={"Origin": "https://evil.example"})
    assert foreign.status_code == 403
    assert "Written before" not in foreign.content.decode()
    platform.refresh_from_db()
    assert platform.name == "As it was"


def test_reading_pages_lead_to_the_login_as_ever(people, platform):
    path = address(Platform, "change", platform.pk)
    answer = Client().get(path)
    assert answer.status_code == 302
    assert reverse("admin:login") in answer["Location"]
    assert signed_in(people["analyst"]).get(path).status_code == 200
