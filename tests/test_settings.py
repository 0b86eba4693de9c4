"""The settings of a production site, and what every answer carries: one policy, no cookie, the same bytes for all."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.test import Client, override_settings
from django.urls import reverse

from clauses.models import Agency, Analysis, ClauseType, Provision, Regulation
from platforms.models import Change, Platform, Version

ROOT = Path(__file__).resolve().parent.parent
PRODUCTION = {
    "CONDUCTATLAS_ENV": "production",
    "SECRET_KEY": "k3Jx9vQ2mZ7pL5sT8wY1bN4cR6fH0dGaUeViOoPqXyZ-long-and-random-enough",
    "ALLOWED_HOSTS": "atlas.example.org",
    "DATABASE_URL": "postgresql://nobody:secret@127.0.0.1:1/conductatlas",
}
# Settings alone are asked: no server is started, none is reached.
ASK = "import django; django.setup(); from django.core.management import call_command; call_command(*{arguments!r})"
LOAD = "from django.conf import settings; settings.DEBUG"


def run(code: str, **variables: str | None) -> subprocess.CompletedProcess[str]:
    """A fresh Python with these settings, and none of this process's."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    given = {name: value for name, value in {**PRODUCTION, **variables}.items() if value is not None}
    environment = {**kept, "DJANGO_SETTINGS_MODULE": "conductatlas.settings", **given}
    return subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize("name", ["SECRET_KEY", "ALLOWED_HOSTS", "DATABASE_URL"])
@pytest.mark.parametrize("value", [None, "  "], ids=["missing", "blank"])
def test_production_stops_with_advice_when_something_is_missing(name, value):
    done = run(LOAD, **{name: value})
    assert done.returncode != 0
    last = done.stderr.strip().splitlines()[-1]
    assert re.match(rf"django\.core\.exceptions\.ImproperlyConfigured: {name} is not set.*Set it to ", last)


def test_the_command_line_tells_it_in_one_line():
    kept = {
        "PATH": os.environ["PATH"],
        "CONDUCTATLAS_ENV": "production",
        "ALLOWED_HOSTS": "x.example",
        "DATABASE_URL": "postgresql://x/y",
    }
    done = subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=ROOT,
        env=kept,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1
    assert len(done.stderr.strip().splitlines()) == 1
    assert done.stderr.startswith("SECRET_KEY is not set")


@pytest.mark.parametrize(
    ("variables", "told"),
    [
        ({"CONDUCTATLAS_ENV": "staging"}, "set it to 'local' or 'production'"),
        ({"SECURE_SSL_REDIRECT": "maybe"}, "SECURE_SSL_REDIRECT is 'maybe': set it to 1 or 0"),
        ({"ONE_PERSON_TEAM": "2"}, "ONE_PERSON_TEAM is '2': set it to 1 or 0"),
    ],
)
def test_a_wrong_value_is_named(variables, told):
    done = run(LOAD, **variables)
    assert done.returncode != 0
    assert told in done.stderr.strip().splitlines()[-1]


def test_the_deployment_check_has_nothing_to_say():
    done = run(ASK.format(arguments=["check", "--deploy", "--fail-level", "WARNING"]))
    assert (done.returncode, done.stderr) == (0, "")
    assert "no issues" in done.stdout


def test_production_is_never_in_debug_mode():
    done = run("from django.conf import settings; print(settings.DEBUG, settings.SITE_URL)", DEBUG="1")
    assert done.stdout.split() == ["False", "https://atlas.example.org"]


def public_pages() -> list[str]:
    """An address of every kind of page."""
    clause = Provision.objects.get(number=10656)
    version = Version.objects.first()
    analysis = Analysis.objects.published().first()
    change = Change.objects.first()
    return [
        *(
            reverse(name)
            for name in (
                "home",
                "platforms",
                "clauses",
                "clause_types",
                "agencies",
                "regulations",
                "methodology",
                "about",
            )
        ),
        f"{reverse('search')}?q=training",
        *(model.objects.first().get_absolute_url() for model in (Platform, ClauseType, Agency, Regulation)),
        clause.document.get_absolute_url(),
        version.get_absolute_url(),
        f"{version.get_absolute_url().rstrip('/')}.md",
        clause.get_absolute_url(),
        change.get_absolute_url(),
        *(f"/record/{record.record_id}/" for record in (clause, clause.document, change, version.snapshot)),
        analysis.get_absolute_url(),
        f"{analysis.get_absolute_url().rstrip('/')}.json",
        *(f"/record/{clause.record_id}.{form}" for form in ("json", "bib", "txt")),
        "/healthz",
        "/no/such/page/",
        "/platform/none/",
    ]


@pytest.mark.django_db
def test_public_pages_are_the_same_for_everyone(people):
    """No cookie is set, nothing varies by one, and neither cookies nor languages nor agents change a byte."""
    one = Client(headers={"accept-language": "de", "user-agent": "Old Browser/1.0"})
    two = Client(
        headers={"accept-language": "fr", "user-agent": "Curl", "dnt": "1", "referer": "https://elsewhere.example/"}
    )
    two.cookies.load({"sessionid": "n0such5ession" * 2, "theme": "dark", "csrftoken": "x" * 32})
    signed = Client()
    signed.force_login(people["editor"])
    for path in public_pages():
        answers = [client.get(path) for client in (one, two, signed)]
        first = answers[0]
        assert first.status_code in {200, 302, 404, 410}, path
        for answer in answers:
            assert answer.content == first.content, path
            assert (answer.status_code, answer.headers.get("Location")) == (
                first.status_code,
                first.headers.get("Location"),
            )
            assert not answer.cookies, path
            assert "Set-Cookie" not in answer.headers, path
            assert "cookie" not in answer.headers.get("Vary", "").lower(), path


def assert_strict(policy: str) -> None:
    directives = {name: sources for name, *sources in (part.split() for part in policy.split(";") if part.strip())}
    assert directives["default-src"] == ["'none'"]
    assert directives["script-src"] == directives["style-src"] == ["'self'"]
    assert directives["base-uri"] == directives["object-src"] == directives["frame-ancestors"] == ["'none'"]
    assert re.findall(r"unsafe|\*|https?:|data:|blob:|nonce|sha256", policy) == []


@pytest.mark.django_db
def test_every_answer_carries_the_strict_policy(client, people):
    for path in public_pages():
        assert_strict(client.get(path).headers["Content-Security-Policy"])
    for path in ("/admin/", "/admin/login/", "/admin/clauses/analysis/"):
        assert_strict(client.get(path).headers["Content-Security-Policy"])
        signed = Client()
        signed.force_login(people["editor"])
        assert_strict(signed.get(path).headers["Content-Security-Policy"])


@pytest.mark.django_db
def test_error_pages_carry_it_too(client, monkeypatch):
    def broken(*arguments: object, **named: object) -> None:
        raise RuntimeError("on purpose")

    monkeypatch.setattr("conductatlas.views.totals", broken)
    client.raise_request_exception = False
    answer = client.get("/about/")
    assert answer.status_code == 500
    assert "on purpose" not in answer.content.decode()
    assert_strict(answer.headers["Content-Security-Policy"])
    with override_settings(ALLOWED_HOSTS=["atlas.example.org"]):
        assert client.get("/about/").status_code == 400
    assert_strict(client.post("/about/").headers["Content-Security-Policy"])


@pytest.mark.django_db
def test_other_safety_headers(client):
    headers = client.get("/").headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"
