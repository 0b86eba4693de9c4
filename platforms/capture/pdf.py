"""The words of a PDF, which knows only where ink lies: lines become paragraphs again, with caution."""

from __future__ import annotations

import io
import logging
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from pypdf import PdfReader
from pypdf.errors import DependencyError, FileNotDecryptedError

from platforms.capture.markdown_of import escaped
from platforms.capture.responses import Fault, Stopped

_PAGES = 2_000
_LEAST = 20  # characters a page has on average when it holds text and not a picture of it
_EDGE = 2  # lines at the top and at the bottom of a page that may be furniture
_MOST = 0.6  # of the pages show furniture
_DIGITS = re.compile(r"\d+")
_ITEM = re.compile(r"(?:[•●○▪◦‣·*–—-]|\(?(?:\d{1,3}(?:\.\d{1,3})*|[A-Za-z]|[ivxlc]{1,5})[.)]|\d{1,3}(?:\.\d{1,3})+)\s")
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_BROKEN = re.compile(r"([^\W\d_]+)[-\u2010]\Z")
_AND = {"de": ("und", "oder"), "fr": ("et", "ou"), "es": ("y", "o"), "nl": ("en", "of"), "it": ("e", "o")}
_ENDS = (".", "!", "?", ":", ";", "。", "！", "？", "…", "”", '"')

logging.getLogger("pypdf").setLevel(logging.ERROR)  # most PDFs break some rule; it would tell each time


@dataclass(frozen=True, slots=True)
class Pdf:
    """`markdown` holds the words in paragraphs, `visible` all the lines of all the pages, furniture included."""

    markdown: str
    visible: str
    title: str


def read(body: bytes, language: str = "") -> Pdf:
    """The words of a PDF. Raises Stopped when there are none to be had: encrypted, scanned, damaged."""
    try:
        reader = PdfReader(io.BytesIO(body))
        if reader.is_encrypted and not reader.decrypt(""):
            raise FileNotDecryptedError
        if len(reader.pages) > _PAGES:
            raise Stopped(Fault.TOO_LARGE, f"The PDF has {len(reader.pages)} pages, more than {_PAGES}.")
        pages = [_lines(page.extract_text()) for page in reader.pages]
        title = str((reader.metadata.title if reader.metadata else "") or "")
    except Stopped:
        raise
    except (FileNotDecryptedError, DependencyError) as error:
        raise Stopped(Fault.ENCRYPTED, "The PDF is encrypted and cannot be read without its password.") from error
    except Exception as error:  # pypdf answers damage with whatever it stumbles over
        raise Stopped(Fault.BROKEN_PDF, f"The PDF is damaged: {type(error).__name__} while reading it.") from error
    if sum(len(line) for page in pages for line in page) < _LEAST * max(1, len(pages)):
        raise Stopped(Fault.SCANNED, "The PDF holds pictures of pages and no text: it has to be read by a person.")
    visible = "\n".join(line for page in pages for line in page)
    paragraphs = _paragraphs(without_furniture(pages), language)
    return Pdf("\n\n".join(escaped(one, line=True) for one in paragraphs), visible, title)


def without_furniture(pages: Sequence[Sequence[str]]) -> list[list[str]]:
    """The pages without the lines at their edges that nearly all pages have in common: titles, page numbers.

    A line whose digits differ counts as the same only if they count the pages. Fewer than three pages keep all.
    """
    kept = [list(page) for page in pages]
    if len(pages) < 3:
        return kept
    for place in range(-_EDGE, _EDGE):
        lines = [(number, page[place]) for number, page in enumerate(pages) if len(page) > 2 * _EDGE]
        at_place = [(number, line) for number, line in lines if not _is_sentence(line)]
        for furniture in _repeated(at_place, len(pages)):
            for number, line in at_place:
                if furniture in (line, _masked(line)):
                    kept[number][place] = ""
    return [[line for line in page if line] for page in kept]


def _is_sentence(line: str) -> bool:
    """Whether a line is, or ends, a sentence: that is never dropped, however often it stands there."""
    return line[0].islower() or (line.endswith((".", ";", ":", "?", "!", "。")) and " " in line)


def _repeated(lines: Sequence[tuple[int, str]], pages: int) -> list[str]:
    """The lines that stand on most pages, masked where their digits count the pages."""
    same = Counter(line for _, line in lines)
    found = [line for line, count in same.items() if count >= max(3, _MOST * pages)]
    for mask, count in Counter(_masked(line) for _, line in lines).items():
        numbers = [(page, list(map(int, _DIGITS.findall(line)))) for page, line in lines if _masked(line) == mask]
        if count >= max(3, _MOST * pages) and "#" in mask and mask not in found and _count_pages(numbers):
            found.append(mask)
    return found


def _count_pages(numbers: Sequence[tuple[int, list[int]]]) -> bool:
    """Whether one of the numbers grows with the pages while the others stay."""
    columns = list(zip(*(held for _, held in numbers), strict=True))
    offsets = [{value - page for value, (page, _) in zip(column, numbers, strict=True)} for column in columns]
    steady = [len(set(column)) == 1 for column in columns]
    counting = [len(offset) == 1 for offset in offsets]
    return any(counting) and all(a or b for a, b in zip(steady, counting, strict=True))


def _masked(line: str) -> str:
    return _DIGITS.sub("#", line)


def _lines(text: str) -> list[str]:
    """The lines of a page; an empty one, which parts paragraphs, stays."""
    return [line for line in (" ".join(line.split()) for line in text.replace("\x00", "").splitlines()) if line]


def _paragraphs(pages: Sequence[Sequence[str]], language: str) -> list[str]:
    """The lines joined to paragraphs: one ends with a sentence on a short line, and begins with a list mark."""
    lines = [line for page in pages for line in page]
    words = Counter(word.casefold() for line in lines for word in _WORD.findall(line))
    width = sorted(map(len, lines))[int(len(lines) * 0.9)] if lines else 0
    found: list[str] = []
    last = ""
    for line in lines:
        short = len(last) < 0.75 * width
        begins = _ITEM.match(line) or (short and (last.endswith(_ENDS) or not line[0].islower()))
        if not found or begins:
            found.append(line)
        else:
            found[-1] = _joined(found[-1], line, words, language)
        last = line
    return found


def _joined(above: str, line: str, words: Counter[str], language: str) -> str:
    """Two lines of a paragraph as one. A hyphen between them goes only where the whole word is known elsewhere."""
    half, rest = _BROKEN.search(above), _WORD.match(line)
    if not half or not rest:
        return f"{above} {line}"
    if rest[0].casefold() in ("and", "or", *_AND.get(language[:2].lower(), ())):
        return f"{above} {line}"
    whole, hyphened = half[1] + rest[0], f"{half[1]}-{rest[0]}"
    if rest[0][0].islower() and words[whole.casefold()] and not words[hyphened.casefold()]:
        return above[:-1] + line
    return above + line
