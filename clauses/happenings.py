"""What happened to a clause from text to text, in readers' words."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from clauses.history import events, standing
from clauses.models import Proof
from clauses.vocabulary import Touch
from platforms.models import Change, Version

HAPPENED = {
    Touch.INTRODUCED: "Introduced: these words are new in this text",
    Touch.REWORDED: "Reworded: the words are no longer there as they were, similar ones are",
    Touch.UNCLEAR: "The words stand in several places from here on",
    Touch.REMOVED: "Taken out of the text",
    Touch.RESTORED: "Back in the text",
}


@dataclass(frozen=True)
class Happening:
    """What a version of the document did to the clause: `how` in readers' words, and the version before it."""

    version: Version
    before: Version | None
    how: str
    what: str
    change: Change | None


def happenings(versions: Sequence[Version], proofs: Iterable[Proof], changes: Sequence[Change]) -> list[Happening]:
    """What happened to the words of a clause, from text to text, oldest first: all quotations of it taken together."""
    states: dict[str, dict[int, str]] = {}
    for proof in proofs:
        states.setdefault(proof.text_id, {})[proof.quotation_id] = proof.state
    searched = [
        (version, standing(states[text])) for version in versions if (text := version.snapshot.text_id) in states
    ]
    if not searched:
        return []
    before = {later: earlier for (earlier, _), (later, _) in pairwise(searched)}
    by_after = {change.after_id: change for change in changes if change.after_id}
    told = [
        Happening(event.at, before[event.at], event.how, HAPPENED[event.how], by_after.get(event.at.snapshot_id))
        for event in events(searched)
    ]
    first, stood = searched[0]
    return [Happening(first, None, "first", "In the first text that we hold", None), *told] if stood.held else told
