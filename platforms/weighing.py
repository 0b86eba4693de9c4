"""What a new text of a document is: whether it counts, and what it did to the one before it (pure)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from platforms.capture import gate
from platforms.lineage import Lineage, Step
from platforms.plaintext import Projection, project


@dataclass(frozen=True, slots=True)
class Weighed:
    """The step that a text took, where it counts; else why it does not."""

    step: Step | None
    reason: str


def weigh(content: str, lineage: Lineage, facts: Mapping[str, str], *, technical: bool = False) -> Weighed:
    """Takes a text into the lineage of its document, if it counts. `facts` are what `gate.judge` asks of the document;
    `technical`: our own reading of the page had changed.
    """
    text = _read(content)
    finding = gate.judge(text, previous=lineage.last, **facts)
    if not finding.accepted:
        return Weighed(None, finding.reason)
    step = lineage.add(text, technical=technical)
    return Weighed(step, step.reason)


@lru_cache(maxsize=4)
def _read(content: str) -> Projection:
    """Texts of a document that comes and goes are read once."""
    return project(content)
