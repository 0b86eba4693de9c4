"""Bodies without their content encoding, counted while they come: a few kilobytes can hold gigabytes."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator

from platforms.capture.responses import Fault, Stopped

ACCEPTED = "gzip, deflate"
_STEP = 65_536  # bytes taken out at once


def read_body(chunks: Iterable[bytes], encoding: str, limit: int) -> bytes:
    """The body, unpacked. Raises Stopped when it is longer than `limit` bytes, cut off, or packed unlike asked for."""
    name = encoding.strip().lower()
    if name not in {"", "identity", "gzip", "x-gzip", "deflate"}:
        raise Stopped(Fault.BAD_ANSWER, f"The body is encoded as {encoding[:60]!r}, which was not asked for.")
    unpacker = None if name in {"", "identity"} else _Unpacker()
    body = bytearray()
    for chunk in chunks:
        for piece in unpacker.pieces(chunk) if unpacker else (chunk,):
            body += piece
            if len(body) > limit:
                raise Stopped(Fault.TOO_LARGE, f"The body is longer than {limit / 1_000_000:g} MB.")
    if unpacker and not unpacker.complete:
        raise Stopped(Fault.TRUNCATED, "The packed body ends in the middle.")
    return bytes(body)


class _Unpacker:
    """gzip or deflate, by what the first bytes say: servers call both forms of deflate the same."""

    def __init__(self) -> None:
        self.stream = zlib.decompressobj(zlib.MAX_WBITS | 32)
        self.begun = False
        self.over = False  # what follows the packed parts is padding

    @property
    def complete(self) -> bool:
        return self.stream.eof or not self.begun

    def pieces(self, chunk: bytes) -> Iterator[bytes]:
        while chunk and not self.over:
            yield self._unpack(chunk)
            chunk = self.stream.unconsumed_tail
            if self.stream.eof:
                chunk = self.stream.unused_data
                self.over = bool(chunk) and not chunk.startswith(b"\x1f\x8b")
                if chunk and not self.over:  # a file may hold several packed parts
                    self.stream = zlib.decompressobj(zlib.MAX_WBITS | 32)

    def _unpack(self, chunk: bytes) -> bytes:
        try:
            piece = self.stream.decompress(chunk, _STEP)
        except zlib.error as error:
            if self.begun:
                raise Stopped(Fault.BAD_ANSWER, "The packed body is damaged.") from error
            self.begun, self.stream = True, zlib.decompressobj(-zlib.MAX_WBITS)
            return self._unpack(chunk)
        self.begun = True
        return piece
