"""What PostgreSQL gives a check of a quote: passages that may hold words, or resemble them. What is true of them is
proven by whoever asks (`clauses.checking_quotes`).
"""

import json
import re
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db import connection

from clauses.likeness import UNSPACED
from platforms.passages import NUMBER

MOST_PASSAGES = 1_000  # that hold one piece
MOST_DOCUMENTS = 40  # in which words are looked for over several blocks
MOST_SIMILAR = 60  # passages compared with one piece
MOST_QUOTATIONS = 100  # compared with one piece
RAREST = 8  # words by which a passage is looked up
MOST_LOOKED_UP = 0.02  # the share of all passages that the words of a search for likeness may lead to

_NUMBER = f"^{NUMBER.pattern}"  # before an item; it may be left out
_UNSPACED = re.compile(f"[{UNSPACED}]")

# The rare words of each piece, rarest first; what is rare, PostgreSQL's own statistics of the passages say.
_LEXEMES = """
SELECT piece.n, lexeme, coalesce(common.share, 0)
FROM unnest(%s::text[]) WITH ORDINALITY AS piece (words, n)
CROSS JOIN LATERAL unnest(tsvector_to_array(to_tsvector('atlas', piece.words))) AS lexeme
LEFT JOIN (
  SELECT unnest(most_common_elems::text::text[]) AS lexeme, unnest(most_common_elem_freqs) AS share
  FROM pg_stats WHERE schemaname = current_schema() AND tablename = 'platforms_passage' AND attname = 'vector'
) AS common USING (lexeme)
ORDER BY 3, length(lexeme) DESC, lexeme
"""
_FOUND = """
SELECT piece.n, p.document_id, p.digest, p.heading, p.stands, p.spans, p.words
FROM unnest(%s::text[], %s::text[]) WITH ORDINALITY AS piece (words, query, n)
CROSS JOIN LATERAL (
  SELECT p.document_id, p.digest, p.heading, p.stands, p.spans, p.words FROM platforms_passage p
  WHERE {rule} ORDER BY {order} LIMIT {most}
) AS p
"""
_HOLDING = _FOUND.format(
    rule="p.vector @@ piece.query::tsquery AND strpos(p.words, piece.words) > 0",
    order="p.stands DESC, p.document_id",
    most=MOST_PASSAGES,
)
_HOLDING_UNINDEXED = _FOUND.format(
    rule="strpos(p.words, piece.words) > 0", order="p.stands DESC, p.document_id", most=MOST_PASSAGES
)
_RESEMBLING = _FOUND.format(
    rule="p.vector @@ piece.query::tsquery",
    order="ts_rank(p.vector, piece.query::tsquery) DESC, p.stands DESC, p.id",
    most=MOST_SIMILAR,
)
_PARTLY = """
WITH likely AS (
  SELECT document_id FROM (
    SELECT DISTINCT lexeme, p.document_id
    FROM unnest(%s::text[]) AS lexeme JOIN platforms_passage p ON p.vector @@ lexeme::tsquery
    WHERE p.document_id <> ALL(%s)
  ) AS held GROUP BY document_id HAVING count(*) = %s ORDER BY document_id LIMIT %s
)
SELECT p.document_id, p.digest, p.words FROM platforms_passage p JOIN likely USING (document_id)
WHERE strpos(%s, regexp_replace(p.words, %s, '')) > 0 OR strpos(p.words, %s) > 0 OR strpos(p.words, %s) > 0
  OR right(p.words, length(%s)) = %s OR starts_with(p.words, %s)
"""
_IN_ORDER = """
SELECT v.document_id, v.number
FROM unnest(%s::bigint[], %s::text[]) AS chain (document_id, digests)
JOIN platforms_version v ON v.document_id = chain.document_id AND v.counts
JOIN platforms_outline o ON o.version_id = v.id
WHERE strpos(',' || array_to_string(o.digests, ',') || ',', chain.digests) > 0
"""
_QUOTATIONS = """
SELECT key, quoted FROM clauses_searchentry WHERE kind = 'clause' AND vector @@ %s::tsquery
ORDER BY ts_rank(vector, %s::tsquery) DESC, key LIMIT %s
"""


@dataclass(frozen=True)
class Piece:
    """Plain words that are looked for; `lexemes` are PostgreSQL's, each with the share of passages that hold it, the
    rarest first.
    """

    words: str
    lexemes: tuple[tuple[str, float], ...]

    @property
    def indexed(self) -> bool:
        """Whether the index knows its words: common words are in none, and of some scripts it knows no words."""
        return bool(self.lexemes) and not _UNSPACED.search(self.words)

    @property
    def every(self) -> str:
        """A query for passages that hold all of its rarest words."""
        return " & ".join(_quoted(lexeme) for lexeme, _ in self.lexemes[:RAREST])

    @property
    def some(self) -> str:
        """A query for passages that hold one of its rarest words at least."""
        chosen, looked_up = [], 0.0
        for lexeme, share in self.lexemes[: 2 * RAREST]:
            looked_up += share
            if len(chosen) >= 2 and looked_up > MOST_LOOKED_UP:
                break
            chosen.append(_quoted(lexeme))
        return " | ".join(chosen)


class Row(NamedTuple):
    """A passage; `piece` is the place of what was looked for, from 1."""

    piece: int
    document: int
    digest: int
    heading: str
    stands: bool
    spans: list
    words: str


def pieces(texts: Sequence[str]) -> list[Piece]:
    """One query. The first and the last word are left out where there are others: they may be part of a longer one."""
    inner = [" ".join(words[1:-1] if len(words := text.split()) > 4 else words) for text in texts]
    found: dict[int, list[tuple[str, float]]] = defaultdict(list)
    for number, lexeme, share in _rows(_LEXEMES, [inner]):
        found[number].append((lexeme, share))
    return [Piece(text, tuple(found[number])) for number, text in enumerate(texts, start=1)]


def holding(wanted: Sequence[Piece]) -> list[Row]:
    """Passages that hold the characters of a piece, perhaps inside a longer word."""
    found = []
    for query, indexed in ((_HOLDING, True), (_HOLDING_UNINDEXED, False)):
        some = [(number, piece) for number, piece in enumerate(wanted, start=1) if piece.indexed is indexed]
        if some:
            found += _numbered(query, some, [piece.every for _, piece in some])
    return found


def resembling(wanted: Sequence[tuple[int, Piece]]) -> list[Row]:
    """Passages with rare words of the pieces, those with most of them; `piece` is the number given with each."""
    some = [(number, piece) for number, piece in wanted if piece.indexed]
    return _numbered(_RESEMBLING, some, [piece.some for _, piece in some]) if some else []


def _numbered(query: str, wanted: Sequence[tuple[int, Piece]], queries: Sequence[str]) -> list[Row]:
    rows = map(Row._make, _rows(query, [[piece.words for _, piece in wanted], list(queries)]))
    return [row._replace(piece=wanted[row.piece - 1][0], spans=json.loads(row.spans)) for row in rows]


def partly(piece: Piece, *, without: Collection[int]) -> Mapping[int, dict[int, str]]:
    """Blocks that may be parts of the words, by documents and digests; the documents hold all of the rare ones."""
    words = piece.words.split()
    if not piece.indexed or len(words) < 4:
        return {}
    lexemes = [_quoted(lexeme) for lexeme, _ in piece.lexemes[:RAREST]]
    edges = " ".join(words[:2]), " ".join(words[-2:]), words[0], words[0], words[-1]
    found: dict[int, dict[int, str]] = defaultdict(dict)
    for document, digest, own in _rows(
        _PARTLY, [lexemes, list(without), len(lexemes), MOST_DOCUMENTS, piece.words, _NUMBER, *edges]
    ):
        found[document][digest] = own
    return found


def in_order(chains: Sequence[tuple[int, Sequence[int]]]) -> Mapping[int, set[int]]:
    """The versions, by their documents, in which blocks follow one another as in a chain of the document."""
    found: dict[int, set[int]] = defaultdict(set)
    if chains:
        written = [f",{','.join(map(str, digests))}," for _, digests in chains]
        for document, number in _rows(_IN_ORDER, [[document for document, _ in chains], written]):
            found[document].add(number)
    return found


def quotations(piece: Piece) -> list[tuple[int, str]]:
    """Published clauses, by their keys, whose quoted words hold rare words of a piece, with the quoted words."""
    return _rows(_QUOTATIONS, [piece.some, piece.some, MOST_QUOTATIONS]) if piece.indexed else []


def _quoted(lexeme: str) -> str:
    """A lexeme as part of a tsquery, where it stands for itself."""
    escaped = lexeme.replace("\\", "\\\\").replace("'", "''")
    return f"'{escaped}'"


def _rows(query: str, values: list[Any]) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return cursor.fetchall()
