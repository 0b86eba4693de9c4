"""Quotations, and where their words stand in each text."""

from collections.abc import Iterator, Mapping

from clauses.models import Proof, Quotation
from clauses.proving import METHOD, proof_of
from clauses.vocabulary import ProofState
from clauses.words import numbered
from platforms.models import Document, Text
from platforms.plaintext import project

from .findings import Findings


def verify(document: Document, findings: Findings) -> None:
    """Every proof of the present method is made again; exact spans of any method hold the very characters. Of a
    withheld text the earlier proofs stay as they are.
    """
    quotations = {
        row.pk: row for row in Quotation.objects.filter(provision__document=document).select_related("provision")
    }
    for quotation in list(quotations.values()):
        findings.checked["quotations"] += 1
        try:
            numbered(quotation.segments, quotation.sentence_ends)
        except ValueError as error:
            findings.differ(_named(quotation), "sentence ends", quotation.sentence_ends, error)
    if quotations:
        for text, wanted in _texts(document, quotations):
            _verify_text(text, quotations, findings, every=wanted)


def _named(quotation: Quotation, text: Text | None = None) -> str:
    place = f" in text {text.sha256}" if text else ""
    return f"{quotation.provision.record_id} quotation {quotation.number}{place}"


def _texts(document: Document, quotations: Mapping[int, Quotation]) -> Iterator[tuple[Text, bool]]:
    """Each text with words that counts for the document, or that was searched; whether every quotation needs a proof
    from it.
    """
    counting = set(
        document.versions.counting().order_by().values_list("snapshot__text", flat=True)  # the same text may come back
    )
    searched = set(Proof.objects.filter(quotation__in=quotations).order_by().values_list("text", flat=True).distinct())
    for name in sorted(counting | searched):
        text = Text.objects.get(pk=name)
        if not text.is_withheld:
            yield text, name in counting


def _verify_text(text: Text, quotations: Mapping[int, Quotation], findings: Findings, *, every: bool) -> None:
    stored: dict[int, Proof] = {}
    for proof in Proof.objects.filter(text=text.pk, quotation__in=quotations).order_by("pk"):
        _verify_spans(proof, quotations[proof.quotation_id], text, findings)
        if proof.method == METHOD:
            stored[proof.quotation_id] = proof
    projection = project(text.content)
    for key in quotations if every else stored:
        quotation = quotations[key]
        findings.checked["proofs"] += 1
        record, proof = _named(quotation, text), stored.get(key)
        try:
            found = proof_of(quotation, text, projection)
        except ValueError as error:
            findings.differ(record, "proof", proof.state if proof else None, f"none, as {error}")
            continue
        if proof is None:
            findings.differ(record, f"proof by method {METHOD}", None, found.state)
            continue
        for name in ("state", "spans", "candidates"):
            findings.compare(record, name, getattr(proof, name), getattr(found, name))


def _verify_spans(proof: Proof, quotation: Quotation, text: Text, findings: Findings) -> None:
    """Those of the present method are compared as a whole; here, that exact ones hold what was quoted."""
    if proof.state == ProofState.EXACT:
        sliced = [text.content[start:end] for start, end in proof.spans]
        findings.compare(_named(quotation, text), "words at the exact spans", sliced, quotation.segments)
