"""What is wrong with a catalogue: one line each, with the file, the line and the field."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

Path = tuple[str | int, ...]


def spelled(path: Path) -> str:
    """`("snapshots", 0, "captured_at")` → `snapshots[0].captured_at`."""
    parts = ""
    for step in path:
        parts += f"[{step}]" if isinstance(step, int) else f".{step}" if parts else step
    return parts


@dataclass(frozen=True, order=True)
class Problem:
    """One thing that is wrong. `line` counts from 1 and is 0 where the whole file is meant; `field` may be empty."""

    file: str
    line: int
    field: str
    message: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{place}: {self.field}: {self.message}" if self.field else f"{place}: {self.message}"

    def as_json(self) -> dict[str, Any]:
        return {"file": self.file, "line": self.line or None, "field": self.field, "message": self.message}


class CatalogueError(ValueError):
    """A catalogue that cannot be used: all its problems, by file and line."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = sorted(set(problems))
        super().__init__("\n".join(map(str, self.problems)))
