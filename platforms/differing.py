"""One line of what differs between two states of a record (pure)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from platforms.redline import Redline, redline


@dataclass(frozen=True)
class Line:
    """A field that differs: its name in readers' words, and what it held before and after, "" for nothing."""

    label: str
    before: str
    after: str

    @property
    def how(self) -> str:
        if not self.before:
            return "added"
        return "changed" if self.after else "removed"

    @cached_property
    def redline(self) -> Redline:
        """Both, word by word."""
        return redline(self.before, self.after)


def lines_between(before: dict[str, str], after: dict[str, str]) -> list[Line]:
    """What differs between two states, each a name → a text; in the order of the later one, what is gone last."""
    labels = dict.fromkeys([*after, *before])
    found = (Line(label, before.get(label, ""), after.get(label, "")) for label in labels)
    return [line for line in found if line.before.strip() != line.after.strip()]
