"""What a browser sends back of an admin page, and what such a page tells."""

from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

OURS = [model for model in admin.site._registry if model._meta.app_label in {"platforms", "clauses"}]


def names(model: Any) -> str:
    return model.__name__


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def address(model: Any, page: str, *arguments: Any) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=arguments)


def fields_of(form: Any) -> Iterator[tuple[str, Any]]:
    """What a browser would send back of a form as it stands."""
    for bound in form:
        value = bound.value()
        if value is None or value is False:
            continue
        parts = getattr(bound.field.widget, "decompress", lambda _: [])(value) or []
        yield from ((f"{bound.html_name}_{index}", part) for index, part in enumerate(parts) if part)
        yield bound.html_name, "on" if value is True else bound.field.prepare_value(value)


def filled_in(page: Any, **changed: Any) -> dict[str, Any]:
    """The data of an admin page, with some of it changed; None leaves a field out."""
    data = dict(fields_of(page.context["adminform"].form))
    for formset in page.context["inline_admin_formsets"]:
        data |= dict(fields_of(formset.formset.management_form))
        for form in formset.formset.forms:
            data |= dict(fields_of(form))
    data["_opened_with"] = page.context["opening"]
    data |= changed
    return {name: value for name, value in data.items() if value is not None}


def errors_of(page: Any) -> str:
    """All errors that a page shows, as text."""
    context = page.context
    found = [str(context["adminform"].errors)] if context and "adminform" in context else []
    found += [
        str(formset.formset.errors) + str(formset.formset.non_form_errors())
        for formset in context["inline_admin_formsets"]
    ]
    return " ".join(found)


def told(page: Any) -> str:
    return " ".join(str(message) for message in page.context["messages"])


def asked_to_sign_in(answer: Any) -> bool:
    """Whether a visitor was led to the login page, or given it with what was typed kept in it."""
    return answer.status_code == 302 or 'id="id_username"' in answer.content.decode()
