"""What follows for clauses when the texts of their document change: proofs, the changes that touched them, and the
questions that only an analyst can answer.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from itertools import pairwise

from django.utils import timezone

from clauses.history import PLACED, Standing, standing, touched
from clauses.indexing import index
from clauses.models import Analysis, ChangedProvision, Proof, Provision, QueueItem, Quotation
from clauses.proving import METHOD, prove_document
from clauses.vocabulary import Doubt, Outcome, ProofState, ProvisionState, Touch
from platforms.deriving import in_order
from platforms.models import Change, Document, Version
from platforms.vocabulary import ChangeKind

DOUBTS = {
    ProofState.REWORDED: Doubt.REWORDED,
    ProofState.AMBIGUOUS: Doubt.AMBIGUOUS,
    ProofState.ABSENT: Doubt.GONE,
}

_waiting: ContextVar[dict[int, Document] | None] = ContextVar("documents_to_derive", default=None)


@contextmanager
def one_derivation(*, by) -> Iterator[None]:
    """What is quoted inside is looked for at the end, in one walk over the texts of each document."""
    documents: dict[int, Document] = {}
    token = _waiting.set(documents)
    try:
        yield
    finally:
        _waiting.reset(token)
    for document in documents.values():
        derive_clauses(document, by=by)


def derive_clauses(document: Document, *, by) -> None:
    """Brings proofs, touched clauses and the queue of a document in line with its texts that count."""
    if (waiting := _waiting.get()) is not None:
        waiting[document.pk] = document
        return
    if not Version.objects.filter(document=document).exists():
        return  # no text ever counted: nothing can follow from one
    if not Quotation.objects.filter(provision__document=document).exists():
        return
    prove_document(document)
    versions = list(in_order(document))
    standings = standings_of(document, versions)
    _touch(document, versions, standings)
    _ask(document, versions, by=by)
    index(Provision, document.provisions.values_list("pk", flat=True))


def standings_of(document: Document, versions: Iterable[Version]) -> Mapping[int, Mapping[int, Standing]]:
    """Provision id → version id → what its text says of the clause. Texts that nobody could search are left out."""
    states: dict[str, dict[int, dict[int, str]]] = defaultdict(lambda: defaultdict(dict))
    rows = Proof.objects.present(METHOD).filter(quotation__provision__document=document)
    for text, clause, quotation, state in rows.values_list("text", "quotation__provision", "quotation", "state"):
        states[text][clause][quotation] = state
    found: dict[int, dict[int, Standing]] = defaultdict(dict)
    for version in versions:
        for clause, proofs in states[version.snapshot.text_id].items():
            found[clause][version.pk] = standing(proofs)
    return found


def touches_of(
    document: Document, versions: list[Version], standings: Mapping[int, Mapping[int, Standing]]
) -> dict[tuple[int, int], Touch]:
    """Each observed change that holds and each clause whose words it brought, altered or took away, by their ids."""
    held = Change.objects.filter(document=document, kind=ChangeKind.OBSERVED, superseded_at=None)
    changes = {(before, after): key for key, before, after in held.values_list("pk", "before", "after")}
    return touches_between(changes, versions, standings)


def touches_between(
    changes: Mapping[tuple[int, int], int],
    versions: list[Version],
    standings: Mapping[int, Mapping[int, Standing]],
) -> dict[tuple[int, int], Touch]:
    """As `touches_of`, of changes that are known: the ids of the snapshots before and after → the id of the change."""
    wanted: dict[tuple[int, int], Touch] = {}
    for provision, by_version in standings.items():
        known = False
        for before, after in pairwise(version for version in versions if version.pk in by_version):
            known = known or bool(by_version[before.pk].held)
            change = changes.get((before.snapshot_id, after.snapshot_id))
            how = touched(by_version[before.pk], by_version[after.pk], known=known) if change else None
            if how:
                wanted[change, provision] = how
    return wanted


def touched_by_observed(document: Document) -> dict[tuple[int, int], ChangedProvision]:
    """The stored links of observed changes with clauses, by the ids of both."""
    rows = ChangedProvision.objects.filter(change__document=document, change__kind=ChangeKind.OBSERVED)
    return {(row.change_id, row.provision_id): row for row in rows}


def _touch(document: Document, versions: list[Version], standings: Mapping[int, Mapping[int, Standing]]) -> None:
    wanted, held = touches_of(document, versions, standings), touched_by_observed(document)
    # A link that a person made stays, unless the texts say more of it.
    gone = [row.pk for pair, row in held.items() if wanted.get(pair, Touch.TOLD) != row.how]
    ChangedProvision.objects.filter(pk__in=gone).delete()
    ChangedProvision.objects.bulk_create(
        ChangedProvision(change_id=change, provision_id=provision, how=how)
        for (change, provision), how in wanted.items()
        if (change, provision) not in held or held[change, provision].pk in gone
    )


def _ask(document: Document, versions: list[Version], *, by) -> None:
    """Opens a question for each clause whose words the newest text does not hold in one known place, and settles those
    that have found their answer.
    """
    for provision, proof, doubt, item in questions_of(document, versions):
        if doubt is None:
            if item:
                _settle(item, _answer(provision, proof), by)
        elif item is None:
            QueueItem.objects.create(provision=provision, proof=proof, doubt=doubt)
        elif (item.proof_id, item.doubt) != (proof.pk, doubt):
            item.proof, item.doubt = proof, doubt
            item.save(update_fields=["proof", "doubt"])


def questions_of(
    document: Document, versions: list[Version]
) -> Iterator[tuple[Provision, Proof | None, Doubt | None, QueueItem | None]]:
    """Each clause, what the newest text says of it, the doubt that an analyst should know of, and the question that is
    open already. A doubt that an analyst decided to leave is none.
    """
    provisions = list(Provision.objects.filter(document=document))
    open_items = {
        item.provision_id: item for item in QueueItem.objects.filter(provision__in=provisions, settled_at=None)
    }
    newest = next((version.snapshot.text_id for version in reversed(versions) if not version.withheld_at), None)
    proofs = _newest_proofs(provisions, newest)
    for provision in provisions:
        item, proof = open_items.get(provision.pk), proofs.get(provision.pk)
        doubt = DOUBTS.get(proof.state) if proof and provision.state == ProvisionState.STANDING else None
        if doubt and item is None and _left_as_it_is(proof, doubt):
            doubt = None
        yield provision, proof, doubt, item


def _newest_proofs(provisions: Iterable[Provision], text: str | None) -> dict[int, Proof]:
    """Provision id → what the newest text says of the words that were taken last; or of those of its published
    analysis, where the text holds these in a known place and the others not.
    """
    last: dict[int, int] = {}
    for provision, quotation in (
        Quotation.objects.filter(provision__in=provisions).order_by("number").values_list("provision", "pk")
    ):
        last[provision] = quotation
    analyses = Analysis.objects.published().filter(provision__in=provisions)
    published = dict(analyses.values_list("provision", "quotation"))
    speaking = {*last.values(), *published.values()}
    rows = Proof.objects.filter(quotation__in=speaking, text=text, method=METHOD).select_related("quotation")
    proofs = {proof.quotation_id: proof for proof in rows}
    found: dict[int, Proof] = {}
    for provision, quotation in last.items():
        said = [proof for key in (quotation, published.get(provision)) if key and (proof := proofs.get(key))]
        if said:
            found[provision] = next((proof for proof in said if proof.state in PLACED), said[0])
    return found


def _answer(provision: Provision, proof: Proof | None) -> Outcome:
    if provision.state != ProvisionState.STANDING:
        return Outcome.REMOVED
    return Outcome.STANDS if proof else Outcome.OVERTAKEN


def _left_as_it_is(proof: Proof, doubt: str) -> bool:
    """Whether an analyst decided already that these words may stay in this doubt."""
    settled = QueueItem.objects.filter(provision=proof.quotation.provision_id, settled_at__isnull=False)
    last = settled.select_related("proof").order_by("-settled_at", "-id").first()
    return (
        last is not None
        and last.outcome == Outcome.KEPT
        and (last.doubt, last.proof.quotation_id) == (doubt, proof.quotation_id)
    )


def _settle(item: QueueItem, outcome: str, by) -> None:
    item.outcome, item.settled_at, item.settled_by = outcome, timezone.now(), by
    item.save(update_fields=["outcome", "settled_at", "settled_by"])
