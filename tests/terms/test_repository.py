"""Opening a versions repository: a folder, a working copy or a bundle, and nothing else."""

import os
from pathlib import Path

import pytest

from platforms.terms.repository import Unreadable

from .conftest import Making, filled, texts


def test_a_folder_a_working_copy_and_a_bundle_give_the_same(making: Making, tmp_path: Path) -> None:
    filled(making)
    making.git("clone", "--quiet", str(making.folder), str(tmp_path / "working copy"))
    expected = [b"Text 0", b"Text 1", b"Text 2"]
    assert texts(making.folder) == texts(tmp_path / "working copy") == texts(making.bundle()) == expected


def test_the_folder_is_only_read(making: Making) -> None:
    filled(making)
    before = {path: path.stat().st_mtime_ns for path in making.folder.rglob("*")}
    texts(making.folder)
    assert {path: path.stat().st_mtime_ns for path in making.folder.rglob("*")} == before


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder away")
def test_a_folder_of_somebody_else_is_read(making: Making) -> None:
    filled(making)
    for path in (making.folder, *making.folder.rglob("*")):
        os.chown(path, 65534, 65534)
    assert len(texts(making.folder)) == 3


def test_the_caller_s_own_git_settings_do_not_matter(making: Making, monkeypatch: pytest.MonkeyPatch) -> None:
    filled(making)
    for name in ("GIT_DIR", "GIT_OBJECT_DIRECTORY", "GIT_INDEX_FILE", "GIT_WORK_TREE", "GIT_NAMESPACE"):
        monkeypatch.setenv(name, "/nowhere")
    monkeypatch.setenv("LC_ALL", "de_DE.UTF-8")
    assert len(texts(making.bundle())) == 3


@pytest.mark.parametrize("branch", ["-x", "--output=stolen", "main"])
def test_a_bundle_without_head_has_its_only_branch(making: Making, branch: str, tmp_path: Path) -> None:
    making.commit("First record of Acme Imprint", {"Acme/Imprint.md": "One"}, branch=f"refs/heads/{branch}")
    assert texts(making.bundle("--branches")) == [b"One"]
    assert not (tmp_path / "stolen").exists()


def test_several_branches_without_head_are_no_guess(making: Making) -> None:
    for branch in ("one", "two"):
        making.commit("Update Acme Imprint", {"Acme/Imprint.md": branch}, branch=f"refs/heads/{branch}")
    with pytest.raises(Unreadable, match=r"does not say which of its branches is the default one \(one, two\)"):
        texts(making.bundle("--branches"))


@pytest.mark.parametrize(
    ("where", "words"),
    [
        ("", "is no repository"),
        ("-u", r"is no repository.*\./-name"),
        ("--upload-pack=touch x", "is no repository"),
        ("a\nb", "is no repository"),
        ("nowhere", "nowhere does not exist"),
        ("http://a.example/terms", "only https"),
        ("git://a.example/terms", "only https"),
        ("ssh://a.example/terms", "only https"),
        ("file:///srv/terms", "give the folder itself"),
        ("git@a.example:terms.git", "only https"),
        ("ext::sh -c touch% x", "only https"),
        ("https://", "is no address"),
        ("https://-oProxy/terms", "is no address"),
        ("https://a.example:port/terms", "is no address"),
        ("https://a.example/te rms", "is no address"),
        ("https://[::1/terms", "is no address"),
    ],
)
def test_nothing_else_is_opened(where: str, words: str) -> None:
    with pytest.raises(Unreadable, match=words) as caught:
        texts(where)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "where", ["https://me:secret@a.example/t", "https://secret@a.example/t", "ssh://me:secret@a/t"]
)
def test_credentials_are_refused_and_not_repeated(where: str) -> None:
    with pytest.raises(Unreadable) as caught:
        texts(where)
    assert "secret" not in str(caught.value)


def test_a_folder_without_repository_is_not_looked_for_above(making: Making) -> None:
    filled(making)
    below = making.folder / "plain"
    below.mkdir()
    with pytest.raises(Unreadable, match="plain is no git repository"):
        texts(below)


def test_a_repository_without_commits_says_so(making: Making) -> None:
    with pytest.raises(Unreadable, match="has no history"):
        texts(making.folder)


def test_a_shallow_clone_is_refused(making: Making, tmp_path: Path) -> None:
    filled(making)
    making.git("clone", "--quiet", "--depth=1", f"file://{making.folder}", str(tmp_path / "shallow"))
    with pytest.raises(Unreadable, match=r"only a part of its history.*--unshallow"):
        texts(tmp_path / "shallow")


def test_bundles_that_are_none_damaged_or_partial_say_so(making: Making, tmp_path: Path) -> None:
    bundle = filled(making).bundle()
    damaged = tmp_path / "damaged.bundle"
    damaged.write_bytes(bundle.read_bytes()[:-40])
    (tmp_path / "none.bundle").write_text("words")
    with pytest.raises(Unreadable, match=r"damaged\.bundle is a damaged or empty bundle"):
        texts(damaged)
    with pytest.raises(Unreadable, match=r"none\.bundle is not a git bundle"):
        texts(tmp_path / "none.bundle")
    with pytest.raises(Unreadable, match="holds only a part of a history"):
        texts(making.bundle("main~1..main"))


def test_without_git_the_message_says_what_to_install(
    making: Making, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    bundle = filled(making).bundle()
    monkeypatch.setenv("PATH", str(tmp_path))
    for where in (making.folder, bundle):
        with pytest.raises(Unreadable, match="install git"):
            texts(where)
