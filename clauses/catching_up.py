"""Documents whose transitions or proofs an older method made, or none did, or whose texts have no outline, and how they
are brought in line.
"""

from collections import Counter
from collections.abc import Iterable

from django.db import transaction
from django.db.models import Exists, F, Func, OuterRef, QuerySet, TextField
from django.db.models.functions import Cast

from clauses import proving
from clauses.models import ChangedProvision, Proof, QueueItem, SearchEntry
from platforms import lineage
from platforms.actions import new_edition
from platforms.deriving import derive
from platforms.models import Change, Document, Passage, Platform, Transition, Version
from platforms.vocabulary import ChangeKind

Rows = dict[tuple, tuple]


def outdated() -> set[int]:
    """The documents, by id, that `catch_up` would bring in line. Reads no text."""
    readable = Version.objects.counting().filter(snapshot__text__withheld_at=None).order_by()
    made = Transition.objects.filter(version=OuterRef("pk"), method=lineage.METHOD)
    proven = Proof.objects.filter(
        quotation=OuterRef("quotation"), text=OuterRef("snapshot__text"), method=proving.METHOD
    )
    unproven = readable.annotate(quotation=F("document__provisions__quotations")).exclude(quotation=None)
    unmade, plain = readable.filter(~Exists(made)), readable.filter(outline=None)
    lacking: Iterable[QuerySet] = (unmade, plain, unproven.filter(~Exists(proven)))
    return {document for rows in lacking for document in rows.values_list("document", flat=True).distinct()}


def search_outdated() -> bool:
    """Whether an older program made rows that readers search, or none did."""
    unmade = not SearchEntry.objects.exists() and Platform.objects.exists()
    return unmade or SearchEntry.objects.filter(line={}).exists()


@transaction.atomic
def catch_up(document: Document, *, by, anew: bool = False) -> Counter[str]:
    """Derives all of a document again; a new edition where that changed anything. Counts what changed.

    `anew`: what was made by the present method is not relied on either. Only proofs stay, which are append-only.
    """
    Document.objects.select_for_update().get(pk=document.pk)
    before = _derived(document)
    derive(document, by=by, anew=anew)
    after = _derived(document)
    told: Counter[str] = Counter()
    for what, rows in after.items():
        count = sum(before[what].get(key) != rows.get(key) for key in before[what].keys() | rows.keys())
        if count:
            told[what] = count
    if told:
        new_edition(by=by, reason=f"{document.title}: texts looked at with the present methods")
    return told


def _derived(document: Document) -> dict[str, Rows]:
    """All that derivation writes of a document, but for the number of the method and the moment of its writing."""
    proofs = Proof.objects.filter(quotation__provision__document=document, method=proving.METHOD)
    touched = ChangedProvision.objects.filter(change__document=document, change__kind=ChangeKind.OBSERVED)
    asked = QueueItem.objects.filter(provision__document=document)
    said = ("removed_count", "added_count", "stated_before", "stated_after", "silent", "first_observed_at")
    fates = ("superseded_by", "superseded_reason", "withdrawn_at", "restored_at")
    steps = ("before", "kind", "reason", "removed", "added", "fingerprint", "essence", "stated_on", "declared")
    return {
        "transitions": _rows(Transition.objects.filter(version__document=document), "version", *steps),
        "changes": _rows(
            Change.objects.filter(document=document, kind=ChangeKind.OBSERVED).annotate(
                words_removed=_hash("removed"), words_added=_hash("added")
            ),
            "pk", "words_removed", "words_added", *said, *fates,
        ),
        "passages": _rows(
            Passage.objects.filter(document=document), "digest", "heading", "stands", "spans"
        ),
        "proofs": _rows(proofs, "pk", "state"),
        "touched clauses": _rows(touched, "change", "provision", "how", keys=2),
        "questions": _rows(asked, "pk", "proof", "doubt", "outcome"),
    }  # fmt: skip


def _hash(column: str) -> Func:
    return Func(Cast(column, TextField()), function="md5", output_field=TextField())


def _rows(rows: QuerySet, *columns: str, keys: int = 1) -> Rows:
    """The first columns name a row, the others are what it says."""
    return {found[:keys]: found[keys:] for found in rows.order_by().values_list(*columns)}
