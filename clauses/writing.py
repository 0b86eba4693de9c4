"""What a person can write about a record: the complaint to an agency, the letter of a step. Loaded in a fixed number of
queries, from the frozen payload of the published version.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.http import Http404
from django.urls import reverse
from django.utils import timezone

from clauses.evidence import Evidence, evidence_for, spoken
from clauses.kits import Copy, Facts, Kit, Law, kit
from clauses.letters import Letter, letter_of, letter_slugs, mail_address
from clauses.models import Agency, AppliedAgency, EnforcedLaw, Provision
from clauses.pages import Frozen, newest_frozen
from clauses.vocabulary import AnalysisState, ProvisionState
from conductatlas import records


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
    """All that the page of a complaint shows. `now` is where the words stand today; `agency` is as the record froze it,
    `today` as the catalogue knows it now.
    """

    frozen: Frozen
    now: Evidence
    agency: Mapping[str, Any]
    today: Agency
    facts: Facts
    kit: Kit

    @property
    def moved(self) -> bool:
        """Whether the record, when it was published, gave other addresses than the catalogue does now."""
        return any(self.agency[name] != getattr(self.today, name) for name in ("complaint_url", "finder_url"))

    @property
    def letters(self) -> list[tuple[str, str]]:
        """(title, last part of the address) of the letters that the same record offers."""
        return [(action["title"], slug) for action, slug, _ in self.frozen.steps if slug]


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
    today = _today(frozen, named)
    facts = facts_of(frozen, named, now=now, enforced=set(today.laws))
    return Complaint(frozen, now, named, today, facts, kit(facts))


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


def _today(frozen: Frozen, named: Mapping[str, Any]) -> Agency:
    """The agency as the catalogue knows it now, the slugs of the laws it enforces as `laws`. It is found by the record,
    for its slug may have changed since.
    """
    laws = EnforcedLaw.objects.filter(agency=OuterRef("pk")).values("regulation__slug")
    applied = AppliedAgency.objects.filter(analysis=frozen.analysis, reason=named["reason"])
    found = Agency.objects.annotate(laws=ArraySubquery(laws)).filter(pk__in=applied.values("agency"))
    return max(found, key=lambda agency: agency.slug == named["slug"])


def facts_of(frozen: Frozen, agency: Mapping[str, Any], *, now: Evidence, enforced: Collection[str]) -> Facts:
    """The facts of a frozen record for one of its agencies; `enforced` are the slugs of the laws that it enforces."""
    payload = frozen.payload
    return Facts(
        platform=payload["platform"]["name"],
        invented=payload["platform"]["invented"],
        website=frozen.analysis.provision.document.platform.website,
        party=payload["document"]["party"],
        document=payload["document"]["title"],
        market=payload["document"]["market"],
        source_url=payload["document"]["source_url"],
        title=payload["clause"]["title"],
        sentences=[(sentence.number, sentence.segment, sentence.words) for sentence in frozen.sentences],
        cut=payload["quotation"]["cut"],
        copy=_copy(frozen, now),
        evidence=frozen.evidence.phrase,
        now=now.phrase,
        today=spoken(timezone.localdate()),
        stands=now.current is not None and now.current.holds,
        record=payload["record"],
        version=payload["version"],
        record_sha256=frozen.analysis.payload_sha256,
        address=frozen.address,
        agency=agency["name"],
        reason=agency["reason"],
        laws=[
            Law(law["name"], law["citation"], law["articles"], law["reason"])
            for law in payload["regulations"]
            if law["slug"] in enforced and not law["named_by_source"]
        ],
        action_kinds=[action["kind"] for action in payload["actions"]],
    )


def _copy(frozen: Frozen, now: Evidence) -> Copy | None:
    """The newest text that holds the words today, or else the one that they were taken from, as reported."""
    look = now.shown or next((look for look in reversed(now.looks) if look.holds and not look.withheld), None)
    if look:
        return Copy(spoken(look.captured_on), look.sha256, _download(frozen, look.version), shows=True)
    origin = frozen.origin
    if origin is None:
        return None
    day = origin.captured_at.date()
    version = next((look.version for look in now.looks if look.sha256 == origin.sha256 and not look.withheld), None)
    return Copy(spoken(day), origin.sha256, _download(frozen, version) if version else "")


def _download(frozen: Frozen, version: int) -> str:
    """The address of the very bytes of a version of the record's document."""
    document = frozen.analysis.provision.document
    return settings.SITE_URL + reverse("version_bytes", args=[document.platform.slug, document.slug, version])
