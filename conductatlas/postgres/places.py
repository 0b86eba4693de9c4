"""Which folders and files the embedded server of a project uses: computed from the project's path and the user, read
from nothing.

An ordinary user's data lie in the project itself. Root cannot run PostgreSQL, and the account that runs it instead
often cannot reach the project (a home folder of mode 700): root's data and sockets lie under /var/lib/conductatlas,
and no mode outside changes.
"""

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from conductatlas.postgres.errors import PostgresError

PURPOSES = ("demo", "test")
SUPERUSER = "postgres"
DATABASE = "conductatlas"
ROOT_BASE = Path("/var/lib/conductatlas")
# Neither TMPDIR nor XDG_RUNTIME_DIR: two shells of one user may differ in them, and would then look for the server in
# two places.
SOCKET_BASE = Path("/tmp")


@dataclass(frozen=True)
class Places:
    """Everything the server of one project and purpose touches."""

    project: Path
    purpose: str
    name: str  # names this cluster in process titles: conductatlas-<16 hexadecimal digits>
    store: Path | None  # root only: the folder that holds data, sockets and control
    data: Path  # PostgreSQL's data folder
    sockets: Path  # where PostgreSQL puts its socket; mode 0700
    control: Path  # where the supervisor puts its socket; mode 0700
    pointer: Path  # in the project: the data folder itself, or (root) a file that names the store

    @property
    def state(self) -> Path:
        """The project's own folder for what programs make."""
        return self.project / ".data"

    @property
    def lease_socket(self) -> Path:
        return self.control / "lease"

    @property
    def starting(self) -> Path:
        """Locked by a client while it starts the supervisor."""
        return self.pointer.with_name(self.pointer.name + ".starting")

    @property
    def running(self) -> Path:
        """Locked by the supervisor for as long as it lives."""
        return self.pointer.with_name(self.pointer.name + ".running")

    @property
    def log(self) -> Path:
        return self.pointer.with_name(self.pointer.name + ".log")


def project_folder() -> Path:
    """The folder that holds manage.py."""
    return Path(__file__).resolve().parent.parent.parent


def places_of(root: Path | str | None = None, *, purpose: str = "demo") -> Places:
    """The places of the project in `root` (default: this one), for `purpose` demo or test."""
    if purpose not in PURPOSES:
        raise PostgresError(f"Unknown purpose {purpose!r} of an embedded server: use one of {', '.join(PURPOSES)}.")
    project = Path(root).resolve() if root is not None else project_folder()
    digest = hashlib.sha256(os.fsencode(project) + b"\0" + purpose.encode()).hexdigest()[:16]
    name = f"conductatlas-{digest}"
    pointer = project / ".data" / ("postgres" if purpose == "demo" else f"postgres-{purpose}")
    if os.geteuid() == 0:
        store = ROOT_BASE / digest
        return Places(project, purpose, name, store, store / "data", store / "sockets", store / "control", pointer)
    sockets = SOCKET_BASE / f"conductatlas-{os.geteuid()}-{digest}"
    return Places(project, purpose, name, None, pointer, sockets, sockets, pointer)


def address(root: Path | str | None = None, *, purpose: str = "demo") -> str:
    """The DATABASE_URL of the embedded server, whether or not it runs."""
    return address_in(places_of(root, purpose=purpose))


def address_in(places: Places, database: str = DATABASE) -> str:
    """The URL of `database`; the socket folder stands percent-encoded in the host's place, as libpq and
    dj-database-url read it."""
    return f"postgresql://{SUPERUSER}@{quote(str(places.sockets), safe='')}/{database}"
