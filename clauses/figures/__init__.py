"""Every count shown anywhere. Each figure carries its denominator; invented platforms are in none that readers see.

adoption.py  platforms with a clause of a type, of those read      totals.py   what the catalogue holds
answers.py   what clauses of a type answer                         changes.py  how often a document changed
waiting.py   what waits for an analyst
"""

from .adoption import FEWEST_FOR_RARITY, Adoption, adoption
from .answers import AnswerFigures, AnswerGroup, ReadFigures, answer_figures, read_figures
from .changes import ChangeFigures, change_figures
from .totals import (
    Totals,
    severity_counts,
    totals,
    with_clauses_applied,
    with_clauses_of_type,
    with_own_figures,
)
from .waiting import Waiting, waiting

__all__ = [
    "FEWEST_FOR_RARITY",
    "Adoption",
    "AnswerFigures",
    "AnswerGroup",
    "ChangeFigures",
    "ReadFigures",
    "Totals",
    "Waiting",
    "adoption",
    "answer_figures",
    "change_figures",
    "read_figures",
    "severity_counts",
    "totals",
    "waiting",
    "with_clauses_applied",
    "with_clauses_of_type",
    "with_own_figures",
]
