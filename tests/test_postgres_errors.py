"""What the embedded server, and a server named by DATABASE_URL, say when they cannot be had: one line each."""

import os
import pwd
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from conductatlas import postgres
from conductatlas.postgres import cluster, programs, reach
from conductatlas.postgres.places import places_of
from tests.leases import a_project, as_root, lease, once
from tests.leftovers import eventually, left_of


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Path]:
    yield from a_project(tmp_path / "project")


def test_a_database_url_starts_nothing(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://somebody@db.example.org/atlas")
    postgres.ensure(project)
    assert list(project.iterdir()) == []


def test_no_room(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "ROOM_NEEDED", 10**18)
    places = places_of(project)
    places.data.parent.mkdir(parents=True, exist_ok=True)
    with pytest.raises(postgres.PostgresError, match=r"needs \d+ MB in .* MB are free: make room there") as raised:
        cluster.initialise(places, programs.Programs(project, None))
    assert "\n" not in str(raised.value)


def test_data_of_another_version(project: Path) -> None:
    places = places_of(project)
    places.data.mkdir(parents=True)
    (places.data / "PG_VERSION").write_text("16\n")
    with pytest.raises(postgres.PostgresError, match=r"are of PostgreSQL 16, the installed programs are of \d+"):
        cluster.check_version(places)


def test_programs_that_are_too_old(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(programs, "major_version", lambda: 16)
    with pytest.raises(postgres.PostgresError, match="PostgreSQL 17 or newer is needed"):
        programs.installed_package()


@pytest.mark.parametrize("kind", ["symlink", "file", "open to all"])
def test_a_socket_folder_that_somebody_else_made_is_refused(tmp_path: Path, kind: str) -> None:
    folder = tmp_path / "sockets"
    if kind == "symlink":
        folder.symlink_to(tmp_path)
    elif kind == "file":
        folder.touch()
    else:
        folder.mkdir()
        folder.chmod(0o777)
    with pytest.raises(postgres.PostgresError, match=r"not a folder of yours|can be entered by others"):
        cluster.private_folder(folder)


@as_root
def test_a_socket_folder_of_another_user_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "sockets"
    folder.mkdir(mode=0o700)
    os.chown(folder, pwd.getpwnam("nobody").pw_uid, -1)
    with pytest.raises(postgres.PostgresError, match="not a folder of yours"):
        cluster.private_folder(folder)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_project_that_cannot_be_written(project: Path) -> None:
    project.chmod(0o500)
    try:
        with pytest.raises(postgres.PostgresError, match="Make the project's folder writable"):
            cluster.prepare_state(places_of(project))
    finally:
        project.chmod(0o700)


def test_a_start_that_fails_says_why_in_one_line(project: Path) -> None:
    once(project)
    (places_of(project).data / "pg_hba.conf").write_text("nonsense\n")
    with lease(project) as client:
        said = client.end()
    assert said.startswith("PostgresError: PostgreSQL did not start: ")
    assert len(said.splitlines()) == 1
    assert eventually(lambda: left_of(project) == {})


def test_an_unreachable_server_is_one_line_without_the_password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "sleep", lambda seconds: pytest.fail("it waits although it has no time to"))
    with pytest.raises(postgres.PostgresError) as raised:
        postgres.wait_until_reachable("postgresql://ann:hunter2@127.0.0.1:1/atlas?sslpassword=hunter2", seconds=0)
    said = str(raised.value)
    assert said.startswith("The database postgresql://ann:***@127.0.0.1:1/atlas cannot be reached: ")
    assert "hunter2" not in said
    assert "\n" not in said


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("postgresql://ann@host/atlas", "postgresql://ann@host/atlas"),
        ("postgresql://ann:p@ss@host:5433/atlas", "postgresql://ann:***@host:5433/atlas"),
        ("postgres://host/atlas?password=secret", "postgres://host/atlas"),
    ],
)
def test_addresses_are_shown_without_secrets(url: str, shown: str) -> None:
    assert reach.shown(url) == shown


@pytest.mark.parametrize("url", ["sqlite:///db.sqlite3", "conductatlas", "mysql://host/atlas"])
def test_another_engine_is_refused(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", url)
    with pytest.raises(postgres.PostgresError, match="no address of a PostgreSQL server"):
        postgres.check_database_url()
