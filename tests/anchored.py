"""A text to look for words in, and the words that were found."""

from clauses.anchoring import Anchor, AnchorState
from platforms.plaintext import project

TEXT = """Terms of Service
================

1\\. Your content
---------------

We may use **your content** to train our [models](https://a.example/models). You can opt out within 30 days.

*   We keep deleted files for “as long as needed” – but not longer.
*   You’re responsible for it.

2\\. Our rights
-------------

You can opt out within 60 days. Fees are non-refundable and cost $5,000.50 per year.

We may end the service. Nothing here limits your rights.

3\\. Disputes
------------

We may end the service. You can write to us.
"""
HELD = project(TEXT)
FOUND = {AnchorState.EXACT, AnchorState.NORMALISED}


def slices(found: Anchor, text: str = TEXT) -> list[str]:
    return [text[start:end] for start, end in found.spans]
