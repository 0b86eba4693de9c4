"""The real collections of terms that some tests read."""

import os
from pathlib import Path

import pytest

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
COLLECTIONS = ("genai-eu", "genai-contrib")


def bundle_of(collection: str) -> Path:
    """The file of a real collection; without it the test is skipped, and fails where it must run."""
    bundle = DATA / f"{collection}-versions.bundle"
    if not bundle.is_file():
        reason = f"{bundle} is missing: real terms are needed for this test"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    return bundle
