"""Rules that models share: append-only rows, paired columns, plain slugs, stored sort keys."""

import unicodedata
from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import IntegrityError, models, transaction
from django.db.models import Q

RESERVED_SLUGS = ("history", "at", "versions", "redline")
HASH = r"^[0-9a-f]{64}$"  # a SHA-256, as PostgreSQL's `~` reads it


def sort_key(name: str) -> str:
    """The form by which a name is sorted: without case and accents, the same on every server and in every locale."""
    decomposed = unicodedata.normalize("NFKD", name.casefold())
    return "".join(character for character in decomposed if not unicodedata.combining(character))[:200]


plain_slug = RegexValidator(
    r"^[a-z0-9]+(-[a-z0-9]+)*\Z", "Use lowercase letters, digits and single hyphens, for example jasper-privacy-policy."
)


def free_slug(value: str) -> None:
    """Refuses the slugs that the site's own addresses use below a platform or a document."""
    if value in RESERVED_SLUGS:
        raise ValidationError(f"The slug {value!r} is taken by the site's own addresses: choose another one.")


class Refused(ValueError):
    """An action that the rules do not allow; the message names the record and the way out."""


plain_email = RegexValidator(
    r"^[^?&%#\s]*\Z", "An address for letters has none of the characters ? & % # in it: they would change the letter."
)


class AppendOnlyError(TypeError):
    """Someone tried to change or delete a row that is evidence."""

    def __init__(self, model: type[models.Model]) -> None:
        super().__init__(f"A {model._meta.verbose_name} is append-only: add a new row, the old one stays as it is.")


class AppendOnlyQuerySet(models.QuerySet):
    """Rows can be added and read. PostgreSQL refuses the rest as well (see the migrations named `rules`)."""

    def update(self, **kwargs):
        raise AppendOnlyError(self.model)

    def delete(self):
        raise AppendOnlyError(self.model)

    delete.queryset_only = True  # type: ignore[attr-defined]

    def bulk_update(self, objs, fields, batch_size=None):
        raise AppendOnlyError(self.model)


class AppendOnly(models.Model):
    """A row that is written once."""

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        if not self._state.adding:
            raise AppendOnlyError(type(self))
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        raise AppendOnlyError(type(self))


def paired(*fields: str, name: str) -> models.CheckConstraint:
    """Either all of these columns hold something, or none: nothing has a time without a person."""
    none = Q(**{f"{field}__isnull": True for field in fields})
    every = Q(**{f"{field}__isnull": False for field in fields})
    return models.CheckConstraint(condition=none | every, name=name)


def filled(*fields: str, name: str) -> models.CheckConstraint:
    """These texts are not empty."""
    condition = Q()
    for field in fields:
        condition &= ~Q(**{field: ""})
    return models.CheckConstraint(condition=condition, name=name)


def one_of(field: str, choices: type[models.TextChoices], *, name: str, blank: bool = False) -> models.CheckConstraint:
    """The column holds a word of the vocabulary, in the database too."""
    values = [*choices.values, *([""] if blank else [])]
    return models.CheckConstraint(condition=Q(**{f"{field}__in": values}), name=name)


def save_checked(row: models.Model, *, exclude: Sequence[str] = ()) -> None:
    """Saves a row. PostgreSQL holds it to the rules of its table; only where it refuses, each rule is asked for its
    reason: that takes a query for each, and an import saves hundreds of rows.
    """
    row.full_clean(exclude=exclude, validate_unique=False, validate_constraints=False)
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        row.full_clean(exclude=exclude)
        raise
