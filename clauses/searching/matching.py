"""Which records a query finds: how many of each kind, and the best of them. The query language is PostgreSQL's."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from django.db import connection

MOST_COUNTED = 500  # of one kind; beyond it the page says "more than"
# Of how many the best are chosen, the strongest first; a group that is looked through has all that are counted.
MOST_RANKED = 120  # clauses
OTHERS_RANKED = 60  # of another kind, and passages

STRONGEST = "rank = 3 AND key %% 8 = 0"  # as in the index `search_strongest`
SAMPLED = "id %% 32 = 0"  # as in the index `passage_sample`: how common words are is seen here first

COMMON = 3.0  # the more, the less it counts that few of the records that were found hold a word
BESIDES = 3  # what a record that answers a question about a platform besides its words counts more
REAL = "(platform_id IS NULL OR platform_id <> ALL((SELECT platforms FROM invented)::bigint[]))"

# Weights of what is only said, what is quoted, topics, names and titles: words of the record itself count more than
# those of its clause type.
ZONES = "{0.1,0.6,0.35,1.0}"

# Clauses and the rest have an index each. Two more hold the clauses of high severity, which come first, and an eighth
# of them: where one of these has more than `enough`, the words are common, and no others need be read. What is
# MATERIALIZED is planned as if all of it were wanted, so that a wrong guess of how common words are never ends in a
# walk through all clauses; it is still read only as far as anything outside asks for.
# Records of invented platforms, few, are looked for by platform: they come last, and no count holds them.
# `kind || ''` keeps PostgreSQL from gathering all documents by an index of kinds before it looks at the words.
# `vector || ''` reads a vector once, where each comparison would read it anew from beside its row; the LIMIT 1 keeps
# each candidate a look-up of its own.
HITS = f"""
WITH invented AS MATERIALIZED (
    SELECT coalesce(array_agg(id), '{{}}') AS platforms FROM platforms_platform WHERE invented
),
sample AS MATERIALIZED (
    SELECT id, kind, rank, 0 AS last, 0 AS beside FROM clauses_searchentry
    WHERE kind = 'clause' AND {STRONGEST} AND vector @@ %(query)s::tsquery AND 'clause' = ANY(%(kinds)s)
        AND {REAL} {{few}}
),
sampled AS MATERIALIZED (SELECT * FROM sample LIMIT %(enough)s + 1),
strong AS MATERIALIZED (
    SELECT id, kind, rank, 0 AS last, 0 AS beside FROM clauses_searchentry
    WHERE kind = 'clause' AND rank = 3 AND vector @@ %(query)s::tsquery AND 'clause' = ANY(%(kinds)s) AND {REAL}
        AND (SELECT count(*) FROM sampled) <= %(enough)s {{few}}
),
strongest AS MATERIALIZED (SELECT * FROM strong LIMIT %(enough)s + 1),
every AS MATERIALIZED (
    SELECT id, kind, rank, 0 AS last, 0 AS beside FROM clauses_searchentry
    WHERE kind = 'clause' AND vector @@ %(query)s::tsquery AND 'clause' = ANY(%(kinds)s) AND {REAL}
        AND (SELECT count(*) FROM sampled) <= %(enough)s AND (SELECT count(*) FROM strongest) <= %(enough)s
),
hits AS MATERIALIZED (
    (SELECT id, kind, rank, 0 AS last, 0 AS beside FROM clauses_searchentry
        WHERE kind <> 'clause' AND vector @@ %(query)s::tsquery AND kind = ANY(%(kinds)s) AND kind <> 'document'
            AND {REAL})
    UNION ALL
    (SELECT id, kind, rank, 0, 0 FROM clauses_searchentry
        WHERE kind <> 'clause' AND vector @@ %(query)s::tsquery AND kind = ANY(%(kinds)s) AND kind || '' = 'document'
            AND {REAL}
        LIMIT {MOST_COUNTED + 1})
    UNION ALL
    (SELECT * FROM sample WHERE (SELECT count(*) FROM sampled) > %(enough)s LIMIT {MOST_COUNTED + 1})
    UNION ALL
    (SELECT * FROM strong WHERE (SELECT count(*) FROM strongest) > %(enough)s LIMIT {MOST_COUNTED + 1})
    UNION ALL
    (SELECT * FROM every {{order}} LIMIT {MOST_COUNTED + 1})
    UNION ALL
    (SELECT id, kind, rank, 1, 0 FROM clauses_searchentry
        WHERE platform_id = ANY((SELECT platforms FROM invented)::bigint[])
            AND vector @@ %(query)s::tsquery AND kind = ANY(%(kinds)s))
    UNION ALL
    (SELECT id, kind, rank, 0, 1 FROM clauses_searchentry
        WHERE kind = 'clause_type' AND vector @@ %(types)s::tsquery AND kind = ANY(%(kinds)s)
            AND NOT vector @@ %(query)s::tsquery)
    UNION ALL
    (SELECT id, kind, rank, 0, 1 FROM clauses_searchentry
        WHERE kind = 'agency' AND key IN (SELECT jsonb_object_keys(%(agencies)s::jsonb)::bigint)
            AND kind = ANY(%(kinds)s) AND NOT vector @@ %(query)s::tsquery)
),
placed AS (
    SELECT id, kind, last, count(*) FILTER (WHERE last = 0) OVER of_kind AS held,
        count(*) FILTER (WHERE last = 1) OVER of_kind AS invented, sum(beside) OVER of_kind AS beside,
        row_number() OVER (PARTITION BY kind ORDER BY last, rank DESC, id) AS place
    FROM hits WINDOW of_kind AS (PARTITION BY kind)
),
candidates AS MATERIALIZED (
    SELECT entry.*, last, held, invented, beside
    FROM placed, LATERAL (
        SELECT id, kind, key, platform_id, rank, vector || ''::tsvector AS vector
        FROM clauses_searchentry WHERE id = placed.id LIMIT 1
    ) AS entry
    WHERE place <= CASE placed.kind WHEN 'clause' THEN %(ranked)s ELSE %(others)s END
),
weighed AS MATERIALIZED (
    SELECT word, CASE WHEN weight > 1 THEN weight
        ELSE 1 + ln(count(*)::float / greatest(count(*) FILTER (WHERE vector @@ word), 1)) / {COMMON} END AS weight
    FROM candidates, unnest(%(words)s::tsquery[], %(weights)s::float[]) WITH ORDINALITY AS asked(word, weight, n)
    GROUP BY n, word, weight
),
scored AS (
    SELECT id, kind, key, last, held, invented, beside, (
        coalesce(words.score, 0)
        + CASE WHEN (kind, key) IN (SELECT * FROM unnest(%(named_kinds)s::text[], %(named_keys)s::bigint[]))
            THEN 2 ELSE 0 END
        + CASE WHEN platform_id = ANY(%(platforms)s) THEN 1 ELSE 0 END
        + CASE WHEN kind = 'clause_type' AND vector @@ %(types)s::tsquery THEN {BESIDES} ELSE 0 END
        + CASE WHEN kind = 'agency' THEN coalesce((%(agencies)s::jsonb ->> key::text)::float, 0) ELSE 0 END
        + 0.05 * rank
    ) * coalesce((%(factors)s::jsonb ->> kind)::float, 1)
        + CASE WHEN vector @@ %(whole)s::tsquery THEN 100 ELSE 0 END AS score
    FROM candidates, LATERAL (
        SELECT sum(weight * CASE WHEN likeness > 0 THEN 0.5 + likeness ELSE 0 END) AS score
        FROM weighed, LATERAL (SELECT ts_rank('{ZONES}', vector, word) AS likeness) AS found
    ) AS words
),
ranked AS (SELECT *, row_number() OVER (PARTITION BY kind ORDER BY last, score DESC, key DESC) AS place FROM scored)
SELECT id, kind, key, held, invented, beside, score FROM ranked
WHERE place > %(skip)s AND place <= %(skip)s + %(most)s
ORDER BY last, score DESC, kind, key DESC
"""
STRONGEST_FIRST = HITS.replace("{order}", "ORDER BY rank DESC, id").replace("{few}", "")
# A phrase is looked for in the words of each clause that holds all its parts: as few as possible.
AS_THEY_COME = HITS.replace("{order}", "").replace("{few}", f"LIMIT {MOST_COUNTED + 1}")

THEIRS = "(cardinality(%(platforms)s::bigint[]) = 0 OR document_id = ANY((SELECT documents FROM asked)::bigint[]))"
IN_USE = "document_id <> ALL((SELECT documents FROM retired)::bigint[])"
PASSAGES = f"""
WITH invented AS MATERIALIZED (
    SELECT coalesce(array_agg(document.id), '{{}}') AS documents
    FROM platforms_document AS document JOIN platforms_platform AS platform ON platform.id = platform_id
    WHERE platform.invented
),
retired AS MATERIALIZED (
    SELECT coalesce(array_agg(id), '{{}}') AS documents FROM platforms_document WHERE retired_on IS NOT NULL
),
asked AS MATERIALIZED (
    SELECT coalesce(array_agg(id), '{{}}') AS documents FROM platforms_document WHERE platform_id = ANY(%(platforms)s)
),
sample AS MATERIALIZED (
    SELECT id, 0 AS last FROM platforms_passage
    WHERE {SAMPLED} AND vector @@ %(query)s::tsquery AND stands
        AND document_id <> ALL((SELECT documents FROM invented)::bigint[]) AND {THEIRS} AND {IN_USE}
    LIMIT {MOST_COUNTED + 1}
),
every AS MATERIALIZED (
    SELECT id, 0 AS last FROM platforms_passage
    WHERE vector @@ %(query)s::tsquery AND stands
        AND document_id <> ALL((SELECT documents FROM invented)::bigint[]) AND {THEIRS} AND {IN_USE}
        AND (SELECT count(*) FROM sample) <= {MOST_COUNTED}
),
hits AS MATERIALIZED (
    (SELECT * FROM sample WHERE (SELECT count(*) FROM sample) > {MOST_COUNTED})
    UNION ALL
    (SELECT * FROM every LIMIT {MOST_COUNTED + 1})
    UNION ALL
    (SELECT id, 1 FROM platforms_passage
        WHERE vector @@ %(query)s::tsquery AND stands
            AND document_id = ANY((SELECT documents FROM invented)::bigint[]) AND {THEIRS} AND {IN_USE}
            AND (SELECT cardinality(documents) FROM invented) > 0)
),
scored AS (
    SELECT id, last, score
    FROM (SELECT * FROM hits ORDER BY last LIMIT %(ranked)s) AS chosen, LATERAL (
        SELECT ts_rank_cd(vector, %(query)s::tsquery, 1) AS score FROM platforms_passage WHERE id = chosen.id LIMIT 1
    ) AS passage
)
SELECT id, (SELECT count(*) FILTER (WHERE last = 0) FROM hits), (SELECT count(*) FILTER (WHERE last = 1) FROM hits)
FROM scored ORDER BY last, score DESC, id OFFSET %(skip)s LIMIT %(most)s
"""

PARSE = "SELECT q::text, numnode(q), querytree(q) FROM (SELECT websearch_to_tsquery('atlas', %s) AS q) AS asked"


@dataclass(frozen=True)
class Query:
    """What is looked for: `text` decides which records are found, `words` with their `weights` which come first; those
    that hold `whole` come before all others.

    `named` are records (kind, key) that the question names, `platforms` the ids of named platforms, whose clauses and
    documents come before those of others; `factors` weigh kinds against each other. `types` finds clause types besides,
    `agencies` are found whatever they hold: key → how much more each counts.
    """

    text: str
    whole: str
    words: Sequence[str]
    weights: Sequence[float]
    named: frozenset[tuple[str, int]] = frozenset()
    platforms: frozenset[int] = frozenset()
    factors: Mapping[str, float] = field(default_factory=dict)
    types: str = ""
    agencies: Mapping[int, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Match:
    """A record that was found: the id of its entry, its kind and key, and how well it answers."""

    entry: int
    kind: str
    key: int
    score: float


@dataclass(frozen=True)
class Matches:
    """The best matches of each kind, best first whatever the kind, those of invented platforms last; how many records
    of each kind there are in all, up to MOST_COUNTED + 1, and how many of invented platforms besides. `beside` of all
    are found by a query's `types` and `agencies` alone.
    """

    matches: tuple[Match, ...]
    counts: dict[str, int]
    invented: dict[str, int]
    beside: int

    @property
    def total(self) -> int:
        """Those that the words themselves find."""
        return sum(self.counts.values()) - self.beside

    @property
    def with_invented(self) -> int:
        return self.total + sum(self.invented.values())


@dataclass(frozen=True)
class Passages:
    """The ids of the best passages, those of invented platforms last; how many there are, and of these besides."""

    keys: tuple[int, ...]
    held: int
    invented: int

    def __bool__(self) -> bool:
        return bool(self.keys)


NO_PASSAGES = Passages((), 0, 0)


def matches(
    query: Query,
    *,
    kinds: Sequence[str],
    most: int,
    skip: int = 0,
    every_ranked: bool = False,
    enough: int = MOST_COUNTED,
) -> Matches:
    """The records of these kinds, `most` of each behind the first `skip`; in one query. Where nobody asks how many
    there are, fewer may be `enough`.
    """
    named = sorted(query.named)
    values = {
        "query": query.text,
        "whole": query.whole,
        "kinds": list(kinds),
        "words": list(query.words),
        "weights": list(query.weights),
        "named_kinds": [kind for kind, _ in named],
        "named_keys": [key for _, key in named],
        "platforms": sorted(query.platforms),
        "factors": json.dumps(query.factors),
        "types": query.types,
        "agencies": json.dumps(query.agencies),
        "ranked": MOST_COUNTED if every_ranked else MOST_RANKED,
        "others": MOST_COUNTED if every_ranked else OTHERS_RANKED,
        "most": most,
        "skip": skip,
        "enough": enough,
    }
    with connection.cursor() as cursor:
        cursor.execute(AS_THEY_COME if "<" in query.text else STRONGEST_FIRST, values)
        rows = cursor.fetchall()
    return Matches(
        matches=tuple(Match(row[0], row[1], row[2], row[-1]) for row in rows),
        counts={row[1]: row[3] for row in rows},
        invented={row[1]: row[4] for row in rows},
        beside=sum({row[1]: int(row[5]) for row in rows}.values()),
    )


def passages(
    query: str, *, platforms: Collection[int] = (), most: int, skip: int = 0, every_ranked: bool = False
) -> Passages:
    """The passages of the texts that stand now, of these platforms if there are any, best first; in one query."""
    ranked = MOST_COUNTED if every_ranked else OTHERS_RANKED
    values = {"query": query, "platforms": sorted(platforms), "most": most, "skip": skip, "ranked": ranked}
    with connection.cursor() as cursor:
        cursor.execute(PASSAGES, values)
        rows = cursor.fetchall()
    held, invented = rows[0][1:] if rows else (0, 0)
    return Passages(tuple(key for key, _, _ in rows), held, invented)


def parsed(web: str) -> str:
    """A question with operators as a tsquery, or nothing where it names no word that a record would have to hold."""
    with connection.cursor() as cursor:
        cursor.execute(PARSE, [web])
        query, size, tree = cursor.fetchone()
    return query if size and tree not in {"", "T"} else ""
