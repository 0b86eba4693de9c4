"""What the title of a document says it is about, in the languages most policies are written in (pure)."""

from __future__ import annotations

import re

# Titles of one subject pass for one another: terms of service and developer terms are both "terms".
_SUBJECTS = {
    "privacy": r"privacy|data protection|datenschutz|confidentialité|vie privée|privacidad|privacidade"
    r"|riservatezza|integritet|prywatności|gizlilik|конфиденциальност|隐私|隱私|プライバシー|개인정보",
    "terms": r"\bterms\b|conditions|user agreement|service agreement|eula|licen[cs]e agreement"
    r"|nutzungsbedingungen|agb\b|términos|condiciones|condizioni|termini|termos|voorwaarden|villkor|regulamin|koşullar|условия|соглашение"
    r"|服务协议|用户协议|服務條款|服务条款|使用条款|利用規約|이용약관",
    "cookies": r"cookie|trackers|tracking technolog",
    "processing": r"data processing|data processor|sub-?processors?|auftragsverarbeitung|unterauftrag"
    r"|traitement des données",
    "conduct": r"acceptable use|usage polic|use policy|prohibited use|guidelines|code of conduct|community|\baup\b",
    "copyright": r"copyright|dmca|intellectual property",
    "levels": r"service level|\bsla\b",
    "other": r"policy|policies|notice|statement|agreement|addendum|legal|imprint|impressum|disclosure|law enforcement"
    r"|richtlinie|politique|política|mentions légales|政策|声明|协议|規約|ポリシー|약관",
}
_PATTERNS = {subject: re.compile(pattern, re.IGNORECASE) for subject, pattern in _SUBJECTS.items()}
_APART_AT_MOST = 2000  # characters; a privacy policy says "privacy" every few hundred
_OF_KIND = {
    "terms_of_service": "terms",
    "commercial_terms": "terms",
    "developer_terms": "terms",
    "privacy_policy": "privacy",
    "cookie_policy": "cookies",
    "data_processing_agreement": "processing",
    "acceptable_use_policy": "conduct",
    "community_guidelines": "conduct",
    "copyright_policy": "copyright",
    "service_level_agreement": "levels",
}
# Only these are never one another's title; rules of conduct or service levels may well be called terms.
_APART = {
    "privacy": {"terms", "conduct", "copyright", "levels"},
    "terms": {"privacy", "cookies"},
    "cookies": {"terms", "conduct", "copyright", "levels"},
    "processing": {"terms", "conduct", "copyright", "cookies"},
    "conduct": {"privacy", "cookies", "processing"},
    "copyright": {"privacy", "cookies", "processing"},
    "levels": {"privacy", "cookies"},
}


def subjects(title: str) -> frozenset[str]:
    """What a title names; several for "Terms and Privacy", none for "Welcome"."""
    return frozenset(subject for subject, pattern in _PATTERNS.items() if pattern.search(title))


def subject_of(kind: str, title: str) -> str:
    """The one subject that a document of this kind is about, or of this title when the kind is not known.

    Empty if that is not clear.
    """
    if kind:
        return _OF_KIND.get(kind, "")
    found = subjects(title) - {"other"}
    return next(iter(found)) if len(found) == 1 else ""


def speaks_of(subject: str, plain: str) -> bool:
    """Whether a text names a subject as often as a document about it does."""
    return len(_PATTERNS[subject].findall(plain)) * _APART_AT_MOST >= len(plain)


def apart(expected: str, found: frozenset[str]) -> bool:
    """Whether a title that names `found` cannot stand over a document about `expected`."""
    return bool(found & _APART.get(expected, set())) and expected not in found
