"""What is worked out once for each public state of the catalogue, and kept until the next one."""

from collections.abc import Callable
from typing import TypeVar

from django.core.cache import cache

from platforms.models import Edition

Answer = TypeVar("Answer")

DAY = 86_400


def current_edition() -> Edition | None:
    """The newest one, or None in a catalogue that holds nothing yet."""
    return Edition.objects.order_by("-number").first()


def per_edition(name: str, work_out: Callable[[], Answer], *, edition: Edition | None) -> Answer:
    """The answer of `work_out`, which reads the catalogue and nothing else, kept while `edition` is the newest.

    `name` says what it is an answer to. Whatever can change a public page makes a new edition, so an answer is never
    older than the page around it; the moment is part of the key because a number that was rolled back is given again.
    """
    if edition is None:
        return work_out()
    key = f"{name}:{edition.number}:{edition.made_at.timestamp()}"
    found = cache.get(key)
    if found is None:
        found = work_out()
        cache.set(key, found, DAY)
    return found
