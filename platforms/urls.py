"""Addresses of platforms, documents, versions and changes."""

from django.urls import path, re_path

from platforms import views

# A number has one spelling, so that a version has one address.
VERSION = r"platform/(?P<platform>[-a-z0-9]+)/(?P<document>[-a-z0-9]+)/versions/(?P<number>[1-9][0-9]{0,6})"

urlpatterns = [
    path("platforms/", views.platforms, name="platforms"),
    path("platform/<slug:slug>/", views.platform, name="platform"),
    path("platform/<slug:platform>/<slug:document>/", views.document, name="document"),
    re_path(rf"^{VERSION}/$", views.version, name="version"),
    re_path(
        rf"^{VERSION}\.md$",
        views.version_bytes,
        name="version_bytes",
    ),
    path("change/<str:record>/", views.change, name="change"),
]
