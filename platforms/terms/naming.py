"""Names of Open Terms Archive in the catalogue's words: services to platforms, terms types to kinds, names to slugs.

A service joins a platform only when the names are the same but for case, blanks and punctuation. A name that merely
resembles another is left to a person: two products of one company have two sets of terms.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

# Kinds are the values of platforms.vocabulary.DocumentKind. The types are those of Open Terms Archive's own list, with
# some older or more particular ones that its collections use.
_KINDS = {
    "terms_of_service": ("Terms of Service", "General Conditions of Use", "Terms of Use"),
    "privacy_policy": ("Privacy Policy", "Business Privacy Policy", "Privacy Notice"),
    "acceptable_use_policy": ("Acceptable Use Policy", "Restricted Use Policy"),
    "cookie_policy": ("Trackers Policy", "Cookie Policy", "Cookies Policy"),
    "data_processing_agreement": (
        "Data Processor Agreement",
        "Data Processing Agreement",
        "Data Processing Addendum",
        "Data Controller Agreement",
    ),
    "commercial_terms": (
        "Commercial Terms",
        "General Conditions of Sale",
        "In-App Purchases Policy",
        "Marketplace Buyers Conditions",
        "Marketplace Sellers Conditions",
        "Premium Partner Conditions",
        "Seller Warranty",
    ),
    "developer_terms": ("Developer Terms", "Review Guidelines"),
    "community_guidelines": ("Community Guidelines", "Live Policy"),
    "copyright_policy": ("Copyright Claims Policy", "Copyright Policy"),
    "ai_policy": ("AI Policy", "Model Policy", "Generative AI Policy", "Artificial Intelligence Policy"),
    "service_level_agreement": ("Service Level Agreement",),
    # Known, and of no kind that the catalogue compares.
    "other": (
        "Accessibility Statement",
        "Brand Guidelines",
        "Business Mediation Policy",
        "Closed Captioning Policy",
        "Complaints Policy",
        "Conditions of Carriage",
        "Deceased Users",
        "Editorial Policy",
        "Human Rights Policy",
        "Imprint",
        "Law Enforcement Guidelines",
        "Platform to Business Notice",
        "Quality Guidelines",
        "Ranking Parameters Description",
        "Single Sign-On Policy",
        "User Consent Policy",
        "Vulnerability Disclosure Policy",
    ),
}
_SOURCE_OF_SEVERAL = re.compile(r" #[^#]*\Z")  # one of the several pages that a document was put together from

LONGEST_SLUG = 80
_RESERVED = ("history", "at", "versions", "redline")  # the site's own addresses below a document
_SPOKEN = {"&": " and ", "+": " plus ", "@": " at ", "#": " sharp ", "%": " percent "}
_LATIN = str.maketrans({"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "ł": "l", "ı": "i"})

_ALIKE = 88  # of 100; "Windsurfer" for "Windsurf" has 89
_SHORTEST_ALIKE = 4  # letters; below, every name resembles every other
_GENERIC = {"ai", "app", "chat", "com", "inc", "labs", "lab", "io", "the"}  # a name is not told by these


def document_kind(terms_type: str) -> tuple[str, bool]:
    """The kind of document that a terms type stands for, and whether it is known to; an unknown type is `other`."""
    found = _KIND_OF.get(folded(_SOURCE_OF_SEVERAL.sub("", terms_type)))
    return found or "other", found is not None


def slug_of(name: str, *, taken: Container[str] = ()) -> str:
    """A slug of lowercase ASCII letters, digits and single hyphens: never empty, never reserved, always the same.

    `DALL·E` gives `dall-e`. A name without Latin letters and digits is spelt by its code points: `豆包` gives
    `u8c46-u5305`. One over `LONGEST_SLUG` is cut and told apart by a hash, one in `taken` by a number.
    """
    spelt = "".join(_SPOKEN.get(character, character) for character in name.casefold()).translate(_LATIN)
    spelt = re.sub(r"['’ʼ`´]", "", spelt)
    plain = "".join(c for c in unicodedata.normalize("NFKD", spelt).casefold() if not unicodedata.combining(c))
    visible = [c for c in name if not c.isspace()]
    slug = "-".join(re.findall(r"[a-z0-9]+", plain)) or "-".join(f"u{ord(c):04x}" for c in visible) or "unnamed"
    if slug in _RESERVED:
        slug = f"{slug}-terms"
    if len(slug) > LONGEST_SLUG:
        digest = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:8]
        slug = f"{slug[: LONGEST_SLUG - 9].rstrip('-')}-{digest}"
    return _numbered(slug, taken)


def _numbered(slug: str, taken: Container[str]) -> str:
    number, free = 2, slug
    while free in taken:
        free = f"{slug[: LONGEST_SLUG - len(str(number)) - 1].rstrip('-')}-{number}"
        number += 1
    return free


def folded(name: str) -> str:
    """A name without case, blanks and punctuation: equal for two spellings of one name. Never empty but for blanks.

    Accents stay, and so do the signs that are spoken: "Canal+" is not "Canal".
    """
    return "".join(_words(name)) or "".join(name.split())


def _words(name: str) -> list[str]:
    spoken = "".join(_SPOKEN.get(character, character) for character in unicodedata.normalize("NFKC", name))
    return re.findall(r"[^\W_]+", spoken.casefold().replace("'", "").replace("’", ""))


_KIND_OF = {folded(terms_type): kind for kind, types in _KINDS.items() for terms_type in types}


# Services and platforms


@dataclass(frozen=True, slots=True)
class Likeness:
    """A platform that a service may be: its slug, the name of it that is meant, and why it is not sure."""

    slug: str
    name: str
    why: str


@dataclass(frozen=True, slots=True)
class Matches:
    """What became of the services of a collection; each is in one of the three.

    `joined`: service to the slug of the known platform. `new`: service to the slug of the platform to create; two
    services have the same one when their names differ in case, blanks and punctuation alone. `unsure`: for a person.
    """

    joined: Mapping[str, str]
    new: Mapping[str, str]
    unsure: Sequence[tuple[str, Sequence[Likeness]]]


def match_services(services: Iterable[str], known: Mapping[str, Iterable[str]]) -> Matches:
    """Which platform each service is. `known`: a platform's slug to its names, the former ones among them."""
    names = [(slug, name) for slug, listed in known.items() for name in listed]
    joined: dict[str, str] = {}
    created: dict[str, str] = {}  # folded name to slug
    new: dict[str, str] = {}
    unsure: list[tuple[str, Sequence[Likeness]]] = []
    for service in dict.fromkeys(services):
        same = {slug: name for slug, name in names if folded(name) == folded(service)}
        if len(same) == 1:
            joined[service] = next(iter(same))
        elif likenesses := _several(same) or _resembling(service, names):
            unsure.append((service, likenesses))
        else:
            taken = {*known, *created.values()}
            new[service] = created.setdefault(folded(service), slug_of(service, taken=taken))
    return Matches(joined, new, unsure)


def _several(same: Mapping[str, str]) -> list[Likeness]:
    return [Likeness(slug, name, "has the same name as another platform") for slug, name in same.items()]


def _resembling(service: str, names: Iterable[tuple[str, str]]) -> list[Likeness]:
    """The platforms that the service resembles, each once."""
    found: dict[str, Likeness] = {}
    for slug, name in names:
        if slug not in found and (why := _likeness(service, name, slug)):
            found[slug] = Likeness(slug, name, why)
    return list(found.values())


def _likeness(service: str, name: str, slug: str) -> str:
    ours, theirs = set(_words(service)), set(_words(name))
    told, held = ours - _GENERIC or ours, theirs - _GENERIC or theirs
    if told and held and (told <= held or held <= told):
        return "one name holds the words of the other"
    if slug_of(service) == slug:
        return "both names give the same address"
    shortest = min(len(folded(service)), len(folded(name)))
    if shortest >= _SHORTEST_ALIKE and fuzz.ratio(folded(service), folded(name)) >= _ALIKE:
        return "the names are spelt almost alike"
    return ""
