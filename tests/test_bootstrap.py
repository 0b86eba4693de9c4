"""What `make` runs before anything is installed: its checks, and when .venv is made, kept, and made anew."""

import ast
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from conductatlas import bootstrap
from conductatlas.postgres.places import project_folder

OLD_PYTHONS = [python for minor in range(6, 11) if (python := shutil.which(f"python3.{minor}"))]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project folder of its own, whose lock file names nothing, so that pip needs no network."""
    monkeypatch.setattr(bootstrap, "ROOT", str(tmp_path))
    monkeypatch.setattr(bootstrap, "VENV", str(tmp_path / ".venv"))
    monkeypatch.setattr(bootstrap, "VENV_PYTHON", str(tmp_path / ".venv" / "bin" / "python"))
    monkeypatch.setattr(bootstrap, "STAMP", str(tmp_path / ".venv" / "stamp.json"))
    monkeypatch.setattr(bootstrap, "UNFINISHED", str(tmp_path / ".venv" / "unfinished"))
    locks = {name: str(tmp_path / f"{name}.txt") for name in ("run", "dev")}
    for path in locks.values():
        Path(path).write_text("# nothing\n")
    monkeypatch.setattr(bootstrap, "LOCKS", locks)
    return tmp_path


def test_python_3_6_can_read_it() -> None:
    source = Path(bootstrap.__file__).read_text(encoding="utf-8")
    ast.parse(source, feature_version=(3, 6))
    imported = {
        alias.name for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Import) for alias in node.names
    }
    assert imported <= set(sys.stdlib_module_names)


@pytest.mark.skipif(not OLD_PYTHONS, reason="no Python from 3.6 to 3.10 is installed here")
def test_an_old_python_says_so_in_one_line() -> None:
    for python in OLD_PYTHONS:
        if subprocess.run([python, "-c", ""], capture_output=True, check=False).returncode:
            continue  # the name of a version manager, without a Python behind it
        done = subprocess.run([python, bootstrap.__file__, "run"], capture_output=True, text=True, check=False)
        assert done.returncode == 1
        assert re.fullmatch(r"Python 3\.11 or newer is needed; this is 3\.\d+ .*make run PYTHON=\S+\n", done.stderr)


def test_a_python_that_is_too_old(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(bootstrap.sys, "version_info", (3, 10, 1))
    assert bootstrap.main(["run"]) == 1
    assert capsys.readouterr().err.startswith("Python 3.11 or newer is needed; this is 3.10 ")


def test_no_venv_module(here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setitem(sys.modules, "ensurepip", None)
    assert bootstrap.main(["run"]) == 1
    assert re.fullmatch(r"This Python .* has no venv module: .*apt install python3-venv\n", capsys.readouterr().err)
    assert not (here / ".venv").exists()


def test_no_room(here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(bootstrap, "ROOM_NEEDED", 10**18)
    assert bootstrap.main(["run"]) == 1
    assert re.fullmatch(r"About \d+ MB are needed in .* MB are free: make room there\.\n", capsys.readouterr().err)


def test_unknown_verb(capsys: pytest.CaptureFixture[str]) -> None:
    assert bootstrap.main(["sing"]) == 2
    assert capsys.readouterr().err.startswith("usage: ")


@pytest.mark.slow
def test_venv_is_made_once_and_anew_when_it_is_broken(
    here: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """One real .venv goes through it all; making it anew is only counted, because it takes its time."""
    bootstrap.prepare("run")
    assert "Creating" in capfd.readouterr().out
    made: list[str] = []
    monkeypatch.setattr(bootstrap, "create", lambda: made.append("again"))
    bootstrap.prepare("run")
    assert capfd.readouterr().out == ""
    assert json.loads((here / ".venv" / "stamp.json").read_text())["run"] == bootstrap.digest(bootstrap.LOCKS["run"])

    (here / "run.txt").write_text("# another lock\n")
    bootstrap.prepare("run")
    assert "Installing" in capfd.readouterr().out
    assert made == []

    (here / "run.txt").write_text("no-hash-here\n")
    assert bootstrap.main(["passwords"]) == 1
    assert "could not be installed" in capfd.readouterr().err.splitlines()[-1]
    assert made == []
    assert not bootstrap.is_usable()  # pip did not finish: what it left may be halves

    (here / "run.txt").write_text("# nothing\n")
    bootstrap.prepare("run")
    assert made == ["again"]
    assert not (here / ".venv" / "unfinished").exists()
    assert bootstrap.is_installed("run")

    (here / ".venv" / "bin" / "python").unlink()  # its Python was removed from the system
    assert not bootstrap.is_installed("run")
    assert not bootstrap.is_usable()


def test_a_broken_venv_is_removed_first(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (here / ".venv" / "lib").mkdir(parents=True)
    monkeypatch.setattr(bootstrap.subprocess, "call", lambda command, **options: 0)
    bootstrap.create()
    assert not (here / ".venv").exists()


def test_a_venv_that_is_a_link_is_left_alone(here: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (here / ".venv").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(bootstrap.CannotStart, match="is not a folder: remove it"):
        bootstrap.create()
    assert (tmp_path / "elsewhere").exists()


def test_the_second_lock_holds_all_of_the_first() -> None:
    """`make test` and then `make run`: nothing is installed in between."""
    pins = {name: set(re.findall(r"^\S+==\S+", Path(path).read_text(), re.M)) for name, path in bootstrap.LOCKS.items()}
    assert len(pins["run"]) >= 15
    assert pins["run"] <= pins["dev"]


@pytest.mark.parametrize("lock", ["run.txt", "dev.txt"])
def test_locks_have_hashes_and_name_no_place(lock: str) -> None:
    text = (project_folder() / "requirements" / lock).read_text()
    assert not re.search(r"https?:|file:/|index-url|find-links|trusted-host", text)
    assert not re.search(r"(?<![\w.])/\w", text)
    for entry in re.split(r"\n(?=[a-z])", text)[1:]:
        assert "--hash=sha256:" in entry, entry.splitlines()[0]


def test_locks_agree_with_the_metadata() -> None:
    import tomllib

    project = tomllib.loads((project_folder() / "pyproject.toml").read_text())["project"]
    for lock, wanted in (("run.txt", project["dependencies"]), ("dev.txt", project["optional-dependencies"]["dev"])):
        pinned = set(re.findall(r"^([a-z0-9.-]+)==", (project_folder() / "requirements" / lock).read_text(), re.M))
        names = {re.match(r"[A-Za-z0-9-]+", line).group().lower() for line in wanted}
        assert names <= pinned


def test_a_named_browser_that_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHROMIUM", "/not/there")
    with pytest.raises(bootstrap.CannotStart, match="CHROMIUM names /not/there"):
        bootstrap.offer_chromium()


@pytest.mark.parametrize("in_ci", ["true", ""])
def test_a_missing_browser_fails_in_ci_only(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], in_ci: str
) -> None:
    monkeypatch.delenv("CHROMIUM", raising=False)
    monkeypatch.setenv("CI", in_ci)
    monkeypatch.setattr(bootstrap, "find_chromium", lambda: None)
    monkeypatch.setattr(bootstrap, "install_chromium", lambda: False)
    if in_ci:
        with pytest.raises(bootstrap.CannotStart, match="apt install chromium"):
            bootstrap.offer_chromium()
    else:
        bootstrap.offer_chromium()
        assert "apt install chromium" in capsys.readouterr().err


def test_a_browser_is_installed_when_it_can_be(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CHROMIUM", raising=False)
    found: list[str] = []
    monkeypatch.setattr(bootstrap, "find_chromium", lambda: found[0] if found else None)
    monkeypatch.setattr(bootstrap, "install_chromium", lambda: found.append("/usr/bin/chromium") or True)
    monkeypatch.setattr(bootstrap.os, "environ", dict(os.environ))
    bootstrap.offer_chromium()
    assert bootstrap.os.environ["CHROMIUM"] == "/usr/bin/chromium"


def test_make_passes_port_and_database_on() -> None:
    done = subprocess.run(
        ["make", "run", "PORT=8123", "DATABASE_URL=postgresql://x/y", "PYTHON=printenv PORT DATABASE_URL;:"],
        cwd=project_folder(),
        # Run by `make test`, this make would take itself for a part of that one, and say so.
        env={name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.split() == ["8123", "postgresql://x/y"]
