"""The catalogue on disk, version 1: which files there are; the models say what each holds, in the canonical order.

    jurisdictions.yaml                                  a list of Jurisdiction, by code
    themes.yaml                                         a list of Theme, in the order in which readers see them
    former-addresses.yaml                               a list of FormerAddress: pages that moved for good
    clause-types/<slug>.yaml                            ClauseType
    agencies/<slug>.yaml                                Agency
    regulations/<slug>.yaml                             Regulation
    research/<slug>.yaml                                ResearchNote
    platforms/<platform>/platform.yaml                  Platform
    platforms/<platform>/<document>/document.yaml       Document
    platforms/<platform>/<document>/texts/<name>.md     the texts of its snapshots, byte for byte
    platforms/<platform>/<document>/clauses/<slug>.yaml Clause (see `clause_schema`)

Everything may be left out that the database already holds: references are looked up in the files first, then there. A
README.md may stand at the top.

- Files are UTF-8 with LF and a final line end. The names of files and folders are the records' slugs.
- `id` is a record number. Without one the next free number is taken at the first load, and the record is found by its
  slug.
- A field with nothing to say is left out: never empty, never null.
- Append-only, and so an error when changed: texts, snapshots, checks, and quotations that are not the last ones. New
  ones may be added.
- What a load does not do: it removes nothing. A record without a file stays as it is.
- Changes that we observed are derived from the snapshots; `changes` lists them for their numbers, which are permanent,
  and for what analysts say of them. One that is not listed gets the next free number.
- What stands in a database and has no place here: what is computed (proofs, transitions, the sentences of changes, the
  clauses that they touched, changes that are superseded), drafts and superseded analyses, who reviewed what, the
  analysts' queue with its decisions, what servers answered (headers, bytes, when to ask again), editions, and the
  readings that follow from publishing a clause.
"""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from clauses.vocabulary import ActionKind, Drafter
from platforms.vocabulary import CheckOutcome, Direction, DocumentKind, Judgement, ReviewState, Sector, Severity

from .fields import (
    Address,
    Code,
    Day,
    Language,
    Moment,
    PartialDate,
    Prose,
    Sha256,
    ShortUrl,
    Slug,
    TextFile,
    Url,
    line,
    listing,
    record,
    word_of,
)

DocumentId = record("D", "CA-D-00517")
SnapshotId = record("S", "CA-S-000001")
ChangeId = record("C", "CA-C-000001")
ClauseId = record("P", "CA-P-010656")


class Entry(BaseModel):
    """A record or a part of one. Nothing but its fields may stand in it."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class Jurisdiction(Entry):
    code: Code
    name: line(100)
    within: Code | None = None


class Theme(Entry):
    slug: Slug
    name: line(100)
    description: Prose | None = None


class FormerAddress(Entry):
    """A page, with all below it, that moved: `old` redirects to `new`."""

    old: Address
    new: Address


class Question(Entry):
    key: Slug
    wording: line(200)
    help: Prose | None = None


class ClauseType(Entry):
    name: line(120)
    theme: Slug
    definition: Prose
    belongs: listing(Prose)
    does_not_belong: listing(Prose)
    action_kinds: listing(word_of(ActionKind), unique=True, inline=True)
    document_kinds: listing(word_of(DocumentKind), unique=True, inline=True)
    search_phrases: listing(line(120), unique=True) = []
    questions: listing(Question)


class Agency(Entry):
    """`enforces`: the slugs of the laws it enforces. `checked_on` is left out until someone opened its addresses."""

    name: line(200)
    short_name: line(60) | None = None
    jurisdiction: Code
    remit: Prose
    enforces: listing(Slug, unique=True, inline=True) = []
    who_may_complain: Prose
    have_ready: listing(Prose) = []
    duration: Prose | None = None
    complaint_url: Url
    finder_url: Url | None = None
    website: Url | None = None
    checked_on: Day | None = None


class RegulationDate(Entry):
    date: PartialDate
    what: line(300)


class Regulation(Entry):
    """`dates` stand oldest first."""

    name: line(200)
    short_name: line(80) | None = None
    citation: line(300)
    jurisdiction: Code
    url: Url
    dates: listing(RegulationDate) = []
    summary: Prose


class ResearchNote(Entry):
    """`body` is Markdown; a table from the catalogue stands in a line of its own (see `clauses.research`)."""

    title: line(200)
    summary: line(300)
    written_on: Day
    drafted_by: word_of(Drafter)
    body: Prose


class FormerName(Entry):
    name: line(120)
    until: PartialDate | None = None
    in_use: Literal[True] | None = None


class Platform(Entry):
    name: line(120)
    sector: word_of(Sector)
    website: ShortUrl | None = None
    description: line(300) | None = None
    invented: bool = False
    former_names: listing(FormerName) = []


class ReportedDocument(Entry):
    """What another source says of a document; we have not checked it."""

    source: line(200)
    url: Url | None = None
    accessed_on: Day | None = None
    last_updated: Day | None = None


class LaterVerdict(Entry):
    """A verdict after the first one; the last one holds."""

    verdict: word_of(Judgement)
    reason: Prose | None = None


class Snapshot(Entry):
    """A text seen at an address at a time. `sha256` is that of the file's bytes; `reason` is left out if accepted.

    `withheld` says why a text was taken out under a legal order; then there is no `text`, and the hash is that of
    the words it had. `technical`: the reading of the page changed here (ours or the archive's), not the page.
    `origin`: the commit of the collection's repository that holds it.
    """

    id: SnapshotId | None = None
    text: TextFile | None = None
    withheld: Prose | None = None
    sha256: Sha256
    captured_at: Moment
    url: Url | None = None
    final_url: Url | None = None
    archived_url: Url | None = None
    http_status: int | None = None
    language: Language | None = None
    region: line(20) | None = None
    tool: line(100) | None = None
    tool_version: line(40) | None = None
    by_hand: bool = False
    technical: bool = False
    origin: line(64) | None = None
    verdict: word_of(Judgement, only=(Judgement.ACCEPTED, Judgement.QUARANTINED, Judgement.DISCARDED))
    reason: Prose | None = None
    later_verdicts: listing(LaterVerdict) = []


class Check(Entry):
    """A look at the document that gave no text."""

    at: Moment
    outcome: word_of(CheckOutcome, only=(CheckOutcome.UNCHANGED, CheckOutcome.NOISE, CheckOutcome.FAILED))
    reason: Prose | None = None


class ObservedChange(Entry):
    """A change that we observed between two snapshots of the document, and what an analyst says of it.

    Texts decide whether there is one. Where our own reading of the page changed, an analyst does: listing it here
    declares it a change of the document.
    """

    id: ChangeId | None = None
    before: SnapshotId
    after: SnapshotId
    title: line(200) | None = None
    summary: Prose | None = None
    impact: Prose | None = None
    severity: word_of(Severity) | None = None
    direction: word_of(Direction) | None = None
    review: word_of(ReviewState, only=(ReviewState.CONFIRMED, ReviewState.NOISE)) | None = None
    announced_on: Day | None = None
    effective_on: Day | None = None
    effective_words: Prose | None = None


class Reading(Entry):
    """Someone read the text captured at that time for that clause type, and found it or not.

    The text need not be held here. Where the document lists it as a snapshot, hash and time are those of the snapshot.
    """

    clause_type: Slug
    captured_at: Moment
    sha256: Sha256
    found: bool
    read_on: Day
    by: Literal["catalogue", "machine"]


class ReportedChange(Entry):
    """A change that another source tells of. `clauses`: those of this document that it concerns; none: all of it."""

    id: ChangeId | None = None
    title: line(200)
    summary: Prose
    source: line(200)
    source_url: Url | None = None
    reported_on: Day | None = None
    announced_on: Day | None = None
    effective_on: Day | None = None
    effective_words: Prose | None = None
    impact: Prose | None = None
    severity: word_of(Severity) | None = None
    direction: word_of(Direction) | None = None
    review: word_of(ReviewState, only=(ReviewState.CONFIRMED, ReviewState.NOISE)) | None = None
    clauses: listing(Slug, unique=True, inline=True) = []


class Document(Entry):
    """Snapshots and checks stand oldest first.

    `family`: editions of one document for several markets share this word. `collection` and `path` say where an Open
    Terms Archive collection holds it, for example genai-eu and Jasper/Terms of Service: both or none. How we capture
    it: `capture_every` so many days (left out: only by hand); `select` has the CSS selectors of the parts of the page
    that are the document, `remove` those of what to leave out of them; `needs_browser` where the page shows its words
    to a real browser only.
    """

    id: DocumentId | None = None
    title: line(200)
    kind: word_of(DocumentKind)
    party: line(200) | None = None
    market: Code | None = None
    language: Language | None = None
    source_url: Url | None = None
    archived_url: Url | None = None
    stated_updated: Day | None = None
    retired_on: Day | None = None
    also_serves: listing(Slug, unique=True, inline=True) = []
    family: Slug | None = None
    collection: Slug | None = None
    path: line(300) | None = None
    capture_every: Annotated[int, Field(ge=1, le=32767)] | None = None
    select: listing(line(500)) = []
    remove: listing(line(500)) = []
    needs_browser: bool = False
    reported: ReportedDocument | None = None
    snapshots: listing(Snapshot) = []
    checks: listing(Check) = []
    changes: listing(ObservedChange) = []
    readings: listing(Reading) = []
    reported_changes: listing(ReportedChange) = []
