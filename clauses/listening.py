"""What clauses does when platforms announces something."""

from django.dispatch import receiver

from clauses.proving import prove_text
from platforms.signals import snapshot_judged


@receiver(snapshot_judged, dispatch_uid="clauses.prove")
def prove_on_acceptance(sender, *, snapshot, counts: bool, **kwargs) -> None:
    """A text that counts is searched for all quotations of its document, in the same transaction; one set aside
    touches none.
    """
    if counts:
        prove_text(snapshot.text, snapshot.document)
