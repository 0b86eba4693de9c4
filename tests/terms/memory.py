"""How much memory a program takes together with all that it starts (Linux)."""

import subprocess
import time
from pathlib import Path

PROCESSES = Path("/proc")
KNOWN = (PROCESSES / "self" / "smaps_rollup").exists()
OFTEN = 0.1  # seconds between two looks


def run(command: list[str], **options) -> tuple[subprocess.CompletedProcess[str], int]:
    """Runs a program to its end; with the most bytes that it and its children held at one time, or 0 where the system
    does not tell. Pages that several of them share count once.
    """
    most = 0
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **options) as process:
        while KNOWN and process.poll() is None:
            most = max(most, sum(map(_held, _tree(process.pid))))
            time.sleep(OFTEN)
        out, err = process.communicate()
    return subprocess.CompletedProcess(command, process.returncode, out, err), most


def _tree(root: int) -> set[int]:
    parents: dict[int, int] = {}
    for entry in PROCESSES.glob("[0-9]*/stat"):
        try:
            parents[int(entry.parent.name)] = int(entry.read_text().rpartition(")")[2].split()[1])
        except OSError:  # it has ended meanwhile
            continue
    found = {root}
    while more := {child for child, parent in parents.items() if parent in found} - found:
        found |= more
    return found


def _held(process: int) -> int:
    try:
        lines = (PROCESSES / str(process) / "smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:"))
