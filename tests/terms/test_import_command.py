"""`manage.py import_terms` from outside: what it says, whole collections, and ends that nobody chose."""

import hashlib
import json
import os
import re
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path

import psycopg
import pytest
from django.core.management import CommandError, call_command

from conductatlas.postgres.places import project_folder
from platforms.models import Document, Platform, Version

from .. import factories
from ..databases import empty_database
from ..leftovers import eventually
from . import memory as memory_of
from .conftest import Making
from .small import DAY, FIRST, SECOND, START, market, policy, recorded
from .stored import Database, counted, database, stored

MOST_MEMORY = 400_000_000  # bytes
# The snapshots, of 112, in the middle of which an import is killed: of the first document, a later one, and the last.
KILLED_AT = (6, 60, 110)
# Of the larger collection a part will do here, with the services whose names are not plain ASCII; the benchmark of the
# import reads all of it.
PART = {"genai-contrib-versions": "^(Berget|DALL·E/(?!Platform)|De|J|Le Chat|x)"}
NO_CAPTURE = re.compile(r"Initial commit|Adapt template|Remove mojibake")


def told(*arguments: object, **options) -> str:
    out = StringIO()
    call_command("import_terms", *map(str, arguments), stdout=out, **options)
    return out.getvalue()


def complaint(*arguments: object) -> str:
    """The one line with which the command refuses."""
    with pytest.raises(CommandError) as refusal:
        told(*arguments)
    assert "\n" not in str(refusal.value)
    return str(refusal.value)


def program(*arguments: object) -> list[str]:
    return [sys.executable, "manage.py", "import_terms", *map(str, arguments)]


# What it says


@pytest.mark.usefixtures("empty")
def test_it_tells_what_it_did(making: Making) -> None:
    factories.a_platform(slug="beta-ai", name="Beta AI")
    recorded(making, FIRST, "Not found", SECOND)
    making.commit("First record", {"Beta/Terms of Service.md": FIRST, "Acme/House Rules.md": FIRST}, START)
    making.commit("Adapt template to Acme", {"LICENSE": "Free."}, START)
    told_first = told(making.folder)
    assert "Imported: 1 platforms, 2 documents, 4 snapshots, 3 texts, 1 quarantined, 1 changes." in told_first
    assert "Passed over: 1 × the template that collections begin with, no capture." in told_first
    assert "  Beta: beta-ai (Beta AI): one name holds the words of the other" in told_first
    assert "filed as “other document”:\n  Acme/House Rules" in told_first
    assert told(making.folder).startswith("Imported: nothing new. Held before: 4 snapshots.")
    assert told(making.folder, verbosity=0) == ""


@pytest.mark.usefixtures("empty")
def test_machines_are_told_in_json(making: Making) -> None:
    factories.a_platform(slug="beta-ai", name="Beta AI")
    recorded(making, FIRST, SECOND)
    making.commit("First record", {"Beta/Terms of Service.md": FIRST, "Acme/House Rules.md": FIRST}, START)
    assert json.loads(told(making.folder, "--json")) == {
        "counts": {
            "platforms": 1, "documents": 2, "snapshots": 3, "texts": 2, "quarantined": 0, "changes": 1, "retired": 0,
            "held": 0,
        },
        "unsure": [
            {"what": "Beta", "could_be": ["beta-ai (Beta AI): one name holds the words of the other"]},
        ],
        "unsure_kinds": ["Acme/House Rules"],
        "skipped": {},
    }  # fmt: skip


@pytest.mark.usefixtures("empty")
def test_options_say_as_what_and_which(making: Making, tmp_path: Path) -> None:
    market("EU")
    factories.a_platform(slug="beta-ai", name="Beta AI")
    recorded(making, FIRST, SECOND)
    recorded(making, FIRST, SECOND, path="Beta/Terms of Service.md")
    decisions = tmp_path / "map.yaml"
    decisions.write_text("services:\n  Beta: beta-ai\n", encoding="utf-8")
    told(
        making.folder, "--collection", "mine", "--market", "eu", "--language", "en", "--only", "^Beta/",
        "--since", "2025-06-16", "--map", decisions,
    )  # fmt: skip
    document = Document.objects.get()
    assert (document.collection, document.market.code, document.language) == ("mine", "EU", "en")
    assert document.platform == Platform.objects.get(slug="beta-ai")
    assert Version.objects.get().snapshot.text.content == SECOND


@pytest.mark.usefixtures("empty")
@pytest.mark.parametrize(
    ("name", "collection"), [("genai-eu-versions", "genai-eu"), ("pga.git", "pga"), ("France-Versions.git", "france")]
)
def test_a_collection_is_called_as_its_repository(tmp_path: Path, name: str, collection: str) -> None:
    making = Making(tmp_path / name)
    recorded(making, FIRST)
    told(f"{making.folder}/")
    assert Document.objects.get().collection == collection


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("options", "why"),
    [
        (["--only", "(Acme"], r"--only '\(Acme' is no regular expression: .*"),
        (["--since", "2025-13-01"], "--since '2025-13-01' is no day: write it as 2026-01-31."),
        (["--since", "yesterday"], "--since 'yesterday' is no day: write it as 2026-01-31."),
        (["--market", "XX"], r"There is no market 'XX': give one of those in the catalogue \(.*EU.*\)."),
        (["--language", "English!"], "--language 'English!' is no language: write it as en or pt-BR."),
        (["--collection", "Not A Name"], "'Not A Name' is no name of a collection: give one with --collection, .*"),
        (["--map", "no-such-file.yaml"], r"no-such-file.yaml cannot be read \(.*\): give the file with --map\..*"),
    ],
)
def test_what_it_cannot_use_it_names(making: Making, options: list[str], why: str) -> None:
    recorded(making, FIRST)
    documents = Document.objects.count()
    assert re.fullmatch(why, complaint(making.folder, *options))
    assert Document.objects.count() == documents


@pytest.mark.django_db
def test_what_is_no_repository_is_named(tmp_path: Path) -> None:
    assert "does not exist" in complaint(tmp_path / "nowhere")
    assert "only https addresses are fetched" in complaint("http://terms.example/genai.git")
    assert complaint("--", "--upload-pack=touch x").startswith("'--upload-pack=touch x' is no repository")


@pytest.mark.django_db
def test_a_text_that_is_none_is_named_in_one_line(making: Making) -> None:
    recorded(making, FIRST, path="Quillbog/Terms of Service.md")
    making.commit("First record", {"Zweitwerk/Imprint.md": b"\xff"}, START)
    why = complaint(making.folder)
    assert "Zweitwerk/Imprint.md" in why and why.endswith("What was imported before it stays.")
    assert Document.objects.get(collection="terms").collection_path == "Quillbog/Terms of Service"


# Programs with a database of their own


@contextmanager
def a_database() -> Iterator[Database]:
    """All tables, and nothing in them."""
    with database(f"terms_{os.getpid()}", like=empty_database()) as made:
        yield made


@pytest.fixture
def own(db: None) -> Iterator[Database]:
    with a_database() as made:
        yield made


def ran(where: Database, *arguments: object) -> tuple[str, int]:
    """What the command says, and the bytes of memory that it and its helpers took at most."""
    done, memory = memory_of.run(program(*arguments), cwd=project_folder(), env=where.environment)
    assert done.returncode == 0, done.stderr
    return done.stdout, memory


def on_a_terminal(where: Database, *arguments: object) -> str:
    """What the command writes to a terminal beside its answer."""
    ours, theirs = os.openpty()
    process = subprocess.Popen(
        program(*arguments),
        cwd=project_folder(),
        env=where.environment | {"TERM": "xterm", "COLUMNS": "100"},
        stdout=subprocess.DEVNULL,
        stderr=theirs,
    )
    os.close(theirs)
    seen = b""
    try:
        while piece := os.read(ours, 4096):
            seen += piece
    except OSError:  # the other end is closed
        pass
    finally:
        os.close(ours)
    assert process.wait() == 0, seen
    return seen.decode("utf-8", "replace")


@pytest.mark.slow
def test_progress_is_shown_on_a_terminal_alone(making: Making, own: Database) -> None:
    recorded(making, *(policy(f"We keep it for {days} days.") for days in range(20)))
    done = subprocess.run(
        program(making.folder), cwd=project_folder(), env=own.environment, capture_output=True, text=True, check=True
    )
    assert "20 snapshots" in done.stdout
    assert done.stderr == ""
    recorded(making, FIRST, SECOND, at=START + 90 * DAY)
    shown = on_a_terminal(own, making.folder)
    assert "Importing terms" in shown and "2/2" in shown
    assert on_a_terminal(own, making.folder, "--json") == ""


class Log:
    """What `git log` alone tells of a collection: the objects of each document, of every record that holds a text."""

    def __init__(self, folder: Path, only: str = "") -> None:
        self.folder = folder
        self.blobs: dict[str, list[str]] = {}
        log = self.git("log", "--no-renames", "--raw", "--no-abbrev", "-z", "--format=%x01%s").decode()
        for commit in log.split("\x01")[1:]:
            subject, *entries = commit.strip("\0\n").split("\0")
            if not NO_CAPTURE.match(subject):
                for told_of, path in zip(entries[::2], entries[1::2], strict=True):
                    held = path.endswith(".md") and not told_of.strip().endswith("D")
                    if held and re.search(only, path.removesuffix(".md")):
                        self.blobs.setdefault(path.removesuffix(".md"), []).append(told_of.split()[3])

    def git(self, *arguments: str, asked: str = "") -> bytes:
        command = ["git", "-C", str(self.folder), *arguments]
        return subprocess.run(command, input=asked.encode(), capture_output=True, check=True).stdout

    def names(self) -> dict[str, str]:
        """Object → SHA-256 of its bytes."""
        wanted = sorted({blob for blobs in self.blobs.values() for blob in blobs})
        answer, at, found = self.git("cat-file", "--batch", asked="\n".join(wanted) + "\n"), 0, {}
        for blob in wanted:
            head = answer.index(b"\n", at)
            end = head + 1 + int(answer[at:head].split()[2])
            found[blob] = hashlib.sha256(answer[head + 1 : end]).hexdigest()
            at = end + 1
        return found


@pytest.mark.slow
def test_every_record_of_a_real_collection_is_imported(real_bundle: Path, own: Database, tmp_path: Path) -> None:
    folder = tmp_path / real_bundle.name.removesuffix(".bundle")
    subprocess.run(["git", "clone", "--quiet", "--bare", real_bundle, folder], check=True)
    only = PART.get(folder.name, "")
    log = Log(folder, only)
    records = sum(map(len, log.blobs.values()))
    said, memory = ran(own, folder, "--json", "--only", only)
    assert memory <= MOST_MEMORY
    assert memory > 50_000_000 or not memory_of.KNOWN
    assert json.loads(said)["counts"]["snapshots"] == records > 200
    assert json.loads(said)["unsure"] == []

    names = log.names()
    rows = own.ask(
        "SELECT d.collection_path, s.text_id FROM platforms_snapshot s"
        " JOIN platforms_document d ON d.id = s.document_id"
    )
    held: dict[str, list[str]] = {}
    for path, text in rows:
        held.setdefault(path, []).append(text)
    assert {path: len(texts) for path, texts in held.items()} == {path: len(b) for path, b in log.blobs.items()}
    for path, blobs in log.blobs.items():
        assert Counter(held[path]) == Counter(names[blob] for blob in blobs), path
    stored_as = dict(own.ask("SELECT sha256, encode(sha256(convert_to(content, 'UTF8')), 'hex') FROM platforms_text"))
    assert stored_as == {name: name for name in names.values()}
    assert own.ask("SELECT count(*) FROM platforms_check") == [(records,)]

    before, rows = stored(own.ask), counted(own.ask)
    again, _ = ran(own, folder, "--json", "--only", only)
    assert +Counter(json.loads(again)["counts"]) == {"held": records}
    assert (counted(own.ask), stored(own.ask)) == (rows, before)


def collection(making: Making) -> None:
    """Documents with many texts; each record is a commit."""
    for service in range(4):  # enough texts for a second process
        for terms_type in ("Terms of Service", "Privacy Policy"):
            clauses = [f"Of part {part} we keep a copy for {part + 2} years." for part in range(40)]
            texts = [policy(*clauses, heading=terms_type)]
            for day in range(12):
                clauses[day * 3] = f"Of part {day} we keep nothing since day {day} of {service}."
                texts.append("Not found" if day % 5 == 3 else policy(*clauses, heading=terms_type))
            recorded(making, *texts, texts[-2], path=f"Service {service}/{terms_type}.md")
    recorded(making, None, path="Service 3/Privacy Policy.md", at=START + 30 * DAY)


@pytest.mark.slow
def test_an_import_that_was_killed_and_resumed_ends_like_one_that_was_not(making: Making, db: None) -> None:
    collection(making)
    with a_database() as own:
        ran(own, making.folder)
        expected = stored(own.ask)
    assert len(expected["snapshots"]) == 8 * 14
    with a_database() as own:
        for number in KILLED_AT:
            killed(own, making.folder, number)
            assert len(stored(own.ask)["snapshots"]) < number
        assert stored(own.ask)["snapshots"]
        ran(own, making.folder)
        assert stored(own.ask) == expected


# Whoever writes this snapshot waits for a lock, which the test holds.
HELD = """
CREATE FUNCTION hold() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT count(*) FROM platforms_snapshot) >= {number} THEN PERFORM pg_advisory_xact_lock(1); END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER hold AFTER INSERT ON platforms_snapshot FOR EACH ROW EXECUTE FUNCTION hold()
"""
WAITING = """
FROM pg_locks JOIN pg_database ON pg_database.oid = database
WHERE datname = current_database() AND locktype = 'advisory' AND NOT granted
"""


def killed(where: Database, folder: Path, number: int) -> None:
    """Starts an import and kills it, with all that it started, while it writes the snapshot of this number."""
    with psycopg.connect(where.address, autocommit=True) as holder:
        holder.execute(HELD.format(number=number))
        holder.execute("SELECT pg_advisory_lock(1)")
        process = subprocess.Popen(
            program(folder),
            cwd=project_folder(),
            env=where.environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        assert eventually(lambda: holder.execute(f"SELECT 1 {WAITING}").fetchone(), seconds=240)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        # PostgreSQL hears of the death when it would answer; it need not wait for the lock until then.
        holder.execute(f"SELECT pg_terminate_backend(pid, 60000) {WAITING}")
        holder.execute("DROP FUNCTION hold CASCADE")
