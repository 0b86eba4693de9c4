"""A stored text, read: as plain words, and as a page with the clauses marked in it."""

import hashlib
from functools import lru_cache

from django.core.cache import cache
from django.utils.safestring import SafeString

from conductatlas.markdown import Marked, render_text
from platforms.models import Text, Version
from platforms.plaintext import Projection, project
from platforms.redline import Redline, redline

DAY = 86_400


@lru_cache(maxsize=16)
def projected(content: str) -> Projection:
    """The projection of a text, made once for all that looks at it."""
    return project(content)


def words_of(version: Version) -> str:
    """The stored text of a version."""
    return Text.objects.only("content").get(pk=version.snapshot.text_id).content


def cached_text(content: str, name: str, spans: tuple[Marked, ...]) -> SafeString:
    """The rendered text. Rendering is the slow part of the page; text and marks alone decide the result, so it can
    be kept.
    """
    key = "text:" + hashlib.sha256(repr((name, spans)).encode()).hexdigest()
    html = cache.get(key)
    if html is None:
        html = render_text(content, spans)
        cache.set(key, html, DAY)
    return html


def cached_redline(before: Text, after: Text) -> Redline:
    """The differences of two texts. They are worked out once a day: the texts alone decide them."""
    key = f"redline:{before.pk}:{after.pk}"
    found = cache.get(key)
    if found is None:
        found = redline(before.content, after.content)
        cache.set(key, found, DAY)
    return found
