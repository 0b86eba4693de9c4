"""The words of a question in the catalogue: their stems, the names among them, names that may have been meant."""

import re
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from django.db import connection

from clauses.alike import Alike
from clauses.asking import all_of, any_of, is_slip, lexeme
from clauses.models import SearchEntry
from clauses.thesaurus import ALSO
from clauses.vocabulary import EntryKind
from platforms.editions import current_edition, per_edition

LIKE = 0.3  # likeness of two words, by their groups of three letters, from which one may be a slip of the other
MOST_WORDS = 8  # that a question is looked for by: the first ones
NEAR = 0.25  # ... from which a name is worth proposing
MOST_NEAR = 5
NAMED = [EntryKind.PLATFORM, EntryKind.AGENCY, EntryKind.REGULATION, EntryKind.CLAUSE_TYPE]
PARTS = re.compile(r"[\W_]+")
SHORTEST_PART = 3  # letters of a word of a name that a slip may have been meant for

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
    WHERE entry.kind IN ('platform', 'agency', 'regulation') AND to_tsvector('atlas', coalesce(entry.names, ''))
            @@ (SELECT string_agg(quote_literal(stem), ' | ') FROM unnest(every) AS stem)::tsquery
        AND line.stems <@ every AND line.stems <> '{}'
    LIMIT 50
)
SELECT NULL, NULL::bigint, NULL::bigint, word, stems, others FROM asked
UNION ALL SELECT kind, key, platform_id, NULL, stems, NULL FROM named
"""

# Platforms with a name in which the typed words stand, the last one perhaps as the beginning of a longer one.
BEGUN = """
SELECT DISTINCT kind, key FROM clauses_searchentry, unnest(string_to_array(lower(names), E'\\n')) AS name
WHERE kind <> 'clause' AND kind = 'platform' AND vector @@ %(query)s::tsquery
    AND position(' ' || %(typed)s IN ' ' || name) > 0
LIMIT 50
"""

UNHELD = """
SELECT word FROM unnest(%(words)s::text[], %(queries)s::tsquery[]) AS asked(word, query)
WHERE NOT EXISTS (SELECT FROM clauses_searchentry WHERE kind <> 'clause' AND vector @@ query)
    AND NOT EXISTS (SELECT FROM clauses_searchentry WHERE kind = 'clause' AND vector @@ query)
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


def begun(words: Sequence[str], query: str) -> frozenset[tuple[str, int]]:
    """The (kind, key) of platforms whose names hold these words, the last one perhaps not to its end, among the records
    that `query` finds; in one query.
    """
    with connection.cursor() as cursor:
        cursor.execute(BEGUN, {"query": query, "typed": " ".join(words)})
        return frozenset((kind, key) for kind, key in cursor.fetchall())


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


@dataclass(frozen=True)
class Names:
    """What platforms, agencies, laws and clause types are called: `titles` by each of their names in lowercase, and
    all `names` and the `words` of them to be looked through.
    """

    titles: Mapping[str, Collection[str]]
    names: Alike
    words: Alike


def names_in_use() -> Names:
    """Kept for each edition; otherwise in one query."""
    return per_edition("names-in-use", _names, edition=current_edition())


def _names() -> Names:
    titles: defaultdict[str, set[str]] = defaultdict(set)
    for title, names in SearchEntry.objects.filter(kind__in=NAMED).values_list("title", "names"):
        for name in filter(None, names.lower().split("\n")):
            titles[name].add(title)
    words = {word for name in titles for word in PARTS.split(name) if len(word) >= SHORTEST_PART}
    return Names(titles, Alike(titles), Alike(words))


def unheld(words: Sequence[Word], queries: Sequence[str]) -> tuple[str, ...]:
    """The words that stand in no record, in their order."""
    with connection.cursor() as cursor:
        cursor.execute(UNHELD, {"words": [word.word for word in words], "queries": list(queries)})
        rows = {word for (word,) in cursor.fetchall()}
    return tuple(word.word for word in words if word.word in rows)


def meant(words: Collection[str]) -> dict[str, str]:
    """Word → the name that it is a slip of: of a platform, an agency, a law or a clause type."""
    known = names_in_use().words if words else None
    likest = ((word, [name for name, _ in known.to(word, least=LIKE) if is_slip(word, name)]) for word in words)
    return {word: names[0] for word, names in likest if names}


def nearest(text: str) -> list[str]:
    """The titles of the names most like what was asked, best first."""
    known = names_in_use()
    likely: dict[str, float] = {}
    for name, likeness in known.names.to(text, least=NEAR):
        for title in known.titles[name]:
            likely.setdefault(title, likeness)
    return sorted(likely, key=lambda title: (-likely[title], title))[:MOST_NEAR]
