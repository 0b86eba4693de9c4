"""Calling git on repositories that nobody has vouched for: no shell, no foreign configuration, no network unless asked.

A repository's own configuration can name programs to run. Everything it could name for the few commands used here is
switched off, transports are refused but the one that is asked for, and git is told where the repository is, so that it
never looks for one in the folders above.
"""

from __future__ import annotations

import os
import resource
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

NO_TRANSPORT = "none"  # no protocol has this name
_SETTINGS = (
    "core.hooksPath=/dev/null",
    "core.fsmonitor=false",
    "core.useReplaceRefs=false",
    "core.commitGraph=false",  # a file that could tell other parents than the commits do
    "log.showSignature=false",  # would run the program that gpg.program names
    "log.showRoot=true",
    "safe.directory=*",  # a folder of somebody else is only read
    "gc.auto=0",
    "core.bigFileThreshold=20m",  # larger files are passed on piece by piece, not held in memory
    "core.packedGitWindowSize=1m",  # what is read of a pack counts as memory
    "core.packedGitLimit=16m",
    "core.deltaBaseCacheLimit=16m",
    "diff.relative=false",
    "http.lowSpeedLimit=1000",  # bytes a second …
    "http.lowSpeedTime=60",  # … over so many seconds, or the transfer is given up
)
_MEMORY = 4_000_000_000  # bytes; git gathers all that one commit changed, and a tree of a few kilobytes names billions
_KEPT = {"GIT_SSL_CAINFO", "GIT_SSL_CAPATH"}  # where this machine keeps the certificates it trusts


class Unreadable(ValueError):
    """A repository, or something in it, that cannot be read; the message names it and the way out."""


def run(*arguments: str, folder: Path | None = None, transport: str = NO_TRANSPORT) -> subprocess.CompletedProcess[str]:
    """What git answers, whatever its exit code. `folder` is a repository's own folder (`.git` or a bare one)."""
    try:
        return subprocess.run(
            _command(arguments, folder),
            env=_environment(transport),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            check=False,
        )
    except FileNotFoundError:
        raise _missing() from None


@contextmanager
def started(*arguments: str, folder: Path) -> Iterator[Process]:
    """git at work, its output to be read piece by piece; it is ended when the block is left."""
    with tempfile.TemporaryFile() as complaints:
        try:
            process = subprocess.Popen(
                _command(arguments, folder),
                env=_environment(NO_TRANSPORT),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=complaints,
            )
        except FileNotFoundError:
            raise _missing() from None
        if hasattr(resource, "prlimit"):  # Linux
            resource.prlimit(process.pid, resource.RLIMIT_AS, (_MEMORY, _MEMORY))
        try:
            yield Process(process, complaints)
        finally:
            process.kill()
            process.wait()
            for pipe in (process.stdin, process.stdout):
                if pipe:
                    _close(pipe)


class Process:
    """A running git: `questions` goes in, `answers` comes out."""

    def __init__(self, process: subprocess.Popen[bytes], complaints: IO[bytes]) -> None:
        assert process.stdin and process.stdout
        self.questions: IO[bytes] = process.stdin
        self.answers: IO[bytes] = process.stdout
        self._process = process
        self._complaints = complaints

    def failure(self) -> str:
        """Ends the conversation. git's own words where it failed, else empty."""
        _close(self.questions)
        _close(self.answers)
        if not self._process.wait():
            return ""
        self._complaints.seek(0)
        return (
            reason(self._complaints.read(10_000).decode("utf-8", "replace")) or f"exit code {self._process.returncode}"
        )


def reason(complaints: str) -> str:
    """The line of git's error output that says why, without its prefix; empty when there is none."""
    lines = [line.strip() for line in complaints.splitlines() if line.strip()]
    telling = [line for line in lines if line.startswith(("fatal:", "error:"))] or lines[-1:]
    return telling[0].removeprefix("fatal:").removeprefix("error:").strip() if telling else ""


def _command(arguments: Sequence[str], folder: Path | None) -> list[str]:
    settings = [part for setting in _SETTINGS for part in ("-c", setting)]
    place = [f"--git-dir={folder.absolute()}"] if folder else []
    return ["git", "--no-pager", *place, *settings, *arguments]


def _environment(transport: str) -> dict[str, str]:
    inherited = {
        name: value
        for name, value in os.environ.items()
        if name in _KEPT or not (name.startswith("GIT_") or name == "SSH_ASKPASS")
    }
    return inherited | {
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_ATTR_NOSYSTEM": "1",
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_ASKPASS": "",
        "GIT_ALLOW_PROTOCOL": transport,
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_NO_REPLACE_OBJECTS": "1",
        "GIT_GRAFT_FILE": os.devnull,
        "GIT_OPTIONAL_LOCKS": "0",
        "LC_ALL": "C",
    }


def _missing() -> Unreadable:
    return Unreadable("git was not found, and terms cannot be imported without it: install git and run this again.")


def _close(pipe: IO[bytes]) -> None:
    """Close a pipe whose other end may be gone, with bytes still in its buffer."""
    with suppress(BrokenPipeError):
        pipe.close()
