"""Writes a catalogue of files into the database, through the actions and in one transaction: all of it or nothing.

What the database holds already in the same words is left alone, to the last timestamp.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path as File
from typing import Any

from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, models, transaction
from pydantic import BaseModel

from clauses.actions import save_entry, set_dates, set_enforced, set_questions
from clauses.indexing import one_indexing
from clauses.models import Agency, ClauseType, Regulation, ResearchNote, Theme
from conductatlas import actors
from platforms.actions import (
    Refused,
    move_address,
    new_edition,
    one_edition,
    save_jurisdiction,
    save_platform,
    set_former_names,
)
from platforms.models import Edition, Jurisdiction, Platform

from . import folder
from .arranging import arranged
from .checking import check
from .folder import Catalogue, Filed
from .held import held
from .problems import CatalogueError
from .summary import Summary

REASON = "Catalogue loaded"
PARTS = ("questions", "dates", "enforces")  # rows of their own below an entry


def load(
    root: File,
    *,
    name: str | None = None,
    begin: Callable[[int], None] = lambda count: None,
    step: Callable[[], None] = lambda: None,
) -> Summary:
    """Loads a folder. `begin` is told how many records there are, `step` is called after each.

    CatalogueError has every problem of every file, and then nothing has been written.
    """
    files, problems = folder.read(root, name=name)
    with transaction.atomic():
        with connection.cursor() as cursor:
            # One load at a time: what is compared now must still be so when it is written.
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext('conductatlas.load'))")
        current = held()
        problems += check(files, current)
        if problems:
            raise CatalogueError(problems)
        loader = Loader(arranged(files, known=current), current, step=step)
        begin(loader.count())
        loader.load()
    return loader.summary


@contextmanager
def writing(entry: Filed[Any], *path: str | int) -> Iterator[None]:
    """What an action refuses becomes a problem of the record that it was about."""
    try:
        yield
    except ValidationError as error:
        found = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
        raise CatalogueError(
            entry.problem(" ".join(messages), *path, *([field] if field not in {"", "__all__"} else []))
            for field, messages in found.items()
        ) from error
    except DatabaseError as error:
        raise CatalogueError(
            [entry.problem(f"the database refuses it: {str(error).splitlines()[0]}", *path)]
        ) from error
    except (Refused, ValueError) as error:
        if isinstance(error, CatalogueError):
            raise
        raise CatalogueError([entry.problem(str(error), *path)]) from error


def filled(row: models.Model, values: Mapping[str, Any]) -> models.Model:
    """The row with these columns; None is the column's way of saying nothing."""
    for name, value in values.items():
        column = row._meta.get_field(name)
        setattr(row, name, value if value is not None or column.null else column.get_default())
    return row


def values_of(entry: BaseModel, *, without: tuple[str, ...] = ()) -> dict[str, Any]:
    """The fields of a record, but not the ones named."""
    return {name: getattr(entry, name) for name in type(entry).model_fields if name not in without}


def theme_positions(wanted: list[str], present: Mapping[str, int]) -> dict[str, int]:
    """Slug → position: the order of the files, with themes that have no file behind the one that they stood behind.

    `present` is in order; where that order stands already, its positions stay and new themes come after them.
    """
    order = list(wanted)
    previous: str | None = None
    for slug in present:
        if slug not in wanted:
            order.insert(order.index(previous) + 1 if previous else 0, slug)
        previous = slug
    if order[: len(present)] == list(present):
        after = max(present.values(), default=-1) + 1
        return {**present, **{slug: after + index for index, slug in enumerate(order[len(present) :])}}
    return {slug: index for index, slug in enumerate(order)}


class Loader:
    """One load: `files` against `current`, what the database holds."""

    def __init__(self, files: Catalogue, current: Catalogue, *, step: Callable[[], None]) -> None:
        self.files, self.current, self.step = files, current, step
        self.summary = Summary()
        self.by = actors.catalogue()

    def count(self) -> int:
        kinds = (kind for kind in vars(self.files) if kind not in {"texts", "broken"})
        return sum(len(getattr(self.files, kind)) for kind in kinds)

    def load(self) -> None:
        from .loading_clauses import ClauseLoader
        from .loading_documents import DocumentLoader

        last = Edition.objects.order_by("-number").first()
        with one_edition(by=self.by, reason=REASON), one_indexing():
            self.jurisdictions()
            self.themes()
            self.clause_types()
            self.regulations()
            self.agencies()
            self.platforms()
            documents = DocumentLoader(self)
            documents.load()
            ClauseLoader(self, documents.rows).load()
            documents.load_what_follows()
            self.entries("research", ResearchNote, without=())
            self.addresses()
        now = Edition.objects.order_by("-number").first()
        self.summary.edition = now.number if now and now != last else None
        self.without_files()

    def note(self, kind: str, name: str, before: object, *, same: bool) -> None:
        """Counts what happened to a record."""
        if same:
            self.summary.same[kind] += 1
        else:
            (self.summary.added if before is None else self.summary.changed)[kind].append(name)

    def jurisdictions(self) -> None:
        """Wider places first, since the narrower ones point at them."""
        rows = {row.code: row for row in Jurisdiction.objects.all()}
        waiting = dict(self.files.jurisdictions)
        while waiting:
            ready = [code for code, entry in waiting.items() if entry.value.within not in waiting]
            for code in ready:
                entry, before = waiting.pop(code), self.current.jurisdictions.get(code)
                same = before is not None and before.value == entry.value
                if not same:
                    row = rows.get(code) or Jurisdiction(code=code)
                    row.name, row.within = entry.value.name, rows.get(entry.value.within)
                    with writing(entry):
                        rows[code] = save_jurisdiction(row, by=self.by)
                self.note("jurisdictions", code, before, same=same)
                self.step()

    def themes(self) -> None:
        rows = {row.slug: row for row in Theme.objects.order_by("position", "name")}
        positions = theme_positions(list(self.files.themes), {slug: row.position for slug, row in rows.items()})
        for slug, position in positions.items():
            entry, before, row = self.files.themes.get(slug), self.current.themes.get(slug), rows.get(slug)
            moved = row is None or row.position != position
            if entry is None:
                if moved:
                    save_entry(filled(row, {"position": position}), by=self.by)
                continue
            same = before is not None and before.value == entry.value and not moved
            if not same:
                with writing(entry):
                    save_entry(filled(row or Theme(), {**values_of(entry.value), "position": position}), by=self.by)
            self.note("themes", slug, before, same=same)
            self.step()

    def clause_types(self) -> None:
        themes = {row.slug: row for row in Theme.objects.all()}
        rows = self.entries(
            "clause_types",
            ClauseType,
            without=("theme", "questions"),
            more=lambda entry: {"theme": themes[entry.theme]},
        )
        for slug, entry in self.files.clause_types.items():
            before = self.current.clause_types.get(slug)
            if before is None or before.value.questions != entry.value.questions:
                with writing(entry, "questions"):
                    set_questions(
                        rows[slug],
                        questions=[_without_none(question) for question in entry.value.questions],
                        by=self.by,
                    )

    def regulations(self) -> None:
        rows = self.entries("regulations", Regulation, without=("jurisdiction", "dates"))
        for slug, entry in self.files.regulations.items():
            before = self.current.regulations.get(slug)
            if before is None or before.value.dates != entry.value.dates:
                with writing(entry, "dates"):
                    set_dates(rows[slug], dates=[_without_none(date) for date in entry.value.dates], by=self.by)

    def agencies(self) -> None:
        rows = self.entries("agencies", Agency, without=("jurisdiction", "enforces"))
        laws = {row.slug: row for row in Regulation.objects.all()}
        for slug, entry in self.files.agencies.items():
            before = self.current.agencies.get(slug)
            if set(entry.value.enforces) != (set(before.value.enforces) if before else set()):
                with writing(entry, "enforces"):
                    set_enforced(rows[slug], laws=[laws[law] for law in entry.value.enforces], by=self.by)

    def entries(
        self,
        kind: str,
        model: type[models.Model],
        *,
        without: tuple[str, ...],
        more: Callable[[Any], dict[str, Any]] | None = None,
    ) -> dict[str, Any]:
        """Adds and edits records that are known by their slug; gives the rows of the edited ones."""
        places = {row.code: row for row in Jurisdiction.objects.all()}
        rows = {row.slug: row for row in model._default_manager.filter(slug__in=getattr(self.files, kind))}
        known = getattr(self.current, kind)
        for slug, entry in getattr(self.files, kind).items():
            before = known.get(slug)
            same = before is not None and before.value == entry.value
            row = rows.get(slug) or model(slug=slug)
            if not same and (
                before is None or values_of(before.value, without=PARTS) != values_of(entry.value, without=PARTS)
            ):
                filled(row, values_of(entry.value, without=without))
                if "jurisdiction" in without:
                    row.jurisdiction = places[entry.value.jurisdiction]
                for name, value in (more(entry.value) if more else {}).items():
                    setattr(row, name, value)
                with writing(entry):
                    rows[slug] = save_entry(row, by=self.by)
            self.note(kind.replace("_", " "), slug, before, same=same)
            self.step()
        return rows

    def platforms(self) -> None:
        rows = {row.slug: row for row in Platform.objects.all()}
        for slug, entry in self.files.platforms.items():
            before = self.current.platforms.get(slug)
            same = before is not None and before.value == entry.value
            if not same:
                row = filled(rows.get(slug) or Platform(slug=slug), values_of(entry.value, without=("former_names",)))
                with writing(entry):
                    save_platform(row, by=self.by)
                if entry.value.former_names != (before.value.former_names if before else []):
                    with writing(entry, "former_names"):
                        set_former_names(
                            row, names=[_without_none(name) for name in entry.value.former_names], by=self.by
                        )
            self.note("platforms", slug, before, same=same)
            self.step()

    def addresses(self) -> None:
        for old, entry in self.files.addresses.items():
            before = self.current.addresses.get(old)
            same = before is not None and before.value == entry.value
            if not same:
                with writing(entry):
                    move_address(old_path=old, new_path=entry.value.new, by=self.by)
                    new_edition(by=self.by, reason=f"Address {old} moved")
            self.note("former addresses", old, before, same=same)
            self.step()

    def without_files(self) -> None:
        """What the database holds and no file tells of, by what people know it by."""
        for kind in ("jurisdictions", "themes", "clause_types", "agencies", "regulations", "platforms"):
            missing = [key for key in getattr(self.current, kind) if key not in getattr(self.files, kind)]
            if missing:
                self.summary.without_file[kind.replace("_", " ")] = missing
        for kind in ("documents", "clauses"):
            numbers = {entry.value.id for entry in getattr(self.files, kind).values()}
            missing = [
                entry.value.id
                for key, entry in getattr(self.current, kind).items()
                if entry.value.id not in numbers and key not in getattr(self.files, kind)
            ]
            if missing:
                self.summary.without_file[kind] = missing


def _without_none(entry: BaseModel) -> dict[str, Any]:
    return {name: value for name, value in values_of(entry).items() if value is not None}
