"""The Markdown of a research note, and the places in it where a table from the catalogue stands (pure).

A table stands in a line of its own:

    {{ answers user-content-for-ai-training on-by-default }}    the answers to one question, clause by clause
    {{ readings user-content-for-ai-training }}                 the documents read for a clause type
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_SLUG = r"[a-z0-9]+(?:-[a-z0-9]+)*"
_TABLE = re.compile(rf"\{{\{{ (?:(answers) ({_SLUG}) ({_SLUG})|(readings) ({_SLUG})) \}}\}}")


@dataclass(frozen=True, slots=True)
class Table:
    """A table of the catalogue's present state: `kind` is answers or readings; only answers have a question."""

    kind: str
    clause_type: str
    question: str = ""


def parts_of(body: str) -> Iterator[str | Table]:
    """The stretches of Markdown and the tables of a note, in order. ValueError names a line that is no table but looks
    like one.
    """
    words: list[str] = []
    for number, line in enumerate(body.splitlines(), start=1):
        if not line.lstrip().startswith("{{"):
            words.append(line)
            continue
        found = _TABLE.fullmatch(line.strip())
        if not found:
            raise ValueError(
                f"line {number}: {line.strip()!r} is no table: write {{{{ answers CLAUSE-TYPE QUESTION }}}} or"
                " {{ readings CLAUSE-TYPE }}, alone in its line"
            )
        yield from _stretch(words)
        words = []
        answers, of_answers, question, readings, of_readings = found.groups()
        yield Table(answers or readings, of_answers or of_readings, question or "")
    yield from _stretch(words)


def tables_of(body: str) -> list[Table]:
    """The tables alone."""
    return [part for part in parts_of(body) if isinstance(part, Table)]


def _stretch(lines: list[str]) -> Iterator[str]:
    if any(line.strip() for line in lines):
        yield "\n".join(lines).strip("\n")
