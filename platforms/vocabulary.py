"""The words of fixed lists, with what readers see for each."""

from django.db.models import TextChoices


class Sector(TextChoices):
    AI_ASSISTANTS = "ai_assistants", "AI assistants and writing"
    AI_MEDIA = "ai_media", "AI images, sound and video"
    DEVELOPER_TOOLS = "developer_tools", "Developer tools"
    CLOUD = "cloud", "Cloud and hosting"
    TRANSLATION = "translation", "Translation"
    SOCIAL = "social", "Social networks and messaging"
    COMMERCE = "commerce", "Shopping and travel"
    STORAGE = "storage", "Storage and documents"
    FINANCE = "finance", "Money and payments"
    OTHER = "other", "Other"


class DocumentKind(TextChoices):
    TERMS_OF_SERVICE = "terms_of_service", "Terms of service"
    PRIVACY_POLICY = "privacy_policy", "Privacy policy"
    ACCEPTABLE_USE_POLICY = "acceptable_use_policy", "Acceptable use policy"
    COOKIE_POLICY = "cookie_policy", "Cookie policy"
    DATA_PROCESSING_AGREEMENT = "data_processing_agreement", "Data processing agreement"
    COMMERCIAL_TERMS = "commercial_terms", "Commercial terms"
    DEVELOPER_TERMS = "developer_terms", "Developer terms"
    COMMUNITY_GUIDELINES = "community_guidelines", "Community guidelines"
    COPYRIGHT_POLICY = "copyright_policy", "Copyright policy"
    AI_POLICY = "ai_policy", "AI policy"
    SERVICE_LEVEL_AGREEMENT = "service_level_agreement", "Service level agreement"
    OTHER = "other", "Other document"


class Judgement(TextChoices):
    """What a verdict says of a snapshot; the first two and the last two answer each other."""

    ACCEPTED = "accepted", "accepted"
    QUARANTINED = "quarantined", "set aside, not counted"
    RELEASED = "released", "released, counts"
    DISCARDED = "discarded", "discarded, not counted"


COUNTING = frozenset({Judgement.ACCEPTED, Judgement.RELEASED})


class TransitionKind(TextChoices):
    """What became of a document between two of its versions; see `platforms.changes`. Only the last one is news."""

    FIRST = "first", "first text we hold"
    IDENTICAL = "identical", "the same text"
    WHITESPACE = "whitespace", "only spacing differs"
    MARKUP = "markup", "only markup or links differ"
    DATES = "dates", "only dates differ"
    FURNITURE = "furniture", "only page furniture differs"
    RETURNED = "returned", "return to an earlier text"
    EXTRACTION = "extraction", "our reading of the page changed, not the page"
    BROKEN = "broken", "one of the two is no policy text"
    SUBSTANTIVE = "substantive", "sentences added or removed"


# What brought a new text without new words.
NOISE = frozenset(
    {
        TransitionKind.IDENTICAL,
        TransitionKind.WHITESPACE,
        TransitionKind.MARKUP,
        TransitionKind.DATES,
        TransitionKind.FURNITURE,
    }
)


class CheckOutcome(TextChoices):
    UNCHANGED = "unchanged", "unchanged"
    NEW_TEXT = "new_text", "new text"
    NOISE = "noise", "only spacing, links or page furniture changed"
    QUARANTINED = "quarantined", "not a policy text, set aside"
    FAILED = "failed", "capture failed"


class ChangeKind(TextChoices):
    OBSERVED = "observed", "observed by us"
    REPORTED = "reported", "as reported, not checked"


class ReviewState(TextChoices):
    UNREVIEWED = "unreviewed", "not yet reviewed"
    CONFIRMED = "confirmed", "reviewed"
    NOISE = "noise", "no real change"


class Severity(TextChoices):
    LOW = "low", "Low"
    MEDIUM = "medium", "Medium"
    HIGH = "high", "High"


class Direction(TextChoices):
    BETTER = "better", "better for you"
    WORSE = "worse", "worse for you"
    MIXED = "mixed", "partly better, partly worse"
    NEUTRAL = "neutral", "neither better nor worse"
