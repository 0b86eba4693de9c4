"""Documents to tamper with."""

import pytest

from platforms.models import Document

from .tampering import a_history


@pytest.fixture
def document() -> Document:
    """With a clause."""
    return a_history(clause=True)


@pytest.fixture
def bare() -> Document:
    """Only its texts and what follows from them: to publish a clause would take most of the time."""
    return a_history(clause=False)
