"""Clauses as a sheet: exported, changed, checked, imported; and what is refused."""

import csv
import io
import re
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils.html import escape

from clauses.actions import publish
from clauses.models import Analysis, Provision, Quotation
from conductatlas.actors import catalogue
from conductatlas.formulas import neutral
from platforms.models import Edition
from tests import factories

from .forms import signed_in, told

pytestmark = pytest.mark.django_db
EXPORT = reverse("admin:clauses_provision_sheet")
IMPORT = reverse("admin:clauses_sheet_import")


def exported(client: Client, **filters: Any) -> str:
    answer = client.get(EXPORT, filters)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("text/csv")
    return answer.getvalue().decode()


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))


def sheet_of(rows: list[dict[str, str]]) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, list(dict.fromkeys(name for row in rows for name in row)), restval="")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def new_row(kind: Any, document: Any, **cells: str) -> dict[str, str]:
    place = {"platform": document.platform.slug, "document": document.slug, "clause_type": kind.slug}
    return {**place, "title": "Kept", "slug": factories.unique("kept"), "words": factories.WORDS, **cells}


def counts() -> tuple[int, ...]:
    return tuple(model.objects.count() for model in (Provision, Quotation, Analysis, Edition))


def checked(client: Client, text: str) -> Any:
    page = client.post(IMPORT, {"pasted": text, "check": "1"})
    assert page.status_code == 200
    return page


def imported(client: Client, page: Any) -> Any:
    """Presses the button under a check."""
    assert page.context["sheet"], [fault.words for fault in page.context["plan"].faults]
    return client.post(IMPORT, {"sheet": page.context["sheet"], "import": "1"}, follow=True)


@pytest.fixture
def kind(db: None) -> Any:
    return factories.a_clause_type()


def a_clause(kind: Any, **fields: Any) -> Quotation:
    return factories.a_quotation(factories.a_provision(clause_type=kind, **fields))


def test_an_export_that_comes_back_as_it_was_changes_nothing(analyst, kind):
    document = factories.a_document()
    factories.a_published(
        a_clause(kind, document=document, title="=SUM(A1)"), interpretive_note="- a list\r\n- with “quotes”, and; signs"
    )
    factories.a_draft(a_clause(kind, document=document))
    a_clause(kind, document=document)
    factories.a_provision(document, kind)
    text = exported(analyst, clause_type__id__exact=kind.pk)
    rows = rows_of(text)
    assert [row["analysis"] for row in rows] == ["version 1, published", "version 1, draft", "none", "none"]
    assert rows[0]["title"] == "'=SUM(A1)"
    assert (rows[0]["answer:limit"], rows[0]["sentences:limit"]) == ("yes", "1")
    before = counts()
    for content in (text.encode(), text.replace("\r\n", "\n").encode("utf-16")):
        page = analyst.post(IMPORT, {"file": SimpleUploadedFile("sheet.csv", content), "check": "1"})
        plan = page.context["plan"]
        assert (plan.faults, plan.acting, len(plan.rows)) == ((), [], 4)
        assert "nothing to import" in page.content.decode()
    assert counts() == before


def test_the_whole_catalogue_comes_back_as_it_was(analyst):
    for pk in set(Provision.objects.values_list("clause_type", flat=True)):
        page = checked(analyst, exported(analyst, clause_type__id__exact=pk))
        assert (page.context["plan"].faults, page.context["plan"].acting) == ((), [])


def test_a_new_row_becomes_a_clause_with_its_words_and_a_draft(analyst, people, kind):
    document = factories.a_document()
    row = new_row(
        kind,
        document,
        what_it_is="They keep it. [1]",
        opt_out_score="2",
        opt_out_reason="No way out.",
        **{"answer:limit": "No", "sentences:limit": "1", "detail:limit": "Without end.", "checklist": "Ask\nNote"},
    )
    before = counts()
    page = checked(analyst, sheet_of([row]))
    assert "1</strong> new" in page.content.decode()
    assert counts() == before
    assert "Imported: 1 new" in told(imported(analyst, page))
    provision = Provision.objects.get(document=document, slug=row["slug"])
    draft = provision.analyses.get()
    assert (draft.state, draft.drafter, draft.version) == ("draft", people["analyst"], 1)
    assert draft.quotation.segments == [factories.WORDS]
    assert (draft.what_it_is, draft.opt_out_score, draft.checklist) == ("They keep it. [1]", 2, ["Ask", "Note"])
    answers = {answer.question.key: (answer.value, answer.sentences, answer.detail) for answer in draft.answers.all()}
    assert answers == {"limit": ("no", [1], "Without end."), "deletion": ("unread", [], "")}
    again = checked(analyst, exported(analyst, clause_type__id__exact=kind.pk))
    assert again.context["plan"].acting == []


def test_a_published_analysis_gets_a_new_version_and_stays_as_it_is(analyst, people, kind):
    published = factories.a_published(a_clause(kind))
    payload = published.payload
    [row] = rows_of(exported(analyst, clause_type__id__exact=kind.pk))
    row |= {"why_it_matters": "It stays for years. [1]", "answer:limit": "silent", "sentences:limit": ""}
    assert "1 get a new version as a draft" in told(imported(analyst, checked(analyst, sheet_of([row]))))
    published.refresh_from_db()
    assert (published.state, published.payload) == ("published", payload)
    draft = published.provision.analyses.get(version=2)
    assert (draft.state, draft.drafter, draft.why_it_matters) == ("draft", people["analyst"], "It stays for years. [1]")
    assert draft.what_it_is == published.what_it_is
    assert sorted((a.question.key, a.value) for a in draft.answers.all()) == [("deletion", "yes"), ("limit", "silent")]
    assert (draft.actions.count(), draft.regulations.count(), draft.agencies.count()) == (1, 1, 1)


def test_an_open_draft_changes_and_remembers_who_changed_it(analyst, people, kind):
    draft = factories.a_draft(a_clause(kind), by=people["reviewer"])
    [row] = rows_of(exported(analyst, clause_type__id__exact=kind.pk))
    row |= {"words": f"{factories.SOLD} […] {factories.WORDS}", "detail:limit": "More.", "applies_to_plan": "Free"}
    imported(analyst, checked(analyst, sheet_of([row])))
    draft.refresh_from_db()
    assert draft.quotation.segments == [factories.SOLD, factories.WORDS]
    assert (draft.quotation.number, draft.provision.analyses.count()) == (2, 1)
    assert draft.answers.get(question__key="limit").detail == "More."
    assert list(draft.editors.all()) == [people["analyst"]]
    assert Provision.objects.get(pk=draft.provision_id).applies_to_plan == "Free"


def test_words_keep_what_is_known_of_them_where_only_their_place_is_told(analyst, kind):
    quotation = factories.a_quotation(factories.a_provision(clause_type=kind), cut=True)
    [row] = rows_of(exported(analyst, clause_type__id__exact=kind.pk))
    imported(analyst, checked(analyst, sheet_of([row | {"heading": "Terms"}])))
    newest = quotation.provision.quotations.get(number=2)
    assert (newest.heading, newest.cut, newest.segments) == ("Terms", True, quotation.segments)
    assert newest.analyses.get().state == "draft"


def test_one_fault_and_nothing_is_imported(analyst, kind):
    document = factories.a_document()
    rows = [new_row(kind, document), new_row(kind, document, platform="nowhere"), new_row(kind, document, words="x")]
    before = counts()
    page = checked(analyst, sheet_of(rows))
    assert [(fault.row, fault.column) for fault in page.context["faults"]] == [(3, "platform"), (4, "words")]
    assert "sheet" not in page.context
    assert escape("There is no platform “nowhere”") in page.content.decode()
    assert counts() == before


def test_a_fault_found_by_the_database_undoes_all_of_it(analyst, kind, monkeypatch):
    document = factories.a_document()
    page = checked(analyst, sheet_of([new_row(kind, document), new_row(kind, document)]))
    before = counts()
    made = []

    def fails_at_the_second(**given: Any) -> Any:
        made.append(given)
        if len(made) == 2:
            raise factories.actions.sheets.Refused("The second one cannot be.")
        return quote(**given)

    quote = factories.actions.sheets.quote
    monkeypatch.setattr(factories.actions.sheets, "quote", fails_at_the_second)
    answer = imported(analyst, page)
    assert "The second one cannot be." in told(answer)
    assert counts() == before
    assert factories.WORDS in answer.content.decode()  # the sheet is still there


def test_what_changed_since_the_check_is_not_written_over(analyst, kind):
    draft = factories.a_draft(a_clause(kind))
    [row] = rows_of(exported(analyst, clause_type__id__exact=kind.pk))
    page = checked(analyst, sheet_of([row | {"fingerprint": "", "what_it_is": "Mine. [1]"}]))
    publish(analysis=draft, by=catalogue())
    before = counts()
    answer = imported(analyst, page)
    assert "records changed since the sheet was checked" in told(answer)
    assert counts() == before
    assert "1 get a new version as a draft" in told(imported(analyst, answer))
    old = checked(analyst, sheet_of([row | {"what_it_is": "Older. [1]"}]))
    assert [fault.column for fault in old.context["plan"].faults] == ["fingerprint"]


def test_a_check_is_the_person_s_own_and_cannot_be_altered(analyst, reviewer, kind):
    page = checked(analyst, sheet_of([new_row(kind, factories.a_document())]))
    before, carried = counts(), page.context["sheet"]
    assert "another person checked" in told(reviewer.post(IMPORT, {"sheet": carried, "import": "1"}))
    for broken in ("", carried[:-1], "x" + carried):
        assert "Check the sheet again" in told(analyst.post(IMPORT, {"sheet": broken, "import": "1"}))
    assert counts() == before


@pytest.mark.parametrize(
    "data", [{}, {"pasted": " "}, {"pasted": "a\0b"}, {"file": SimpleUploadedFile("a", b"title\n\xe4")}]
)
def test_what_holds_no_sheet_is_told(analyst, data):
    page = analyst.post(IMPORT, {**data, "check": "1"})
    assert page.status_code == 200
    assert page.context["form"].errors
    assert "sheet" not in page.context


def test_the_title_of_a_published_clause_is_a_reviewer_s(analyst, reviewer, kind):
    factories.a_published(a_clause(kind))
    [row] = rows_of(exported(analyst, clause_type__id__exact=kind.pk))
    renamed = sheet_of([row | {"title": "Kept for good"}])
    assert [fault.column for fault in checked(analyst, renamed).context["plan"].faults] == ["title"]
    imported(reviewer, checked(reviewer, renamed))
    assert Provision.objects.get(clause_type=kind).title == "Kept for good"


def test_nobody_without_the_rights_sees_or_writes(db):
    nobody = signed_in(User.objects.create_user("bystander", is_staff=True))
    for path in (EXPORT, IMPORT):
        assert nobody.get(path).status_code == 403
        assert nobody.post(path, {"pasted": "title\nx", "check": "1"}).status_code == 403
        assert Client().get(path).status_code == 302
    before = counts()
    assert nobody.post(IMPORT, {"sheet": "x", "import": "1"}).status_code == 403
    assert counts() == before


def test_the_list_leads_to_its_sheet_and_keeps_its_filters(analyst, kind):
    wanted, other = a_clause(kind).provision, a_clause(kind).provision
    path = reverse("admin:clauses_provision_changelist")
    page = analyst.get(path, {"document__platform__id__exact": wanted.document.platform_id}).content.decode()
    link = re.search(rf'href="({EXPORT}[^"]*)"', page)[1]
    choice = analyst.get(link).content.decode()
    chosen = re.search(rf'href="([^"]*)">\s*{re.escape(kind.name)}', choice)[1].replace("&amp;", "&")
    rows = rows_of(analyst.get(EXPORT + chosen).getvalue().decode())
    assert [row["record"] for row in rows] == [wanted.record_id]
    rows = rows_of(exported(analyst, clause_type__id__exact=kind.pk, document__id__exact=other.document_id))
    assert [row["record"] for row in rows] == [other.record_id]
    for nonsense in ("x", "9" * 400):
        assert analyst.get(EXPORT, {"clause_type__id__exact": nonsense}).status_code == 200
    lost = analyst.get(EXPORT, {"clause_type__id__exact": kind.pk, "document__id__exact": "x"}, follow=True)
    assert "A filter in this address means nothing" in told(lost)


def test_a_check_takes_as_many_queries_for_many_rows_as_for_one(analyst, kind, django_assert_max_num_queries):
    document = factories.a_document()
    for _ in range(3):
        factories.a_draft(factories.a_quotation(factories.a_provision(document, kind)))
    rows = rows_of(exported(analyst, clause_type__id__exact=kind.pk))
    rows += [new_row(kind, document) for _ in range(60)]
    for some in (rows[:1], rows):
        with django_assert_max_num_queries(18) as asked:
            checked(analyst, sheet_of([{name: neutral(cell) for name, cell in row.items()} for row in some]))
        if some is not rows:
            first = len(asked)
    assert len(asked) == first


def test_each_row_of_an_import_takes_a_few_queries(analyst, kind, django_assert_max_num_queries):
    document = factories.a_document()
    page = checked(analyst, sheet_of([new_row(kind, document, what_it_is="They keep it. [1]") for _ in range(20)]))
    with django_assert_max_num_queries(20 * 42 + 40):
        imported(analyst, page)
    assert document.provisions.count() == 20
