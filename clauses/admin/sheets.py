"""Clauses as a sheet, on the list of clauses: an export of what the list shows, and an import that is checked first."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.core import signing
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse

from clauses import actions
from clauses.models import Analysis, ClauseType
from clauses.sheet_rows import prepare, questions_of, sheet_rows
from clauses.sheets import (
    MOST_BYTES,
    MOST_ROWS,
    Deed,
    Plan,
    Row,
    columns_for,
    decoded,
    read_sheet,
)
from conductatlas.administration import REFUSALS, told
from conductatlas.rules import Refused
from conductatlas.spreadsheet import long_csv_file

TYPE = "clause_type__id__exact"  # the filter of the list that names the type
SALT = "clauses.sheet"
SECONDS_OPEN = 12 * 60 * 60  # how long a checked sheet may wait for its import
ROOM = 50_000  # bytes of a request that the sheet leaves for the rest of its form
MOST_FAULTS = 200
DRAFTING = (
    *("clauses.add_provision", "clauses.change_provision", "clauses.add_quotation"),
    *("clauses.add_analysis", "clauses.change_analysis", "clauses.add_answer", "clauses.change_answer"),
)


class SheetForm(forms.Form):
    """A file, or pasted text; `text` is what either of them holds."""

    file = forms.FileField(
        required=False,
        label="A file",
        help_text="CSV, or text with tabs, in UTF-8 or UTF-16:"
        f" at most {MOST_BYTES // 1_000_000} MB and {MOST_ROWS:,} rows.",
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,text/csv,text/plain"}),
    )
    pasted = forms.CharField(
        required=False,
        strip=False,
        label="Or the rows, pasted",
        help_text="With the header. What you copy from a spreadsheet can be pasted as it is.",
        widget=forms.Textarea(attrs={"rows": 8, "cols": 100, "spellcheck": "false"}),
    )
    text = ""

    def clean_file(self) -> str:
        file = self.cleaned_data["file"]
        if file is None:
            return ""
        try:
            return decoded(file.read(MOST_BYTES + 1))
        except ValueError as error:
            raise ValidationError(str(error)) from error

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        found = [text for text in (cleaned.get("file"), cleaned.get("pasted")) if text and text.strip()]
        if len(found) == 1:
            self.text = found[0]
        elif not self.errors:
            self.add_error(
                None,
                "Give one of the two: a file, or pasted rows."
                if found
                else "Give a file that holds something, or paste rows.",
            )
        return cleaned


@dataclass(frozen=True)
class Told:
    """A row of a plan in words."""

    row: Row

    @property
    def deed(self) -> str:
        standing = self.row.standing
        if self.row.deed == Deed.DRAFT:
            return f"changes the draft, version {standing.version}" if standing.version else "gets its first draft"
        if self.row.deed == Deed.VERSION:
            return f"gets a new version as a draft; version {standing.version} stays as it is"
        return {
            Deed.NEW: "new clause, with its words and a draft",
            Deed.CLAUSE: "changes in its own facts",
        }[self.row.deed]


def summary(plan: Plan) -> list[tuple[int, str]]:
    """How many rows there are of each kind, and what becomes of them."""
    words = {
        Deed.NEW: "new",
        Deed.DRAFT: "change a draft",
        Deed.VERSION: "get a new version as a draft",
        Deed.CLAUSE: "change in their own facts",
        Deed.STAYS: "stay as they are",
    }
    counted = [(sum(row.deed == deed for row in plan.rows), said) for deed, said in words.items()]
    return [(count, said) for count, said in counted if count]


class Sheets(admin.ModelAdmin):
    """What a list of clauses offers beside its rows: `sheet` and `sheet_import`."""

    def get_urls(self) -> list[Any]:
        own = [
            path("sheet/", self.admin_site.admin_view(self.sheet), name="clauses_provision_sheet"),
            path("sheet/import/", self.admin_site.admin_view(self.sheet_import), name="clauses_sheet_import"),
        ]
        return [*own, *super().get_urls()]

    def sheet(self, request: HttpRequest) -> HttpResponse:
        """The clauses that the list shows with the filters of this address, as a CSV file, read bit by bit. Without a
        clause type among the filters: the page to choose one, for each has questions of its own.
        """
        if not self.has_view_permission(request):
            raise PermissionDenied
        chosen = request.GET.get(TYPE, "")
        clause_type = ClauseType.objects.filter(pk=chosen).first() if chosen.isdecimal() and len(chosen) < 9 else None
        if clause_type is None:
            return self._choose(request)
        try:
            rows = self.get_changelist_instance(request).get_queryset(request)
        except IncorrectLookupParameters:
            messages.error(request, "A filter in this address means nothing: the sheet was not made.")
            return HttpResponseRedirect(reverse("admin:clauses_provision_changelist"))
        found = rows.order_by("document__platform__sort_key", "document", "number").values_list("pk", flat=True)
        questions = list(questions_of(clause_type))
        first, *others = columns_for(questions)
        # Excel takes a file for UTF-8 only where it begins with this mark.
        header = [f"\ufeff{first}", *others]
        return long_csv_file(f"clauses-{clause_type.slug}", header, sheet_rows(list(found), questions))

    def _choose(self, request: HttpRequest) -> HttpResponse:
        types = []
        for clause_type in ClauseType.objects.select_related("theme").order_by(
            "theme__position", "theme__name", "sort_key"
        ):
            query = request.GET.copy()
            query[TYPE] = str(clause_type.pk)
            types.append((clause_type, f"?{query.urlencode()}"))
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "types": types,
            "title": "Clauses as a sheet",
        }
        return render(request, "admin/clauses/provision/sheet.html", {**context, "narrowed": bool(request.GET)})

    def sheet_import(self, request: HttpRequest) -> HttpResponse:
        """Checks a sheet (`check`), then does what the check promised (`import`)."""
        if not request.user.has_perms(DRAFTING):
            raise PermissionDenied
        if request.method != "POST":
            return self._import_page(request, SheetForm())
        if "import" in request.POST:
            return self._import(request)
        form = SheetForm(request.POST, request.FILES)
        return self._import_page(request, form, form.text if form.is_valid() else "")

    def _import(self, request: HttpRequest) -> HttpResponse:
        try:
            carried = signing.loads(request.POST.get("sheet", ""), salt=SALT, max_age=SECONDS_OPEN)
        except signing.BadSignature:
            messages.error(
                request,
                "Nothing was imported: the check is older than twelve hours, or was altered. Check the sheet again.",
            )
            return self._import_page(request, SheetForm())
        text = carried["text"]
        try:
            if carried["user"] != request.user.pk:
                raise Refused("Nothing was imported: another person checked this sheet. Look at it, then import it.")
            plan = actions.import_sheet(
                sheet=read_sheet(text), checked=carried["plan"], by=request.user, may_rename=_may_rename(request)
            )
        except REFUSALS as error:
            messages.error(request, told(error))
            return self._import_page(request, SheetForm(initial={"pasted": text}), text)
        done = ", ".join(f"{count} {said}" for count, said in summary(plan))
        messages.success(request, f"Imported: {done}. Nothing is published by that.")
        return HttpResponseRedirect(_drafts(plan))

    def _import_page(self, request: HttpRequest, form: SheetForm, text: str = "") -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "form": form,
            "title": "Import a sheet of clauses",
        }
        if text:
            plan = prepare(read_sheet(text), may_rename=_may_rename(request)).plan
            context |= _checked(plan)
            if plan.acting and not plan.faults:
                carried = {"text": text, "plan": plan.fingerprint, "user": request.user.pk}
                context["sheet"] = signing.dumps(carried, salt=SALT, compress=True)
                if len(context["sheet"]) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE - ROOM:
                    context["sheet"], context["too_long"] = "", True
        return render(request, "admin/clauses/provision/sheet_import.html", context)


def _may_rename(request: HttpRequest) -> bool:
    return request.user.has_perm("clauses.publish_analysis")


def _checked(plan: Plan) -> dict[str, Any]:
    """What the page shows of a plan."""
    return {
        "plan": plan,
        "summary": summary(plan),
        "acting": [Told(row) for row in plan.acting],
        "staying": [Told(row) for row in plan.rows if row.deed == Deed.STAYS],
        "faults": plan.faults[:MOST_FAULTS],
        "all_faults": len(plan.faults),
    }


def _drafts(plan: Plan) -> str:
    """The list of the drafts of the sheet's clause type."""
    kind = ClauseType.objects.get(slug=plan.clause_type)
    query = f"?state__exact=draft&provision__{TYPE}={kind.pk}"
    return reverse(f"admin:clauses_{Analysis._meta.model_name}_changelist") + query
