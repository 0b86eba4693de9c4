"""The order of what has no order of its own: by name, by slug, by number; answers as the clause type asks."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from . import clause_schema, schema
from .folder import Catalogue, Filed

LAST = "~"  # after every id: records without a number


def arranged(catalogue: Catalogue, *, known: Catalogue | None = None) -> Catalogue:
    """The same records in canonical order. `known` has the clause types that the catalogue's own files leave out."""
    types = {**(known.clause_types if known else {}), **catalogue.clause_types}
    return replace(
        catalogue,
        jurisdictions=dict(sorted(catalogue.jurisdictions.items())),
        addresses=dict(sorted(catalogue.addresses.items())),
        agencies={
            key: _changed(entry, enforces=sorted(entry.value.enforces)) for key, entry in catalogue.agencies.items()
        },
        regulations={
            key: _changed(entry, dates=sorted(entry.value.dates, key=lambda row: row.date))
            for key, entry in catalogue.regulations.items()
        },
        platforms={
            key: _changed(entry, former_names=sorted(entry.value.former_names, key=lambda row: row.name))
            for key, entry in catalogue.platforms.items()
        },
        documents={key: _document(entry) for key, entry in catalogue.documents.items()},
        clauses={key: _clause(entry, types) for key, entry in catalogue.clauses.items()},
    )


def _changed(entry: Filed[Any], **values: Any) -> Filed[Any]:
    return replace(entry, value=entry.value.model_copy(update=values))


def _document(entry: Filed[schema.Document]) -> Filed[schema.Document]:
    document = entry.value
    changes = [change.model_copy(update={"clauses": sorted(change.clauses)}) for change in document.reported_changes]
    return _changed(
        entry,
        also_serves=sorted(document.also_serves),
        changes=sorted(document.changes, key=lambda row: row.id or LAST),
        readings=sorted(document.readings, key=lambda row: (row.clause_type, row.captured_at)),
        reported_changes=sorted(changes, key=lambda row: row.id or LAST),
    )


def _clause(
    entry: Filed[clause_schema.Clause], types: Mapping[str, Filed[schema.ClauseType]]
) -> Filed[clause_schema.Clause]:
    analysis, quotations = entry.value.analysis, entry.value.quotations
    if analysis is None:
        return entry
    kind = types.get(entry.value.clause_type)
    keys = [question.key for question in kind.value.questions] if kind else []
    answers = sorted(analysis.answers, key=lambda row: keys.index(row.question) if row.question in keys else len(keys))
    rests_on = None if analysis.quotation == len(quotations) else analysis.quotation
    return _changed(entry, analysis=analysis.model_copy(update={"answers": answers, "quotation": rests_on}))
