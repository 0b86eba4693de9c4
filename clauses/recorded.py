"""What a record id leads to today."""

from clauses.models import Provision
from clauses.vocabulary import FROZEN
from conductatlas.records import RecordId
from platforms.models import Change, Document, Snapshot, Version


def target_of(record: RecordId) -> Provision | Document | Change | Version | None:
    """The record with a page of its own that has the id, or took its place: the version or document of a snapshot, the
    clause with which another was merged. None where nothing public has it.
    """
    if record.kind == "P":
        published = Provision.objects.filter(analyses__state__in=FROZEN).distinct()
        places = published.select_related("document__platform", "merged_into__document__platform", "registered")
        provision = places.filter(number=record.number).first()
        return provision and (provision.merged_into or provision)
    if record.kind == "D":
        return Document.objects.select_related("platform").filter(number=record.number).first()
    if record.kind == "C":
        return Change.objects.select_related("document__platform").filter(number=record.number).first()
    snapshots = Snapshot.objects.select_related("document__platform", "version__document__platform")
    snapshot = snapshots.filter(number=record.number).first()
    return snapshot and (getattr(snapshot, "version", None) or snapshot.document)
