"""Writes of clauses and of the words taken from them."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.db.models import Max

from clauses.deriving import derive_clauses
from clauses.indexing import index
from clauses.models import Provision, Quotation
from clauses.vocabulary import ProvisionState
from clauses.words import sentence_ends_of
from conductatlas.editing import editing, kept
from conductatlas.rules import save_checked
from platforms.actions import Refused, move_address, new_edition


@transaction.atomic
@kept("provision")
def save_provision(provision: Provision, *, by) -> Provision:
    """Saves a new or an edited clause; after a move its old address redirects."""
    before = Provision.objects.select_related("document__platform").filter(pk=provision.pk).first()
    save_checked(provision, exclude=["number"])
    if before:
        move_address(old_path=before.get_absolute_url(), new_path=provision.get_absolute_url(), by=by)
        index(Provision, [provision.pk])
    new_edition(by=by, reason=f"Clause {provision.record_id}")
    return provision


@transaction.atomic
@kept(makes=True)
def quote(
    *,
    provision: Provision,
    segments: Sequence[str],
    by,
    sentence_ends: Sequence[Sequence[int]] | None = None,
    heading: str = "",
    prefix: str = "",
    suffix: str = "",
    cut: bool = False,
    taken_on: date | None = None,
    taken_from_sha256: str = "",
    taken_from_at: datetime | None = None,
) -> Quotation:
    """Keeps the words of a clause, with their sentence boundaries, and looks for them in every text that counts.

    `taken_from_…` name the text that they were copied from: both or none, and proof of nothing.
    """
    if sentence_ends is None:
        sentence_ends = [sentence_ends_of(segment) for segment in segments]
    last = provision.quotations.aggregate(last=Max("number"))["last"] or 0
    quotation = Quotation(
        provision=provision,
        number=last + 1,
        segments=list(segments),
        sentence_ends=[list(ends) for ends in sentence_ends],
        heading=heading,
        prefix=prefix,
        suffix=suffix,
        cut=cut,
        taken_on=taken_on,
        taken_from_sha256=taken_from_sha256,
        taken_from_at=taken_from_at,
        recorded_by=by,
    )
    save_checked(quotation)
    derive_clauses(provision.document, by=by)
    new_edition(by=by, reason=f"Words of {provision.record_id}")
    return quotation


@transaction.atomic
@kept("provision")
def merge(*, provision: Provision, into: Provision, by) -> None:
    """Makes one record of two: the address of `provision` redirects to `into`, and it is in no count."""
    if into.state == ProvisionState.MERGED or into.pk == provision.pk:
        raise Refused(
            f"{provision.record_id} cannot be merged into {into.record_id}: choose a record that stands by itself."
        )
    if provision.analyses.published().exists() and not into.analyses.published().exists():
        raise Refused(f"{into.record_id} has no published page to lead to: publish its analysis, then merge.")
    provision.state, provision.merged_into = ProvisionState.MERGED, into
    provision.full_clean()
    provision.save()
    follow = Provision.objects.filter(merged_into=provision)
    with editing(*follow, by=by, why=f"{provision.record_id} merged into {into.record_id}"):
        follow.update(merged_into=into)
    move_address(old_path=provision.get_absolute_url(), new_path=into.get_absolute_url(), by=by)
    derive_clauses(provision.document, by=by)
    index(Provision, [provision.pk])
    new_edition(by=by, reason=f"{provision.record_id} merged into {into.record_id}")


@transaction.atomic
@kept("provision")
def mark_removed(*, provision: Provision, by) -> None:
    """Takes a clause out of every count; its page stays and says so."""
    if provision.state == ProvisionState.MERGED:
        raise Refused(
            f"{provision.record_id} is merged into {provision.merged_into.record_id}: there is nothing left to remove."
        )
    provision.state = ProvisionState.REMOVED
    provision.save(update_fields=["state"])
    derive_clauses(provision.document, by=by)
    index(Provision, [provision.pk])
    new_edition(by=by, reason=f"{provision.record_id} removed")
