"""What a load adds, changes and leaves alone; and what is kept for good and cannot be changed."""

from pathlib import Path

import pytest
from django.core.management import call_command

from clauses.catalogue.loading import load, theme_positions
from clauses.catalogue.problems import CatalogueError
from clauses.models import Analysis, Provision
from platforms.models import Platform

from .demo import DEMO
from .rows import differing, digests
from .small import CLAUSE, DOCUMENT, FIRST_TEXT, TEXT, put, sha256, swap, written

pytestmark = pytest.mark.django_db


def test_a_second_load_does_nothing(tmp_path: Path) -> None:
    load(written(tmp_path))
    before = digests()
    assert load(tmp_path).is_empty
    assert digests() == before


def test_records_without_a_file_are_left_alone_and_listed(tmp_path: Path) -> None:
    summary = load(written(tmp_path))
    assert "jasper-ai" in summary.without_file["platforms"]
    assert "CA-P-010656" in summary.without_file["clauses"]
    assert Platform.objects.filter(slug="jasper-ai").exists()


def test_numbers_in_files_are_kept_and_the_next_ones_lie_above(tmp_path: Path) -> None:
    load(written(tmp_path))
    clause = Provision.objects.get(slug="reading-notes")
    assert clause.record_id == "CA-P-009001" and clause.document.record_id == "CA-D-09001"
    swap(written(tmp_path / "more"), CLAUSE, "id: CA-P-009001\n", "")
    (tmp_path / "more" / CLAUSE).rename((tmp_path / "more" / CLAUSE).with_name("more-notes.yaml"))
    swap(tmp_path / "more", DOCUMENT, "  clauses: [reading-notes]\n", "")
    load(tmp_path / "more")
    assert Provision.objects.get(slug="more-notes").number > 10656


def test_a_changed_analysis_becomes_the_next_version(tmp_path: Path) -> None:
    load(written(tmp_path))
    swap(tmp_path, CLAUSE, "reason: Someone reads along.", "reason: Someone reads along at night.")
    before = digests()
    summary = load(tmp_path)
    assert summary.changed == {"analyses": ["CA-P-009001"]} and not summary.added
    versions = Analysis.objects.filter(provision__number=9001).order_by("version")
    assert [(row.version, row.state) for row in versions] == [(1, "superseded"), (2, "published")]
    assert differing(before, digests()) == {
        "clauses_action": 1,
        "clauses_analysis": 1,
        "clauses_answer": 2,
        "clauses_appliedagency": 1,
        "clauses_appliedregulation": 1,
        "clauses_registryentry": 0,
        "platforms_edition": 1,
    }


def test_edited_records_are_edited_in_place(tmp_path: Path) -> None:
    load(written(tmp_path))
    numbers = {row.pk: row.slug for row in Platform.objects.all()}
    swap(tmp_path, "platforms/quillmoor/platform.yaml", "sector: other", "sector: storage")
    swap(tmp_path, "platforms/quillmoor/platform.yaml", "  until: 2020-05\n", "")
    swap(tmp_path, "agencies/notes-board.yaml", "remit: It looks after notes.", "remit: It keeps notes.")
    swap(tmp_path, "regulations/notes-act.yaml", "what: applies", "what: enters into force")
    swap(tmp_path, "clause-types/note-reading.yaml", "wording: Can you object?", "wording: May you object?")
    swap(tmp_path, DOCUMENT, "title: Quillmoor Terms", "title: Terms of Quillmoor")
    swap(tmp_path, DOCUMENT, "  title: Notes are read at night", "  title: Notes read at night")
    summary = load(tmp_path)
    assert dict(summary.changed) == {
        "agencies": ["notes-board"],
        "clause types": ["note-reading"],
        "documents": ["CA-D-09001"],
        "platforms": ["quillmoor"],
        "regulations": ["notes-act"],
        "reported changes": ["CA-C-009001"],
    }
    assert {row.pk: row.slug for row in Platform.objects.all()} == numbers
    assert load(tmp_path).is_empty


KEPT = "what is kept never changes, so bring it back"


NUMBER = "in the database: a record number is permanent, so write that"


REFUSED = {
    "snapshot": (
        DOCUMENT,
        "http_status: 200",
        "http_status: 404",
        [f"{DOCUMENT}:11: snapshots[0].http_status: is 200 in the database: {KEPT}, or add a new snapshot"],
    ),
    "snapshot field left out": (
        DOCUMENT,
        "  tool: by hand\n",
        "",
        [f"{DOCUMENT}:7: snapshots[0].tool: is 'by hand' in the database: {KEPT}, or add a new snapshot"],
    ),
    "check": (
        DOCUMENT,
        "outcome: unchanged",
        "outcome: noise",
        [f"{DOCUMENT}:23: checks[0].outcome: is 'unchanged' in the database: {KEPT}"],
    ),
    "document number": (
        DOCUMENT,
        "id: CA-D-09001",
        "id: CA-D-09002",
        [f"{DOCUMENT}:1: id: this document is CA-D-09001 {NUMBER}"],
    ),
    "clause number": (
        CLAUSE,
        "id: CA-P-009001",
        "id: CA-P-009002",
        [f"{CLAUSE}:1: id: this clause is CA-P-009001 {NUMBER}"],
    ),
    "quotation": (
        CLAUSE,
        "- - We may read your notes.",
        "- - We may read all your notes.",
        [
            f"{CLAUSE}:5: quotations[0].words: is not what the database holds: {KEPT}, "
            "and add a new quotation at the end"
        ],
    ),
    "text of a quotation": (
        CLAUSE,
        "  taken_from:\n    captured_at: 2025-03-01T09:12:00Z\n" + f"    sha256: {sha256(TEXT)}\n",
        "",
        [
            f"{CLAUSE}:5: quotations[0].taken_from: is not what the database holds: {KEPT}, "
            "and add a new quotation at the end"
        ],
    ),
    "question": (
        "clause-types/note-reading.yaml",
        "- key: can-object\n  wording: Can you object?",
        "- key: may-object\n  wording: May you object?",
        [
            f"{CLAUSE}:34: analysis.answers: the question 'may-object' has no answer: add one (unread is an answer)",
            f"{CLAUSE}:38: analysis.answers[1].question: "
            "the clause type has no question 'can-object' (did you mean 'may-object'?): leave it out",
        ],
    ),
}


@pytest.mark.parametrize(("file", "old", "new", "says"), REFUSED.values(), ids=REFUSED)
def test_what_is_kept_cannot_be_changed(file: str, old: str, new: str, says: list[str], tmp_path: Path) -> None:
    load(written(tmp_path))
    before = digests()
    swap(tmp_path, file, old, new)
    with pytest.raises(CatalogueError) as caught:
        load(tmp_path, name="cat")
    assert [str(problem) for problem in caught.value.problems] == [f"cat/{line}" for line in says]
    assert digests() == before


def test_a_changed_text_is_refused_even_with_its_new_hash(tmp_path: Path) -> None:
    load(written(tmp_path))
    put(tmp_path, FIRST_TEXT, "Other words.\n")
    for name in (DOCUMENT, CLAUSE):
        content = (tmp_path / name).read_text().replace(sha256(TEXT), sha256("Other words.\n"))
        put(tmp_path, name, content)
    with pytest.raises(
        CatalogueError,
        match=rf"snapshots\[0\]\.sha256: is '{sha256(TEXT)}' in the database: what is kept never changes",
    ):
        load(tmp_path)


def test_what_an_action_refuses_leaves_nothing_behind(tmp_path: Path) -> None:
    """A question that other clauses answer cannot be dropped: only the action finds that out."""
    load(written(tmp_path))
    swap(tmp_path, "clause-types/note-reading.yaml", "- key: can-object\n  wording: Can you object?\n", "")
    for name in ("platforms", "agencies", "regulations"):
        for path in sorted((tmp_path / name).rglob("*"), reverse=True):
            path.rmdir() if path.is_dir() else path.unlink()
        (tmp_path / name).rmdir()
    swap(tmp_path, "themes.yaml", "Notes and notebooks", "Notes")
    before = digests()
    with pytest.raises(CatalogueError) as caught:
        load(tmp_path, name="cat")
    assert str(caught.value) == (
        "cat/clause-types/note-reading.yaml:10: questions: "
        "The question 'can-object' of note-reading has answers: reword it instead of dropping it."
    )
    assert digests() == before


def test_the_load_command_sums_up(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("load_catalogue", str(written(tmp_path)))
    first = capsys.readouterr().out.splitlines()
    assert first[0].startswith(
        "Added: 1 theme, 1 clause type, 1 regulation, 1 agency, 1 platform, 1 document, 2 snapshots"
    )
    assert first[1].startswith("Left as they were: 1 records. This is edition ")
    call_command("load_catalogue", str(DEMO))
    assert capsys.readouterr().out.startswith("Nothing to do: the database holds all ")


@pytest.mark.parametrize(
    ("wanted", "present", "positions"),
    [
        (["a", "b"], {}, {"a": 0, "b": 1}),
        (["a", "b"], {"a": 0, "b": 10}, {"a": 0, "b": 10}),
        (["a", "b", "c"], {"a": 0, "b": 10}, {"a": 0, "b": 10, "c": 11}),
        (["c"], {"a": 0, "b": 0}, {"a": 0, "b": 0, "c": 1}),
        (["b", "a"], {"a": 0, "b": 1}, {"b": 0, "a": 1}),
        (["a", "c", "b"], {"a": 0, "b": 1}, {"a": 0, "c": 1, "b": 2}),
        (["b", "a"], {"a": 0, "x": 1, "b": 2}, {"b": 0, "a": 1, "x": 2}),
    ],
)
def test_themes_stand_in_the_order_of_the_files(
    wanted: list[str], present: dict[str, int], positions: dict[str, int]
) -> None:
    assert theme_positions(wanted, present) == positions
