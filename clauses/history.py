"""What happened to the words of a clause from text to text (pure)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from clauses.vocabulary import ProofState, Touch

PLACED = frozenset({ProofState.EXACT, ProofState.NORMALISED})
HELD = PLACED | {ProofState.AMBIGUOUS}

At = TypeVar("At")


@dataclass(frozen=True, slots=True)
class Standing:
    """What one text says of a clause: `held` are the quotations (by id) whose words it holds, `placed` those of them
    whose place is known, `alike` whether similar words stand there.
    """

    held: frozenset[int] = frozenset()
    placed: frozenset[int] = frozenset()
    alike: bool = False


@dataclass(frozen=True, slots=True)
class Event(Generic[At]):
    """What a text did to a clause."""

    at: At
    how: Touch


def standing(proofs: Mapping[int, str]) -> Standing:
    """From what a text says of each quotation of the clause: quotation id → state of the proof."""
    return Standing(
        held=frozenset(quotation for quotation, state in proofs.items() if state in HELD),
        placed=frozenset(quotation for quotation, state in proofs.items() if state in PLACED),
        alike=ProofState.REWORDED in proofs.values(),
    )


def touched(before: Standing, after: Standing, *, known: bool) -> Touch | None:
    """What the step from one text to the next did to the clause, if anything; `known`: an earlier text held it."""
    if after.held and not before.held:
        return Touch.RESTORED if known else Touch.INTRODUCED
    if before.held and not after.held:
        return Touch.REWORDED if after.alike else Touch.REMOVED
    if before.placed and after.placed and not before.placed & after.placed:
        return Touch.REWORDED
    if before.placed and not after.placed and after.held:
        return Touch.UNCLEAR
    return None


def events(standings: Iterable[tuple[At, Standing]]) -> Iterator[Event[At]]:
    """What each text after the first did to the clause, oldest first."""
    before: Standing | None = None
    known = False
    for at, after in standings:
        if before is not None and (how := touched(before, after, known=known)):
            yield Event(at, how)
        known = known or bool(after.held)
        before = after
