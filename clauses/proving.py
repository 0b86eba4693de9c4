"""Proofs: computed for each quotation and each text of its document that counts, forwards and backwards; stored,
never read from a file.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence

from clauses.anchoring import anchor
from clauses.models import Proof, Quotation
from platforms.models import Document, Text
from platforms.plaintext import Projection
from platforms.reading import projected

METHOD = 2  # raised when `anchor` or `project` can come to another result; older proofs stay beside the new ones


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
        candidates=[[round(candidate.score, 4), *candidate.span] for candidate in found.candidates],
    )


def prove_document(document: Document, quotations: Collection[Quotation] | None = None) -> None:
    """Looks for the quotations of a document (for these alone, where given) in each of its texts that counts and has
    not been searched for them.
    """
    if quotations is None:
        quotations = Quotation.objects.filter(provision__document=document)
    by_id = {quotation.pk: quotation for quotation in quotations}
    if by_id:
        for name, missing in _missing(document, by_id).items():
            text = Text.objects.get(pk=name)
            projection = projected(text.content)
            Proof.objects.bulk_create(proof_of(by_id[key], text, projection) for key in missing)


def _missing(document: Document, quotations: Collection[int]) -> dict[str, Sequence[int]]:
    """Name of a text that counts and is not withheld → the quotations that have no proof from it."""
    searched = defaultdict(set)
    for name, key in Proof.objects.filter(quotation__in=quotations, method=METHOD).values_list("text", "quotation"):
        searched[name].add(key)
    counting = Text.objects.filter(
        snapshots__version__document=document, snapshots__version__counts=True, withheld_at=None
    )
    names = counting.order_by("pk").values_list("pk", flat=True).distinct()
    return {name: left for name in names if (left := [key for key in quotations if key not in searched[name]])}
