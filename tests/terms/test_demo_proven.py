"""The demo's quotations of real terms against the texts they name."""

import re
from collections import defaultdict

import pytest

from clauses.evidence import evidence_for
from clauses.models import Proof, Quotation, Reading
from clauses.proving import METHOD
from clauses.vocabulary import ProofState
from conductatlas import actors
from platforms.models import Document, Snapshot, Text
from platforms.terms.importing import Plan, import_terms
from platforms.terms.placing import Edition
from platforms.terms.repository import open_repository

from ..archives import COLLECTIONS, bundle_of

FOUND = {ProofState.EXACT, ProofState.NORMALISED}


def import_what_is_quoted(collection: str) -> None:
    """The documents of the catalogue that the collection holds, each from its first text that is quoted or was read
    to the newest, as `import_terms --only --since` brings them in.
    """
    paths = defaultdict(list)
    for document in Document.objects.filter(collection=collection):
        quoted = Quotation.objects.filter(provision__document=document).exclude(taken_from_sha256="")
        read = Reading.objects.filter(document=document)
        seen = quoted.values_list("taken_from_at", flat=True).union(read.values_list("captured_at", flat=True))
        paths[min(seen).date()].append(f"^{re.escape(document.collection_path)}$")
    with open_repository(str(bundle_of(collection))) as repository:
        for since, wanted in paths.items():
            plan = Plan(Edition(collection, None, "en"), re.compile("|".join(wanted)), since)
            assert import_terms(repository, plan, by=actors.machine()).counts["snapshots"] >= len(wanted)


@pytest.mark.slow
@pytest.mark.django_db
def test_every_quotation_is_found_in_the_text_it_names_and_stands_in_the_newest() -> None:
    quotations = list(Quotation.objects.exclude(taken_from_sha256="").select_related("provision__document"))
    assert len(quotations) >= 30
    assert len({quotation.provision.document.platform_id for quotation in quotations}) >= 10
    assert {evidence_for(one.provision, one).state for one in quotations} == {"unproven"}
    for collection in COLLECTIONS:
        import_what_is_quoted(collection)
    wrong = []
    for quotation in quotations:
        proof = Proof.objects.filter(quotation=quotation, text=quotation.taken_from_sha256, method=METHOD).first()
        if proof is None or proof.state not in FOUND:
            wrong.append(f"{quotation.provision.record_id}: {proof and proof.state} in the text it names")
        newest = evidence_for(quotation.provision, quotation).looks[-1]
        if newest.state not in FOUND:
            wrong.append(f"{quotation.provision.record_id}: {newest.state} in the newest text")
    assert not wrong, "\n".join(wrong)
    for reading in Reading.objects.filter(document__in=Document.objects.exclude(collection="")):
        seen = Snapshot.objects.filter(document=reading.document, captured_at=reading.captured_at)
        assert seen.filter(text=reading.sha256, version__counts=True).exists(), reading
        assert Text.objects.filter(pk=reading.sha256).exists()
