"""What clauses does when platforms announces something."""

from django.dispatch import receiver

from clauses.deriving import derive_clauses
from clauses.due import follow_readings_due
from clauses.indexing import index_document, index_jurisdiction, index_platform
from platforms.models import Document, Jurisdiction, Platform
from platforms.signals import document_saved, jurisdiction_saved, platform_saved, texts_changed


@receiver(texts_changed, dispatch_uid="clauses.derive")
def follow_texts(sender, *, document: Document, by, **kwargs) -> None:
    """Proofs, touched clauses, open questions and what is to be read follow the texts that count, in the same
    transaction.
    """
    derive_clauses(document, by=by)
    follow_readings_due([document.pk])


@receiver(platform_saved, dispatch_uid="clauses.index_platform")
def follow_platform(sender, *, platform: Platform, **kwargs) -> None:
    """A platform's names are among the words of all that it publishes."""
    index_platform(platform)


@receiver(document_saved, dispatch_uid="clauses.index_document")
def follow_document(sender, *, document: Document, **kwargs) -> None:
    index_document(document)
    follow_readings_due([document.pk])


@receiver(jurisdiction_saved, dispatch_uid="clauses.index_jurisdiction")
def follow_jurisdiction(sender, *, jurisdiction: Jurisdiction, **kwargs) -> None:
    index_jurisdiction(jurisdiction)
