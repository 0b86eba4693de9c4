"""A small catalogue in canonical form that shares nothing with the demo catalogue but one jurisdiction."""

import hashlib
from pathlib import Path

TEXT = "# Quillmoor Terms\n\nWe may read your notes. You may object by e-mail.\n\nWe may read your notes at night.\n"
LATER = TEXT + "\nWe keep nothing.\n"


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


DOCUMENT = "platforms/quillmoor/terms/document.yaml"
CLAUSE = "platforms/quillmoor/terms/clauses/reading-notes.yaml"
TYPE = "clause-types/note-reading.yaml"
FIRST_TEXT = "platforms/quillmoor/terms/texts/2025-03-01.md"

FILES = {
    "jurisdictions.yaml": "- code: EU\n  name: European Union\n",
    "themes.yaml": "- slug: notes\n  name: Notes and notebooks\n",
    TYPE: """\
name: Reading of notes
theme: notes
definition: Says whether the platform reads what people note down.
belongs:
- Words about reading notes.
does_not_belong:
- Words about selling notes.
action_kinds: [ask, object_processing]
document_kinds: [terms_of_service]
questions:
- key: reads
  wording: Does it read your notes?
- key: can-object
  wording: Can you object?
""",
    "agencies/notes-board.yaml": """\
name: Board of Notes
jurisdiction: EU
remit: It looks after notes.
who_may_complain: Anyone.
complaint_url: https://notes.example/complain
""",
    "regulations/notes-act.yaml": """\
name: Act on Notes
citation: Act 1 of 2001
jurisdiction: EU
url: https://notes.example/act
dates:
- date: "2001"
  what: applies
summary: It asks that notes stay private.
""",
    "platforms/quillmoor/platform.yaml": """\
name: Quillmoor
sector: other
invented: true
former_names:
- name: Quillbog
  until: 2020-05
""",
    DOCUMENT: f"""\
id: CA-D-09001
title: Quillmoor Terms
kind: terms_of_service
market: EU
language: en
snapshots:
- id: CA-S-009001
  text: texts/2025-03-01.md
  sha256: {sha256(TEXT)}
  captured_at: 2025-03-01T09:12:00Z
  http_status: 200
  tool: by hand
  by_hand: true
  verdict: accepted
- id: CA-S-009002
  text: texts/2025-04-01.md
  sha256: {sha256(LATER)}
  captured_at: 2025-04-01T09:12:00Z
  verdict: quarantined
  reason: Nobody knows where it came from.
checks:
- at: 2025-05-01T09:00:00Z
  outcome: unchanged
readings:
- clause_type: note-reading
  captured_at: 2025-03-01T09:12:00Z
  sha256: {sha256(TEXT)}
  found: true
  read_on: 2025-03-02
  by: machine
reported_changes:
- id: CA-C-009001
  title: Notes are read at night
  summary: A paper reports that notes are read at night too.
  source: The Note
  clauses: [reading-notes]
""",
    FIRST_TEXT: TEXT,
    "platforms/quillmoor/terms/texts/2025-04-01.md": LATER,
    CLAUSE: """\
id: CA-P-009001
title: Reading Your Notes
clause_type: note-reading
quotations:
- words:
  - - We may read your notes.
    - You may object by e-mail.
  taken_from:
    captured_at: 2025-03-01T09:12:00Z
    sha256: TAKEN_FROM
analysis:
  drafted_on: 2025-03-02
  drafted_by: machine
  confidence: high
  severity:
    rights_affected:
      score: 2
      reason: Notes are private.
    opt_out:
      score: 2
      reason: You have to write.
    breadth:
      score: 3
      reason: It reaches everyone.
    exposure:
      score: 1
      reason: Someone reads along.
    discretion:
      score: 2
      reason: No purpose is named.
  what_it_is: Quillmoor may read your notes. [1]
  why_it_matters: Notes hold what you tell nobody. [~]
  what_this_means: You can object by e-mail. [2]
  answers:
  - question: reads
    value: "yes"
    sentences: [1]
  - question: can-object
    value: "yes"
    detail: By e-mail.
    sentences: [2]
  actions:
  - kind: object_processing
    channel: email
    title: Object
    email: notes@quillmoor.example
    letter:
      subject: My notes
      body: |-
        Dear Quillmoor,

        Please stop reading my notes.
    sentences: [2]
  agencies:
  - agency: notes-board
    reason: It looks after notes.
  regulations:
  - regulation: notes-act
    named_by_source: true
""".replace("TAKEN_FROM", sha256(TEXT)),
}


def written(root: Path) -> Path:
    """Writes the small catalogue below `root`."""
    for name, content in FILES.items():
        put(root, name, content)
    return root


def put(root: Path, name: str, content: str | bytes) -> None:
    """A file of the catalogue, with the folders around it."""
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)


def swap(root: Path, name: str, old: str, new: str) -> None:
    """Replaces the one place where `old` stands in a file."""
    content = (root / name).read_bytes().decode()
    assert content.count(old) == 1, f"{old!r} stands {content.count(old)} times in {name}"
    put(root, name, content.replace(old, new))


def content_of(root: Path) -> dict[str, bytes]:
    """Every file below a folder."""
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in sorted(root.rglob("*")) if path.is_file()}
