"""What must hold between the files of a catalogue, and between them and the database. Nothing here writes."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from conductatlas.rules import RESERVED_SLUGS

from .checking_clauses import clause_problems
from .checking_documents import document_problems
from .folder import Catalogue, Filed
from .permanence import permanence_problems
from .problems import Problem
from .references import unknown

PAGES = {"clauses": "clause_types", "agencies": "agencies", "regulations": "regulations"}


def check(files: Catalogue, held: Catalogue) -> list[Problem]:
    """Everything that is wrong with a catalogue whose single files are all right, in the order of files and lines."""
    known = together(files, held)
    return sorted(
        {
            *_places(files, known),
            *_enforced(files, known),
            *_names(files, known),
            *_taxonomy(files, known),
            *_reserved(files),
            *_moves(files, known),
            *document_problems(files, known),
            *clause_problems(files, known),
            *permanence_problems(files, held),
        }
    )


def together(files: Catalogue, held: Catalogue) -> Catalogue:
    """What will stand in the database after the load: references may point at either."""
    both = {name: {**vars(held)[name], **vars(files)[name]} for name in vars(files) if name != "broken"}
    return Catalogue(**both, broken=files.broken)


def _places(files: Catalogue, known: Catalogue) -> Iterator[Problem]:
    for code, entry in files.jurisdictions.items():
        if not entry.value.within:
            continue
        yield from unknown(entry, known, "jurisdictions", entry.value.within, "within")
        seen, wider = {code}, entry.value.within
        while wider in known.jurisdictions and wider not in seen:
            seen.add(wider)
            wider = known.jurisdictions[wider].value.within
        if wider in seen:
            yield entry.problem(f"{code!r} would lie within itself: name the wider place", "within")
    for entry in [*files.agencies.values(), *files.regulations.values()]:
        yield from unknown(entry, known, "jurisdictions", entry.value.jurisdiction, "jurisdiction")


def _enforced(files: Catalogue, known: Catalogue) -> Iterator[Problem]:
    for entry in files.agencies.values():
        for position, law in enumerate(entry.value.enforces):
            yield from unknown(entry, known, "regulations", law, "enforces", position)


def _names(files: Catalogue, known: Catalogue) -> Iterator[Problem]:
    """Names that the database keeps unique."""
    kinds = ("jurisdictions", "themes", "clause_types", "agencies", "regulations", "platforms")
    yield from _once(files.research, known.research, "title", lambda value: value.title)
    for kind in kinds:
        yield from _once(getattr(files, kind), getattr(known, kind), "name", lambda value: value.name)
    yield from _once(files.regulations, known.regulations, "citation", lambda value: value.citation)
    names = {entry.value.name: slug for slug, entry in known.platforms.items()}
    for entry in files.platforms.values():
        listed = [former.name for former in entry.value.former_names]
        for position, name in enumerate(listed):
            if name in names:
                yield entry.problem(
                    f"{name!r} is the present name of the platform {names[name]!r}", "former_names", position, "name"
                )
            if name in listed[:position]:
                yield entry.problem(f"{name!r} stands twice: keep it once", "former_names", position, "name")


def _once(
    files: Mapping[str, Filed[Any]], known: Mapping[str, Filed[Any]], field: str, of: Callable[[Any], str]
) -> Iterator[Problem]:
    first: dict[str, str] = {}
    for slug, entry in sorted(known.items()):
        other = first.setdefault(of(entry.value), slug)
        if other != slug:
            at, taken = (slug, other) if slug in files else (other, slug)
            yield known[at].problem(
                f"{of(entry.value)!r} is the {field} of {taken!r} already: one thing stands once", field
            )


def _taxonomy(files: Catalogue, known: Catalogue) -> Iterator[Problem]:
    for entry in files.clause_types.values():
        yield from unknown(entry, known, "themes", entry.value.theme, "theme")
        keys = [question.key for question in entry.value.questions]
        for position, key in enumerate(keys):
            if key in keys[:position]:
                yield entry.problem(
                    f"{key!r} is the key of an earlier question: choose another one", "questions", position, "key"
                )
            if len(key) > 60:
                yield entry.problem("is too long: write it in at most 60 characters", "questions", position, "key")
    for entry in files.regulations.values():
        dates = [(date.date, date.what) for date in entry.value.dates]
        for position, (date, what) in enumerate(dates):
            if position and date < dates[position - 1][0]:
                yield entry.problem(
                    f"{date!r} is older than the one before it: list the oldest first", "dates", position, "date"
                )
            if (date, what) in dates[:position]:
                yield entry.problem("stands twice: keep it once", "dates", position)


def _reserved(files: Catalogue) -> Iterator[Problem]:
    for (_, slug), document in files.documents.items():
        if slug in RESERVED_SLUGS:
            yield document.problem(
                f"the folder cannot be named {slug!r}, an address of the site's own: choose another name"
            )
    for (_, _, slug), clause in files.clauses.items():
        if slug in RESERVED_SLUGS:
            yield clause.problem(
                f"the file cannot be named {slug!r}, an address of the site's own: choose another name"
            )


def _moves(files: Catalogue, known: Catalogue) -> Iterator[Problem]:
    for entry in files.addresses.values():
        old, new = entry.value.old, entry.value.new
        if old == new:
            yield entry.problem("is the same address: a page that moved has two", "new")
        elif _is_page(old, known):
            yield entry.problem(f"{old} is a page of this catalogue, so it has not moved: leave this out", "old")
        if not _is_page(new, known):
            yield entry.problem(f"there is no page at {new}: name one that is there", "new")


def _is_page(address: str, known: Catalogue) -> bool:
    match address.strip("/").split("/"):
        case ["platform", platform]:
            return not known.lacks("platforms", platform)
        case ["platform", platform, document]:
            return not known.lacks("documents", (platform, document))
        case ["platform", platform, document, clause]:
            return not known.lacks("clauses", (platform, document, clause))
        case [kind, slug] if kind in PAGES:
            return not known.lacks(PAGES[kind], slug)
    return False
