"""Reading mode: a text beside its clauses and what it was read for, and new clauses from words selected in it."""

import re
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils import timezone
from django.utils.http import urlencode

from clauses import actions
from clauses.models import ClauseType, Provision
from clauses.quoting import split_segments
from clauses.taking import Search, Span, Taken, in_order, search, sentences_between, take, whole_words
from conductatlas.administration import REFUSALS, told
from conductatlas.htmx import is_for, render_page
from conductatlas.rules import Refused, free_slug, plain_slug
from platforms.admin.decisions import decide
from platforms.admin.snapshots import SnapshotAdmin
from platforms.models import Snapshot

from .reading_page import ReadingPage

TEMPLATE, PARTIALS = "admin/reading/read.html", ("taking", "types")
DRAFTING = ("clauses.add_provision", "clauses.add_quotation", "clauses.add_analysis")
MOST_SEGMENTS = 20
_SPAN = re.compile(r"(\d{1,9})-(\d{1,9})")


class BeginningForm(forms.Form):
    """What a new clause needs besides its words."""

    title = forms.CharField(max_length=200, help_text="What the words do, as readers will see it.")
    clause_type = forms.ChoiceField(label="Clause type")
    slug = forms.CharField(
        label="Address",
        max_length=100,
        required=False,
        validators=[plain_slug, free_slug],
        help_text="Empty: made from the title.",
    )

    def __init__(self, *args: Any, page: ReadingPage, likely: list[ClauseType], **kwargs: Any) -> None:
        super().__init__(*args, label_suffix="", **kwargs)
        self.page = page
        rest = [kind for kind in page.all_types if kind not in likely]
        groups = [("May be about", likely), ("All types", rest)] if likely else [("All types", rest)]
        choices = [(name, [(str(kind.pk), kind.name) for kind in kinds]) for name, kinds in groups]
        self.fields["clause_type"].choices = [*([] if likely else [("", "Choose a type")]), *choices]

    def clean_clause_type(self) -> ClauseType:
        return next(kind for kind in self.page.all_types if str(kind.pk) == self.cleaned_data["clause_type"])

    def clean_slug(self) -> str:
        slug = self.cleaned_data["slug"]
        if slug and Provision.objects.filter(document=self.page.document, slug=slug).exists():
            raise forms.ValidationError("The document has a clause with this address already: choose another one.")
        return slug

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("title") and not cleaned.get("slug") and "slug" not in self.errors:
            cleaned["slug"] = actions.free_slug_for(self.page.document, cleaned["title"])
            if not cleaned["slug"]:
                self.add_error("slug", "The title holds no Latin letters to make an address of: give one.")
        return cleaned


class ReadableSnapshotAdmin(SnapshotAdmin):
    """Snapshots, with the way into their text."""

    def change_view(self, request, object_id, form_url="", extra_context=None):
        found = self.get_object(request, object_id)
        extra: dict[str, Any] = {}
        if found and self.counts(found):
            reading = reverse("admin:platforms_snapshot_read", args=[found.pk])
            extra["places"] = [("Read it, and take clauses from it", reading)]
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), **extra})

    def get_urls(self):
        view = self.admin_site.admin_view
        own = [
            path("<int:pk>/read/", view(self.read), name="platforms_snapshot_read"),
            path("<int:pk>/read/part/<int:number>/", view(self.read_part), name="platforms_snapshot_part"),
            path("<int:pk>/read/for/", view(self.read_for), name="platforms_snapshot_read_for"),
            path("<int:pk>/read/new-clause/", view(self.new_clause), name="platforms_snapshot_new_clause"),
        ]
        return [*own, *super().get_urls()]

    def read(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The text. A POST looks at words that were selected or pasted, and writes nothing."""
        snapshot = self._readable(request, pk)
        if not isinstance(snapshot, Snapshot):
            return snapshot
        if request.method == "POST" and not request.user.has_perms(DRAFTING):
            raise PermissionDenied
        return self._shown(request, snapshot)

    def read_part(self, request: HttpRequest, pk: int, number: int) -> HttpResponse:
        """One part of a long text, for a page that shows the others."""
        snapshot = self._readable(request, pk)
        if not isinstance(snapshot, Snapshot):
            return snapshot
        page = ReadingPage(snapshot, type_slug=request.GET.get("type", ""), part=number)
        if number >= len(page.parts):
            raise Http404(f"The text has {len(page.parts)} parts, and no part {number}.")
        return render_page(request, "admin/reading/part.html", {"page": page, "original": snapshot})

    def read_for(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Records that this very text was read for a type, and what was found. A later word replaces it."""

        def act(snapshot: Snapshot) -> tuple[Snapshot, str]:
            kind = _type_named(request.POST.get("clause_type", ""))
            found = _found(request)
            if not self.counts(snapshot):
                raise Refused(f"{snapshot.record_id} does not count as a text of its document: release it first.")
            if not found:
                _refuse_absent(snapshot, kind)
            actions.record_reading(
                document=snapshot.document,
                sha256=snapshot.text_id,
                captured_at=snapshot.captured_at,
                clause_type=kind,
                found=found,
                read_on=timezone.now().date(),
                by=request.user,
            )
            return snapshot, f"Read for {kind.name}: {'found' if found else 'absent'}."

        def page(snapshot: Snapshot) -> str:
            return _address(snapshot, type=request.POST.get("chosen", ""))

        rows = Snapshot.objects.select_related("document__platform", "version", "text")
        return decide(request, rows, pk, "clauses.add_reading", act, page=page)

    def new_clause(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Makes a clause of the words that were taken, and leads to its draft."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if not request.user.has_perms(DRAFTING):
            raise PermissionDenied
        snapshot = self._readable(request, pk)
        if not isinstance(snapshot, Snapshot):
            return snapshot
        return self._shown(request, snapshot, begin=True)

    def _readable(self, request: HttpRequest, pk: int) -> Snapshot | HttpResponse:
        """A snapshot with a text to read; the snapshot's own page, which says why there is none."""
        rows = Snapshot.objects.select_related("document__platform", "document__market", "version", "text")
        snapshot = get_object_or_404(rows, pk=pk)
        if not self.has_view_permission(request, snapshot):
            raise PermissionDenied
        if snapshot.text.is_withheld:
            why = f"The text of {snapshot.record_id} is withheld under a legal order: there is nothing to read."
        elif not self.counts(snapshot):
            why = f"{snapshot.record_id} does not count as a text of its document: release it first, then read it."
        else:
            return snapshot
        messages.warning(request, why)
        return HttpResponseRedirect(reverse("admin:platforms_snapshot_change", args=[pk]))

    def _shown(self, request: HttpRequest, snapshot: Snapshot, *, begin: bool = False) -> HttpResponse:
        sent = request.POST if request.method == "POST" else request.GET
        page = ReadingPage(snapshot, type_slug=sent.get("type", ""), part=_number(sent.get("part", "")) or 0)
        choice = Choice(request, page)
        page.spans = choice.spans
        if choice.spans and "part" not in sent:
            page.show(choice.spans[0][0])
        likely = page.fitting(choice.spans) if choice.spans else []
        typed = {name: sent.get(name, "") for name in ("title", "slug")}
        typed["clause_type"] = sent.get("clause_type") or (str(likely[0].pk) if likely else "")
        form = BeginningForm(request.POST if begin else None, initial=typed, page=page, likely=likely)
        if begin and (draft := self._begun(request, form, page, choice.taken)):
            return HttpResponseRedirect(reverse("admin:clauses_analysis_change", args=[draft.pk]))
        context = {
            **self.admin_site.each_context(request),
            "title": f"{snapshot.document.title} of {snapshot.document.platform.name}",
            "opts": self.opts,
            "original": snapshot,
            "page": page,
            "choice": choice,
            "form": form,
            "is_part": is_for(request, PARTIALS),
            "alike": page.alike(choice.taken) if choice.taken else [],
            "may_draft": request.user.has_perms(DRAFTING),
            "may_read": request.user.has_perm("clauses.add_reading"),
        }
        return render_page(request, TEMPLATE, context, partials=PARTIALS)

    def _begun(self, request: HttpRequest, form: BeginningForm, page: ReadingPage, taken: Taken | None):
        """The draft of a new clause; None where something is missing, which the form then says."""
        if taken is None:
            form.add_error(None, "No words are selected yet: select them in the text, then make the clause.")
        elif taken.problems:
            form.add_error(None, [f"{problem[0].upper()}{problem[1:]}." for problem in taken.problems])
        if taken is None or not form.is_valid():
            return None
        try:
            draft = actions.begin_clause(
                document=page.document,
                clause_type=form.cleaned_data["clause_type"],
                title=form.cleaned_data["title"],
                slug=form.cleaned_data["slug"],
                segments=taken.segments,
                heading=taken.heading,
                prefix=taken.prefix,
                suffix=taken.suffix,
                taken_from_sha256=page.snapshot.text_id,
                taken_from_at=page.snapshot.captured_at,
                by=request.user,
            )
        except REFUSALS as error:
            form.add_error(None, told(error))
            return None
        messages.success(request, f"{draft.provision.record_id} is a draft now: say what the words do.")
        return draft


class Choice:
    """The words that a request selects: by slices of the text, by the numbers of sentences, or pasted.

    `taken` is what they come to; `search` what became of pasted words; `wrong` says what could not be understood.
    """

    def __init__(self, request: HttpRequest, page: ReadingPage) -> None:
        sent = request.POST if request.method == "POST" else request.GET
        self.page, self.wrong = page, ""
        self.first, self.last, self.pasted = sent.get("first", ""), sent.get("last", ""), sent.get("paste", "")
        self.search: Search | None = None
        kept = [span for value in sent.getlist("words")[:MOST_SEGMENTS] if (span := self._span(value))]
        if "_drop_all" in sent:
            kept = []
        elif "_take_place" in sent:
            kept = [chosen] if (chosen := self._span(sent["_take_place"])) else kept
        elif "_find" in sent:
            kept = self._pasted() or kept
        elif "_add" in sent or "_take" in sent or ("_look" in sent and self.first):
            chosen = self._chosen(sent.get("selected", ""))
            kept = ([*kept, chosen] if "_add" in sent else [chosen]) if chosen else kept
            self.first, self.last = (self.first, self.last) if self.wrong else ("", "")
        self.spans: tuple[Span, ...] = in_order(kept)

    @property
    def taken(self) -> Taken | None:
        return take(self.page.text, self.spans) if self.spans else None

    def _span(self, value: str) -> Span | None:
        match = _SPAN.fullmatch(value)
        span = whole_words(self.page.text, int(match[1]), int(match[2])) if match else None
        if span is None:
            self.wrong = f"“{value[:40]}” names no words of this text: select them again."
        return span

    def _chosen(self, selected: str) -> Span | None:
        if selected:
            return self._span(selected)
        first, last = _number(self.first), _number(self.last or self.first)
        span = sentences_between(self.page.text, first, last) if first and last else None
        if span is None:
            count = len(self.page.text.sentences)
            given = " to ".join(filter(None, (self.first[:20], self.last[:20]))) or "nothing"
            self.wrong = f"There are sentences 1 to {count:,} here, and “{given}” names none of them."
        return span

    def _pasted(self) -> list[Span]:
        segments = split_segments(self.pasted.replace("\r\n", "\n"))
        if not segments:
            self.wrong = "Nothing was pasted that holds words: paste them as they stand in the text."
            return []
        self.search = search(self.page.text, segments)
        return list(self.search.found.spans)


def _type_named(value: str) -> ClauseType:
    """The clause type whose key a button sent. Refuses what is none."""
    kind = ClauseType.objects.filter(pk=_number(value)).first()
    if kind is None:
        raise Refused(f"“{value[:40]}” is no clause type: open the page anew, and press the button there.")
    return kind


def _found(request: HttpRequest) -> bool:
    """What the button that was pressed says of a type."""
    if ("_found" in request.POST) == ("_absent" in request.POST):
        raise Refused("Nothing was recorded: press “found” or “absent”.")
    return "_found" in request.POST


def _refuse_absent(snapshot: Snapshot, kind: ClauseType) -> None:
    """A type is not absent from a text in which a clause of it stands."""
    standing = next((row for row in ReadingPage(snapshot).clauses if row.holds(kind)), None)
    if standing:
        raise Refused(
            f"{standing.provision.record_id}, “{standing.provision.title}”, is a clause of this type and stands in this"
            " text: it is found. Mark that clause as removed first if it is not one."
        )


def _number(value: str) -> int | None:
    return int(value) if value.isascii() and value.isdecimal() and len(value) < 10 else None


def _address(snapshot: Snapshot, **known: str) -> str:
    query = urlencode({name: value for name, value in known.items() if value})
    return reverse("admin:platforms_snapshot_read", args=[snapshot.pk]) + (f"?{query}" if query else "")


admin.site.unregister(Snapshot)
admin.site.register(Snapshot, ReadableSnapshotAdmin)
