"""Where the words stand in what was found, with the words marked: plain runs of text, no HTML."""

import json
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from clauses.searching.lines import Line

START, STOP = "\x02", "\x03"  # no stored words hold them
MARKS = f'StartSel="{START}", StopSel="{STOP}"'
LENGTH = "MaxWords=34, MinWords=20"

# An excerpt is taken where the words stand that tell most, those that the fewest of the records hold; of two such
# places the quoted words are shown. It is cut around the rarest words there; all words of the question are marked.
EXCERPTS = f"""
WITH asked AS (
    SELECT word, count(entry.id) AS held
    FROM unnest(%(words)s::tsquery[]) AS word
        LEFT JOIN clauses_searchentry AS entry ON entry.id = ANY(%(entries)s) AND entry.vector @@ word
    GROUP BY word
),
placed AS (
    SELECT entry.id, platform_id, line, title, said, place,
        CASE place WHEN 'quoted' THEN quoted WHEN 'said' THEN said END AS zone,
        CASE WHEN %(together)s THEN %(query)s::tsquery ELSE (
            SELECT string_agg('(' || word::text || ')', ' | ') FROM (
                SELECT word, held, min(held) OVER () AS least FROM asked
                WHERE ts_filter(vector, CASE place WHEN 'quoted' THEN '{{c}}'::"char"[] ELSE '{{d}}' END) @@ word
            ) AS there WHERE held = least
        )::tsquery END AS rarest
    FROM clauses_searchentry AS entry, LATERAL (
        SELECT coalesce(sum(1.0 / held) FILTER (WHERE ts_filter(vector, '{{c}}') @@ word), 0) AS in_quoted,
            coalesce(sum(1.0 / held) FILTER (WHERE ts_filter(vector, '{{d}}') @@ word), 0) AS in_said
        FROM asked WHERE held > 0
    ) AS counted, LATERAL (
        SELECT CASE WHEN greatest(in_quoted, in_said) = 0 THEN ''
            WHEN in_quoted >= in_said THEN 'quoted' ELSE 'said' END AS place
    ) AS chosen
    WHERE entry.id = ANY(%(entries)s) AND line <> '{{}}'
)
SELECT id, platform_id, line, ts_headline('atlas', title, %(query)s::tsquery, '{MARKS}, HighlightAll=true'),
    CASE WHEN place = '' THEN split_part(said, E'\n', 1) ELSE ts_headline(
        'atlas', ts_headline('atlas', zone, rarest, 'StartSel="", StopSel="", {LENGTH}'),
        %(query)s::tsquery, '{MARKS}, HighlightAll=true'
    ) END,
    place, CASE WHEN place = '' THEN split_part(said, E'\n', 1) ELSE zone END
FROM placed
"""

# A passage stands in the newest text of its document, the one whose number leads to it.
PASSAGE_EXCERPTS = f"""
SELECT passage.id, title, line, heading, (
        SELECT version.number FROM platforms_version AS version
            JOIN platforms_snapshot AS snapshot ON snapshot.id = snapshot_id
        WHERE version.document_id = passage.document_id AND counts ORDER BY captured_at DESC LIMIT 1
    ), ts_headline('atlas', left(words, 20000), query, '{MARKS}, {LENGTH}'), left(words, 20000)
FROM platforms_passage AS passage JOIN clauses_searchentry AS entry ON kind = 'document' AND key = document_id,
    CAST(%(query)s AS tsquery) AS query
WHERE passage.id = ANY(%(entries)s) AND line <> '{{}}'
"""


@dataclass(frozen=True)
class Run:
    """Words that are marked, or that are not."""

    text: str
    marked: bool


@dataclass(frozen=True)
class Excerpt:
    """The title of a record and words of it, both in runs. `place` says where the words stand: `quoted`, `said`, or
    nothing where only names, title or topics matched and the words are its first line.
    """

    title: tuple[Run, ...]
    words: tuple[Run, ...]
    place: str


@dataclass(frozen=True)
class Shown:
    """What a line of results shows of a record; `platform` is the id of the one whose it is."""

    line: Line
    excerpt: Excerpt
    platform: int | None


@dataclass(frozen=True)
class FoundPassage:
    """A passage of a text that stands now, `number` of its document, below a heading. `line` and `title` are the
    document's.
    """

    title: str
    line: Line
    heading: str
    number: int | None
    words: tuple[Run, ...]

    @property
    def address(self) -> str:
        """Of the text."""
        return f"{self.line.address}versions/{self.number}/" if self.number else self.line.address


def runs(headline: str) -> tuple[Run, ...]:
    """`We \\x02train\\x03 models` → ("We ", "train" marked, " models")."""
    found = []
    for part in re.split(f"({START}[^{STOP}]*{STOP})", headline):
        text = part.strip(START + STOP) if part.startswith(START) else part.replace(START, "").replace(STOP, "")
        if text:
            found.append(Run(text, part.startswith(START)))
    return tuple(found)


def cut(headline: str, whole: str) -> tuple[Run, ...]:
    """The runs of a headline, with a sign at each end where words were left out."""
    plain = headline.replace(START, "").replace(STOP, "").strip()
    before = "" if whole.strip().startswith(plain[:40]) else "… "
    after = "" if whole.strip().endswith(plain[-40:]) else " …"
    return runs(f"{before}{headline.strip()}{after}")


def excerpts(entries: Collection[int], *, words: Sequence[str], query: str, together: bool = False) -> dict[int, Shown]:
    """Id of a search entry → what is shown of it. `words` are those of the question; `query` is what is marked, and
    with `together` what an excerpt is cut around.
    """
    rows = _rows(EXCERPTS, entries=list(entries), words=list(words), query=query, together=together)
    return {
        entry: Shown(_line(line), Excerpt(runs(title), cut(headline, whole), place), platform)
        for entry, platform, line, title, headline, place, whole in rows
    }


def passage_excerpts(passages: Collection[int], *, query: str) -> dict[int, FoundPassage]:
    """Id of a passage → what is shown of it: its words around those that are looked for."""
    rows = _rows(PASSAGE_EXCERPTS, entries=list(passages), query=query)
    return {
        passage: FoundPassage(title, _line(line), heading, number, cut(headline, whole))
        for passage, title, line, heading, number, headline, whole in rows
    }


def _line(stored: str) -> Line:
    return Line(**json.loads(stored))


def _rows(statement: str, **values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall()
