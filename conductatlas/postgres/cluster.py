"""The folders of a cluster: made on first start, checked and cleared of a crash's remains on every other."""

import os
import shutil
import stat
import subprocess
from pathlib import Path

from conductatlas.postgres import processes
from conductatlas.postgres.errors import PostgresError
from conductatlas.postgres.places import ROOT_BASE, SUPERUSER, Places
from conductatlas.postgres.programs import Account, Programs, major_version

# A new cluster takes about 40 MB, and its first logs as much again.
ROOM_NEEDED = 300 * 1024 * 1024
INITDB_SECONDS = 180


def prepare_state(places: Places) -> None:
    """Make the project's .data folder. Raises PostgresError when it cannot be written, or belongs to another user's
    server."""
    try:
        places.state.mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise PostgresError(
            f"{places.state} cannot be made: {error.strerror}. Make the project's folder writable."
        ) from error
    if not os.access(places.state, os.W_OK | os.X_OK):
        raise PostgresError(f"{places.state} is not writable for you: run as its owner, or set DATABASE_URL.")
    if places.store is None and places.pointer.is_file():
        raise PostgresError(
            f"{places.pointer} was made by root: run as root, remove {places.state}, or set DATABASE_URL."
        )
    if places.store is not None and places.pointer.is_dir():
        raise PostgresError(
            f"{places.pointer} belongs to an ordinary user's server: run as that user, or set DATABASE_URL."
        )


def prepare_folders(places: Places) -> None:
    """Make the private folders of the sockets, and root's store."""
    try:
        if places.store is None:
            private_folder(places.sockets)
            return
        private_folder(ROOT_BASE, mode=0o755)
        settle_store(places, places.store)
        private_folder(places.store, mode=0o711)
        private_folder(places.control)
    except OSError as error:
        raise PostgresError(
            f"{error.filename} cannot be made: {error.strerror}. Set DATABASE_URL to use another server."
        ) from error


def give_folders(places: Places, account: Account | None) -> None:
    """Let the server's account, and nobody else but root, into root's store."""
    if account is None or places.store is None:
        return
    os.chown(places.store, 0, account.gid)
    places.store.chmod(0o710)
    places.sockets.mkdir(mode=0o700, exist_ok=True)
    os.chown(places.sockets, account.uid, account.gid)


def private_folder(folder: Path, *, mode: int = 0o700) -> None:
    """Make `folder`, or check that it is a real folder and ours: in a shared parent somebody else may have put one
    there first."""
    try:
        folder.mkdir(mode=mode)
        folder.chmod(mode)
    except FileExistsError:
        found = folder.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid():
            raise PostgresError(f"{folder} is not a folder of yours: remove it, or set DATABASE_URL.") from None
        if stat.S_IMODE(found.st_mode) & 0o022 or (mode == 0o700 and stat.S_IMODE(found.st_mode) != mode):
            raise PostgresError(f"{folder} can be entered by others: remove it, or set its mode to {mode:o}.") from None


def settle_store(places: Places, store: Path) -> None:
    """Root: make the store agree with what the project says of it.

    A project without a pointer has no data, so a store left by an earlier folder of the same path goes. A pointer to
    another store means that the project was moved, and its store moves with it, unless the old folder still exists
    (it was copied).
    """
    if not places.pointer.exists():
        shutil.rmtree(store, ignore_errors=True)
        return
    named = Path(places.pointer.read_text(encoding="utf-8").strip())
    if store.exists() or named == store or named.parent != ROOT_BASE:
        return
    try:
        former = Path((named / "project").read_text(encoding="utf-8").rstrip("\n"))
    except OSError:
        return
    if not former.exists():
        named.rename(store)


def prepare_cluster(places: Places, programs: Programs) -> None:
    """Make the data folder on first start; afterwards check that these programs can read it, and clear what a crash
    left."""
    if places.store is not None:
        (places.store / "project").write_text(f"{places.project}\n", encoding="utf-8")
    if (places.data / "PG_VERSION").exists():
        check_version(places)
        clear_leftovers(places)
    else:
        initialise(places, programs)
    if places.store is not None:
        places.pointer.write_text(f"{places.store}\n", encoding="utf-8")


def check_version(places: Places) -> None:
    version = (places.data / "PG_VERSION").read_text(encoding="ascii").strip()
    if version != str(major_version()):
        raise PostgresError(
            f"The data in {places.data} are of PostgreSQL {version}, the installed programs are of {major_version()}: "
            "export the catalogue with the old version, remove the folder and load it again."
        )


def initialise(places: Places, programs: Programs) -> None:
    """Run initdb in a folder beside the final one, which appears only when it is complete."""
    free = shutil.disk_usage(places.data.parent).free
    if free < ROOM_NEEDED:
        raise PostgresError(
            f"The database needs {ROOM_NEEDED >> 20} MB in {places.data.parent}, and {free >> 20} MB are free: "
            "make room there."
        )
    half = places.data.with_name(places.data.name + ".new")
    shutil.rmtree(half, ignore_errors=True)
    half.mkdir(mode=0o700)
    if programs.account:
        os.chown(half, programs.account.uid, programs.account.gid)
    done = subprocess.run(
        [programs.path("initdb"), "--pgdata", str(half), *initdb_options(places)],
        capture_output=True,
        text=True,
        errors="replace",
        timeout=INITDB_SECONDS,
        cwd=half,
        check=False,
        **programs.run_options(),
    )
    if done.returncode != 0:
        said = (
            [line for line in done.stderr.splitlines() if "error" in line or "FATAL" in line]
            or done.stderr.splitlines()
            or ["?"]
        )
        shutil.rmtree(half, ignore_errors=True)
        raise PostgresError(f"PostgreSQL's data folder cannot be made in {places.data.parent}: {said[0].strip()}")
    if places.data.exists():
        places.data.rmdir()  # only an empty folder may be replaced
    half.rename(places.data)


def initdb_options(places: Places) -> list[str]:
    """The same collation everywhere, whatever locales the system has; no password, because only the private socket
    leads in."""
    options = [
        f"--username={SUPERUSER}",
        "--encoding=UTF8",
        "--locale=C",
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
        "--auth-local=trust",
        "--auth-host=reject",
        "--set=timezone=UTC",
        "--set=log_timezone=UTC",
        "--no-instructions",
    ]
    return [*options, "--no-sync"] if places.purpose == "test" else options


def clear_leftovers(places: Places) -> None:
    """Stop a server of this cluster that outlived its supervisor, and remove what says that one runs.

    The caller holds the lock of the supervisor, so no living supervisor owns these processes. They are recognised by
    what they are (their command line and owner), never by the number in postmaster.pid: that may long be somebody
    else's.
    """
    if not processes.stop_all(places):
        raise PostgresError(
            f"An old PostgreSQL of {places.data} does not end: see `ps`, stop it by hand and start again."
        )
    (places.data / "postmaster.pid").unlink(missing_ok=True)
    for socket in places.sockets.glob(".s.PGSQL.*"):
        socket.unlink(missing_ok=True)
