"""Which language a text is in, told from samples of it (pure). Codes are ISO 639-1, as BCP 47 begins with them.

The model is read at the first question (about two seconds) and kept. Only the languages of `LANGUAGES` are told
apart: among more, short texts are taken for rare ones.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache, lru_cache

from py3langid.langid import MODEL_FILE, LanguageIdentifier  # type: ignore[import-untyped]

LANGUAGES = {
    "ar": "Arabic",
    "bg": "Bulgarian",
    "bn": "Bengali",
    "ca": "Catalan",
    "cs": "Czech or Slovak",
    "da": "Danish",
    "de": "German",
    "el": "Greek",
    "en": "English",
    "es": "Spanish",
    "et": "Estonian",
    "fa": "Persian",
    "fi": "Finnish",
    "fr": "French",
    "he": "Hebrew",
    "hi": "Hindi",
    "hr": "Croatian or Serbian",
    "hu": "Hungarian",
    "id": "Indonesian or Malay",
    "it": "Italian",
    "ja": "Japanese",
    "ko": "Korean",
    "lt": "Lithuanian",
    "lv": "Latvian",
    "ms": "Malay",
    "nl": "Dutch",
    "no": "Norwegian or Danish",
    "pl": "Polish",
    "pt": "Portuguese",
    "ro": "Romanian",
    "ru": "Russian",
    "sk": "Slovak",
    "sl": "Slovenian",
    "sr": "Serbian",
    "sv": "Swedish",
    "th": "Thai",
    "tr": "Turkish",
    "uk": "Ukrainian",
    "ur": "Urdu",
    "vi": "Vietnamese",
    "zh": "Chinese",
}
# Written so alike that a sample may be taken for its neighbour; each is told as the first of its row.
_ALIKE = {"nb": "no", "nn": "no", "da": "no", "bs": "hr", "sr": "hr", "ms": "id", "sk": "cs", "iw": "he", "in": "id"}
_SAMPLE = 700  # characters; more tells no more
_LEAST_LETTERS = 20
_SURE = 0.85  # probability


def languages_of(plain: str) -> frozenset[str]:
    """The languages that the beginning, the middle and the end of a text without markup are in.

    Usually one; two for a bilingual text; none when nothing is long or clear enough to tell.
    """
    return frozenset(told(plain))


def told(plain: str) -> Iterator[str]:
    """The same one after the other, each found out when asked for."""
    last = max(0, len(plain) - _SAMPLE)
    # A page begins and ends with furniture, so the first and last sample lie a little inside.
    places = sorted({last // 10, last // 2, last - last // 10}) if last else [0]
    return filter(None, (_language(plain[at : at + _SAMPLE]) for at in places))


def base(tag: str) -> str:
    """The language of a BCP 47 tag ("en-GB": "en"), neighbours that are hard to tell apart as one; "" if not known."""
    code = tag.replace("_", "-").split("-")[0].lower()
    code = _ALIKE.get(code, code)
    return code if code in LANGUAGES else ""


@lru_cache(maxsize=256)
def _language(sample: str) -> str:
    letters = sum(map(str.isalpha, sample))
    if letters < _LEAST_LETTERS:
        return ""
    code, probability = _identifier().classify(sample)
    return base(code) if probability >= _SURE else ""


@cache
def _identifier() -> LanguageIdentifier:
    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(LANGUAGES)
    return identifier
