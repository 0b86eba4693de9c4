"""Sentences of real terms are found where they stand, and with a letter more they are not."""

import random
import re
import subprocess

import pytest

from clauses.anchoring import AnchorState, anchor
from platforms.plaintext import Projection, project
from platforms.sentences import boundaries

from .archives import bundle_of


@pytest.fixture(scope="module")
def real_texts(tmp_path_factory: pytest.TempPathFactory) -> list[Projection]:
    """About forty current texts of an Open Terms Archive collection."""
    folder = tmp_path_factory.mktemp("terms") / "terms"
    subprocess.run(["git", "clone", "--quiet", bundle_of("genai-eu"), folder], check=True, capture_output=True)
    paths = sorted(folder.rglob("*.md"))
    chosen = random.Random(7).sample(paths, min(40, len(paths)))
    return [project(path.read_text(encoding="utf-8")) for path in chosen]


def _sample(held: Projection, count: int, chance: random.Random) -> list[str]:
    """Sentences of 40 characters and more, as they stand in the stored text."""
    whole = [(b.start, b.end) for b in held.blocks if b.kind in {"paragraph", "item"}]
    found = [held.text[start + a : start + b] for start, end in whole for a, b in boundaries(held.text[start:end])]
    long = [sentence for sentence in found if 40 <= len(sentence) <= 600 and sum(map(str.isalpha, sentence)) > 20]
    return chance.sample(long, min(count, len(long)))


def _altered(sentence: str, chance: random.Random) -> str:
    """The sentence with a letter more in one of its words; empty where an address could be hit instead."""
    words = list(re.finditer(r"[^\W\d_]{4,}", sentence))
    if not words or re.search(r"\]\(|://|www\.|@", sentence):
        return ""
    end = chance.choice(words).end()
    return f"{sentence[:end]}q{sentence[end:]}"


def test_real_sentences_are_found_where_they_stand(real_texts: list[Projection]) -> None:
    chance = random.Random(11)
    tried = altered = 0
    for held in real_texts:
        for sentence in _sample(held, 8, chance):
            found = anchor([sentence], held)
            assert found.state in {AnchorState.EXACT, AnchorState.AMBIGUOUS}, sentence
            assert all(held.text[start:end] == sentence for start, end in found.spans)
            tried += 1
            changed = _altered(sentence, chance)
            if changed:
                assert anchor([changed], held).state is AnchorState.REWORDED, changed
                altered += 1
    assert tried >= 280 and altered >= 200


def test_real_sentences_are_found_without_their_markup(real_texts: list[Projection]) -> None:
    chance = random.Random(13)
    tried = 0
    for held in real_texts:
        blocks = [block for block in held.blocks if block.kind in {"paragraph", "item", "row"}]
        for block in chance.sample(blocks, min(5, len(blocks))):
            words = held.plain[block.plain_start : block.plain_end]
            if len(words) < 30 or re.search(r"[*_`\[\]<>&\\~|]|^[-+#]", words):
                continue  # characters that would be markup in a quotation
            assert anchor([words], held).state is not AnchorState.ABSENT, words
            tried += 1
    assert tried >= 60
