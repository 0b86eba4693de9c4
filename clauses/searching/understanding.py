"""The words of a question in the catalogue: their stems, the names among them, names that may have been meant."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from django.db import connection

from clauses.asking import all_of, any_of, is_slip, lexeme
from clauses.thesaurus import ALSO

LIKE = 0.3  # likeness of two words, by their groups of three letters, from which one may be a slip of the other
MOST_WORDS = 8  # that a question is looked for by: the first ones
NEAR = 0.25  # ... from which a name is worth proposing
MOST_NEAR = 5

# Names are those of platforms, agencies and laws; a name is recognised when all its words stand in the question.
UNDERSTAND = """
WITH asked AS (
    SELECT n, word, tsvector_to_array(to_tsvector('atlas', word)) AS stems,
        tsvector_to_array(to_tsvector('atlas', others)) AS others
    FROM unnest(%(words)s::text[], %(others)s::text[]) WITH ORDINALITY AS asked(word, others, n)
),
stems AS (SELECT coalesce(array_agg(DISTINCT stem), '{}') AS every FROM asked, unnest(stems) AS stem),
named AS (
    SELECT DISTINCT entry.kind, entry.key, entry.platform_id, line.stems
    FROM stems, clauses_searchentry AS entry,
        unnest(string_to_array(entry.names, E'\\n')) AS name,
        LATERAL (SELECT tsvector_to_array(to_tsvector('atlas', name)) AS stems) AS line
    WHERE entry.kind <> 'clause' AND entry.kind IN ('platform', 'agency', 'regulation')
        AND entry.vector @@ (SELECT string_agg(quote_literal(stem) || ':A', ' | ') FROM unnest(every) AS stem)::tsquery
        AND line.stems <@ every AND line.stems <> '{}'
    LIMIT 50
)
SELECT NULL, NULL::bigint, NULL::bigint, word, stems, others FROM asked
UNION ALL SELECT kind, key, platform_id, NULL, stems, NULL FROM named
"""

# A word that no record holds may be a name with a slip in it: one of a platform, an agency, a law or a clause type.
MEANT = """
WITH asked AS (
    SELECT word FROM unnest(%(words)s::text[], %(queries)s::tsquery[]) AS asked(word, query)
    WHERE NOT EXISTS (SELECT FROM clauses_searchentry WHERE kind <> 'clause' AND vector @@ query)
        AND NOT EXISTS (SELECT FROM clauses_searchentry WHERE kind = 'clause' AND vector @@ query)
),
known AS (
    SELECT DISTINCT lower(word) AS word
    FROM clauses_searchentry, regexp_split_to_table(names, '[^[:alnum:]]+') AS word
    WHERE kind IN ('platform', 'agency', 'regulation', 'clause_type') AND length(word) > 2
)
SELECT asked.word, known.word
FROM asked, known
WHERE similarity(asked.word, known.word) >= %(like)s
ORDER BY asked.word, similarity(asked.word, known.word) DESC, known.word
"""

NEAREST = """
SELECT title FROM (
    SELECT DISTINCT ON (title) title, likeness
    FROM clauses_searchentry, unnest(string_to_array(names, E'\\n')) AS name,
        LATERAL (SELECT similarity(lower(name), lower(%(text)s)) AS likeness) AS alike
    WHERE kind IN ('platform', 'agency', 'regulation', 'clause_type') AND likeness >= %(near)s
    ORDER BY title, likeness DESC
) AS likely
ORDER BY likeness DESC, title
LIMIT %(most)s
"""


@dataclass(frozen=True)
class Word:
    """A word of the question, its stems (one, as a rule), and the stems of words that stand for it as well."""

    word: str
    stems: tuple[str, ...]
    others: tuple[str, ...] = ()

    @property
    def query(self) -> str:
        """The word, or one of the others, as a tsquery."""
        itself = [all_of([lexeme(stem) for stem in self.stems])] if self.stems else []
        return any_of([*itself, *map(lexeme, self.others)])


@dataclass(frozen=True)
class Understood:
    """The words that say something, in their order; the names recognised among them.

    `names` holds the stems of each; `named` the (kind, key) of the records that bear them, `platforms` the ids of the
    platforms among those.
    """

    words: tuple[Word, ...]
    names: frozenset[frozenset[str]]
    named: frozenset[tuple[str, int]]
    platforms: frozenset[int]

    @property
    def in_names(self) -> frozenset[str]:
        return frozenset(stem for name in self.names for stem in name)


def understand(words: Sequence[str]) -> Understood:
    """In one query. Words that the text search leaves out ("the") are gone, and so are repetitions of a stem. A name
    that was typed as two words ("chat gpt") is one.
    """
    pairs = {f"{first}{second}": (first, second) for first, second in pairwise(words)}
    looked_up = [*words, *(pair for pair in pairs if pair not in words)]
    others = [" ".join(ALSO.get(word, ())) for word in looked_up]
    with connection.cursor() as cursor:
        cursor.execute(UNDERSTAND, {"words": looked_up, "others": others})
        rows = cursor.fetchall()
    longest = _longest([frozenset(row[4]) for row in rows if row[0] is not None])
    stems_of = {row[3]: (row[4], row[5]) for row in rows if row[0] is None}
    telling: dict[tuple[str, ...], Word] = {}
    for word in _joined(words, [pair for pair in pairs if _in_a_name(stems_of[pair][0], longest)], pairs):
        stems, besides = stems_of[word]
        if stems or besides:
            key = tuple(stems or besides)
            telling.setdefault(key, Word(word, tuple(stems), tuple(stem for stem in besides if stem not in stems)))
    named = [row for row in rows if row[0] is not None and frozenset(row[4]) in longest]
    return Understood(
        words=tuple(telling.values())[:MOST_WORDS],
        names=longest,
        named=frozenset((row[0], row[1]) for row in named),
        platforms=frozenset(row[2] for row in named if row[2]),
    )


def _in_a_name(stems: Collection[str], names: Collection[frozenset[str]]) -> bool:
    return bool(stems) and any(name.issuperset(stems) for name in names)


def _joined(words: Sequence[str], names: Collection[str], pairs: Mapping[str, tuple[str, str]]) -> list[str]:
    """The words, with each of the names in place of the two words that it was typed as."""
    parts = {pairs[name]: name for name in names}
    found: list[str] = []
    for first, second in pairwise([None, *words]):
        if found and (first, second) in parts and found[-1] == first:
            found[-1] = parts[first, second]
        else:
            found.append(second)
    return found


def _longest(names: Collection[frozenset[str]]) -> frozenset[frozenset[str]]:
    """Without those that are part of a longer one: "UK GDPR" was meant, not "GDPR"."""
    return frozenset(name for name in names if not any(name < other for other in names))


def meant(words: Sequence[Word], queries: Sequence[str]) -> dict[str, str]:
    """Word → the name that it is a slip of, for those that stand in no record; in one query."""
    with connection.cursor() as cursor:
        cursor.execute(MEANT, {"words": [word.word for word in words], "queries": list(queries), "like": LIKE})
        rows = cursor.fetchall()
    likest: dict[str, str] = {}
    for word, known in rows:  # likest first
        if is_slip(word, known):
            likest.setdefault(word, known)
    return likest


def nearest(text: str) -> list[str]:
    """The names most like what was asked, best first; in one query."""
    with connection.cursor() as cursor:
        cursor.execute(NEAREST, {"text": text, "near": NEAR, "most": MOST_NEAR})
        return [title for (title,) in cursor.fetchall()]
