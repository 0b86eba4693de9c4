"""What is worked out once for each public state of the catalogue, and kept until the next one."""

from collections import OrderedDict
from collections.abc import Callable
from typing import Any, TypeVar

from platforms.models import Edition

Answer = TypeVar("Answer")

MOST = 500  # answers; the ones not asked for longest are forgotten first
# As they are, not pickled as in Django's cache: to unpickle the names of four thousand platforms takes longer than to
# make the page around them.
_kept: OrderedDict[str, Any] = OrderedDict()


def current_edition() -> Edition | None:
    """The newest one, or None in a catalogue that holds nothing yet."""
    return Edition.objects.order_by("-number").first()


def per_edition(name: str, work_out: Callable[[], Answer], *, edition: Edition | None) -> Answer:
    """The answer of `work_out`, which reads the catalogue and nothing else, kept while `edition` is the newest.

    `name` says what it is an answer to. Whatever can change a public page makes a new edition, so an answer is never
    older than the page around it; the moment is part of the key because a number that was rolled back is given again.
    All who ask are given the same object: it is not to be changed.
    """
    if edition is None:
        return work_out()
    key = f"{name}:{edition.number}:{edition.made_at.timestamp()}"
    try:
        _kept.move_to_end(key)
        return _kept[key]
    except KeyError:  # never asked, or just forgotten by another thread
        found = _kept[key] = work_out()
    while len(_kept) > MOST:
        _kept.popitem(last=False)
    return found


def forget() -> None:
    """Forgets all answers, so that the next ones are worked out anew."""
    _kept.clear()
