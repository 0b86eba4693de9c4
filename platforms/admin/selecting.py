"""CSS selectors that people type."""

import soupsieve
from django.core.exceptions import ValidationError


class Selecting:
    """A form with the fields `select` and `remove`."""

    cleaned_data: dict

    def clean_select(self) -> str:
        return selectors(self.cleaned_data["select"])

    def clean_remove(self) -> str:
        return selectors(self.cleaned_data["remove"])


def selectors(typed: str) -> str:
    """CSS selectors, one a line, that all can be parsed; the error names the line."""
    for number, line in enumerate(typed.splitlines(), start=1):
        try:
            soupsieve.compile(line.strip() or "*")
        except (soupsieve.SelectorSyntaxError, NotImplementedError, ValueError, RecursionError) as error:
            why = (str(error).splitlines() or ["not understood"])[0].rstrip(".:")
            raise ValidationError(f"Line {number}, {line.strip()[:100]!r}, is no CSS selector: {why}.") from error
    return typed
