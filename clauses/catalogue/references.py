"""References from one record to another, that may stand in the files or in the database."""

from collections.abc import Iterator
from typing import Any

from .fields import nearest
from .folder import Catalogue, Filed
from .problems import Problem

CALLED = {
    "jurisdictions": "jurisdiction",
    "themes": "theme",
    "clause_types": "clause type",
    "agencies": "agency",
    "regulations": "regulation",
    "platforms": "platform",
}


def unknown(entry: Filed[Any], known: Catalogue, kind: str, word: str, *path: str | int) -> Iterator[Problem]:
    """A problem where nothing of this kind is known by `word`."""
    if known.lacks(kind, word):
        close = nearest(word, getattr(known, kind))
        yield entry.problem(f"there is no {CALLED[kind]} {word!r}{close}: add it, or name one that is there", *path)
