"""Verdicts and whether their snapshots count; version numbers; record numbers."""

from collections import Counter

from django.db import connection, models
from django.db.models import Count, Exists, Max, OuterRef, Subquery

from clauses.models import Provision
from conductatlas.records import RecordId, sequence
from platforms.models import Change, Document, Snapshot, Verdict, Version
from platforms.vocabulary import COUNTING

from .findings import Findings

NUMBERED: dict[str, type[models.Model]] = {"D": Document, "S": Snapshot, "C": Change, "P": Provision}


def verify(document: Document, findings: Findings) -> None:
    """The snapshots of a document: whether each counts as its latest verdict says; the numbers of its versions."""
    verdicts = Verdict.objects.filter(snapshot=OuterRef("pk"))
    snapshots = (
        Snapshot.objects.filter(document=document)
        .annotate(
            judgement=Subquery(verdicts.order_by("-pk").values("judgement")[:1]),
            ever_counted=Exists(verdicts.filter(judgement__in=COUNTING)),
        )
        .order_by("number")
        .values("number", "judgement", "ever_counted", "version__number", "version__counts", "version__document")
    )
    for row in snapshots.iterator():
        findings.checked["snapshots"] += 1
        _verify_snapshot(document, row, findings)
    _verify_versions(document, findings)


def _verify_snapshot(document: Document, row: dict, findings: Findings) -> None:
    record = str(RecordId("S", row["number"]))
    if row["judgement"] is None:
        findings.differ(record, "verdict", None, "at least one")
    number = row["version__number"]
    if number is None:
        if row["ever_counted"]:
            findings.differ(record, "version", None, "one: it was accepted")
        return
    if not row["ever_counted"]:
        findings.differ(record, "version", number, "none: it was never accepted")
    findings.compare(record, "counts", row["version__counts"], row["judgement"] in COUNTING)
    if row["version__document"] != document.pk:
        findings.differ(record, "document of its version", row["version__document"], document.pk)


def _verify_versions(document: Document, findings: Findings) -> None:
    numbers = Counter(Version.objects.filter(document=document).values_list("number", flat=True))
    findings.checked["versions"] += numbers.total()
    for number in range(1, max(numbers, default=0) + 1):
        if number not in numbers:
            findings.differ(f"{document.record_id} version {number}", "number", None, "one version")
    for number, count in sorted(numbers.items()):
        if count > 1 or number < 1:
            findings.differ(f"{document.record_id} version {number}", "number", f"{count} versions", "one, from 1 on")


def verify_numbers(findings: Findings) -> None:
    """Each record number is given once, and the next one is free."""
    for kind, model in NUMBERED.items():
        rows = model._default_manager.order_by()
        findings.checked["record numbers"] += rows.count()
        for number, count in rows.values_list("number").annotate(count=Count("pk")).filter(count__gt=1):
            findings.differ(str(RecordId(kind, number)), "record number", f"{count} records", "one record")
        largest = rows.aggregate(largest=Max("number"))["largest"] or 0
        given = _last_given(kind)
        if given < largest:
            findings.differ(f"sequence {sequence(kind)}", "last number", given, f"{largest} or more")


def _last_given(kind: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT CASE WHEN is_called THEN last_value ELSE last_value - 1 END FROM {sequence(kind)}")
        return cursor.fetchone()[0]
