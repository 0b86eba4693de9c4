"""A research note as its page shows it: its words as they were written, its tables as the catalogue is now."""

from dataclasses import dataclass
from functools import cache

from clauses.figures import AnswerFigures, ReadFigures, answer_figures, read_figures
from clauses.models import ClauseType, ResearchNote


@dataclass(frozen=True)
class Part:
    """One of the three is there: cleaned HTML, the answers to a question, or the readings for a clause type."""

    html: str = ""
    answers: AnswerFigures | None = None
    readings: ReadFigures | None = None
    clause_type: ClauseType | None = None


def note_parts(note: ResearchNote) -> list[Part]:
    """The parts of a note in their order. A table whose clause type or question is gone is left out. Five queries for
    each clause type at most, however many tables there are.
    """
    types = {row.slug: row for row in ClauseType.objects.filter(slug__in=note.draws_on)}
    answers, readings = cache(answer_figures), cache(read_figures)
    found: list[Part] = []
    for part in note.parts:
        if "html" in part:
            found.append(Part(html=part["html"]))
        elif clause_type := types.get(part["clause_type"]):
            if part["table"] == "readings":
                found.append(Part(readings=readings(clause_type.slug), clause_type=clause_type))
            elif figures := answers(clause_type.slug).get(part["question"]):
                found.append(Part(answers=figures, clause_type=clause_type))
    return found
