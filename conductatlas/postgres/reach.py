"""A server that DATABASE_URL names: whether it answers, and is new enough."""

import os
import time
from urllib.parse import urlsplit, urlunsplit

import psycopg

from conductatlas.postgres.errors import PostgresError
from conductatlas.postgres.programs import OLDEST_MAJOR


def check_database_url() -> None:
    """Raise PostgresError when DATABASE_URL is set to something that is no address of a PostgreSQL server."""
    url = os.environ.get("DATABASE_URL")
    if url and not url.startswith(("postgresql://", "postgres://")):
        raise PostgresError(
            "DATABASE_URL is no address of a PostgreSQL server: postgresql://user:password@host:5432/name would be one."
        )


def wait_until_reachable(url: str, *, seconds: float = 5.0) -> None:
    """Return when the server at `url` answers and is PostgreSQL 17 or newer; raise PostgresError when it does not in
    `seconds`."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            with psycopg.connect(url, connect_timeout=5) as connection:
                major = connection.info.server_version // 10_000
                break
        except psycopg.Error as error:
            if not isinstance(error, psycopg.OperationalError) or is_final(error) or time.monotonic() > deadline:
                raise PostgresError(
                    f"The database {shown(url)} cannot be reached: {one_line(error, url)}. Check DATABASE_URL."
                ) from None
        time.sleep(0.5)
    if major < OLDEST_MAJOR:
        raise PostgresError(f"PostgreSQL {OLDEST_MAJOR} or newer is needed; {shown(url)} is {major}.")


def is_final(error: psycopg.Error) -> bool:
    """Waiting helps against a server that is still starting, not against a wrong name or password."""
    said = str(error)
    return any(
        word in said
        for word in ("authentication failed", "does not exist", "no password supplied", "could not translate")
    )


def shown(url: str) -> str:
    """`url` without its password and without parameters, which may hold one."""
    try:
        parts = urlsplit(url)
        user, at, host = parts.netloc.rpartition("@")
    except ValueError:
        return "in DATABASE_URL"
    name, colon, _ = user.partition(":")
    return urlunsplit((parts.scheme, f"{name}{':***' if colon else ''}{at}{host}", parts.path, "", ""))


def one_line(error: psycopg.Error, url: str) -> str:
    """The last thing the driver said, without line breaks and without the password."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    said = lines[-1].rstrip(".") if lines else type(error).__name__
    try:
        password = urlsplit(url).password
    except ValueError:
        password = None
    return said.replace(password, "***") if password else said
