"""Writes of platforms, their documents and the places whose law applies."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.urls import reverse

from conductatlas.editing import kept
from conductatlas.rules import save_checked
from platforms.models import Document, Jurisdiction, Platform, PlatformName
from platforms.signals import document_saved, jurisdiction_saved, platform_saved

from .editions import move_address, new_edition


@transaction.atomic
@kept("platform")
def save_platform(platform: Platform, *, by) -> Platform:
    """Saves a new or an edited platform; after a rename its old addresses redirect."""
    before = Platform.objects.filter(pk=platform.pk).first()
    save_checked(platform)
    if before and before.slug != platform.slug:
        move_address(
            old_path=reverse("platform", args=[before.slug]), new_path=reverse("platform", args=[platform.slug]), by=by
        )
    platform_saved.send(Platform, platform=platform)
    new_edition(by=by, reason=f"Platform {platform.name}")
    return platform


@transaction.atomic
def set_former_names(platform: Platform, *, names: Sequence[Mapping[str, Any]], by) -> None:
    """Makes these the other names of a platform: {"name": …, "until": …, "in_use": …}."""
    platform.former_names.all().delete()
    for entry in names:
        row = PlatformName(
            platform=platform, name=entry["name"], until=entry.get("until", ""), in_use=entry.get("in_use", False)
        )
        row.full_clean()
        row.save()
    platform_saved.send(Platform, platform=platform)
    new_edition(by=by, reason=f"Former names of {platform.name}")


@transaction.atomic
@kept("document")
def save_document(document: Document, *, by) -> Document:
    """Saves a new or an edited document; after a move its old address, and all below it, redirects."""
    before = Document.objects.select_related("platform").filter(pk=document.pk).first()
    save_checked(document, exclude=["number"])
    if before and (before.slug, before.platform_id) != (document.slug, document.platform_id):
        move_address(old_path=before.get_absolute_url(), new_path=document.get_absolute_url(), by=by)
    document_saved.send(Document, document=document)
    new_edition(by=by, reason=f"Document {document.title}")
    return document


@transaction.atomic
def set_also_serves(document: Document, *, platforms: Sequence[Platform], by) -> None:
    """Makes these the other platforms that a document serves besides its home."""
    document.also_serves.set(platforms)
    document_saved.send(Document, document=document)
    new_edition(by=by, reason=f"Platforms of {document.title}")


@transaction.atomic
@kept("jurisdiction")
def save_jurisdiction(jurisdiction: Jurisdiction, *, by) -> Jurisdiction:
    """Saves a new or an edited jurisdiction."""
    jurisdiction.full_clean()
    jurisdiction.save()
    jurisdiction_saved.send(Jurisdiction, jurisdiction=jurisdiction)
    new_edition(by=by, reason=f"Jurisdiction {jurisdiction.code}")
    return jurisdiction
