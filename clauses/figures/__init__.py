"""Every count shown anywhere. Each figure carries its denominator; invented platforms are in none that readers see.

adoption.py  platforms with a clause of a type, of those read      totals.py   what the catalogue holds
answers.py   what clauses of a type answer                         changes.py  how often a document changed
distribution.py  what platforms answer to the questions of a type, each once
silence.py   platforms without a clause of a type        texts.py  which texts are held
waiting.py   what waits for an analyst                             registry.py  what filters of the registry leave
law.py       clauses that name an agency or touch a law, and which of its articles
coverage.py  what documents were read for, and what was found   months.py  changes month by month
similar.py   platforms that settle the same questions alike
"""

from .adoption import FEWEST_FOR_RARITY, Adoption, adoption, adoption_in
from .answers import AnswerFigures, AnswerGroup, ReadFigures, answer_figures, read_figures
from .changes import ChangeFigures, change_figures
from .coverage import Coverage, coverage
from .distribution import MOST_OFFERED, Distribution, Named, Part, Spread, distribution, platforms_by_type
from .law import (
    NAMED,
    WHOLE,
    AppliedFigures,
    ArticleFigure,
    applied_figures,
    article_figures,
    catalogued_clauses,
    published_applications,
)
from .months import MonthFigures, months
from .registry import RegistryFigures, registry_figures
from .silence import Group, Silence, silence
from .similar import SimilarFigures, similar, similar_in
from .texts import HeldTexts, held_texts
from .totals import (
    Totals,
    severity_counts,
    totals,
    with_clauses_applied,
    with_clauses_of_type,
    with_own_figures,
)
from .waiting import Queue, waiting

__all__ = [
    "FEWEST_FOR_RARITY",
    "MOST_OFFERED",
    "NAMED",
    "WHOLE",
    "Adoption",
    "AnswerFigures",
    "AnswerGroup",
    "AppliedFigures",
    "ArticleFigure",
    "ChangeFigures",
    "Coverage",
    "Distribution",
    "Group",
    "HeldTexts",
    "MonthFigures",
    "Named",
    "Part",
    "Queue",
    "ReadFigures",
    "RegistryFigures",
    "Silence",
    "SimilarFigures",
    "Spread",
    "Totals",
    "adoption",
    "adoption_in",
    "answer_figures",
    "applied_figures",
    "article_figures",
    "catalogued_clauses",
    "change_figures",
    "coverage",
    "distribution",
    "held_texts",
    "months",
    "platforms_by_type",
    "published_applications",
    "read_figures",
    "registry_figures",
    "severity_counts",
    "silence",
    "similar",
    "similar_in",
    "totals",
    "waiting",
    "with_clauses_applied",
    "with_clauses_of_type",
    "with_own_figures",
]
