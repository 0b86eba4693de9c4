"""Reading an answer in a process of its own, which is ended when it costs too much.

A page of some kilobytes can keep a parser busy for hours or fill the memory of the machine, and a program cannot end
its own threads. The process is kept for the next answer; one that was ended is started anew.
"""

from __future__ import annotations

import logging
import multiprocessing
import resource
import threading
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess

from platforms.capture.extracting import Extraction, Unreadable, extract
from platforms.capture.responses import Fault, Response

logger = logging.getLogger(__name__)

LONGEST_TEXT = 2_000_000  # characters; the longest real text of terms has less than 400,000
_START = 60.0  # seconds that the process has to begin


@dataclass(frozen=True, slots=True)
class Bounds:
    """What reading one answer may cost: seconds by the clock, and bytes of memory."""

    seconds: float = 120.0
    memory: int = 3_000_000_000


class Reader:
    """Reads answers, one at a time. Threads may share it; `close` ends its process."""

    def __init__(self, bounds: Bounds | None = None) -> None:
        self.bounds = bounds or Bounds()
        self._lock = threading.Lock()
        self._process: SpawnProcess | None = None
        self._pipe: Connection | None = None

    def read(
        self, response: Response, *, select: str = "", remove: str = "", language: str = ""
    ) -> Extraction | Unreadable:
        """What `extracting.extract` gives, or that the answer costs too much to be read."""
        with self._lock:
            pipe = self._started()
            try:
                pipe.send((response, select, remove, language))
                if pipe.poll(self.bounds.seconds):
                    found: Extraction | Unreadable = pipe.recv()
                    return _fitting(found, response)
                why = f"takes longer than {self.bounds.seconds:g} seconds to read"
            except (EOFError, OSError):  # the process is gone
                why = "broke off the program that reads it"
            self._end()
        return Unreadable(Fault.TOO_COSTLY, f"{response.final} {why}: choose the part that is needed, or look at it.")

    def close(self) -> None:
        with self._lock:
            self._end()

    def _started(self) -> Connection:
        if self._pipe is not None and self._process is not None and self._process.is_alive():
            return self._pipe
        self._end()
        context = multiprocessing.get_context("spawn")  # a copy of this process would hold its locks
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(theirs, self.bounds.memory), daemon=True, name="reader")
        self._process.start()
        theirs.close()
        if not self._pipe.poll(_START):
            self._end()
            raise RuntimeError(f"The process that reads answers did not begin within {_START:g} seconds.")
        try:
            self._pipe.recv()
        except EOFError as error:
            self._end()
            raise RuntimeError("The process that reads answers could not begin: see its output.") from error
        return self._pipe

    def _end(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.join()
        if self._pipe is not None:
            self._pipe.close()
        self._process = self._pipe = None


def _serve(pipe: Connection, memory: int) -> None:
    """The work of the process: it says that it has begun, then reads what it is given until nobody asks any more."""
    import trafilatura  # noqa: F401  (loaded at the first use else, on the time of one answer)

    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    pipe.send(None)
    while True:
        try:
            response, select, remove, language = pipe.recv()
        except EOFError:
            return
        pipe.send(_read(response, select, remove, language))


def _read(response: Response, select: str, remove: str, language: str) -> Extraction | Unreadable:
    try:
        return extract(response, select=select, remove=remove, language=language)
    except MemoryError:
        return Unreadable(Fault.TOO_COSTLY, f"{response.final} takes more memory to read than it may have.")
    except Exception as error:  # one answer, not the run
        logger.exception("reading of %s", response.final)
        told = f"{type(error).__name__}, a fault of this program; see its log"
        return Unreadable(Fault.UNEXPECTED, f"{response.final} could not be read: {told}.")


def _fitting(found: Extraction | Unreadable, response: Response) -> Extraction | Unreadable:
    if isinstance(found, Unreadable) or max(len(found.markdown), len(found.visible)) <= LONGEST_TEXT:
        return found
    return Unreadable(Fault.TOO_LARGE, f"{response.final} holds a text of more than {LONGEST_TEXT:,} characters.")
