"""The embedded PostgreSQL server: one supervisor process per project folder, alive as long as somebody holds a lease.

`ensure()` takes a lease for this process, and starts the supervisor when none runs; `address()` says where the server
is, or will be. A lease is an open connection to the supervisor, so the kernel gives it back however its holder ends.
Without a lease for two seconds the supervisor stops PostgreSQL and ends; when PostgreSQL dies under it, it starts it
again. Nothing here imports Django.

    places.py      which folders
    programs.py    the binaries, and the account they run under as root
    cluster.py     making the data folder, clearing what a crash left
    processes.py   which processes of a cluster are alive
    server.py      one running PostgreSQL
    supervisor.py  the process that owns it
    lease.py       the clients' side
    reach.py       a server named by DATABASE_URL
"""

from conductatlas.postgres.errors import PostgresError
from conductatlas.postgres.lease import ensure, ensure_for_tests, release
from conductatlas.postgres.places import address
from conductatlas.postgres.reach import check_database_url, wait_until_reachable

__all__ = [
    "PostgresError",
    "address",
    "check_database_url",
    "ensure",
    "ensure_for_tests",
    "release",
    "wait_until_reachable",
]
