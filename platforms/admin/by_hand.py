"""A text given by hand, on the page of its document: pasted or as a file, with where and when it was seen."""

from datetime import UTC, datetime
from pathlib import PurePath
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone

from conductatlas.administration import REFUSALS, told
from platforms import actions
from platforms.models import Check, Document, Version

from .decisions import page_of

PERMISSION = "platforms.capture_by_hand"
MOST_BYTES = 20_000_000  # as of a captured page
FIRST = datetime(1991, 1, 1, tzinfo=UTC)  # there was no web before
TYPES = {
    ".txt": "text/plain",
    ".md": "text/markdown",
    ".markdown": "text/markdown",
    ".html": "text/html",
    ".htm": "text/html",
    ".pdf": "application/pdf",
}


class GivenForm(forms.Form):
    """A file, or pasted words; `given` is what either comes to: its bytes and their type."""

    file = forms.FileField(
        required=False,
        label="A file",
        help_text=f"Text, Markdown, a saved page (HTML) or a PDF, at most {MOST_BYTES // 1_000_000} MB."
        " Its words are kept, the file is not.",
        widget=forms.FileInput(attrs={"accept": ",".join(TYPES)}),
    )
    words = forms.CharField(
        required=False,
        strip=False,
        label="Or the words, pasted",
        widget=forms.Textarea(attrs={"rows": 14, "cols": 100, "spellcheck": "false"}),
    )
    pasted_as = forms.ChoiceField(
        label="What was pasted",
        choices=[("text/plain", "Text or Markdown"), ("text/html", "The HTML of the page")],
        widget=forms.RadioSelect,
        initial="text/plain",
    )
    url = forms.URLField(
        required=False,
        max_length=500,
        assume_scheme="https",
        label="Address",
        help_text="Where you saw it. Empty where it has no address, as in an e-mail.",
    )
    seen_at = forms.DateTimeField(
        label="Seen at",
        help_text="When you saw it there, in UTC.",
        widget=forms.DateTimeInput(attrs={"type": "datetime-local", "step": "1"}, format="%Y-%m-%dT%H:%M:%S"),
    )
    whole = forms.BooleanField(
        required=False,
        label="Leave the document's selectors aside",
        help_text="They choose parts of the page as it is captured, and may fit no other page.",
    )

    def __init__(self, *args: Any, document: Document, **kwargs: Any) -> None:
        super().__init__(*args, label_suffix="", **kwargs)
        if not document.select and not document.remove:
            del self.fields["whole"]

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file and PurePath(file.name).suffix.lower() not in TYPES:
            raise ValidationError(f"{file.name} is not read: give a file that ends in {', '.join(TYPES)}.")
        if file and file.size > MOST_BYTES:
            raise ValidationError(f"{file.name} has {file.size:,} bytes, more than {MOST_BYTES:,}.")
        return file

    def clean_seen_at(self) -> datetime:
        moment = self.cleaned_data["seen_at"]
        if moment > timezone.now():
            raise ValidationError(f"{moment:%Y-%m-%d %H:%M} UTC is yet to come: give the time at which you saw it.")
        if moment < FIRST:
            raise ValidationError(f"{moment.year:04} is before there was a web: mend the year.")
        return moment

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        file, words = cleaned.get("file"), (cleaned.get("words") or "").strip()
        if "file" in self.errors:
            return cleaned
        if bool(file) == bool(words):
            both = "Give a file or the words, not both: which of them is the text?"
            raise ValidationError(both if file else "Nothing was given: choose a file, or paste the words.")
        return cleaned

    @property
    def given(self) -> tuple[bytes, str]:
        file = self.cleaned_data["file"]
        if file:
            return file.read(), TYPES[PurePath(file.name).suffix.lower()]
        words = self.cleaned_data["words"].replace("\r\n", "\n")
        if self.cleaned_data["pasted_as"] == "text/html" and "<body" not in words.lower():
            words = f"<body>{words}</body>"  # a part of a page: parsers would take some elements for its head
        return words.encode("utf-8", "replace"), f"{self.cleaned_data['pasted_as']}; charset=utf-8"


def urls(documents: admin.ModelAdmin) -> list[URLPattern]:
    """The address of the page, below that of its document."""

    def give(request: HttpRequest, pk: int) -> HttpResponse:
        document = get_object_or_404(Document.objects.select_related("platform"), pk=pk)
        if not request.user.has_perm(PERMISSION):
            raise PermissionDenied
        shown = {**documents.admin_site.each_context(request), "opts": documents.opts, "original": document}
        return _given(request, document, shown)

    view = documents.admin_site.admin_view(give)
    return [path("<int:pk>/paste/", view, name="platforms_document_paste")]


def ways_in(request: HttpRequest, document: Document) -> list[tuple[str, str]]:
    """Words and addresses for the page of a document: reading its newest text, giving one by hand."""
    newest = Version.objects.counting().filter(document=document).newest_first().first()
    ways = []
    if newest:
        ways.append(("Read the newest text", reverse("admin:platforms_snapshot_read", args=[newest.snapshot_id])))
    if request.user.has_perm(PERMISSION):
        ways.append(("Give a text by hand", reverse("admin:platforms_document_paste", args=[document.pk])))
    return ways


def _given(request: HttpRequest, document: Document, shown: dict[str, Any]) -> HttpResponse:
    """The form; after it was sent, what became of the text."""
    title = f"A text by hand: {document.title} of {document.platform.name}"
    if request.method == "POST":
        form = GivenForm(request.POST, request.FILES, document=document)
        check = _recorded(request, document, form) if form.is_valid() else None
        if check:
            return HttpResponseRedirect(f"{request.path}?look={check.pk}")
    else:
        now = timezone.now().replace(microsecond=0)
        form = GivenForm(initial={"url": document.source_url, "seen_at": now}, document=document)
    check = _look(document, request.GET.get("look", ""))
    context = {**shown, "title": title, "form": form, "result": _result(check) if check else None}
    return render(request, "admin/reading/paste.html", context)


def _look(document: Document, key: str) -> Check | None:
    """The look of a document with this key, if there is one."""
    looks = Check.objects.select_related("snapshot", "recorded_by").filter(document=document)
    return looks.filter(pk=int(key)).first() if key.isascii() and key.isdecimal() and len(key) < 10 else None


def _recorded(request: HttpRequest, document: Document, form: GivenForm) -> Check | None:
    body, content_type = form.given
    try:
        return actions.record_given(
            document=document,
            body=body,
            content_type=content_type,
            seen_at=form.cleaned_data["seen_at"],
            url=form.cleaned_data["url"],
            whole=form.cleaned_data.get("whole", False),
            by=request.user,
        )
    except REFUSALS as error:
        form.add_error(None, told(error))
        return None


def _result(check: Check) -> dict[str, Any]:
    """What became of a text that was given: the look that it was, and the ways on from there."""
    version = before = None
    if check.snapshot:
        counting = Version.objects.counting().filter(document=check.document_id)
        version = counting.filter(snapshot=check.snapshot_id).first()
        before = counting.filter(snapshot__captured_at__lt=check.checked_at).newest_first().first()
    return {
        "check": check,
        "version": version,
        "before": before,
        "page": page_of(check.snapshot) if check.snapshot else "",
    }
