"""Texts that a second process weighs while the ones before them are written."""

from __future__ import annotations

import os
import signal
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import connection, get_context, parent_process
from threading import Thread
from types import TracebackType
from typing import TypeVar

from conductatlas.garbage import collect_rarely
from platforms.lineage import Lineage
from platforms.weighing import Weighed, weigh

Item = TypeVar("Item")

ROOM = 3_000_000  # characters of texts that are under way


@dataclass(frozen=True, slots=True)
class Order:
    """A text of a document that nothing is held of yet. The texts of a document, named by its key, come one after the
    other; `facts` as in `weigh`.
    """

    key: str
    facts: Mapping[str, str]
    content: str
    technical: bool


class Ahead:
    """The second process, for the time of a `with`. It ends with this one, however this one ends."""

    def __enter__(self) -> Ahead:
        self._pool = ProcessPoolExecutor(1, mp_context=get_context("spawn"), initializer=_settle_in)
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._pool.shutdown(cancel_futures=True)

    def weighed(self, orders: Iterable[tuple[Item, Order | None]]) -> Iterator[tuple[Item, Future[Weighed] | None]]:
        """The items in their order, each with what will be the answer to its order, if there is one. What `orders`
        raises is raised in its place.
        """
        under_way: deque[tuple[Item, Future[Weighed] | None, int]] = deque()
        size = 0
        failure: Exception | None = None
        source = iter(orders)
        while True:
            while failure is None and size <= ROOM:
                try:
                    item, order = next(source)
                except Exception as error:  # also the end
                    failure = error
                else:
                    length = len(order.content) if order else 0
                    under_way.append((item, self._pool.submit(_weigh, order) if order else None, length))
                    size += length
                    if not order:
                        break
            if failure and not under_way:
                if isinstance(failure, StopIteration):
                    return
                raise failure
            item, answer, length = under_way.popleft()
            size -= length
            yield item, answer


_current: tuple[str, Lineage] = ("", Lineage())


def _weigh(order: Order) -> Weighed:
    global _current
    if order.key != _current[0]:
        _current = order.key, Lineage(language=order.facts["language"])
    return weigh(order.content, _current[1], order.facts, technical=order.technical)


def _settle_in() -> None:
    """The terminal's Ctrl-C is for the first process; its end is the end of this one."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    collect_rarely()
    if parent := parent_process():
        Thread(target=_end_with, args=[parent.sentinel], daemon=True).start()


def _end_with(parent: int) -> None:
    connection.wait([parent])
    os._exit(1)
