"""A text to be changed, and the words in which a redline says how it was."""

from platforms.redline import Redline
from platforms.wording import RunKind

BEFORE = """Terms of Service
================

Your content
------------

We may use **your content** to train models if you agree to it in your settings.

*   Files that you delete are kept for 30 days.
*   Backups are kept for a year and then erased.

| Plan | Price |
| --- | --- |
| Basic | 5 EUR a month |

Our rights
----------

We may end the service at any time, with a notice of two weeks by e-mail.

You can object to any transfer of your account to another company.
"""


def told(found: Redline) -> list[tuple[str, str]]:
    """The changes, each as its kind and its words with the marks that `git diff --word-diff` uses."""
    marks = {RunKind.EQUAL: "{}", RunKind.DELETED: "[-{}-]", RunKind.INSERTED: "{{+{}+}}"}
    return [(block.kind, "".join(marks[run.kind].format(run.text) for run in block.runs)) for block in found.changes]
