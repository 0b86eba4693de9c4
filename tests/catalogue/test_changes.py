"""Observed changes follow from the snapshots; their numbers and what analysts say of them come from files."""

from pathlib import Path

import pytest
from django.db import connection

from clauses.actions import quote
from clauses.catalogue.exporting import export
from clauses.catalogue.loading import load
from clauses.catalogue.problems import CatalogueError
from clauses.deriving import one_derivation
from clauses.models import Proof, Provision
from conductatlas import actors
from platforms.actions import judge, report_change, settle_transition
from platforms.models import Change, Document, Snapshot, Transition

from .rows import digests
from .small import DOCUMENT, TEXT, content_of, put, sha256, swap, written

pytestmark = pytest.mark.django_db
SOLD = TEXT + "\nWe may sell your notes to anyone who asks.\n"
SNAPSHOT = f"""\
- id: CA-S-009003
  text: texts/2025-06-01.md
  sha256: {sha256(SOLD)}
  captured_at: 2025-06-01T09:00:00Z
  verdict: accepted
"""
LISTED = """\
changes:
- id: CA-C-009500
  before: CA-S-009001
  after: CA-S-009003
  title: Notes are sold
  summary: A new sentence lets Quillmoor sell notes.
  impact: Anyone may read them.
  severity: high
  direction: worse
  review: confirmed
  announced_on: 2025-05-20
  effective_on: 2025-06-02
  effective_words: From 2 June.
"""


def changed(root: Path, *, listed: str = LISTED, snapshot: str = SNAPSHOT) -> Path:
    """The small catalogue with one text more, which sells notes."""
    written(root)
    put(root, "platforms/quillmoor/terms/texts/2025-06-01.md", SOLD)
    swap(root, DOCUMENT, "checks:\n", f"{snapshot}checks:\n")
    swap(root, DOCUMENT, "readings:\n", f"{listed}readings:\n")
    return root


def refused(root: Path) -> list[str]:
    with pytest.raises(CatalogueError) as caught:
        load(root, name="cat")
    return [str(problem) for problem in caught.value.problems]


def test_a_change_gets_the_number_and_the_words_of_its_file(tmp_path: Path) -> None:
    summary = load(changed(tmp_path / "in"))
    assert summary.added["changes"] == ["CA-C-009500"]
    change = Change.objects.get(number=9500)
    assert (change.kind, change.added) == ("observed", ["We may sell your notes to anyone who asks."])
    assert (change.title, change.severity, change.reviewed_by) == ("Notes are sold", "high", actors.catalogue())
    assert load(tmp_path / "in").is_empty
    export(tmp_path / "out")
    assert content_of(tmp_path / "out")[DOCUMENT] == (tmp_path / "in" / DOCUMENT).read_bytes()


def test_numbers_survive_an_export_into_an_empty_database(tmp_path: Path, empty: None) -> None:
    load(changed(tmp_path / "in", listed=""))
    numbers = set(Change.objects.values_list("number", "kind", "title"))
    export(tmp_path / "out")
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # what is still to be checked would keep the tables
        cursor.execute("TRUNCATE platforms_document CASCADE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    assert not Change.objects.exists()
    load(tmp_path / "out")
    assert set(Change.objects.values_list("number", "kind", "title")) == numbers
    export(tmp_path / "again")
    assert content_of(tmp_path / "again") == content_of(tmp_path / "out")


def test_a_change_that_is_not_listed_gets_the_next_free_number(tmp_path: Path, empty: None) -> None:
    load(changed(tmp_path / "in", listed=""))
    number = Change.objects.get(kind="observed").number
    assert number > 9001
    export(tmp_path / "out")
    listed = f"changes:\n- id: CA-C-{number:06}\n  before: CA-S-009001\n  after: CA-S-009003\n"
    assert content_of(tmp_path / "out") == content_of(changed(tmp_path / "again", listed=listed))


def test_a_listed_number_waits_for_its_change(tmp_path: Path, empty: None) -> None:
    """The changes of documents that are loaded earlier do not take it."""
    root = changed(tmp_path, listed=LISTED.replace("CA-C-009500", "CA-C-000001"))
    swap(root, DOCUMENT, "CA-C-009001", "CA-C-000002")
    first = root / "platforms/quillmoor/aaa"
    put(first, "texts/2025-01-01.md", TEXT)
    put(first, "texts/2025-02-01.md", SOLD)
    rows = "".join(
        f"- text: texts/{day}.md\n  sha256: {sha256(text)}\n  captured_at: {day}T09:00:00Z\n  verdict: accepted\n"
        for day, text in (("2025-01-01", TEXT), ("2025-02-01", SOLD))
    )
    put(first, "document.yaml", f"title: First\nkind: other\nsnapshots:\n{rows}")
    load(root)
    numbers = dict(Change.objects.values_list("number", "document__slug"))
    assert (numbers.pop(1), numbers.pop(2)) == ("terms", "terms")
    assert list(numbers.values()) == ["aaa"]


def test_words_of_a_change_can_be_edited_and_taken_back(tmp_path: Path) -> None:
    load(changed(tmp_path))
    swap(tmp_path, DOCUMENT, "  title: Notes are sold\n", "  title: Notes for sale\n")
    swap(tmp_path, DOCUMENT, "  direction: worse\n  review: confirmed\n", "")
    summary = load(tmp_path)
    assert summary.changed == {"changes": ["CA-C-009500"]} and not summary.added
    change = Change.objects.get(number=9500)
    assert (change.title, change.direction, change.review) == ("Notes for sale", "", "unreviewed")
    assert change.reviewed_by is None


def test_a_change_that_is_not_listed_stays_as_it_is(tmp_path: Path) -> None:
    load(changed(tmp_path))
    swap(tmp_path, DOCUMENT, LISTED, "")
    before = digests()
    assert load(tmp_path).is_empty and digests() == before


def test_superseded_changes_stay_at_home(tmp_path: Path) -> None:
    load(changed(tmp_path / "in"))
    snapshot = Snapshot.objects.get(number=9003)
    judge(snapshot=snapshot, judgement="discarded", reason="It was another page.", by=actors.catalogue())
    assert Change.objects.get(number=9500).is_superseded
    export(tmp_path / "out")
    assert b"CA-C-009500" not in content_of(tmp_path / "out")[DOCUMENT]
    assert load(tmp_path / "out").is_empty


TAKEN = {
    "another number": ("CA-C-009501", "this change is CA-C-009500 in the database: a record number is permanent"),
    "number of a report": ("CA-C-009001", "CA-C-009001 is the id of another record, in cat"),
}


@pytest.mark.parametrize(("number", "says"), TAKEN.values(), ids=TAKEN)
def test_a_number_never_changes(number: str, says: str, tmp_path: Path) -> None:
    load(changed(tmp_path))
    swap(tmp_path, DOCUMENT, "CA-C-009500", number)
    before = digests()
    assert says in "\n".join(refused(tmp_path))
    assert digests() == before


def test_a_number_of_the_database_is_not_given_again(tmp_path: Path) -> None:
    load(changed(tmp_path / "in"))
    other = Change.objects.get(number=6)
    root = changed(tmp_path / "again", listed=LISTED.replace("CA-C-009500", "CA-C-000006"))
    swap(root, DOCUMENT, "CA-S-009003\n  text", "CA-S-009004\n  text")
    swap(root, DOCUMENT, "after: CA-S-009003", "after: CA-S-009004")
    swap(root, DOCUMENT, "2025-06-01T09:00:00Z", "2025-06-01T10:00:00Z")
    place = f"{other.before.record_id} to {other.after.record_id}"
    assert f"CA-C-000006 is the change from {place} in the database: choose a free number" in "\n".join(refused(root))


def test_a_number_of_a_report_in_the_database_is_not_given_again(tmp_path: Path) -> None:
    document = Document.objects.get(number=1)
    report_change(document=document, number=9500, source="The Note", title="A", summary="B", by=actors.catalogue())
    says = (
        f"CA-C-009500 is a change of {document.platform.slug}/{document.slug} that others report: choose a free number"
    )
    assert says in "\n".join(refused(changed(tmp_path)))


def test_listing_a_new_reading_of_the_page_declares_it_a_change(tmp_path: Path, empty: None) -> None:
    technical = SNAPSHOT.replace("  verdict", "  technical: true\n  origin: 0a1b2c\n  verdict")
    load(changed(tmp_path / "in", listed="", snapshot=technical))
    transition = Transition.objects.get(version__snapshot__number=9003)
    assert transition.kind == "extraction" and not Change.objects.filter(kind="observed").exists()
    settle_transition(transition=transition, declared=True, by=actors.catalogue())
    export(tmp_path / "out")
    files = content_of(tmp_path / "out")
    assert b"changes:\n" in files[DOCUMENT] and b"  technical: true\n  origin: 0a1b2c\n" in files[DOCUMENT]


def test_a_declared_change_travels(tmp_path: Path, empty: None) -> None:
    root = changed(tmp_path / "in", snapshot=SNAPSHOT.replace("  verdict", "  technical: true\n  verdict"))
    load(root)
    assert Transition.objects.get(version__snapshot__number=9003).declared
    assert Change.objects.get(kind="observed").number == 9500
    export(tmp_path / "out")
    assert content_of(tmp_path / "out") == content_of(root)
    assert load(root).is_empty


def test_collections_and_capture_travel(tmp_path: Path, empty: None) -> None:
    root = written(tmp_path / "in")
    how = (
        "collection: genai-eu\npath: Quillmoor/Terms of Service\ncapture_every: 7\n"
        "select:\n- main article\n- .terms, .annex\nremove:\n- nav\nneeds_browser: true\n"
    )
    swap(root, DOCUMENT, "language: en\n", f"language: en\n{how}")
    load(root)
    document = Document.objects.get()
    assert (document.collection, document.collection_path) == ("genai-eu", "Quillmoor/Terms of Service")
    assert (document.capture_every, document.needs_browser) == (7, True)
    assert (document.select, document.remove) == ("main article\n.terms, .annex", "nav")
    export(tmp_path / "out")
    assert content_of(tmp_path / "out") == content_of(root)


def test_quotations_of_a_document_are_looked_for_together(tmp_path: Path) -> None:
    by = actors.catalogue()
    load(written(tmp_path))
    clause = Provision.objects.get(number=9001)
    lines = ("We may read your notes at night.", "We fly to the moon and back.")
    with one_derivation(by=by):
        words = [quote(provision=clause, segments=[line], by=by) for line in lines]
        assert not Proof.objects.filter(quotation__in=words).exists()
    states = dict(Proof.objects.filter(quotation__in=words).values_list("quotation__segments__0", "state"))
    assert states == {"We may read your notes at night.": "exact", "We fly to the moon and back.": "absent"}
