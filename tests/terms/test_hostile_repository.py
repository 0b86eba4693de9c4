"""A repository may be made to harm: no program of it is run, nothing is fetched, and nothing without bounds is read."""

import resource
from pathlib import Path

import pytest

from platforms.terms import git, history
from platforms.terms import repository as module
from platforms.terms.repository import Unreadable, open_repository

from .conftest import Making, filled, texts


def test_an_object_of_absurd_size_is_refused(making: Making, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LARGEST_TEXT", 1000)
    names = [making.blob(b"z" * size) for size in (1000, 1001)]
    making.commit("Keep", {"Acme/Imprint.md": "One"})
    with open_repository(str(making.folder)) as repository:
        assert len(next(repository.contents(names[:1]))) == 1000
        with pytest.raises(Unreadable, match="has 1,001 bytes, 1,000 bytes are the most that is read"):
            list(repository.contents(names[1:]))


def test_no_program_that_a_repository_s_configuration_names_is_run(making: Making, tmp_path: Path) -> None:
    filled(making)
    run = f"touch {tmp_path / 'ran'}"
    included = tmp_path / "included"
    included.write_text(f"[diff]\n\texternal = {run}\n[core]\n\tfsmonitor = {run}\n")
    names = ["core.fsmonitor", "core.pager", "core.sshCommand", "core.askPass", "core.editor", "gpg.program"]
    names += ["diff.external", "diff.x.textconv", "diff.x.command", "filter.x.smudge", "filter.x.process"]
    names += ["credential.helper", "alias.log", "alias.cat-file", "core.alternateRefsCommand", "pager.log"]
    names += ["uploadpack.packObjectsHook", "core.gitProxy", "interactive.diffFilter"]
    for name in names:
        making.git("config", name, f"!{run}" if name.startswith(("alias", "credential")) else run)
    making.git("config", "log.showSignature", "true")
    making.git("config", "include.path", str(included))
    making.git("config", "includeIf.gitdir:/**.path", str(included))
    (making.folder / "info" / "attributes").write_text("* diff=x filter=x\n")
    (making.folder / "hooks").mkdir(exist_ok=True)
    for hook in ("post-checkout", "reference-transaction", "post-index-change"):
        (making.folder / "hooks" / hook).write_text(f"#!/bin/sh\n{run}\n")
        (making.folder / "hooks" / hook).chmod(0o755)
    assert texts(making.folder) == [b"Text 0", b"Text 1", b"Text 2"]
    assert not (tmp_path / "ran").exists()


def test_what_is_missing_is_not_fetched_from_where_the_repository_says(making: Making, tmp_path: Path) -> None:
    filled(making)
    making.git("config", "core.repositoryFormatVersion", "1")
    making.git("config", "extensions.partialClone", "origin")
    making.git("config", "remote.origin.promisor", "true")
    making.git("config", "remote.origin.url", f"ext::sh -c touch% {tmp_path / 'ran'}")
    making.git("config", "protocol.ext.allow", "always")
    name = making.blob(b"Text 1")
    (making.folder / "objects" / name[:2] / name[2:]).unlink()
    with pytest.raises(Unreadable, match="missing"):
        texts(making.folder)
    assert not (tmp_path / "ran").exists()


@pytest.mark.skipif(not hasattr(resource, "prlimit"), reason="only Linux bounds a running process")
def test_a_tree_that_names_billions_of_files_is_refused(making: Making, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(git, "_MEMORY", 60_000_000)
    tree = making.tree({b"x.md": ("100644", making.blob(b"x"))})
    for _ in range(9):
        tree = making.git("mktree", stdin="".join(f"040000 tree {tree}\t{number}\n" for number in range(10)).encode())
    making.git("update-ref", "refs/heads/main", making.git("commit-tree", tree, "-m", "Update Acme Imprint"))
    with open_repository(str(making.folder)) as repository, pytest.raises(Unreadable, match="memory"):
        repository.records()


def test_a_commit_of_too_many_files_is_refused(making: Making, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history, "_MOST_FILES", 3)
    making.commit("Update", {f"{number}/Imprint.md": "x" for number in range(4)})
    with open_repository(str(making.folder)) as repository, pytest.raises(Unreadable, match="more than 3 files"):
        repository.records()


def test_a_history_of_files_that_are_no_records_is_refused(making: Making, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history, "_MOST_FILES", 3)
    for number in range(4):
        making.commit("Update", {f"{number}.txt": "x"})
    with open_repository(str(making.folder)) as repository, pytest.raises(Unreadable, match="no records"):
        repository.records()


def test_a_subject_without_end_is_refused(making: Making) -> None:
    making.commit("x" * 3_000_000, {"Acme/Imprint.md": "x"})
    with open_repository(str(making.folder)) as one, pytest.raises(Unreadable, match="more than 1,000,000 bytes"):
        one.records()
