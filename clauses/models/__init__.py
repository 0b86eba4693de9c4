"""What may be said (`taxonomy`), who enforces what (`law`), the clauses and their words (`provisions`), what they
mean (`analyses`), and who read what (`readings`).
"""

from .analyses import Action, Analysis, Answer, AppliedAgency, AppliedRegulation
from .law import Agency, Regulation, RegulationDate
from .provisions import Proof, Provision, Quotation
from .readings import ChangedProvision, Reading
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
    "Quotation",
    "Reading",
    "Regulation",
    "RegulationDate",
    "Theme",
]
