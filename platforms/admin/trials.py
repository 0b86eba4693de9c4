"""Selectors of a document, tried on a page that was kept before they are saved."""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import path, reverse

from conductatlas.administration import REFUSALS, RecordForm, told
from conductatlas.conflicts import TOKEN, Conflict, Opened, clashes, conflict, opening
from conductatlas.editing import State, token_of
from conductatlas.htmx import render_page
from platforms import actions
from platforms.actions.captures import read_again
from platforms.capturing import look_now
from platforms.models import Document, Response
from platforms.trials import Trial, source_of, stored_responses, trial

from .decisions import page_of
from .differing import of
from .selecting import Selecting

OFFERED = 10  # answers to choose from, the newest
MOST_TEXT = 100_000  # characters of what came of it that are shown
SAVING = ("_save", "_again", "_fetch")  # buttons; any other only tries
NOTHING_KEPT = "No page of {} is kept: fetch it now, then try selectors on it."
MENDING = "platforms.change_document"
READING_AGAIN = "platforms.add_verdict"


class TrialForm(Selecting, RecordForm):
    class Meta:
        model = Document
        fields = ("source_url", "select", "remove")
        widgets = {
            "source_url": forms.URLInput(attrs={"class": "vURLField"}),
            "select": forms.Textarea(attrs={"rows": 3, "cols": 60, "class": "vLargeTextField", "spellcheck": "false"}),
            "remove": forms.Textarea(attrs={"rows": 3, "cols": 60, "class": "vLargeTextField", "spellcheck": "false"}),
        }


class TrialPages(admin.ModelAdmin):
    """What the pages of documents have besides: `admin:platforms_document_trial`."""

    def get_urls(self):
        own = [path("<int:pk>/trial/", self.admin_site.admin_view(self.trial), name="platforms_document_trial")]
        return [*own, *super().get_urls()]

    def trial(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Tries the typed selectors on a kept page (`_try`: nothing is saved), or saves them (`_save`) and then reads
        that page again (`_again`) or fetches it now (`_fetch`).
        """
        if not request.user.has_perm(MENDING):
            raise PermissionDenied
        document = get_object_or_404(Document.objects.select_related("platform"), pk=pk)
        answers = list(stored_responses(document)[:OFFERED])
        chosen = _chosen(document, answers, request.POST.get("response") or request.GET.get("response") or "")
        form = TrialForm(request.POST if request.method == "POST" else None, instance=document)
        opened = opening(_mended(document))  # before what was typed is put into it
        tried, refusal, conflicting = None, "", {}
        if request.method == "POST" and form.is_valid():
            try:
                if any(button in request.POST for button in SAVING):
                    return HttpResponseRedirect(_saved(request, form, chosen))
                tried = _tried(document, chosen, form)
            except Meanwhile as error:
                conflicting = {"conflict": error.found, "clashes": list(clashes(error.found, form, {}))}
            except REFUSALS as error:
                refusal = told(error)
        if not conflicting and request.method == "POST":
            opened = request.POST.get(TOKEN, "")  # nothing is saved yet: what the page began with still counts
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": f"Mend the address and selectors of {document.record_id}",
            "document": document,
            "form": form,
            "opening": opened,
            **conflicting,
            "answers": answers,
            "chosen": chosen,
            "source": source_of(chosen) if chosen else "",
            "may_read_again": request.user.has_perm(READING_AGAIN),
            "refusal": refusal,
            "tried": tried,
            "differences": of(tried.redline) if tried and tried.redline else None,
            "most": MOST_TEXT,
        }
        return render_page(request, "admin/platforms/document/trial.html", context, partials=("tried",))


class Meanwhile(actions.Refused):
    """Somebody else saved the document after the page was opened. `found`: what they saved."""

    def __init__(self, found: Conflict) -> None:
        super().__init__(found.words)
        self.found = found


def _mended(document: Document) -> State:
    """What this page can change of a document, as it stands."""
    return {name: getattr(document, name) for name in TrialForm.Meta.fields}


def _save(request: HttpRequest, form: TrialForm) -> Document:
    """Saves what was typed, and of the document nothing else. Refuses what was typed over an earlier state."""
    with transaction.atomic():
        document = Document.objects.select_for_update(of=["self"]).get(pk=form.instance.pk)
        opened = Opened.of(request.POST.get(TOKEN, ""))
        if opened.content and opened.content != token_of(_mended(document)):
            raise Meanwhile(conflict(document, opened))
        for name in TrialForm.Meta.fields:
            setattr(document, name, form.cleaned_data[name])
        return actions.save_document(document, by=request.user)


def ways_to_mend(request: HttpRequest, document: Document) -> list[tuple[str, str]]:
    """The link of a document's page that leads here: its words and its address."""
    if not request.user.has_perm(MENDING):
        return []
    return [("Try selectors on a kept page", reverse("admin:platforms_document_trial", args=[document.pk]))]


def _chosen(document: Document, answers: list[Response], named: str) -> Response | None:
    """The answer that was named, or the newest; None where none is kept."""
    if named.isdecimal() and len(named) < 18:
        found = stored_responses(document).filter(pk=int(named)).first()
        if found:
            found.document = document
            return found
    if answers:
        answers[0].document = document
    return answers[0] if answers else None


def _tried(document: Document, chosen: Response | None, form: TrialForm) -> Trial:
    if chosen is None:
        raise actions.Refused(NOTHING_KEPT.format(document.record_id))
    return trial(document, chosen, select=form.cleaned_data["select"], remove=form.cleaned_data["remove"])


def _saved(request: HttpRequest, form: TrialForm, chosen: Response | None) -> str:
    """Saves what was typed and does what else the button says: the address of the page that shows what came of it.
    Refused, all of it stays as it was, but for what was saved before the page was fetched.
    """
    document, by = form.instance, request.user
    here = reverse("admin:platforms_document_trial", args=[document.pk])
    if "_again" in request.POST:
        if not by.has_perm(READING_AGAIN):
            raise PermissionDenied
        if chosen is None:
            raise actions.Refused(NOTHING_KEPT.format(document.record_id))
        with transaction.atomic():
            _save(request, form)
            made = read_again(response=chosen, by=by)
        messages.success(request, f"The selectors are saved, and the page was read again as {made.record_id}.")
        return page_of(made)
    document = _save(request, form)
    messages.success(request, f"The address and selectors of {document.record_id} are saved.")
    if "_fetch" not in request.POST:
        return f"{here}?response={chosen.pk}" if chosen else here
    try:
        check = look_now(document, by=by)
    except actions.Refused as error:
        messages.error(request, str(error))
        return here
    outcome = f"Fetched just now: {check.get_outcome_display()}. {check.reason}".strip()
    messages.success(request, outcome)
    return page_of(check.snapshot) if check.snapshot else here
