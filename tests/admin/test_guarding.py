"""What one person alone cannot do: publish what she changed, or change what readers see of a published clause."""

import pytest
from django.urls import reverse

from clauses.actions import new_version
from clauses.models import Analysis, Provision
from tests import factories

from .forms import filled_in, told

pytestmark = pytest.mark.django_db


def test_who_changed_a_draft_does_not_publish_it(people, reviewer):
    draft = factories.a_draft(by=people["analyst"])
    path = reverse("admin:clauses_analysis_change", args=[draft.pk])
    changed = filled_in(reviewer.get(path), what_it_is="They keep all of it. [1]", _publish="1")
    assert "drafted or changed by you" in told(reviewer.post(path, changed, follow=True))
    draft.refresh_from_db()
    assert (draft.state, draft.what_it_is) == ("draft", "They keep all of it. [1]")
    assert list(draft.editors.all()) == [people["reviewer"]]


def test_who_changed_an_answer_does_not_publish_it_either(people, reviewer):
    published = Analysis.objects.published().get(provision__number=10656)
    draft = new_version(analysis=published, by=people["analyst"], kind="addition")
    path = reverse("admin:clauses_analysis_change", args=[draft.pk])
    changed = filled_in(reviewer.get(path), **{"answers-0-detail": "Something else."}, _publish="1")
    assert "drafted or changed by you" in told(reviewer.post(path, changed, follow=True))


def test_reading_a_draft_is_not_changing_it(people, reviewer):
    draft = factories.a_draft(by=people["analyst"])
    path = reverse("admin:clauses_analysis_change", args=[draft.pk])
    assert "is published" in told(reviewer.post(path, filled_in(reviewer.get(path), _publish="1"), follow=True))


def test_an_analyst_does_not_rename_or_remove_a_published_clause(analyst):
    provision = Provision.objects.get(number=10656)
    path = reverse("admin:clauses_provision_change", args=[provision.pk])
    data = filled_in(analyst.get(path)) | {"title": "Jasper steals everything", "slug": "steals", "state": "removed"}
    analyst.post(path, data, follow=True)
    after = Provision.objects.get(pk=provision.pk)
    assert (after.title, after.slug, after.state) == (provision.title, provision.slug, provision.state)


def test_an_analyst_does_not_change_what_its_page_shows_as_it_stands(analyst, reviewer):
    provision = Provision.objects.get(number=10656)
    path = reverse("admin:clauses_provision_change", args=[provision.pk])
    told_otherwise = {
        "first_tracked": "1999-01-01",
        "reported_source": "Somebody",
        "reported_url": "https://a.example/",
    }
    data = filled_in(analyst.get(path)) | told_otherwise
    assert analyst.post(path, data).status_code == 302
    after = Provision.objects.get(pk=provision.pk)
    assert all(getattr(after, name) == getattr(provision, name) for name in told_otherwise)
    assert reviewer.post(path, filled_in(reviewer.get(path)) | told_otherwise).status_code == 302
    after.refresh_from_db()
    assert (after.first_tracked.year, after.reported_source) == (1999, "Somebody")
