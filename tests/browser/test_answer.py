"""From a question to a complaint: the way that a reader goes who wants to do something about a clause."""

import pytest

pytestmark = pytest.mark.browser

QUESTION = "can jasper train on my prompts"
CLAUSE = "User Content Used for AI Model Training"
PLACE = "/platform/jasper-ai/jasper-privacy-policy/user-content-used-for-ai-model-training/"


@pytest.mark.parametrize("javascript", [True, False])
@pytest.mark.parametrize("width", [1280, 390])
def test_from_a_question_to_a_complaint(visit, width: int, javascript: bool) -> None:
    visitor = visit(width=width, javascript=javascript)
    page = visitor.open("/")
    main = page.locator("main")

    def fits() -> bool:
        return main.evaluate("() => document.documentElement.scrollWidth") <= width

    main.get_by_role("search").locator("input[name=q]").fill(QUESTION)
    main.get_by_role("button", name="Search").click()
    page.wait_for_url("**/search/?q=can+jasper+train+on+my+prompts")
    assert fits()
    main.locator("#best-matches").get_by_role("link", name=CLAUSE).click()
    page.wait_for_url(f"**{PLACE}")
    assert fits()

    main.get_by_role("link", name="Compare side by side").click()
    page.wait_for_url("**/compare/user-content-for-ai-training/?p=*")
    assert fits()
    main.get_by_role("link", name=CLAUSE).click()
    page.wait_for_url(f"**{PLACE}")

    main.get_by_role("link", name="Federal Trade Commission").first.click()
    page.wait_for_url("**/agencies/ftc/")
    assert fits()
    line = main.get_by_role("listitem").filter(has=page.get_by_role("link", name=CLAUSE))
    line.get_by_role("link", name="Write").click()
    page.wait_for_url("**/record/CA-P-010656/complaint/ftc/")
    assert fits()

    text = page.locator("#finished-text")
    assert "CA-P-010656" in text.inner_text()
    assert "[your name or initials]" in text.inner_text()
    if javascript:
        page.get_by_label("Your name or initials").fill("Initials <b>only</b>")
        assert "Initials <b>only</b>" in text.inner_text()
        assert "[your name or initials]" not in text.inner_text()
    assert visitor.complaints == []
