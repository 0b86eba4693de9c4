"""Search: what a reader's question finds in the catalogue, best first, and honestly when not everything fits.

`search` answers a page, `suggest` a box that is typed in. A question in plain words is looked for whole; where fewer
than FEW records hold all of its words, records that hold most of them follow.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from clauses.asking import Asked, all_of, any_of, ask, at_least, beginning, lexeme, relaxed
from clauses.models import SearchEntry
from clauses.recorded import target_of
from clauses.searching import matching
from clauses.searching.besides import agencies_of, may_be_a_complaint, types_about
from clauses.searching.excerpts import Excerpt, Run, excerpts, passage_excerpts
from clauses.searching.found import (
    A_PAGE,
    KIND_OF,
    KINDS,
    PASSAGES,
    TEXT,
    Found,
    Group,
    names_asked_for,
)
from clauses.searching.lines import Line, line_of
from clauses.searching.matching import Match, Matches, Passages, Query, matches, parsed
from clauses.searching.understanding import Understood, begun, meant, nearest, understand, unheld
from clauses.vocabulary import EntryKind
from conductatlas.records import RecordId

BEST = 5  # best matches, whatever their kind
OF_EACH = 3  # records shown of each kind: the rest is a link away
SUGGESTED = 7
SHORTEST_BEGINNING = 3  # letters of a last word from which clauses are suggested as well
FEW = 3
PARTS = (*KINDS, PASSAGES)  # the groups by the names they have in addresses
NAME = 3.0  # how much more a word counts that is part of a name
# A question that names no platform is answered by an overview first, one that names a platform by its clauses.
WITHOUT_PLATFORM = {"clause_type": 1.5, "research": 1.3, "agency": 1.15, "regulation": 1.15, "document": 0.9}
WITH_PLATFORM = {"clause": 1.2, "research": 0.8, "clause_type": 0.8}


COMPLAINT = {"agency": 1.5}
OTHER_WORDS = {"clause_type": 1.2}


@dataclass(frozen=True)
class Findings:
    """What a search found. `held` says what the records hold of the question: all, most, or the phrases of it alone;
    `corrected` is the question as it was taken instead (`asked` stays what was typed).
    """

    asked: Asked
    best: Sequence[Found] = ()
    groups: Sequence[Group] = ()
    counts: Mapping[str, int] = field(default_factory=dict)
    invented: int = 0  # records of invented platforms, which are in no count
    held: str = "all"
    whole: int = 0  # records that hold all the words
    whole_invented: int = 0
    beside: int = 0  # clause types and agencies that answer a part of the question, whatever words they hold
    corrected: str = ""
    unheld: Sequence[str] = ()  # words of the question that no record holds
    nearest: Sequence[str] = ()
    sayable: bool = True  # there is a word that can be looked for

    @property
    def count(self) -> int:
        """All that was found; of each kind at most as many as are counted."""
        return sum(min(held, matching.MOST_COUNTED) for held in self.counts.values())

    @property
    def more(self) -> bool:
        return any(held > matching.MOST_COUNTED for held in self.counts.values())


@dataclass(frozen=True)
class Looked:
    """How a question was looked for. `strict` is the query that all its words make, `query` the one that was taken in
    the end, `found` its best matches; `marked` is what is marked in excerpts. `weaker` is how passages (of `whose`
    platforms, if it names any) are asked for where none holds all the words, if they are; `agencies` → whose clauses
    name them; `unheld` are words that no record holds.
    """

    asked: Asked
    strict: str
    query: Query
    found: Matches
    marked: str
    held: str = "all"
    whole: int = 0
    whole_invented: int = 0
    corrected: str = ""
    weaker: str = ""
    whose: frozenset[int] = frozenset()
    agencies: Mapping[int, Sequence[str]] = field(default_factory=dict)
    unheld: Sequence[str] = ()


def search(asked: Asked, *, insist: bool = False) -> Findings:
    """The page: the best matches and the first of each group. `insist`: names are taken as they are typed."""
    if asked.record:
        return _by_id(asked, RecordId(*asked.record))
    looked = _look(asked, most=OF_EACH + BEST, insist=insist)
    if looked is None:
        return Findings(asked, sayable=not asked.text)
    passages, query = _passages(looked, most=OF_EACH)
    if not looked.found.matches and not passages:
        return Findings(asked, nearest=nearest(asked.text))
    best, rest = _chosen(looked.found.matches)
    shown = _shown([*best, *rest], looked)
    groups = [
        replace(group, above=above)
        for slug, kind in KINDS.items()
        if (group := _group(slug, [item for item in shown[len(best) :] if item.kind == kind], looked.found))
        and (above := sum(match.kind == kind for match in best)) < group.held + group.invented
    ]
    if passages:
        groups.append(_group_of_passages(passages, query, strict=looked.strict))
    whole = passages if query == looked.strict else matching.NO_PASSAGES
    return Findings(
        asked,
        shown[: len(best)],
        groups,
        counts=looked.found.counts | {PASSAGES: passages.held},
        invented=sum(looked.found.invented.values()) + passages.invented,
        held=looked.held,
        whole=looked.whole + whole.held,
        whole_invented=looked.whole_invented + whole.invented,
        beside=looked.found.beside,
        corrected=looked.corrected,
        unheld=looked.unheld,
    )


def _chosen(found: Sequence[Match]) -> tuple[list[Match], list[Match]]:
    """The best matches, and of each kind the first of the others: nothing is shown twice."""
    best, rest = list(found[:BEST]), list(found[BEST:])
    return best, [
        match for kind in KINDS.values() for match in [other for other in rest if other.kind == kind][:OF_EACH]
    ]


def look_through(asked: Asked, slug: str, *, page: int, insist: bool = False) -> Findings:
    """One group, page by page, up to MOST_COUNTED records of it. The question is taken as on the page of all groups."""
    looked = _look(asked, most=1, insist=insist)
    if looked is None:
        return Findings(asked, sayable=not asked.text)
    part = {"most": A_PAGE, "skip": (page - 1) * A_PAGE, "every_ranked": True}
    if slug == PASSAGES:
        group = _group_of_passages(*_passages(looked, **part), strict=looked.strict)
    else:
        these = matches(looked.query, kinds=[KINDS[slug]], **part)
        group = _group(slug, _shown(these.matches, looked), looked.found)
    return Findings(
        asked,
        (),
        [group],
        counts={slug: group.held},
        invented=group.invented,
        held=looked.held,
        whole=looked.whole,
        whole_invented=looked.whole_invented,
        corrected=looked.corrected,
        unheld=looked.unheld,
    )


def suggest(asked: Asked) -> Findings:
    """What a box that is typed in proposes: the last word may go on."""
    if asked.record:
        return _by_id(asked, RecordId(*asked.record))
    looked = _look(asked, most=SUGGESTED, typing=True)
    if looked is None:
        return Findings(asked)
    best = looked.found.matches[:SUGGESTED]
    return Findings(asked, _shown(best, looked), held=looked.held, whole=looked.whole, corrected=looked.corrected)


def _look(asked: Asked, *, most: int, insist: bool = False, typing: bool = False) -> Looked | None:
    """None where the question holds no word that could be looked for."""
    understood = understand(asked.words)
    if asked.operators:
        return _by_the_letter(asked, understood, most=most)
    if not understood.words:
        return None
    queries = [word.query for word in understood.words]
    kinds = list(KINDS.values())
    if typing:
        last = understood.words[-1]
        queries[-1] = any_of([queries[-1], beginning(last.word, last.stems)])
        if len(last.word) < SHORTEST_BEGINNING:
            kinds.remove(EntryKind.CLAUSE)
    strict = all_of(queries)
    query = _query(strict, understood, queries)
    if typing:  # a name comes before all that is said of whoever bears it
        query = replace(query, named=query.named | begun(asked.words, strict))
    agencies = {} if typing or not may_be_a_complaint(asked.words) else agencies_of(understood.platforms)
    query = replace(query, agencies=_weights(agencies), factors={**query.factors, **(COMPLAINT if agencies else {})})
    enough = SUGGESTED if typing else matching.MOST_COUNTED
    whole = matches(query, kinds=kinds, most=most, enough=enough)
    looked = Looked(asked, strict, query, whole, any_of(queries), whole=whole.total)
    looked = replace(
        looked,
        whole_invented=whole.with_invented - whole.total,
        agencies={key: names for key, (_, names) in agencies.items()},
        whose=understood.platforms,
    )
    nowhere = () if whole.with_invented else unheld(understood.words, queries)
    if not insist and (slips := meant(nowhere)):
        text = " ".join(slips.get(word, word) for word in asked.words)
        corrected = _look(ask(text), most=most, insist=True, typing=typing)
        return corrected and replace(corrected, corrected=text)
    looked = replace(looked, unheld=nowhere)
    named, others = _parted(understood, queries, without=nowhere)
    if others and understood.platforms:
        looked = replace(looked, weaker=at_least(len(others) // 2 + 1, others))
    if whole.total >= FEW:
        return looked
    if understood.platforms and not typing and (types := types_about(others)):
        looked = replace(looked, query=replace(query, types=types, factors={**query.factors, **OTHER_WORDS}))
    weaker = relaxed(named, others, fewer=bool(nowhere))
    if named:  # of which a weaker query may want other words: what holds all of the question is to be found as well
        weaker = [any_of([strict, query]) for query in weaker]
    return _relaxed(looked, weaker, kinds=kinds, most=most, enough=enough)


def _relaxed(looked: Looked, queries: Sequence[str], **part: Any) -> Looked:
    """With what the first of ever weaker queries finds that finds more, or the next ones where that is hardly anything;
    the clause types that the words besides the platform's name are about are found as well.
    """
    best = None
    for weaker in queries:
        query = replace(looked.query, text=weaker)
        some = matches(query, **part)
        if some.total > (best or looked).found.total:
            # Where records are enough, passages that hold some of the words would be beside the question.
            passages = looked.weaker or ("" if some.total >= FEW else weaker)
            best = replace(looked, query=query, found=some, held="most", weaker=passages)
        if some.total >= FEW:
            break
    if best:
        return best
    if looked.query.types:
        return replace(looked, found=matches(looked.query, **part), held="most")
    return looked


def _weights(agencies: Mapping[int, tuple[int, Sequence[str]]]) -> dict[int, float]:
    """How much more each counts: the more of the clauses name it, the more."""
    strongest = max((clauses for clauses, _ in agencies.values()), default=1)
    return {key: matching.BESIDES + clauses / strongest for key, (clauses, _) in agencies.items()}


def _by_the_letter(asked: Asked, understood: Understood, *, most: int) -> Looked | None:
    """With its operators; where nothing is found so, its quoted phrases alone."""
    queries = [word.query for word in understood.words]
    looked = None
    for web, held in ((asked.web, "all"), (asked.phrases, "phrases")):
        if web and (text := parsed(web)):
            query = _query(text, understood, queries)
            found = matches(query, kinds=list(KINDS.values()), most=most)
            looked = Looked(asked, text, query, found, marked=text, held=held, whole=found.total)
            looked = replace(looked, whole_invented=found.with_invented - found.total)
            if found.matches or matching.passages(text, most=1):
                return looked
    return looked


def _query(text: str, understood: Understood, queries: Sequence[str]) -> Query:
    """The records it names, and the platforms', come first; a question that names none is answered in general."""
    return Query(
        text,
        text,
        words=queries,
        weights=[NAME if set(word.stems) & understood.in_names else 1.0 for word in understood.words],
        named=understood.named,
        platforms=understood.platforms,
        factors=WITH_PLATFORM if understood.platforms else WITHOUT_PLATFORM,
    )


def _parted(understood: Understood, queries: Sequence[str], *, without: Collection[str]) -> tuple[list[str], list[str]]:
    """The names in a question and its other words, as queries, `without` words that no record holds."""
    named = [all_of([lexeme(stem) for stem in sorted(name)]) for name in sorted(understood.names, key=sorted)]
    others = [
        query
        for word, query in zip(understood.words, queries, strict=True)
        if not set(word.stems) & understood.in_names and word.word not in without
    ]
    return named, others


def _shown(found: Sequence[Match], looked: Looked) -> list[Found]:
    """The matches as lines, in their order; one whose record is gone since is left out."""
    entries = [match.entry for match in found]
    shown = excerpts(entries, words=looked.query.words, query=looked.marked, together=looked.asked.operators)
    formerly = names_asked_for(looked.query.platforms, looked.asked)
    return [
        Found(match.kind, what.line, what.excerpt, formerly.get(what.platform, ""), _named_by(match, looked))
        for match in found
        if (what := shown.get(match.entry))
    ]


def _group(slug: str, items: Sequence[Found], found: Matches) -> Group:
    kind = KINDS[slug]
    return Group(slug, kind.label, items, found.counts.get(kind, 0), found.invented.get(kind, 0))


def _named_by(match: Match, looked: Looked) -> Sequence[str]:
    return looked.agencies.get(match.key, ()) if match.kind == EntryKind.AGENCY else ()


def _passages(looked: Looked, *, most: int, skip: int = 0, **part: Any) -> tuple[Passages, str]:
    """The passages that hold all the words, or where there are none, most of them; and how they were asked for."""
    found = matching.passages(looked.strict, most=most, skip=skip, **part)
    if found or not looked.weaker or (skip and matching.passages(looked.strict, most=1)):
        return found, looked.strict
    return matching.passages(looked.weaker, platforms=looked.whose, most=most, skip=skip, **part), looked.weaker


def _group_of_passages(passages: Passages, query: str, *, strict: str) -> Group:
    shown = passage_excerpts(passages.keys, query=query)
    items = [shown[key] for key in passages.keys if key in shown]
    label = "Passages of current texts"
    return Group(PASSAGES, label, items, passages.held, passages.invented, most=query != strict)


def _by_id(asked: Asked, wanted: RecordId) -> Findings:
    """The record whose id the question is, or nothing."""
    record = target_of(wanted)
    if record is None:
        return Findings(asked)
    kind = KIND_OF[type(record)]
    title = f"{record.document.title}, {record}" if kind == TEXT else str(record)
    stored = SearchEntry.objects.filter(kind=kind, key=record.pk).values_list("line", flat=True).first()
    line = Line(**stored) if stored else line_of(record)
    return Findings(asked, best=[Found(kind, line, Excerpt((Run(title, marked=False),), (), ""))], whole=1)
