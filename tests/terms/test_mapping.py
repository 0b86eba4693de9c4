"""The analyst's map for an import."""

import re
from pathlib import Path

import pytest

from platforms.terms.mapping import DocumentChoice, Known, MapError, TermsMap, read_map
from platforms.vocabulary import DocumentKind

KNOWN = Known(
    services={"Jasper", "Llama API", "No", "123", "DALL·E ", "Copy: AI"},
    documents={"Jasper/Terms of Service", "Llama API/Privacy Policy"},
    platforms={"jasper-ai", "cohere"},
    kinds=set(DocumentKind.values),
)


def read(folder: Path, text: str | bytes) -> TermsMap:
    file = folder / "map.yaml"
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    return read_map(file, KNOWN)


def test_a_map_is_read(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        """
services:
  Jasper: jasper-ai
  Llama API: new
  No: new
  123: cohere
  "DALL·E ": new
  "Copy: AI": cohere
documents:
  Jasper/Terms of Service:
    platform: cohere
    slug: terms-of-use
    kind: commercial_terms
    title: 2024
  Llama API/Privacy Policy: {kind: privacy_policy}
""",
    )
    assert found == TermsMap(
        services={
            "Jasper": "jasper-ai",
            "Llama API": None,
            "No": None,
            "123": "cohere",
            "DALL·E ": None,
            "Copy: AI": "cohere",
        },
        documents={
            "Jasper/Terms of Service": DocumentChoice("cohere", "terms-of-use", "commercial_terms", "2024"),
            "Llama API/Privacy Policy": DocumentChoice(kind="privacy_policy"),
        },
    )


@pytest.mark.parametrize("text", ["", "# nothing yet\n", "services:\n", "services: {}\ndocuments:\n"])
def test_a_map_may_say_nothing(tmp_path: Path, text: str) -> None:
    assert read(tmp_path, text) == TermsMap()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("service:\n  Jasper: new\n", ":1: service: is no section of a map"),
        ("- Jasper\n", ":1: is no list of names and values"),
        ("services:\n  Jaspr: new\n", ":2: services: Jaspr: the collection has no such service (is 'Jasper' meant?)"),
        (
            "services:\n  Jasper: jasper\n",
            ":2: services: Jasper: there is no platform 'jasper' (is 'jasper-ai' meant?)",
        ),
        ("services:\n  Jasper:\n", ":2: services: Jasper: needs one word or name"),
        ("services:\n  Jasper: [a]\n", ":2: services: Jasper: needs one word or name"),
        ("services:\n  Jasper: new\n  Jasper: cohere\n", ":3: services: 'Jasper' stands here twice"),
        ("services: [Jasper]\n", ":1: services: is no list of names and values"),
        ("documents:\n  Jasper/Imprint: {}\n", ":2: documents: Jasper/Imprint: the collection has no such document"),
        (
            "documents:\n  Jasper/Terms of Service:\n    name: x\n",
            ":3: documents: Jasper/Terms of Service: name: is nothing",
        ),
        (
            "documents:\n  Jasper/Terms of Service: {kind: tos}\n",
            "kind: 'tos' is no kind of document: write one of accep",
        ),
        ("documents:\n  Jasper/Terms of Service: {slug: A b}\n", "slug: 'A b' is no slug"),
        (
            "documents:\n  Jasper/Terms of Service: {slug: " + "a" * 101 + "}\n",
            "slug: has 101 characters: write at most 100",
        ),
        ("documents:\n  Jasper/Terms of Service: {platform: x}\n", "platform: there is no platform 'x'"),
        ("services:\n  Copy: AI: new\n", ":2: is no YAML"),
        ("services: !!python/object/apply:os.system [x]\n", ":1: services: is no list of names and values"),
        (b"services:\n  Caf\xe9: new\n", "is not UTF-8 (byte"),
        ("services:\n  \x07: new\n", ":1: is no YAML"),
        ("a: 1\n---\nb: 2\n", ":2: is no YAML"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(tmp_path: Path, text: str | bytes, message: str) -> None:
    with pytest.raises(MapError, match=re.escape(message)) as caught:
        read(tmp_path, text)
    assert str(caught.value).startswith(str(tmp_path / "map.yaml"))
    assert "\n" not in str(caught.value)


def test_a_map_that_is_not_there_says_so(tmp_path: Path) -> None:
    with pytest.raises(MapError, match=r"none\.yaml cannot be read"):
        read_map(tmp_path / "none.yaml", KNOWN)
