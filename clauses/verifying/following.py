"""What follows for clauses: the changes that touched them, and the questions that wait for an analyst."""

from clauses.deriving import questions_of, standings_of, touched_by_observed, touches_of
from clauses.models import Provision
from clauses.vocabulary import Touch
from conductatlas.records import RecordId
from platforms.deriving import in_order
from platforms.models import Change, Document

from .findings import Findings


def verify(document: Document, findings: Findings) -> None:
    """Touched clauses and open questions are those that the stored proofs and changes give."""
    if not document.provisions.exists():
        return
    versions = list(in_order(document))
    wanted, held = touches_of(document, versions, standings_of(document, versions)), touched_by_observed(document)
    findings.checked["touched clauses"] += len(held)
    changes = dict(Change.objects.filter(document=document).values_list("pk", "number"))
    provisions = dict(Provision.objects.filter(document=document).values_list("pk", "number"))
    for pair in sorted({*wanted, *held}):
        stored = held[pair].how if pair in held else None
        if stored == Touch.TOLD and pair not in wanted:
            continue  # a person made this link
        record = f"{RecordId('C', changes[pair[0]])} and {RecordId('P', provisions[pair[1]])}"
        findings.compare(record, "touched", stored, wanted.get(pair))
    _verify_questions(document, versions, findings)


def _verify_questions(document: Document, versions: list, findings: Findings) -> None:
    for provision, proof, doubt, item in questions_of(document, versions):
        findings.checked["open questions"] += item is not None
        findings.compare(provision.record_id, "open question", item.doubt if item else None, doubt)
        if item and doubt and item.proof_id != proof.pk:
            findings.differ(provision.record_id, "proof of its open question", item.proof_id, proof.pk)
