"""Citations of a frozen analysis, as plain text and as BibTeX (pure)."""

from dataclasses import dataclass

SITE = "ConductAtlas"


@dataclass(frozen=True)
class Cited:
    """What a citation names: `published` is a date in ISO 8601, `address` the permanent one of that version."""

    record: str
    version: int
    title: str
    platform: str
    document: str
    document_record: str
    published: str
    address: str
    sha256: str


def plain(cited: Cited, *, accessed: str = "") -> str:
    """One paragraph; "accessed" is the reader's own day and stays out where it is not known."""
    parts = [
        f"{SITE}. “{cited.title}.” {cited.platform}, {cited.document} ({cited.document_record}).",
        f"Record {cited.record}, version {cited.version}, published {cited.published}.",
        f"SHA-256 of the record: {cited.sha256}.",
        cited.address,
    ]
    return " ".join(parts) + (f" (accessed {accessed})" if accessed else "")


def bibtex(cited: Cited) -> str:
    """A BibTeX entry of type misc, with the characters that TeX reads as commands escaped."""
    fields = {
        "author": f"{{{SITE}}}",
        "title": f"{_tex(cited.title)} ({_tex(cited.platform)}, {_tex(cited.document)})",
        "year": cited.published[:4],
        "month": cited.published[5:7].lstrip("0"),
        "howpublished": f"\\url{{{cited.address}}}",
        "note": (
            f"Record {cited.record}, version {cited.version}; document {cited.document_record}; SHA-256 {cited.sha256}"
        ),
    }
    body = ",\n".join(f"  {name} = {{{value}}}" for name, value in fields.items())
    return f"@misc{{{cited.record}-v{cited.version},\n{body}\n}}\n"


_TEX = str.maketrans(
    {
        **{sign: f"\\{sign}" for sign in "&%$#_{}"},
        "\\": r"\textbackslash{}",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
    }
)


def _tex(text: str) -> str:
    return text.translate(_TEX)
