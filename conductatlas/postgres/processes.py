"""Which processes of a cluster are alive, and how to end them."""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

from conductatlas.postgres.places import Places

PROC = Path("/proc")


def of_cluster(places: Places) -> list[int]:
    """The process ids of the PostgreSQL server of `places` and of its children, the server itself first.

    The server has the data folder in its command line; its children carry the cluster's name in their titles.
    """
    owner = places.data.stat().st_uid
    title = f"postgres: {places.name}: "
    main, children = [], []
    for pid, uid, command in commands():
        if uid != owner:
            continue
        if command.startswith(title):
            children.append(pid)
        elif f"cluster_name={places.name}" in command:
            main.append(pid)
    return main + children


def commands() -> Iterator[tuple[int, int, str]]:
    """(process id, user id, command line) of every process that we may see."""
    if not (PROC / "self" / "cmdline").exists():
        yield from _commands_from_ps()
        return
    for entry in os.scandir(PROC):
        if entry.name.isdigit():
            try:
                words = (PROC / entry.name / "cmdline").read_bytes()
                yield int(entry.name), entry.stat().st_uid, words.replace(b"\0", b" ").decode("utf-8", "replace")
            except OSError:
                continue  # it has just ended


def _commands_from_ps() -> Iterator[tuple[int, int, str]]:
    """The same where there is no /proc."""
    listed = subprocess.run(["ps", "-axww", "-o", "pid=,uid=,command="], capture_output=True, text=True, check=False)
    for line in listed.stdout.splitlines():
        pid, uid, command = line.split(None, 2)
        yield int(pid), int(uid), command


def stop_all(places: Places) -> bool:
    """End every process of the cluster: politely first, after 15 seconds by force. True when none is left."""
    for number, seconds in ((signal.SIGINT, 15.0), (signal.SIGKILL, 10.0)):
        alive = of_cluster(places)
        for pid in alive[:1] if number == signal.SIGINT else alive:
            _signal(pid, number)
        if wait_until_gone(places, seconds):
            return True
    return False


def wait_until_gone(places: Places, seconds: float) -> bool:
    """Wait until no process of the cluster is left, reaping those that became our children; False after `seconds`."""
    deadline = time.monotonic() + seconds
    while of_cluster(places):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
        reap()
    reap()
    return True


def reap() -> None:
    """Collect ended children, so that none stays as a zombie."""
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        pass


def _signal(pid: int, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, number)
