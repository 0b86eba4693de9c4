"""Fields of the form of an analysis that Django has no form for: flags, scores, sentences."""

from collections.abc import Collection

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator

from clauses.rubric import Factor
from platforms.models import Jurisdiction

web_address = URLValidator(schemes=["http", "https"], message="An address begins with https:// or http://.")


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
    choices = [*((score, f"{score}: {meaning}") for score, meaning in enumerate(factor.levels)), ("", "not scored yet")]
    return forms.TypedChoiceField(
        choices=choices,
        coerce=int,
        empty_value=None,
        required=False,
        label=factor.name,
        help_text=factor.question,
        widget=forms.RadioSelect,
    )


class Sentences(forms.TypedMultipleChoiceField):
    """The sentences of a quotation that something rests on, a tick for each number.

    Numbers that were stored with other words stay to be seen and taken away. `count`: how many sentences there are.
    """

    widget = forms.CheckboxSelectMultiple

    def __init__(self, *, count: int = 0, **kwargs) -> None:
        super().__init__(coerce=int, required=False, **kwargs)
        self.offer(count, ())

    def offer(self, count: int, stored: Collection[int]) -> None:
        """The numbers to tick: those of the quotation, and what is stored beyond them."""
        self.count = count
        beyond = sorted(number for number in set(stored) if not 1 <= number <= count)
        self.choices = [
            *((number, str(number)) for number in range(1, count + 1)),
            *((number, f"{number} (no such sentence)") for number in beyond),
        ]

    def to_python(self, value) -> list[str]:
        return [typed for typed in super().to_python(value) if typed.strip()]

    def validate(self, value) -> None:
        for number in value:
            if not self.valid_value(number):
                raise ValidationError(
                    f"There is no sentence {str(number)[:20]}: the quotation has {self.count}. Tick numbers that "
                    "stand beside its words."
                )

    def clean(self, value) -> list[int]:
        return sorted(set(super().clean(value)))

    def has_changed(self, initial, data) -> bool:
        return super().has_changed([str(number) for number in initial or []], data)
