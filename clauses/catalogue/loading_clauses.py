"""Writes clauses, their words, and what we say of them: a changed analysis is published as a new version."""

from typing import TYPE_CHECKING, Any

from clauses.actions import draft, mark_removed, merge, publish, quote, save_provision
from clauses.deriving import one_derivation
from clauses.models import Agency, ClauseType, Provision, Question, Quotation, Regulation
from clauses.models.analyses import FACTOR_KEYS
from clauses.vocabulary import AnalysisKind, ProvisionState
from clauses.words import joined
from conductatlas.records import parse
from platforms.models import Document

from . import clause_schema
from .folder import ClauseKey, DocumentKey, Filed
from .held_clauses import REPORTED
from .loading import filled, values_of, writing
from .permanence import same_record

if TYPE_CHECKING:
    from .loading import Loader

PARTS = ("quotations", "analysis", "state", "merged_into", "id")
INSTITUTIONAL = ("regulatory_landscape", "contract_implications", "compliance_considerations", "enforcement_risk")
PROSE = ("what_it_is", "why_it_matters", "interpretive_note", "what_this_means", "confidence", "confidence_reason")
ACTION = ("kind", "channel", "title", "steps", "url", "email", "deadline", "region", "last_tried", "sentences")
Entry = Filed[clause_schema.Clause]


class ClauseLoader:
    """`rows`: the clauses of the files, saved."""

    def __init__(self, loader: "Loader", documents: dict[DocumentKey, Document]) -> None:
        self.loader, self.by, self.documents = loader, loader.by, documents
        self.before = same_record(loader.files.clauses, loader.current.clauses)
        self.kinds = {row.slug: row for row in ClauseType.objects.select_related("theme")}
        self.agencies = {row.slug: row for row in Agency.objects.all()}
        self.regulations = {row.slug: row for row in Regulation.objects.all()}
        self.questions = {
            (row.clause_type.slug, row.key): row for row in Question.objects.select_related("clause_type")
        }
        self.rows: dict[ClauseKey, Provision] = {}

    def held(self, key: ClauseKey) -> clause_schema.Clause | None:
        """What the database held of this clause when the load began."""
        return self.loader.current.clauses[self.before[key]].value if key in self.before else None

    def load(self) -> None:
        entries = self.loader.files.clauses
        numbers = {parse(self.held(key).id).number: key for key in self.before}
        for row in Provision.objects.select_related("document__platform", "clause_type__theme").filter(
            number__in=numbers
        ):
            self.rows[numbers[row.number]] = row
        for key, entry in entries.items():
            self.clause(key, entry)
        with one_derivation(by=self.by):
            for key, entry in entries.items():
                self.quotations(key, entry)
        for key, entry in entries.items():
            self.analysis(key, entry)
            self.loader.step()
        for key, entry in entries.items():
            self.state(key, entry)

    def clause(self, key: ClauseKey, entry: Entry) -> None:
        before, clause = self.held(key), entry.value
        same = (
            before is not None
            and self.before[key] == key
            and values_of(before, without=PARTS) == values_of(clause, without=PARTS)
        )
        if not same:
            numbered = {"number": parse(clause.id).number} if clause.id else {}
            row = self.rows.get(key) or Provision(**numbered)
            row.document, row.slug, row.clause_type = self.documents[key[:2]], key[2], self.kinds[clause.clause_type]
            applies = {
                f"applies_to_{name}": getattr(clause.applies_to, name, None) for name in ("plan", "region", "age")
            }
            reported = {f"reported_{name}": getattr(clause.reported, name, None) for name in REPORTED}
            filled(row, {"title": clause.title, "first_tracked": clause.first_tracked, **applies, **reported})
            with writing(entry):
                self.rows[key] = save_provision(row, by=self.by)
                if not clause.id and before is None:
                    row.refresh_from_db(fields=["number"])
        again = before is not None and (before.state, before.merged_into) != (clause.state, clause.merged_into)
        self.loader.note("clauses", self.rows[key].record_id, before, same=same and not again)

    def quotations(self, key: ClauseKey, entry: Entry) -> None:
        before = self.held(key)
        count = len(before.quotations) if before else 0
        for position, quotation in enumerate(entry.value.quotations):
            if position >= count:
                pieces = [joined(segment) for segment in quotation.words]
                with writing(entry, "quotations", position):
                    quote(
                        provision=self.rows[key],
                        segments=[text for text, _ in pieces],
                        sentence_ends=[ends for _, ends in pieces],
                        heading=quotation.heading or "",
                        prefix=quotation.prefix or "",
                        suffix=quotation.suffix or "",
                        cut=quotation.cut,
                        taken_on=quotation.taken_on,
                        taken_from_sha256=quotation.taken_from.sha256 if quotation.taken_from else "",
                        taken_from_at=quotation.taken_from.captured_at if quotation.taken_from else None,
                        by=self.by,
                    )
            name = f"{self.rows[key].record_id}, {position + 1}"
            self.loader.note("quotations", name, None if position >= count else quotation, same=position < count)

    def analysis(self, key: ClauseKey, entry: Entry) -> None:
        """Publishes what the file says where the database says something else, or rests it on other words."""
        before, wanted = self.held(key), entry.value.analysis
        if wanted is None:
            return
        old = before.analysis if before else None
        number = wanted.quotation or len(entry.value.quotations)
        same = old is not None and old.model_copy(update={"quotation": None}) == wanted.model_copy(
            update={"quotation": None}
        )
        same = same and number == (old.quotation or len(before.quotations))
        if not same:
            row = self.rows[key]
            with writing(entry, "analysis"):
                drafted = draft(
                    provision=row,
                    quotation=Quotation.objects.get(provision=row, number=number),
                    by=self.by,
                    content=_content(wanted),
                    parts=self.parts(row, wanted),
                    drafted_by=wanted.drafted_by,
                    drafted_on=wanted.drafted_on,
                    public_note=wanted.public_note or "",
                    kind=AnalysisKind.CORRECTION if wanted.public_note else AnalysisKind.ADDITION,
                )
                publish(analysis=drafted, by=self.by)
        self.loader.note("analyses", self.rows[key].record_id, old, same=same)

    def parts(self, row: Provision, wanted: clause_schema.Analysis) -> dict[str, list[dict[str, Any]]]:
        """The rows of an analysis, as `draft` takes them."""
        kind = row.clause_type.slug
        return {
            "answers": [
                {
                    "question": self.questions[kind, answer.question],
                    "value": answer.value,
                    "detail": answer.detail or "",
                    "sentences": answer.sentences,
                }
                for answer in wanted.answers
            ],
            "actions": [_action(action) for action in wanted.actions],
            "agencies": [
                {"agency": self.agencies[applied.agency], "reason": applied.reason} for applied in wanted.agencies
            ],
            "regulations": [
                {
                    "regulation": self.regulations[applied.regulation],
                    "articles": applied.articles,
                    "reason": applied.reason or "",
                    "named_by_source": applied.named_by_source,
                }
                for applied in wanted.regulations
            ],
        }

    def state(self, key: ClauseKey, entry: Entry) -> None:
        """Removed, merged, or standing again."""
        before, clause, row = self.held(key), entry.value, self.rows[key]
        if (before.state, before.merged_into) == (clause.state, clause.merged_into) if before else clause.state is None:
            return
        with writing(entry, "state"):
            if clause.state == ProvisionState.MERGED:
                merge(provision=row, into=Provision.objects.get(number=parse(clause.merged_into).number), by=self.by)
            elif clause.state == ProvisionState.REMOVED and (before is None or before.state is None):
                mark_removed(provision=row, by=self.by)
            else:
                row.state, row.merged_into = clause.state or ProvisionState.STANDING, None
                save_provision(row, by=self.by)


def _content(wanted: clause_schema.Analysis) -> dict[str, Any]:
    """Columns of an analysis, as `draft` takes them."""
    institutional = wanted.institutional or clause_schema.Institutional()
    exposure = institutional.governance_exposure or clause_schema.GovernanceExposure()
    content: dict[str, Any] = {name: getattr(wanted, name) or "" for name in PROSE}
    content |= {name: getattr(institutional, name) or "" for name in INSTITUTIONAL}
    content |= {f"governance_exposure_{name}": getattr(exposure, name) or "" for name in ("level", "who", "why")}
    content["jurisdiction_flags"] = [values_of(flag) for flag in institutional.jurisdiction_flags]
    content["checklist"] = list(institutional.checklist)
    for key in FACTOR_KEYS:
        factor = getattr(wanted.severity, key)
        content |= {f"{key}_score": factor.score, f"{key}_reason": factor.reason}
    return content


def _action(action: clause_schema.Action) -> dict[str, Any]:
    values = {name: value for name in ACTION if (value := getattr(action, name)) is not None}
    letter = action.letter
    return {**values, "letter_subject": (letter and letter.subject) or "", "letter_body": letter.body if letter else ""}
