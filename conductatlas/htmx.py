"""The only reader of HX-* headers: one page is one address, and with htmx the same address answers with a part of
its template.
"""

from collections.abc import Collection, Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers


def render_page(
    request: HttpRequest,
    template: str,
    context: Mapping[str, Any],
    *,
    partials: Collection[str] = (),
    status: int = 200,
    address: str = "",
) -> HttpResponse:
    """The whole page, or the partial that an htmx request asks for by its target.

    `partials` names what the view may serve: an htmx request whose target is none of them gets the whole page.
    `address` is the one that the browser shows with a partial, where it is not the one asked for.
    """
    name = f"{template}#{request.htmx.target}" if is_for(request, partials) else template
    response = render(request, name, dict(context), status=status)
    if address and name != template:
        response["HX-Push-Url"] = address
    if partials:
        patch_vary_headers(response, ("HX-Request", "HX-Target"))
    return response


def asks_for_part(request: HttpRequest) -> bool:
    """Whether the answer goes into a page that stays."""
    return bool(request.htmx) and not request.htmx.boosted


def is_for(request: HttpRequest, partials: Collection[str]) -> bool:
    """Whether htmx asks for one of these parts of a page, by its target."""
    return asks_for_part(request) and request.htmx.target in partials
