"""What each commit recorded: kinds, moments, names, and what is no record."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from platforms.terms.repository import Record, RecordKind, Skipped, open_repository

from .conftest import Making

NOON = 1_750_000_000


def read(making: Making) -> tuple[list[Record], list[Skipped]]:
    with open_repository(str(making.folder)) as repository:
        return repository.records(), repository.skipped


def moment(second: int) -> datetime:
    return datetime.fromtimestamp(second, UTC)


@pytest.mark.parametrize(
    ("subject", "kind"),
    [
        ("First record of Acme Terms of Service", RecordKind.FIRST),
        ("Start tracking Acme Terms of Service", RecordKind.FIRST),
        ("Record new changes of Acme Terms of Service", RecordKind.CHANGED),
        ("Update Acme Terms of Service", RecordKind.CHANGED),
        ("Apply technical or declaration upgrade on Acme Terms of Service", RecordKind.TECHNICAL),
        ("Refilter Acme Terms of Service", RecordKind.TECHNICAL),
        ("Move the folder", RecordKind.CHANGED),
    ],
)
def test_the_subject_tells_the_kind(making: Making, subject: str, kind: RecordKind) -> None:
    making.commit("First record of Acme Terms of Service", {"Acme/Terms of Service.md": "One"}, NOON)
    commit = making.commit(subject, {"Acme/Terms of Service.md": "Two"}, NOON + 9)
    records, skipped = read(making)
    assert skipped == []
    assert records[1] == Record(
        commit=commit,
        path="Acme/Terms of Service.md",
        service="Acme",
        terms_type="Terms of Service",
        captured_at=moment(NOON + 9),
        subject=subject,
        kind=kind,
        blob=making.blob(b"Two"),
        engine="",
    )
    assert records[1].document == "Acme/Terms of Service"
    assert records[1].captured_at.tzinfo is UTC


def test_the_engine_is_read_from_the_trailer(making: Making) -> None:
    body = "\n\nExtracted from a snapshot\n\nX-engine-version: "
    making.commit(f"First record of Acme Imprint{body}10.6.1", {"Acme/Imprint.md": "One"})
    making.commit(f"Update Acme Imprint{body}undefined", {"Acme/Imprint.md": "Two"})
    records, _ = read(making)
    assert [(record.subject, record.engine) for record in records] == [
        ("First record of Acme Imprint", "10.6.1"),
        ("Update Acme Imprint", ""),
    ]


@pytest.mark.parametrize(
    "path",
    [
        "DALL·E/Terms of Service.md",
        "Bolt.new/Privacy Policy.md",
        'The "Quoted" One/It\'s \\ here.md',
        "Blank at the end /Terms of Service .md",
        " Blank first/ Terms.md",
        "豆包/隐私政策.md",
        "-n/--output=x.md",
        ":(glob)*/*.md",
        "@{u}/HEAD.md",
        "Cafe\u0301/Imprint.md",
    ],
)
def test_names_survive(making: Making, path: str) -> None:
    making.commit(f"First record of {path}", {path: "Words"})
    records, skipped = read(making)
    service, _, terms_type = path.removesuffix(".md").partition("/")
    assert [(r.path, r.service, r.terms_type) for r in records] == [(path, service, terms_type)]
    assert skipped == []


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("LICENSE", "not where records are kept"),
        ("README.md", "not where records are kept"),
        ("../escape.md", "a hidden folder"),
        ("Acme/../Terms.md", "not where records are kept"),
        ("Acme/2024/Terms.md", "not where records are kept"),
        ("Acme/Terms.html", "not a Markdown file"),
        ("Acme/.md", "not a Markdown file"),
        (".github/stale.md", "a hidden folder"),
        (b"Acme/Caf\xe9.md", "not UTF-8"),
        ("Acme/Terms\nof Service.md", "control characters"),
    ],
)
def test_other_files_are_skipped_with_the_reason(making: Making, path: str | bytes, why: str) -> None:
    commit = making.commit("Add a file", {path: "Words", "Acme/Terms of Service.md": "Terms"})
    records, skipped = read(making)
    assert [record.path for record in records] == ["Acme/Terms of Service.md"]
    assert [(s.commit, s.path) for s in skipped] == [
        (commit, path if isinstance(path, str) else "Acme/Caf\\xe9.md"),
    ]
    assert why in skipped[0].reason


@pytest.mark.parametrize(("mode", "why"), [("120000", "a symbolic link"), ("160000", "another repository")])
def test_entries_that_are_no_files_are_skipped(making: Making, mode: str, why: str) -> None:
    making.commit(
        "First record of Acme Imprint",
        {"Acme/Imprint.md": "../../../etc/passwd" if mode == "120000" else "1" * 40},
        mode=mode,
    )
    making.commit("Remove", {"Acme/Imprint.md": None})
    records, skipped = read(making)
    assert records == []
    assert [why in s.reason for s in skipped] == [True, True]


def test_template_commits_and_repairs_are_no_records(making: Making) -> None:
    making.commit("Initial commit", {"LICENSE": "Free", "Brevo/Privacy Policy.md": "Of the template"})
    making.commit("Adapt template automatically", {"Brevo/Privacy Policy.md": None})
    making.commit("First record of Acme Imprint", {"Acme/Imprint.md": "CafÃ©"})
    making.commit("Remove mojibake", {"Acme/Imprint.md": "Café"})
    making.commit("Nothing", {})
    records, skipped = read(making)
    assert [record.subject for record in records] == ["First record of Acme Imprint"]
    assert [(s.path, s.reason.split(",")[0]) for s in skipped] == [
        ("Brevo/Privacy Policy.md", "the template that collections begin with"),
        ("LICENSE", "the template that collections begin with"),
        ("Brevo/Privacy Policy.md", "the template that collections begin with"),
        ("Acme/Imprint.md", "a repair of characters by hand"),
        ("", "changes no file"),
    ]


def test_a_later_commit_with_the_template_s_subject_is_read(making: Making) -> None:
    making.commit("First record of Acme Imprint", {"Acme/Imprint.md": "One"})
    making.commit("Initial commit", {"Acme/Imprint.md": "Two"})
    assert [record.kind for record in read(making)[0]] == [RecordKind.FIRST, RecordKind.CHANGED]


def test_both_sides_of_a_merge_are_read_and_the_merge_is_not(making: Making) -> None:
    root = making.commit("First record of Acme Imprint", {"Acme/Imprint.md": "One"}, NOON)
    left = making.commit("Record new changes of Acme Imprint", {"Acme/Imprint.md": "Two"}, NOON + 1)
    making.files = {}
    right = making.commit("First record of Zoo Imprint", {"Zoo/Imprint.md": "Z"}, NOON + 2, parents=[root])
    merge = making.commit("Merge", {"Acme/Imprint.md": "Two"}, NOON + 3, parents=[left, right])
    records, skipped = read(making)
    assert {r.commit for r in records} == {root, left, right}
    assert [(s.commit, s.path, s.reason[:7]) for s in skipped] == [(merge, "", "a merge")]


def test_a_rename_is_a_deletion_and_a_first_record(making: Making) -> None:
    making.commit("First record of Codeium Imprint", {"Codeium/Imprint.md": "Words " * 99}, NOON)
    making.commit("Rename", {"Codeium/Imprint.md": None, "Windsurf/Imprint.md": "Words " * 99}, NOON + 5)
    records, _ = read(making)
    assert [(r.path, r.kind, r.blob is None) for r in records] == [
        ("Codeium/Imprint.md", RecordKind.FIRST, False),
        ("Codeium/Imprint.md", RecordKind.DELETED, True),
        ("Windsurf/Imprint.md", RecordKind.FIRST, False),
    ]


def test_dates_that_run_backwards_are_put_in_order(making: Making) -> None:
    for text, at in (("One", NOON), ("Three", NOON + 20), ("Two", NOON + 10)):
        making.commit("Update Acme Imprint", {"Acme/Imprint.md": text}, at)
    records, _ = read(making)
    assert [r.captured_at for r in records] == [moment(NOON), moment(NOON + 10), moment(NOON + 20)]
    assert [r.blob for r in records] == [making.blob(text) for text in (b"One", b"Two", b"Three")]


def test_equal_dates_are_told_apart_in_the_order_of_the_history(making: Making) -> None:
    for number in range(4):
        making.commit("Update Acme Imprint", {"Acme/Imprint.md": f"Text {number}", f"Acme/{number}.md": "x"}, NOON)
    before = [r for r in read(making)[0] if r.path == "Acme/Imprint.md"]
    making.commit("Update Acme Imprint", {"Acme/Imprint.md": "Earlier"}, NOON - 1)
    after = [r for r in read(making)[0] if r.path == "Acme/Imprint.md"]
    assert [r.captured_at for r in before] == [moment(NOON) + timedelta(microseconds=n) for n in range(4)]
    assert [r.blob for r in before] == [making.blob(f"Text {n}".encode()) for n in range(4)]
    assert after[1:] == before  # what is added to the history moves nothing


def test_a_deletion_is_not_earlier_than_what_it_deletes(making: Making) -> None:
    making.commit("First record of Acme Imprint", {"Acme/Imprint.md": "One"}, NOON)
    making.commit("Remove the imprint", {"Acme/Imprint.md": None}, NOON - 500)
    records, _ = read(making)
    assert [(r.kind, r.captured_at) for r in records] == [
        (RecordKind.FIRST, moment(NOON)),
        (RecordKind.DELETED, moment(NOON) + timedelta(microseconds=1)),
    ]


def test_a_date_beyond_every_calendar_is_skipped(making: Making) -> None:
    making.commit("First record of Acme Imprint", {"Acme/Imprint.md": "One"})
    raw = making.git("cat-file", "commit", "HEAD").replace("1700000000 +0200", "999999999999999 +0000")
    making.git("update-ref", "HEAD", making.git("hash-object", "-t", "commit", "-w", "--stdin", stdin=raw.encode()))
    records, skipped = read(making)
    assert records == []
    assert "its date cannot be read" in skipped[0].reason


def test_replacements_and_grafts_are_not_believed(making: Making) -> None:
    first = making.commit("First record of Acme Imprint", {"Acme/Imprint.md": "One"}, NOON)
    making.commit("Update Acme Imprint", {"Acme/Imprint.md": "Two"}, NOON + 1)
    making.git("replace", making.blob(b"One"), making.blob(b"Forged"))
    (making.folder / "info").mkdir(exist_ok=True)
    (making.folder / "info" / "grafts").write_text(f"{making.last[0]}\n")
    with open_repository(str(making.folder)) as repository:
        records = repository.records()
        assert records[0].commit == first
        assert list(repository.contents(r.blob for r in records if r.blob)) == [b"One", b"Two"]


def test_programs_that_a_repository_names_are_not_run(making: Making, tmp_path: Path) -> None:
    making.commit("First record of Acme Imprint", {"Acme/Imprint.md": "One"})
    commit = making.git("cat-file", "commit", "HEAD")
    header, _, message = commit.partition("\n\n")
    signature = "gpgsig -----BEGIN PGP SIGNATURE-----\n \n x\n -----END PGP SIGNATURE-----"
    signed = f"{header}\n{signature}\n\n{message}\n"
    name = making.git("hash-object", "-t", "commit", "-w", "--stdin", stdin=signed.encode())
    making.git("update-ref", "HEAD", name)
    marker, program = tmp_path / "was-run", tmp_path / "program"
    program.write_text(f"#!/bin/sh\ntouch '{marker}'\n")
    program.chmod(0o755)
    for key in ("gpg.program", "core.fsmonitor", "core.pager", "diff.external", "core.sshCommand"):
        making.git("config", key, str(program))
    making.git("config", "log.showSignature", "true")
    making.git("config", "color.ui", "always")
    making.git("config", "log.showRoot", "false")
    records, _ = read(making)
    assert [record.path for record in records] == ["Acme/Imprint.md"]
    assert not marker.exists()
    making.git("log", "-1")  # as git itself would do it
    assert marker.exists()
