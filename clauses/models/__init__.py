"""What may be said (`taxonomy`), who enforces what (`law`), the clauses and their words (`provisions`), what they
mean (`analyses`), who read what (`readings`), what was found by
reading many of them (`research`), and what waits for an analyst (`queue`).
"""

from .analyses import Action, Analysis, Answer, AppliedAgency, AppliedRegulation
from .law import Agency, Regulation, RegulationDate
from .provisions import Proof, Provision, Quotation
from .queue import QueueItem
from .readings import ChangedProvision, Reading
from .research import ResearchNote
from .taxonomy import ClauseType, Question, Theme

__all__ = [
    "Action",
    "Agency",
    "Analysis",
    "Answer",
    "AppliedAgency",
    "AppliedRegulation",
    "ChangedProvision",
    "ClauseType",
    "Proof",
    "Provision",
    "Question",
    "QueueItem",
    "Quotation",
    "Reading",
    "Regulation",
    "RegulationDate",
    "ResearchNote",
    "Theme",
]
