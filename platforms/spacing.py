"""Whether two texts differ in their white space alone (pure)."""

from bisect import bisect_left
from collections.abc import Callable


def same_but_for_spacing(old: str, new: str) -> bool:
    """Compares what stands between the first and the last character that differs: to split whole texts takes long."""
    start = _shared_length(lambda length: old[:length] == new[:length], min(len(old), len(new)))
    old, new = old[start:], new[start:]
    end = _shared_length(lambda length: old[len(old) - length :] == new[len(new) - length :], min(len(old), len(new)))
    return "".join(old[: len(old) - end].split()) == "".join(new[: len(new) - end].split())


def _shared_length(shared: Callable[[int], bool], most: int) -> int:
    """How many characters two texts share at one end, at most `most`; `shared` tells it of a number of them."""
    return bisect_left(range(1, most + 1), True, key=lambda length: not shared(length))
