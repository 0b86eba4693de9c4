"""granian for one machine: `python -m conductatlas.webserver PORT`, started by `manage.py serve`.

Its workers die with their main process, and that dies with whoever started it, also when either is killed outright
(on Linux).
"""

import os
import signal
import sys
from typing import Any

from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from conductatlas.postgres.server import end_with_parent

HOST = "127.0.0.1"
TARGET = "conductatlas.wsgi:application"
# Pages are made by Python and PostgreSQL: two processes use two cores, and a few threads in each cover what waits for
# the database; more of them would only share the same core. Each thread may hold one database connection.
MOST_WORKERS = 2
MOST_THREADS = 8
STOP_SECONDS = 5


def load_application(target: str) -> Any:
    """What a worker calls first: bind its life to the main process's, then import the application."""
    end_with_this_parent()
    module_name, name = target.split(":")
    module = __import__(module_name, fromlist=[name])
    return getattr(module, name)


def end_with_this_parent() -> None:
    """As for a new child of the parent that we have now; a worker calls this itself, after its start."""
    end_with_parent(signal.SIGKILL, parent=os.getppid())()


def main(port: int) -> None:
    cores = os.cpu_count() or 1
    server = Granian(
        TARGET,
        address=HOST,
        port=port,
        interface=Interfaces.WSGI,
        workers=min(MOST_WORKERS, cores),
        blocking_threads=min(MOST_THREADS, 2 * cores + 1),
        workers_kill_timeout=STOP_SECONDS,
        log_access=False,
        log_level=LogLevels.warning,
    )
    server.serve(target_loader=load_application)


if __name__ == "__main__":
    main(int(sys.argv[1]))
