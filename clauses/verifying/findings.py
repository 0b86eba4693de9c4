"""What a verification tells: which record, what is stored of it, what was recomputed."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

LONGEST = 120  # characters of a value in a line
NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Mismatch:
    """`record`: what it is about, so that a person finds it; `what`: which of its facts. Values as short text."""

    record: str
    what: str
    stored: str
    recomputed: str

    def __str__(self) -> str:
        return f"{self.record}, {self.what}: stored {self.stored}, recomputed {self.recomputed}"


@dataclass
class Findings:
    """`checked`: how many of each kind of record were looked at."""

    checked: Counter[str] = field(default_factory=Counter)
    mismatches: list[Mismatch] = field(default_factory=list)

    def differ(self, record: str, what: str, stored: Any, recomputed: Any) -> None:
        """Notes a mismatch. A value that is not there is None."""
        self.mismatches.append(Mismatch(record, what, *_told(stored, recomputed)))

    def compare(self, record: str, what: str, stored: Any, recomputed: Any) -> None:
        if stored != recomputed:
            self.differ(record, what, stored, recomputed)

    def compare_all(
        self, record: str, stored: Mapping[str, Any], recomputed: Mapping[str, Any], names: Iterable[str] | None = None
    ) -> None:
        """Each of these facts (all that were recomputed, where none are named)."""
        for name in names if names is not None else recomputed:
            self.compare(record, name.replace("_", " "), stored.get(name), recomputed.get(name))


def _told(stored: Any, recomputed: Any) -> tuple[str, str]:
    """Two values as short text, cut so that what differs is seen."""
    one, other = _written(stored), _written(recomputed)
    same = next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    start = max(0, same - LONGEST // 2) if max(len(one), len(other)) > LONGEST else 0
    return _cut(one, start), _cut(other, start)


def _written(value: Any) -> str:
    """On one line."""
    if value is None:
        return NOTHING
    if isinstance(value, list | tuple | dict):
        return json.dumps(value, ensure_ascii=False, default=str)
    return " ".join(str(value).split()) or '""'


def _cut(text: str, start: int) -> str:
    shown = text[start : start + LONGEST]
    return f"{'…' if start else ''}{shown}{'…' if start + LONGEST < len(text) else ''}"
