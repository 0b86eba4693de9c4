"""How much work a call is, counted in lines of Python run: the same on every machine, idle or busy."""

import sys
from collections.abc import Callable
from types import FrameType

# Twice the input may cost a little more than twice the work; where each part looks at all others it costs four times.
MOST_FOR_TWICE = 2.5

# Beginnings of markup that never end: each can make a careless reader look through all the rest.
HOSTILE_UNITS = (
    "[",
    "*a ",
    "_a",
    "`",
    "``` ",
    "![",
    "](",
    "<a ",
    "<!--",
    "| ",
    "> ",
    "\\",
    "&a",
    "[a](b 'c",
    "a\u0301",
    "* ",
    "a\n\n",
    "```\n\n",
    "\n \t",
    "- - -\n\n",
    "“",
)


def lines_run(call: Callable[[], object]) -> int:
    """The lines of Python that run until `call` comes back, in this thread. What C code does is not counted."""
    count = 0

    def on_event(frame: FrameType, event: str, argument: object) -> Callable:
        nonlocal count
        count += event == "line"
        return on_event

    before = sys.gettrace()
    sys.settrace(on_event)
    try:
        call()
    finally:
        sys.settrace(before)
    return count


def assert_linear(work: Callable[[str], object], text: Callable[[int], str], *, size: int) -> None:
    """Refuses work that grows faster than its text."""
    assert_growth(work, text, size=size, most=MOST_FOR_TWICE)


def assert_growth(work: Callable[[str], object], text: Callable[[int], str], *, size: int, most: float) -> None:
    """Refuses work on `text(2 * size)` that is more than `most` times that on `text(size)`."""
    work(text(1))  # what is made once, on first use, is nobody's growth
    once, twice = (lines_run(lambda count=count: work(text(count))) for count in (size, 2 * size))
    assert twice <= most * once, f"{once} lines became {twice}"
