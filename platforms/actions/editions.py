"""The public state of the whole catalogue, and the addresses that moved."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction

from conductatlas.editing import kept
from platforms.models import Edition, FormerAddress


@dataclass
class _Shared:
    """The edition that all actions of a `one_edition` block share: made when the first of them needs it."""

    by: Any
    reason: str
    edition: Edition | None = None


_shared: ContextVar[_Shared | None] = ContextVar("shared_edition", default=None)


@contextmanager
def one_edition(*, by, reason: str) -> Iterator[None]:
    """All that happens inside is one transaction and one new edition with this reason; none where nothing happens.

    A block inside another belongs to the outer one.
    """
    with transaction.atomic():
        token = _shared.set(_shared.get() or _Shared(by, reason))
        try:
            yield
        finally:
            _shared.reset(token)


@transaction.atomic
def new_edition(*, by, reason: str) -> Edition:
    """The next public state of the catalogue. Inside `one_edition` the first call makes it, others find it there."""
    shared = _shared.get()
    if shared is None:
        return _next_edition(by, reason)
    shared.edition = shared.edition or _next_edition(shared.by, shared.reason)
    return shared.edition


def _next_edition(by, reason: str) -> Edition:
    with connection.cursor() as cursor:
        # One edition at a time: two transactions must not take the same number.
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('conductatlas.edition'))")
    last = Edition.objects.order_by("-number").first()
    return Edition.objects.create(number=last.number + 1 if last else 1, made_by=by, reason=reason[:300])


@transaction.atomic
def move_address(*, old_path: str, new_path: str, by) -> None:
    """Records that an address, with all below it, has moved for good. A page that comes back to its old one frees it.

    Earlier rows stay as they are: what moved below an address in between can be found only by way of that address.
    """
    if old_path == new_path:
        return
    came_back, _ = FormerAddress.objects.filter(old_path=new_path).delete()
    if came_back:
        # What moved below the address meanwhile was once below this one: those old addresses have no other way on.
        for row in FormerAddress.objects.filter(old_path__startswith=old_path).exclude(old_path=old_path):
            older = new_path + row.old_path.removeprefix(old_path)
            target = (
                new_path + row.new_path.removeprefix(old_path) if row.new_path.startswith(old_path) else row.new_path
            )
            if older != target:
                FormerAddress.objects.update_or_create(old_path=older, defaults={"new_path": target, "moved_by": by})
    FormerAddress.objects.update_or_create(old_path=old_path, defaults={"new_path": new_path, "moved_by": by})


@transaction.atomic
@kept("address")
def save_former_address(address: FormerAddress, *, by) -> FormerAddress:
    """Saves a redirect that somebody writes by hand."""
    address.moved_by = by
    address.full_clean()
    address.save()
    new_edition(by=by, reason=f"Address {address.old_path} moved")
    return address
