"""Square brackets that would cost too much (pure).

For each of them Python-Markdown walks through the rest of its paragraph until it meets the one that closes it, and for
a link's address until its round bracket closes: thousands that never end take minutes.
"""

import re

HELD = "\ue002"  # stands for an opening bracket that is to be no more than a character
MOST_WALKED = 10  # times that each character of a block may be walked over on average
FEWEST = 50  # brackets; fewer cost nothing worth counting

_BLANK_LINE = re.compile(r"(\n[ \t]*\n)")
_BRACKET = re.compile(r"\]\(|[][()]")


def held(source: str) -> str:
    """The source with `HELD` for each opening bracket of the blocks in which they cost too much. `HELD` itself, which
    nobody can read, becomes the sign for that.
    """
    source = source.replace(HELD, "\ufffd")
    if source.count("[") < FEWEST:
        return source
    return "".join(_held(block) for block in _BLANK_LINE.split(source))


def released(html: str) -> str:
    """The brackets again."""
    return html.replace(HELD, "[")


def _held(block: str) -> str:
    if block.count("[") < FEWEST or _walked(block) <= MOST_WALKED * len(block):
        return block
    return block.replace("[", HELD)


def _walked(block: str) -> int:
    """Characters that are walked over in search of the ends of its brackets."""
    walked = 0
    squares: list[int] = []
    rounds: list[int | None] = []  # None: of words in brackets, not of a link's address
    for found in _BRACKET.finditer(block):
        at, mark = found.start(), found[0]
        if mark == "[":
            squares.append(at)
        if mark in ("]", "](") and squares:
            walked += at - squares.pop()
        if mark in ("(", "]("):
            rounds.append(at if mark == "](" else None)
        elif mark == ")" and rounds:
            walked += at - (start if (start := rounds.pop()) is not None else at)
    left = [*squares, *(start for start in rounds if start is not None)]
    return walked + sum(len(block) - at for at in left)
