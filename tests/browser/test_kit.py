"""Writing a complaint and a letter in a real browser: the text follows the fields, and nothing leaves the page."""

from urllib.parse import unquote, urlsplit

import pytest
from django.templatetags.static import static

from tests.browser.test_reading import violations_of

pytestmark = pytest.mark.browser

ICON = "icon.svg"
KIT = "/record/CA-P-010656/complaint/eu-dpas/"
LETTER = "/record/CA-P-010656/letter/refuse-training/"
HOSTILE = "<img src=x onerror=\"document.title='hit'\">&amp;</textarea><script>document.title='hit'</script>"


def text(page) -> str:
    return page.locator("#finished-text").inner_text()


@pytest.mark.parametrize("width", [1280, 390])
def test_the_text_follows_the_fields_and_nothing_leaves_the_page(visit, width: int) -> None:
    visitor = visit(width=width)
    page = visitor.open(KIT)
    page.wait_for_load_state("networkidle")
    asked: list[str] = []
    # A browser fetches the page's icon when it likes, in a page that is idle too: an address without anything typed.
    page.on("request", lambda request: asked.append(request.url) if not request.url.endswith(static(ICON)) else None)
    assert "[your name or initials]" in text(page)
    assert "[dates of your messages" not in text(page), "what is optional appears when it is filled in"
    page.get_by_label("Your name or initials").fill("Ada L.")
    page.get_by_label("Where you live").fill("Utrecht")
    page.get_by_label("What happened, with dates").fill("On 3 May\nmy drafts were used.")
    page.get_by_label("Have you written to the platform?").select_option(index=2)
    page.get_by_label("When you wrote").fill("4 May")
    page.get_by_label("It stops using my content").uncheck()
    page.keyboard.press("Enter")
    words = text(page)
    assert words.count("Ada L.") == 2
    assert "I live in: Utrecht" in words
    assert "On 3 May\nmy drafts were used." in words
    assert "I wrote to the platform and have had no answer.\n4 May" in words
    assert "It stops using my content" not in words
    assert str(page.evaluate("new Date().getFullYear()")) in words.split("Ada L.")[-1]
    assert page.get_by_role("status").filter(has_text="blanks are still empty").inner_text().startswith("2 ")
    assert asked == []
    assert page.url.endswith(KIT)
    kept = page.evaluate("JSON.stringify([localStorage, sessionStorage, document.cookie, history.state])")
    assert not any(word in kept for word in ("Ada", "Utrecht", "drafts", "4 May"))
    assert page.evaluate("indexedDB.databases().then((found) => found.length)") == 0
    assert page.context.cookies() == []
    page.reload()
    assert "Ada" not in page.content() and page.get_by_label("Your name or initials").input_value() == ""
    assert visitor.complaints == []


def test_hostile_input_stays_text(visit) -> None:
    visitor = visit()
    for address, label in ((KIT, "Your name or initials"), (LETTER, "Your name")):
        page = visitor.open(address)
        title = page.title()
        page.get_by_label(label).fill(HOSTILE)
        assert HOSTILE in text(page)
        assert page.locator("#finished-text img, #finished-text script").count() == 0
        assert page.title() == title
    assert visitor.complaints == []


def test_a_field_emptied_again_is_a_blank_again(visit) -> None:
    page = visit().open(KIT)
    before = text(page)
    for label in ("Your name or initials", "Anything else you want"):
        page.get_by_label(label).fill("x")
        assert text(page) != before
        page.get_by_label(label).fill("  ")
    assert text(page) == before


def test_the_heading_of_the_wishes_goes_with_the_last_of_them(visit) -> None:
    page = visit().open(KIT)
    page.get_by_label("It stops using my content").uncheck()
    assert "WHAT WOULD PUT IT RIGHT" in text(page)
    page.get_by_label("It explains to me").uncheck()
    assert "WHAT WOULD PUT IT RIGHT" not in text(page) and "What I want from" not in text(page)
    page.get_by_label("Anything else you want").fill("An apology.")
    assert "WHAT WOULD PUT IT RIGHT FOR ME\nWhat I want from Jasper AI:\n- An apology.\n" in text(page)


def test_copying_takes_the_finished_text(visit) -> None:
    visitor = visit()
    visitor.page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=visitor.site)
    page = visitor.open(KIT)
    page.get_by_label("Your name or initials").fill("Ada L.")
    page.get_by_label("It explains to me").uncheck()
    page.get_by_role("button", name="Copy the text").click()
    page.get_by_role("button", name="Copied").wait_for()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == text(page).strip()
    assert "Name: Ada L." in copied and "It explains" not in copied


def test_the_mail_follows_the_letter_and_has_one_receiver(visit) -> None:
    visitor = visit()
    page = visitor.open(LETTER)
    link = page.get_by_role("link", name="Open it in your mail program")
    evil = "Ada\r\nBcc: spy@evil.example&cc=spy@evil.example?#%0D%0A \ud83d\ude00"
    page.get_by_label("Your name").fill(evil)
    page.evaluate("document.querySelector('#fill-name').value += String.fromCharCode(0xD800)")
    page.get_by_label("E-mail address of the account").fill("ada@post.example")
    parts = urlsplit(link.get_attribute("href"))
    assert unquote(parts.path) == "privacy@jasper.ai"
    assert parts.fragment == ""
    subject, body = parts.query.removeprefix("subject=").split("&body=")
    assert "&" not in body and "?" not in body
    assert unquote(subject) == "Opt-out: do not use my content to train AI models"
    assert "E-mail address of the account: ada@post.example\r\n" in unquote(body)
    assert "\n" not in unquote(body).replace("\r\n", "")
    assert visitor.complaints == []


@pytest.mark.parametrize("address", [KIT, LETTER])
def test_without_script_the_text_is_there_with_its_blanks(visit, address: str) -> None:
    page = visit(javascript=False, width=390).open(address)
    assert "[your" in text(page)
    assert not page.locator("[data-fields]").is_visible()
    assert not page.get_by_role("button", name="Print").is_visible()
    assert page.get_by_text("copy the text below").is_visible()
    mail = page.get_by_role("link", name="Open it in your mail program")
    assert mail.count() == (1 if address == LETTER else 0)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


@pytest.mark.parametrize("address", [KIT, LETTER])
def test_on_paper_stand_text_and_facts_and_no_controls(visit, address: str) -> None:
    page = visit().open(address)
    page.get_by_label("Your name", exact=False).first.fill("Ada L.")
    page.emulate_media(media="print")
    assert page.locator("#finished-text").is_visible()
    assert page.locator("dl.facts").first.is_visible()
    assert "Ada L." in text(page)
    controls = page.locator("main :is(button, input, textarea, select)")
    assert controls.count() > 3
    assert not any(control.is_visible() for control in controls.all())
    assert not any(page.get_by_role("heading", name=name).is_visible() for name in ("Your part", "The text"))
    advice = page.locator("#before, #file-it, #send-it, .lede, p[data-proof], .site-footer")
    assert advice.count() > 3
    assert not any(part.is_visible() for part in advice.all())
    assert page.pdf().startswith(b"%PDF")


def test_print_opens_the_browsers_own_dialogue(visit) -> None:
    visitor = visit()
    visitor.page.add_init_script("window.printed = 0; window.print = () => { window.printed += 1; };")
    page = visitor.open(KIT)
    page.get_by_role("button", name="Print").click()
    assert page.evaluate("window.printed") == 1


@pytest.mark.parametrize("javascript", [True, False])
@pytest.mark.parametrize("width", [1280, 390])
def test_from_an_agency_to_the_finished_complaint_by_clicking(visit, width: int, javascript: bool) -> None:
    visitor = visit(width=width, javascript=javascript)
    page = visitor.open("/agencies/")
    page.get_by_role("link", name="Federal Trade Commission").click()
    page.locator("main").get_by_role("link", name="Replit", exact=True).click()
    page.wait_for_url("**/agencies/ftc/?platform=replit#clauses")
    page.get_by_role("link", name="Write your complaint").first.click()
    page.wait_for_url("**/complaint/ftc/")
    assert "To: Federal Trade Commission" in text(page)
    assert page.get_by_role("link", name="The official form at reportfraud.ftc.gov").is_visible()
    assert visitor.complaints == []


MORE = (
    "/agencies/ftc/?platform=replit",
    "/agencies/ftc/?platform=zzz",
    "/agencies/eu-dpas/",
    "/regulations/gdpr/?article=Art.%2017",
    "/regulations/colorado-ai-act/",
    "/record/CA-P-010656/complaint/uk-ico/",
)


@pytest.mark.slow
def test_lists_narrowed_down_and_dead_ends_are_accessible_and_fit_the_screen(visit) -> None:
    found = {}
    for address in MORE:
        page = visit(width=390).open(address)
        violations = violations_of(page)
        if page.evaluate("document.documentElement.scrollWidth") > 390:
            violations.append("the page is wider than the screen")
        if violations:
            found[address] = violations
        page.context.close()
    assert found == {}
