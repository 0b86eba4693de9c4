"""What is edited in the database is exported as that edit and nothing else, and loaded again changes nothing."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from clauses.actions import mark_removed, merge, new_version, publish, quote, save_entry, save_provision, set_enforced
from clauses.catalogue.exporting import export
from clauses.catalogue.loading import load
from clauses.catalogue.problems import CatalogueError
from clauses.models import Agency, Analysis, ClauseType, Provision, Regulation, Theme
from conductatlas import actors
from platforms.actions import (
    judge,
    move_address,
    record_check,
    save_change,
    save_document,
    save_jurisdiction,
    save_platform,
)
from platforms.models import Change, Document, Jurisdiction, Platform, Snapshot

from .demo import DEMO, demo
from .rows import digests
from .small import DOCUMENT, content_of, put, written

pytestmark = pytest.mark.django_db
Edit = Callable[[Any], None]


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
