"""What is loaded is exported byte for byte; what is exported is loaded and changes nothing."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.utils import timezone

from clauses.catalogue.exporting import export
from clauses.catalogue.loading import load
from clauses.models import Provision, Reading
from conductatlas import actors
from platforms.actions import record_snapshot, withhold_text
from platforms.models import Change, Document, FormerAddress, Snapshot, Text, Version

from .demo import demo
from .rows import digests
from .small import CLAUSE, DOCUMENT, TEXT, content_of, put, sha256, swap, written

pytestmark = pytest.mark.django_db


def test_the_demo_catalogue_goes_through_the_database_unchanged(tmp_path: Path) -> None:
    export(tmp_path / "out")
    assert content_of(tmp_path / "out") == demo()


def test_loading_an_export_changes_nothing(tmp_path: Path) -> None:
    export(tmp_path)
    before = digests()
    summary = load(tmp_path)
    assert summary.is_empty and summary.edition is None and not summary.without_file
    assert digests() == before


def test_a_new_database_gets_all_of_it_in_one_edition(empty: None, tmp_path: Path) -> None:
    written(tmp_path / "in")
    summary = load(tmp_path / "in")
    assert summary.edition == 1
    assert {kind: len(names) for kind, names in summary.added.items()} == {
        "jurisdictions": 1, "themes": 1, "clause types": 1, "agencies": 1, "regulations": 1, "platforms": 1,
        "documents": 1, "snapshots": 2, "checks": 1, "clauses": 1, "quotations": 1, "analyses": 1, "readings": 1,
        "reported changes": 1,
    }  # fmt: skip
    assert not summary.changed and not summary.same
    export(tmp_path / "out")
    assert content_of(tmp_path / "out") == content_of(tmp_path / "in")
    assert export(tmp_path / "out").written == 0


def test_a_new_quotation_is_added_and_the_analysis_rests_on_it(tmp_path: Path) -> None:
    load(written(tmp_path))
    swap(
        tmp_path,
        CLAUSE,
        "analysis:\n",
        "- words:\n  - - We may read your notes at night.\n    - You may object.\nanalysis:\n",
    )
    load(tmp_path)
    clause = Provision.objects.get(number=9001)
    assert [row.number for row in clause.quotations.all()] == [1, 2]
    assert clause.analyses.published().get().quotation.number == 2
    export(tmp_path / "out")
    assert content_of(tmp_path / "out")[CLAUSE] == (tmp_path / CLAUSE).read_bytes()


def test_an_analysis_can_go_on_resting_on_earlier_words(tmp_path: Path) -> None:
    load(written(tmp_path / "in"))
    swap(tmp_path / "in", CLAUSE, "analysis:\n", "- words:\n  - - We may read your notes at night.\nanalysis:\n")
    swap(tmp_path / "in", CLAUSE, "  confidence: high\n", "  quotation: 1\n  confidence: high\n")
    summary = load(tmp_path / "in")
    assert summary.added == {"quotations": ["CA-P-009001, 2"]} and not summary.changed
    export(tmp_path / "out")
    assert content_of(tmp_path / "out")[CLAUSE] == (tmp_path / "in" / CLAUSE).read_bytes()


def test_a_renamed_document_and_clause_keep_their_numbers_and_redirect(tmp_path: Path) -> None:
    load(written(tmp_path))
    (tmp_path / CLAUSE).rename((tmp_path / CLAUSE).with_name("notes-read.yaml"))
    swap(tmp_path, DOCUMENT, "clauses: [reading-notes]", "clauses: [notes-read]")
    (tmp_path / "platforms/quillmoor/terms").rename(tmp_path / "platforms/quillmoor/terms-of-use")
    load(tmp_path)
    assert Provision.objects.get(number=9001).get_absolute_url() == "/platform/quillmoor/terms-of-use/notes-read/"
    assert FormerAddress.objects.filter(old_path="/platform/quillmoor/terms/").exists()
    export(tmp_path / "out")
    state = digests()
    assert load(tmp_path / "out").is_empty and digests() == state


def test_the_same_in_another_database(tmp_path: Path, empty: None) -> None:
    by = actors.catalogue()
    written(tmp_path / "in")
    root = tmp_path / "in"
    later = "  - verdict: released\n    reason: It is the real one.\n  - verdict: discarded\n    reason: It is not.\n"
    swap(root, DOCUMENT, "knows where it came from.\n", f"knows where it came from.\n  later_verdicts:\n{later}")
    swap(root, DOCUMENT, "language: en\n", "language: en\nretired_on: 2025-07-01\n")
    swap(
        root,
        DOCUMENT,
        "  clauses: [reading-notes]\n",
        "  effective_words: At night.\n  severity: low\n  review: noise\n  clauses: [reading-notes]\n",
    )
    put(root, "former-addresses.yaml", "- old: /platform/quillbog/\n  new: /platform/quillmoor/\n")
    words = "quotations:\n- words:\n  - - We may read your notes.\n"
    put(
        root,
        CLAUSE.replace("reading-notes", "gone"),
        f"id: CA-P-009002\ntitle: Gone\nclause_type: note-reading\nstate: removed\n{words}",
    )
    put(
        root,
        CLAUSE.replace("reading-notes", "twin"),
        f"id: CA-P-009003\ntitle: Twin\nclause_type: note-reading\nstate: merged\nmerged_into: CA-P-009001\n{words}",
    )
    load(root)
    export(tmp_path / "out")
    assert content_of(tmp_path / "out") == content_of(root)
    assert load(root).is_empty
    assert Version.objects.get(snapshot__number=9002).counts is False
    assert Change.objects.get(number=9001).reviewed_by == by
    assert (
        FormerAddress.objects.get(old_path="/platform/quillmoor/terms/twin/").new_path
        == "/platform/quillmoor/terms/reading-notes/"
    )


def test_a_withheld_text_travels_without_its_words(tmp_path: Path) -> None:
    load(written(tmp_path / "in"))
    text = Snapshot.objects.get(number=9002).text
    withhold_text(text=text, reason="Order 1 of the court of Quillmoor.", by=actors.catalogue())
    export(tmp_path / "out")
    content = content_of(tmp_path / "out")
    assert b"withheld: Order 1 of the court of Quillmoor." in content[DOCUMENT]
    assert "platforms/quillmoor/terms/texts/2025-04-01.md" not in content
    assert load(tmp_path / "out").is_empty


def test_a_withheld_text_is_loaded_as_withheld(tmp_path: Path, empty: None) -> None:
    root = written(tmp_path / "in")
    swap(root, DOCUMENT, "  text: texts/2025-04-01.md\n", "  withheld: Order 1 of the court of Quillmoor.\n")
    (root / "platforms/quillmoor/terms/texts/2025-04-01.md").unlink()
    load(root)
    text = Text.objects.get(withheld_at__isnull=False)
    assert text.content == "" and text.withheld_reason == "Order 1 of the court of Quillmoor."
    export(tmp_path / "out")
    assert content_of(tmp_path / "out") == content_of(root)


def test_a_catalogue_without_texts_keeps_what_its_words_and_readings_rest_on(tmp_path: Path, empty: None) -> None:
    root = written(tmp_path / "in")
    content = (root / DOCUMENT).read_text()
    start, end = content.index("snapshots:"), content.index("readings:")
    collected = "collection: genai-eu\npath: Quillmoor 2.0/Terms of Service\n"
    # By the catalogue, and of today: still no reading that follows from publishing, for no text is held.
    readings = content[end:].replace("by: machine", "by: catalogue").replace("2025-03-02", f"{timezone.now():%Y-%m-%d}")
    put(root, DOCUMENT, content[:start] + collected + readings)
    for text in (root / DOCUMENT).parent.glob("texts/*.md"):
        text.unlink()
    load(root)
    quotation, reading = Provision.objects.get(number=9001).quotations.get(), Reading.objects.get()
    captured_at = datetime(2025, 3, 1, 9, 12, tzinfo=UTC)
    assert (quotation.taken_from_sha256, quotation.taken_from_at) == (sha256(TEXT), captured_at)
    assert (reading.sha256, reading.captured_at, reading.found) == (sha256(TEXT), captured_at, True)
    export(tmp_path / "out")
    assert content_of(tmp_path / "out") == content_of(root)
    before = digests()
    load(root)
    assert digests() == before
    record_snapshot(
        document=Document.objects.get(number=9001),
        content=TEXT,
        captured_at=captured_at,
        judgement="accepted",
        by=actors.machine(),
    )
    assert quotation.proofs.get().state == "exact"
