"""The quality gate asks whether a policy is the one expected: its language, title, length, what its page shows."""

import pytest

from platforms.capture.gate import Fault, judge
from platforms.capture.language import base, languages_of
from platforms.plaintext import project

from .policies import CHINESE_POLICY, GERMAN_POLICY, LONG_POLICY, POLICY, REWRITTEN, SHORT_POLICY, TERMS


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
