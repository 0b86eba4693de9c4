"""Clauses of a document with nearly the same words, pointed out where words are added in the admin."""

from collections.abc import Sequence
from dataclasses import dataclass

from django import forms
from django.db.models import OuterRef, Subquery
from django.urls import reverse
from django.utils.html import format_html, format_html_join

from clauses.doubles import Quoted, doubles, joined
from clauses.models import Provision, Quotation
from clauses.vocabulary import ProvisionState
from conductatlas.administration import RecordForm

ASKED = "{} Look at it, and tick this if yours is another clause: {}"
MOST_COMPARED = 2_000  # clauses of one document


@dataclass(frozen=True)
class Alike:
    """Another clause of the document; `told` says how far its words are the same."""

    provision: Provision
    told: str

    @property
    def address(self) -> str:
        return reverse("admin:clauses_provision_change", args=[self.provision.pk])


def alike_in_document(segments: Sequence[str], *, document: int, besides: int | None = None) -> list[Alike]:
    """The standing clauses of a document whose newest words are nearly these, the likest first, in one query.

    `besides`: the clause that the words belong to.
    """
    newest = Quotation.objects.filter(provision=OuterRef("pk")).order_by("-number").values("segments")[:1]
    rows = (
        Provision.objects.filter(document=document, state=ProvisionState.STANDING)
        .exclude(pk=besides)
        .only("number", "title", "document_id")
        .annotate(newest=Subquery(newest))
        .filter(newest__isnull=False)
        .order_by("number")[:MOST_COMPARED]
    )
    known = {row.pk: row for row in rows}
    found = doubles(joined(segments), [Quoted(key, joined(row.newest)) for key, row in known.items()])
    return [Alike(known[row.key], "the same words" if row.same else f"{row.percent} % the same") for row in found]


class LookedForm(RecordForm):
    """A form that asks for a second look before it adds what may be there already."""

    looked = forms.BooleanField(required=False, label="I have looked: it is another clause", widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.alike: list[Alike] = []

    def ask(self, alike: list[Alike], found: str) -> None:
        """Points these clauses out, unless the tick says that they were looked at."""
        self.alike = alike
        if alike:
            self.fields["looked"].widget = forms.CheckboxInput()
        if alike and not self.cleaned_data.get("looked"):
            links = format_html_join(
                ", ",
                '<a href="{}" target="_blank" rel="noopener">{} {}</a> ({})',
                ((row.address, row.provision.record_id, row.provision.title, row.told) for row in alike),
            )
            self.add_error("looked", forms.ValidationError(format_html(ASKED, found, links), code="alike"))
