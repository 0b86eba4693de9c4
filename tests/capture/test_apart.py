"""Reading in a process of its own: what costs too much ends, and the next answer is read."""

from collections.abc import Callable, Iterator

import pytest

from platforms.capture.apart import LONGEST_TEXT, Bounds, Reader
from platforms.capture.extracting import Extraction, Unreadable, extract
from platforms.capture.responses import Fault

from .pages import answer, page

POLICY = page("<main><h1>Terms</h1><p>We keep your data for 30 days.</p></main>")
DEEP = page("".join("<div>" * 900 + "x" + "</div>" * 900 for _ in range(2_000)))  # hours of reading
WIDE = page("".join("<p>" + "<i>a</i> " * 2_000 + "</p>" for _ in range(400)))  # a million elements


@pytest.fixture
def reader() -> Iterator[Callable[..., Reader]]:
    made: list[Reader] = []

    def make(**bounds: float) -> Reader:
        made.append(Reader(Bounds(**bounds)))  # type: ignore[arg-type]
        return made[-1]

    yield make
    for one in made:
        one.close()


def test_it_says_what_extraction_says(reader: Callable[..., Reader]) -> None:
    one, asked = reader(), answer(POLICY)
    assert one.read(asked) == extract(asked)
    assert one.read(asked, select="h1", remove="p") == extract(asked, select="h1", remove="p")
    missing = one.read(asked, select="article")
    assert isinstance(missing, Unreadable)
    assert missing.fault is Fault.SELECTOR


@pytest.mark.slow
def test_a_page_that_takes_too_long_is_given_up_and_the_next_is_read(reader: Callable[..., Reader]) -> None:
    one = reader(seconds=6.0)
    slow = one.read(answer(DEEP))
    assert isinstance(slow, Unreadable)
    assert slow.fault is Fault.TOO_COSTLY
    assert "longer than 6 seconds" in slow.reason
    assert isinstance(one.read(answer(POLICY)), Extraction)


@pytest.mark.slow
def test_a_page_that_takes_too_much_memory_is_given_up_and_the_next_is_read(reader: Callable[..., Reader]) -> None:
    one = reader(memory=400_000_000)
    large = one.read(answer(WIDE))
    assert isinstance(large, Unreadable)
    assert large.fault is Fault.TOO_COSTLY
    assert isinstance(one.read(answer(POLICY)), Extraction)


def test_a_process_that_dies_costs_no_more_than_its_answer(reader: Callable[..., Reader]) -> None:
    one = reader()
    assert isinstance(one.read(answer(POLICY)), Extraction)
    assert one._process is not None
    one._process.kill()
    one._process.join()
    assert isinstance(one.read(answer(POLICY)), Extraction)


def test_a_text_longer_than_any_policy_is_refused(reader: Callable[..., Reader]) -> None:
    long = reader().read(answer(b"word " * (LONGEST_TEXT // 5 + 1), "text/plain"))
    assert isinstance(long, Unreadable)
    assert long.fault is Fault.TOO_LARGE
