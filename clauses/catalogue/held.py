"""What the database holds, in the shape of files: for exports, and to see what a load would change."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from django.db.models import Exists, OuterRef, Prefetch
from pydantic import BaseModel, ValidationError

from clauses import models
from platforms.models import Change, Check, Document, FormerAddress, Jurisdiction, Platform, Snapshot, Text, Verdict
from platforms.vocabulary import ChangeKind, ReviewState

from . import clause_schema, schema
from .folder import Catalogue, Filed
from .held_clauses import clause_values, implied_readings
from .problems import CatalogueError, Problem, spelled

Record = TypeVar("Record", bound=BaseModel)
# What is said of a change, whoever found it.
SAID = (
    "title", "summary", "impact", "severity", "direction", "announced_on", "effective_on", "effective_words",
)  # fmt: skip


def held(*, texts: bool = False) -> Catalogue:
    """Everything that the format has a place for. `texts` loads the words too; without them only their names are there.

    CatalogueError names a row that the format cannot hold.
    """
    catalogue = Catalogue()
    for jurisdiction in Jurisdiction.objects.select_related("within").order_by("code"):
        catalogue.jurisdictions[jurisdiction.code] = record(
            schema.Jurisdiction, f"jurisdiction {jurisdiction.code}", _jurisdiction(jurisdiction)
        )
    for theme in models.Theme.objects.order_by("position", "name"):
        values = {"slug": theme.slug, "name": theme.name, "description": theme.description}
        catalogue.themes[theme.slug] = record(schema.Theme, f"theme {theme.slug}", values)
    for kind in models.ClauseType.objects.select_related("theme").prefetch_related("questions").order_by("slug"):
        catalogue.clause_types[kind.slug] = record(schema.ClauseType, f"clause type {kind.slug}", _clause_type(kind))
    for agency in (
        models.Agency.objects.select_related("jurisdiction").prefetch_related("enforced__regulation").order_by("slug")
    ):
        catalogue.agencies[agency.slug] = record(schema.Agency, f"agency {agency.slug}", _agency(agency))
    for regulation in (
        models.Regulation.objects.select_related("jurisdiction").prefetch_related("dates").order_by("slug")
    ):
        catalogue.regulations[regulation.slug] = record(
            schema.Regulation, f"regulation {regulation.slug}", _regulation(regulation)
        )
    for note in models.ResearchNote.objects.order_by("slug"):
        values = columns(note, ("title", "summary", "written_on", "drafted_by", "body"))
        catalogue.research[note.slug] = record(schema.ResearchNote, f"research note {note.slug}", values)
    for platform in Platform.objects.prefetch_related("former_names").order_by("slug"):
        catalogue.platforms[platform.slug] = record(schema.Platform, f"platform {platform.slug}", _platform(platform))
    _documents(catalogue, texts=texts)
    _clauses(catalogue)
    _addresses(catalogue)
    return catalogue


def record(model: type[Record], name: str, values: Mapping[str, Any]) -> Filed[Record]:
    """A record of the schema from columns, without empty ones. CatalogueError where the row cannot stand in a file."""
    try:
        return Filed(model.model_validate(thinned(values)))
    except ValidationError as error:
        raise CatalogueError(
            Problem(
                f"the database, {name}",
                0,
                spelled(tuple(detail["loc"])),
                f"cannot stand in a file: {detail['msg']}; correct it in the admin",
            )
            for detail in error.errors(include_url=False)
        ) from error


def thinned(values: Any) -> Any:
    """Without what says nothing: None, empty texts and lists, and mappings of nothing else."""
    if isinstance(values, Mapping):
        kept = {key: thinned(value) for key, value in values.items()}
        return {key: value for key, value in kept.items() if value is not None and value not in ("", [], {})}
    if isinstance(values, list | tuple):
        return [thinned(value) for value in values]
    return str(values) if isinstance(values, str) else values


def columns(row: Any, names: Iterable[str]) -> dict[str, Any]:
    """These columns of a row, by name."""
    return {name: getattr(row, name) for name in names}


def _jurisdiction(row: Jurisdiction) -> dict[str, Any]:
    return {"code": row.code, "name": row.name, "within": row.within.code if row.within else None}


def _clause_type(row: models.ClauseType) -> dict[str, Any]:
    names = ("name", "definition", "belongs", "does_not_belong", "action_kinds", "document_kinds", "search_phrases")
    questions = [columns(question, ("key", "wording", "help")) for question in row.questions.all()]
    return {**columns(row, names), "theme": row.theme.slug, "questions": questions}


def _agency(row: models.Agency) -> dict[str, Any]:
    names = (
        "name",
        "short_name",
        "remit",
        "who_may_complain",
        "have_ready",
        "duration",
        "complaint_url",
        "finder_url",
        "website",
        "checked_on",
    )
    enforces = sorted(enforced.regulation.slug for enforced in row.enforced.all())
    return {**columns(row, names), "jurisdiction": row.jurisdiction.code, "enforces": enforces}


def _regulation(row: models.Regulation) -> dict[str, Any]:
    dates = [columns(date, ("date", "what")) for date in row.dates.all()]
    return {
        **columns(row, ("name", "short_name", "citation", "url", "summary")),
        "jurisdiction": row.jurisdiction.code,
        "dates": dates,
    }


def _platform(row: Platform) -> dict[str, Any]:
    names = [{**columns(name, ("name", "until")), "in_use": name.in_use or None} for name in row.former_names.all()]
    return {**columns(row, ("name", "sector", "website", "description", "invented")), "former_names": names}


def _documents(catalogue: Catalogue, *, texts: bool) -> None:
    implied = implied_readings()
    readings: dict[int, list[dict[str, Any]]] = defaultdict(list)
    same_capture = Snapshot.objects.filter(
        document=OuterRef("document"), captured_at=OuterRef("captured_at"), text=OuterRef("sha256")
    )
    rows = models.Reading.objects.select_related("clause_type", "read_by").annotate(held=Exists(same_capture))
    for row in rows.order_by("clause_type__slug", "captured_at"):
        if row.held and (row.document_id, row.clause_type_id, row.read_by_id, row.read_on, row.found) in implied:
            continue
        by = "machine" if row.read_by.username == "machine" else "catalogue"
        values = {
            "clause_type": row.clause_type.slug,
            "captured_at": row.captured_at,
            "sha256": row.sha256,
            "found": row.found,
            "read_on": row.read_on,
            "by": by,
        }
        readings[row.document_id].append(values)
    changes = _changes()
    words = dict(Text.objects.values_list("sha256", "content")) if texts else {}
    withheld = dict(Text.objects.filter(withheld_at__isnull=False).values_list("sha256", "withheld_reason"))
    documents = Document.objects.select_related("platform", "market").prefetch_related(
        "also_serves",
        Prefetch(
            "snapshots",
            Snapshot.objects.order_by("captured_at", "number").prefetch_related(
                Prefetch("verdicts", Verdict.objects.order_by("id"))
            ),
        ),
        Prefetch("checks", Check.objects.filter(snapshot__isnull=True).order_by("checked_at"), to_attr="plain_checks"),
    )
    for row in documents.order_by("platform__slug", "slug"):
        key = (row.platform.slug, row.slug)
        values = _document(row)
        names = text_names((snapshot.text_id, snapshot.captured_at) for snapshot in row.snapshots.all())
        values["snapshots"] = [_snapshot(snapshot, names, withheld) for snapshot in row.snapshots.all()]
        values["checks"] = [
            {"at": check.checked_at, "outcome": check.outcome, "reason": check.reason} for check in row.plain_checks
        ]
        values["changes"] = changes[ChangeKind.OBSERVED, row.pk]
        values["readings"] = readings[row.pk]
        values["reported_changes"] = changes[ChangeKind.REPORTED, row.pk]
        catalogue.documents[key] = record(schema.Document, row.record_id, values)
        for sha256, name in names.items():
            if sha256 not in withheld:
                catalogue.texts[*key, name] = words.get(sha256, "")


def text_names(texts: Iterable[tuple[str, Any]]) -> dict[str, str]:
    """SHA-256 → the name of each text of a document: the day of its first snapshot, and the time where two share it."""
    names: dict[str, str] = {}
    for sha256, captured_at in texts:
        if sha256 not in names:
            day = f"texts/{captured_at:%Y-%m-%d}.md"
            names[sha256] = day if day not in names.values() else f"texts/{captured_at:%Y-%m-%d-%H%M%S}.md"
    return names


def _document(row: Document) -> dict[str, Any]:
    names = (
        "title",
        "kind",
        "party",
        "language",
        "source_url",
        "archived_url",
        "stated_updated",
        "retired_on",
        "family",
        "collection",
        "capture_every",
        "needs_browser",
    )
    reported = {name: getattr(row, f"reported_{name}") for name in ("source", "url", "accessed_on", "last_updated")}
    return {
        "id": row.record_id,
        **columns(row, names),
        "market": row.market.code if row.market else None,
        "also_serves": sorted(platform.slug for platform in row.also_serves.all()),
        "path": row.collection_path,
        "select": _lines(row.select),
        "remove": _lines(row.remove),
        "reported": reported,
    }


def _lines(text: str) -> list[str]:
    """The lines of a column that holds one thing a line."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def _snapshot(row: Snapshot, names: Mapping[str, str], withheld: Mapping[str, str]) -> dict[str, Any]:
    first, *later = row.verdicts.all()
    how = (
        "captured_at",
        "url",
        "final_url",
        "archived_url",
        "http_status",
        "language",
        "region",
        "tool",
        "tool_version",
        "by_hand",
        "technical",
        "origin",
    )
    return {
        "id": row.record_id,
        "text": None if row.text_id in withheld else names[row.text_id],
        "withheld": withheld.get(row.text_id),
        "sha256": row.text_id,
        **columns(row, how),
        "verdict": first.judgement,
        "reason": first.reason,
        "later_verdicts": [{"verdict": verdict.judgement, "reason": verdict.reason} for verdict in later],
    }


def _changes() -> dict[tuple[str, int], list[dict[str, Any]]]:
    """(kind, document) → its changes, but not those that were superseded."""
    found: dict[tuple[str, int], list[dict[str, Any]]] = defaultdict(list)
    rows = Change.objects.filter(superseded_at=None).select_related("before", "after").order_by("number")
    for row in rows.defer("removed", "added").prefetch_related("touched__provision"):
        values = {"id": row.record_id, **columns(row, SAID)}
        values["review"] = None if row.review == ReviewState.UNREVIEWED else row.review
        if row.kind == ChangeKind.OBSERVED:
            values |= {"before": row.before.record_id, "after": row.after.record_id}
        else:
            values |= columns(row, ("source", "source_url", "reported_on"))
            values["clauses"] = sorted(touched.provision.slug for touched in row.touched.all())
        found[row.kind, row.document_id].append(values)
    return found


def _clauses(catalogue: Catalogue) -> None:
    for key, record_id, values in clause_values():
        catalogue.clauses[key] = record(clause_schema.Clause, record_id, values)


def _addresses(catalogue: Catalogue) -> None:
    merged = models.Provision.objects.filter(merged_into__isnull=False).select_related(
        "document__platform", "merged_into__document__platform"
    )
    implied = {(row.get_absolute_url(), row.merged_into.get_absolute_url()) for row in merged}
    for row in FormerAddress.objects.order_by("old_path"):
        if (row.old_path, row.new_path) not in implied:
            values = {"old": row.old_path, "new": row.new_path}
            catalogue.addresses[row.old_path] = record(schema.FormerAddress, f"former address {row.old_path}", values)
