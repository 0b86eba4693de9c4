"""Where things once were: the one table of addresses, asked only when nothing is found."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.utils.http import escape_leading_slashes

from platforms.models import FormerAddress

MOST_HOPS = 10
LONGEST = 1000  # characters of a path worth looking up


def beginnings(path: str) -> list[str]:
    """`/a/b/c/` → `/a/`, `/a/b/`, `/a/b/c/`."""
    found = []
    end = path.find("/", 1)
    while end != -1:
        found.append(path[: end + 1])
        end = path.find("/", end + 1)
    return found


def moved(path: str) -> str | None:
    """The present address of a former one, or None. Follows several moves in one step and never in a circle."""
    seen = {path}
    for _ in range(MOST_HOPS):
        rows = FormerAddress.objects.filter(old_path__in=beginnings(path)).values_list("old_path", "new_path")
        longest = max(rows, key=lambda row: len(row[0]), default=None)
        if longest is None:
            break
        path = longest[1] + path[len(longest[0]) :]
        if path in seen:
            return None
        seen.add(path)
    return path if len(seen) > 1 else None


class FormerAddressMiddleware:
    """Answers 301 where a page is missing and its address is known to have moved."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code != 404 or request.method not in {"GET", "HEAD"}:
            return response
        if "\0" in request.path or len(request.path) > LONGEST:
            return response
        target = moved(request.path)
        if target is None:
            return response
        query = request.META.get("QUERY_STRING")
        return HttpResponsePermanentRedirect(escape_leading_slashes(target) + (f"?{query}" if query else ""))
