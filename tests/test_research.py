"""Research notes: prose that stays, with tables that are the catalogue as it is."""

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from clauses.actions import save_entry
from clauses.figures import answer_figures, read_figures
from clauses.models import ClauseType, Provision, Question, ResearchNote
from clauses.research import Table, parts_of, tables_of
from clauses.vocabulary import AnswerValue
from conductatlas import actors

TYPE = "user-content-for-ai-training"


def a_note(body: str, **columns) -> ResearchNote:
    values = {
        "slug": "a-note", "title": "A note", "summary": "What was found.", "written_on": "2026-11-21",
        "drafted_by": "machine",
    }  # fmt: skip
    return save_entry(ResearchNote(body=body, **{**values, **columns}), by=actors.catalogue())


# The words


def test_tables_stand_between_stretches_of_words():
    body = "First.\n\nSecond.\n{{ answers some-type some-question }}\n\nThird.\n\n{{ readings some-type }}\n"
    assert list(parts_of(body)) == [
        "First.\n\nSecond.", Table("answers", "some-type", "some-question"), "Third.", Table("readings", "some-type"),
    ]  # fmt: skip
    assert tables_of(body) == [Table("answers", "some-type", "some-question"), Table("readings", "some-type")]


@pytest.mark.parametrize(
    "line", ["{{ answers some-type }}", "{{readings some-type}}", "{{ figures some-type }}", "{{ readings a }} b", "{{"]
)
def test_what_looks_like_a_table_and_is_none_is_named_with_its_line(line):
    with pytest.raises(ValueError, match=r"line 3: .* is no table: write"):
        list(parts_of(f"Words.\n\n{line}\n"))


@given(st.lists(st.sampled_from(["One.", "", "{{ readings some-type }}", "- item"])))
def test_nothing_is_lost_between_the_tables(lines):
    parts = list(parts_of("\n".join(lines)))
    words = " ".join(part for part in parts if isinstance(part, str)).split()
    assert words == [word for line in lines if not line.startswith("{{") for word in line.split()]
    assert sum(isinstance(part, Table) for part in parts) == sum(line.startswith("{{") for line in lines)


# The record


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("body", "why"),
    [
        ("{{ readings no-such-type }}", "There is no clause type 'no-such-type'"),
        (f"{{{{ answers {TYPE} no-such-question }}}}", "has no question 'no-such-question': it has can-refuse"),
        ("Words.\n{{ tables }}", "line 2"),
    ],
)
def test_a_table_of_something_that_is_not_there_is_refused(body, why):
    with pytest.raises(ValidationError, match=why):
        a_note(body)


@pytest.mark.django_db
def test_prose_is_cleaned_when_it_is_saved():
    note = a_note("# Part\n\n<script>alert(1)</script> [a](javascript:alert(1))")
    (part,) = note.parts
    assert "<h2>Part</h2>" in part["html"]
    assert "<script" not in part["html"] and 'href="javascript' not in part["html"]


# The figures


@pytest.mark.django_db
def test_answers_add_up_to_the_clauses_of_the_type_and_follow_the_catalogue():
    clauses = Provision.objects.published().filter(clause_type__slug=TYPE, document__platform__invented=False)
    figures = answer_figures(TYPE)
    assert set(figures) == set(Question.objects.filter(clause_type__slug=TYPE).values_list("key", flat=True))
    for one in figures.values():
        placed = [analysis.provision for group in one.groups for analysis in group.analyses]
        assert len(placed) == one.total == clauses.count()
        assert set(placed) == set(clauses)


@pytest.mark.django_db
def test_a_question_that_is_newer_than_the_analyses_is_not_read_yet():
    Question.objects.create(clause_type=ClauseType.objects.get(slug=TYPE), key="new", wording="Is it new?")
    figures = answer_figures(TYPE)["new"]
    assert [(group.value, len(group.analyses)) for group in figures.groups] == [(AnswerValue.UNREAD, figures.total)]


@pytest.mark.django_db
def test_readings_of_invented_platforms_are_in_no_table():
    for clause_type in ClauseType.objects.all():
        figures = read_figures(clause_type.slug)
        assert not any(reading.document.platform.invented for reading in figures.readings)
        assert figures.found <= figures.documents >= figures.platforms


# The pages


@pytest.mark.django_db
def test_a_note_shows_words_and_tables_and_is_linked_from_the_clauses_it_draws_on(client: Client):
    note = a_note(f"Before it.\n\n{{{{ answers {TYPE} can-refuse }}}}\n\nAfter it.")
    page = client.get(note.get_absolute_url()).text
    assert page.index("Before it.") < page.index("<caption>Can you refuse?</caption>") < page.index("After it.")
    assert "as of" in page
    clause = Provision.objects.published().filter(clause_type__slug=TYPE).with_place().first()
    assert note.get_absolute_url() in client.get(clause.get_absolute_url()).text
    other = Provision.objects.published().exclude(clause_type__slug__in=note.draws_on).with_place()
    assert note.get_absolute_url() not in client.get(other.last().get_absolute_url()).text
    assert note.get_absolute_url() in client.get("/research/").text


@pytest.mark.django_db
def test_a_question_that_is_gone_takes_its_table_with_it(client: Client):
    note = a_note(f"{{{{ answers {TYPE} can-refuse }}}}\n\n{{{{ readings {TYPE} }}}}")
    ResearchNote.objects.filter(pk=note.pk).update(parts=[{**note.parts[0], "question": "gone"}, note.parts[1]])
    page = client.get(note.get_absolute_url())
    assert page.status_code == 200
    assert page.text.count("<table") == 1


@pytest.mark.django_db
def test_an_editor_writes_one_in_the_admin_and_a_wrong_table_loses_nothing(client: Client, people):
    client.force_login(people["editor"])
    typed = {
        "slug": "by-hand", "title": "By hand", "summary": "Written in the admin.", "written_on": "2026-11-21",
        "drafted_by": "person", "body": "Kept words.\n\n{{ readings nowhere }}",
    }  # fmt: skip
    refused = client.post("/admin/clauses/researchnote/add/", typed)
    assert refused.status_code == 200
    assert "There is no clause type &#x27;nowhere&#x27;" in refused.text and "Kept words." in refused.text
    assert not ResearchNote.objects.filter(slug="by-hand").exists()
    kept = client.post(
        "/admin/clauses/researchnote/add/", {**typed, "body": f"Kept words.\n\n{{{{ readings {TYPE} }}}}"}
    )
    assert kept.status_code == 302
    page = client.get("/research/by-hand/").text
    assert "Kept words." in page and "<caption>" in page
