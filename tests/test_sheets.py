"""A sheet of clauses, without a database: how it is read, what is wrong with it, what an import would do."""

import csv
import dataclasses
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clauses.actions import CONTENT
from clauses.sheets import Deed, Known, Standing, check, columns_for, decoded, fingerprint_of, read_sheet, written
from clauses.sheets.checking import AROUND, Change
from clauses.sheets.columns import ANALYSIS, ANSWERS, CLAUSE, QUOTED
from clauses.sheets.reading import MOST_BYTES, MOST_ROWS
from clauses.vocabulary import AnswerValue
from conductatlas.formulas import FORMULA, meant, neutral

QUESTIONS = ("limit", "deletion")
COLUMNS = columns_for(QUESTIONS)
WORDS = "We keep what you write for as long as we like. You can ask us to delete it."
NEW = {
    "platform": "acme",
    "document": "terms",
    "clause_type": "retention",
    "title": "Kept",
    "slug": "kept",
    "words": WORDS,
}


def standing(**cells: str) -> Standing:
    base = {**dict.fromkeys(COLUMNS, ""), **NEW, "record": "CA-P-000007", "analysis": "version 1, published"} | cells
    base["fingerprint"] = fingerprint_of(base)
    return Standing(base["record"], base, version=1, state="published", sentences=2)


def known(*clauses: Standing) -> Known:
    return Known(
        clause_type="retention",
        questions=QUESTIONS,
        clause_types=("retention", "arbitration"),
        documents={"acme": {"terms"}, "other": {"privacy"}},
        clauses={clause.record: clause for clause in clauses},
        taken={("acme", "terms", clause.cells["slug"]): clause.record for clause in clauses},
        jurisdictions={"EU"},
        reserved=("history",),
    )


def sheet_of(*rows: dict[str, str], delimiter: str = ",") -> str:
    columns = list(dict.fromkeys(name for row in rows for name in row))
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter)
    writer.writerow(columns)
    writer.writerows([neutral(row.get(name, "")) for name in columns] for row in rows)
    return out.getvalue()


def faults(*rows: dict[str, str], clauses: tuple[Standing, ...] = ()) -> list[tuple[int, str, str]]:
    return [
        (fault.row, fault.column, fault.words) for fault in check(read_sheet(sheet_of(*rows)), known(*clauses)).faults
    ]


def test_the_columns_are_all_that_an_analysis_says():
    assert set(ANALYSIS) == set(CONTENT)
    assert list(ANSWERS) == AnswerValue.values
    assert list(ANSWERS.values()) == AnswerValue.labels


@given(st.text(alphabet=st.one_of(st.sampled_from("'=+-@\t\r＝"), st.characters(codec="utf-8")), max_size=20))
def test_a_cell_that_was_kept_from_being_a_formula_comes_back(cell):
    assert meant(neutral(cell)) == cell
    assert not neutral(cell).startswith(FORMULA)


texts = st.text(
    st.one_of(st.sampled_from("\"',;\t\n\r=+-@ […]\\"), st.characters(codec="utf-8", exclude_characters="\0")),
    max_size=30,
)


@given(
    cells=st.dictionaries(st.sampled_from([*CLAUSE, *QUOTED, *ANALYSIS, *COLUMNS[-6:]]), texts, max_size=12),
    delimiter=st.sampled_from(",;\t"),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
def test_what_was_exported_and_comes_back_changes_nothing(cells, delimiter, encoding):
    clause = standing(**{column: written("title", text) for column, text in cells.items()})
    text = decoded(sheet_of(dict(clause.cells), delimiter=delimiter).encode(encoding))
    plan = check(read_sheet(text), known(clause))
    expected = not clause.cells["words"].strip()  # a quotation that holds nothing is none
    assert [fault.column for fault in plan.faults] == ["words"] * expected
    assert [(row.deed, row.changes) for row in plan.rows] == [(Deed.STAYS, ())] * (not expected)


@given(st.text(max_size=200))
def test_whatever_is_pasted_is_read_or_faulted(text):
    sheet = read_sheet(f"record,title\n{text}")
    plan = check(sheet, known())
    assert plan.faults
    assert not plan.acting


@given(st.binary(max_size=60))
def test_whatever_is_uploaded_is_text_or_refused(content):
    try:
        text = decoded(content)
    except ValueError as error:
        assert "Save it as UTF-8" in str(error)
    else:
        assert read_sheet(text).faults


def test_a_file_in_another_encoding_is_refused_with_its_line():
    with pytest.raises(ValueError, match="line 2"):
        decoded("title\nGebühr".encode("cp1252"))
    with pytest.raises(ValueError, match="more than"):
        decoded(b"a" * (MOST_BYTES + 1))


@pytest.mark.parametrize("text", ["sep=;\n{}", "{}", "\ufeff{}"])
def test_the_way_in_which_excel_writes_is_read(text):
    plan = check(read_sheet(text.format(sheet_of(NEW, delimiter=";").replace("\n", "\r\n"))), known())
    assert not plan.faults
    assert [row.deed for row in plan.rows] == [Deed.NEW]
    assert plan.rows[0].values["words"] == [WORDS]


@pytest.mark.parametrize(
    ("column", "cell", "said"),
    [
        ("platform", "acmee", "is “acme” meant?"),
        ("document", "privacy", "acme has no document “privacy”"),
        ("clause_type", "arbitration", "a sheet of its own"),
        ("slug", "Bad Slug!", "as in “bad-slug”"),
        ("slug", "history", "taken by the site's own addresses"),
        ("title", "x" * 201, "more than 200"),
        ("words", "[…]", "has no words"),
        ("words", "", "A new clause needs it"),
        ("sentences:limit", "1, 3", "There is no sentence 3: the words have 2"),
        ("sentences:limit", "one", "write them as 1, 3"),
        ("sentences:limit", "9" * 5000, "write them as 1, 3"),
        ("answer:limit", "maybe", "write yes, no, silent, unread"),
        ("what_it_is", "They keep it. [5]", "There is no sentence 5"),
        ("confidence", "sure", "write high, medium, low"),
        ("opt_out_score", "4", "from 0 to 3"),
        ("jurisdiction_flags", "XX: something", "the code of a known jurisdiction"),
        ("interpretive_note", "#NAME?", "took the text for a formula"),
        ("interpretive_note", "lost \ufffd letter", "a letter was lost"),
    ],
)
def test_each_fault_names_its_row_and_column_and_the_way_out(column, cell, said):
    row = {**NEW, "answer:limit": "yes", "sentences:limit": "1"} | {column: cell}
    found = faults(NEW | {"slug": "first"}, row)
    assert [(number, where) for number, where, _ in found] == [(3, column)]
    assert said in found[0][2]


def test_a_yes_needs_its_sentences_and_a_score_its_reason():
    found = faults(NEW | {"answer:limit": "No", "answer:deletion": "does not say", "opt_out_score": "2"})
    assert [where for _, where, _ in found] == ["opt_out_reason", "sentences:limit"]


def test_a_formula_is_refused_unless_it_is_guarded():
    text = 'platform,document,clause_type,title,slug,words,checklist\nacme,terms,retention,=1+1,a,"{}","{}"\n'
    plan = check(read_sheet(text.format(WORDS, "- Ask")), known())
    assert [(fault.row, fault.column) for fault in plan.faults] == [(2, "title")]
    plan = check(read_sheet(text.replace("=1", "'=1").format(WORDS, "- Ask")), known())
    assert not plan.faults
    assert (plan.rows[0].title, plan.rows[0].values["checklist"]) == ("=1+1", ["- Ask"])


def test_the_same_clause_twice_is_a_fault_that_names_both_rows():
    assert faults(NEW, NEW) == [(3, "slug", "Row 2 is about the same clause.")]
    clause = standing()
    twice = {"record": clause.record, "clause_type": "retention"}
    assert faults(twice, twice, clauses=(clause,)) == [(3, "record", "Row 2 is about the same clause.")]
    assert "CA-P-000007 has this slug already" in faults(NEW, clauses=(clause,))[0][2]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "empty"),
        ("a,b\n1,2", "no header"),
        ("title,title\nx,y", "names no clause type"),
        ("title,clause_type\nx,retentoin", "is “retention” meant?"),
        ("title,clause_type,answer:limits\nx,retention,yes", "is “answer:limit” meant?"),
        ("title,title,clause_type\nx,y,retention", "there twice"),
        ("title,clause_type\nx,retention,more", "3 cells under 2 columns"),
        ('title,clause_type\n"x,retention\n', "quotation mark"),
        ("title,clause_type\n" + "x" * 200_000 + ",retention", "more than"),
        ("title,clause_type\n", "nothing to import"),
        ("title,clause_type\n" + "x,retention\n" * (MOST_ROWS + 1), "part it"),
    ],
)
def test_a_sheet_that_cannot_be_read_says_why(text, said):
    sheet = read_sheet(text)
    catalogue = known() if "retention" in [line.cells.get("clause_type") for line in sheet.lines] else typeless()
    assert any(said in fault.words for fault in check(sheet, catalogue).faults)


def typeless() -> Known:
    return Known("", (), ("retention",), {}, {}, {})


def test_only_what_differs_changes():
    clause = standing(what_it_is="They keep it. [1]")
    plan = check(
        read_sheet(sheet_of(dict(clause.cells) | {"answer:limit": "yes", "sentences:limit": "2"})), known(clause)
    )
    assert not plan.faults
    [row] = plan.acting
    assert (row.deed, dict(row.values)) == (Deed.VERSION, {"answer:limit": "yes", "sentences:limit": [2]})
    plan = check(
        read_sheet(sheet_of({"record": clause.record, "clause_type": "retention", "title": "New"})), known(clause)
    )
    assert (plan.rows[0].deed, dict(plan.rows[0].values)) == (Deed.CLAUSE, {"title": "New"})


def test_a_sheet_that_was_exported_before_the_clause_changed_is_refused():
    old, now = standing(), standing(what_it_is="They keep it for good. [1]")
    row = dict(old.cells) | {"why_it_matters": "It stays. [1]"}
    assert [where for _, where, _ in faults(row, clauses=(now,))] == ["fingerprint"]
    assert faults(row | {"fingerprint": ""}, clauses=(now,)) == []


@pytest.mark.parametrize(
    ("facts", "changed", "where"),
    [
        ({"merged": "CA-P-000009"}, {"title": "x"}, "record"),
        ({"fixed": True}, {"title": "x"}, "title"),
        ({"state": "in_review"}, {"what_it_is": "Kept. [1]"}, "analysis"),
        ({}, {"platform": "other", "document": ""}, "platform"),
        ({}, {"words": ""}, "words"),
        ({}, {"slug": ""}, "slug"),
        ({}, {"record": "CA-P-000008"}, "record"),
    ],
)
def test_what_a_row_may_not_do_to_a_clause(facts, changed, where):
    clause = dataclasses.replace(standing(), **facts)
    found = faults(dict(clause.cells) | {"fingerprint": ""} | changed, clauses=(clause,))
    assert [column for _, column, _ in found] == [where]


def test_the_plan_has_another_name_as_soon_as_a_record_or_a_cell_differs():
    before, now = standing(), standing(interpretive_note="Open.")
    row = {"record": before.record, "clause_type": "retention", "title": "New"}
    first = check(read_sheet(sheet_of(row)), known(before)).fingerprint
    assert first == check(read_sheet(sheet_of(row)), known(before)).fingerprint
    assert first != check(read_sheet(sheet_of(row)), known(now)).fingerprint
    assert first != check(read_sheet(sheet_of(row | {"title": "Newer"})), known(before)).fingerprint


@given(st.text("ab \n", max_size=60), st.text("ab \n", max_size=60))
def test_a_change_shows_what_differs_and_little_around_it(before, after):
    lead, gone, come, trail = Change("words", before, after).parts
    shown = lead.removeprefix("… "), trail.removesuffix(" …")
    assert "".join([shown[0], gone, shown[1]]) in before
    assert "".join([shown[0], come, shown[1]]) in after
    assert all(len(words.split()) <= AROUND for words in shown)
    assert before != after or not (gone or come)
