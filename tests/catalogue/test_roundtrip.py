"""What is loaded is exported byte for byte; what is exported is loaded and changes nothing; one edit is one field."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.management import CommandError, call_command
from django.utils import timezone

from clauses.actions import (
    draft,
    mark_removed,
    merge,
    new_version,
    publish,
    quote,
    record_reading,
    save_entry,
    save_provision,
    set_enforced,
)
from clauses.catalogue.exporting import export
from clauses.catalogue.loading import load
from clauses.catalogue.problems import CatalogueError
from clauses.models import Agency, Analysis, ClauseType, Provision, Reading, Regulation, Theme
from conductatlas import actors
from platforms.actions import (
    judge,
    move_address,
    record_check,
    record_snapshot,
    save_change,
    save_document,
    save_jurisdiction,
    save_platform,
    withhold_text,
)
from platforms.models import Change, Document, FormerAddress, Jurisdiction, Platform, Snapshot, Text, Version

from .rows import digests
from .small import CLAUSE, DOCUMENT, TEXT, content_of, put, sha256, swap, written

pytestmark = pytest.mark.django_db
DEMO = Path("fixtures")
Edit = Callable[[Any], None]


def demo() -> dict[str, bytes]:
    """The files of the demo catalogue that are records or texts."""
    return {name: content for name, content in content_of(DEMO).items() if name != "README.md"}


def parsed(content: bytes) -> Any:
    return yaml.load(content, Loader=yaml.BaseLoader)


def differences(before: Any, after: Any, path: str = "") -> dict[str, tuple[Any, Any]]:
    """Field → (before, after), for two parsed files."""
    if isinstance(before, dict) and isinstance(after, dict):
        found = {}
        for key in [*before, *(key for key in after if key not in before)]:
            found |= differences(before.get(key), after.get(key), f"{path}.{key}" if path else key)
        return found
    if isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        return {
            k: v
            for i, (a, b) in enumerate(zip(before, after, strict=True))
            for k, v in differences(a, b, f"{path}[{i}]").items()
        }
    return {} if before == after else {path: (before, after)}


def test_the_demo_catalogue_goes_through_the_database_unchanged(tmp_path: Path) -> None:
    export(tmp_path / "out")
    assert content_of(tmp_path / "out") == {
        name: content for name, content in content_of(DEMO).items() if name != "README.md"
    }


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


def saved(row: Any, save: Callable[..., Any], **values: Any) -> None:
    for name, value in values.items():
        setattr(row, name, value)
    save(row, by=actors.catalogue())


def edit(model: Any, save: Callable[..., Any], column: str, **where: Any) -> Edit:
    """An edit of one column through an action."""
    return lambda new: saved(model.objects.get(**where), save, **{column: new})


JASPER = "platforms/jasper-ai/platform.yaml"
POLICY = "platforms/pennowisk/privacy-policy/document.yaml"
CHANGES = "platforms/pennowisk/privacy-policy/clauses/changes-to-the-policy.yaml"
TERMS = "platforms/ai21-labs/ai21-labs-terms-of-use/document.yaml"
RETENTION = "clause-types/data-retention.yaml"
EDITS: list[tuple[str, str, Edit]] = [
    (JASPER, "website", edit(Platform, save_platform, "website", slug="jasper-ai")),
    (JASPER, "description", edit(Platform, save_platform, "description", slug="jasper-ai")),
    (POLICY, "party", edit(Document, save_document, "party", number=2)),
    (POLICY, "archived_url", edit(Document, save_document, "archived_url", number=2)),
    ("agencies/ftc.yaml", "remit", edit(Agency, save_entry, "remit", slug="ftc")),
    ("regulations/gdpr.yaml", "summary", edit(Regulation, save_entry, "summary", slug="gdpr")),
    (RETENTION, "definition", edit(ClauseType, save_entry, "definition", slug="data-retention")),
    ("themes.yaml", "[0].description", edit(Theme, save_entry, "description", slug="ai-governance")),
    ("jurisdictions.yaml", "[0].name", edit(Jurisdiction, save_jurisdiction, "name", code="AU")),
    (CHANGES, "title", edit(Provision, save_provision, "title", number=18)),
    (CHANGES, "applies_to.plan", edit(Provision, save_provision, "applies_to_plan", number=18)),
    (TERMS, "reported_changes[0].summary", edit(Change, save_change, "summary", number=1)),
    (TERMS, "reported_changes[1].impact", edit(Change, save_change, "impact", number=2)),
    (POLICY, "changes[0].summary", edit(Change, save_change, "summary", number=6)),
    (POLICY, "changes[1].title", edit(Change, save_change, "title", number=7)),
]


def fields_set(before: Any, after: Any) -> dict[str, Any]:
    """Field → what stands there now; the fields of a group that was not there, one by one."""
    found = {}
    for path, (_, now) in differences(before, after).items():
        found |= {f"{path}.{name}": value for name, value in now.items()} if isinstance(now, dict) else {path: now}
    return found


def test_each_edit_changes_exactly_its_field(tmp_path: Path) -> None:
    """All of them in one export: each has words of its own, so that none can stand for another."""
    expected: dict[str, dict[str, str]] = {}
    for number, (file, field, change) in enumerate(EDITS):
        address = field in {"website", "archived_url"}
        new = f"https://edited.example/{number}" if address else f"Edited: by hand, with a colon, {number}."
        change(new)
        expected.setdefault(file, {})[field] = new
    export(tmp_path)
    before, after = demo(), content_of(tmp_path)
    changed = {name for name in {*before, *after} if before.get(name) != after.get(name)}
    assert {name: fields_set(parsed(before[name]), parsed(after[name])) for name in changed} == expected
    state = digests()
    assert load(tmp_path).is_empty and digests() == state


def test_one_edit_of_an_analysis_in_a_new_version_changes_exactly_that_field(tmp_path: Path) -> None:
    published = Analysis.objects.published().get(provision__number=10656)
    version = new_version(analysis=published, by=actors.catalogue(), kind="addition")
    version.interpretive_note = "Edited."
    version.drafted_by, version.drafted_on = published.drafted_by, published.drafted_on
    version.save()
    publish(analysis=version, by=actors.catalogue())
    export(tmp_path)
    before, after = demo(), content_of(tmp_path)
    (file,) = [name for name in after if before.get(name) != after[name]]
    assert list(differences(parsed(before[file]), parsed(after[file]))) == ["analysis.interpretive_note"]


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


def test_removed_and_merged_clauses_later_verdicts_and_moves_travel_too(tmp_path: Path, empty: None) -> None:
    by = actors.catalogue()
    load(written(tmp_path / "in"))
    document = Document.objects.get(number=9001)
    kind = ClauseType.objects.get()
    for slug in ("gone", "twin"):
        row = save_provision(Provision(document=document, clause_type=kind, slug=slug, title=slug.title()), by=by)
        quote(provision=row, segments=["We may read your notes."], by=by)
    mark_removed(provision=Provision.objects.get(slug="gone"), by=by)
    merge(provision=Provision.objects.get(slug="twin"), into=Provision.objects.get(number=9001), by=by)
    judge(snapshot=Snapshot.objects.get(number=9002), judgement="released", reason="It is the real one.", by=by)
    judge(snapshot=Snapshot.objects.get(number=9002), judgement="discarded", reason="It is not.", by=by)
    move_address(old_path="/platform/quillbog/", new_path="/platform/quillmoor/", by=by)
    record_check(
        document=document, checked_at=datetime(2025, 6, 1, tzinfo=UTC), outcome="failed", reason="No answer.", by=by
    )
    saved(document, save_document, retired_on=date(2025, 7, 1))
    saved(Change.objects.get(number=9001), save_change, review="noise", severity="low", effective_words="At night.")
    export(tmp_path / "out")
    assert load(tmp_path / "out").is_empty
    first = content_of(tmp_path / "out")
    assert b"merged_into: CA-P-009001" in first["platforms/quillmoor/terms/clauses/twin.yaml"]
    assert b"state: removed" in first["platforms/quillmoor/terms/clauses/gone.yaml"]
    assert b"later_verdicts:\n  - verdict: released" in first[DOCUMENT]
    assert first["former-addresses.yaml"] == b"- old: /platform/quillbog/\n  new: /platform/quillmoor/\n"
    assert b"retired_on: 2025-07-01" in first[DOCUMENT] and b"review: noise" in first[DOCUMENT]


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


def test_the_laws_that_an_agency_enforces_are_loaded_and_exported(tmp_path: Path) -> None:
    agency = Agency.objects.get(slug="ftc")
    assert {row.regulation.slug for row in agency.enforced.all()} == {"coppa", "ftc-act", "rosca"}
    set_enforced(agency, laws=[Regulation.objects.get(slug="coppa")], by=actors.catalogue())
    export(tmp_path)
    name = "agencies/ftc.yaml"
    now = (tmp_path / name).read_bytes()
    assert now == demo()[name].replace(b"enforces: [coppa, ftc-act, rosca]", b"enforces: [coppa]")
    summary = load(DEMO)
    assert summary.changed == {"agencies": ["ftc"]}
    assert agency.enforced.count() == 3
    put(tmp_path, name, now.replace(b"[coppa]", b"[copa]"))
    with pytest.raises(CatalogueError, match="there is no regulation 'copa'"):
        load(tmp_path)
