"""What the clause page shows, loaded in a fixed number of queries and handed to the template as plain values."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property
from itertools import groupby
from typing import Any

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, F, OuterRef, QuerySet
from django.db.models.functions import JSONObject
from django.http import Http404
from django.urls import reverse

from clauses import citing
from clauses.cards import Card, cards
from clauses.evidence import Evidence, Look, evidence_in
from clauses.figures import Adoption, ChangeFigures, adoption_in, change_figures
from clauses.happenings import Happening, happenings
from clauses.letters import letter_slugs, mail_address
from clauses.models import Analysis, ChangedProvision, Proof, Provision, Quotation, ResearchNote
from clauses.origins import Origin
from clauses.proving import METHOD
from clauses.sentences import parse
from clauses.vocabulary import FROZEN, AnalysisState, ProvisionState
from clauses.words import Sentence, readable
from platforms.deriving import in_order
from platforms.models import Change, Document, Edition, Version
from platforms.vocabulary import ChangeKind


@dataclass(frozen=True)
class Frozen:
    """A published version of an analysis: its payload, and the HTML of the Markdown in it."""

    analysis: Analysis

    @cached_property
    def payload(self) -> dict[str, Any]:
        return json.loads(self.analysis.payload)

    @property
    def html(self) -> dict[str, str]:
        return self.analysis.rendered

    @property
    def sentences(self) -> tuple[Sentence, ...]:
        """The quoted sentences as they are read, without the markup of the stored text."""
        return tuple(replace(row, words=readable(row.words)) for row in self.analysis.quotation.sentences)

    @property
    def segments(self) -> list[list[Sentence]]:
        return [list(group) for _, group in groupby(self.sentences, key=lambda sentence: sentence.segment)]

    @property
    def address(self) -> str:
        return f"{settings.SITE_URL}{self.analysis.get_absolute_url()}"

    @property
    def cited(self) -> citing.Cited:
        payload = self.payload
        return citing.Cited(
            record=payload["record"],
            version=payload["version"],
            title=payload["clause"]["title"],
            platform=payload["platform"]["name"],
            document=payload["document"]["title"],
            document_record=payload["document"]["record"],
            published=payload["published_at"][:10],
            address=self.address,
            sha256=self.analysis.payload_sha256,
        )

    @property
    def permanent_address(self) -> str:
        """The address to share: it leads to the clause's page for as long as the site stands."""
        return f"{settings.SITE_URL}{reverse('record', args=[self.payload['record']])}"

    @property
    def summary(self) -> str:
        """ "What it is" without its marks, for a title or a search result."""
        return " ".join(sentence.text for sentence in parse(self.payload["what_it_is"]))

    @property
    def who(self) -> str:
        """Who speaks."""
        payload = self.payload
        drafted = f"Drafted {payload['drafted']['by']}"
        if not payload["reviewed"]["at"]:
            return f"{drafted}, not reviewed by a lawyer."
        reviewer = "a lawyer" if payload["reviewed"]["lawyer"] else "a second person, not by a lawyer"
        return f"{drafted}, reviewed by {reviewer}."

    @property
    def because(self) -> str:
        """The reason of the severity in one line: the sum, and the factors that weigh most."""
        severity = self.payload["severity"]
        weight = max(factor["score"] for factor in severity["factors"])
        heaviest = "; ".join(factor["meaning"].lower() for factor in severity["factors"] if factor["score"] == weight)
        cap = f" {severity['cap']}." if severity["cap"] else ""
        return f"{severity['total']} of {severity['highest_total']} points; what weighs most: {heaviest}.{cap}"

    @property
    def effect(self) -> str:
        """Whom it reaches, whether one can refuse, and how free the platform is: from the rubric's factors."""
        factors = {factor["key"]: factor["meaning"] for factor in self.payload["severity"]["factors"]}
        return (
            f"Whom it reaches: {factors['breadth'].lower()}. Your way out: {factors['opt_out'].lower()}. "
            f"How free the platform is: {factors['discretion'].lower()}."
        )

    @property
    def evidence(self) -> Evidence:
        """The evidence as it was at publication."""
        return Evidence(
            tuple(
                Look(
                    version=look["version"],
                    captured_on=date.fromisoformat(look["captured_on"]),
                    sha256=look["sha256"],
                    state=look["state"],
                    spans=tuple((start, end) for start, end in look["spans"]),
                    withheld=False,
                )
                for look in self.payload["evidence"]["looks"]
            )
        )

    @property
    def origin(self) -> Origin | None:
        """The text that the words were taken from, as it was known at publication."""
        taken = self.payload["quotation"].get("taken_from")
        if taken is None:
            return None
        document, at = self.payload["document"], datetime.fromisoformat(taken["captured_at"])
        return Origin(
            captured_at=at,
            sha256=taken["sha256"],
            collection=document["collection"],
            path=document["path"],
            language=document["language"],
            version=self.evidence.version_of(taken["sha256"], at.date()),
        )

    @property
    def citation(self) -> str:
        return citing.plain(self.cited)

    @property
    def bibtex(self) -> str:
        return citing.bibtex(self.cited)

    @property
    def places(self) -> list[dict[str, Any]]:
        """The agencies' jurisdictions, each once, for "Where do you live?"."""
        found = {agency["jurisdiction"]["code"]: agency["jurisdiction"] for agency in self.payload["agencies"]}
        return list(found.values())

    @property
    def steps(self) -> list[tuple[dict[str, Any], str, str]]:
        """The steps, each with the last part of its letter's address, empty where it has none, and with the address
        that opens a mail, empty where it takes none.
        """
        actions = self.payload["actions"]
        return list(zip(actions, letter_slugs(actions), map(mail_address, actions), strict=True))

    @property
    def is_current(self) -> bool:
        """Whether complaints and letters are written from this version: the published one of a standing clause."""
        standing = self.analysis.provision.state == ProvisionState.STANDING
        return standing and self.analysis.state == AnalysisState.PUBLISHED

    @property
    def has_institutional(self) -> bool:
        return any(self.payload["institutional"].values())


@dataclass(frozen=True)
class NewWords:
    """The words that a clause has now, segment by segment; its analysis is about earlier ones that stand no more."""

    words: Sequence[str]
    evidence: Evidence


@dataclass(frozen=True)
class ClausePage:
    """All of a clause page."""

    provision: Provision
    frozen: Frozen
    versions: Sequence[Analysis]
    evidence: Evidence
    adoption: Adoption
    cards: Sequence[Card]
    others: Sequence[Provision]
    changes: Sequence[Change]
    happenings: Sequence[Happening]
    figures: ChangeFigures
    research: list[ResearchNote]
    edition: Edition | None
    since: "NewWords | None"

    @property
    def document(self) -> Document:
        return self.provision.document

    @property
    def payload(self) -> dict[str, Any]:
        return self.frozen.payload

    @property
    def origin(self) -> Origin | None:
        """The text that the words were taken from, by what is known of its document and held of it today."""
        known, document = self.frozen.origin, self.document
        return known and replace(
            known,
            collection=document.collection,
            path=document.collection_path,
            language=document.language,
            version=self.evidence.version_of(known.sha256, known.captured_at.date()),
        )

    @property
    def withdrawn(self) -> bool:
        return self.frozen.analysis.state != AnalysisState.PUBLISHED

    @property
    def touching(self) -> list[Change]:
        """The observed changes that touched this clause."""
        return [change for change in self.changes if change.kind == ChangeKind.OBSERVED and change.touches]

    @property
    def reported(self) -> list[Change]:
        """What others report of the document, with or without this clause."""
        return [change for change in self.changes if change.kind == ChangeKind.REPORTED]


def clause_page(platform: str, document: str, slug: str) -> ClausePage | Provision:
    """The page at an address, or the merged provision from which it must redirect. Http404 where nothing was ever
    published.
    """
    analyses = list(
        for_clause_page(
            Analysis.objects.filter(
                provision__document__platform__slug=platform,
                provision__document__slug=document,
                provision__slug=slug,
                state__in=FROZEN,
            )
        ).order_by("-version")
    )
    if not analyses:
        raise Http404("No clause has been published at this address.")
    shown = next((analysis for analysis in analyses if analysis.state == AnalysisState.PUBLISHED), analyses[0])
    provision = shown.provision
    if provision.merged_into_id:
        return provision
    return page_of(shown, analyses, list(in_order(provision.document)), proofs_of(provision))


def for_clause_page(analyses: QuerySet[Analysis]) -> QuerySet[Analysis]:
    """With all that their page shows and one row can hold."""
    newest = Edition.objects.order_by("-number")
    return analyses.select_related(
        "quotation", "provision__document__platform", "provision__document__market", "provision__clause_type__theme"
    ).annotate(
        edition_number=newest.values("number")[:1],
        edition_made_at=newest.values("made_at")[:1],
        research=ArraySubquery(
            ResearchNote.objects.drawing_on(OuterRef("provision__clause_type__slug")).values(
                note=JSONObject(slug="slug", title="title", summary="summary")
            )
        ),
    )


def proofs_of(provision: Provision) -> list[Proof]:
    """What the texts of its document say of all its quotations."""
    proofs = Proof.objects.present(METHOD).filter(quotation__provision=provision)
    return list(proofs.annotate(number=F("quotation__number")))


def page_of(
    shown: Analysis, analyses: Sequence[Analysis], versions: Sequence[Version], proofs: Sequence[Proof]
) -> ClausePage:
    """The page that shows one analysis of `for_clause_page`, whose payload is at hand, with the counting versions of
    its document.
    """
    provision, frozen = shown.provision, Frozen(shown)
    edition = Edition(number=shown.edition_number, made_at=shown.edition_made_at) if shown.edition_number else None
    changes = changes_of(provision)
    evidence = evidence_in(versions, proofs, shown.quotation)
    return ClausePage(
        provision=provision,
        frozen=frozen,
        versions=analyses,
        evidence=evidence,
        adoption=adoption_in(edition, provision.clause_type),
        cards=cards(provision, questions={row["key"]: row["wording"] for row in frozen.payload["answers"]}),
        others=list(
            Provision.objects.published()
            .filter(document=provision.document_id)
            .exclude(pk=provision.pk)
            .select_related("clause_type")
            .with_summary()
            .strongest_first()
        ),
        changes=changes,
        happenings=happenings(versions, proofs, changes),
        figures=change_figures(provision.document),
        research=[ResearchNote(**note) for note in shown.research],
        edition=edition,
        since=None if evidence.stands else _new_words(versions, proofs, shown.quotation),
    )


def _new_words(versions: Sequence[Version], proofs: Sequence[Proof], analysed: Quotation) -> NewWords | None:
    """The words taken last, where these are newer than the analysed ones and stand in the newest text."""
    last = max(proofs, key=lambda proof: proof.number, default=None)
    if last is None or last.number <= analysed.number:
        return None
    quotation = Quotation.objects.get(pk=last.quotation_id)
    evidence = evidence_in(versions, proofs, quotation)
    return NewWords([readable(segment) for segment in quotation.segments], evidence) if evidence.stands else None


def changes_of(provision: Provision) -> list[Change]:
    """The document's public changes, newest first; `touches` says whether one concerns this clause."""
    touched = ChangedProvision.objects.filter(change=OuterRef("pk"), provision=provision)
    return list(
        Change.objects.public()
        .light()
        .filter(document=provision.document_id)
        .annotate(touches=Exists(touched))
        .latest()
    )


def frozen_version(record: int, version: int) -> Frozen:
    """One published version of a record. Http404 where there is none."""
    analysis = (
        Analysis.objects.filter(provision__number=record, version=version, state__in=FROZEN)
        .select_related("quotation", "provision__document__platform", "provision__clause_type")
        .first()
    )
    if analysis is None:
        raise Http404("This record has no published version of that number.")
    return Frozen(analysis)


def newest_frozen(record: int) -> Frozen:
    """The published version of a record, or its last one where it was withdrawn."""
    analysis = (
        Analysis.objects.filter(provision__number=record, state__in=FROZEN)
        .select_related("quotation", "provision__document__platform")
        .order_by("-version")
        .first()
    )
    if analysis is None:
        raise Http404("Nothing has been published under this record id.")
    return Frozen(analysis)
