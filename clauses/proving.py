"""Proofs: computed for each quotation and each text of its document that counts, forwards and backwards; stored,
never read from a file.
"""

from collections.abc import Iterable
from functools import lru_cache

from clauses.anchoring import anchor
from clauses.models import Proof, Quotation
from platforms.models import Document, Text
from platforms.plaintext import Projection, project

METHOD = 1  # raised when `anchor` or `project` can come to another result; older proofs stay beside the new ones


def proof_of(quotation: Quotation, text: Text, projection: Projection) -> Proof:
    """The proof that one text gives for one quotation, not yet saved."""
    found = anchor(
        quotation.segments, projection, prefix=quotation.prefix, suffix=quotation.suffix, heading=quotation.heading
    )
    return Proof(
        quotation=quotation,
        text=text,
        method=METHOD,
        state=found.state.value,
        spans=[list(span) for span in found.spans],
    )


@lru_cache(maxsize=32)
def _projected(content: str) -> Projection:
    """The projection of a text, made once for all the quotations that are looked for in it."""
    return project(content)


def _save(quotations: Iterable[Quotation], texts: Iterable[Text]) -> None:
    quotations = list(quotations)
    for text in texts:
        if text.is_withheld:
            continue
        known = set(Proof.objects.filter(text=text, method=METHOD).values_list("quotation_id", flat=True))
        missing = [quotation for quotation in quotations if quotation.pk not in known]
        if missing:
            projection = _projected(text.content)
            Proof.objects.bulk_create(proof_of(quotation, text, projection) for quotation in missing)


def prove_quotation(quotation: Quotation) -> None:
    """Looks for a new quotation in every text of its document that counts."""
    document = quotation.provision.document_id
    _save(
        [quotation],
        Text.objects.filter(snapshots__version__document=document, snapshots__version__counts=True).distinct(),
    )


def prove_text(text: Text, document: Document) -> None:
    """Looks for every quotation of a document in a text that has just been accepted, new or older than the
    quotations.
    """
    _save(Quotation.objects.filter(provision__document=document), [text])
