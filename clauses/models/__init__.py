"""What may be said (`taxonomy`), who enforces what (`law`), the clauses and their words (`provisions`), what they
mean (`analyses`), what reviewers say of them (`reviews`), who read what (`readings`), what was found by
reading many of them (`research`), what waits for an analyst (`queue`), what readers search (`search`), and what
stands beside what (`neighbours`).
"""

from .analyses import Action, Analysis, Answer, AppliedAgency, AppliedRegulation
from .law import Agency, EnforcedLaw, Regulation, RegulationDate
from .neighbours import AnswerProfile, ComparedClause, Neighbour
from .provisions import Proof, Provision, Quotation
from .queue import QueueItem
from .readings import ChangedProvision, Reading, ReadingDue
from .research import ResearchNote
from .reviews import ReviewComment
from .search import RegistryEntry, SearchEntry, Traits
from .taxonomy import ClauseType, Question, Theme

__all__ = [
    "Action",
    "Agency",
    "Analysis",
    "Answer",
    "AnswerProfile",
    "AppliedAgency",
    "AppliedRegulation",
    "ChangedProvision",
    "ClauseType",
    "ComparedClause",
    "EnforcedLaw",
    "Neighbour",
    "Proof",
    "Provision",
    "Question",
    "QueueItem",
    "Quotation",
    "Reading",
    "ReadingDue",
    "RegistryEntry",
    "Regulation",
    "RegulationDate",
    "ResearchNote",
    "ReviewComment",
    "SearchEntry",
    "Theme",
    "Traits",
]
