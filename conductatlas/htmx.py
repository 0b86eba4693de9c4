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
) -> HttpResponse:
    """The whole page, or the partial that an htmx request asks for by its target.

    `partials` names what the view may serve: an htmx request whose target is none of them gets the whole page.
    """
    target = request.htmx.target if request.htmx and not request.htmx.boosted else None
    name = f"{template}#{target}" if target in partials else template
    response = render(request, name, dict(context), status=status)
    if partials:
        patch_vary_headers(response, ("HX-Request", "HX-Target"))
    return response
