"""Where the sentences of legal prose begin and end (pure). Offsets are code points."""

from __future__ import annotations

import re
from collections.abc import Iterator


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


# Their full stop never ends a sentence, whatever follows.
_NEVER_LAST = _words(
    "e.g i.e cf viz vs v al approx ca incl excl mr mrs ms dr prof hon st mt messrs"
    " arts secs para paras subsec cl cls ch chap figs nos pp vol reg regs dir"
    " abs bzw z.b d.h u.a vgl ggf zzgl inkl lit ziff bspw p.ex"  # German and French
)
# They point at a number; before anything else their full stop ends a sentence ("We say no. You …").
_BEFORE_A_NUMBER = _words("no nr art sec fig p n app ex sched rule exh annex tel ext")
# Their full stop ends a sentence only where the next word is one that sentences like to begin with.
_PERHAPS_LAST = _words(
    "inc ltd llc corp co plc l.l.c l.p b.v n.v s.a s.r.l s.p.a gmbh bros etc u.s u.s.a u.k e.u u.n a.m p.m d.c jr sr"
    " esq jan feb mar apr jun jul aug sep sept oct nov dec dept div est dist ave blvd rd usw"
)
_BEGINNERS = _words(
    "a all although an and any as at because before besides but by do each either every except for from he her his"
    " how however i if in it its many most my neither no nor not nothing on once only or other otherwise our please"
    " she should since so some such that the their then there these they this those though to under unless until upon"
    " we what when where whether which while who with without you your"
    " der die das wir sie ihr wenn nous vous le la les si"
)
_ROMAN = re.compile("[IVXLC]{1,5}")
_ENUMERATOR = re.compile(r"\s*\((?:[a-z]|[ivx]{1,5}|\d{1,2})\)")
_MONTHS = _words(
    "januar jänner februar märz april mai juni juli august september oktober november dezember"
)  # "5. Mai"
CLOSERS = "\"'”’»›)\\]}*_`」』）】〉》"
_OPENERS = "\"'“‘„«‹([{*_`「『（【〈《"
_STOP = re.compile(rf"(?P<wide>[。！？｡।۔؟]+[{CLOSERS}]*)|[.!?…]+[{CLOSERS}]*(?=\s|\Z)")
_WORD_BEFORE = re.compile(r"([^\W_](?:[^\W_]|\.(?=[^\W_]))*)\\?\Z")  # the full stop behind it may be escaped
_WORD_AFTER = re.compile(rf"[\s{re.escape(_OPENERS)}]*([^\W_]*)")
# A line with one of these begins a new paragraph; the marks themselves belong to no sentence.
_LINE_MARK = re.compile(r"[ \t]*(?:(?:[*+•●○▪◦‣-]|\#{1,6}|>)(?=[ \t])[ \t]*)+|[ \t]*[•●○▪◦‣]")
_NUMBERED = re.compile(r"[ \t]*\d{1,9}\\?[.)][ \t]")
_FRAME = re.compile(r"[ \t]*(?:[=-]+|(?:[-*_][ \t]*){3,}|\|[-:| \t]+\|)[ \t]*\Z")
_LINE = re.compile(r"[^\r\n]*(?:\r\n?|\n|\Z)")
_VISIBLE = re.compile(r"\S")
_WORD = re.compile(r"[^\W_]")


def boundaries(text: str) -> tuple[tuple[int, int], ...]:
    """The sentences of a text as slices, in order, without the white space and list marks between them.

    Paragraphs, list items, headings and table rows end a sentence; so does a full stop, unless it belongs to an
    abbreviation, an initial, a number or an address. Semicolons do not: "(i) …; (ii) …" is one sentence.
    """
    return tuple(span for start, end in paragraphs(text) for span in split(text, start, end))


def paragraphs(text: str) -> Iterator[tuple[int, int]]:
    """Slices that no sentence crosses, without the marks at their beginning."""
    start = end = -1
    for match in _LINE.finditer(text):
        line = match[0].rstrip("\r\n")
        mark = _LINE_MARK.match(line)
        bare = match.start() + (mark.end() if mark else 0)
        stop = match.start() + len(line)
        frame = not line.strip() or _FRAME.match(line)
        if start >= 0 and (frame or mark or _NUMBERED.match(line) or line.lstrip().startswith("|")):
            yield start, end
            start = -1
        if not frame and start < 0:
            start = bare
        end = stop
        if mark and "#" in mark[0] and start >= 0:  # a heading is one line
            yield start, end
            start = -1
    if start >= 0:
        yield start, end


def split(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The sentences of one paragraph, `text[start:end]`, as slices of `text`."""
    for stop in _STOP.finditer(text, start, end):
        if stop["wide"] or _ends_sentence(text, start, stop, end):
            yield from _trimmed(text, start, stop.end())
            start = stop.end()
    yield from _trimmed(text, start, end)


def _trimmed(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The slice without white space around it, if a word is left in it."""
    if _WORD.search(text, start, end) and (first := _VISIBLE.search(text, start, end)):
        yield first.start(), start + len(text[start:end].rstrip())


def _ends_sentence(text: str, start: int, stop: re.Match[str], end: int) -> bool:
    following = _WORD_AFTER.match(text, stop.end(), end)
    after = following[1] if following else ""
    if _ENUMERATOR.match(text, stop.end(), end):
        after = "0"  # "(a)" and "(1)" begin a sentence, or belong to "Art." before them: as a number does
    if after[:1].islower():
        return False
    if not stop[0].startswith(".") or stop[0].startswith(".."):
        return True
    before = _WORD_BEFORE.search(text, max(start, stop.start() - 40), stop.start())
    if not before:
        return True
    word = before[1].lower()
    if before.start() < start + 8 and not text[start : before.start()].strip(_OPENERS + " \t\r\n"):
        # The first word: a list number or letter ("1.", "a."), or a sentence of one word.
        return not (word.isdigit() or len(word) == 1 or word in _NEVER_LAST)
    if word in _NEVER_LAST:
        return not after
    if word in _BEFORE_A_NUMBER:
        letter = len(after) == 1 and after.isupper() and word != "no"
        return not (letter or after[:1].isdigit() or _ROMAN.fullmatch(after))
    if word in _PERHAPS_LAST or (len(word) == 1 and word.isalpha() and before[1].isupper()):
        return not after or after.lower() in _BEGINNERS
    return not (word.isdigit() and after.lower() in _MONTHS)
