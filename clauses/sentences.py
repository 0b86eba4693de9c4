"""Sentences of legal prose, and the marks that say what a sentence of an analysis rests on (pure).

An analysis is Markdown in which every sentence ends with a mark: `[1]` or `[2,3]`, the numbers of the quoted
sentences it rests on, or `[~]` for our own inference. The mark stands behind the full stop; before it is accepted too.
Offsets are code points.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum


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
_CLOSERS = "\"'”’»›)\\]}*_`」』）】〉》"
_OPENERS = "\"'“‘„«‹([{*_`「『（【〈《"
_STOP = re.compile(rf"(?P<wide>[。！？｡।۔؟]+[{_CLOSERS}]*)|[.!?…]+[{_CLOSERS}]*(?=\s|\Z)")
_WORD_BEFORE = re.compile(r"([^\W_](?:[^\W_]|\.(?=[^\W_]))*)\\?\Z")  # the full stop behind it may be escaped
_WORD_AFTER = re.compile(rf"[\s{re.escape(_OPENERS)}]*([^\W_]*)")
# A line with one of these begins a new paragraph; the marks themselves belong to no sentence.
_LINE_MARK = re.compile(r"[ \t]*(?:(?:[*+•●○▪◦‣-]|\#{1,6}|>)(?=[ \t])[ \t]*)+|[ \t]*[•●○▪◦‣]")
_NUMBERED = re.compile(r"[ \t]*\d{1,9}\\?[.)][ \t]")
_FRAME = re.compile(r"[ \t]*(?:[=-]+|(?:[-*_][ \t]*){3,}|\|[-:| \t]+\|)[ \t]*\Z")
_LINE = re.compile(r"[^\r\n]*(?:\r\n?|\n|\Z)")
_VISIBLE = re.compile(r"\S")
_WORD = re.compile(r"[^\W_]")

# A bracket that is not the words of a link.
_BRACKET = r"\[(?P<inside>[^\[\]\n]{0,40})\](?![(:])"
_GOOD_MARK = re.compile(r"\s*(?:~|[1-9]\d{0,3}(?:\s*,\s*[1-9]\d{0,3})*)\s*")
_MARK_LIKE = re.compile(r"(?!.*[^\W\d_]{3}).{0,12}")  # no word in it
_MARKS = re.compile(rf"[ \t]*(?:\n[ \t]*)?{_BRACKET}")
_STOP_BEHIND = re.compile(rf"[.!?…。！？]+[{_CLOSERS}]*(?=\s|\Z)|[。！？]+[{_CLOSERS}]*")


class Basis(StrEnum):
    STATED = "stated"
    INFERRED = "inferred"


@dataclass(frozen=True, slots=True)
class MarkedSentence:
    """A sentence of an analysis.

    `prose[start:end]` is the sentence with its marks, `prose[mark_start:mark_end]` the marks with the blank before
    them (empty at the end of the sentence where there is none), `text` the sentence without. `malformed` is a mark
    that cannot be read, as it was written.
    """

    text: str
    start: int
    end: int
    mark_start: int
    mark_end: int
    rests_on: tuple[int, ...] = ()
    inferred: bool = False
    malformed: str = ""


def boundaries(text: str) -> tuple[tuple[int, int], ...]:
    """The sentences of a text as slices, in order, without the white space and list marks between them.

    Paragraphs, list items, headings and table rows end a sentence; so does a full stop, unless it belongs to an
    abbreviation, an initial, a number or an address. Semicolons do not: "(i) …; (ii) …" is one sentence.
    """
    return tuple(span for start, end in _paragraphs(text) for span in _sentences(text, start, end))


def parse(prose: str) -> tuple[MarkedSentence, ...]:
    """The sentences of an analysis with their marks. Never raises; see `problems` for what is wrong with them."""
    return tuple(sentence for start, end in _paragraphs(prose) for sentence in _marked_sentences(prose, start, end))


def problems(prose: str, *, sentences: int, field: str) -> list[str]:
    """One line for each thing that keeps an analysis from resting on its quotation of so many sentences."""
    marked = parse(prose)
    if not marked:
        return [f"{field}: there is no sentence; write at least one"]
    found = []
    for number, sentence in enumerate(marked, start=1):
        where = f"{field}: sentence {number} ({_short(sentence.text)})"
        inner = _inner_mark(sentence.text)
        if not _WORD.search(sentence.text):
            mark = prose[sentence.mark_start : sentence.mark_end].strip()
            found.append(f"{field}: the mark {mark} stands behind no sentence; put it at the end of one")
            continue
        if inner:
            found.append(f"{where} has the mark {inner} in its middle; move it to the end")
        if sentence.malformed:
            found.append(f"{where} has the mark {sentence.malformed}; write [1], [2,3] or [~] at its end")
        elif not sentence.rests_on and not sentence.inferred:
            found.append(f"{where} rests on nothing; end it with the numbers of quoted sentences, as [1], or with [~]")
        for rest in sentence.rests_on:
            if rest > sentences:
                held = f"the quotation has {sentences}" if sentences else "there is no quotation"
                found.append(f"{where} rests on sentence {rest}, but {held}")
    return found


def basis(what_it_is: str, why_it_matters: str, what_this_means: str) -> Basis:
    """Stated, if the first field rests on quoted sentences throughout and at least half of all sentences do."""
    first = parse(what_it_is)
    everything = (*first, *parse(why_it_matters), *parse(what_this_means))
    resting = sum(bool(sentence.rests_on) for sentence in everything)
    stated = bool(first) and all(sentence.rests_on for sentence in first) and 2 * resting >= len(everything)
    return Basis.STATED if stated else Basis.INFERRED


def _inner_mark(text: str) -> str:
    marks = (mark for mark in _MARKS.finditer(text) if _GOOD_MARK.fullmatch(mark["inside"]))
    return next((mark[0].strip() for mark in marks), "")


def _short(words: str) -> str:
    words = " ".join(words.split())
    return f"“{words}”" if len(words) <= 50 else f"“{words[:49].rstrip()}…”"


def _paragraphs(text: str) -> Iterator[tuple[int, int]]:
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


def _sentences(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The sentences of one paragraph."""
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


def _marked_sentences(prose: str, start: int, end: int) -> Iterator[MarkedSentence]:
    """Part a paragraph behind each mark; what stands between two marks is all unmarked but for its last sentence."""
    at = start
    while group := _next_marks(prose, at, end):
        mark_start, mark_end, insides = group
        behind = _STOP_BEHIND.match(prose, mark_end, end)
        stop = behind.end() if behind else mark_end
        spans = list(_sentences(prose, at, mark_start)) or [(mark_start, mark_start)]
        yield from (_unmarked(prose, *span) for span in spans[:-1])
        yield _marked(prose, spans[-1][0], stop, mark_start, mark_end, insides)
        at = stop
    yield from (_unmarked(prose, *span) for span in _sentences(prose, at, end))


def _next_marks(prose: str, at: int, end: int) -> tuple[int, int, list[str]] | None:
    """The next marks that end a sentence: where they begin and end, and what is in their brackets."""
    while first := _MARKS.search(prose, at, end):
        insides, stop = [first["inside"]], first.end()
        while more := _MARKS.match(prose, stop, end):
            insides.append(more["inside"])
            stop = more.end()
        if all(_MARK_LIKE.fullmatch(inside) for inside in insides) and _closes(prose, first.start(), stop, end):
            return first.start(), stop, insides
        at = first.end()
    return None


def _closes(prose: str, start: int, stop: int, end: int) -> bool:
    """Whether marks stand at the end of a sentence: behind its full stop, before it, or last in the paragraph."""
    before = prose[max(0, start - 8) : start].rstrip().rstrip("\"'”’»)*_`」』）")
    return (
        before[-1:] in tuple(".!?…。！？:;")
        or not prose[stop:end].strip()
        or bool(_STOP_BEHIND.match(prose, stop, end))
    )


def _marked(prose: str, start: int, end: int, mark_start: int, mark_end: int, insides: list[str]) -> MarkedSentence:
    text = prose[start:mark_start] + prose[mark_end:end]
    bad = next((inside for inside in insides if not _GOOD_MARK.fullmatch(inside)), None)
    malformed = "" if bad is None else f"[{bad}]"
    numbers = (
        () if malformed else tuple(dict.fromkeys(int(n) for inside in insides for n in re.findall(r"\d+", inside)))
    )
    inferred = not malformed and any("~" in inside for inside in insides)
    return MarkedSentence(text, start, end, mark_start, mark_end, numbers, inferred, malformed)


def _unmarked(prose: str, start: int, end: int) -> MarkedSentence:
    return MarkedSentence(prose[start:end], start, end, end, end)
