"""Which processes belong to a project folder: what the tests of starting and stopping look for when all should be
gone."""

import os
import shutil
import signal
import time
from collections.abc import Callable
from pathlib import Path

from conductatlas.postgres import processes
from conductatlas.postgres.places import PURPOSES, places_of


def left_of(project: Path) -> dict[int, str]:
    """{process id: command line} of all living processes that name the folder, its store or its cluster, or work in
    it."""
    places = [places_of(project, purpose=purpose) for purpose in PURPOSES]
    names = {str(project), *(place.name for place in places), *(str(place.store) for place in places if place.store)}
    return {
        pid: command
        for pid, _, command in processes.commands()
        if pid != os.getpid() and command.strip() and (any(name in command for name in names) or works_in(pid, project))
    }


def works_in(pid: int, project: Path) -> bool:
    try:
        return (Path("/proc") / str(pid) / "cwd").resolve().is_relative_to(project)
    except OSError:
        return False


def find(project: Path, word: str) -> list[int]:
    """The ids of the project's processes with `word` in their command line."""
    return [pid for pid, command in left_of(project).items() if word in command]


def eventually(condition: Callable[[], object], *, seconds: float = 25.0) -> bool:
    """Whether `condition` comes true in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def remove_all(project: Path) -> None:
    """After a test, whatever it left: processes, root's store, the folder of the sockets."""
    for pid in left_of(project):
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            continue
    for purpose in PURPOSES:
        place = places_of(project, purpose=purpose)
        shutil.rmtree(place.store or place.sockets, ignore_errors=True)
