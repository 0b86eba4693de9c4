"""The quality gate: what it lets in, what it refuses and why; and what it makes of some 5,000 real records."""

import os
from collections import Counter
from pathlib import Path

import pytest

from platforms.capture.gate import Fault, judge
from platforms.capture.language import base, languages_of
from platforms.plaintext import project
from platforms.terms.history import Record
from platforms.terms.naming import document_kind
from platforms.terms.repository import open_repository

# Invented texts

POLICY = """\
Privacy Policy
==============

Last updated: 3 March 2026

This policy says what Fernpost GmbH does with what it knows about the people who write letters with it.

What we collect
---------------

We collect your name, your e-mail address and the letters that you write with our service. We also keep a record of
the days on which you used it, and of the device that you used.

*   Letters are kept for 90 days after you delete them.
*   Invoices are kept for ten years, because the law asks us to.
*   Records of use are kept for thirty days and then deleted.

What we do with it
------------------

We use your letters to deliver them and for nothing else. We do not sell them, and we do not show them to others
unless a court orders us to. If a court does, we tell you before we hand anything over, where we are allowed to.

Your rights
-----------

You may ask us for a copy of everything that we hold about you, and we answer within thirty days. You may ask us to
delete it. You may complain to the authority of the place where you live.
"""

SHORT_POLICY = """\
# Refunds

You can return a subscription within fourteen days of buying it. We pay back the whole price when you have sent
fewer than ten letters. After that we pay back the part that you have not used.

To ask for it, write to us from the address of your account. We answer within five working days, and the money is
with you two weeks later at the latest. Gifts can be returned by the person who paid for them.
"""

REWRITTEN = """\
# Fernpost privacy notice

*In force from 1 June 2026.* We have written this notice anew and made it shorter, so that it can be read in a
minute. Fernpost GmbH in Bremen answers for it.

We know your name, how to reach you, and what you send. Nobody but the people you write to gets to see it. We erase
everything two weeks after you close your account, save for bills.

Ask us for a copy at any time. You can also turn to the data protection authority in Bremen.
"""

CHINESE_POLICY = """\
# 隐私政策

本隐私政策说明远邮公司如何处理您在使用书信服务时提供的个人信息。请您在使用服务之前仔细阅读。

## 我们收集的信息

我们会收集您的姓名、电子邮箱以及您使用本服务撰写的信件。我们还会记录您使用服务的日期和所用的设备。

## 信息的使用

我们仅为投递信件而使用您的信件内容，不会向任何第三方出售您的个人信息。除非法院要求，我们不会向他人披露。

## 您的权利

您可以随时要求查阅、更正或者删除您的个人信息，我们会在三十日内答复。您也可以向主管机关投诉。
"""

GERMAN_POLICY = """\
# Datenschutzerklärung

Diese Erklärung beschreibt, was die Fernpost GmbH mit den Daten der Menschen macht, die mit ihr Briefe schreiben.

Wir erheben Ihren Namen, Ihre Anschrift und die Briefe, die Sie mit unserem Dienst schreiben. Wir speichern auch, an
welchen Tagen Sie den Dienst genutzt haben. Gelöschte Briefe bewahren wir neunzig Tage lang auf.

Wir geben Ihre Briefe an niemanden weiter, es sei denn, ein Gericht ordnet es an. Sie können jederzeit Auskunft über
Ihre Daten verlangen, und wir antworten innerhalb eines Monats. Sie können sich auch bei der Aufsicht beschweren.
"""

TERMS = """\
# Terms of Service

These terms are a contract between you and Fernpost GmbH. By opening an account you agree to them.

You must be at least sixteen years old. You are answerable for what is done with your account, and you keep its
password to yourself. You may end the contract on any day, with effect from the end of the month.

We may close an account that is used to threaten people. Where we do, we pay back what you have paid for the time
that is left. We answer for damage that we do on purpose or by gross negligence, and otherwise up to the price paid.
"""

LONG_POLICY = "\n".join(
    f"## {n}. What we do in case {n}\n\nIn case {n} we keep the record of your letters for {n} days and then delete it,"
    f" unless the law of place {n} asks us for more. You may object to this in case {n} too.\n"
    for n in range(1, 120)
)
SERVICES = "".join(f"*   [Something about letters, part {number}](/part-{number})\n" for number in range(40))


@pytest.mark.parametrize(
    "text",
    [
        POLICY,
        SHORT_POLICY,
        REWRITTEN,
        CHINESE_POLICY,
        GERMAN_POLICY,
        TERMS,
        LONG_POLICY,
        GERMAN_POLICY + "\n" + POLICY,
    ],
    ids=["policy", "short", "rewritten", "Chinese", "German", "terms", "long", "bilingual"],
)
def test_policies_are_accepted(text):
    assert judge(text).reason == ""
    assert judge(text).accepted
    assert judge(project(text), previous=text).accepted
    assert judge(text, previous=text + "\nWe may change this policy and tell you before we do.\n").accepted


NOTHING = ["", "   \n\n", "* * *\n\n- - -\n", "\u200b"]
ERROR_PAGES = [
    "404 Not Found",
    "# 404\n\nPage not found",
    "# Not Found\n\nThe requested URL was not found on this server.",
    "Error 404 (Not Found)!!1",
    "# Page not found | Fernpost\n\nThe page you are looking for does not exist. Go back home.",
    "Oops! We can't find the page you're looking for.\n\n[Home](/)",
    "# Sorry, this page isn’t available\n\nThe link you followed may be broken, or the page may have been removed.",
    "# 403 Forbidden\n\nnginx",
    "Access Denied\n\nYou don't have permission to access this page.\n\nReference #18.2f0",
    "# 502 Bad Gateway\n\nPlease try again in a few minutes.",
    "503 Service Temporarily Unavailable",
    "# Internal Server Error\n\nThe server met an internal error and was unable to complete your request.",
    "# Something went wrong\n\nReload",
    "An unexpected error has occurred.\n\nTry again later.",
    "Diese Seite ist momentan nicht verfügbar\n------\n\nDies liegt möglicherweise an einem Fehler.",
    "# Page introuvable\n\nLa page que vous cherchez n'existe pas.",
    "抱歉，您访问的页面不存在",
    "ページが見つかりません",
]
REDIRECTS = [
    "Redirecting to legal.fernpost.example",
    "Redirecting…",
    "# Moved Permanently\n\nThe document has moved [here](/legal).",
    "You are being redirected.\n\nIf you are not redirected automatically, click here.",
    "正在跳转",
]
LOGIN_WALLS = [
    "# Log in\n\nEmail\n\nPassword\n\n[Forgot your password?](/reset)\n\nDon’t have an account? Sign up",
    "Sign in to continue\n\nContinue with Umbrella\n\nBy going on you agree to our [Terms](/t) and [Privacy](/p).",
    "# Welcome back\n\nEmail address\n\nContinue",
    "You must be logged in",
    "请先登录\n\n忘记密码",
]
BOT_CHECKS = [
    "Just a moment...\n\nChecking your browser before you go on to fernpost.example.",
    "# Verify you are human\n\nPlease complete the security check.",
    "You need to enable JavaScript to run this app.",
    "Please enable cookies.",
]
BANNERS = [
    "We value your privacy\n\nWe use cookies to improve your visit and to see how the site is used. You can choose."
    "\n\nReject all\n\nAccept all",
    "This website uses cookies so that it works well for you.\n\nCookie settings\n\nAccept all cookies",
]
SCRIPTS = [
    '{"props": {"page": {"title": "Privacy Policy", "blocks": [1, 2, 3]}}, "locale": "en"}',
    "window.__state = {a: 1, b: [2]}; (function () { var x = document.body; if (x) { x.className = 'on'; } })();" * 9,
    "body { margin: 0; color: #333; } .menu { display: flex; } @media (max-width: 40em) { .menu { display: none; } }"
    * 5,
    "<!DOCTYPE html>\n<html><head><title>Privacy Policy</title></head><body><p>We keep it.</p></body></html>",
]
MENUS = [
    f"# Legal\n\n{SERVICES}",
    "# Our policies\n\n" + "".join(f"*   [Policy for letters of kind {n}](/{n}): read it.\n" for n in range(30)),
    "Home\n\nProducts\n\nPricing\n\nBlog\n\nCareers\n\nLog in\n\nGet started\n\nWe make letters fly, everywhere.",
]
HEADINGS = ["# Privacy Policy", "# Cookie Policy\n\n## Which cookies\n\n## Your choices"]
STUBS = [
    "Fernpost Privacy Statement\n\nLast updated: March 2026\n\nWhat's new?",
    "Loading…",
    "隐私政策 更新日期：2026年",
]


def _cases() -> list[object]:
    groups = {
        Fault.EMPTY: NOTHING + HEADINGS,
        Fault.ERROR_PAGE: ERROR_PAGES,
        Fault.REDIRECT: REDIRECTS,
        Fault.LOGIN_WALL: LOGIN_WALLS,
        Fault.BOT_CHECK: BOT_CHECKS,
        Fault.COOKIE_BANNER: BANNERS,
        Fault.SCRIPT: SCRIPTS,
        Fault.NAVIGATION: MENUS,
        Fault.TOO_SHORT: STUBS,
    }
    return [
        pytest.param(text, fault, id=f"{fault}-{n}") for fault, texts in groups.items() for n, text in enumerate(texts)
    ]


@pytest.mark.parametrize(("text", "fault"), _cases())
def test_what_is_no_policy_is_refused(text, fault):
    for previous in (None, POLICY, CHINESE_POLICY):
        found = judge(text, previous=previous, title="Privacy Policy", kind="privacy_policy")
        assert (found.fault, found.accepted) == (fault, False), found.reason
        assert found.reason and "\n" not in found.reason


def test_an_error_page_with_the_menu_of_its_site_is_refused():
    page = f"{SERVICES}\n# Page not found\n\nIt may have moved. Search for it or go back to the start.\n\n{LONG_POLICY}"
    assert judge(page).fault == Fault.ERROR_PAGE


def test_an_error_in_place_of_one_part_is_refused():
    error = "# This page isn’t available\n\nAn unexpected error has occurred. Try reloading."
    whole = f"{POLICY}\n- - -\n\n{LONG_POLICY}"
    for broken in (
        f"{error}\n\n- - -\n\n{LONG_POLICY}",
        f"{LONG_POLICY}\n\n- - -\n\n{error}",
        f"{LONG_POLICY}\n\n{error}",
    ):
        found = judge(broken, previous=whole)
        assert (found.fault, judge(broken).fault) == (Fault.ERROR_PAGE, Fault.ERROR_PAGE)
        assert "in place of one part: “This page isn't available”" in found.reason


def test_what_a_person_let_in_is_no_reason_to_refuse_the_next_text():
    error = "# This page isn’t available\n\nAn unexpected error has occurred.\n\n- - -\n\n"
    assert judge(error + LONG_POLICY + TERMS, previous=error + LONG_POLICY).accepted
    assert judge(f"# Legal\n\n{SERVICES * 2}", previous=f"# Legal\n\n{SERVICES}").accepted
    assert judge(GERMAN_POLICY + "Neu.", previous=GERMAN_POLICY, language="en").accepted
    assert judge("# Deposits\n\nWe take none at all.", previous="# Deposits\n\nWe take none.").accepted


MENTIONS = """\
# Outages

If a page answers with error 404, tell us which one it was. An error page is no promise that it comes back.

You must log in to ask for money back. Access denied messages are counted as outages from the second hour on, and so
are pages that send you on without end. Redirecting you to another host is not an outage.

## Page not found

We count it when it lasts for more than an hour. We use cookies to see that you are the same person. Accept all of
them, or reject all of them: the count is the same. You need to enable JavaScript to see the count.

*   Log in
*   Email address
*   Log in to your account and choose “Outages”.
"""


def test_policies_may_speak_of_errors_logins_and_cookies():
    later = POLICY + MENTIONS.replace("## Page not found\n", "## Pages that are not found\n")
    assert judge(later).reason == ""
    assert judge(later, previous=POLICY).reason == ""
    assert judge(MENTIONS.replace("## Page not found\n", "")).reason == ""
    assert judge(POLICY + MENTIONS).reason == ""  # a heading far below the top, and no error sentence behind it


def test_headings_below_the_first_may_sound_like_errors():
    levels = "# Service levels\n\n## Service unavailable\n\n" + SHORT_POLICY.removeprefix("# Refunds\n") * 4
    assert judge(levels).reason == ""
    assert judge(levels, previous=SHORT_POLICY * 4).reason == ""


def test_a_real_policy_under_a_menu_or_a_banner_is_accepted():
    menu = "Home\n\nProducts\n\nPricing\n\nLog in\n\nGet started\n\n"
    for text in (menu + POLICY, BANNERS[0] + "\n\n" + POLICY):
        assert judge(text).reason == ""
        assert judge(text, previous=POLICY).reason == ""


@pytest.mark.parametrize(
    ("text", "previous", "language", "reason"),
    [
        (GERMAN_POLICY, None, "en", "in German, the document is in English"),
        (GERMAN_POLICY, POLICY, "", "in German, the document is in English"),
        (POLICY, None, "de-AT", "in English, the document is in German"),
        (POLICY, CHINESE_POLICY, "", "in English, the document is in Chinese"),
        (CHINESE_POLICY, None, "ja", "in Chinese, the document is in Japanese"),
    ],
)
def test_another_language_is_refused(text, previous, language, reason):
    found = judge(text, previous=previous, language=language)
    assert found.fault == Fault.LANGUAGE
    assert found.reason.startswith(reason)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (POLICY, "en-GB"),
        (CHINESE_POLICY, "zh-Hant"),
        (GERMAN_POLICY * 3 + POLICY * 3, "en"),
        (GERMAN_POLICY * 3 + POLICY * 3, "de"),
        (POLICY, "tlh"),  # one that cannot be told
    ],
)
def test_the_language_that_is_expected_is_accepted(text, language):
    assert judge(text, language=language).reason == ""


def test_languages_are_told_from_samples():
    assert languages_of(POLICY * 50) == {"en"}
    assert languages_of(POLICY * 3 + GERMAN_POLICY * 3) == {"en", "de"}
    assert languages_of("404") == frozenset()
    assert [base(tag) for tag in ("pt-BR", "nb", "da", "zh_CN", "", "tlh")] == ["pt", "no", "no", "zh", "", ""]


def test_another_document_is_refused():
    found = judge(TERMS, previous=POLICY, kind="privacy_policy")
    assert (found.fault, "“Terms of Service”" in found.reason) == (Fault.OTHER_DOCUMENT, True)
    assert judge(TERMS, previous=POLICY).fault == Fault.OTHER_DOCUMENT
    assert judge(TERMS, title="Privacy Policy").fault == Fault.OTHER_DOCUMENT
    assert judge(POLICY, kind="terms_of_service").fault == Fault.OTHER_DOCUMENT


def test_titles_that_go_together_are_accepted():
    assert judge(TERMS, kind="developer_terms").accepted
    assert judge(TERMS, kind="acceptable_use_policy").accepted
    assert judge(TERMS, kind="other", title="Privacy, cookies and the rest").accepted
    under_a_menu = "Terms\n\nHelp\n\n# How we treat letters\n\nYour privacy is safe." + POLICY.partition("2026")[2]
    assert judge(under_a_menu, kind="privacy_policy").accepted
    assert judge(TERMS, previous="# Our terms\n\n" + POLICY.partition("2026")[2], kind="privacy_policy").accepted
    both = TERMS.replace("# Terms of Service", "# Terms of Service and Privacy Policy")
    assert judge(both, kind="privacy_policy").accepted
    assert judge(f"{TERMS}\n# Privacy Policy\n\n{POLICY}", kind="privacy_policy").accepted


def test_a_rewritten_and_shorter_policy_is_accepted_at_first_sight():
    assert len(project(REWRITTEN).plain) < len(project(POLICY).plain) / 2
    assert judge(REWRITTEN, previous=POLICY, kind="privacy_policy").reason == ""
    twice = POLICY + TERMS.replace("# Terms of Service", "## More")
    assert judge(REWRITTEN, previous=twice).reason == ""  # a quarter of the length, with words of its own and a title
    rest = "## 1." + LONG_POLICY.partition("## 1.")[2]
    assert judge("# Privacy Policy\n\n" + rest[: len(rest) // 3], previous=LONG_POLICY).accepted


@pytest.mark.parametrize(
    ("text", "previous", "sign"),
    [
        (SHORT_POLICY, LONG_POLICY, "next to nothing is left"),
        (POLICY[:600], POLICY * 3, "it ends early"),
        ("# Letters that fly\n\n" + "Write to anyone, anywhere, in no time at all. " * 12, POLICY * 2, "not headed"),
        ("# Privacy Policy\n\n# More terms\n\n" + SHORT_POLICY, POLICY * 3, "nothing stands below “Privacy Policy”"),
        ("# Privacy Policy\n\n" + "".join(f"| a{n} | b{n} | c{n} |\n" for n in range(80)), POLICY * 3, "any sentences"),
    ],
    ids=["collapsed", "cut", "untitled", "emptied", "wordless"],
)
def test_a_fall_in_length_with_a_second_sign_is_refused(text, previous, sign):
    found = judge(text, previous=previous)
    assert found.fault == Fault.SHRUNK, found.reason
    assert sign in found.reason and " % of the length of the text before" in found.reason


def test_a_text_that_had_been_swollen_may_return_to_its_length():
    swollen = LONG_POLICY + "\n".join(POLICY.replace("letters", f"letters {n}") for n in range(100))
    assert judge(LONG_POLICY, previous=swollen).accepted


def test_chinese_is_measured_in_characters():
    assert len(CHINESE_POLICY) < 400 < len(POLICY)
    assert judge(CHINESE_POLICY, language="zh", kind="privacy_policy", previous=CHINESE_POLICY[:-40]).accepted
    assert judge(CHINESE_POLICY[:60], language="zh").fault == Fault.TOO_SHORT


VISIBLE = """\
Home Products Log in

We use cookies to see who you are and what it is that you read.

{}

Related articles

Ten letters that changed the world and what you can learn from them.
"""


def test_what_the_page_shows_must_be_in_the_text():
    shown = VISIBLE.format(project(POLICY).plain.replace(". ", ".\n"))
    assert judge(POLICY, visible=shown).reason == ""
    lost = POLICY.replace("We do not sell them, and we do not show them to others\nunless a court orders us to. ", "")
    found = judge(lost, visible=shown)
    assert found.fault == Fault.INCOMPLETE
    assert "1 of " in found.reason and "We do not sell them" in found.reason
    assert judge(lost, visible=shown, previous=lost).fault == Fault.INCOMPLETE
    assert judge(TERMS, visible=shown).fault == Fault.INCOMPLETE


def test_no_text_makes_it_raise():
    for text in ("[", "[[[[" * 500, "{" * 300, "\ud800", "#" * 900, "- " * 500, "(" * 4000, "a" * 5000, "。" * 600):
        for previous in (None, "", POLICY):
            assert isinstance(judge(text, previous=previous, title="[", language="x-y", visible=text).reason, str)


# Real terms

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
MOST = 120


def refused(collection: str) -> list[tuple[str, str, str]]:
    """Document, day and fault of each record that is refused; the text before is the last accepted one.

    Of the documents with hundreds of records the first `MOST` are enough.
    """
    bundle = DATA / f"{collection}-versions.bundle"
    if not bundle.is_file():
        reason = f"{bundle} is missing: real terms are needed for this test"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    documents: dict[str, list[Record]] = {}
    found = []
    with open_repository(str(bundle)) as repository:
        for record in sorted(repository.records(), key=lambda record: record.captured_at):
            if record.blob:
                documents.setdefault(record.document, []).append(record)
        for document, records in documents.items():
            records = records[:MOST]
            blobs = list(dict.fromkeys(record.blob for record in records))
            texts = {
                blob: project(content.decode("utf-8", "replace"))
                for blob, content in zip(blobs, repository.contents(blobs), strict=True)
            }
            previous = None
            for record in records:
                expected = {"title": record.terms_type, "kind": document_kind(record.terms_type)[0]}
                finding = judge(texts[record.blob], previous=previous, **expected)
                if finding.accepted:
                    previous = texts[record.blob]
                else:
                    found.append((document, f"{record.captured_at:%Y-%m-%d}", str(finding.fault)))
    return found


# What is refused, by document and fault, and in how many records, at least and at most. All of them were read: error
# messages (alone, or in place of one page of a document that is put together from several), titles whose text is
# gone, redirects, pages in another language, and a page of all of a platform's documents at once. Two are texts that
# a person has to let in: the first in English of a document that had been in Chinese, and its repetition.
REFUSED = {
    "genai-eu": {
        ("Le Chat/Commercial Terms", "redirect"): (1, 1),
        ("Le Chat/Privacy Policy", "redirect"): (1, 1),
        ("Le Chat/Terms of Service", "redirect"): (1, 1),
        ("Le Chat/Trackers Policy", "redirect"): (1, 1),
        ("Llama API/Acceptable Use Policy", "error_page"): (41, 41),
        ("Llama API/Data Processor Agreement", "error_page"): (4, 4),
        ("Llama API/Data Processor Agreement", "language"): (2, 2),
        ("Llama API/Privacy Policy", "error_page"): (30, 36),
        ("Llama API/Terms of Service", "error_page"): (40, 45),
        ("Microsoft Copilot/Privacy Policy", "too_short"): (3, 3),
    },
    "genai-contrib": {
        ("Berget AI/Acceptable Use Policy", "language"): (1, 1),
        ("Berget AI/Data Processor Agreement", "language"): (1, 1),
        ("Berget AI/Privacy Policy", "language"): (1, 1),
        ("Berget AI/Service Level Agreement", "language"): (1, 1),
        ("Berget AI/Terms of Service", "language"): (1, 1),
        ("ChatGPT/In-App Purchases Policy", "too_short"): (1, 1),
        ("GitHub Copilot/Privacy Policy", "empty"): (1, 1),
        ("GitHub Copilot/Terms of Service", "shrunk"): (2, 2),
        ("Kimi AI/Terms of Service", "language"): (0, 2),
        ("Liquid AI/Privacy Policy", "empty"): (1, 1),
        ("Liquid AI/Terms of Service", "empty"): (1, 1),
        ("Llama API/Acceptable Use Policy", "error_page"): (60, 60),
        ("Llama API/Data Processor Agreement", "error_page"): (2, 2),
        ("Llama API/Privacy Policy", "error_page"): (26, 32),
        ("Llama API/Terms of Service", "error_page"): (60, 65),
        ("Microsoft Copilot/Privacy Policy", "too_short"): (5, 6),
        ("Mistral AI/Data Processor Agreement", "other_document"): (0, 7),
        ("Mistral AI/Privacy Policy", "other_document"): (0, 7),
        ("Rephrase.ai/Trackers Policy", "empty"): (2, 2),
    },
}


@pytest.mark.slow
@pytest.mark.parametrize("collection", sorted(REFUSED))
def test_of_real_records_those_that_are_no_text_of_their_document_are_refused(collection):
    found = refused(collection)
    counts, listed = Counter((document, fault) for document, _, fault in found), REFUSED[collection]
    assert set(counts) - set(listed) == set()
    wrong = {key: counts[key] for key, (least, most) in listed.items() if not least <= counts[key] <= most}
    assert wrong == {}
    days = {day for document, day, fault in found if document.startswith("Le Chat/") and fault == "redirect"}
    assert days == ({"2025-12-15"} if collection == "genai-eu" else set())
