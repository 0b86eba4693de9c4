"""What many clauses answer, held against what one answers, all at once (pure)."""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

Answers = tuple[int, int, int]  # bits of the questions answered with yes, with no, and not read

_BITS = 64  # of one number of a row


class Profiles:
    """The answers of many clauses of one type, in the order in which they were given."""

    def __init__(self, answers: Sequence[Answers]) -> None:
        most = max((bits.bit_length() for row in answers for bits in row), default=0)
        self._columns = most // _BITS + 1
        self._yes, self._no, self._unread = (
            np.stack([self._row(row[place]) for row in answers], axis=1)
            if answers
            else np.empty((self._columns, 0), np.uint64)
            for place in range(3)
        )

    def likest(self, answers: Answers) -> Iterator[tuple[float, list[int]]]:
        """The places of all, those first that answer most alike: of the questions that at least one of both settles and
        both were read for, the share that both answer the same way, and the places of those with this share.
        """
        yes, no, unread = (self._row(bits)[:, None] for bits in answers)
        either = np.bitwise_count((yes | no | self._yes | self._no) & ~(unread | self._unread)).sum(axis=0, dtype=int)
        alike = np.bitwise_count((yes & self._yes) | (no & self._no)).sum(axis=0, dtype=int)
        width = self._columns * _BITS + 1
        codes: NDArray[np.int64] = alike * width + either
        shares = {}
        for code in np.flatnonzero(np.bincount(codes)).tolist():
            both, all_of_them = divmod(code, width)
            shares[code] = both / all_of_them if all_of_them else 0.0
        for code in sorted(shares, key=lambda code: (-shares[code], code)):
            yield shares[code], np.flatnonzero(codes == code).tolist()

    def _row(self, bits: int) -> NDArray[np.uint64]:
        mask = (1 << _BITS) - 1
        return np.array([bits >> _BITS * column & mask for column in range(self._columns)], np.uint64)
