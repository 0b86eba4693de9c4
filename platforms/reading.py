"""A stored text as a page, with the clauses marked in it."""

import hashlib

from django.core.cache import cache
from django.utils.safestring import SafeString

from conductatlas.markdown import Marked, render_text

DAY = 86_400


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
