"""Canonical JSON and its SHA-256: one spelling for one content, so that any reader can recompute the hash."""

import hashlib
import json
from typing import Any


def canonical(value: Any) -> str:
    """RFC 8785 (JSON Canonicalization Scheme) for what we store: objects, lists, strings, whole numbers, true, false,
    null.

    Keys are ASCII, so that sorting by code point is RFC 8785's order; a float raises ValueError, since its spelling
    is another matter.
    """
    _refuse_floats(value)
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def fingerprint(text: str) -> str:
    """The SHA-256, in hexadecimal, of the text's UTF-8 bytes."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def _refuse_floats(value: Any) -> None:
    if isinstance(value, float):
        raise ValueError(f"A payload holds no floats, but {value!r} is one: write it as text or as a whole number.")
    if isinstance(value, dict):
        for key, item in value.items():
            if not key.isascii():
                raise ValueError(f"A payload's keys are ASCII, but {key!r} is not.")
            _refuse_floats(item)
    elif isinstance(value, list | tuple):
        for item in value:
            _refuse_floats(item)
