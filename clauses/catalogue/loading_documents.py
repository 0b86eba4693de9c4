"""Writes documents, snapshots and checks; then, when the clauses stand, who read what."""

from typing import TYPE_CHECKING, Any

from clauses.actions import record_reading
from clauses.models import ClauseType
from conductatlas import actors
from conductatlas.records import parse
from platforms.actions import (
    judge,
    record_check,
    record_snapshot,
    save_document,
    set_also_serves,
    store_withheld_text,
)
from platforms.models import Document, Jurisdiction, Platform, Snapshot

from . import schema
from .folder import DocumentKey, Filed
from .loading import filled, values_of, writing
from .loading_changes import ChangeLoader
from .permanence import same_record

if TYPE_CHECKING:
    from .loading import Loader

LISTS = ("snapshots", "checks", "changes", "readings", "reported_changes", "also_serves")
HOW = (
    "url", "final_url", "archived_url", "http_status", "language", "region", "tool", "tool_version", "by_hand",
    "technical", "origin",
)  # fmt: skip
REPORTED = ("source", "url", "accessed_on", "last_updated")
OTHERWISE = ("market", "reported", "path", "select", "remove")  # columns have them in another form


class DocumentLoader:
    """`rows`: the documents of the files, saved."""

    def __init__(self, loader: "Loader") -> None:
        self.loader, self.by = loader, loader.by
        self.platforms = {row.slug: row for row in Platform.objects.all()}
        self.places = {row.code: row for row in Jurisdiction.objects.all()}
        self.before = same_record(loader.files.documents, loader.current.documents)
        self.rows: dict[DocumentKey, Document] = {}

    def held(self, key: DocumentKey) -> schema.Document | None:
        """What the database held of this document when the load began."""
        return self.loader.current.documents[self.before[key]].value if key in self.before else None

    def load(self) -> None:
        entries = self.loader.files.documents
        numbers = {parse(self.held(key).id).number: key for key in self.before}
        for row in Document.objects.select_related("platform").filter(number__in=numbers):
            self.rows[numbers[row.number]] = row
        for key, entry in entries.items():
            self.document(key, entry)
            self.loader.step()
        changes = ChangeLoader(self)
        with changes.numbered():
            for key, entry in entries.items():
                self.snapshots(key, entry)
                self.checks(key, entry)
                changes.observed(key, entry)

    def document(self, key: DocumentKey, entry: Filed[schema.Document]) -> None:
        before, document = self.held(key), entry.value
        left_out = ("id", *LISTS)
        edited = (
            before is None
            or values_of(before, without=left_out) != values_of(document, without=left_out)
            or self.before[key] != key
        )
        served = document.also_serves != (before.also_serves if before else [])
        if edited:
            numbered = {"number": parse(document.id).number} if document.id else {}
            row = self.rows.get(key) or Document(**numbered)
            row.platform, row.slug = self.platforms[key[0]], key[1]
            filled(row, values_of(document, without=(*left_out, *OTHERWISE)))
            filled(row, {"collection_path": document.path, **_selectors(document)})
            row.market = self.places[document.market] if document.market else None
            filled(row, {f"reported_{name}": getattr(document.reported, name, None) for name in REPORTED})
            with writing(entry):
                self.rows[key] = save_document(row, by=self.by)
                if not document.id:
                    row.refresh_from_db(fields=["number"])
        if served:
            with writing(entry, "also_serves"):
                set_also_serves(
                    self.rows[key], platforms=[self.platforms[slug] for slug in document.also_serves], by=self.by
                )
        self.loader.note("documents", self.rows[key].record_id, before, same=not edited and not served)

    def snapshots(self, key: DocumentKey, entry: Filed[schema.Document]) -> None:
        before = self.held(key)
        known = {row.captured_at: row for row in before.snapshots} if before else {}
        wanted = list(enumerate(entry.value.snapshots))
        # By number, which is the order in which they were first recorded: so versions get the numbers they had.
        wanted.sort(key=lambda pair: (pair[1].id is None, pair[1].id or "", pair[0]))
        for position, row in wanted:
            old = known.get(row.captured_at)
            with writing(entry, "snapshots", position):
                if old is None:
                    snapshot = self.snapshot(key, row)
                    later = row.later_verdicts
                else:
                    later = row.later_verdicts[len(old.later_verdicts) :]
                    snapshot = Snapshot.objects.get(number=parse(old.id).number) if later else None
                for verdict in later:
                    judge(snapshot=snapshot, judgement=verdict.verdict, reason=verdict.reason or "", by=self.by)
            self.loader.note(
                "snapshots", row.id or f"{row.captured_at:%Y-%m-%d}", old, same=old is not None and not later
            )

    def snapshot(self, key: DocumentKey, row: schema.Snapshot) -> Snapshot:
        """A new snapshot with its first verdict."""
        content: Any = self.loader.files.texts.get((*key, row.text or ""))
        if row.withheld:
            content = store_withheld_text(sha256=row.sha256, reason=row.withheld, by=self.by)
        how = {name: value for name in HOW if (value := getattr(row, name)) is not None}
        return record_snapshot(
            document=self.rows[key],
            content=content,
            captured_at=row.captured_at,
            judgement=row.verdict,
            reason=row.reason or "",
            number=parse(row.id).number if row.id else None,
            by=self.by,
            **how,
        )

    def checks(self, key: DocumentKey, entry: Filed[schema.Document]) -> None:
        before = self.held(key)
        known = {row.at for row in before.checks} if before else set()
        for position, row in enumerate(entry.value.checks):
            if row.at not in known:
                with writing(entry, "checks", position):
                    record_check(
                        document=self.rows[key],
                        checked_at=row.at,
                        outcome=row.outcome,
                        reason=row.reason or "",
                        by=self.by,
                    )
            self.loader.note(
                "checks", f"{row.at:%Y-%m-%dT%H:%M:%SZ}", row.at if row.at in known else None, same=row.at in known
            )

    def load_what_follows(self) -> None:
        """Readings and reported changes, which point at clause types and clauses."""
        kinds = {row.slug: row for row in ClauseType.objects.all()}
        changes = ChangeLoader(self)
        for key, entry in self.loader.files.documents.items():
            self.readings(key, entry, kinds)
            changes.reported(key, entry)

    def readings(self, key: DocumentKey, entry: Filed[schema.Document], kinds: dict[str, ClauseType]) -> None:
        before = self.held(key)
        known = {(row.captured_at, row.clause_type): row for row in before.readings} if before else {}
        for row in entry.value.readings:
            old = known.get((row.captured_at, row.clause_type))
            if old != row:
                reader = actors.machine() if row.by == "machine" else self.by
                with writing(entry, "readings"):
                    record_reading(
                        document=self.rows[key],
                        sha256=row.sha256,
                        captured_at=row.captured_at,
                        clause_type=kinds[row.clause_type],
                        found=row.found,
                        read_on=row.read_on,
                        by=reader,
                    )
            self.loader.note("readings", f"{key[0]}/{key[1]} for {row.clause_type}", old, same=old == row)


def _selectors(document: schema.Document) -> dict[str, str]:
    """The lists of selectors as columns have them: one a line."""
    return {name: "\n".join(getattr(document, name)) for name in ("select", "remove")}
