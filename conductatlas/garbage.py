"""How often Python looks for cycles among its objects."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


def collect_rarely() -> None:
    """Reading texts makes millions of objects that die at once and hold no cycles: looking for cycles among them as
    often as Python does takes up to a fifth of the time.
    """
    gc.set_threshold(100_000, 20, 20)


@contextmanager
def few_collections() -> Iterator[None]:
    """Collects rarely inside."""
    before = gc.get_threshold()
    collect_rarely()
    try:
        yield
    finally:
        gc.set_threshold(*before)
