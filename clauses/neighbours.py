"""Keeps what stands nearest to each clause in line with the records. `clauses.indexing` calls it; nothing is edited.

A clause that is published, reworded or taken out is compared with all of its type; of the others only those are worked
out anew among whose nearest it was or may come to be. What is stored is the same as if all had been worked out anew.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import asdict, dataclass

from django.db import transaction
from django.db.models import Q

from clauses.compared import words_of
from clauses.comparison import MOST_TWINS, Clause, Comparable, Neighbourhood
from clauses.models import Analysis, Answer, AnswerProfile, ClauseType, ComparedClause, Neighbour, Question
from clauses.vocabulary import ProvisionState
from conductatlas.records import RecordId
from platforms.models import Document

SHOWN = 3  # beside one clause
AT_ONCE = 500  # clauses whose words are held together, or rows written in one statement
MOST_SINGLE = 50  # clauses of a type that change together; from here on all of the type are worked out anew
COMPARED = ("clause_type_id", "document_id", "platforms", "invented", "words", "answers")


@transaction.atomic
def refresh_neighbours(keys: Collection[int]) -> None:
    """Brings what is stored of these clauses, by the ids of the provisions, and of those around them in line."""
    held = {row.pk: row for row in ComparedClause.objects.filter(pk__in=keys)}
    fresh = {row.pk: row for row in _compared(sorted(keys))}
    changed = {
        key
        for key in held.keys() | fresh.keys()
        if key not in held
        or key not in fresh
        or any(getattr(held[key], field) != getattr(fresh[key], field) for field in COMPARED)
    }
    if changed:
        _take_over(held, fresh, changed)


@transaction.atomic
def rebuild_neighbours() -> None:
    """All of them anew."""
    types = _locked(ClauseType.objects.values_list("pk", flat=True))
    Neighbour.objects.all().delete()
    ComparedClause.objects.all().delete()
    ComparedClause.objects.bulk_create(_compared(), batch_size=AT_ONCE)
    for clause_type in types:
        _Around(clause_type).work_out_all()
    AnswerProfile.objects.all().delete()
    _keep_profiles(None)


def _take_over(held: dict[int, ComparedClause], fresh: dict[int, ComparedClause], changed: set[int]) -> None:
    of_types: dict[int, set[int]] = defaultdict(set)
    for rows in (held, fresh):
        for key in changed & rows.keys():
            of_types[rows[key].clause_type_id].add(key)
    before = {clause_type: _Stored(clause_type) for clause_type in _locked(of_types)}
    gone = changed - fresh.keys()
    Neighbour.objects.filter(Q(subject__in=gone) | Q(other__in=gone)).delete()
    ComparedClause.objects.filter(pk__in=gone).delete()
    ComparedClause.objects.bulk_create(
        [fresh[key] for key in sorted(changed & fresh.keys())],
        update_conflicts=True,
        unique_fields=["provision"],
        update_fields=COMPARED,
    )
    for clause_type, stored in before.items():
        around = _Around(clause_type)
        keys = of_types[clause_type]
        if len(keys) > MOST_SINGLE:
            around.work_out_all()
        else:
            around.work_out(_touched(around, stored, keys))
    _keep_profiles(
        {platform for rows in (held, fresh) for key in changed & rows.keys() for platform in rows[key].platforms}
    )


def _locked(types: Iterable[int]) -> list[int]:
    """One writer a type: two that each miss the other's clause would leave both out of line."""
    rows = ClauseType.objects.select_for_update(no_key=True).filter(pk__in=list(types)).order_by("pk")
    return list(rows.values_list("pk", flat=True))


def _compared(keys: list[int] | None = None) -> Iterator[ComparedClause]:
    """What comparison knows of these clauses, or of all; of those alone that are published and standing."""
    known = Analysis.objects.published().filter(provision__state=ProvisionState.STANDING)
    if keys is None:
        keys = sorted(known.values_list("provision", flat=True))
    for start in range(0, len(keys), AT_ONCE):
        some = known.filter(provision__in=keys[start : start + AT_ONCE])
        rows = list(
            some.order_by("provision").values_list(
                "pk",
                "provision",
                "provision__clause_type",
                "provision__document",
                "provision__document__platform",
                "provision__document__platform__invented",
                "quotation__segments",
            )
        )
        serving: dict[int, set[int]] = defaultdict(set)
        shared = Document.also_serves.through.objects.filter(document__in={row[3] for row in rows})
        for document, platform in shared.values_list("document_id", "platform_id"):
            serving[document].add(platform)
        answers: dict[int, dict[str, str]] = defaultdict(dict)
        given = Answer.objects.filter(analysis__in=[row[0] for row in rows]).order_by("question__position", "question")
        for analysis, question, value in given.values_list("analysis", "question__key", "value"):
            answers[analysis][question] = value
        for analysis, provision, clause_type, document, platform, invented, segments in rows:
            yield ComparedClause(
                provision_id=provision,
                clause_type_id=clause_type,
                document_id=document,
                platforms=[platform, *sorted(serving[document] - {platform})],
                invented=invented,
                words=" ".join(sorted(words_of(" ".join(segments)))),
                answers=answers[analysis],
            )


class _Stored:
    """The neighbours of the clauses of a type as they are stored."""

    def __init__(self, clause_type: int) -> None:
        self.cards: dict[int, list[tuple[int, int, list[int]]]] = defaultdict(list)  # other, likeness, same wording
        rows = Neighbour.objects.filter(subject__clause_type=clause_type).order_by("subject", "position")
        for subject, *card in rows.values_list("subject", "other", "likeness", "same_wording"):
            self.cards[subject].append(tuple(card))


class _Around:
    """The clauses of a type as they are now, and their neighbourhood."""

    def __init__(self, clause_type: int) -> None:
        rows = ComparedClause.objects.filter(clause_type=clause_type).values_list(
            "pk", "provision__number", "document", "platforms", "invented", "words", "answers"
        )
        self.keys: dict[str, int] = {}
        self.clauses: dict[int, Clause] = {}
        for key, number, document, platforms, invented, words, answers in rows:
            home, *others = map(str, platforms)
            record = str(RecordId("P", number))
            self.keys[record] = key
            self.clauses[key] = Clause(
                record=record,
                platform=home,
                platform_name="",
                document=str(document),
                clause_type=str(clause_type),
                words=words,
                answers=answers,
                questions={},
                also_serves=frozenset(others),
                invented=invented,
            )
        self.neighbourhood = Neighbourhood(self.clauses.values())

    def record(self, key: int) -> str:
        return self.clauses[key].record

    def work_out_all(self) -> None:
        self.work_out(self.clauses.keys())

    def work_out(self, keys: Collection[int]) -> None:
        """Stores the neighbours of these clauses anew."""
        remaining = sorted(keys)
        for start in range(0, len(remaining), AT_ONCE):
            some = remaining[start : start + AT_ONCE]
            Neighbour.objects.filter(subject__in=some).delete()
            Neighbour.objects.bulk_create(row for key in some for row in self._rows(key))

    def _rows(self, key: int) -> Iterator[Neighbour]:
        nearest = self.neighbourhood.around(self.record(key), limit=SHOWN)
        return (self._row(key, position, found) for position, found in enumerate(nearest, start=1))

    def _row(self, key: int, position: int, found: Comparable) -> Neighbour:
        return Neighbour(
            subject_id=key,
            position=position,
            other_id=self.keys[found.clause.record],
            reason=asdict(found.why),
            differences=[[row.key, row.here, row.there] for row in found.differences],
            same_wording=[self.keys[twin.record] for twin in found.twins],
            likeness=found.likeness,
        )


def _touched(around: _Around, stored: _Stored, changed: set[int]) -> set[int]:
    """The clauses whose neighbours may no longer be those that are stored, once the changed ones have changed."""
    present = changed & around.clauses.keys()
    found = set(present)
    for subject, cards in stored.cards.items():
        if any(other in changed or not changed.isdisjoint(same) for other, _, same in cards):
            found.add(subject)
    last = {
        around.record(subject): (cards[-1][1], around.clauses[cards[-1][0]].place)
        for subject, cards in stored.cards.items()
        if len(cards) == SHOWN and subject in around.clauses and cards[-1][0] in around.clauses
    }
    for key in present:
        found |= {around.keys[record] for record in around.neighbourhood.rivals(around.record(key), last)}
    return (found | _retold(around, stored, present)) & around.clauses.keys()


def _retold(around: _Around, stored: _Stored, present: set[int]) -> set[int]:
    """The clauses on one of whose cards a changed clause may now be told as the same wording."""
    entering: dict[int, list[int]] = defaultdict(list)  # clause → the changed ones with its wording
    for key in present:
        for twin in around.neighbourhood.twins(around.record(key)):
            entering[around.keys[twin]].append(key)
    if not entering:
        return set()
    return {
        subject
        for subject, cards in stored.cards.items()
        for other, _, same in cards
        for key in entering.get(other, ())
        if len(same) < MOST_TWINS or _before(around, key, same[-1])
    }


def _before(around: _Around, key: int, last: int) -> bool:
    return last not in around.clauses or around.clauses[key].place < around.clauses[last].place


@dataclass
class _Settled:
    yes: set[int]
    no: set[int]


def _keep_profiles(platforms: Collection[int] | None) -> None:
    """What these platforms, or all, settle."""
    rows = ComparedClause.objects.all()
    if platforms is not None:
        rows = rows.filter(platforms__overlap=sorted(platforms))
    questions = {(row[1], row[2]): row[0] for row in Question.objects.values_list("pk", "clause_type", "key")}
    found: dict[int, _Settled] = defaultdict(lambda: _Settled(set(), set()))
    for clause_type, served, answers in rows.values_list("clause_type", "platforms", "answers").iterator():
        for platform in served:
            if platforms is None or platform in platforms:
                settled = found[platform]
                for key, value in answers.items():
                    if value == "yes":
                        settled.yes.add(questions[clause_type, key])
                    elif value == "no":
                        settled.no.add(questions[clause_type, key])
    if platforms is not None:
        AnswerProfile.objects.filter(pk__in=set(platforms) - found.keys()).delete()
    AnswerProfile.objects.bulk_create(
        [
            AnswerProfile(platform_id=platform, yes=sorted(row.yes - row.no), no=sorted(row.no - row.yes))
            for platform, row in sorted(found.items())
        ],
        update_conflicts=True,
        unique_fields=["platform"],
        update_fields=["yes", "no"],
        batch_size=AT_ONCE,
    )
