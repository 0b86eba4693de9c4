"""Rendered HTML as a browser reads it."""

from collections.abc import Iterator

import html5lib

XHTML = "{http://www.w3.org/1999/xhtml}"


def elements(html: str) -> Iterator:
    """All elements as a browser builds them from the HTML."""
    return html5lib.parseFragment(html, treebuilder="etree").iter()
