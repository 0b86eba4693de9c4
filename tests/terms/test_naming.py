"""Names of Open Terms Archive in the catalogue's words."""

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from conductatlas.rules import RESERVED_SLUGS, free_slug, plain_slug
from platforms.models import Platform
from platforms.terms import naming
from platforms.terms.naming import Likeness, document_kind, folded, match_services, slug_of
from platforms.terms.repository import open_repository
from platforms.vocabulary import DocumentKind

KNOWN = {
    "jasper-ai": ["Jasper AI"],
    "windsurf": ["Windsurf", "Codeium"],
    "ai21-labs": ["AI21 Labs"],
    "deepl": ["DeepL"],
    "canal": ["Canal"],
}


# Terms types


@pytest.mark.parametrize(
    ("terms_type", "kind"),
    [
        ("Terms of Service", DocumentKind.TERMS_OF_SERVICE),
        ("Privacy Policy", DocumentKind.PRIVACY_POLICY),
        ("Business Privacy Policy", DocumentKind.PRIVACY_POLICY),
        ("Trackers Policy", DocumentKind.COOKIE_POLICY),
        ("Data Processor Agreement", DocumentKind.DATA_PROCESSING_AGREEMENT),
        ("Acceptable Use Policy", DocumentKind.ACCEPTABLE_USE_POLICY),
        ("Commercial Terms", DocumentKind.COMMERCIAL_TERMS),
        ("Developer Terms", DocumentKind.DEVELOPER_TERMS),
        ("Community Guidelines", DocumentKind.COMMUNITY_GUIDELINES),
        ("Copyright Claims Policy", DocumentKind.COPYRIGHT_POLICY),
        ("Service Level Agreement", DocumentKind.SERVICE_LEVEL_AGREEMENT),
        ("Platform to Business Notice", DocumentKind.OTHER),
        ("Terms of service ", DocumentKind.TERMS_OF_SERVICE),
        ("Privacy Policy #cookies", DocumentKind.PRIVACY_POLICY),
    ],
)
def test_known_types_have_their_kind(terms_type: str, kind: DocumentKind) -> None:
    assert document_kind(terms_type) == (kind.value, True)


@pytest.mark.parametrize("terms_type", ["", "Terms", "Privacy", "Privacy Policy for Cats", "隐私政策"])
def test_other_types_are_not_guessed(terms_type: str) -> None:
    assert document_kind(terms_type) == ("other", False)


def test_every_kind_is_one_of_the_catalogue_and_every_type_has_one_kind() -> None:
    assert set(naming._KINDS) == set(DocumentKind.values)
    types = [folded(terms_type) for listed in naming._KINDS.values() for terms_type in listed]
    assert len(types) == len(set(types))


# Slugs


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("DALL·E", "dall-e"),
        ("Bolt.new", "bolt-new"),
        ("Copy.AI", "copy-ai"),
        (" Blank at the end ", "blank-at-the-end"),
        ("O'Reilly’s", "oreillys"),
        ("Canal+", "canal-plus"),
        ("Marks & Spencer", "marks-and-spencer"),
        ("Größe Œuvre Łódź Æon", "grosse-oeuvre-lodz-aeon"),
        ("Ｆｕｌｌ Ｗｉｄｔｈ", "full-width"),
        ("豆包", "u8c46-u5305"),
        ("豆包 Doubao", "doubao"),
        ("...", "u002e-u002e-u002e"),
        ("History", "history-terms"),
        ("at", "at-terms"),
        ("", "unnamed"),
    ],
)
def test_slugs(name: str, slug: str) -> None:
    assert slug_of(name) == slug


def test_a_long_name_is_cut_and_told_apart() -> None:
    one, two = slug_of("word " * 40 + "one"), slug_of("word " * 40 + "two")
    assert one != two
    assert len(one) <= naming.LONGEST_SLUG == Platform._meta.get_field("slug").max_length


def test_a_taken_slug_gets_a_number() -> None:
    assert slug_of("Acme", taken={"acme", "acme-2"}) == "acme-3"
    assert slug_of("a" * 80, taken={"a" * 80}) == "a" * 78 + "-2"


def test_what_the_site_reserves_is_reserved_here() -> None:
    assert naming._RESERVED == RESERVED_SLUGS


@given(st.text(max_size=120))
def test_every_name_has_a_slug_that_the_catalogue_takes(name: str) -> None:
    slug = slug_of(name)
    try:
        plain_slug(slug)
        free_slug(slug)
    except ValidationError as error:
        pytest.fail(f"{name!r} gives {slug!r}: {error}")
    assert len(slug) <= naming.LONGEST_SLUG
    assert slug_of(name) == slug


# Services


@pytest.mark.parametrize(
    ("service", "slug"),
    [
        ("Jasper AI", "jasper-ai"),
        ("jasper.ai", "jasper-ai"),
        ("JasperAI ", "jasper-ai"),
        ("Codeium", "windsurf"),
        ("Deep L", "deepl"),
    ],
)
def test_the_same_name_joins(service: str, slug: str) -> None:
    matches = match_services([service], KNOWN)
    assert (matches.joined, matches.new, matches.unsure) == ({service: slug}, {}, [])


@pytest.mark.parametrize(
    ("service", "slug", "name"),
    [
        ("Jasper", "jasper-ai", "Jasper AI"),
        ("Jasper Labs", "jasper-ai", "Jasper AI"),
        ("Jasper Art", "jasper-ai", "Jasper AI"),
        ("AI21", "ai21-labs", "AI21 Labs"),
        ("Windsurfer", "windsurf", "Windsurf"),
        ("Codeium Editor", "windsurf", "Codeium"),
        ("Canal+", "canal", "Canal"),
        ("Cänal", "canal", "Canal"),
    ],
)
def test_a_name_that_resembles_another_is_left_to_a_person(service: str, slug: str, name: str) -> None:
    matches = match_services([service], KNOWN)
    assert (matches.joined, matches.new) == ({}, {})
    ((unsure, likenesses),) = matches.unsure
    assert unsure == service
    assert [(likeness.slug, likeness.name) for likeness in likenesses] == [(slug, name)]


@pytest.mark.parametrize(
    "service", ["DeepSeek", "Mistral AI", "xAI", "AI", "Labs", "fal", "豆包", "ChatGPT", "Tempo Labs"]
)
def test_a_name_that_resembles_none_is_new(service: str) -> None:
    matches = match_services([service], KNOWN)
    assert matches.new == {service: slug_of(service)}


def test_two_platforms_of_one_name_are_left_to_a_person() -> None:
    matches = match_services(["Grok"], {"grok": ["Grok"], "groq": ["Groq", "grok"]})
    why = "has the same name as another platform"
    assert matches.unsure == [("Grok", [Likeness("grok", "Grok", why), Likeness("groq", "grok", why)])]


def test_a_former_name_of_one_and_a_part_of_another_joins_the_first() -> None:
    matches = match_services(["Jasper"], {"jasper-ai": ["Jasper AI", "Jasper"], "jasper-art": ["Jasper Art"]})
    assert matches.joined == {"Jasper": "jasper-ai"}


def test_two_spellings_of_a_new_service_are_one_platform_and_two_names_are_two() -> None:
    matches = match_services(["DALL·E", "DALL-E", "豆包 Chat", "抖音 Chat"], KNOWN)
    assert matches.new == {"DALL·E": "dall-e", "DALL-E": "dall-e", "豆包 Chat": "chat", "抖音 Chat": "chat-2"}


def test_a_second_run_joins_what_the_first_created() -> None:
    services = ["DALL·E", "Bolt.new", "豆包", "Canal Plus"]
    first = match_services(services, {})
    created = {slug: [service] for service, slug in first.new.items()}
    assert match_services(services, created).joined == first.new


def test_the_services_of_real_collections(real_bundle) -> None:
    """All but the one whose platform is known by a longer name are told apart without a person."""
    with open_repository(str(real_bundle)) as repository:
        records = repository.records()
    services = sorted({record.service for record in records})
    matches = match_services(services, KNOWN)
    assert [service for service, _ in matches.unsure] == [service for service in services if service == "Jasper"]
    assert matches.joined == {service: "windsurf" for service in services if service == "Codeium"}
    assert (
        len(set(matches.new.values())) == len(matches.new) == len(services) - len(matches.unsure) - len(matches.joined)
    )
    assert [r.path for r in records if not document_kind(r.terms_type)[1]] == []
