"""What every page knows: the site's own address. No visitor's data, so that a page is the same for everyone."""

from django.conf import settings
from django.http import HttpRequest


def site(request: HttpRequest) -> dict[str, str]:
    return {"site_url": settings.SITE_URL, "canonical_url": f"{settings.SITE_URL}{request.path}"}
