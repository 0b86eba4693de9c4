"""The complaint kit (pure): from the facts of a frozen record and an agency to a complaint with blanks, in plain text.

The text claims what the record says and no more; what happened, and to whom, only the person knows who fills it in.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from clauses.blanks import CHOICE, DAY, LONG, Field, Part, blank

NAME = Field("name", "Your name or initials", "your name or initials")
CONTACT = Field("contact", "How you can be reached", "your e-mail or postal address")
PLACE = Field("place", "Where you live", "your country or state")
SINCE = Field("since", "Since when you use the service", "month and year")
HAPPENED = Field("happened", "What happened, with dates", "what happened, with dates", LONG)
ASKED = Field(
    "asked",
    "Have you written to the platform?",
    "whether you wrote to the platform, and what it answered",
    CHOICE,
    (
        "I have not written to the platform yet.",
        "I wrote to the platform and have had no answer.",
        "I wrote to the platform. Its answer does not settle the matter for me.",
    ),
)
ANSWER = Field(
    "answer", "When you wrote, and what came back", "dates of your messages and of the answers", LONG, optional=True
)
PAID = Field("paid", "Money you paid", "what you paid, and when", optional=True)
READ_AT = Field("read_at", "Address where you read the words yourself", "address", optional=True)
READ_ON = Field("read_on", "Day on which you read them", "day", optional=True)
WANT = Field("want", "Anything else you want, in your own words", "anything else you want", LONG, optional=True)
DATE = Field("day", "Date of the complaint", "date", DAY)
FIELDS = (NAME, CONTACT, PLACE, SINCE, PAID, HAPPENED, ASKED, ANSWER, READ_AT, READ_ON, WANT, DATE)
UNKNOWN = "not known"

# What would put it right, by the kind of a step that the record offers. The kinds of a clause fit its type already.
WISHES = {
    "refuse_training": "It stops using my content to train or improve AI models, and confirms this to me in writing.",
    "refuse_arbitration": "It tells me in writing whether it accepts that I refuse arbitration.",
    "refuse_sale": "It stops selling or sharing data about me, and confirms this to me in writing.",
    "refuse_marketing": "It stops using data about me for marketing.",
    "request_copy": "It gives me a copy of the data that it holds about me.",
    "request_correction": "It corrects what is wrong in the data that it holds about me.",
    "request_deletion": "It deletes the data about me that it need not keep, and tells me what it keeps and why.",
    "object_processing": "It answers my objection to this use of my data, with its reasons.",
    "delete_content": "It deletes my content, and tells me what remains and for how long.",
    "cancel": "It ends the contract as I asked, and tells me what I still owe, if anything.",
    "appeal": "It looks at its decision again, and gives me its reasons.",
    "limit_sharing": "It tells me with whom it shares data about me, and limits this to what is needed.",
}
CLEAR = "It explains to me in plain words what it does under this clause."


@dataclass(frozen=True)
class Law:
    """A law that the record names and the agency enforces."""

    name: str
    citation: str
    articles: Sequence[str]
    reason: str


@dataclass(frozen=True)
class Copy:
    """The text that the words are shown by. `address` downloads the text with that hash, and is empty where it is not
    held: then day and hash are those that were reported with the words. `shows`: whether it holds them.
    """

    day: str
    sha256: str
    address: str = ""
    shows: bool = False


@dataclass(frozen=True)
class Facts:
    """What a record says, for one agency: all of it from the frozen payload but `website`, `laws`, `copy`, and what
    today's looks say (`now`, and `stands`: whether the newest text holds the words). Dates are as readers see them;
    what is not known is empty.
    """

    platform: str
    invented: bool
    website: str
    party: str
    document: str
    market: str
    source_url: str
    title: str
    sentences: Sequence[tuple[int, int, str]]
    cut: bool
    copy: Copy | None
    evidence: str
    now: str
    today: str
    stands: bool
    record: str
    version: int
    record_sha256: str
    address: str
    agency: str
    reason: str
    laws: Sequence[Law]
    action_kinds: Sequence[str]


@dataclass(frozen=True)
class Wish:
    """Something that would put it right for the person; they choose."""

    key: str
    words: str


@dataclass(frozen=True)
class Kit:
    """A complaint that a person can finish: its parts, the fields of its blanks, the wishes to choose from."""

    subject: str
    parts: tuple[Part, ...]
    fields: tuple[Field, ...]
    wishes: tuple[Wish, ...]


def kit(facts: Facts) -> Kit:
    """The complaint to the agency of the facts."""
    wishes = wishes_for(facts.action_kinds)
    title = facts.title if facts.stands else f"words recorded as “{facts.title}”"
    subject = f"Complaint about {facts.platform}: {title}"
    sections = [
        _opening(facts, subject),
        _section("Who I am", _details(facts)),
        _section("What happened", [blank(HAPPENED)]),
        _section("What I have done so far", [blank(ASKED), blank(ANSWER, before="\n")]),
        _section("The clause", [Part(_clause(facts)), *_read()]),
        _section("Where this can be checked", [Part(_proof(facts))]),
        _section("Why I turn to you", [Part(f"ConductAtlas names you for this reason: “{facts.reason}”")]),
        _section("What the law says", [Part(_laws(facts.laws))]) if facts.laws else [],
        _section("What I ask of you", [Part(_requests(facts))]),
        _wanted(wishes, facts.platform),
        [blank(NAME), Part("\n"), blank(DATE), Part("\n")],
    ]
    parts = [part for section in sections for part in section]
    return Kit(subject, tuple(parts), FIELDS, wishes)


def wishes_for(kinds: Iterable[str]) -> tuple[Wish, ...]:
    """What can be wished for where the record offers steps of these kinds, each once, an explanation last."""
    found = [WISHES[kind] for kind in dict.fromkeys(kinds) if kind in WISHES]
    return tuple(Wish(f"w{number}", words) for number, words in enumerate([*found, CLEAR], 1))


def _opening(facts: Facts, subject: str) -> list[Part]:
    example = f"EXAMPLE ONLY, NOT TO BE SENT: {facts.platform} is an invented platform.\n\n" if facts.invented else ""
    clause = "a clause in" if facts.stands else "words that ConductAtlas, an independent catalogue, records for"
    about = f"I write about {clause} the document “{facts.document}” of {facts.platform}."
    return [Part(f"{example}To: {facts.agency}\nSubject: {subject}\n\n{about}\n\n")]


def _section(title: str, parts: Sequence[Part]) -> list[Part]:
    return [Part(f"{title.upper()}\n"), *parts, Part("\n\n")]


def _details(facts: Facts) -> list[Part]:
    rows = (
        ("Name", NAME),
        ("Contact", CONTACT),
        ("I live in", PLACE),
        (f"I have used {facts.platform} since", SINCE),
    )
    parts = [part for label, field in rows for part in (Part(f"{label}: "), blank(field), Part("\n"))]
    return [*parts[:-1], blank(PAID, before="\nMoney paid: ")]


def _clause(facts: Facts) -> str:
    document = f"{facts.document} ({facts.market})" if facts.market else facts.document
    lead = "The words" if facts.stands else "The words, as ConductAtlas records them"
    rows = [
        f"Platform: {facts.platform}",
        f"Website of the platform: {facts.website or UNKNOWN}",
        f"Legal party named in the document: {facts.party or UNKNOWN}",
        f"Document: {document}",
        f"Published at: {facts.source_url or UNKNOWN}",
        f"{lead}, sentence by sentence:",
        *_quoted(facts.sentences),
    ]
    rows += ["(The source of the quotation ends here; the passage goes on.)"] if facts.cut else []
    return "\n".join(rows)


def _read() -> list[Part]:
    """What the person has seen, which no catalogue can say for them."""
    return [
        blank(READ_AT, before="\nI read these words myself at: "),
        blank(READ_ON, before="\nDay on which I read them: "),
    ]


def _quoted(sentences: Sequence[tuple[int, int, str]]) -> list[str]:
    """(number, segment, words) → lines; where words were left out between two segments it says so."""
    rows, before = [], None
    for number, segment, words in sentences:
        if before is not None and segment != before:
            rows.append("[…]")
        rows.append(f"({number}) {' '.join(words.split())}")
        before = segment
    return rows


def _proof(facts: Facts) -> str:
    rows = [
        *_copy(facts.copy),
        f"ConductAtlas on these words today, {facts.today}: “{facts.now}”",
        *([f"When the record was published: “{facts.evidence}”"] if facts.evidence != facts.now else []),
        f"Public record: {facts.record}, version {facts.version}, in the independent catalogue ConductAtlas",
        f"SHA-256 of the record: {facts.record_sha256}",
        f"Address of this version, which does not change: {facts.address}",
    ]
    return "\n".join(rows)


def _copy(copy: Copy | None) -> list[str]:
    """The text, its hash, and where to get it: the hash is that of the bytes behind the address."""
    if copy is None:
        return [f"Text in which the words stand, and its SHA-256: {UNKNOWN}"]
    if not copy.address:
        taken = f"The words were taken, as reported, from the text of {copy.day}, which ConductAtlas does not hold."
        return [taken, f"SHA-256 of that text, as reported: {copy.sha256}"]
    shown = (
        f"The words stand in the text of {copy.day}."
        if copy.shows
        else f"The words were taken, as reported, from the text of {copy.day}. ConductAtlas holds that text."
    )
    return [shown, f"SHA-256 of that text: {copy.sha256}", f"Download of that text: {copy.address}"]


def _laws(laws: Sequence[Law]) -> str:
    rows = []
    for law in laws:
        articles = f", {', '.join(law.articles)}" if law.articles else ""
        rows.append(f"- {law.name} ({law.citation}){articles}: {law.reason}")
    return "\n".join(["ConductAtlas names these, and says why. Whether they are broken is for you to judge.", *rows])


def _requests(facts: Facts) -> str:
    clause = "this clause" if facts.stands else "such a clause, if it stands there,"
    return "\n".join(
        (
            f"- Please look into whether {clause} and what {facts.platform} does under it keep to the law.",
            "- Please tell me whether you can take this up, and if you cannot, who can.",
        )
    )


def _wanted(wishes: Sequence[Wish], platform: str) -> list[Part]:
    """The section that is there as long as the person wants something."""
    keys = (*(wish.key for wish in wishes), WANT.key)
    lead, end = _section("What would put it right for me", [])
    return [
        Part(f"{lead.words}What I want from {platform}:", with_any=keys),
        *(Part(f"- {wish.words}", wish=wish.key, before="\n") for wish in wishes),
        blank(WANT, before="\n- "),
        Part(end.words, with_any=keys),
    ]
