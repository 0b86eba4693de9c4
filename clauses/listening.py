"""What clauses does when platforms announces something."""

from django.dispatch import receiver

from clauses.deriving import derive_clauses
from platforms.models import Document
from platforms.signals import texts_changed


@receiver(texts_changed, dispatch_uid="clauses.derive")
def follow_texts(sender, *, document: Document, by, **kwargs) -> None:
    """Proofs, touched clauses and open questions follow the texts that count, in the same transaction."""
    derive_clauses(document, by=by)
