"""A text given by hand goes the way of a captured page: the same reading, the same gate, the same list of checks."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from platforms import actions as platform_actions
from platforms.actions import captures
from platforms.capture.extracting import extract
from platforms.models import Check, Document, Snapshot
from tests import factories
from tests.capture.test_pdf import make_pdf

from .forms import signed_in

pytestmark = pytest.mark.django_db

SENTENCES = [f"We may keep what you write in part {n} of these terms for as long as the law allows." for n in range(12)]
POLICY = "# Terms of service\n\n" + "\n\n".join(SENTENCES) + "\n"
PART = "<nav>Menu</nav><main><h1>Terms of service</h1>{}<script>x()</script></main>"
PAGE = f"<!doctype html><html><head><title>Terms</title></head><body>{PART}</body></html>"


class HereReader:
    """Reads in this process: what the isolated one does is shown in tests/capture/test_apart.py."""

    def read(self, response, **given):
        return extract(response, **given)


@pytest.fixture(autouse=True)
def read_here(monkeypatch) -> None:
    monkeypatch.setattr(captures, "_reader", HereReader())


@pytest.fixture
def document() -> Document:
    return factories.a_document(title="Terms of service", language="en", source_url="https://testwerk.example/terms")


def give(client, document: Document, **sent):
    path = reverse("admin:platforms_document_paste", args=[document.pk])
    data = {"words": "", "pasted_as": "text/plain", "url": "", "seen_at": "2026-03-01T10:00:00"} | sent
    return client.post(path, data, follow=True)


def test_pasted_words_are_kept_as_given_by_hand(people, analyst, document):
    page = give(analyst, document, words=POLICY.replace("\n", "\r\n"), url="https://testwerk.example/terms")
    assert "Accepted: a new text of the document" in page.content.decode()
    snapshot = Snapshot.objects.get(document=document)
    assert (snapshot.text.content, snapshot.by_hand, snapshot.recorded_by) == (POLICY, True, people["analyst"])
    assert (snapshot.url, f"{snapshot.captured_at:%Y-%m-%d %H:%M}") == (
        "https://testwerk.example/terms",
        "2026-03-01 10:00",
    )
    assert (snapshot.http_status, snapshot.response, snapshot.tool) == (None, None, "")
    assert reverse("admin:platforms_snapshot_read", args=[snapshot.pk]) in page.content.decode()
    assert "by hand" in analyst.get(snapshot.version.get_absolute_url()).content.decode()
    page = give(analyst, document, words=POLICY, seen_at="2026-03-02T10:00")
    assert "it is the text that we hold" in page.content.decode()
    assert list(Check.objects.filter(document=document).values_list("outcome", flat=True)) == ["new_text", "unchanged"]
    page = give(analyst, document, words=POLICY.replace("part 3", "part 33"), seen_at="2026-03-03T10:00")
    assert "What differs from version 1" in page.content.decode()


def test_what_is_no_policy_is_set_aside_with_the_reason(analyst, document):
    page = give(analyst, document, words="Page not found. Error 404.").content.decode()
    assert "Set aside: it does not count yet" in page
    snapshot = Snapshot.objects.get(document=document)
    reason = snapshot.verdicts.get().reason
    assert reason and reason[1:] in page.replace("&#x27;", "'").replace("&quot;", '"')
    assert not hasattr(snapshot, "version")


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("terms.TXT", POLICY.encode("utf-16")),
        ("terms.md", b"\xef\xbb\xbf" + POLICY.encode()),
        ("terms.html", PAGE.format("".join(f"<p>{one}</p>" for one in SENTENCES)).encode("cp1252")),
        ("terms.pdf", make_pdf([["Terms of service", *SENTENCES]])),
    ],
)
def test_files_are_read_as_captured_pages_are(analyst, document, name, body):
    page = give(analyst, document, file=SimpleUploadedFile(name, body))
    assert "Accepted" in page.content.decode()
    content = Snapshot.objects.get(document=document).text.content
    assert "Terms of service" in content and SENTENCES[7] in content
    assert "Menu" not in content and "x()" not in content


def test_the_selectors_of_the_document_choose_parts_of_a_page_unless_left_aside(analyst, document):
    document.select = "#terms"
    document.save()
    body = PART.format("".join(f"<p>{one}</p>" for one in SENTENCES))
    page = give(analyst, document, words=body, pasted_as="text/html")
    assert "matches nothing" in page.content.decode() and "&lt;main&gt;" in page.content.decode()
    assert not Snapshot.objects.filter(document=document).exists()
    give(analyst, document, words=body, pasted_as="text/html", whole="on")
    assert SENTENCES[7] in Snapshot.objects.get(document=document).text.content


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({}, "Nothing was given"),
        ({"words": " \n\0 "}, "Null characters are not allowed"),
        ({"words": "x", "file": ("a.txt", b"y")}, "not both"),
        ({"file": ("terms.docx", b"PK\x03\x04")}, "terms.docx is not read"),
        ({"file": ("empty.txt", b"")}, "empty"),
        ({"file": ("white.txt", b" \n ")}, "holds no text"),
        ({"file": ("broken.pdf", b"%PDF-1.7\nbroken")}, "The PDF is damaged"),
        ({"file": ("locked.pdf", make_pdf([["x"]], password="secret"))}, "encrypted"),
        ({"file": ("deep.html", b"<html>" + b"<div>" * 30_000)}, "<li>"),
        ({"words": "<html></html>", "pasted_as": "text/html"}, "holds no text"),
        ({"words": "x", "pasted_as": "x/y"}, "x/y is not one of the available choices"),
        ({"words": "x", "url": "javascript:1"}, "Enter a valid URL"),
        ({"words": "x", "seen_at": "2999-01-01T00:00"}, "is yet to come"),
        ({"words": "x", "seen_at": "0026-01-01T00:00"}, "before there was a web"),
        ({"words": "x", "seen_at": "yesterday"}, "Enter a valid date/time"),
    ],
)
def test_what_is_wrong_with_the_input_is_told_and_what_was_typed_stays(analyst, document, sent, said):
    sent = {key: SimpleUploadedFile(*value) if key == "file" else value for key, value in sent.items()}
    sent = {"url": "https://typed.example/here"} | sent
    page = give(analyst, document, **sent)
    shown = page.content.decode()
    assert page.status_code == 200 and 'class="errorlist' in shown and said in shown
    assert f'value="{sent["url"]}"' in shown
    assert not Check.objects.filter(document=document).exists()


def test_one_document_has_one_look_of_a_moment(analyst, document):
    give(analyst, document, words=POLICY)
    page = give(analyst, document, words=POLICY + "\nMore words than before.\n").content.decode()
    assert "has a look of 2026-03-01 10:00:00 UTC already" in page and "More words than before." in page
    assert Snapshot.objects.filter(document=document).count() == 1


def test_a_file_that_is_too_large_is_not_read(analyst, document, monkeypatch):
    monkeypatch.setattr("platforms.admin.by_hand.MOST_BYTES", 10)
    page = give(analyst, document, file=SimpleUploadedFile("terms.txt", POLICY.encode()))
    assert "more than 10" in page.content.decode()


def test_who_has_no_right_is_refused(people, document):
    path = reverse("admin:platforms_document_paste", args=[document.pk])
    bare = signed_in(User.objects.create_user("bare", is_staff=True))
    assert bare.get(path).status_code == give(bare, document, words=POLICY).status_code == 403
    assert not Check.objects.filter(document=document).exists()
    page = reverse("admin:platforms_document_change", args=[document.pk])
    for role in people:
        client = signed_in(people[role])
        assert client.get(path).status_code == 200
        assert f'href="{path}"' in client.get(page).content.decode()
    assert signed_in(people["analyst"]).get(path.replace(str(document.pk), "999999")).status_code == 404


def test_a_look_that_failed_leads_here(analyst, document):
    path = reverse("admin:platforms_document_paste", args=[document.pk])
    for outcome, led in (("failed", True), ("unchanged", False)):
        moment = factories.moment(f"2026-01-0{len(outcome) - 5}")
        check = platform_actions.record_check(
            document=document, checked_at=moment, outcome=outcome, by=factories.actors.machine()
        )
        page = analyst.get(reverse("admin:platforms_check_change", args=[check.pk])).content.decode()
        assert (f'href="{path}"' in page) == led


def test_the_page_takes_few_queries_and_starts_with_what_is_known(analyst, document):
    give(analyst, document, words=POLICY)
    look = Check.objects.get(document=document)
    path = reverse("admin:platforms_document_paste", args=[document.pk])
    with CaptureQueriesContext(connection) as captured:
        page = analyst.get(path, {"look": look.pk})
    assert len(captured) <= 12
    assert 'value="https://testwerk.example/terms"' in page.content.decode()
    assert timezone.now() - page.context["form"].initial["seen_at"] < timedelta(minutes=5)
    other = factories.a_capture()
    assert "reading-result" not in analyst.get(path, {"look": other.pk}).content.decode().split("</head>")[1]
    assert analyst.get(path, {"look": "x" * 50}).status_code == 200
