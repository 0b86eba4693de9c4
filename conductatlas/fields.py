"""Model fields that several apps use."""

from typing import Any

from django.db import models


class AddressField(models.URLField):
    """A web address. In forms, one without a scheme is read as https (Django's default from version 6 on)."""

    def formfield(self, **kwargs: Any):
        return super().formfield(**{"assume_scheme": "https", **kwargs})

    def deconstruct(self):
        name, _, args, kwargs = super().deconstruct()
        # The column is a URLField's: migrations need not know of the form.
        return name, "django.db.models.URLField", args, kwargs
