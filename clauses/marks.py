"""Where the clauses of a document stand in one of its texts."""

from clauses.models import Proof
from clauses.proving import METHOD
from clauses.vocabulary import AnalysisState, ProofState, ProvisionState
from conductatlas.markdown import Marked
from platforms.models import Document, Text


def marks_in(document: Document, text: Text) -> tuple[Marked, ...]:
    """The spans of all published clauses whose words have a known place in this text, in one query, in the order of
    the text.
    """
    proofs = (
        Proof.objects.filter(
            text=text,
            method=METHOD,
            state__in=[ProofState.EXACT, ProofState.NORMALISED],
            quotation__provision__document=document,
            quotation__provision__state=ProvisionState.STANDING,
            quotation__analyses__state=AnalysisState.PUBLISHED,
        )
        .select_related("quotation__provision")
        .distinct()
    )
    marks = [
        Marked(
            start=start,
            end=end,
            id=proof.quotation.provision.slug if index == 0 else f"{proof.quotation.provision.slug}-{index + 1}",
            label=proof.quotation.provision.title if index == len(proof.spans) - 1 else "",
            url=f"{document.get_absolute_url()}{proof.quotation.provision.slug}/"
            if index == len(proof.spans) - 1
            else "",
        )
        for proof in proofs
        for index, (start, end) in enumerate(proof.spans)
    ]
    return tuple(sorted(marks, key=lambda mark: (mark.start, mark.end, mark.id)))
