"""Projection and anchoring, in units of what one would do anyway: render the text, search it for a string."""

from collections.abc import Iterator
from pathlib import Path

from benchmarks.measuring import Ratio, compare
from clauses.anchoring import anchor
from conductatlas.markdown import render_text
from platforms.plaintext import project
from platforms.sentences import boundaries

FIXTURES = Path(__file__).parent.parent / "fixtures" / "platforms"
COPIES = 20  # how often the texts are repeated for "twenty times the text"


def texts() -> list[str]:
    """The texts of the demo catalogue."""
    return [path.read_text(encoding="utf-8") for path in sorted(FIXTURES.glob("*/*/texts/*.md"))]


def ratios() -> Iterator[Ratio]:
    one = max(texts(), key=len)
    many = "\n\n".join(f"Part {number}\n=======\n\n{one}" for number in range(COPIES))
    yield compare("projection of a text / its rendering", lambda: project(one), lambda: render_text(one), limit=1)
    yield compare(
        f"projection of {COPIES} times the text / {COPIES} projections",
        lambda: project(many),
        lambda: [project(one) for _ in range(COPIES)],
        limit=1.5,
    )
    projection = project(one)
    sentences = [one[start:end] for start, end in boundaries(one) if end - start > 60]
    yield compare(
        f"anchoring {len(sentences)} quotations with one projection / with one each",
        lambda: [anchor([sentence], projection) for sentence in sentences],
        lambda: [anchor([sentence], one) for sentence in sentences],
        limit=0.5,
    )
