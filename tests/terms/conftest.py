"""Versions repositories to read: small ones made here by git itself, and the real ones."""

import os
import subprocess
from pathlib import Path

import pytest

from platforms.terms.repository import open_repository

from ..archives import COLLECTIONS, bundle_of


class Making:
    """A repository under construction. Trees are written by git's plumbing, so that no name is out of reach."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.git("init", "--quiet", "--bare", "--initial-branch=main", ".")
        self.files: dict[bytes, tuple[str, str]] = {}  # path to mode and object
        self.last: list[str] = []  # the commit that the next one follows

    def git(self, *arguments: str, stdin: bytes = b"", **variables: str) -> str:
        who = {f"GIT_{role}_{part}": "a@b.example" for role in ("AUTHOR", "COMMITTER") for part in ("NAME", "EMAIL")}
        clean = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "PATH": os.environ["PATH"]}
        self.folder.mkdir(parents=True, exist_ok=True)
        done = subprocess.run(
            ["git", *arguments],
            cwd=self.folder,
            input=stdin,
            env=clean | who | variables,
            capture_output=True,
            check=True,
        )
        return done.stdout.decode().strip()

    def blob(self, data: bytes) -> str:
        return self.git("hash-object", "-w", "--stdin", stdin=data)

    def commit(
        self,
        subject: str,
        files: dict[str | bytes, str | bytes | None],
        at: int = 1_700_000_000,
        *,
        mode: str = "100644",
        parents: list[str] | None = None,
        branch: str = "refs/heads/main",
    ) -> str:
        """Record these files (None: removed) at a second since 1970. With another mode the value is an object name."""
        for name, content in files.items():
            path = os.fsencode(name)
            if content is None:
                del self.files[path]
            else:
                data = content.encode() if isinstance(content, str) else content
                self.files[path] = (mode, data.decode() if mode == "160000" else self.blob(data))
        parents = self.last if parents is None else parents
        options = [part for parent in parents for part in ("-p", parent)]
        date = {"GIT_AUTHOR_DATE": f"{at} +0200", "GIT_COMMITTER_DATE": f"{1_700_000_000 + len(self.files)} +0000"}
        commit = self.git("commit-tree", self.tree(self.files), *options, "-F", "-", stdin=subject.encode(), **date)
        self.git("update-ref", branch, commit)
        self.last = [commit]
        return commit

    def tree(self, files: dict[bytes, tuple[str, str]]) -> str:
        folders: dict[bytes, dict[bytes, tuple[str, str]]] = {}
        lines = []
        for path, (mode, name) in files.items():
            first, slash, rest = path.partition(b"/")
            if slash:
                folders.setdefault(first, {})[rest] = (mode, name)
            else:
                lines.append((mode, "commit" if mode == "160000" else "blob", name, first))
        lines += [("040000", "tree", self.tree(inside), first) for first, inside in folders.items()]
        listed = b"".join(f"{mode} {kind} {name}\t".encode() + path + b"\0" for mode, kind, name, path in lines)
        return self.git("mktree", "-z", "--missing", stdin=listed)

    def bundle(self, *refs: str) -> Path:
        file = self.folder.parent / f"{self.folder.name}.bundle"
        self.git("bundle", "create", "--quiet", str(file), *(refs or ("--all", "HEAD")))
        return file


def filled(making: Making, count: int = 3) -> Making:
    for number in range(count):
        making.commit("Update Acme Imprint", {"Acme/Imprint.md": f"Text {number}"}, 1_750_000_000 + number)
    return making


def texts(where: object, **options: Path) -> list[bytes]:
    with open_repository(str(where), **options) as repository:
        return list(repository.contents(r.blob for r in repository.records() if r.blob))


@pytest.fixture
def making(tmp_path: Path) -> Making:
    return Making(tmp_path / "terms")


@pytest.fixture(scope="session", params=COLLECTIONS)
def real_bundle(request: pytest.FixtureRequest) -> Path:
    """A real collection."""
    return bundle_of(request.param)
