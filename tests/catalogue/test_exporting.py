"""What an export holds and leaves out, and which files it may write over or remove."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from clauses.actions import draft, record_reading, save_provision
from clauses.catalogue.exporting import export
from clauses.catalogue.loading import load
from clauses.models import ClauseType, Provision, Reading
from conductatlas import actors
from platforms.actions import record_snapshot
from platforms.models import Document, Snapshot

from .small import DOCUMENT, content_of, put, written

pytestmark = pytest.mark.django_db


def test_readings_that_follow_from_publishing_are_not_exported(tmp_path: Path) -> None:
    root = written(tmp_path / "in")
    content = (root / DOCUMENT).read_text()
    start, end = content.index("readings:"), content.index("reported_changes:")
    put(root, DOCUMENT, content[:start] + content[end:])
    load(root)
    assert Reading.objects.filter(document__number=9001, found=True).count() == 1
    export(tmp_path / "out")
    assert content_of(tmp_path / "out")[DOCUMENT] == (root / DOCUMENT).read_bytes()
    snapshot = Snapshot.objects.select_related("document").get(number=9001)
    day = date(2025, 3, 2)
    record_reading(
        document=snapshot.document,
        sha256=snapshot.text_id,
        captured_at=snapshot.captured_at,
        clause_type=ClauseType.objects.get(slug="note-reading"),
        found=True,
        read_on=day,
        by=actors.machine(),
    )
    export(tmp_path / "out")
    assert b"read_on: 2025-03-02" in content_of(tmp_path / "out")[DOCUMENT]


def test_drafts_stay_at_home(tmp_path: Path) -> None:
    export(tmp_path)
    before = content_of(tmp_path)
    clause = Provision.objects.get(number=10656)
    draft(provision=clause, quotation=clause.quotations.get(), by=actors.catalogue(), content={})
    document = clause.document
    save_provision(
        Provision(document=document, clause_type=clause.clause_type, slug="begun", title="Begun"), by=actors.catalogue()
    )
    export(tmp_path)
    assert content_of(tmp_path) == before


def test_two_texts_of_one_day_have_two_names(tmp_path: Path) -> None:
    load(written(tmp_path / "in"))
    record_snapshot(
        document=Document.objects.get(number=9001),
        content="Words of the evening.\n",
        captured_at=datetime(2025, 3, 1, 20, 15, tzinfo=UTC),
        judgement="accepted",
        by=actors.catalogue(),
    )
    export(tmp_path / "out")
    assert (
        content_of(tmp_path / "out")["platforms/quillmoor/terms/texts/2025-03-01-201500.md"]
        == b"Words of the evening.\n"
    )
    assert load(tmp_path / "out").is_empty


def test_an_export_never_writes_over_anything_else(tmp_path: Path) -> None:
    put(tmp_path, "diary.txt", "Dear diary\n")
    with pytest.raises(CommandError, match="Nothing was exported"):
        call_command("export_catalogue", str(tmp_path))
    assert content_of(tmp_path) == {"diary.txt": b"Dear diary\n"}


def test_an_export_removes_files_of_records_that_are_gone(tmp_path: Path) -> None:
    export(tmp_path)
    put(
        tmp_path,
        "agencies/gone.yaml",
        (tmp_path / "agencies/ftc.yaml").read_bytes().replace(b"Federal Trade Commission", b"Gone"),
    )
    put(tmp_path, "README.md", "Kept.\n")
    done = export(tmp_path)
    assert (done.written, done.removed) == (0, 1)
    assert not (tmp_path / "agencies/gone.yaml").exists() and (tmp_path / "README.md").exists()
