"""What a person can write about a record: the complaint to an agency, the letter of a step. Loaded in a fixed number of
queries, from the frozen payload of the published version.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import Http404

from clauses.evidence import Evidence, evidence_for, spoken
from clauses.kits import Facts, Kit, Law, kit
from clauses.letters import Letter, letter_of, letter_slugs, mail_address
from clauses.models import Provision
from clauses.pages import Frozen, newest_frozen
from clauses.vocabulary import AnalysisState, ProvisionState
from conductatlas import records
from platforms.models import Jurisdiction

UNION = "EU"  # its law is applied by the authorities of its countries


class Moved(LookupError):
    """The record was merged into another one, which is `target`."""

    def __init__(self, target: Provision) -> None:
        super().__init__("the record was merged into another one")
        self.target = target


@dataclass(frozen=True)
class Nothing:
    """Why there is nothing to write. `frozen` is the record that the way out leads to; `gone` that there was once
    something, or may have been.
    """

    frozen: Frozen
    why: str
    gone: bool = False

    @property
    def status(self) -> int:
        return 410 if self.gone else 404


@dataclass(frozen=True)
class Complaint:
    """All that the page of a complaint shows. `now` is where the words stand today."""

    frozen: Frozen
    now: Evidence
    agency: Mapping[str, Any]
    facts: Facts
    kit: Kit


@dataclass(frozen=True)
class ReadyLetter:
    """All that the page of a letter shows. `now` is where the words stand today."""

    frozen: Frozen
    now: Evidence
    action: Mapping[str, Any]
    letter: Letter
    mailto: str


def complaint_page(record: str, agency: str) -> Complaint | Nothing:
    """Http404 where nothing was ever published; Moved where the record was merged into another."""
    frozen = _open(record)
    if isinstance(frozen, Nothing):
        return frozen
    named = next((entry for entry in frozen.payload["agencies"] if entry["slug"] == agency), None)
    if named is None:
        return Nothing(frozen, f"The record does not name an agency “{agency}”.")
    now = evidence_for(frozen.analysis.provision, frozen.analysis.quotation)
    facts = facts_of(frozen, named, now=now, places=_places(named))
    return Complaint(frozen, now, named, facts, kit(facts))


def letter_page(record: str, slug: str) -> ReadyLetter | Nothing:
    """Http404 where nothing was ever published; Moved where the record was merged into another."""
    frozen = _open(record)
    if isinstance(frozen, Nothing):
        return frozen
    actions: Sequence[Mapping[str, Any]] = frozen.payload["actions"]
    slugs = letter_slugs(actions)
    if slug not in slugs:
        return Nothing(frozen, f"The record offers no letter “{slug}”.")
    action = actions[slugs.index(slug)]
    now = evidence_for(frozen.analysis.provision, frozen.analysis.quotation)
    return ReadyLetter(frozen, now, action, letter_of(action, slug), mail_address(action))


def _open(record: str) -> Frozen | Nothing:
    """The published version of a record; Nothing where it was withdrawn or removed."""
    frozen = newest_frozen(_number(record))
    provision, analysis = frozen.analysis.provision, frozen.analysis
    if provision.merged_into_id:
        raise Moved(Provision.objects.with_place().get(pk=provision.merged_into_id))
    if analysis.state != AnalysisState.PUBLISHED:
        why = f"Our analysis of this clause was withdrawn on {spoken(analysis.closed_at.date())}."
        return Nothing(frozen, why, gone=True)
    if provision.state == ProvisionState.REMOVED:
        return Nothing(frozen, "This clause has been removed from the catalogue.", gone=True)
    return frozen


def _number(record: str) -> int:
    try:
        found = records.parse(record)
    except ValueError as error:
        raise Http404(str(error)) from error
    if found.kind != "P":
        raise Http404(f"{record} is no clause: complaints and letters are about clauses.")
    return found.number


def _places(agency: Mapping[str, Any]) -> set[str]:
    """The names of the places whose law an agency applies: its own, and the Union's where it belongs to that."""
    own = agency["jurisdiction"]
    union = Jurisdiction.objects.filter(code=UNION, parts__code=own["code"]).values_list("name", flat=True)
    return {own["name"], *union}


def facts_of(frozen: Frozen, agency: Mapping[str, Any], *, now: Evidence, places: set[str]) -> Facts:
    """The facts of a frozen record for one of its agencies; `places` are those whose laws it applies."""
    payload = frozen.payload
    then, shown, origin = frozen.evidence, frozen.evidence.shown, frozen.origin
    text_date = shown.captured_on if shown else origin.captured_at.date() if origin else None
    return Facts(
        platform=payload["platform"]["name"],
        invented=payload["platform"]["invented"],
        party=payload["document"]["party"],
        document=payload["document"]["title"],
        market=payload["document"]["market"],
        source_url=payload["document"]["source_url"],
        title=payload["clause"]["title"],
        sentences=[(sentence.number, sentence.segment, sentence.words) for sentence in frozen.sentences],
        cut=payload["quotation"]["cut"],
        text_date=spoken(text_date) if text_date else "",
        text_sha256=shown.sha256 if shown else origin.sha256 if origin else "",
        evidence=then.phrase,
        stands_now=now.phrase if now.phrase != then.phrase else "",
        record=payload["record"],
        version=payload["version"],
        record_sha256=frozen.analysis.payload_sha256,
        address=frozen.address,
        agency=agency["name"],
        reason=agency["reason"],
        laws=[
            Law(law["name"], law["citation"], law["articles"], law["reason"])
            for law in payload["regulations"]
            if law["jurisdiction"] in places and not law["named_by_source"]
        ],
        action_kinds=[action["kind"] for action in payload["actions"]],
    )
