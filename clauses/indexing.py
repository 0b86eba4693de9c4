"""Keeps what readers search and filter in line with the records. The actions call it; nothing is edited by hand.

A search entry holds the words of a record, a registry entry what a published clause is filtered by; `neighbours` keeps
what stands beside a clause. All are made anew from the record whenever it, or what they say of it, may have changed.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import asdict
from typing import TypeVar

from django.db import transaction
from django.db.models import Max, Model

from clauses.evidence import evidence_of
from clauses.models import (
    Agency,
    Analysis,
    AppliedRegulation,
    ChangedProvision,
    ClauseType,
    Provision,
    RegistryEntry,
    Regulation,
    ResearchNote,
    SearchEntry,
)
from clauses.neighbours import rebuild_neighbours, refresh_neighbours
from clauses.research import parts_of
from clauses.searching.lines import line_of
from clauses.sentences import parse
from clauses.vocabulary import EntryKind, ProvisionState
from conductatlas.progress import Begin, Step
from conductatlas.rules import sort_key
from platforms.models import Document, Jurisdiction, Platform
from platforms.plaintext import project
from platforms.vocabulary import ChangeKind, ReviewState, Severity

Indexed = TypeVar("Indexed", Platform, Document, ClauseType, Agency, Regulation, ResearchNote)

RANK = {Severity.HIGH: 3, Severity.MEDIUM: 2, Severity.LOW: 1}
AT_ONCE = 500  # records whose words are held together
KINDS: dict[type[Model], EntryKind] = {
    Platform: EntryKind.PLATFORM,
    Document: EntryKind.DOCUMENT,
    Provision: EntryKind.CLAUSE,
    ClauseType: EntryKind.CLAUSE_TYPE,
    Agency: EntryKind.AGENCY,
    Regulation: EntryKind.REGULATION,
    ResearchNote: EntryKind.RESEARCH,
}

INSIDE = re.compile(r"(?<=\w)[./](?=\w)")
# What people ask for when they look for an authority or a law, in words that its record need not hold.
COMPLAINING = "authority, regulator, agency: where to complain about a company, report it, file a complaint"
LEGISLATING = "law, legislation, regulation, statute, act"

_waiting: ContextVar[dict[type[Model], set[int]] | None] = ContextVar("records_to_index", default=None)


@contextmanager
def one_indexing() -> Iterator[None]:
    """What changes inside is indexed once, at the end, in the same transaction. An inner block belongs to the outer."""
    if _waiting.get() is not None:
        yield
        return
    waiting: dict[type[Model], set[int]] = defaultdict(set)
    token = _waiting.set(waiting)
    try:
        with transaction.atomic():
            yield
            _waiting.set(None)
            for model, keys in waiting.items():
                index(model, keys)
    finally:
        _waiting.reset(token)


@transaction.atomic
def index(model: type[Model], keys: Iterable[int]) -> None:
    """Brings the entries of these records, by their primary keys, in line; those of records that are gone go."""
    if (waiting := _waiting.get()) is not None:
        waiting[model].update(keys)
        return
    remaining = sorted(keys)
    for _ in _index_entries(model, remaining):
        pass
    if model is Provision:
        refresh_neighbours(remaining)


@transaction.atomic
def index_all(*, begin: Begin = lambda count: None, step: Step = lambda: None) -> None:
    """Every entry anew. `begin` is told how many records there are, `step` is called after each."""
    keys = {model: sorted(model._default_manager.values_list("pk", flat=True)) for model in KINDS}
    begin(sum(map(len, keys.values())))
    for model, of_model in keys.items():
        for count in _index_entries(model, of_model):
            for _ in range(count):
                step()
    rebuild_neighbours()
    for model, kind in KINDS.items():
        SearchEntry.objects.filter(kind=kind).exclude(key__in=model._default_manager.values("pk")).delete()


def _index_entries(model: type[Model], keys: list[int]) -> Iterator[int]:
    """Brings the entries of these records in line, some at a time; how many each time."""
    for start in range(0, len(keys), AT_ONCE):
        some = keys[start : start + AT_ONCE]
        if model is Provision:
            _index_clauses(some)
        else:
            _keep(KINDS[model], some, [_of_record(row) for row in _rows(model, some)])
        yield len(some)


def index_platform(platform: Platform) -> None:
    """A platform, its documents and its clauses, which are found by its names too."""
    index(Platform, [platform.pk])
    index(Document, Document.objects.filter(platform=platform).values_list("pk", flat=True))
    index(Provision, Provision.objects.filter(document__platform=platform).values_list("pk", flat=True))


def index_document(document: Document) -> None:
    """A document and its clauses."""
    index(Document, [document.pk])
    index(Provision, Provision.objects.filter(document=document).values_list("pk", flat=True))


def index_jurisdiction(jurisdiction: Jurisdiction) -> None:
    """What is found by its name: documents for its market, its agencies and its laws; and what is filtered by its code:
    the clauses of those documents.
    """
    index(Document, Document.objects.filter(market=jurisdiction).values_list("pk", flat=True))
    listed = RegistryEntry.objects.filter(document__market=jurisdiction)
    listed.exclude(market=jurisdiction.code).update(market=jurisdiction.code)
    for model in (Agency, Regulation):
        index(model, model.objects.filter(jurisdiction=jurisdiction).values_list("pk", flat=True))


def _rows(model: type[Indexed], keys: list[int]) -> Iterable[Indexed]:
    rows = model._default_manager.filter(pk__in=keys)
    if model is Platform:
        return rows.prefetch_related("former_names")
    if model is Document:
        return rows.select_related("platform", "market").prefetch_related("platform__former_names")
    if model is ClauseType:
        return rows.select_related("theme").prefetch_related("questions")
    if model in (Agency, Regulation):
        return rows.select_related("jurisdiction")
    return rows


def _index_clauses(keys: list[int]) -> None:
    analyses = list(
        Analysis.objects.published()
        .filter(provision__in=keys, provision__state=ProvisionState.STANDING)
        .select_related(
            "quotation__provision", "provision__document__platform", "provision__document__market",
            "provision__clause_type__theme",
        )
        .prefetch_related("provision__document__platform__former_names", "provision__clause_type__questions")
        .defer("payload", "rendered")
    )  # fmt: skip
    evidence = evidence_of([analysis.quotation for analysis in analyses])
    laws: dict[int, list[int]] = defaultdict(list)
    for analysis, law in AppliedRegulation.objects.filter(analysis__in=analyses).values_list("analysis", "regulation"):
        laws[analysis].append(law)
    changed = dict(
        ChangedProvision.objects.filter(
            provision__in=keys, change__kind=ChangeKind.OBSERVED, change__superseded_at=None
        )
        .exclude(change__review=ReviewState.NOISE)
        .values_list("provision")
        .annotate(Max("change__first_observed_at"))
    )
    entries = [
        _registered(
            analysis,
            proof=evidence[analysis.quotation_id].state,
            regulations=sorted(laws[analysis.pk]),
            changed_at=changed.get(analysis.provision_id),
        )
        for analysis in analyses
    ]
    RegistryEntry.objects.filter(pk__in=keys).exclude(pk__in=[entry.pk for entry in entries]).delete()
    RegistryEntry.objects.bulk_create(
        entries,
        update_conflicts=True,
        unique_fields=["provision"],
        update_fields=[field.name for field in RegistryEntry._meta.concrete_fields if not field.primary_key],
    )
    words = [_of_clause(analysis, proof=evidence[analysis.quotation_id].state) for analysis in analyses]
    _keep(EntryKind.CLAUSE, keys, words)


def _registered(analysis: Analysis, **derived) -> RegistryEntry:
    provision = analysis.provision
    document, platform = provision.document, provision.document.platform
    return RegistryEntry(
        provision=provision,
        platform=platform,
        document=document,
        clause_type=provision.clause_type,
        invented=platform.invented,
        sector=platform.sector,
        document_kind=document.kind,
        market=document.market.code if document.market else "",
        severity=RANK[Severity(analysis.severity)],
        confidence=analysis.confidence,
        published_at=analysis.published_at,
        platform_key=platform.sort_key,
        title_key=sort_key(provision.title),
        **derived,
    )


def _keep(kind: EntryKind, keys: list[int], entries: list[SearchEntry]) -> None:
    """Stores the entries of these records of a kind; a record that has none any more loses its row."""
    SearchEntry.objects.filter(kind=kind, key__in=set(keys) - {entry.key for entry in entries}).delete()
    for entry in entries:
        entry.kind = kind
    SearchEntry.objects.bulk_create(
        entries,
        update_conflicts=True,
        unique_fields=["kind", "key"],
        update_fields=["platform", "rank", "names", "title", "topics", "quoted", "said", "line"],
    )


def names_of(platform: Platform) -> str:
    """All names of a platform, one a line."""
    return _lines(platform.name, *(row.name for row in platform.former_names.all()))


def _lines(*names: str) -> str:
    """Names, one a line. The text search takes `Claude.ai` and `2016/679` for one word each: such a name stands there
    a second time, as people type it.
    """
    apart = (INSIDE.sub(" ", name) for name in names)
    return "\n".join(dict.fromkeys(name for name in (*names, *apart) if name))


def _plain(prose: str) -> str:
    """Prose without the marks of what it rests on."""
    return " ".join(sentence.text for sentence in parse(prose))


def _of_clause(analysis: Analysis, *, proof: str) -> SearchEntry:
    provision = analysis.provision
    clause_type = provision.clause_type
    return SearchEntry(
        key=provision.pk,
        platform=provision.document.platform,
        rank=RANK[Severity(analysis.severity)],
        names=names_of(provision.document.platform),
        title=provision.title,
        topics=" · ".join([provision.document.title, *_topics_of(clause_type)]),
        quoted=" […] ".join(analysis.quotation.segments),
        said="\n".join(
            _plain(prose) for prose in (analysis.what_it_is, analysis.why_it_matters, analysis.what_this_means)
        ),
        line=asdict(line_of(provision, severity=analysis.severity, proof=proof)),
    )


def _of_record(record: Indexed) -> SearchEntry:
    """Of anything but a clause."""
    entry = _WORDS[type(record)](record)
    entry.line = asdict(line_of(record))
    return entry


def _topics_of(clause_type: ClauseType) -> list[str]:
    return [clause_type.name, clause_type.theme.name, *clause_type.search_phrases]


def _of_platform(platform: Platform) -> SearchEntry:
    return SearchEntry(
        key=platform.pk,
        platform=platform,
        names=names_of(platform),
        title=platform.name,
        topics=platform.get_sector_display(),
        said=platform.description,
    )


def _of_document(document: Document) -> SearchEntry:
    market = document.market.name if document.market else ""
    return SearchEntry(
        key=document.pk,
        platform=document.platform,
        names=names_of(document.platform),
        title=document.title,
        topics=" · ".join(filter(None, [document.get_kind_display(), market, document.party, document.record_id])),
    )


def _of_clause_type(clause_type: ClauseType) -> SearchEntry:
    return SearchEntry(
        key=clause_type.pk,
        names=clause_type.name,
        title=clause_type.name,
        topics=" · ".join([*_topics_of(clause_type), *(row.wording for row in clause_type.questions.all())]),
        said="\n".join([clause_type.definition, *clause_type.belongs]),
    )


def _of_agency(agency: Agency) -> SearchEntry:
    return SearchEntry(
        key=agency.pk,
        names=_lines(agency.name, agency.short_name),
        title=agency.name,
        topics=f"{agency.jurisdiction.name} · {COMPLAINING}",
        said=f"{agency.remit}\n{agency.who_may_complain}",
    )


def _of_regulation(regulation: Regulation) -> SearchEntry:
    return SearchEntry(
        key=regulation.pk,
        names=_lines(regulation.name, regulation.short_name),
        title=regulation.name,
        topics=f"{_lines(regulation.citation)} · {regulation.jurisdiction.name} · {LEGISLATING}",
        said=regulation.summary,
    )


def _of_note(note: ResearchNote) -> SearchEntry:
    prose = "\n".join(project(part).plain for part in parts_of(note.body) if isinstance(part, str))
    return SearchEntry(key=note.pk, title=note.title, topics=note.summary, said=prose)


_WORDS = {
    Platform: _of_platform,
    Document: _of_document,
    ClauseType: _of_clause_type,
    Agency: _of_agency,
    Regulation: _of_regulation,
    ResearchNote: _of_note,
}
