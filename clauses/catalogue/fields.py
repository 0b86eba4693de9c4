"""The kinds of values that stand in a record: each check says in plain English what is wrong and how to write it."""

import difflib
import re
from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Annotated, Any

from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator, URLValidator
from django.db.models import TextChoices
from pydantic import AfterValidator, BeforeValidator, Field
from pydantic_core import PydanticCustomError

from conductatlas.records import parse
from conductatlas.rules import plain_email

DAY = re.compile(r"\d{4}-\d{2}-\d{2}\Z")
MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?Z\Z")
PARTIAL = re.compile(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?\Z")
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*\Z")
SHA256 = re.compile(r"[0-9a-f]{64}\Z")
LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*\Z")
CODE = re.compile(r"[A-Z]{2}(-[A-Z0-9]{1,3})?\Z")
TEXT_FILE = re.compile(r"texts/[a-z0-9]+(-[a-z0-9]+)*\.md\Z")


def wrong(message: str) -> PydanticCustomError:
    """An error whose message stands as it is."""
    return PydanticCustomError("plain", "{message}", {"message": message})


def nearest(word: str, words: Iterable[str]) -> str:
    """` (did you mean 'x'?)`, or nothing."""
    close = difflib.get_close_matches(word, list(words), n=1, cutoff=0.6)
    return f" (did you mean {close[0]!r}?)" if close else ""


def _matching(pattern: re.Pattern[str], advice: str) -> AfterValidator:
    def check(value: str) -> str:
        if not pattern.match(value):
            raise wrong(f"{value!r} {advice}")
        return value

    return AfterValidator(check)


def _prose(value: Any) -> Any:
    """Line ends are LF, and nothing hangs over at either end."""
    return value.replace("\r\n", "\n").strip() if isinstance(value, str) else value


def _one_line(value: str) -> str:
    if "\n" in value or "\r" in value:
        raise wrong("has several lines: write it in one")
    return value


def _day(value: Any) -> Any:
    if isinstance(value, datetime):
        raise wrong("is a time: only the day belongs here")
    if isinstance(value, date):
        return value
    if not isinstance(value, str) or not DAY.match(value):
        raise wrong(f"{value!r} is not a day: write it as 2026-11-21")
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise wrong(f"{value!r} is not a day of the calendar: write it as 2026-11-21") from None


def _moment(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC)
    if not isinstance(value, str) or not MOMENT.match(value):
        raise wrong(f"{value!r} is not a time: write it in UTC, as 2026-11-21T09:12:00Z")
    try:
        return datetime.fromisoformat(value)
    except ValueError:
        raise wrong(f"{value!r} is not a time of the calendar: write it in UTC, as 2026-11-21T09:12:00Z") from None


def _partial(value: Any) -> Any:
    text = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
    match = PARTIAL.match(text) if isinstance(text, str) else None
    try:
        if not match:
            raise ValueError
        date(int(match[1]), int(match[2] or 1), int(match[3] or 1))
    except ValueError:
        raise wrong(f"{value!r} is not a date: write it as 2018-05-25, 2018-05 or 2018") from None
    return text


def _url(value: str) -> str:
    try:
        URLValidator(schemes=["http", "https"])(value)
    except ValidationError:
        raise wrong(f"{value!r} is not an address: write it whole, as https://example.org/terms") from None
    return value


def _email(value: str) -> str:
    try:
        EmailValidator()(value)
        plain_email(value)
    except ValidationError:
        raise wrong(f"{value!r} is not an e-mail address: write it as privacy@example.org") from None
    return value


def line(most: int) -> Any:
    """One line of text of at most so many characters."""
    return Annotated[str, BeforeValidator(_prose), AfterValidator(_one_line), Field(min_length=1, max_length=most)]


def word_of(choices: type[TextChoices], *, only: Iterable[str] = ()) -> Any:
    """A code word of a vocabulary."""
    words = list(only) or list(choices.values)

    def check(value: str) -> str:
        if value not in words:
            raise wrong(f"{value!r} is not known here{nearest(value, words)}; it is one of: {', '.join(words)}")
        return str(value)

    return Annotated[str, AfterValidator(check)]


def record(kind: str, example: str) -> Any:
    """A record id of one kind, such as CA-P-010656."""

    def check(value: str) -> str:
        try:
            found = parse(value)
        except ValueError as error:
            raise wrong(str(error)) from None
        if found.kind != kind:
            raise wrong(f"{value!r} is the id of another kind of record: write it as {example}")
        if found.number >= 2**31:
            raise wrong(f"{value!r} is too high a number")
        return value

    return Annotated[str, AfterValidator(check)]


def _unique(values: list[Any]) -> list[Any]:
    for value in values:
        if values.count(value) > 1:
            raise wrong(f"{value!r} stands twice: keep it once")
    return values


def listing(item: Any, *, unique: bool = False, inline: bool = False) -> Any:
    """A list with something in it. `inline` lists stand in one line, [a, b], where they fit."""
    marks: list[Any] = [AfterValidator(_unique)] if unique else []
    if inline:
        marks.append(INLINE)
    return Annotated[(list[item], Field(min_length=1), *marks)]


class Inline:
    """Marks a list that stands in one line where it fits."""


class ToTheMinute:
    """Marks a time that others report: without seconds where it has none."""


INLINE = Inline()
TO_THE_MINUTE = ToTheMinute()

Prose = Annotated[str, BeforeValidator(_prose), Field(min_length=1)]
Verbatim = Annotated[str, Field(min_length=1)]
Slug = Annotated[
    str,
    _matching(SLUG, "is not a short name: use lowercase letters, digits and single hyphens, for example data-rights"),
]
Code = Annotated[str, _matching(CODE, "is not the code of a place: write it as EU, US or US-CA")]
Language = Annotated[str, Field(max_length=20), _matching(LANGUAGE, "is not a language: write it as en, de or pt-BR")]
Sha256 = Annotated[str, _matching(SHA256, "is not a SHA-256: it has 64 characters 0-9 and a-f, as sha256sum prints it")]
TextFile = Annotated[
    str, _matching(TEXT_FILE, "is not a text of this document: it lies in texts/ beside it, as texts/2025-03-01.md")
]
Day = Annotated[date, BeforeValidator(_day)]
Moment = Annotated[datetime, BeforeValidator(_moment)]
ReportedMoment = Annotated[datetime, BeforeValidator(_moment), TO_THE_MINUTE]
PartialDate = Annotated[str, BeforeValidator(_partial)]
Url = Annotated[str, Field(max_length=500), AfterValidator(_url)]
ShortUrl = Annotated[str, Field(max_length=200), AfterValidator(_url)]
Email = Annotated[str, Field(max_length=254), AfterValidator(_email)]
Address = Annotated[
    str,
    Field(max_length=300),
    _matching(re.compile(r"/([^\s/?#]+/)+\Z"), "is not an address of this site: write it as /platform/jarvis/"),
]
