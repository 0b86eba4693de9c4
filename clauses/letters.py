"""Letters of published steps (pure): which steps have one, under which address, and which of its words are blanks.

A letter is written with blanks in square brackets, as in "Account: [e-mail address]".
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from clauses.blanks import CHOICE, DAY, LINE, LONG, Field, Part, mailto

BLANK = re.compile(r"\[([^\[\]\n]+)\]")
LABEL = re.compile(r"^\W*([^:.?!\[\]]{2,60}):\s*$")
SIGNED = frozenset({"your name", "your full name", "your first and last name", "name and signature"})
NAME = Field("name", "Your name", "your name")
DATE = Field("day", "Date of the letter", "date", DAY)
AT_LENGTH = re.compile(r"reason|happened|facts|for example|situation|what |why |subject", re.IGNORECASE)
CLAUSE_ENDS = re.compile(r"[.;:!?,(]")
GENERIC = frozenset(
    {"account", "address", "age", "amount", "country", "date", "name", "number", "place", "plan", "reason"}
)
LONGEST_LABEL = 70  # characters of the words before a blank
LONGEST_LINE = 60  # characters of a hint; a longer one asks for more than a line
MOST_WORDS_OF_A_CHOICE = 3


@dataclass(frozen=True)
class Letter:
    """A letter that a person can send: its parts, and the fields that fill its blanks, each once."""

    slug: str
    title: str
    subject: tuple[Part, ...]
    body: tuple[Part, ...]
    fields: tuple[Field, ...]


def letter_slugs(actions: Iterable[Mapping[str, Any]]) -> list[str]:
    """The address of each step's letter, an empty text where it has none. A kind's second letter ends in -2, and so
    on: within a frozen record they never change.
    """
    seen: Counter[str] = Counter()
    slugs = []
    for action in actions:
        if not action["letter"]["body"]:
            slugs.append("")
            continue
        kind = action["kind"].replace("_", "-")
        seen[kind] += 1
        slugs.append(kind if seen[kind] == 1 else f"{kind}-{seen[kind]}")
    return slugs


def letter_of(action: Mapping[str, Any], slug: str) -> Letter:
    """The letter of a frozen step."""
    fields: dict[tuple[str, str], Field] = {}
    subject = _parts(action["letter"]["subject"], fields)
    body = _parts(action["letter"]["body"].replace("\r\n", "\n"), fields)
    return Letter(slug, action["title"], subject, body, tuple(dict.fromkeys(fields.values())))


def mail_address(action: Mapping[str, Any]) -> str:
    """The step's e-mail with the letter as it stands, blanks included, or without one where the step has no letter;
    empty without an e-mail address.
    """
    letter = action["letter"]
    return mailto(action["email"], letter["subject"], letter["body"]) if action["email"] else ""


def _parts(text: str, fields: dict[tuple[str, str], Field]) -> tuple[Part, ...]:
    """The text in parts; the fields it needs are added to `fields`, by label and hint."""
    parts, end = [], 0
    for match in BLANK.finditer(text):
        if match.start() > end:
            parts.append(Part(text[end : match.start()]))
        field = _field(match, text, fields)
        parts.append(Part(match[0], field.key))
        end = match.end()
    if end < len(text):
        parts.append(Part(text[end:]))
    return tuple(parts)


def _field(match: re.Match[str], text: str, fields: dict[tuple[str, str], Field]) -> Field:
    """The field of a blank. The same blank behind the same label is one field; a signature is one everywhere."""
    hint = " ".join(match[1].split())
    before = text[text.rfind("\n", 0, match.start()) + 1 : match.start()]
    after = text[match.end() :].split("\n", 1)[0]
    if hint.casefold() in SIGNED:
        return fields.setdefault(("", "name"), NAME)
    if hint == "date" and not before.strip() and not after.strip():
        return fields.setdefault(("", "date"), DATE)
    label = _label(before, hint)
    if (label, hint) not in fields:
        kind, options = _kind(hint)
        fields[label, hint] = Field(f"f{len(fields) + 1}", label, hint, kind, options)
    return fields[label, hint]


def _label(before: str, hint: str) -> str:
    """What a field asks for: the words before the colon on its line, or those of its sentence where the hint says too
    little by itself, or the hint.
    """
    named = LABEL.match(before)
    words = named[1].strip() if named else hint.split(":", 1)[0] if len(hint) > LONGEST_LINE else hint
    if not named and (hint.casefold() in GENERIC or " / " in hint):
        words = _words_before(before) or words
    return words[:1].upper() + words[1:]


def _words_before(before: str) -> str:
    """The end of the sentence that a blank stands in, without other blanks; empty where that is a single word."""
    said = " ".join(BLANK.sub("…", before).split())
    words = CLAUSE_ENDS.split(said)[-1].split()
    while len(" ".join(words)) > LONGEST_LABEL:
        words = words[1:]
    return " ".join(words) if len(words) > 1 else ""


def _kind(hint: str) -> tuple[str, tuple[str, ...]]:
    options = tuple(option.strip() for option in hint.split(" / "))
    if len(options) > 1 and all(map(_is_short, options)):
        return CHOICE, options
    return (LONG if len(hint) > LONGEST_LINE or AT_LENGTH.search(hint) else LINE), ()


def _is_short(option: str) -> bool:
    """Whether an option can be taken as it stands: one that asks for more words is no choice."""
    return len(option.split()) <= MOST_WORDS_OF_A_CHOICE and not re.search(r"…|:|\bother\b", option)
