"""What a load did: added, changed, left as it was, and what stands in the database alone."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

SINGULAR = {"analyses": "analysis", "agencies": "agency", "former addresses": "former address"}


@dataclass
class Summary:
    """Names of records by kind: `added["clauses"]` is a list of their ids or slugs; `same` only counts."""

    added: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    changed: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    same: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    without_file: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    edition: int | None = None

    @property
    def is_empty(self) -> bool:
        """Whether nothing was written."""
        return not self.added and not self.changed

    def as_json(self) -> dict[str, Any]:
        return {
            "added": dict(self.added),
            "changed": dict(self.changed),
            "left_alone": dict(self.same),
            "without_a_file": dict(self.without_file),
            "edition": self.edition,
        }

    def lines(self) -> list[str]:
        """For people."""
        if self.is_empty:
            lines = [
                f"Nothing to do: the database holds all {sum(self.same.values())} records as they stand in the files."
            ]
        else:
            lines = [
                f"{what}: {_counted(names)}."
                for what, names in (("Added", self.added), ("Changed", self.changed))
                if names
            ]
            lines += [f"  {name}" for names in self.changed.values() for name in names]
            lines.append(f"Left as they were: {sum(self.same.values())} records. This is edition {self.edition}.")
        for kind, names in self.without_file.items():
            lines.append(
                f"In the database without a file, and left alone: {_count(kind, len(names))} ({', '.join(names)})."
            )
        return lines


def _counted(names: dict[str, list[str]]) -> str:
    return ", ".join(_count(kind, len(found)) for kind, found in names.items())


def _count(kind: str, count: int) -> str:
    return f"{count} {SINGULAR.get(kind, kind.removesuffix('s')) if count == 1 else kind}"
