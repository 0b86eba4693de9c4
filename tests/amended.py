"""A policy to amend, and the transition to what was made of it."""

from platforms.changes import Transition, classify

POLICY = """Terms of Use
============

Last updated: May 5, 2026

These terms are a contract between you and Heron Ltd. Please read them with care.

1\\. Your account
----------------

You must be 16 years old to open an account. You can close it within 30 days and we refund the fee.

2\\. Your content
----------------

We keep what you upload for as long as you have an account. We may use it:

*   to show it to the people you choose;
*   to keep the service safe;
*   to improve the service.

We may end the service. You can write to us.

3\\. Disputes
------------

We may end the service. A court in Dublin decides.

| Partner | Purpose | Country |
| --- | --- | --- |
| Kestrel Inc. | Payments | Canada |
| Osprey GmbH | Storage | Germany |
"""


def changed(old: str, new: str, text: str = POLICY) -> str:
    """The policy with words replaced; the words must stand in it."""
    assert old in text
    return text.replace(old, new)


def to(after: str, before: str = POLICY) -> Transition:
    return classify(before, after)
