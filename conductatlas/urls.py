"""All addresses of the site."""

from django.contrib import admin
from django.urls import include, path, re_path

from conductatlas import views

RECORD = r"(?P<record>CA-[A-Z]-[0-9]{1,9})"
VERSION = r"(?P<version>[1-9][0-9]{0,4})"

urlpatterns = [
    path("", views.home, name="home"),
    path("search/", views.search, name="search"),
    path("check/", views.check, name="check"),
    path("methodology/", views.methodology, name="methodology"),
    path("about/", views.about, name="about"),
    path("healthz", views.healthz, name="healthz"),
    re_path(rf"^record/{RECORD}/$", views.record, name="record"),
    re_path(rf"^record/{RECORD}\.json$", views.newest_payload, name="newest_payload"),
    re_path(rf"^record/{RECORD}\.(?P<form>bib|txt)$", views.citation, name="citation"),
    re_path(rf"^record/{RECORD}/v{VERSION}/$", views.frozen, name="frozen"),
    re_path(rf"^record/{RECORD}/v{VERSION}\.json$", views.payload, name="payload"),
    path("favicon.ico", views.icon, name="icon"),
    path("admin/", admin.site.urls),
    path("", include("platforms.urls")),
    path("", include("clauses.urls")),
]

handler400 = "conductatlas.views.not_understood"
handler404 = "conductatlas.views.page_not_found"
handler500 = "conductatlas.views.server_error"
