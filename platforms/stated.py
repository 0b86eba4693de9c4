"""Dates in the words of a policy, and the one that it states as its own (pure).

A line such as "Last updated: 5 May 2026" says something of the document, not of its readers' rights. Such a line is
told from a sentence by its words: apart from the date it holds none but those with which documents date themselves.
English first; the other languages are those that large platforms publish in.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import chain

from platforms.plaintext import Projection
from platforms.remembering import remembered, remembered_of_text

_MONTHS = (
    "january jan januar jänner janvier enero gennaio janeiro januari",
    "february feb februar février febrero febbraio fevereiro februari",
    "march mar märz mars marzo março maart",
    "april apr avril abril aprile",
    "may mai mayo maggio maio mei",
    "june jun juni juin junio giugno junho",
    "july jul juli juillet julio luglio julho",
    "august aug août agosto augustus",
    "september sep sept septembre septiembre settembre setembro",
    "october oct oktober okt octobre octubre ottobre outubro",
    "november nov novembre noviembre novembro",
    "december dec dezember dez décembre diciembre dicembre dezembro",
)
_NUMBER_OF = {name: number for number, names in enumerate(_MONTHS, 1) for name in names.split()}
_MONTH = "(?:" + "|".join(sorted(_NUMBER_OF, key=len, reverse=True)) + r")\b\.?"
_DAY = r"(?<!\d)\d{1,2}(?:st|nd|rd|th|er|º|°)?\b\.?"
_YEAR = r"(?:19|20)\d\d(?!\d)"
_DATE = re.compile(
    rf"(?P<m1>\b{_MONTH}) ?(?P<d1>{_DAY}),? ?(?P<y1>{_YEAR})"
    rf"|(?P<d2>{_DAY}) ?(?:of |de |d')?(?P<m2>{_MONTH}),?(?: de| del| of)? ?(?P<y2>{_YEAR})"
    rf"|(?<![\d./-])(?P<y3>{_YEAR})(?P<s3>[-./])(?P<m3>\d{{1,2}})(?P=s3)(?P<d3>\d{{1,2}})(?![\d/-])"
    rf"|(?P<y4>{_YEAR}) ?[年년] ?(?P<m4>\d{{1,2}}) ?[月월] ?(?P<d4>\d{{1,2}}) ?[日일]"
    rf"|(?<![\d./-])(?P<a5>\d{{1,2}})(?P<s5>[./-])(?P<b5>\d{{1,2}})(?P=s5)(?P<y5>{_YEAR})(?![\d/-])"
    rf"|(?P<m6>\b{_MONTH}),?(?: de)? ?(?P<y6>{_YEAR})",
    re.IGNORECASE,
)
_ANY_YEAR = re.compile(_YEAR)
_AGO = re.compile(
    r"(?:\b(?:(?:over|about|around|almost|more than|less than|at least)\s+)?"
    r"(?:\d+|an?|a few|few|one|two|three|four|five|six|several)\s+"
    r"(?:second|sec|minute|min|hour|day|week|month|year)s?\s+ago\b"
    r"|\b(?:yesterday|today|just now|last (?:week|month|year))\b"
    r"|\bvor \w+ (?:Sekunden?|Minuten?|Stunden?|Tag(?:en)?|Wochen?|Monat(?:en)?|Jahr(?:en)?)\b"
    r"|\bil y a \w+ (?:secondes?|minutes?|heures?|jours?|semaines?|mois|ans?)\b"
    r"|\bhace \w+ (?:segundos?|minutos?|horas?|días?|semanas?|mes(?:es)?|años?)\b)",
    re.IGNORECASE,
)
_PERHAPS_AGO = re.compile(r"\b(?:ago|yesterday|today|now|last|vor|il y a|hace)\b", re.IGNORECASE)
_VERSION = re.compile(r"\b(?:v\.?|ver\.?|version|revision|rev\.?) ?\d[\d.]*", re.IGNORECASE)
_UPDATED = (
    "updated? revised revision modified amended changed aktualisiert aktualisierung geändert fassung stand"
    " mise jour modification actualización actualizado actualizada aggiornamento aggiornata aggiornato"
    " atualização atualizado atualizada bijgewerkt wijziging aktualizacja"
)
_EFFECTIVE = (
    "effective effect force applies apply applicable valid gültig wirksam gilt inkrafttreten kraft vigueur vigente"
    " vigor vigencia vigore efficace geldig obowiązuje"
)
_PUBLISHED = "published? posted? released? issued? created publication version veröffentlicht publié publicado"
# With which the words above are tied to the document and to its date.
_TYING = (
    "last latest most recent recently date dates as of on from since at with in and or an a the this these our we it is"
    " are was were be been being will has have have had took takes take comes came into become becomes becoming"
    " replaces supersedes previous prior past earlier current version versions policy policies terms conditions"
    " agreement notice statement document page article privacy service services use time utc gmt"
    " zuletzt letzte letzten am ab vom zum dem der die das ist tritt in seit diese dieser vorherige"
    " dernière le la du de depuis à au date entrée cette última ultimo ultima fecha el desde del a partir data"
    " laatst laatste op vanaf ostatnia od"
)


def _vocabulary(*lists: str) -> frozenset[str]:
    """The words of the lists; one that ends in "?" stands with "d" and without."""
    words = " ".join(lists).split()
    return frozenset(form for word in words for form in ((word[:-1], word[:-2]) if word[-1] == "?" else (word,)))


_UPDATING, _TAKING_EFFECT = _vocabulary(_UPDATED), _vocabulary(_EFFECTIVE)
_DATING = _UPDATING | _TAKING_EFFECT | _vocabulary(_PUBLISHED, _TYING)
# A label that lost its date, or a link to what was there before: "Effective date", "(previous version)".
_LABEL = re.compile(
    r"(?:last |latest )?(?:updated?|revised|modified)(?: on)?|effective(?: date)?(?: as of)?|release date"
    r"|(?:see |view )?(?:the |our )?(?:previous|prior|past|archived|earlier) versions?|version history",
    re.IGNORECASE,
)
_ARCHIVE = re.compile(
    r"(?:see |view |read )?(?:the |all |our )?(?:archived|older|prior|previous|past|earlier) versions?"
    r"|(?:download|print|save)(?: as)?(?: a)?(?: pdf)?|archives?",
    re.IGNORECASE,
)
_CJK_LABEL = re.compile(
    r"(?:最[近后終終]?)?(?:更新|修订|修訂|改定|改訂|施行|生效|制定|发布|發布|版本)(?:日期?|时间|時間)?[::]?"
)
_WORD = re.compile(r"[^\W_]+")
# Before a date inside a longer sentence: a line that was joined to the words beside it.
_JOINED_LABEL = (
    r"(?:(?:last|latest) (?:updated?|revised|revision|modified)(?: on)?|(?:release|effective|publication) date"
    r"|updated|effective|revised)\s*:?\s*"
)
_JOINED = re.compile(rf"(?<![^\W_])(?P<label>{_JOINED_LABEL})(?P<date>{_DATE.pattern})", re.IGNORECASE)
_TOP = 10  # sentences from the beginning within which a date without a label is the document's own
_LONGEST_LINE = 200  # characters; a longer sentence is none that only states a date


def canonical(words: str) -> str:
    """The words with every date written as 2026-05-31 (2026-05 without a day); "1/2/2026" stays: nobody can say."""
    return _DATE.sub(_iso, words) if _ANY_YEAR.search(words) else words


def without_joined_dates(words: str) -> str:
    """The words without the date in "Last updated: 5 May 2026We may …": a line that runs into a sentence."""
    if not _ANY_YEAR.search(words) or is_date_line(words):
        return words
    return _JOINED.sub(lambda match: match["label"] if ":" in match["label"] else match[0], words)


def dates(words: str) -> Iterator[date]:
    """The days named in the words, in order; months without a day are none."""
    for match in _DATE.finditer(words):
        if found := _day(match):
            yield found


@remembered
def written_dates(words: str) -> list[str]:
    """The dates in the words, as they are written."""
    return [match[0] for match in _DATE.finditer(words)] if _ANY_YEAR.search(words) else []


def is_relative(words: str) -> bool:
    """Whether the words tell a time as seen from the reader's day: "5 days ago"."""
    return _PERHAPS_AGO.search(words) is not None and _AGO.search(words) is not None


@remembered
def is_date_line(words: str) -> bool:
    """Whether the words only state when the document was updated or takes effect."""
    if len(words) > _LONGEST_LINE:
        return False
    bare, named = _DATE.subn(" ", words) if _ANY_YEAR.search(words) else (words, 0)
    bare, told = _AGO.subn(" ", bare) if _PERHAPS_AGO.search(bare) else (bare, 0)
    if not named and not told:
        return _LABEL.fullmatch(words.strip(" ():.,|")) is not None
    bare = _ARCHIVE.sub(" ", _CJK_LABEL.sub(" ", _VERSION.sub(" ", bare)))
    return all(word.lower() in _DATING for word in _WORD.findall(bare))


@dataclass(frozen=True, slots=True)
class Stated:
    """What a text states of its own date: the `day` that counts, and all its days, sorted."""

    day: date | None
    days: tuple[date, ...]


@remembered_of_text
def stated(text: Projection) -> Stated:
    """The day that a text states as its last update, else the one from which it applies; None when it names no day.

    Of several (a file may join several pages) the latest: it is the one that moves when any of the pages does. A
    month alone ("May 2026") names no day.
    """
    found: dict[str, list[date]] = {"updated": [], "effective": [], "bare": []}
    for index, (start, end) in enumerate(text.sentences):
        words = text.plain[start:end]
        if not ("20" in words or "19" in words) or not _ANY_YEAR.search(words):
            continue
        line = _stated(words[: 2 * _LONGEST_LINE])
        if line and (line[0] != "bare" or index < _TOP):
            found[line[0]] += line[1]
    day = max(found["updated"] or found["effective"] or found["bare"], default=None)
    return Stated(day, tuple(sorted(chain.from_iterable(found.values()))))


@remembered
def _stated(words: str) -> tuple[str, list[date]] | None:
    """What a sentence states of its document: the sort of date, and the days."""
    if not _DATE.search(words):
        return None
    if not is_date_line(words):
        joined = _JOINED.search(words)
        if not joined or ":" not in joined["label"]:
            return None
        words = joined[0]
    tokens = {match[0].lower(): match.start() for match in reversed(list(_WORD.finditer(words)))}
    labels = [at for token, at in tokens.items() if token in _UPDATING]
    if labels or _CJK_LABEL.search(words):
        behind = words[min(labels, default=0) :]
        return "updated", (list(dates(behind)) or list(dates(words)))[:1]
    return ("effective" if tokens.keys() & _TAKING_EFFECT else "bare"), list(dates(words))


def _day(match: re.Match[str]) -> date | None:
    """The day of a match; None for a month alone, for "1/2/2026", and for a day that no calendar has."""
    found = match.groupdict()
    if found["y6"]:
        return None
    if found["y5"]:
        first, second = int(found["a5"]), int(found["b5"])
        if found["s5"] == "/" and first != second and first <= 12 and second <= 12:
            return None
        month, day = (first, second) if second > 12 else (second, first)
        return _valid(int(found["y5"]), month, day)
    which = next(number for number in "1234" if found[f"y{number}"])
    return _valid(int(found[f"y{which}"]), _month(found[f"m{which}"]), int(re.sub(r"\D", "", found[f"d{which}"])))


def _valid(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _month(name: str) -> int:
    return int(name) if name.isdecimal() else _NUMBER_OF[name.lower().rstrip(".")]


def _iso(match: re.Match[str]) -> str:
    found = _day(match)
    if found:
        return found.isoformat()
    if match["y6"]:
        return f"{match['y6']}-{_month(match['m6']):02}"
    return match[0]
