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
WANT = Field("want", "Anything else you want, in your own words", "anything else you want", LONG, optional=True)
DATE = Field("day", "Date of the complaint", "date", DAY)
FIELDS = (NAME, CONTACT, PLACE, SINCE, HAPPENED, ASKED, ANSWER, WANT, DATE)

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
    """A law that the record names for the agency's place."""

    name: str
    citation: str
    articles: Sequence[str]
    reason: str


@dataclass(frozen=True)
class Facts:
    """What a record says, for one agency: all of it from the frozen payload but `stands_now`, which is what our newest
    look says where that differs. Dates are as readers see them; what is not known is empty.
    """

    platform: str
    invented: bool
    party: str
    document: str
    market: str
    source_url: str
    title: str
    sentences: Sequence[tuple[int, int, str]]
    cut: bool
    text_date: str
    text_sha256: str
    evidence: str
    stands_now: str
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
    subject = f"Complaint about {facts.platform}: {facts.title}"
    sections = [
        _opening(facts, subject),
        _section("Who I am", _details(facts)),
        _section("What happened", [blank(HAPPENED)]),
        _section("What I have done so far", [blank(ASKED), blank(ANSWER, before="\n")]),
        _section("The clause", [Part(_clause(facts))]),
        _section("Where this can be checked", [Part(_proof(facts))]),
        _section("Why I turn to you", [Part(f"The record names you for this reason: “{facts.reason}”")]),
        _section("What the law says", [Part(_laws(facts.laws))]) if facts.laws else [],
        _section("What I ask of you", [Part(_requests(facts))]),
        _section("What would put it right for me", [*_chosen(wishes, facts.platform), blank(WANT, before="\n- ")]),
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
    about = f"I write about a clause in the document “{facts.document}” of {facts.platform}."
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
    return parts[:-1]


def _clause(facts: Facts) -> str:
    document = f"{facts.document} ({facts.market})" if facts.market else facts.document
    rows = [f"Platform: {facts.platform}"]
    rows += [f"Legal party named in the document: {facts.party}"] if facts.party else []
    rows += [f"Document: {document}"]
    rows += [f"Published at: {facts.source_url}"] if facts.source_url else []
    rows += ["The words, sentence by sentence:", *_quoted(facts.sentences)]
    rows += ["(The source of the quotation ends here; the passage goes on.)"] if facts.cut else []
    return "\n".join(rows)


def _quoted(sentences: Sequence[tuple[int, int, str]]) -> list[str]:
    """(number, segment, words) → lines; where words were left out between two segments it says so."""
    rows, before = [], None
    for number, segment, words in sentences:
        if before is not None and segment != before:
            rows.append("[…]")
        rows.append(f"({number}) “{' '.join(words.split())}”")
        before = segment
    return rows


def _proof(facts: Facts) -> str:
    rows = [f"Text of: {facts.text_date}"] if facts.text_date else []
    rows += [f"SHA-256 of that text: {facts.text_sha256}"] if facts.text_sha256 else []
    rows += [f"ConductAtlas on these words, when the record was published: “{facts.evidence}”"]
    rows += [f"ConductAtlas on these words today: “{facts.stands_now}”"] if facts.stands_now else []
    rows += [
        f"Public record: {facts.record}, version {facts.version}, in the independent catalogue ConductAtlas",
        f"SHA-256 of the record: {facts.record_sha256}",
        f"Address of this version, which does not change: {facts.address}",
    ]
    return "\n".join(rows)


def _laws(laws: Sequence[Law]) -> str:
    rows = []
    for law in laws:
        articles = f", {', '.join(law.articles)}" if law.articles else ""
        rows.append(f"- {law.name} ({law.citation}){articles}: {law.reason}")
    return "\n".join(["The record names these, and says why. Whether they are broken is for you to judge.", *rows])


def _requests(facts: Facts) -> str:
    return "\n".join(
        (
            f"- Please look into whether this clause, and what {facts.platform} does under it, keeps to the law.",
            "- Please tell me whether you can take this up, and if you cannot, who can.",
        )
    )


def _chosen(wishes: Sequence[Wish], platform: str) -> list[Part]:
    lead = f"What I want from {platform}:"
    return [Part(lead), *(Part(f"- {wish.words}", wish=wish.key, before="\n") for wish in wishes)]
