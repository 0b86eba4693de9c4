"""The words of a PDF: all of them, without the furniture of its pages, and a plain word where there are none."""

import io

import pytest
from pypdf import PdfWriter
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

from platforms.capture.extracting import Extraction, Kind, extract
from platforms.capture.pdf import without_furniture
from platforms.capture.responses import Fault
from platforms.plaintext import project

from .pages import answer, refused


def make_pdf(pages: list[list[str]], *, password: str = "", title: str = "") -> bytes:
    """A PDF with one line of text below the other, made without any tool that tests would not have."""
    writer = PdfWriter()
    for lines in pages:
        page = writer.add_blank_page(width=595, height=842)
        font = DictionaryObject(
            {
                NameObject("/Type"): NameObject("/Font"),
                NameObject("/Subtype"): NameObject("/Type1"),
                NameObject("/BaseFont"): NameObject("/Helvetica"),
            }
        )
        fonts = DictionaryObject({NameObject("/F1"): writer._add_object(font)})
        page[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): fonts})
        shown = "".join(f"1 0 0 1 50 {800 - 14 * n} Tm ({line}) Tj\n" for n, line in enumerate(lines))
        stream = DecodedStreamObject()
        stream.set_data(f"BT /F1 11 Tf\n{shown}ET".encode("latin-1"))
        page[NameObject("/Contents")] = writer._add_object(stream)
    if title:
        writer.add_metadata({"/Title": title})
    if password:
        writer.encrypt(password, algorithm="RC4-128")
    written = io.BytesIO()
    writer.write(written)
    return written.getvalue()


def read(pages: list[list[str]], **given: str) -> Extraction:
    found = extract(answer(make_pdf(pages, title="Terms"), "application/octet-stream"), **given)
    assert isinstance(found, Extraction), found
    assert (found.kind, found.title) == (Kind.PDF, "Terms")
    return found


PAGES = [
    [
        "Pennowisk Terms",
        f"Page {number} of 4",
        f"{number}. Rule {name} binds everyone who uses the service, and everyone who",
        "merely looks at it; see section 30 and the price of * stars.",
        f"The rule {name} ends here and is followed by another one of the same kind",
        "that ends.",
        f"- {number} -",
    ]
    for number, name in enumerate(["first", "second", "third", "fourth"], 1)
]


def test_sentences_stay_and_furniture_goes() -> None:
    found = read(PAGES)
    plain = project(found.markdown).plain
    for number, name in enumerate(["first", "second", "third", "fourth"], 1):
        assert (
            f"{number}. Rule {name} binds everyone who uses the service, and everyone who merely looks at it; "
            "see section 30 and the price of * stars." in plain
        )
        assert f"The rule {name} ends here and is followed by another one of the same kind that ends." in plain
    assert "Pennowisk" not in plain
    assert "Page" not in plain
    assert "- 2 -" not in plain
    assert found.visible.count("Pennowisk Terms") == 4


def test_numbers_that_do_not_count_the_pages_stay() -> None:
    pages = [
        [f"A{days * 3}", f"B{days}", "words", "more", f"{days % 7} words", f"You have {days} days"]
        for days in (30, 60, 14)
    ]
    assert [page[-1] for page in without_furniture(pages)] == [
        "You have 30 days",
        "You have 60 days",
        "You have 14 days",
    ]


def test_a_sentence_that_ends_every_page_stays() -> None:
    pages = [["A", "B", f"words {name}", "more", "words", "You accept all this."] for name in "xyz"]
    assert [page[-1] for page in without_furniture(pages)] == ["You accept all this."] * 3


def test_two_pages_keep_all() -> None:
    assert without_furniture([["Title", "a", "b", "c", "1"]] * 2) == [["Title", "a", "b", "c", "1"]] * 2


def test_hyphens_go_only_where_the_word_is_known() -> None:
    found = read(
        [
            [
                "This agreement binds you, and by using the service you accept the agree-",
                "ment as it stands here. It covers long-term and short-term use, or long-",
                "term storage of your data, and it names all pre-",
                "and post-contract duties of every party that takes part in the cross-",
                "border transfer of your data to other companies and places.",
            ]
        ]
    )
    plain = project(found.markdown).plain
    assert "accept the agreement as it" in plain
    assert "or long-term storage" in plain
    assert "all pre- and post-contract" in plain
    assert "the cross-border transfer" in plain


def test_pdf_without_words_says_so() -> None:
    assert refused(make_pdf([[], []]), "application/pdf").fault is Fault.SCANNED


def test_encrypted_pdf_says_so() -> None:
    assert refused(make_pdf(PAGES, password="secret"), "application/pdf").fault is Fault.ENCRYPTED


@pytest.mark.parametrize("cut", [20, 300, 600])
def test_damaged_pdf_says_so(cut: int) -> None:
    assert refused(make_pdf(PAGES)[:cut], "application/pdf").fault is Fault.BROKEN_PDF
