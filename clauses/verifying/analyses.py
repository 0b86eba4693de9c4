"""Payloads of published analyses: their hash, their spelling, and that they say what the rows they froze say."""

import json
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from django.db.models import QuerySet

from clauses.evidence import Evidence, Look
from clauses.models import Analysis, Proof
from clauses.models.analyses import INSTITUTIONAL_PROSE, PROSE, PUBLIC_PROSE
from clauses.payload import PAYLOAD_VERSION, payload_of
from clauses.rubric import RUBRIC_VERSION
from clauses.sentences import basis
from clauses.vocabulary import FROZEN
from conductatlas.canonical import canonical, fingerprint
from conductatlas.markdown import render_analysis
from platforms.models import Document, Version

from .findings import Findings

# What an analysis says of itself, and no later edit of another record can alter. The wording of agencies, laws,
# questions and names is that of the day of publication, and stands nowhere else.
OWN = (
    "record", "version", "quotation", *PUBLIC_PROSE, "interpretive_note",
    *(f"institutional.{name}" for name in (*INSTITUTIONAL_PROSE, "governance_exposure_who", "checklist")),
    "institutional.jurisdiction_flags[].code", "institutional.jurisdiction_flags[].text",
    "severity.factors[].key", "severity.factors[].score", "severity.factors[].reason",
    "confidence.level", "confidence.reason", "basis.code",
    *(f"answers[].{name}" for name in ("key", "value", "detail", "sentences")),
    *(
        f"actions[].{name}"
        for name in (
            "kind", "channel", "title", "steps", "url", "email", "deadline", "region", "letter", "last_tried",
            "sentences",
        )
    ),
    "agencies[].reason", "regulations[].articles", "regulations[].reason", "regulations[].named_by_source",
    "drafted.machine", "drafted.on", "reviewed", "published_at", "public_note",
)  # fmt: skip
BY_THE_RUBRIC = ("severity.level", "severity.total", "severity.cap")


def frozen(documents: Sequence[Document] | None) -> QuerySet[Analysis]:
    """All that was ever published of these documents; None: of all."""
    rows = Analysis.objects.filter(state__in=FROZEN).order_by("provision__number", "version")
    rows = rows.select_related("quotation", "provision__clause_type__theme", "provision__document__platform")
    rows = rows.select_related("provision__document__market")
    return rows if documents is None else rows.filter(provision__document__in=documents)


def verify(analysis: Analysis, findings: Findings) -> None:
    findings.checked["analyses"] += 1
    record = str(analysis)
    findings.compare(record, "SHA-256 of the payload", analysis.payload_sha256, fingerprint(analysis.payload))
    findings.compare(record, "basis", analysis.basis, _basis(analysis))
    findings.compare_all(record, analysis.rendered, _rendered(analysis), {*analysis.rendered, *PROSE})
    try:
        payload = json.loads(analysis.payload)
        spelt = canonical(payload)
    except ValueError as error:
        findings.differ(record, "payload", analysis.payload, f"no canonical JSON: {error}")
        return
    if not isinstance(payload, dict) or payload.get("format") != PAYLOAD_VERSION:
        findings.differ(record, "format of the payload", analysis.payload, f"format {PAYLOAD_VERSION}")
        return
    findings.compare(record, "canonical JSON", analysis.payload, spelt)
    _verify_facts(analysis, payload, findings)


def _basis(analysis: Analysis) -> str:
    try:
        return basis(*(getattr(analysis, field) for field in PUBLIC_PROSE)).value
    except ValueError as error:
        return f"none, as {error}"


def _rendered(analysis: Analysis) -> dict[str, str]:
    return {field: render_analysis(source) for field in PROSE if (source := getattr(analysis, field))}


def _verify_facts(analysis: Analysis, payload: dict[str, Any], findings: Findings) -> None:
    record = str(analysis)
    try:
        evidence = _evidence(payload)
        said = payload_of(analysis, evidence)
    except (KeyError, TypeError, ValueError) as error:
        findings.differ(record, "payload", "not whole", f"{type(error).__name__}: {error}")
        return
    same_rubric = _at(payload, "severity.rubric") == RUBRIC_VERSION
    for path in (*OWN, *(BY_THE_RUBRIC if same_rubric else ())):
        findings.compare(record, f"{path} in the payload", _at(payload, path), _at(said, path))
    _verify_evidence(analysis, payload["evidence"], evidence, findings)


def _at(value: Any, path: str) -> Any:
    """What stands there; `name[]` takes every item of a list. None where there is nothing."""
    name, _, rest = path.partition(".")
    found = value.get(name.removesuffix("[]")) if isinstance(value, dict) else None
    if name.endswith("[]"):
        items = found if isinstance(found, list) else []
        if name == "answers[]":  # in the order of the questions, which may be put in another one
            items = sorted(items, key=lambda item: str(_at(item, "key")))
        return [_at(item, rest) for item in items]
    return _at(found, rest) if rest else found


def _evidence(payload: dict[str, Any]) -> Evidence:
    """The evidence of the day of publication, as the payload tells it."""
    return Evidence(tuple(_looks(payload["evidence"]["looks"])))


def _looks(rows: list[dict[str, Any]]) -> Iterator[Look]:
    for row in rows:
        spans = tuple((start, end) for start, end in row["spans"])
        day = date.fromisoformat(row["captured_on"])
        yield Look(row["version"], day, row["sha256"], row["state"], spans, withheld=False)


def _verify_evidence(analysis: Analysis, said: dict[str, Any], evidence: Evidence, findings: Findings) -> None:
    """Each text that the evidence names is that of the version it names, with a proof that says the same."""
    record, document = str(analysis), analysis.provision.document_id
    findings.compare(record, "evidence.state in the payload", said.get("state"), evidence.state)
    rows = Version.objects.filter(document=document).values_list("number", "snapshot__text", "snapshot__captured_at")
    versions = {number: (text, at.date()) for number, text, at in rows}
    proofs: dict[str, list[tuple[str, tuple]]] = {}
    for text, state, spans in Proof.objects.filter(quotation=analysis.quotation_id).values_list(
        "text", "state", "spans"
    ):
        proofs.setdefault(text, []).append((state, tuple(map(tuple, spans))))
    for look in evidence.looks:
        place = f"{record}, evidence of version {look.version}"
        text, day = versions.get(look.version, (None, None))
        findings.compare(place, "text", look.sha256, text)
        findings.compare(place, "day", look.captured_on, day)
        known = proofs.get(look.sha256, [])
        if (look.state, look.spans) not in known:
            findings.differ(place, "proof", [look.state, look.spans], known[-1] if known else None)
