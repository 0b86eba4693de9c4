"""What became of a document between two of its texts (pure).

A change is new or lost sentences; everything else (spacing, markup, dates, furniture of the page, a return to an
earlier text, a new extraction) is named for what it is and is no news. Where the rules cannot tell, it is a change:
a noisy record costs a look, a missed one costs trust.

Sentences are compared as a multiset, not as a sequence: near linear for wholly different texts too, and a sentence
that moved is no sentence lost. What is left over is compared once more by its words alone, without list numbers,
spacing, the form of dates, full stops and where one sentence ends and the next begins.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property

from platforms.blocks import BlockKind
from platforms.capture.gate import Fault, Finding, judge
from platforms.furniture import page_of, without_link_hints
from platforms.plaintext import Projection, project, without_number
from platforms.remembering import remembered, remembered_of_text
from platforms.spacing import same_but_for_spacing
from platforms.stated import canonical, is_date_line, is_relative, stated, without_joined_dates, written_dates

# "4.2 Your rights" is a numbered heading, "1.5 percent" and "2.5 GB" are amounts.
_AMOUNT = re.compile(r"\d{1,3}(?:\.\d{1,3})+ (?!(?:[A-Z\"'(][a-z]|[A-Z]{4}))")
# The number of a section, where it is taken for a sentence: "3.", "A.1.", "I.2.a."
_PART = r"(?:\d{1,3}|[A-Z]|[a-z]|[ivxlc]{2,5})"
_SECTION = re.compile(rf"(?=\D*\d)(?:{_PART}\.)+(?:{_PART}\.?)?")
_LETTERED = re.compile(r"\A[A-Z]\.\d{1,3}(?:\.\d{1,3})*\.? (?=\w)")
_ADDRESS = re.compile(r"\b(?:https?://(?:www\.)?|www\.)(\w[^\s()<>\"',]*)")
# What a page shows to programs in place of an e-mail address, and the address.
_HIDDEN = "[email protected]"
_MAIL = re.compile(r"\[email protected\]|[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_DIGIT = re.compile(r"\d")
_SPACING = re.compile(r"(?<!\d)\s+|\s+(?!\d)")
_MARKS = str.maketrans("", "", ".:;!…*\\|•·")
_STOPS = re.compile(r"[.:;!…](?!\d)|(?<!\d)[.:;!…]|[*\\|•·]|\A[-,]+(?!\d)|[-,]+\Z")
# Why a text counts as a return.
SAME_WORDS = "The words are those of an earlier text again."
SAME_SENTENCES = "The sentences are those of an earlier text again; only dates or page furniture differ."

_LONGEST_LINE = 200  # characters; what is longer is neither a line with a date nor furniture
_ALIKE = 0.5  # of both texts, in characters
_LONG = 1000  # characters; beside a text of this length a very short one is a rest of it
_MOST_JOINED = 8  # sentences of one text that may be one sentence of the other


class Kind(StrEnum):
    IDENTICAL = "identical"
    WHITESPACE = "whitespace"
    MARKUP = "markup"
    DATES = "dates"
    FURNITURE = "furniture"
    RETURNED = "returned"
    EXTRACTION = "extraction"
    BROKEN = "broken"
    SUBSTANTIVE = "substantive"


@dataclass(frozen=True)
class Transition:
    """The class of a transition, why, and the sentences that only one text holds (plain words, reading order).

    Where sentences of the policy differ, `removed` and `added` hold those alone; else the dates or the furniture that
    differ. `stated_before` and `stated_after` are the days that the texts state as their last update (or, where they
    state none, from which they apply). `redated` tells that any of the days stated in such lines differs.
    """

    kind: Kind
    reason: str
    removed: tuple[str, ...] = ()
    added: tuple[str, ...] = ()
    stated_before: date | None = None
    stated_after: date | None = None
    redated: bool = False

    @property
    def silent(self) -> bool:
        """Sentences changed, but no date that the document itself states did."""
        known = self.stated_before is not None and self.stated_before == self.stated_after
        return self.kind is Kind.SUBSTANTIVE and known and not self.redated


def classify(
    before: str | Projection,
    after: str | Projection,
    *,
    earlier: Collection[str] = (),
    language: str | None = None,
    technical: bool = False,
) -> Transition:
    """Tell what happened between two texts of a document. Near linear; never raises.

    `earlier` holds the fingerprints of the texts accepted before `before`, and may hold their `essence` too: then a
    return is seen even where dates or furniture differ. `technical` says that our own extraction changed.
    `language` is the document's, as BCP 47; texts in another are broken.
    """
    old, new = _projected(before), _projected(after)
    if old.text == new.text:
        return _made(Kind.IDENTICAL, "The texts are the same, character for character.", old, new)
    if old.plain == new.plain:
        if same_but_for_spacing(old.text, new.text):
            return _made(Kind.WHITESPACE, "Only spacing differs.", old, new)
        return _made(Kind.MARKUP, "The words are the same; only markup or links differ.", old, new)
    found = _Comparison(old, new)
    kind, reason = _told(found, earlier=earlier, language=language, technical=technical)
    return _made(kind, reason, old, new, found)


def essence(text: str | Projection) -> str:
    """SHA-256 over the sentences of the policy in a text, dates and furniture left out, whatever their order."""
    return _essence(_projected(text))


@remembered_of_text
def _essence(text: Projection) -> str:
    side = _Side(text)
    policy = (index for index in range(len(side.sentences)) if side.role(index) is _Role.SENTENCE)
    keys = sorted(filter(None, map(side.key, policy)))
    return hashlib.sha256("\n".join(keys).encode("utf-8", "surrogatepass")).hexdigest()


def _projected(text: str | Projection) -> Projection:
    return project(text) if isinstance(text, str) else text


def _made(kind: Kind, reason: str, old: Projection, new: Projection, found: _Comparison | None = None) -> Transition:
    then, now = stated(old), stated(new)
    removed, added = (found.removed, found.added) if found else ((), ())
    return Transition(kind, reason, removed, added, then.day, now.day, redated=then.days != now.days)


def _told(found: _Comparison, *, earlier: Collection[str], language: str | None, technical: bool) -> tuple[Kind, str]:
    if broken := _broken(found, language):
        return Kind.BROKEN, broken
    if found.new.text.fingerprint in earlier:
        return Kind.RETURNED, SAME_WORDS
    kind, reason = found.judged()
    if kind is Kind.SUBSTANTIVE and earlier and essence(found.new.text) in earlier:
        return Kind.RETURNED, SAME_SENTENCES
    if technical and kind in (Kind.DATES, Kind.FURNITURE, Kind.SUBSTANTIVE):
        return Kind.EXTRACTION, f"Our reading of the page changed, not known whether the page did: {_lowered(reason)}"
    return kind, reason


def _broken(found: _Comparison, language: str | None) -> str:
    """Which text is no policy text, and why; empty when both are, or where no sentence differs.

    A fault that both have says nothing of two texts that are alike: a person let it in.
    """
    if _Role.SENTENCE not in found.roles:
        return ""
    old, new = found.old.text, found.new.text
    before, after = judge(old, language=language or ""), judge(new, language=language or "")
    if before.fault == after.fault and found.shared > _ALIKE:
        return ""
    if _counts(after, old):
        return f"The new text is no policy text: {after.reason}."
    if _counts(before, new):
        return f"The text before is no policy text: {before.reason}."
    return ""


def _counts(finding: Finding, other: Projection) -> bool:
    """Whether a fault tells the texts apart: a short text beside another short one may be a short policy."""
    return not finding.accepted and (finding.fault != Fault.TOO_SHORT or len(other.plain) >= _LONG)


def _lowered(reason: str) -> str:
    return reason[:1].lower() + reason[1:]


class _Role(StrEnum):
    SENTENCE = "sentence"
    DATE = "date"
    FURNITURE = "furniture"


class _Side:
    """One of the two texts: its sentences, each named by its index, and what they are compared by."""

    def __init__(self, text: Projection, *, hide_mail: bool = False) -> None:
        self.text = text
        self.hide_mail = hide_mail
        self.page = page_of(text)
        self.sentences = self.page.sentences

    def key(self, index: int) -> str:
        """The words of a sentence without what may differ and mean nothing."""
        words = self.sentences[index]
        whole, unnumbered = _keys_without_mail(words) if self.hide_mail else _keys(words)
        return unnumbered if whole != unnumbered and self._is_numbered(index) else whole

    def written_dates(self, indices: Iterable[int]) -> Counter[str]:
        """The dates in some of the sentences, as they are written."""
        return Counter(written for index in indices for written in written_dates(self.sentences[index]))

    def has_hints(self, indices: Iterable[int]) -> bool:
        return any(without_link_hints(words) != words for words in map(self.sentences.__getitem__, indices))

    def role(self, index: int) -> _Role:
        words = self.sentences[index]
        if len(words) > _LONGEST_LINE or self.page.is_prose(index):
            return _Role.SENTENCE
        if is_date_line(words) and not is_relative(words):
            return _Role.DATE
        return _Role.FURNITURE if self.page.is_furniture(index) else _Role.SENTENCE

    @cached_property
    def heading_keys(self) -> frozenset[str]:
        return frozenset(_bare(canonical(words)) for words in self.page.headings)

    def _is_numbered(self, index: int) -> bool:
        """Whether a number at the beginning of a sentence is that of its block, and no amount in a table."""
        block = self.page.block(index)
        if block is None or block.plain_start != self.text.sentences[index][0]:
            return False
        return block.kind is not BlockKind.ROW or not self.sentences[index][:1].isdigit()


@remembered
def _keys(words: str) -> tuple[str, str]:
    """What a sentence is compared by, with the number that leads it and without."""
    bare, key = _unnumbered(words), _key(words)
    return key, key if bare == words else _key(bare)


@remembered
def _keys_without_mail(words: str) -> tuple[str, str]:
    return _key(_MAIL.sub(_HIDDEN, words)), _key(_MAIL.sub(_HIDDEN, _unnumbered(words)))


def _unnumbered(words: str) -> str:
    """The words without a list number; an amount that leads them stays."""
    if (not words[:1].isalnum() and words[:1] != "(") or _AMOUNT.match(words):
        return words
    return "" if _SECTION.fullmatch(words) else _LETTERED.sub("", without_number(words), count=1)


def _key(words: str) -> str:
    words = without_joined_dates(without_link_hints(words))
    words = canonical(words)
    return _bare(_ADDRESS.sub(_without_host_prefix, words) if "http" in words or "www." in words else words)


def _without_host_prefix(address: re.Match[str]) -> str:
    """An address without "https://www." and a slash at its end: both lead to the same page."""
    return address[1].rstrip("/")


def _bare(words: str) -> str:
    """The words without blanks, full stops and leftover marks; between digits both stay."""
    if _DIGIT.search(words):
        return _SPACING.sub("", _STOPS.sub("", words))
    return "".join(words.translate(_MARKS).split()).strip("-,")


class _Comparison:
    """The sentences that only one of two texts holds, and what they are."""

    def __init__(self, old: Projection, new: Projection) -> None:
        hide_mail = (_HIDDEN in old.plain) != (_HIDDEN in new.plain)  # one side's addresses cannot be compared
        self.old, self.new = _Side(old, hide_mail=hide_mail), _Side(new, hide_mail=hide_mail)
        before, after = dict(enumerate(self.old.sentences)), dict(enumerate(self.new.sentences))
        lost, gained = _unmatched(before, after), _unmatched(after, before)
        self.same_sentences = not lost and not gained
        lost, gained = {i: self.old.key(i) for i in lost}, {i: self.new.key(i) for i in gained}
        lost_left, gained_left = _unmatched(lost, gained), _unmatched(gained, lost)
        self.redrawn = self.old.written_dates(lost.keys() - lost_left.keys()) != self.new.written_dates(
            gained.keys() - gained_left.keys()
        )
        self.hinted = self.old.has_hints(lost.keys() - lost_left.keys()) != self.new.has_hints(
            gained.keys() - gained_left.keys()
        )
        _cancel_joined(lost_left, gained_left)
        _cancel_joined(gained_left, lost_left)
        if "".join(lost_left.values()) == "".join(gained_left.values()):
            lost_left, gained_left = {}, {}
        self.roles_lost = _roles(self.old, lost_left, self.new)
        self.roles_gained = _roles(self.new, gained_left, self.old)
        self.roles = {*self.roles_lost.values(), *self.roles_gained.values()}

    @cached_property
    def shared(self) -> float:
        """Which part of the longer text stands in the other."""
        lost = sum(len(self.old.sentences[index]) for index in self.roles_lost)
        gained = sum(len(self.new.sentences[index]) for index in self.roles_gained)
        return 1 - max(lost / max(1, len(self.old.text.plain)), gained / max(1, len(self.new.text.plain)))

    @property
    def removed(self) -> tuple[str, ...]:
        return self._shown(self.old, self.roles_lost)

    @property
    def added(self) -> tuple[str, ...]:
        return self._shown(self.new, self.roles_gained)

    def _shown(self, side: _Side, roles: dict[int, _Role]) -> tuple[str, ...]:
        every = _Role.SENTENCE not in self.roles
        return tuple(side.sentences[index] for index, role in roles.items() if every or role is _Role.SENTENCE)

    def judged(self) -> tuple[Kind, str]:
        if _Role.SENTENCE in self.roles:
            return Kind.SUBSTANTIVE, f"{_counted(len(self.added), 'added')}, {_counted(len(self.removed), 'removed')}."
        if _Role.FURNITURE in self.roles:
            return Kind.FURNITURE, "Only what stands around the text differs: menus, notices, counters or links."
        if self.hinted:
            return Kind.FURNITURE, "Only what the page says of its links differs."
        if _Role.DATE in self.roles:
            return Kind.DATES, "Only dates differ."
        if not self.redrawn and same_but_for_spacing(self.old.text.plain, self.new.text.plain):
            return Kind.WHITESPACE, "Only spacing differs."
        if self.redrawn:
            return Kind.DATES, "Only dates differ, or the way in which they are written."
        if not self.same_sentences:
            return Kind.MARKUP, "The words are the same; only list numbers, full stops or forms of addresses differ."
        if self.old.sentences != self.new.sentences:
            return Kind.MARKUP, "The same sentences stand in another order."
        return Kind.MARKUP, "The sentences are the same; only marks between them differ."


def _counted(count: int, what: str) -> str:
    return f"{count} {'sentence' if count == 1 else 'sentences'} {what}" if count else f"none {what}"


def _unmatched(keys: Mapping[int, str], others: Mapping[int, str]) -> dict[int, str]:
    """What stands here more often than there, by index; of what repeats, the last ones."""
    left = Counter(others.values())
    without: dict[int, str] = {}
    for index, key in keys.items():
        if left[key] > 0:
            left[key] -= 1
        elif key:
            without[index] = key
    return without


def _cancel_joined(whole: dict[int, str], parts: dict[int, str]) -> None:
    """Take out what is one sentence here and several there: a full stop or a blank is missing on one side."""
    if not whole:
        return
    places: dict[str, list[int]] = defaultdict(list)
    for index, key in whole.items():
        places[key].append(index)
    for first in list(parts):
        joined, run = "", list[int]()
        for index in range(first, first + _MOST_JOINED):
            if index not in parts:
                break
            joined, run = joined + parts[index], [*run, index]
            if len(run) > 1 and places.get(joined):
                del whole[places[joined].pop()]
                for part in run:
                    del parts[part]
                break


def _roles(side: _Side, indices: Iterable[int], other: _Side) -> dict[int, _Role]:
    """What each of the sentences is, in reading order."""
    roles: dict[int, _Role] = {}
    for index in indices:
        roles[index] = side.role(index)
        if roles[index] is _Role.SENTENCE and side.page.is_fragment(index) and side.key(index) in other.heading_keys:
            roles[index] = _Role.FURNITURE  # a list of contents: the heading itself stands in both
    for run in _runs(roles):
        if side.page.banner(run):
            roles.update(dict.fromkeys(run, _Role.FURNITURE))
    return roles


def _runs(indices: Iterable[int]) -> Iterator[list[int]]:
    """Indices that follow each other without a gap."""
    run: list[int] = []
    for index in indices:
        if run and index != run[-1] + 1:
            yield run
            run = []
        run.append(index)
    if run:
        yield run
