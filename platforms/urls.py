"""Addresses of platforms, documents, versions and changes."""

from django.urls import path, re_path

from platforms import views

# A number has one spelling, so that a version has one address.
DOCUMENT = r"platform/(?P<platform>[-a-z0-9]+)/(?P<document>[-a-z0-9]+)"
VERSION = rf"{DOCUMENT}/versions/(?P<number>[1-9][0-9]{{0,6}})"
PAIR = r"(?P<before>[1-9][0-9]{0,6})\.\.(?P<after>[1-9][0-9]{0,6})"

urlpatterns = [
    path("platforms/", views.platforms, name="platforms"),
    path("platform/<slug:slug>/", views.platform, name="platform"),
    path("platform/<slug:platform>/<slug:document>/", views.document, name="document"),
    path("platform/<slug:platform>/<slug:document>/history/", views.history, name="history"),
    re_path(rf"^{DOCUMENT}/at/(?P<day>[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}})/$", views.at, name="at"),
    re_path(rf"^{DOCUMENT}/redline/{PAIR}/$", views.redline, name="redline"),
    re_path(rf"^{VERSION}/$", views.version, name="version"),
    re_path(
        rf"^{VERSION}\.md$",
        views.version_bytes,
        name="version_bytes",
    ),
    path("change/<str:record>/", views.change, name="change"),
    path("feeds/", views.feeds, name="feeds"),
    path("feeds/changes.atom", views.changes_feed, name="changes_feed"),
    path("feeds/<slug:slug>.atom", views.platform_feed, name="platform_feed"),
    path("feeds/<slug:platform>/<slug:document>.atom", views.document_feed, name="document_feed"),
]
