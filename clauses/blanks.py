"""A plain text with blanks that the reader fills in (pure): letters and complaints are made of it.

A blank shows its hint in square brackets until it is filled in. What fills it in stays in the reader's browser.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import quote

LINE, LONG, CHOICE, DAY = "line", "long", "choice", "day"


@dataclass(frozen=True)
class Field:
    """A blank to fill in: `kind` is line, long (several lines), choice (one of `options`) or day (today, unless the
    reader changes it). An optional one goes from the text, with what stands before it, while it is empty.
    """

    key: str
    label: str
    hint: str
    kind: str = LINE
    options: tuple[str, ...] = ()
    optional: bool = False

    @property
    def blank(self) -> str:
        return f"[{self.hint}]"


@dataclass(frozen=True)
class Part:
    """A piece of a text: words, or the blank of a field. One that a reader can leave out, a wish or an optional blank,
    goes together with what stands `before` it. Words `with_any` fields or wishes go when none of these is left.
    """

    words: str
    field: str = ""
    wish: str = ""
    before: str = ""
    optional: bool = False
    with_any: tuple[str, ...] = ()


def blank(field: Field, *, before: str = "") -> Part:
    """The blank of a field, as a part of a text."""
    return Part(field.blank, field.key, before=before, optional=field.optional)


def plain(parts: Iterable[Part]) -> str:
    """The text with its blanks in square brackets."""
    return "".join(part.before + part.words for part in parts)


def mailto(address: str, subject: str, body: str) -> str:
    """A `mailto:` address (RFC 6068). Nothing in its three parts can add a field: each is percent-encoded whole, lines
    of the body end in CRLF, the subject is one line. Without a body it is the address alone.
    """
    receiver = f"mailto:{quote(address, safe='@')}"
    if not body:
        return receiver
    lines = re.split(r"\r\n|\r|\n", body)
    parts = (quote(" ".join(subject.split()), safe=""), quote("\r\n".join(lines), safe=""))
    return receiver + "?subject={}&body={}".format(*parts)
