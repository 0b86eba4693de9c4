"""The words of fixed lists, with what readers see for each."""

from django.db.models import TextChoices

from platforms.vocabulary import Severity

__all__ = [
    "ActionKind",
    "AnalysisKind",
    "AnalysisState",
    "AnswerValue",
    "Basis",
    "Channel",
    "Confidence",
    "Doubt",
    "Drafter",
    "EntryKind",
    "Outcome",
    "ProofState",
    "ProvisionState",
    "ReviewKind",
    "Severity",
    "Touch",
    "Verdict",
]


class ActionKind(TextChoices):
    REFUSE_TRAINING = "refuse_training", "Refuse AI training"
    REFUSE_ARBITRATION = "refuse_arbitration", "Opt out of arbitration"
    REFUSE_SALE = "refuse_sale", "Opt out of sale or sharing"
    REFUSE_MARKETING = "refuse_marketing", "Refuse marketing"
    REQUEST_COPY = "request_copy", "Ask for a copy of your data"
    REQUEST_CORRECTION = "request_correction", "Ask for a correction"
    REQUEST_DELETION = "request_deletion", "Ask for deletion"
    OBJECT_PROCESSING = "object_processing", "Object to the use of your data"
    DELETE_CONTENT = "delete_content", "Delete your content or account"
    CANCEL = "cancel", "Cancel"
    APPEAL = "appeal", "Appeal a decision"
    NEGOTIATE = "negotiate", "Negotiate the contract"
    ASK = "ask", "Ask the platform"
    CHECK_USE = "check_use", "Check before you use it"
    KEEP_RECORD = "keep_record", "Keep a record"
    LIMIT_SHARING = "limit_sharing", "Limit what is shared"


class Channel(TextChoices):
    SETTING = "setting", "In the settings"
    EMAIL = "email", "By e-mail"
    LETTER = "letter", "By letter"
    FORM = "form", "With a form"
    SELF = "self", "On your own"


class AnswerValue(TextChoices):
    YES = "yes", "yes"
    NO = "no", "no"
    SILENT = "silent", "does not say"
    UNREAD = "unread", "not read yet"


class Verdict(TextChoices):
    """What a platform says to a question, all its clauses of the type taken together."""

    YES = "yes", "yes"
    BOTH = "both", "yes and no"
    NO = "no", "no"
    SILENT = "silent", "does not say"
    UNREAD = "unread", "not read yet"


class ProvisionState(TextChoices):
    STANDING = "standing", "in the catalogue"
    REMOVED = "removed", "removed"
    MERGED = "merged", "merged into another record"


class ProofState(TextChoices):
    """What a text says of a quotation. `unproven` and `unfound` are of the clause as a whole, and never stored."""

    EXACT = "exact", "Found word for word"
    NORMALISED = "normalised", "Found; only spacing or quote marks differ"
    AMBIGUOUS = "ambiguous", "Stands in several places"
    REWORDED = "reworded", "Similar words stand there now; a person must decide"
    ABSENT = "absent", "Not in this text"


class Touch(TextChoices):
    """What a change did to the words of a clause; the first is what another source tells of."""

    TOLD = "told", "concerned, as reported"
    INTRODUCED = "introduced", "introduced"
    REWORDED = "reworded", "reworded"
    UNCLEAR = "unclear", "no longer in one clear place"
    REMOVED = "removed", "taken out"
    RESTORED = "restored", "back in the text"


class Doubt(TextChoices):
    """Why a clause waits for an analyst: what became of its words in the newest text."""

    REWORDED = "reworded", "Similar words stand there now"
    AMBIGUOUS = "ambiguous", "The words stand in several places"
    GONE = "gone", "The words are no longer there"


class Outcome(TextChoices):
    """How a question in the queue was settled."""

    STANDS = "stands", "The words stand again"
    OVERTAKEN = "overtaken", "Overtaken by a newer quotation or verdict"
    REQUOTED = "requoted", "The new words were taken"
    REMOVED = "removed", "The clause was marked as removed"
    KEPT = "kept", "Left as it is"


class AnalysisState(TextChoices):
    DRAFT = "draft", "draft"
    IN_REVIEW = "in_review", "in review"
    PUBLISHED = "published", "published"
    SUPERSEDED = "superseded", "replaced by a later version"
    WITHDRAWN = "withdrawn", "withdrawn"


OPEN = (AnalysisState.DRAFT, AnalysisState.IN_REVIEW)


class AnalysisKind(TextChoices):
    """What a version is to those before it."""

    FIRST = "first", "The first of this clause"
    UPDATE = "update", "Update: the words of the clause have changed"
    ADDITION = "addition", "Addition: it says more, nothing in the earlier version was wrong"
    CORRECTION = "correction", "Correction: something in the earlier version was wrong"


class ReviewKind(TextChoices):
    """What somebody said of a draft, and what became of it with that."""

    SUBMITTED = "submitted", "sent to review"
    SENT_BACK = "sent_back", "sent back"
    TAKEN_BACK = "taken_back", "taken back"
    COMMENT = "comment", "comment"


FROZEN = (AnalysisState.PUBLISHED, AnalysisState.SUPERSEDED, AnalysisState.WITHDRAWN)


class Confidence(TextChoices):
    HIGH = "high", "High"
    MEDIUM = "medium", "Medium"
    LOW = "low", "Low"


class Basis(TextChoices):
    STATED = "stated", "Stated in the document"
    INFERRED = "inferred", "Inferred by us"


class Drafter(TextChoices):
    MACHINE = "machine", "by machine"
    CATALOGUE = "catalogue", "by the catalogue's editors"
    PERSON = "person", "by an analyst"


class EntryKind(TextChoices):
    """What a reader can find by its words."""

    PLATFORM = "platform", "Platforms"
    DOCUMENT = "document", "Documents"
    CLAUSE = "clause", "Clauses"
    CLAUSE_TYPE = "clause_type", "Clause types"
    AGENCY = "agency", "Agencies"
    REGULATION = "regulation", "Laws"
    RESEARCH = "research", "Research"


# What readers see for where the words of a clause stand, without the date that its own page gives.
STANDING = {
    ProofState.EXACT: "Found word for word",
    ProofState.NORMALISED: "Found; only spacing or quote marks differ",
    ProofState.AMBIGUOUS: "Stands in several places",
    ProofState.REWORDED: "Similar words stand there now",
    ProofState.ABSENT: "No longer in the newest text",
    "unfound": "Not found in any text we hold",
    "unproven": "Not checked: we hold no copy of the text",
}
