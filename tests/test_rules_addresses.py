"""Addresses that move for good: one answer, 301, to where the page is today."""

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from clauses import actions
from clauses.models import Provision
from conductatlas import actors
from platforms import actions as platform_actions
from platforms.actions import Refused
from platforms.addresses import moved
from platforms.models import Document, FormerAddress, Platform

from . import factories

pytestmark = pytest.mark.django_db


def by() -> User:
    return actors.catalogue()


def rename(platform: Platform, slug: str) -> None:
    platform.slug = slug
    platform_actions.save_platform(platform, by=by())


def move(document: Document, *, slug: str = "", platform: Platform | None = None) -> None:
    document.slug, document.platform = slug or document.slug, platform or document.platform
    platform_actions.save_document(document, by=by())


def assert_redirects(client, path: str, target: str) -> None:
    """One answer, 301, that names the present address: no second hop."""
    answer = client.get(f"{path}?a=1")
    assert (answer.status_code, answer.headers.get("Location")) == (301, f"{target}?a=1")


def test_a_renamed_platform_redirects_with_all_below_it(client):
    platform = factories.a_platform(slug="oldwerk")
    document = factories.a_document(platform, slug="terms")
    version = factories.a_snapshot(document).version
    provision = factories.a_published(factories.a_quotation(factories.a_provision(document, slug="kept"))).provision
    rename(platform, "newwerk")
    assert_redirects(client, "/platform/oldwerk/", "/platform/newwerk/")
    assert_redirects(client, "/platform/oldwerk/terms/", "/platform/newwerk/terms/")
    assert_redirects(client, "/platform/oldwerk/terms/kept/", "/platform/newwerk/terms/kept/")
    assert_redirects(client, "/platform/oldwerk/terms/versions/1.md", "/platform/newwerk/terms/versions/1.md")
    provision.refresh_from_db()
    for record in (provision, document, version):
        record = type(record).objects.get(pk=record.pk)
        assert client.get(record.get_absolute_url()).status_code == 200


def test_a_moved_document_takes_its_clauses_along(client):
    first, second = factories.a_platform(slug="first"), factories.a_platform(slug="second")
    document = factories.a_document(first, slug="terms")
    factories.a_published(factories.a_quotation(factories.a_provision(document, slug="kept")))
    move(document, slug="user-terms", platform=second)
    assert_redirects(client, "/platform/first/terms/kept/", "/platform/second/user-terms/kept/")


def test_chains_of_moves_answer_in_one_hop(client):
    platform = factories.a_platform(slug="a")
    document = factories.a_document(platform, slug="terms")
    rename(platform, "b")
    move(document, slug="rules")
    rename(platform, "c")
    move(document, slug="conditions")
    for old in ("/platform/a/terms/", "/platform/b/terms/", "/platform/b/rules/", "/platform/c/rules/"):
        assert_redirects(client, old, "/platform/c/conditions/")


def test_an_address_that_comes_back_is_free_again(client):
    platform = factories.a_platform(slug="a")
    document = factories.a_document(platform, slug="terms")
    rename(platform, "b")
    move(document, slug="rules")
    rename(platform, "a")
    assert client.get("/platform/a/").status_code == 200
    for old in ("/platform/a/terms/", "/platform/b/terms/", "/platform/b/rules/"):
        assert_redirects(client, old, "/platform/a/rules/")
    move(document, slug="terms")
    assert client.get("/platform/a/terms/").status_code == 200
    assert_redirects(client, "/platform/b/rules/", "/platform/a/terms/")


def test_circles_written_by_hand_end_in_not_found(client):
    for old, new in (("/x/", "/y/"), ("/y/", "/z/"), ("/z/", "/x/")):
        platform_actions.save_former_address(FormerAddress(old_path=old, new_path=new), by=by())
    assert moved("/x/") is None
    assert client.get("/x/deep/below/").status_code == 404


@pytest.mark.parametrize(
    ("old", "new"),
    [("/g/", "/g/g/"), ("/o/", "//evil.example/"), ("/o/", "/a/?b=/"), ("/record/", "/platform/"), ("/o/", "/admin/")],
)
def test_addresses_that_would_grow_leave_or_hijack_are_refused(old, new):
    with pytest.raises(ValidationError):
        platform_actions.save_former_address(FormerAddress(old_path=old, new_path=new), by=by())
    with pytest.raises(IntegrityError), transaction.atomic():
        FormerAddress.objects.create(old_path=old, new_path=new, moved_by=by())


def test_only_missing_pages_are_looked_up(client, django_assert_num_queries):
    platform_actions.save_former_address(FormerAddress(old_path="/about/", new_path="/methodology/"), by=by())
    assert client.get("/about/").status_code == 200
    assert client.post("/platform/nowhere/").status_code in {403, 404, 405}
    with django_assert_num_queries(0):
        assert client.get("/" + "a/" * 600).status_code == 404
    assert client.get("/%00/").status_code == 404


def test_merged_clauses_redirect_and_chains_of_merges_are_flat(client):
    document = factories.a_document(slug=factories.unique("terms"))
    first, second, third = (
        factories.a_published(factories.a_quotation(factories.a_provision(document, slug=slug))).provision
        for slug in "abc"
    )
    actions.merge(provision=first, into=second, by=by())
    actions.merge(provision=second, into=third, by=by())
    assert Provision.objects.get(pk=first.pk).merged_into == third
    assert_redirects_without_query(client, first.get_absolute_url(), third.get_absolute_url())
    assert_redirects_without_query(client, second.get_absolute_url(), third.get_absolute_url())
    assert client.get(f"/record/{first.record_id}/").headers["Location"] == third.get_absolute_url()
    with pytest.raises(Refused, match=r"choose a record that stands by itself"):
        actions.merge(provision=third, into=first, by=by())
    with pytest.raises(Refused, match=r"choose a record that stands by itself"):
        actions.merge(provision=third, into=third, by=by())
    with pytest.raises(Refused, match="nothing left to remove"):
        actions.mark_removed(provision=Provision.objects.get(pk=first.pk), by=by())


def assert_redirects_without_query(client, path: str, target: str) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer.headers.get("Location")) == (301, target)


def test_a_merged_clause_is_in_no_list_and_a_removed_one_keeps_its_page(client):
    document = factories.a_document()
    kept, gone, merged = (
        factories.a_published(factories.a_quotation(factories.a_provision(document))).provision for _ in range(3)
    )
    actions.mark_removed(provision=gone, by=by())
    actions.merge(provision=merged, into=kept, by=by())
    assert list(Provision.objects.published().filter(document=document)) == [kept]
    assert set(Provision.objects.public().filter(document=document)) == {kept, gone}
    assert client.get(gone.get_absolute_url()).status_code == 200


def test_entries_of_the_taxonomy_and_the_law_redirect_after_a_rename(client):
    for entry in (factories.an_agency(), factories.a_regulation(), factories.a_clause_type()):
        old = entry.get_absolute_url()
        entry.slug = factories.unique("renamed")
        actions.save_entry(entry, by=by())
        assert_redirects(client, old, entry.get_absolute_url())
