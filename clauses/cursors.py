"""Where a page of a sorted list begins: behind the keys of the last row of the page before, as a token (pure)."""

import base64
import binascii
import json
from collections.abc import Sequence
from datetime import datetime

Key = int | str | datetime

LONGEST = 2_000  # characters of a token; the longest keys make about 1,200
HIGHEST = 2**63 - 1  # PostgreSQL's bigint


class BrokenCursor(ValueError):
    """A token that this site did not make, or made for another order."""


def token(sort: str, keys: Sequence[Key]) -> str:
    """For an address: letters, digits, `-` and `_`."""
    plain = [key.isoformat() if isinstance(key, datetime) else key for key in keys]
    written = json.dumps([sort, *plain], ensure_ascii=False, separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(written).decode("ascii").rstrip("=")


def keys_of(token: str, sort: str, kinds: Sequence[type[Key]]) -> list[Key]:
    """The keys of a token made for this order, one of each kind; BrokenCursor for any other."""
    if len(token) > LONGEST:
        raise BrokenCursor("too long")
    try:
        read = json.loads(base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True))
    except (binascii.Error, ValueError, RecursionError) as error:
        raise BrokenCursor("no token of ours") from error
    if not isinstance(read, list) or len(read) != len(kinds) + 1 or read[0] != sort:
        raise BrokenCursor("made for another order")
    return [_key(value, kind) for value, kind in zip(read[1:], kinds, strict=True)]


def _key(value: object, kind: type[Key]) -> Key:
    if kind is int and type(value) is int and abs(value) <= HIGHEST:
        return value
    if kind is not int and isinstance(value, str) and "\0" not in value:
        try:
            value.encode()  # half a surrogate pair has no bytes
            moment = datetime.fromisoformat(value) if kind is datetime else None
        except ValueError as error:
            raise BrokenCursor("a key that no row has") from error
        if moment is None:
            return value
        if moment.tzinfo is not None:
            return moment
    raise BrokenCursor("a key that no row has")
