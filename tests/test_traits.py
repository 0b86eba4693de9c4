"""What clauses of the registry are counted by: PostgreSQL keeps it in line with them, whoever writes."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import F

from clauses.figures import registry_figures
from clauses.models import RegistryEntry, Traits

pytestmark = pytest.mark.django_db

SHARED = ("invented", "sector", "document_kind", "market", "severity", "confidence", "proof", "regulations")


def out_of_line() -> int:
    same = {f"traits__{name}": F(name) for name in SHARED}
    return RegistryEntry.objects.exclude(**same, traits__clause_type=F("clause_type_id")).count()


def test_each_clause_has_the_traits_of_its_own_columns() -> None:
    assert RegistryEntry.objects.exists()
    assert out_of_line() == 0
    combinations = Traits.objects.values_list("clause_type", *SHARED)
    assert len({(*row[:-1], *row[-1]) for row in combinations}) == len(combinations)


def test_a_clause_that_changes_gets_other_traits_and_those_it_had_when_it_changes_back() -> None:
    entry = RegistryEntry.objects.first()
    assert entry is not None
    clause = RegistryEntry.objects.filter(pk=entry.pk)
    clause.update(market="ZZ", regulations=[7, 8])
    changed = clause.get().traits
    assert (changed.market, changed.regulations) == ("ZZ", [7, 8])
    clause.update(market=entry.market, regulations=entry.regulations)
    assert clause.get().traits_id == entry.traits_id


def test_nobody_can_give_a_clause_the_traits_of_another() -> None:
    one = RegistryEntry.objects.first()
    assert one is not None
    other = Traits.objects.exclude(pk=one.traits_id).first()
    RegistryEntry.objects.filter(pk=one.pk).update(traits=other)
    assert RegistryEntry.objects.get(pk=one.pk).traits_id == one.traits_id


def test_traits_stay_as_they_are() -> None:
    used = Traits.objects.filter(pk__in=RegistryEntry.objects.values("traits"))
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        used.update(severity=1)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM clauses_traits")
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_a_combination_that_stands_twice_is_counted_once() -> None:
    """Two transactions may have added it at the same moment."""
    before = registry_figures({})
    traits = Traits.objects.filter(pk__in=RegistryEntry.objects.filter(invented=False).values("traits")).first()
    assert traits is not None
    traits.pk = None
    traits.save(force_insert=True)
    alike = RegistryEntry.objects.filter(
        **{name: getattr(traits, name) for name in SHARED}, clause_type=traits.clause_type
    )
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE clauses_registryentry DISABLE TRIGGER registry_traits")
        RegistryEntry.objects.filter(pk=alike.values("pk")[:1]).update(traits=traits)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE clauses_registryentry ENABLE TRIGGER registry_traits")
    assert RegistryEntry.objects.filter(traits=traits).count() == 1
    assert registry_figures({}) == before
