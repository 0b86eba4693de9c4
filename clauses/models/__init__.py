"""What may be said (`taxonomy`), who enforces what (`law`), the clauses and their words (`provisions`), what they
mean (`analyses`), who read what (`readings`), what was found by
reading many of them (`research`), what waits for an analyst (`queue`), and what readers search (`search`).
"""

from .analyses import Action, Analysis, Answer, AppliedAgency, AppliedRegulation
from .law import Agency, Regulation, RegulationDate
from .provisions import Proof, Provision, Quotation
from .queue import QueueItem
from .readings import ChangedProvision, Reading
from .research import ResearchNote
from .search import RegistryEntry, SearchEntry
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
    "RegistryEntry",
    "Regulation",
    "RegulationDate",
    "ResearchNote",
    "SearchEntry",
    "Theme",
]
