"""The quality gate lets policies in and refuses what is none, with the reason: errors, walls, menus, code."""

import pytest

from platforms.capture.gate import Fault, judge
from platforms.plaintext import project

from .policies import CHINESE_POLICY, GERMAN_POLICY, LONG_POLICY, POLICY, REWRITTEN, SHORT_POLICY, TERMS

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


def test_no_text_makes_it_raise():
    for text in ("[", "[[[[" * 500, "{" * 300, "\ud800", "#" * 900, "- " * 500, "(" * 4000, "a" * 5000, "。" * 600):
        for previous in (None, "", POLICY):
            assert isinstance(judge(text, previous=previous, title="[", language="x-y", visible=text).reason, str)
