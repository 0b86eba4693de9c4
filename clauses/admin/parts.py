"""The parts of an analysis on its page in the admin: answers, steps, agencies, laws; and the fields that need a form
of their own.
"""

from django import forms
from django.core.exceptions import ValidationError

from clauses.models import Action, Analysis, Answer, AppliedAgency, AppliedRegulation
from clauses.rubric import Factor
from conductatlas.administration import RecordForm, StackInline
from platforms.models import Jurisdiction

SENTENCES = "The numbers of the sentences above that it rests on, separated by commas: 1,3"
MISSING_SENTENCES = "Yes and no rest on something: give the numbers of the sentences that say so."
OUT_OF_THE_WAY = 20_000  # above every position that a form can give


class Flags(forms.CharField):
    """Jurisdiction flags, one a line: `EU: what is special there`."""

    widget = forms.Textarea(attrs={"rows": 4, "cols": 100})

    def prepare_value(self, value):
        if isinstance(value, list):
            return "\n".join(f"{flag['jurisdiction']}: {flag['text']}" for flag in value)
        return value

    def has_changed(self, initial, data) -> bool:
        return super().has_changed(self.prepare_value(initial), data)

    def clean(self, value):
        known = set(Jurisdiction.objects.values_list("code", flat=True))
        flags = []
        for line in filter(None, (line.strip() for line in (value or "").splitlines())):
            code, _, text = (part.strip() for part in line.partition(":"))
            if code not in known or not text:
                raise ValidationError(
                    f"{line!r}: write the code of a known jurisdiction, a colon, and the text, for example EU: …"
                )
            flags.append({"jurisdiction": code, "text": text})
        return flags


def score_field(factor: Factor) -> forms.TypedChoiceField:
    """A factor of the rubric as a choice that says what each score means."""
    choices = [("", "not scored yet"), *((score, f"{score}: {meaning}") for score, meaning in enumerate(factor.levels))]
    return forms.TypedChoiceField(
        choices=choices, coerce=int, empty_value=None, required=False, label=factor.name, help_text=factor.question
    )


class DraftInline(StackInline):
    """A part of an analysis, editable as long as that is a draft."""

    def _open(self, obj: Analysis | None) -> bool:
        return obj is None or not obj.is_frozen

    def has_add_permission(self, request, obj=None) -> bool:
        return self._open(obj) and super().has_add_permission(request, obj)

    def has_change_permission(self, request, obj=None) -> bool:
        return self._open(obj) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request, obj=None) -> bool:
        return self._open(obj) and super().has_delete_permission(request, obj)


class AnswerForm(RecordForm):
    violations = {"answer_rests_on_something": MISSING_SENTENCES}

    class Meta:
        model = Answer
        fields: tuple[str, ...] = ()  # the inline lists them
        help_texts = {"sentences": SENTENCES}

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("value") in {"yes", "no"} and not cleaned.get("sentences", [0]):
            self.add_error("sentences", MISSING_SENTENCES)
        return cleaned


class AnswerInline(DraftInline):
    model = Answer
    form = AnswerForm
    fields = ["question", "value", "detail", "sentences"]

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name == "question" and request.analysis is not None:
            kwargs["queryset"] = request.analysis.provision.clause_type.questions.all()
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


class ActionForm(RecordForm):
    class Meta:
        model = Action
        fields: tuple[str, ...] = ()  # the inline lists them
        help_texts = {
            "sentences": SENTENCES,
            "position": "Steps are shown in the order of these numbers.",
            "steps": "What to do, in plain words.",
            "letter_body": "Ready to send, for a letter or an e-mail.",
            "deadline": "As the words say it, for example: within 30 days.",
            "region": "Where this step is open to people; empty for everywhere.",
        }

    def _get_validation_exclusions(self):
        # Two steps may change places; `ActionFormSet` numbers them anew.
        return super()._get_validation_exclusions() | {"position"}


class ActionFormSet(forms.BaseInlineFormSet):
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
    fields = [
        *("position", "kind", "channel", "title", "steps", "url", "email", "deadline", "region"),
        *("letter_subject", "letter_body", "last_tried", "sentences"),
    ]

    def formfield_for_choice_field(self, db_field, request, **kwargs):
        if db_field.name == "kind" and request.analysis is not None:
            fitting = request.analysis.provision.clause_type.action_kinds
            choices = [(value, label) for value, label in db_field.choices if value in fitting]
            kwargs["choices"] = [("", "---------"), *choices]
        return super().formfield_for_choice_field(db_field, request, **kwargs)


class AppliedAgencyInline(DraftInline):
    model = AppliedAgency
    autocomplete_fields = ["agency"]


class AppliedRegulationForm(RecordForm):
    violations = {
        "applied_regulation_has_a_reason": "Give the reason, or tick that the source names it without one; not both.",
    }


class AppliedRegulationInline(DraftInline):
    model = AppliedRegulation
    form = AppliedRegulationForm
    autocomplete_fields = ["regulation"]


INLINES = [AnswerInline, ActionInline, AppliedAgencyInline, AppliedRegulationInline]
