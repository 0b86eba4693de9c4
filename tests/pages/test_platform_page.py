"""The page of a platform: what its documents were read for, what changed, and who answers alike."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from clauses.figures import coverage, months, similar
from clauses.figures.coverage import MOST_COLUMNS
from clauses.figures.similar import FEWEST_SHARED, LEAST_ALIKE
from clauses.models import AnswerProfile, ClauseType, Provision, Reading
from conductatlas import actors
from platforms.actions import report_change
from platforms.models import Change, Document, Platform
from tests import factories
from tests.copies import clause_like
from tests.pages.reading import find_all, main_text, page, text_of

pytestmark = pytest.mark.django_db


def of(platform: str) -> list[Document]:
    return list(Document.objects.current().serving(Platform.objects.get(slug=platform)))


@pytest.mark.parametrize("platform", ["chatgpt", "windsurf", "pennowisk", "meta-ai", "cohere"])
def test_each_clause_type_is_counted_once(platform: str) -> None:
    documents = of(platform)
    figures = coverage(documents)
    assert figures.fitting + len(figures.outside) == ClauseType.objects.count()
    assert figures.found + figures.absent + figures.partly == len(figures.rows)
    published = Provision.objects.published().filter(document__in=documents)
    assert {clause for row in figures.rows for cell in row.cells for clause in cell.clauses} == set(published)


def test_the_grid_says_what_the_readings_say(client: Client) -> None:
    [grid] = find_all(client.get("/platform/chatgpt/"), ".//table[@class='coverage']")
    columns = [text_of(cell).split("\n")[0].strip() for cell in grid.findall("./thead/tr/th")][1:]
    assert len(columns) == 3
    for row in grid.findall("./tbody/tr"):
        slug = row.find("./th/a").get("href").split("/")[-2]
        clause_type = ClauseType.objects.get(slug=slug)
        for link, cell in zip(grid.findall("./thead/tr/th/a"), row.findall("./td"), strict=True):
            document = Document.objects.get(platform__slug="chatgpt", slug=link.get("href").split("/")[-2])
            clauses = [a.get("href") for a in cell.findall("./a")]
            read = Reading.objects.filter(document=document, clause_type=clause_type).order_by("-captured_at").first()
            if clauses:
                known = Provision.objects.published().filter(document=document, clause_type=clause_type)
                assert clauses == [clause.get_absolute_url() for clause in known.order_by("title")]
            elif read:
                assert ("found" if read.found else "absent") in text_of(cell)
            elif document.kind in clause_type.document_kinds:
                assert "not read" in text_of(cell)
            else:
                assert "not looked for" in text_of(cell)


def test_absent_found_unread_and_outside_are_four_things() -> None:
    clause_type = factories.a_clause_type()
    document = factories.a_document()
    other = factories.a_document(document.platform, kind="cookie_policy")

    def states() -> set[str]:
        rows = [row for row in coverage([document, other]).rows if row.clause_type == clause_type]
        return {cell.state for row in rows for cell in row.cells}

    assert clause_type in coverage([document, other]).unread
    assert clause_type in coverage([other]).outside
    factories.a_reading(document, clause_type, "2026-01-31", found=False)
    assert states() == {"absent", "outside"}
    factories.a_reading(document, clause_type, "2026-02-28", found=True)
    assert states() == {"found", "outside"}, "the newest reading counts"
    unread = factories.a_document(document.platform)
    figures = coverage([document, unread])
    assert [cell.state for row in figures.rows for cell in row.cells if row.clause_type == clause_type] == [
        "found",
        "unread",
    ]


def test_many_documents_stand_on_several_pages(client: Client, django_assert_max_num_queries) -> None:
    clause_type = factories.a_clause_type()
    platform = factories.a_platform()
    documents = [factories.a_document(platform) for _ in range(MOST_COLUMNS + 2)]
    for document in documents:
        factories.a_reading(document, clause_type, "2026-01-31", found=True)
    client.get(platform.get_absolute_url())
    with django_assert_max_num_queries(14):
        first = client.get(platform.get_absolute_url())
    second = client.get(f"{platform.get_absolute_url()}?documents=2")
    shown = [
        {link.get("href") for link in page(response).findall(".//table[@class='coverage']/thead/tr/th/a")}
        for response in (first, second)
    ]
    assert [len(links) for links in shown] == [MOST_COLUMNS, 2]
    assert set.union(*shown) == {document.get_absolute_url() for document in documents}
    partial = client.get(
        f"{platform.get_absolute_url()}?documents=2", headers={"HX-Request": "true", "HX-Target": "coverage"}
    )
    assert "<html" not in partial.content.decode()
    for odd in ("0", "99999999999", "-1", "x", "99"):
        assert client.get(platform.get_absolute_url(), {"documents": odd}).status_code == 200


def test_months_count_what_was_observed_and_name_their_denominator(client: Client) -> None:
    document = factories.a_document()
    factories.a_snapshot(document, day="2026-01-31")
    factories.a_snapshot(document, f"{factories.TEXT}\n{factories.SOLD}\n", day="2026-03-05")
    figures = months([document], held=1, today=date(2026, 11, 21))
    assert [(month.day, month.changes) for month in figures.told] == [(date(2026, 3, 1), 1)]
    assert len(figures.months) == 12
    assert figures.months[0].day == date(2025, 12, 1)
    assert months([document], held=1, today=date(2027, 2, 28)).observed == 1, "its month is the first of the twelve"
    assert months([document], held=1, today=date(2027, 3, 1)).observed == 0
    Change.objects.filter(document=document).update(review="noise")
    assert months([document], held=1, today=date(2026, 11, 21)).observed == 0
    assert "of which we hold texts" in main_text(client.get(document.platform.get_absolute_url()))
    assert "We hold no text of its documents" in main_text(client.get("/platform/chatgpt/"))


def test_reported_changes_are_told_apart() -> None:
    document = factories.a_document()
    report_change(
        document=document,
        title="Another page tells it",
        summary="It says so.",
        source="Another page",
        reported_on=date(2026, 11, 1),
        by=actors.catalogue(),
    )
    figures = months([document], held=0, today=date(2026, 11, 21))
    assert (figures.observed, figures.reported) == (0, 1)
    assert months([document], held=0, today=date(2028, 1, 1)).reported == 0


def test_similar_platforms_rest_on_shared_questions() -> None:
    figures = similar(Platform.objects.get(slug="chatgpt"))
    own = AnswerProfile.objects.get(platform__slug="chatgpt")
    assert figures.platforms
    for other in figures.platforms:
        theirs = AnswerProfile.objects.get(platform__slug=other.slug)
        both = {*own.yes, *own.no} & {*theirs.yes, *theirs.no}
        alike = ({*own.yes} & {*theirs.yes}) | ({*own.no} & {*theirs.no})
        assert (other.alike, other.shared) == (len(alike), len(both))
        assert other.shared >= FEWEST_SHARED
        assert other.alike >= LEAST_ALIKE * other.shared
        assert not other.invented


def test_a_question_that_a_platform_answers_both_ways_is_settled_neither_way() -> None:
    copy = clause_like(Provision.objects.get(number=20002), platform="Copy")
    profile = AnswerProfile.objects.get(platform=copy.document.platform)
    own = AnswerProfile.objects.get(platform__slug="chatgpt")
    answers = Provision.objects.get(pk=copy.pk).compared.answers
    assert len(profile.yes) + len(profile.no) == sum(value in {"yes", "no"} for value in answers.values())
    assert not set(own.yes) & set(own.no)


def test_too_few_answers_name_nobody(client: Client) -> None:
    assert "None can be named yet" in main_text(client.get("/platform/supabase/"))
    assert "None can be named yet" in main_text(client.get("/platform/pennowisk/")), "it is the only invented one"


def test_all_clauses_are_in_the_registry(client: Client) -> None:
    response = client.get("/platform/pennowisk/")
    links = [link.get("href") for link in page(response).findall(".//main//a")]
    assert f"{reverse('clauses')}?platform=pennowisk" in links
    assert len(page(response).findall(".//li[@class='clause-line']")) == 5
