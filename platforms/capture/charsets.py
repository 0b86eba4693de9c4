"""Which characters the bytes of an answer are: what is declared, unless the bytes say otherwise."""

from __future__ import annotations

import codecs
import re

from bs4.dammit import EncodingDetector, UnicodeDammit

_DECLARED = re.compile(r"charset\s*=\s*[\"']?([\w:.-]+)", re.IGNORECASE)
# Pages declare the smaller set and use the larger one; browsers read the larger one too.
_LARGER = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "big5": "big5hkscs",
}
_LATIN = re.compile(r"cp125[0247]|cp(?:437|85\d)|iso8859-(?:1|2|3|4|9|1[03456])|mac_?\w*|cp1140|hp_roman8|tis_620")
_CENTRAL_EUROPE = frozenset({"pl", "cs", "sk", "hu", "sl", "hr", "bs", "ro", "sq"})
_SEVEN_BIT = frozenset({"iso2022_jp", "iso2022_kr", "hz", "utf-7"})  # look like ASCII and are not
_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]")
_LINE_ENDS = re.compile(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_SURROGATES = re.compile(r"[\ud800-\udfff]")


def decode(body: bytes, content_type: str, language: str = "", *, markup: bool) -> str:
    """The text of a body, without characters that no text can hold. `markup` says that it may declare its charset.

    In this order: a byte order mark; valid UTF-8; the header, then the page's own declaration, where the bytes fit
    it; UTF-8 with a few damaged places; what the bytes look like, for `language` ("pl") where they are Latin letters.
    """
    for mark, name in _MARKS:
        if body.startswith(mark):
            return clean(body[len(mark) :].decode(name, "replace"))
    declared = [name for name in (_in_header(content_type), _in_page(body) if markup else "") if name]
    if not (_SEVEN_BIT & set(declared) or body.count(0) * 10 > len(body)):
        declared = ["utf-8", *declared]
    for name in declared:
        try:
            return clean(body.decode(name))
        except UnicodeDecodeError:
            continue
    mostly = body.decode("utf-8", "replace")
    if mostly.count("\ufffd") * 20 < sum(character > "\x7f" for character in mostly):
        return clean(mostly)
    found = UnicodeDammit(body, is_html=markup)
    name = _known(found.original_encoding or "")
    if found.unicode_markup is not None and not _LATIN.fullmatch(name):
        return clean(found.unicode_markup)
    # Few letters tell the Latin alphabets apart, so guessing goes wrong; the language of the document does not.
    return clean(body.decode("cp1250" if language[:2].lower() in _CENTRAL_EUROPE else "cp1252", "replace"))


def clean(text: str) -> str:
    """The text with line ends as LF and without control characters and halves of characters."""
    return _SURROGATES.sub("\ufffd", _CONTROLS.sub("", _LINE_ENDS.sub("\n", text)))


def _in_header(content_type: str) -> str:
    match = _DECLARED.search(content_type)
    return _known(match[1]) if match else ""


def _in_page(body: bytes) -> str:
    """What a page says of itself; it cannot be UTF-16, or this could not have been read."""
    name = _known(EncodingDetector.find_declared_encoding(body[:4_096], is_html=True) or "")
    return "" if name.startswith(("utf-16", "utf-32")) else name


def _known(name: str) -> str:
    try:
        found = codecs.lookup(name).name
    except LookupError:
        return ""
    return _LARGER.get(found, found) if found not in {"base64", "hex", "rot13", "zlib", "bz2", "uu", "quopri"} else ""
