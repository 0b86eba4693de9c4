"""Where the words were found and whether they still stand: two facts, from the stored proofs of a clause's
quotation.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from clauses.history import HELD, PLACED
from clauses.models import Proof, Provision, Quotation
from clauses.proving import METHOD
from clauses.vocabulary import ProofState
from platforms.models import Version

UNPROVEN, UNFOUND = "unproven", "unfound"


@dataclass(frozen=True)
class Look:
    """What one counting version of the document says of the quotation. `spans` are code points of its stored text."""

    version: int
    captured_on: date
    sha256: str
    state: str
    spans: tuple[tuple[int, int], ...]
    withheld: bool

    @property
    def holds(self) -> bool:
        return self.state in HELD


@dataclass(frozen=True)
class Evidence:
    """All looks at one quotation, oldest first."""

    looks: tuple[Look, ...]

    @property
    def state(self) -> str:
        """The code word that the page carries: that of the newest text, `unproven` without texts, `unfound` where
        none holds the words.
        """
        if not self.looks:
            return UNPROVEN
        if not any(look.holds for look in self.looks):
            return UNFOUND if self.looks[-1].state == ProofState.ABSENT else self.looks[-1].state
        return self.looks[-1].state

    @property
    def current(self) -> Look | None:
        return self.looks[-1] if self.looks else None

    @property
    def stands(self) -> bool:
        """Whether the newest text holds the words in a place we can point to."""
        return bool(self.looks) and self.looks[-1].state in PLACED

    @property
    def shown(self) -> Look | None:
        """The newest look that can point to the words: where "see them in the text" leads."""
        return next((look for look in reversed(self.looks) if look.state in PLACED and not look.withheld), None)

    def version_of(self, sha256: str, day: date) -> int | None:
        """The version whose text has this hash: the one captured on that day where there are several."""
        same = [look for look in self.looks if look.sha256 == sha256]
        return next((look.version for look in same if look.captured_on == day), same[0].version if same else None)

    @property
    def withheld(self) -> list[Look]:
        """The texts that hold the words and were emptied under a legal order since; their proofs stay."""
        return [look for look in self.looks if look.withheld]

    @property
    def first_held(self) -> Look | None:
        return next((look for look in self.looks if look.holds), None)

    @property
    def last_held(self) -> Look | None:
        return next((look for look in reversed(self.looks) if look.holds), None)

    @property
    def gone_since(self) -> Look | None:
        """The first text without the words after the last one with them."""
        if self.state not in {ProofState.ABSENT, ProofState.REWORDED} or self.last_held is None:
            return None
        return self.looks[self.looks.index(self.last_held) + 1]

    @property
    def phrase(self) -> str:
        """What readers see for the state, with its date."""
        if self.state == UNPROVEN:
            return "Not checked: we hold no copy of the text"
        newest = self.looks[-1]
        if self.state == UNFOUND:
            first, last = self.looks[0].captured_on, newest.captured_on
            count = len(self.looks)
            return (
                f"Not found in any of the {count} texts we hold (from {spoken(first)} to {spoken(last)})"
                if count > 1
                else (f"Not found in the one text we hold (of {spoken(last)})")
            )
        return {
            ProofState.EXACT: f"Found word for word in the text of {spoken(newest.captured_on)}",
            ProofState.NORMALISED: f"Found; only spacing or quote marks differ (text of {spoken(newest.captured_on)})",
            ProofState.AMBIGUOUS: f"Stands in several places in the text of {spoken(newest.captured_on)}",
            ProofState.REWORDED: "Similar words stand there now; a person must decide",
            ProofState.ABSENT: f"No longer in the text since {spoken(self.gone_since.captured_on)}"
            if self.gone_since
            else "",
        }[ProofState(self.state)]

    @property
    def tone(self) -> str:
        """How the page colours the state: only words in a known place are green."""
        return {ProofState.EXACT: "good", ProofState.NORMALISED: "good", UNPROVEN: "quiet"}.get(self.state, "warn")


def spoken(day: date) -> str:
    """`8 Jun 2026`"""
    return f"{day.day} {day:%b %Y}"


def evidence_of(quotations: Iterable[Quotation]) -> dict[int, Evidence]:
    """Quotation id → its evidence, for any number of quotations, in two queries."""
    quotations = list(quotations)
    proofs = {
        (proof["quotation_id"], proof["text_id"]): proof
        for proof in Proof.objects.present(METHOD)
        .filter(quotation__in=[quotation.pk for quotation in quotations])
        .values("quotation_id", "text_id", "state", "spans")
    }
    documents = {quotation.pk: quotation.provision.document_id for quotation in quotations}
    versions: dict[int, list[dict]] = {}
    rows = (
        Version.objects.counting()
        .filter(document__in=set(documents.values()))
        .order_by("snapshot__captured_at", "number")
        .values("document_id", "number", "snapshot__captured_at", "snapshot__text_id", "snapshot__text__withheld_at")
    )
    for row in rows:
        versions.setdefault(row["document_id"], []).append(row)
    return {
        quotation.pk: Evidence(
            tuple(
                look
                for row in versions.get(documents[quotation.pk], ())
                if (look := _look(row, proofs.get((quotation.pk, row["snapshot__text_id"])))) is not None
            )
        )
        for quotation in quotations
    }


def _look(row: dict, proof: dict | None) -> Look | None:
    """A version without a proof is one that was withheld before anybody could look; it says nothing."""
    if proof is None:
        return None
    return Look(
        version=row["number"],
        captured_on=row["snapshot__captured_at"].date(),
        sha256=row["snapshot__text_id"],
        state=proof["state"],
        spans=tuple((start, end) for start, end in proof["spans"]),
        withheld=row["snapshot__text__withheld_at"] is not None,
    )


def evidence_in(versions: Iterable[Version], proofs: Iterable[Proof], quotation: Quotation) -> Evidence:
    """The evidence of one quotation in the versions of its document (`platforms.deriving.in_order`), from proofs that
    are loaded already.
    """
    held = {proof.text_id: proof for proof in proofs if proof.quotation_id == quotation.pk}
    looks = (
        _look(
            {
                "number": version.number,
                "snapshot__captured_at": version.snapshot.captured_at,
                "snapshot__text_id": version.snapshot.text_id,
                "snapshot__text__withheld_at": version.withheld_at,
            },
            {"state": proof.state, "spans": proof.spans},
        )
        for version in versions
        if (proof := held.get(version.snapshot.text_id))
    )
    return Evidence(tuple(look for look in looks if look))


def evidence_for(provision: Provision, quotation: Quotation) -> Evidence:
    """The evidence of one quotation of one clause."""
    quotation.provision = provision
    return evidence_of([quotation])[quotation.pk]
