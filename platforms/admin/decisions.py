"""Buttons on a record's page by which a person decides something: what they share in both apps."""

from collections.abc import Callable
from typing import TypeVar

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse

from conductatlas.administration import REFUSALS, told
from conductatlas.records import RecordId
from platforms.models import Change, Document

Record = TypeVar("Record", bound=Model)


def decide(
    request: HttpRequest,
    rows: QuerySet,
    pk: int,
    permission: str,
    act: Callable[[Record], tuple[Record, str]],
    *,
    page: Callable[[Record], str] | None = None,
) -> HttpResponse:
    """Runs an action on POST for those who may, and shows the page of the record that `act` gives (its own, unless
    `page` gives another address), with its words.

    What the rules refuse is said on the page of the record that was meant, and nothing is lost.
    """
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    if not request.user.has_perm(permission):
        raise PermissionDenied
    record = get_object_or_404(rows, pk=pk)
    try:
        record, done = act(record)
    except REFUSALS as error:
        messages.error(request, told(error))
    else:
        messages.success(request, done)
    return HttpResponseRedirect((page or page_of)(record))


def page_of(record: Model) -> str:
    """The address of a record's own page in the admin."""
    return reverse(f"admin:{record._meta.app_label}_{record._meta.model_name}_change", args=[record.pk])


def holding(document: Document) -> dict[int, bool]:
    """The changes of a document by number, and whether each holds: to be compared with the same a moment later."""
    rows = Change.objects.filter(document=document).values_list("number", "superseded_at")
    return {number: superseded_at is None for number, superseded_at in rows}


def consequences(before: dict[int, bool], after: dict[int, bool]) -> str:
    """What was derived anew, in words: changes that are new, hold again or are superseded."""
    made = [number for number in after if number not in before]
    again = [number for number, holds in after.items() if holds and before.get(number) is False]
    gone = [number for number, holds in after.items() if not holds and before.get(number)]
    told_of = [("observed", made), ("holding again", again), ("superseded", gone)]
    lines = [f"{what}: {', '.join(str(RecordId('C', n)) for n in sorted(found))}" for what, found in told_of if found]
    return f"Changes {'; '.join(lines)}." if lines else "No change follows from it, and none is superseded."
