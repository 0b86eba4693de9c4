"""A versions repository, opened from a folder, a bundle or an https address, and read in one pass."""

from __future__ import annotations

import fcntl
import hashlib
import re
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from platforms.terms import git, history
from platforms.terms.git import Unreadable
from platforms.terms.history import Record, RecordKind, Skipped

__all__ = ["Record", "RecordKind", "Repository", "Skipped", "Unreadable", "decode", "open_repository"]

LARGEST_TEXT = 20_000_000  # bytes; the largest real text of terms has less than 400,000
_BATCH = 50  # object names asked for at once: few enough to fit into a pipe that nobody reads yet
_OBJECT = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_BUNDLE = (b"# v2 git bundle\n", b"# v3 git bundle\n")
_WAYS = "give a folder, a git bundle or an https address"


class Repository:
    """The history of a collection's default branch: of a folder, what is checked out there."""

    def __init__(self, name: str, folder: Path) -> None:
        self.name = name  # as the user gave it
        self.folder = folder  # the one that holds the objects
        self.head = _head(name, folder)
        self.skipped: list[Skipped] = []  # what the last call of `records` passed over

    def records(self) -> list[Record]:
        """Every record of the whole history, by document (in the order in which they first appear) and moment."""
        with git.started(*history.LOG, self.head, "--", folder=self.folder) as process:
            try:
                records, self.skipped = history.parsed(process.answers)
            except Unreadable as error:
                raise Unreadable(f"{self.name} cannot be read. {error}") from None
            except (RuntimeError, ValueError) as error:  # the output broke off
                raise self._damaged(process.failure() or str(error)) from error
            if failure := process.failure():
                raise self._damaged(failure)
        return records

    def contents(self, blobs: Iterable[str]) -> Iterator[bytes]:
        """The bytes of these objects, in this order, each compared with its name, which is the hash of its bytes.

        Holds one text at a time; takes names from `blobs` up to fifty ahead. Raises Unreadable for an object that is
        not there, is no file, is damaged or is larger than `LARGEST_TEXT`.
        """
        names = iter(blobs)
        with git.started("cat-file", "--batch", folder=self.folder) as process:
            while batch := list(islice(names, _BATCH)):
                for name in batch:
                    if not _OBJECT.fullmatch(name):
                        raise Unreadable(f"{self.name}: {name!r} is not the name of a git object.")
                try:
                    process.questions.write("".join(f"{name}\n" for name in batch).encode())
                    process.questions.flush()
                except BrokenPipeError:
                    raise self._damaged(process.failure()) from None
                for name in batch:
                    yield self._content(name, process)

    def _content(self, name: str, process: git.Process) -> bytes:
        header = process.answers.readline().decode("ascii", "replace").split()
        if len(header) == 2:
            raise self._damaged(f"object {name} is {header[1]}")
        if len(header) != 3:
            raise self._damaged(f"object {name}: {process.failure() or 'git gave no answer'}")
        kind, size = header[1], int(header[2])
        if kind != "blob":
            raise self._damaged(f"object {name} is a {kind}, not a file")
        if size > LARGEST_TEXT:
            limit = f"{LARGEST_TEXT:,} bytes are the most that is read"
            raise Unreadable(
                f"{self.name}: object {name} has {size:,} bytes, {limit}: leave its document out (--only)."
            )
        data = process.answers.read(size + 1)[:-1]
        if len(data) != size:
            raise self._damaged(f"object {name}: {process.failure() or 'it breaks off'}")
        digest = hashlib.new("sha1" if len(name) == 40 else "sha256", b"blob %d\0" % size, usedforsecurity=False)
        digest.update(data)
        if digest.hexdigest() != name:
            raise self._damaged(f"object {name} holds other bytes than its name says")
        return data

    def _damaged(self, why: str) -> Unreadable:
        return Unreadable(f"{self.name} cannot be read ({why}): the repository is not whole, clone it again.")


@contextmanager
def open_repository(where: str, *, cache: Path | None = None) -> Iterator[Repository]:
    """A repository to read from while the block lasts.

    A folder is read where it is, and nothing is written into it. A bundle or an address is cloned into a temporary
    folder that goes when the block is left, in whatever way. With `cache` the clone lies there, goes only when the
    block ends well, and is used again after an import that failed or was killed (of an address, what is new is
    fetched).

    Raises Unreadable for anything else, and for what is damaged, shallow or has no history.
    """
    source, transport = _source(where)
    if transport == git.NO_TRANSPORT:
        yield Repository(where, _git_folder(where, Path(source)))
    elif cache is None:
        with tempfile.TemporaryDirectory(prefix="terms-") as folder:
            clone = Path(folder) / "clone"
            _clone(where, source, transport, clone)
            yield Repository(where, clone)
    else:
        with _kept(where, source, transport, cache) as clone:
            yield Repository(where, clone)


def decode(data: bytes, record: Record) -> str:
    """The text of a record. Raises Unreadable when its bytes are not UTF-8 or hold NUL, which no text may."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise _no_text(record, f"byte {error.start} (0x{data[error.start]:02x}) is not UTF-8") from None
    if (at := data.find(b"\0")) >= 0:
        raise _no_text(record, f"byte {at} is NUL")
    return text


def _no_text(record: Record, why: str) -> Unreadable:
    return Unreadable(f"{record.path} in {record.commit} is no text ({why}): leave its document out (--only).")


# What the user named


def _source(where: str) -> tuple[str, str]:
    """What to hand to git, and the transport that it needs."""
    if not where.strip() or where.startswith("-") or any(ord(character) < 32 for character in where):
        raise Unreadable(f"{where!r} is no repository: {_WAYS} (a path that begins with a hyphen as ./-name).")
    if re.match(r"[A-Za-z][A-Za-z0-9+.-]*://", where):
        return _address(where), "https"
    path = Path(where)
    if path.is_dir():
        return str(path.absolute()), git.NO_TRANSPORT
    if path.is_file():
        with path.open("rb") as file:
            start = file.read(len(_BUNDLE[0]))
        if start not in _BUNDLE:
            raise Unreadable(f"{where} is not a git bundle: {_WAYS}.")
        return str(path.absolute()), "file"
    if re.match(r"[^/]*:", where):
        raise Unreadable(f"{_without_credentials(where)}: only https addresses are fetched; {_WAYS}.")
    raise Unreadable(f"{where} does not exist: {_WAYS}.")


def _address(where: str) -> str:
    shown = _without_credentials(where)
    try:
        parts = urlsplit(where)
        host = parts.hostname
        _ = parts.port
    except ValueError as error:
        raise Unreadable(f"{shown} is no address ({error}): {_WAYS}.") from None
    if parts.scheme == "file":
        raise Unreadable(f"{shown}: only https addresses are fetched; give the folder itself, without file://.")
    if parts.scheme != "https":
        raise Unreadable(f"{shown}: only https addresses are fetched; {_WAYS}.")
    if "@" in parts.netloc:
        raise Unreadable(
            f"{shown}: an address with credentials would be recorded with them; clone it and give the folder."
        )
    if not host or host.startswith("-") or any(character.isspace() for character in where):
        raise Unreadable(f"{shown!r} is no address: {_WAYS}.")
    return urlunsplit(parts._replace(fragment=""))


def _without_credentials(where: str) -> str:
    """What can be shown of an address: nothing between the slashes and the last @ of the host's part."""
    return re.sub(r"^([^/]*?://|[^/@]*::)?[^/]*@", r"\1", where)


def _git_folder(where: str, folder: Path) -> Path:
    """The folder with the objects: `.git` in a working copy, else the folder itself. Never one above."""
    inside = folder / ".git"
    found = inside if inside.exists() else folder
    answer = git.run("rev-parse", "--is-shallow-repository", folder=found)
    if answer.returncode:
        why = git.reason(answer.stderr)
        raise Unreadable(f"{where} is no git repository ({why}): {_WAYS}.")
    if answer.stdout.strip() == "true":
        raise Unreadable(f"{where} holds only a part of its history: run git fetch --unshallow in it first.")
    return found


def _head(name: str, folder: Path) -> str:
    """The commit to read from: HEAD, or the only branch of a bundle that was made without HEAD."""
    answer = git.run("rev-parse", "--verify", "--quiet", "HEAD^{commit}", folder=folder)
    if not answer.returncode:
        return answer.stdout.strip()
    listed = git.run(
        "for-each-ref", "--format=%(objectname) %(objecttype) %(refname:strip=2)", "refs/heads", folder=folder
    )
    branches = {line.split(" ", 2)[2]: line.split(" ")[0] for line in listed.stdout.splitlines() if " commit " in line}
    if not branches:
        raise Unreadable(
            f"{name} has no history (no commit on its default branch): give a repository that has records."
        )
    if len(branches) > 1:
        named = ", ".join(sorted(branches)[:5])
        raise Unreadable(f"{name} does not say which of its branches is the default one ({named}): give it a HEAD.")
    return next(iter(branches.values()))


# Clones


def _clone(where: str, source: str, transport: str, folder: Path) -> None:
    only = ["--single-branch", "--no-tags"] if transport == "https" else []
    options = ["--bare", "--quiet", "--template=", *only]
    answer = git.run("clone", *options, "--", source, str(folder), transport=transport)
    if answer.returncode:
        raise _not_fetched(where, transport, git.reason(answer.stderr))


def _not_fetched(where: str, transport: str, why: str) -> Unreadable:
    if transport == "https":
        return Unreadable(
            f"{where} could not be fetched ({why}): check the address and the network, then run this again."
        )
    if "prerequisite" in why:
        return Unreadable(f"{where} holds only a part of a history ({why}): make the bundle anew with --all.")
    return Unreadable(f"{where} is a damaged or empty bundle ({why}): fetch or make it again.")


@contextmanager
def _kept(where: str, source: str, transport: str, cache: Path) -> Iterator[Path]:
    """The clone of this source below `cache`, made or used again; one import at a time has it."""
    cache.mkdir(parents=True, exist_ok=True)
    key = hashlib.sha256(_identity(source, transport).encode()).hexdigest()[:16]
    clone, growing = cache / f"{key}.git", cache / f"{key}.growing"
    with (cache / f"{key}.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise Unreadable(f"{where} is being imported already: wait until that import is done.") from None
        if not clone.exists():
            shutil.rmtree(growing, ignore_errors=True)  # of an import killed while it cloned
            _clone(where, source, transport, growing)
            growing.rename(clone)
        elif transport == "https":
            _refresh(where, source, clone)
        yield clone
        shutil.rmtree(clone, ignore_errors=True)


def _identity(source: str, transport: str) -> str:
    """The same for the same source: a bundle that was replaced is another one."""
    if transport == "https":
        return source
    status = Path(source).stat()
    return f"{source} {status.st_size} {status.st_mtime_ns}"


def _refresh(where: str, source: str, clone: Path) -> None:
    """Fetch what the default branch has gained since the clone was made."""
    branch = git.run("symbolic-ref", "HEAD", folder=clone).stdout.strip()
    options = ["--quiet", "--no-tags", "--force"]
    answer = git.run("fetch", *options, "--", source, f"+HEAD:{branch}", folder=clone, transport="https")
    if answer.returncode:
        raise _not_fetched(where, "https", git.reason(answer.stderr))
