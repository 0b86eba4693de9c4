"""Broken catalogues: what is done to the small one. Exactly what the reader is then told stands in errors.txt."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from .small import CLAUSE, DOCUMENT, FIRST_TEXT, LATER, TEXT, TYPE, put, sha256, swap

Break = Callable[[Path], None]


@dataclass(frozen=True)
class Broken:
    """What it is called in errors.txt, and what is done to a small catalogue."""

    name: str
    break_it: Break


def change(file: str, old: str, new: str) -> Break:
    return lambda root: swap(root, file, old, new)


def whole(file: str, content: str | bytes) -> Break:
    return lambda root: put(root, file, content)


def bomb(root: Path) -> None:
    lines = ["a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 10)]
    put(root, "agencies/bomb.yaml", "\n".join(lines) + "\n")


def symlink(root: Path) -> None:
    (root / FIRST_TEXT).unlink()
    (root / FIRST_TEXT).symlink_to("/etc/hostname")


def linked_folder(root: Path) -> None:
    (root / "platforms/elsewhere").symlink_to("/etc")


def without(file: str) -> Break:
    return lambda root: (root / file).unlink()


def fifo(root: Path) -> None:
    os.mkfifo(root / "agencies/pipe.yaml")


def cut(root: Path) -> None:
    content = (root / CLAUSE).read_bytes()
    put(root, CLAUSE, content[: content.index(b"tell nobody")])


def cut_in_quotes(root: Path) -> None:
    swap(root, "agencies/notes-board.yaml", "name: Board of Notes\n", 'name: "Board of Notes\n')


def several(root: Path) -> None:
    swap(root, TYPE, "theme: notes\n", "")
    swap(root, DOCUMENT, "2025-03-02", "2026-02-30")
    swap(root, CLAUSE, "agency: notes-board", "agency: note-board")


def reserved(root: Path) -> None:
    (root / CLAUSE).rename((root / CLAUSE).with_name("history.yaml"))
    swap(root, DOCUMENT, "clauses: [reading-notes]", "clauses: [history]")


def second_clause(root: Path) -> None:
    put(root, CLAUSE.replace("reading-notes", "reading-more"), (root / CLAUSE).read_bytes())


def observed(*pairs: tuple[str, str]) -> Break:
    listed = "".join(f"- before: {before}\n  after: {after}\n" for before, after in pairs)
    return change(DOCUMENT, "readings:\n", f"changes:\n{listed}readings:\n")


def observed_nothing(root: Path) -> None:
    """The second text counts too, but differs in nothing that means anything."""
    spaced = TEXT.replace("You may object", "You  may object")
    put(root, "platforms/quillmoor/terms/texts/2025-04-01.md", spaced)
    swap(root, DOCUMENT, sha256(LATER), sha256(spaced))
    swap(
        root, DOCUMENT, "  verdict: quarantined\n  reason: Nobody knows where it came from.\n", "  verdict: accepted\n"
    )
    observed(("CA-S-009001", "CA-S-009002"))(root)


def collected_twice(root: Path) -> None:
    held = "collection: genai-eu\npath: Quillmoor/Terms\n"
    swap(root, DOCUMENT, "language: en\n", f"language: en\n{held}")
    put(root, "platforms/quillmoor/copy/document.yaml", f"title: Copy\nkind: other\n{held}")


def read_twice(root: Path) -> None:
    again = f"- clause_type: note-reading\n{READ.replace('true', 'false')}\n  read_on: 2025-03-02\n  by: machine\n"
    swap(root, DOCUMENT, "readings:\n", f"readings:\n{again}")


READ = f"  captured_at: 2025-03-01T09:12:00Z\n  sha256: {sha256(TEXT)}\n  found: true"
CASES = [
    Broken("missing field", change(DOCUMENT, "title: Quillmoor Terms\n", "")),
    Broken("missing field inside", change(CLAUSE, "      score: 3\n", "")),
    Broken("day that is none", change(DOCUMENT, "read_on: 2025-03-02", "read_on: 2026-02-30")),
    Broken("day written otherwise", change(CLAUSE, "drafted_on: 2025-03-02", "drafted_on: 2 March 2025")),
    Broken("time without zone", change(DOCUMENT, "at: 2025-05-01T09:00:00Z", "at: 2025-05-01 09:00")),
    Broken("unknown clause type", change(CLAUSE, "clause_type: note-reading", "clause_type: notes-reading")),
    Broken("unknown agency", change(CLAUSE, "agency: notes-board", "agency: board")),
    Broken("unknown jurisdiction", change("agencies/notes-board.yaml", "jurisdiction: EU", "jurisdiction: XX")),
    Broken("unknown theme", change(TYPE, "theme: notes", "theme: note")),
    Broken("sentence resting on nothing", change(CLAUSE, "tell nobody. [~]", "tell nobody.")),
    Broken("sentence that does not exist", change(CLAUSE, "object by e-mail. [2]", "object by e-mail. [3]")),
    Broken(
        "answer on a sentence that does not exist",
        change(CLAUSE, "detail: By e-mail.\n    sentences: [2]", "detail: By e-mail.\n    sentences: [7]"),
    ),
    Broken("answer resting on nothing", change(CLAUSE, 'value: "yes"\n    sentences: [1]', 'value: "yes"')),
    Broken(
        "question without answer", change(CLAUSE, '  - question: reads\n    value: "yes"\n    sentences: [1]\n', "")
    ),
    Broken("answer to no question", change(CLAUSE, "question: can-object", "question: can-objekt")),
    Broken("action that does not fit", change(CLAUSE, "kind: object_processing", "kind: cancel")),
    Broken("score out of range", change(CLAUSE, "      score: 3", "      score: 4")),
    Broken("score that is no number", change(CLAUSE, "      score: 3", "      score: high")),
    Broken("quotation that does not exist", change(CLAUSE, "  confidence: high", "  quotation: 2\n  confidence: high")),
    Broken("blank quotation", change(CLAUSE, "- You may object by e-mail.", '- "  "')),
    Broken("duplicate slug", change("themes.yaml", "- slug: notes\n", "- slug: notes\n  name: Other\n- slug: notes\n")),
    Broken("duplicate name", change("platforms/quillmoor/platform.yaml", "name: Quillmoor\n", "name: Jasper AI\n")),
    Broken("duplicate id", second_clause),
    Broken("id of the database", change(CLAUSE, "id: CA-P-009001", "id: CA-P-010656")),
    Broken("id of another kind", change(CLAUSE, "id: CA-P-009001", "id: CA-D-09001")),
    Broken("id in another spelling", change(CLAUSE, "id: CA-P-009001", "id: CA-P-9001")),
    Broken(
        "duplicate key", change(CLAUSE, "title: Reading Your Notes\n", "title: Reading Your Notes\ntitle: Reading\n")
    ),
    Broken("binary file", whole("agencies/notes-board.yaml", b"\x89PNG\r\n\x1a\n\0\0")),
    Broken("binary text", whole(FIRST_TEXT, b"GIF89a\0\0\0")),
    Broken("Latin-1 text", whole(FIRST_TEXT, "Überall\n".encode("latin-1"))),
    Broken("cut file", cut),
    Broken("cut in quotes", cut_in_quotes),
    Broken("empty file", whole(TYPE, "")),
    Broken("YAML bomb", bomb),
    Broken("deep nesting", whole("agencies/deep.yaml", "name: " + "[" * 5000 + "]" * 5000 + "\n")),
    Broken("tag", change(CLAUSE, "title: Reading Your Notes", "title: !!python/name:os.system Reading")),
    Broken("two documents", change("platforms/quillmoor/platform.yaml", "sector: other\n", "sector: other\n---\n")),
    Broken("tab indentation", change(DOCUMENT, "  outcome: unchanged", "\toutcome: unchanged")),
    Broken("colon in plain text", change(CLAUSE, "reason: Notes are private.", "reason: Notes: private.")),
    Broken("unknown field", change(DOCUMENT, "language: en", "langauge: en")),
    Broken("unknown field inside", change(CLAUSE, "    channel: email", "    chanel: email")),
    Broken("wrong vocabulary word", change(DOCUMENT, "kind: terms_of_service", "kind: terms_of_servise")),
    Broken("nothing said", change(DOCUMENT, "language: en", "language:")),
    Broken("empty list", change(DOCUMENT, "clauses: [reading-notes]", "clauses: []")),
    Broken(
        "text instead of a list",
        change(TYPE, "belongs:\n- Words about reading notes.", "belongs: Words about reading notes."),
    ),
    Broken("list instead of a record", whole("agencies/notes-board.yaml", "- name: Board\n")),
    Broken("record instead of a list", whole("themes.yaml", "slug: notes\nname: Notes\n")),
    Broken("not an address", change("agencies/notes-board.yaml", "https://notes.example/complain", "notes.example")),
    Broken("changed text", whole(FIRST_TEXT, "Other words.\n")),
    Broken("text file missing", without(FIRST_TEXT)),
    Broken("text that nobody names", whole("platforms/quillmoor/terms/texts/2024-01-01.md", "Words.\n")),
    Broken("path out of the folder", change(DOCUMENT, "text: texts/2025-03-01.md", "text: ../../../../etc/passwd")),
    Broken("link out of the folder", symlink),
    Broken("linked folder", linked_folder),
    Broken("pipe", fifo),
    Broken("reserved slug", reserved),
    Broken("slug that is none", whole("agencies/Notes_Board.yaml", "name: x\n")),
    Broken("file that does not belong", whole("platforms/quillmoor/terms/notes.txt", "x\n")),
    Broken("folder that does not belong", whole("agency/ftc.yaml", "x\n")),
    Broken("document file missing", without(DOCUMENT)),
    Broken("huge file", whole("agencies/huge.yaml", "name: " + "x" * 1024 * 1024 + "\n")),
    Broken(
        "reading of a snapshot that does not count",
        change(DOCUMENT, READ, f"  captured_at: 2025-04-01T09:12:00Z\n  sha256: {sha256(LATER)}\n  found: true"),
    ),
    Broken("reading with another hash", change(DOCUMENT, f"{sha256(TEXT)}\n  found", f"{sha256(LATER)}\n  found")),
    Broken("reading at another time", change(DOCUMENT, READ, READ.replace("09:12:00Z", "09:12:01Z"))),
    Broken("reading without time", change(DOCUMENT, READ, READ.split("\n", 1)[1])),
    Broken("reading of the same text", read_twice),
    Broken("words of a text with another hash", change(CLAUSE, sha256(TEXT), sha256(LATER))),
    Broken("words of a text at another time", change(CLAUSE, "2025-03-01T09:12:00Z", "2025-03-01T09:12:01Z")),
    Broken("words of a text without hash", change(CLAUSE, f"    sha256: {sha256(TEXT)}\n", "")),
    Broken("words of a text with a hash that is none", change(CLAUSE, sha256(TEXT), sha256(TEXT)[1:])),
    Broken(
        "snapshots out of order",
        change(DOCUMENT, "captured_at: 2025-04-01T09:12:00Z", "captured_at: 2025-02-01T09:12:00Z"),
    ),
    Broken("verdict without reason", change(DOCUMENT, "  reason: Nobody knows where it came from.\n", "")),
    Broken(
        "law with reason and none",
        change(CLAUSE, "    named_by_source: true", "    named_by_source: true\n    reason: Notes."),
    ),
    Broken(
        "merged into nothing", change(CLAUSE, "clause_type: note-reading", "clause_type: note-reading\nstate: merged")
    ),
    Broken(
        "former name of another platform",
        change("platforms/quillmoor/platform.yaml", "name: Quillbog", "name: Jasper AI"),
    ),
    Broken(
        "moved to nowhere", whole("former-addresses.yaml", "- old: /platform/quillmoor/\n  new: /platform/nowhere/\n")
    ),
    Broken("several errors in several files", several),
    Broken("words that are none", change(CLAUSE, "    - You may object by e-mail.\n", '  - - "***"\n')),
    Broken("change where there is none", observed_nothing),
    Broken("change to what does not count", observed(("CA-S-009001", "CA-S-009002"))),
    Broken("change of another document", observed(("CA-S-009001", "CA-S-000002"))),
    Broken("change backwards", observed(("CA-S-009002", "CA-S-009001"))),
    Broken("change listed twice", observed(*[("CA-S-009001", "CA-S-009001")] * 2)),
    Broken("collection without a path", change(DOCUMENT, "language: en\n", "language: en\ncollection: genai-eu\n")),
    Broken("two documents of one path", collected_twice),
    Broken("captured every 0 days", change(DOCUMENT, "language: en\n", "language: en\ncapture_every: 0\n")),
]
