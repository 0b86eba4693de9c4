"""The parts of an analysis on its page in the admin: answers, steps, agencies, laws."""

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AdminTextareaWidget
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.functional import cached_property

from clauses.deadlines import impossible_day
from clauses.models import Action, Analysis, Answer, AppliedAgency, AppliedRegulation
from conductatlas.administration import RecordForm, RecordFormSet, StackInline

from .fields import Sentences, web_address

SENTENCES = "The numbers of the quoted sentences that it rests on."
MISSING_SENTENCES = "Yes and no rest on something: tick the sentences that say so."
OUT_OF_THE_WAY = 20_000  # above every position that a form can give
# Texts begin small; where the browser can, they grow with what is typed.
ROOM_TO_GROW = {models.TextField: {"widget": AdminTextareaWidget(attrs={"rows": 3})}}


class DraftInline(StackInline):
    """A part of an analysis, editable as long as that is a draft."""

    formfield_overrides = ROOM_TO_GROW

    def _open(self, obj: Analysis | None) -> bool:
        return obj is None or not obj.is_frozen

    def has_add_permission(self, request, obj=None) -> bool:
        return self._open(obj) and super().has_add_permission(request, obj)

    def has_change_permission(self, request, obj=None) -> bool:
        return self._open(obj) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request, obj=None) -> bool:
        return self._open(obj) and super().has_delete_permission(request, obj)


class RestingForm(RecordForm):
    """A part that rests on sentences of the quotation."""

    sentences = Sentences(help_text=SENTENCES)


class RestingFormSet(RecordFormSet):
    """Parts of one analysis, with the numbers of its quotation to tick."""

    def add_fields(self, form, index) -> None:
        super().add_fields(form, index)
        if "sentences" in form.fields:
            form.fields["sentences"].offer(self._count, form.instance.sentences)

    @cached_property
    def _count(self) -> int:
        """Of the quotation that the page showed: another one may have been chosen with the same save."""
        shown = getattr(self.instance, "shown_quotation", None) or self.instance.quotation
        return len(shown.sentences)


class AnswerForm(RestingForm):
    violations = {"answer_rests_on_something": MISSING_SENTENCES}

    class Meta:
        model = Answer
        fields: tuple[str, ...] = ()  # the inline lists them
        widgets = {
            "question": forms.HiddenInput,
            "value": forms.RadioSelect,
        }

    def has_changed(self) -> bool:
        # A question that nobody answered yet is kept as not read.
        return self.instance._state.adding or super().has_changed()

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("value") in {"yes", "no"} and not cleaned.get("sentences", [0]):
            self.add_error("sentences", MISSING_SENTENCES)
        return cleaned


class AnswerFormSet(RestingFormSet):
    """A form for each question of the clause type, in its order: none is added or taken away by hand."""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.questions = {row.pk: row for row in self.instance.provision.clause_type.questions.all()}
        answered = {answer.question_id for answer in self.get_queryset()}
        missing = [key for key in self.questions if key not in answered]
        self.extra, self.initial_extra = len(missing), [{"question": key} for key in missing]

    def _construct_form(self, i: int, **kwargs):
        form = super()._construct_form(i, **kwargs)
        asked = form["question"].value() if "question" in form.fields else form.instance.question_id
        form.asked = self.questions.get(int(asked)) if str(asked).isdecimal() else None
        return form


class AnswerInline(DraftInline):
    model = Answer
    form = AnswerForm
    formset = AnswerFormSet
    template = "admin/clauses/analysis/answers.html"
    can_delete = False
    fields = ["question", "value", "sentences", "detail"]

    def get_queryset(self, request) -> QuerySet:
        return super().get_queryset(request).select_related("question")

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name == "question" and request.analysis is not None:
            kwargs["queryset"] = request.analysis.provision.clause_type.questions.all()
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if db_field.name == "question":  # without the links that add or change a question
            return self.formfield_for_foreignkey(db_field, request, widget=forms.HiddenInput)
        return super().formfield_for_dbfield(db_field, request, **kwargs)


class ActionForm(RestingForm):
    class Meta:
        model = Action
        fields: tuple[str, ...] = ()  # the inline lists them
        help_texts = {
            "position": "Steps are shown in the order of these numbers.",
            "steps": "What to do, in plain words.",
            "letter_body": "Ready to send, for a letter or an e-mail.",
            "deadline": "As the words say it, for example: within 30 days.",
            "region": "Where this step is open to people; empty for everywhere.",
        }

    def _get_validation_exclusions(self):
        # Two steps may change places; `ActionFormSet` numbers them anew.
        return super()._get_validation_exclusions() | {"position"}

    def clean_url(self) -> str:
        address = self.cleaned_data["url"]
        if address:
            web_address(address)
        return address

    def clean_deadline(self) -> str:
        deadline = self.cleaned_data["deadline"]
        if day := impossible_day(deadline):
            raise ValidationError(f"No calendar has the day {day!r}: look at the words again.")
        return deadline

    def clean_last_tried(self):
        day = self.cleaned_data["last_tried"]
        if day and day > timezone.localdate():
            raise ValidationError(
                f"{day:%Y-%m-%d} is still to come: give the day on which somebody tried it, or leave it empty."
            )
        return day


class ActionFormSet(RestingFormSet):
    """Steps in the order of the numbers that were typed, numbered anew from 0."""

    def save(self, commit=True):  # noqa: FBT002 (Django's)
        saved = super().save(commit=False)
        for gone in self.deleted_objects:
            gone.delete()
        steps = [form.instance for form in self.forms if form.instance.analysis_id and form not in self.deleted_forms]
        steps = [step for step in steps if step.pk or step in saved]
        steps.sort(key=lambda step: (step.position or 0, step.pk or OUT_OF_THE_WAY))
        for position, step in enumerate(steps):
            Action.objects.filter(pk=step.pk).update(position=OUT_OF_THE_WAY + position)
        for position, step in enumerate(steps):
            step.position = position
            step.save()
        return saved


class ActionInline(DraftInline):
    model = Action
    form = ActionForm
    formset = ActionFormSet
    verbose_name = "step"
    verbose_name_plural = "what people can do: steps that fit the clause type"
    fields = [
        ("kind", "channel", "position"),
        *("title", "steps", ("url", "email"), ("deadline", "region", "last_tried")),
        *("letter_subject", "letter_body", "sentences"),
    ]

    def formfield_for_choice_field(self, db_field, request, **kwargs):
        if db_field.name == "kind" and request.analysis is not None:
            fitting = request.analysis.provision.clause_type.action_kinds
            choices = [(value, label) for value, label in db_field.choices if value in fitting]
            kwargs["choices"] = [("", "---------"), *choices]
        return super().formfield_for_choice_field(db_field, request, **kwargs)


class ChosenForm(RecordForm):
    """A row that points at a record which is loaded with it: the page need not ask for its name again."""

    chosen = ""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if self.chosen in self.fields and self.instance.pk:
            row = getattr(self.instance, self.chosen)
            self.fields[self.chosen].widget.widget.known = {str(row.pk): str(row)}


class AppliedAgencyForm(ChosenForm):
    chosen = "agency"


class AppliedAgencyInline(DraftInline):
    model = AppliedAgency
    form = AppliedAgencyForm
    autocomplete_fields = ["agency"]
    verbose_name = "agency"
    verbose_name_plural = "agencies that take a complaint"
    fields = [("agency", "position"), "scope", "reason"]
    readonly_fields = ["scope"]

    def get_queryset(self, request) -> QuerySet:
        return super().get_queryset(request).select_related("agency__jurisdiction")

    @admin.display(description="its scope", empty_value="shown when the agency is saved")
    def scope(self, applied: AppliedAgency) -> str | None:
        if not applied.agency_id:
            return None
        agency = applied.agency
        return f"{agency.jurisdiction.name}. {agency.remit}\nWho may complain: {agency.who_may_complain}"


class AppliedRegulationForm(ChosenForm):
    chosen = "regulation"
    violations = {
        "applied_regulation_has_a_reason": "Give the reason, or tick that the source names it without one; not both.",
    }


class AppliedRegulationInline(DraftInline):
    model = AppliedRegulation
    form = AppliedRegulationForm
    autocomplete_fields = ["regulation"]
    verbose_name = "law"
    verbose_name_plural = "laws that the clause touches"
    fields = [("regulation", "position"), "official", "articles", "reason", "named_by_source"]
    readonly_fields = ["official"]

    def get_queryset(self, request) -> QuerySet:
        return super().get_queryset(request).select_related("regulation__jurisdiction")

    @admin.display(description="citation", empty_value="shown when the law is saved")
    def official(self, applied: AppliedRegulation) -> str | None:
        if not applied.regulation_id:
            return None
        return f"{applied.regulation.citation}, {applied.regulation.jurisdiction.name}"


INLINES = [AnswerInline, ActionInline, AppliedAgencyInline, AppliedRegulationInline]
