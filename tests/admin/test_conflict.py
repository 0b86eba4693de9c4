"""Two people on one record: the second save is refused with both versions shown, and nothing that was typed is lost."""

import pytest

from clauses.models import Agency, Analysis, ClauseType
from platforms.models import Platform
from tests import factories

from .forms import address, errors_of, filled_in, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def other(people):
    """A second editor."""
    people["editor"].pk, kept = None, people["editor"].pk
    people["editor"].username = "second"
    people["editor"].save()
    second = people["editor"]
    second.groups.set(type(second).objects.get(pk=kept).groups.all())
    return signed_in(second)


def clash(page, label):
    return next(found for found in page.context["clashes"] if found.label.lower() == label.lower())


def test_the_second_save_is_refused_and_shows_both(editor, other):
    platform = factories.a_platform(name="First name")
    path = address(Platform, "change", platform.pk)
    mine, theirs = filled_in(editor.get(path)), filled_in(other.get(path))
    assert other.post(path, theirs | {"name": "Theirs", "description": "They say."}).status_code == 302

    page = editor.post(path, mine | {"name": "Mine", "website": "https://mine.example/"})
    assert page.status_code == 200
    platform.refresh_from_db()
    assert (platform.name, platform.website) == ("Theirs", "")
    assert "second saved this record at" in errors_of(page)
    assert (clash(page, "name").theirs, clash(page, "name").yours, clash(page, "name").who) == (
        "Theirs",
        "Mine",
        "second",
    )
    assert (clash(page, "description").theirs, clash(page, "description").yours) == ("They say.", "(nothing)")
    assert clash(page, "website").who == "", "they left it alone"
    form = page.context["adminform"].form
    assert (form["name"].value(), form["website"].value()) == ("Mine", "https://mine.example/")

    again = editor.post(path, filled_in(page))
    assert again.status_code == 302, "a deliberate second save goes through"
    platform.refresh_from_db()
    assert (platform.name, platform.description) == ("Mine", "")


def test_rows_below_a_record_are_compared_as_well(editor, other):
    kind = factories.a_clause_type()
    path = address(ClauseType, "change", kind.pk)
    mine, theirs = filled_in(editor.get(path)), filled_in(other.get(path))
    assert other.post(path, theirs | {"questions-0-wording": "Is there any limit?"}).status_code == 302
    page = editor.post(path, mine | {"questions-0-wording": "Is there a limit of time?", "questions-1-help": "Look."})
    found = clash(page, "question 1: wording")
    assert (found.theirs, found.yours, found.who) == ("Is there any limit?", "Is there a limit of time?", "second")
    assert kind.questions.get(key="limit").wording == "Is there any limit?"
    assert editor.post(path, filled_in(page)).status_code == 302
    assert set(kind.questions.values_list("wording", "help")) == {
        ("Is there a limit of time?", ""),
        ("Is there a deletion?", "Look."),
    }


def test_a_row_that_was_added_meanwhile_stays(editor, other):
    agency = factories.an_agency()
    path = address(Agency, "change", agency.pk)
    mine, theirs = filled_in(editor.get(path)), filled_in(other.get(path))
    law, ours = factories.a_regulation(), factories.a_regulation()
    row = {"enforced-TOTAL_FORMS": "1"}
    assert other.post(path, theirs | row | {"enforced-0-regulation": law.pk}).status_code == 302
    page = editor.post(path, mine | row | {"enforced-0-regulation": ours.pk})
    assert page.status_code == 200
    assert any("added meanwhile" in found.label for found in page.context["clashes"])
    assert editor.post(path, filled_in(page)).status_code == 302
    assert {found.regulation for found in agency.enforced.all()} == {law, ours}


def test_a_row_that_was_deleted_meanwhile_is_kept_as_it_was_typed(people, analyst, reviewer):
    draft = factories.a_draft(by=people["analyst"])
    step = draft.actions.get()
    draft.actions.create(position=1, kind="cancel", channel="self", title="Cancel")
    path = address(Analysis, "change", draft.pk)
    mine, theirs = filled_in(analyst.get(path)), filled_in(reviewer.get(path))
    assert reviewer.post(path, theirs | {"actions-0-DELETE": "on"}).status_code == 302
    assert not draft.actions.filter(pk=step.pk).exists()
    page = analyst.post(path, mine | {"actions-0-title": "Ask them twice", "actions-1-title": "Cancel it"})
    assert page.status_code == 200
    assert {"Ask them twice", "Cancel it"} == {
        form["title"].value()
        for formset in page.context["inline_admin_formsets"]
        if formset.formset.prefix == "actions"
        for form in formset.formset.forms
        if form["title"].value()
    }
    assert analyst.post(path, filled_in(page)).status_code == 302
    assert set(draft.actions.values_list("title", flat=True)) == {"Ask them twice", "Cancel it"}


def test_what_the_form_does_not_show_makes_no_conflict(people, analyst):
    draft = factories.a_draft(by=people["analyst"])
    path = address(Analysis, "change", draft.pk)
    mine = filled_in(analyst.get(path))
    draft.editors.add(people["reviewer"])
    assert analyst.post(path, mine | {"what_it_is": "They keep it all. [1]"}).status_code == 302


def test_what_a_program_changed_is_said_as_well(editor):
    platform = factories.a_platform()
    path = address(Platform, "change", platform.pk)
    mine = filled_in(editor.get(path))
    Platform.objects.filter(pk=platform.pk).update(description="Imported.")
    page = editor.post(path, mine | {"name": "Mine, of course"})
    assert "changed by a program" in errors_of(page)
    assert clash(page, "description").theirs == "Imported."


def test_nobody_is_stopped_by_themselves(editor):
    platform = factories.a_platform()
    path = address(Platform, "change", platform.pk)
    for name in ("One name", "Another name"):
        assert editor.post(path, filled_in(editor.get(path), name=name)).status_code == 302
    page = editor.post(path, filled_in(editor.get(path), name="Third name", sector="no such sector"))
    assert "conflict" not in page.context
    assert editor.post(path, filled_in(page, sector="other")).status_code == 302


@pytest.mark.parametrize("token", ["x", "x.", ".5", "x." + "9" * 40, "\x00"])
def test_an_odd_token_is_no_error(editor, token):
    platform = factories.a_platform()
    path = address(Platform, "change", platform.pk)
    assert editor.post(path, filled_in(editor.get(path), name="Odd name", _opened_with=token)).status_code in {200, 302}
