"""A form that is sent after the login has expired: what was typed goes along to the login page and comes back, filled
in and not yet saved, once the person has signed in.

It travels signed, in the login page itself: nothing is stored for anybody who is not signed in.
"""

import copy
import secrets
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.apps import apps
from django.contrib import admin
from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.middleware.csrf import REASON_CSRF_TOKEN_MISSING
from django.shortcuts import render
from django.urls import Resolver404, resolve, reverse
from django.views.csrf import csrf_failure

from conductatlas.administration import RecordAdmin
from conductatlas.htmx import asks_for_part

FIELD, SALT = "typed", "conductatlas.typed"
LONGEST = 1_000_000  # characters of what was typed
HOURS = 12
INCORRECT = "CSRF token from POST incorrect."
KEPT = 5  # forms in a session
AGAIN = "You were signed out. This is what you typed, and nothing of it is saved yet: look it over, then save."
TOO_LONG = "You were signed out, and what you typed is too long to be kept here: go back in your browser to copy it."


class CarryTyped:
    """Middleware, behind those of sessions, people and forged requests."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        signed_in = request.method == "POST" and request.path == reverse("admin:login") and response.status_code == 302
        if request.method == "POST" and response.status_code == 302 and FIELD in request.GET:
            _forget(request, request.GET[FIELD])
        if signed_in and FIELD in request.POST and request.user.is_authenticated:
            return _on(request, response)
        return response

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        match = request.resolver_match
        if match is None or match.app_name != "admin" or match.url_name in {"login", "logout"}:
            return None
        if admin.site.has_permission(request):
            return _again(request) if request.method == "GET" and FIELD in request.GET else None
        if request.method != "POST" or request.user.is_authenticated:
            return None
        if asks_for_part(request):
            # Nothing on the page is replaced by an answer of this kind: what was typed stays where it is.
            return HttpResponse("You are signed out. Sign in in another tab, then go on here.", status=401)
        return _login(request)


def said_in(request: HttpRequest) -> dict[str, Any]:
    """Where a form was sent to, and what was typed in it, passwords and files left out."""
    fields = [
        [name, value]
        for name, values in request.POST.lists()
        for value in values
        if name != "csrfmiddlewaretoken" and "password" not in name.casefold()
    ]
    return {"path": request.get_full_path(), "fields": fields, "files": sorted(request.FILES)}


def _login(request: HttpRequest) -> HttpResponse:
    """The login page, with what was typed in it."""
    said = said_in(request)
    long = sum(len(name) + len(value) for name, value in said["fields"]) > LONGEST
    carried = "" if long else signing.dumps(said, salt=SALT, compress=True)
    asking = copy.copy(request)
    asking.method, asking.POST = "GET", QueryDict()
    context = {
        "app_path": reverse("admin:login"),
        "next": reverse("admin:index") if long else request.path,
        "typed": carried,
        "typed_note": TOO_LONG if long else "",
    }
    return admin.site.login(asking, context)


def _on(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """After signing in: to the page that was meant, which shows what was typed."""
    try:
        said = signing.loads(request.POST[FIELD], salt=SALT, max_age=HOURS * 3600)
        match = resolve(said["path"].partition("?")[0])
    except (signing.BadSignature, Resolver404, KeyError, TypeError):
        return response
    if match.app_name != "admin":
        return response
    key = secrets.token_urlsafe(9)
    kept = list(request.session.get(FIELD, {}).items())[1 - KEPT :]
    request.session[FIELD] = {**dict(kept), key: said}
    path, _, query = said["path"].partition("?")
    return HttpResponseRedirect(f"{path}?{'&'.join(filter(None, [query, urlencode({FIELD: key})]))}")


def _again(request: HttpRequest) -> HttpResponse | None:
    """The form of a record is filled with what was typed, and refused once; of any other page all is shown, to be sent
    once more. None where nothing is kept under this key.
    """
    said = request.session.get(FIELD, {}).get(request.GET[FIELD])
    if said is None or said["path"].partition("?")[0] != request.path:
        return None
    name = request.resolver_match.url_name or ""
    sent = QueryDict(mutable=True)
    for field, value in said["fields"]:
        sent.appendlist(field, value)
    if _refills(name):
        bool(request.FILES)  # read now, of a request that has none: read later, they would take what is put here along
        request.method, request.POST, request.refusal = "POST", sent, AGAIN
        return None
    context = {**admin.site.each_context(request), "title": "Not sent yet", "said": said, "fields": said["fields"]}
    return render(request, "admin/typed_again.html", context)


def _refills(name: str) -> bool:
    """Whether the page of this name is the form of a record, which refuses what it is told to refuse."""
    label, _, page = name.rpartition("_")
    if page not in {"add", "change"} or label.count("_") != 1:
        return False
    try:
        model = apps.get_model(*label.split("_"))
    except LookupError:
        return False
    return isinstance(admin.site._registry.get(model), RecordAdmin)


def _forget(request: HttpRequest, key: str) -> None:
    """What was typed has been saved."""
    kept = request.session.get(FIELD, {})
    if kept.pop(key, None) is not None:
        request.session[FIELD] = kept


def not_from_here(request: HttpRequest, reason: str = "") -> HttpResponse:
    """What answers a form whose token is not that of the session: whoever signed in anew in another tab sends an old
    one. The browser says that it comes from this site, so what was typed is shown, to be sent once more.
    """
    match = request.resolver_match
    old = reason in {REASON_CSRF_TOKEN_MISSING, INCORRECT} and "Origin" in request.headers
    if not old or match is None or match.app_name != "admin" or match.url_name in {"login", "logout"}:
        return csrf_failure(request, reason=reason)
    if not admin.site.has_permission(request):
        return _login(request)
    context = {**admin.site.each_context(request), "title": "Not sent yet", "said": said_in(request)}
    return render(request, "admin/typed_again.html", {**context, "fields": context["said"]["fields"]}, status=403)
