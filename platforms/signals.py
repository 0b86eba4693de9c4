"""What platforms announces. Receivers run in the transaction of the action that sends."""

from django.dispatch import Signal

# The texts of a document that count, or what follows from them, have changed: document=Document, by=User.
texts_changed = Signal()

# A platform or its other names were saved: platform=Platform. A document, or what people say of a change of
# it, was saved: document=Document. A jurisdiction was: jurisdiction=Jurisdiction.
platform_saved = Signal()
document_saved = Signal()
jurisdiction_saved = Signal()
