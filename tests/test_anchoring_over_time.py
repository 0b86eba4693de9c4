"""Two thousand real sentences, each looked for in the next text of its document that has other words.

Whether a sentence still stands is told by another route than the one under test: words and marks made with a handful
of replacements, and the run of them counted in those of the whole text.
"""

import html
import random
import re
import subprocess
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice, pairwise
from pathlib import Path

import pytest

from clauses.anchoring import Anchor, AnchorState, anchor
from platforms.plaintext import Projection, project
from tests.archives import COLLECTIONS, bundle_of

pytestmark = pytest.mark.slow

SENTENCES = 1_000  # of each collection
PER_CHANGE = 20
FOUND = {AnchorState.EXACT, AnchorState.NORMALISED}
NOT_FOUND = {AnchorState.REWORDED, AnchorState.ABSENT}

FOLDS = str.maketrans("“”„«»‘’`–—−‑\u00a0", '"""""\'\'\'---- ', "\u200b\u200c\u200d\u200e\u00ad\u2060\ufeff")


def words_of(text: str) -> str:
    """Words and marks, each with a blank on both sides, without Markdown and HTML: two runs of them share no blank."""
    text = re.sub(r"!\[[^\]]*\]\([^)]*\)", " ", text)
    text = re.sub(r"\]\([^()\s]*(?:\([^()]*\)[^()\s]*)*(?: \"[^\"]*\")?\)", "] ", text)
    text = html.unescape(re.sub(r"</?[a-z][^<>]*>", " ", re.sub(r"\\([^\w\s])", r"\1", text)))
    text = re.sub(r"[*_`#\[\]|>~=\\]", " ", text.translate(FOLDS))
    return "".join(f" {word} " for word in re.findall(r"[^\W_]+|[^\w\s]", text))


class Later:
    """The next text of a document that has other words, and these words."""

    def __init__(self, text: Projection) -> None:
        self.text = text
        self.words = words_of(text.text)
        self.plain_words = sorted(set(re.findall(r" ([^\W\d_]{3,}) ", self.words)))

    def places(self, sentence: str) -> int:
        return self.words.count(words_of(sentence))


@dataclass(frozen=True)
class Followed:
    sentence: str
    later: Later


def _git(folder: Path, *arguments: str, asked: str = "") -> bytes:
    command = ["git", "-C", str(folder), *arguments]
    return subprocess.run(command, check=True, capture_output=True, input=asked.encode()).stdout


def _histories(folder: Path) -> dict[str, list[str]]:
    """The blobs of each document, oldest first."""
    found: dict[str, list[str]] = {}
    log = _git(folder, "log", "--reverse", "--no-renames", "--raw", "--no-abbrev", "-z", "--format=").decode()
    for blob, path in re.findall(r":\d+ \d+ [0-9a-f]+ ([0-9a-f]+) [AM]\0([^\0]+\.md)\0", log):
        found.setdefault(path, []).append(blob)
    return found


def _contents(folder: Path, blobs: tuple[str, str]) -> Iterator[str]:
    answer = _git(folder, "cat-file", "--batch", asked="".join(f"{blob}\n" for blob in blobs))
    for _ in blobs:
        head, _, answer = answer.partition(b"\n")
        size = int(head.split()[2])
        yield answer[:size].decode("utf-8", "replace")
        answer = answer[size + 1 :]


def _changes(folder: Path, chance: random.Random) -> Iterator[tuple[Projection, Projection]]:
    """Texts of one document that follow each other and differ in their words, in random order."""
    pairs = [pair for blobs in _histories(folder).values() for pair in pairwise(blobs) if pair[0] != pair[1]]
    chance.shuffle(pairs)
    for pair in pairs:
        before, after = map(project, _contents(folder, pair))
        if before.plain != after.plain:
            yield before, after


def _sample(held: Projection, chance: random.Random) -> list[str]:
    """Sentences as they stand in the stored text; not those with a list in a table cell, whose stars are words."""
    spans = [(start, end) for start, end in held.sentences if 40 <= end - start <= 500]
    sentences = (held.text[slice(*held.balanced_span(*span))] for span in chance.sample(spans, len(spans)))
    return list(islice((sentence for sentence in sentences if "<br>*" not in sentence), PER_CHANGE))


@pytest.fixture(scope="module", params=COLLECTIONS)
def followed(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> list[Followed]:
    bundle = bundle_of(request.param)
    folder = tmp_path_factory.mktemp("terms") / request.param
    subprocess.run(["git", "clone", "--quiet", "--bare", bundle, folder], check=True, capture_output=True)
    chance = random.Random(19)
    found: list[Followed] = []
    for before, after in _changes(folder, chance):
        later = Later(after)
        found += [Followed(sentence, later) for sentence in _sample(before, chance)]
        if len(found) >= SENTENCES:
            break
    return found[:SENTENCES]


def _sibling(followed: Followed, chance: random.Random) -> str:
    """The sentence with one word taken for another of the same text; empty where it has no plain word."""
    words = list(re.finditer(r"(?<![^\s(])[^\W\d_]{3,}(?=[\s,.;)])", followed.sentence))
    if not words or not followed.later.plain_words:
        return ""
    word, other = chance.choice(words), chance.choice(followed.later.plain_words)
    return followed.sentence[: word.start()] + other + followed.sentence[word.end() :]


def _holds(found: Anchor, followed: Followed) -> bool:
    return [words_of(followed.later.text.text[start:end]) for start, end in found.spans] == [
        words_of(followed.sentence)
    ]


def test_what_stands_is_held_and_what_is_gone_is_not(followed: list[Followed]) -> None:
    seen: Counter[str] = Counter()
    for each in followed:
        found, places = anchor([each.sentence], each.later.text), each.later.places(each.sentence)
        told = (found.state, places, each.sentence, found.candidates)
        if places == 1:
            assert found.state in FOUND and _holds(found, each), told
        elif places:  # a blank that is no word may tell them apart
            assert found.state is AnchorState.AMBIGUOUS or _holds(found, each), told
        else:
            assert found.state in NOT_FOUND and not found.spans, told
        seen[found.state] += 1
    assert sum(seen.values()) == SENTENCES
    assert seen["exact"] + seen["normalised"] > 600 and seen["reworded"] >= 20 and seen["absent"] >= 20, seen


def test_a_sibling_that_differs_in_one_word_is_never_found(followed: list[Followed]) -> None:
    chance = random.Random(23)
    tried = reworded = 0
    for each in followed:
        sibling = _sibling(each, chance)
        if sibling and not each.later.places(sibling):
            found = anchor([sibling], each.later.text)
            assert found.state in NOT_FOUND and not found.spans, sibling
            tried += 1
            reworded += found.state is AnchorState.REWORDED
    assert tried > 900 and reworded > 0.7 * tried
