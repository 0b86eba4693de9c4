"""The quality gate: is this text the policy that is expected, or an error page, a sign-in form, a menu, … (pure)?

`judge` is asked before a text may count, by imports and by captures alike. What it refuses is kept and shown, and
touches no quotation. Its rules:

- A phrase counts only as a whole block: in a short text without prose, in a title at the top, or as the heading of a
  part whose next words go on in the same vein. A policy may speak of error 404 and of logging in as it likes.
- Lengths are measured in Latin letters; a Chinese, Japanese or Korean character weighs as much as three.
- A text that has become much shorter is refused only when a second thing is wrong with it, or when next to nothing
  is left. A rewritten policy is accepted at its first sight: nothing else would ever let it in.
- What already stands in the previous, accepted text is no reason to refuse: a person may have let it in.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from platforms.blocks import BlockKind
from platforms.capture import signs
from platforms.capture.language import LANGUAGES, base, languages_of, told
from platforms.capture.page import FEW_SENTENCES, SENTENCE, TITLE, Page, length, page_of, shown, weight
from platforms.capture.titles import apart, speaks_of, subject_of, subjects
from platforms.plaintext import Projection, project
from platforms.sentences import boundaries

# Weights, see `platforms.capture.page`
LEAST = 400  # no policy is shorter
SELF_SUPPORTING = 4000  # a text of this length is a document, however long the one before
# Parts
SHARED = 0.95  # of both texts, in characters: little has changed
FALL = 0.4  # of the length before
COLLAPSE = 0.1
CUT = 1 / 3
MOSTLY_LINKS = 0.5  # of the plain characters; in real policies at most 0.2
MOSTLY_CODE = 0.03  # braces and the like; in real policies at most 0.005
LOST = 0.03  # of the visible sentences between the first and the last that were kept

_NOT_A_WORD = re.compile(r"[\W_]+")


class Fault(StrEnum):
    EMPTY = "empty"
    SCRIPT = "script"
    ERROR_PAGE = "error_page"
    REDIRECT = "redirect"
    LOGIN_WALL = "login_wall"
    BOT_CHECK = "bot_check"
    COOKIE_BANNER = "cookie_banner"
    NAVIGATION = "navigation"
    TOO_SHORT = "too_short"
    LANGUAGE = "language"
    OTHER_DOCUMENT = "other_document"
    SHRUNK = "shrunk"
    INCOMPLETE = "incomplete"


@dataclass(frozen=True, slots=True)
class Finding:
    """`fault` is a value of `Fault`, or "" when the text is accepted; `reason` says in one line what was seen."""

    fault: str = ""
    reason: str = ""

    @property
    def accepted(self) -> bool:
        return not self.fault


ACCEPTED = Finding()


def judge(
    text: str | Projection,
    *,
    previous: str | Projection | None = None,
    title: str = "",
    language: str = "",
    kind: str = "",
    visible: str = "",
) -> Finding:
    """Whether a text may count as the next text of a document.

    `previous` is the last accepted text; `title` and `kind` (a `DocumentKind` value) say what is expected; `language`
    is BCP 47, or "" to go by the previous text. `visible` is all that a captured page shows: sentences of it that
    the text has lost make it incomplete. Never raises.
    """
    page = page_of(_projected(text))
    before = page_of(_projected(previous)) if previous is not None else None
    if before and _little_changed(page, before):
        return _incomplete(page, visible) or ACCEPTED
    return (
        _empty(page)
        or _script(page)
        or _signs(page, before)
        or _headings_only(page)
        or _navigation(page, before)
        or _too_short(page, before)
        or _language(page, before, language)
        or _other_document(page, before, title, kind)
        or _shrunk(page, before)
        or _incomplete(page, visible)
        or ACCEPTED
    )


def _projected(text: str | Projection) -> Projection:
    return project(text) if isinstance(text, str) else text


def _little_changed(page: Page, before: Page) -> bool:
    """Both share nearly all their blocks, and none of the new ones looks like an error page's."""
    if page.plain == before.plain:
        return True
    new, lost = page.words - before.words, before.words - page.words
    if sum(map(len, new)) > (1 - SHARED) * len(page.plain) or sum(map(len, lost)) > (1 - SHARED) * len(before.plain):
        return False
    return not any(_sign(words) for words in new if len(words) <= TITLE)


_SIGNS = (
    (signs.ERROR_TITLE, Fault.ERROR_PAGE, "an error page"),
    (signs.REDIRECT, Fault.REDIRECT, "a redirect page"),
    (signs.BOT_CHECK, Fault.BOT_CHECK, "a check for robots"),
    (signs.LOGIN, Fault.LOGIN_WALL, "a sign-in page"),
)


def _sign(words: str) -> tuple[Fault, str] | None:
    for pattern, fault, name in _SIGNS:
        if pattern.fullmatch(words):
            return fault, name
    return None


def _empty(page: Page) -> Finding | None:
    if any(map(str.isalnum, page.plain)):
        return None
    return Finding(Fault.EMPTY, "empty: there are no words in it")


def _script(page: Page) -> Finding | None:
    if signs.SOURCE.match(page.text):
        return Finding(Fault.SCRIPT, f"the source of a page, not its words, {length(page)}")
    if page.text.lstrip()[:1] in ("{", "[") and _is_json(page.text):
        return Finding(Fault.SCRIPT, f"data (JSON), no text, {length(page)}")
    marks = sum(map(page.plain.count, "{};=<>"))
    if marks < MOSTLY_CODE * len(page.plain) or not signs.CODE.search(page.plain):
        return None
    return Finding(Fault.SCRIPT, f"a script or style sheet: {page.head}, {length(page)}")


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def _signs(page: Page, before: Page | None) -> Finding | None:
    """What a page says of itself. Nothing that the previous text said too."""
    known = before.words if before else frozenset()
    return _error_part(page, known) or (_short_page(page, known) if page.short else None) or _error_title(page, known)


def _error_title(page: Page, known: frozenset[str]) -> Finding | None:
    """The first heading is an error message, however much of the site stands around it."""
    first = next((words for kind, words in page.blocks if kind is BlockKind.HEADING), "")
    if len(first) > TITLE or first in known or not signs.ERROR_TITLE.fullmatch(first):
        return None
    return Finding(Fault.ERROR_PAGE, f"an error page: {shown(first)}, {length(page)}")


def _error_part(page: Page, known: frozenset[str]) -> Finding | None:
    """An error message that stands for one part of a document put together from several pages."""
    for (kind, words), (_, following) in zip(page.blocks, page.blocks[1:], strict=False):
        if (
            kind is BlockKind.HEADING
            and len(words) <= TITLE
            and words not in known
            and signs.ERROR_SENTENCE.match(following)
            and signs.ERROR_TITLE.fullmatch(words)
        ):
            part = "an error page" if page.short else "an error page in place of one part"
            return Finding(Fault.ERROR_PAGE, f"{part}: {shown(words)}, {length(page)}")
    return None


def _short_page(page: Page, known: frozenset[str]) -> Finding | None:
    """A short text without prose: one sign at its top, or two of the same sort anywhere, tell what it is."""
    found: dict[Fault, list[tuple[str, str]]] = {}
    for place, (_, words) in enumerate(page.blocks):
        sign = _sign(words) if len(words) <= 2 * TITLE and words not in known else None
        if sign:
            fault, name = sign
            found.setdefault(fault, []).append((name, words))
            if place < 3 or len(found[fault]) > 1:
                name, words = found[fault][0]
                return Finding(fault, f"{name}: {shown(words)}, {length(page)}")
    return _banner(page)


def _banner(page: Page) -> Finding | None:
    buttons = [words for _, words in page.blocks if len(words) <= TITLE and signs.BANNER_BUTTON.fullmatch(words)]
    if not buttons or not signs.BANNER.search(page.plain):
        return None
    return Finding(Fault.COOKIE_BANNER, f"nothing but a cookie banner: {page.head}, {length(page)}")


def _headings_only(page: Page) -> Finding | None:
    if any(kind is not BlockKind.HEADING for kind, _ in page.blocks) or page.sentences >= FEW_SENTENCES:
        return None
    return Finding(Fault.EMPTY, f"nothing but headings: {page.head}, {length(page)}")


def _navigation(page: Page, before: Page | None) -> Finding | None:
    if page.links >= MOSTLY_LINKS and not (before and before.links >= MOSTLY_LINKS):
        share = f"{min(1, page.links):.0%}".replace("%", " %")
        return Finding(Fault.NAVIGATION, f"a list of links ({share} of {length(page)}): {page.head}")
    if page.menu < 3 or page.menu < len(page.blocks) / 4 or page.sentences >= FEW_SENTENCES:
        return None
    return Finding(Fault.NAVIGATION, f"a menu without a text: {page.head}, {length(page)}")


def _too_short(page: Page, before: Page | None) -> Finding | None:
    least = min(LEAST, before.weight / 2) if before else LEAST
    if page.weight >= least:
        return None
    return Finding(Fault.TOO_SHORT, f"too short for a document: {page.head}, {length(page)}")


def _language(page: Page, before: Page | None, language: str) -> Finding | None:
    """Refused when no sample is in a language that is expected; a bilingual text passes for both."""
    expected = {base(language)} - {""}
    if (language and not expected) or not (expected or before):
        return None  # one that cannot be told
    if any(code in expected or (before and code in told(before.plain)) for code in told(page.plain)):
        return None
    found, expected = languages_of(page.plain), expected | (languages_of(before.plain) if before else frozenset())
    if not expected or not found:
        return None
    return Finding(Fault.LANGUAGE, f"in {_named(found)}, the document is in {_named(expected)}, {length(page)}")


def _named(codes: Iterable[str]) -> str:
    return " and ".join(sorted(LANGUAGES[code] for code in codes))


def _other_document(page: Page, before: Page | None, title: str, kind: str) -> Finding | None:
    """Headed as a document of quite another kind, and the one expected is not in it either."""
    expected = subject_of(kind, title or (" ".join(before.titles) if before else ""))
    over = next((words for words in page.titles if subjects(words)), "")
    if not expected or not apart(expected, subjects(over)) or expected in _subjects_of(page):
        return None
    if before is None:
        headings = (words for kind, words in page.blocks if kind is BlockKind.HEADING)
        there = speaks_of(expected, page.plain) or any(expected in subjects(words) for words in headings)
    else:
        there = apart(expected, _subjects_of(before)) or _kept(page, before) > 0.5 * len(page.plain)
    if there:
        return None
    return Finding(Fault.OTHER_DOCUMENT, f"another document: it is headed {shown(over)}, {length(page)}")


def _kept(page: Page, before: Page) -> int:
    """How many characters of the text stood in the one before, block by block."""
    return sum(len(words) for words in page.words if words in before.words)


def _shrunk(page: Page, before: Page | None) -> Finding | None:
    """Much shorter than before, and a second sign of a broken capture; or next to nothing left."""
    if before is None or page.weight >= FALL * before.weight:
        return None
    part = page.weight / before.weight
    sign = (
        "next to nothing is left"
        if part < COLLAPSE and page.weight < SELF_SUPPORTING
        else _emptied(page, before) or _cut(page, before) or _untitled(page, before) or _wordless(page, before)
    )
    if not sign:
        return None
    return Finding(Fault.SHRUNK, f"{100 * part:.0f} % of the length of the text before ({length(page)}), and {sign}")


def _emptied(page: Page, before: Page) -> str:
    """A heading at the top that had words below it and now has none."""
    filled = {words for (kind, words), (below, _) in _pairs(before) if kind is BlockKind.HEADING is not below}
    for (kind, words), (below, _) in _pairs(page):
        if kind is below is BlockKind.HEADING and words in filled and words in page.titles:
            return f"nothing stands below {shown(words)} any more"
    return ""


def _pairs(page: Page) -> Iterator[tuple[tuple[BlockKind, str], tuple[BlockKind, str]]]:
    return zip(page.blocks, page.blocks[1:], strict=False)


def _cut(page: Page, before: Page) -> str:
    """Only the beginning of the text before, with nothing new in it: a rewrite would have new words."""
    if page.weight > CUT * before.weight or page.blocks[0][1] != before.blocks[0][1]:
        return ""
    if _kept(page, before) < 0.9 * len(page.plain) or len(page.plain) > 0.9 * len(before.plain):
        return ""
    return "it ends early" if page.weight < SELF_SUPPORTING else ""


def _untitled(page: Page, before: Page) -> str:
    """The text before said at its top what document it is; this one does not, and none of its words were there."""
    if not _subjects_of(before) or _subjects_of(page) or _kept(page, before) > 0.1 * len(page.plain):
        return ""
    return f"it is not headed as a document: {page.head}"


def _subjects_of(page: Page) -> frozenset[str]:
    return frozenset().union(*map(subjects, page.titles))


def _wordless(page: Page, before: Page) -> str:
    """Captions where there were sentences."""
    if page.sentences >= FEW_SENTENCES or before.sentences < 3 * FEW_SENTENCES:
        return ""
    return "there are hardly any sentences in it"


def _incomplete(page: Page, visible: str) -> Finding | None:
    """Sentences that the page shows amid those kept, and that the text does not hold.

    Before the first and behind the last of them stand banners and footers, which may go.
    """
    if not visible:
        return None
    held = _letters(page.plain)
    sentences = (line[start:end] for line in visible.splitlines() for start, end in boundaries(line))
    there = [words for words in sentences if weight(words) >= SENTENCE]
    kept = [_letters(words) in held for words in there]
    if True not in kept:
        return Finding(Fault.INCOMPLETE, "incomplete: it holds no sentence of what the page shows") if there else None
    first, last = kept.index(True), len(kept) - kept[::-1].index(True)
    lost = [words for words, stays in zip(there[first:last], kept[first:last], strict=True) if not stays]
    if len(lost) <= LOST * (last - first):
        return None
    some = shown(" ".join(lost[0].split()))
    return Finding(
        Fault.INCOMPLETE, f"incomplete: {len(lost)} of {last - first} sentences of the page are lost: {some}"
    )


def _letters(words: str) -> str:
    """Letters and digits alone, as spacing and marks differ between a page and what is made of it."""
    return _NOT_A_WORD.sub("", unicodedata.normalize("NFKC", words)).casefold()
