"""What a reader's question asks for: its words, its operators, a record id; and how to look for it (pure).

Queries are written in PostgreSQL's `tsquery` language, from words that hold letters and digits only.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

LONGEST = 200
MOST_WORDS = 24  # of a question, before those that say nothing are left out
SHORTEST_STEM = 4
SHORTEST_NAME = 4  # letters of a word that may be a name with a slip in it
LONG_NAME = 8  # letters of a name in which two may be wrong

RECORD = re.compile(r"ca[\s_-]*([dscp])[\s_-]*0*([1-9]\d{0,8})", re.IGNORECASE)
WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufffd]+")
CURLY = str.maketrans({"“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "’": "'", "–": "-", "−": "-"})
SINGLE = re.compile(r"(?<!\w)'([^'\"]*\w\s[^'\"]*)'(?!\w)")  # 'sell your data', but not Jasper's
PHRASE = re.compile(r'"[^"]*\w[^"]*"')
MINUS = re.compile(r'(?:^|\s)-(?=["\w])')
OPERATOR = re.compile(r'"[^"]*\w[^"]*"|(?:^|\s)OR(?=\s)|' + MINUS.pattern)
# Words of conversation, beside the ones that the text search itself leaves out. What is asked is in the others.
CHATTER = """
please tell know want wonder mean happen happens hello hi thanks vs versus anyone anybody anything somebody someone
something really still ever need let don doesn isn won im ive can could would should may might must shall find show
give say says read look get gets go goes way thing things app apps website s t d ll re ve m
"""
CHAT = frozenset(CHATTER.split())


@dataclass(frozen=True)
class Asked:
    """A question as it was understood. `record` is (letter, number) where it is nothing but a record id; `operators`
    says that it holds a quoted phrase, OR or a minus, and so is taken by the letter.
    """

    text: str
    words: tuple[str, ...]
    operators: bool
    record: tuple[str, int] | None

    @property
    def web(self) -> str:
        """The question for `websearch_to_tsquery`: only a capital OR parts alternatives, and words of conversation are
        left out.
        """
        parts = re.split(r'("[^"]*")', self.text)
        return "".join(part if part.startswith('"') else _telling(part) for part in parts)

    @property
    def phrases(self) -> str:
        """Its quoted phrases alone; nothing where it says no more than them, or says what it does not want."""
        found = " ".join(PHRASE.findall(self.text))
        return "" if found == self.text or MINUS.search(self.text) else found


def _telling(part: str) -> str:
    kept = [word for word in part.split() if word == "OR" or word.casefold().strip(".,;:!?'") not in {*CHAT, "or"}]
    return f" {' '.join(kept)} "


def ask(text: str) -> Asked:
    """What `text` asks for; it is cut at LONGEST characters, and what nobody can see is left out."""
    text = " ".join(CONTROL.sub(" ", text).split())[:LONGEST].strip()
    plain = SINGLE.sub(r'"\1"', text.translate(CURLY))
    record = RECORD.fullmatch(plain)
    operators = OPERATOR.search(plain) is not None
    return Asked(
        text=plain if operators else text,
        words=words_of(plain),
        operators=operators,
        record=(record[1].upper(), int(record[2])) if record else None,
    )


def words_of(text: str) -> tuple[str, ...]:
    """The words of a question that say something, each once, at most MOST_WORDS; all of them if none does."""
    found = list(dict.fromkeys(word.partition("'")[0] for word in WORD.findall(text.translate(CURLY).casefold())))
    telling = [word for word in found if word not in CHAT]
    return tuple((telling or found)[:MOST_WORDS])


def is_slip(word: str, name: str) -> bool:
    """Whether `word` looks like `name` typed carelessly: the same first letter and one letter wrong, missing, added or
    changed places with the next, in long names two.
    """
    if len(word) < SHORTEST_NAME or word[0] != name[0]:
        return False
    return _letters_apart(word, name) <= (2 if min(len(word), len(name)) >= LONG_NAME else 1)


def _letters_apart(one: str, other: str) -> int:
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        before, last, row = row, before, [i]
        for j, against in enumerate(other, 1):
            row.append(min(before[j] + 1, row[-1] + 1, before[j - 1] + (letter != against)))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == against:
                row[-1] = min(row[-1], last[j - 2] + 1)
    return row[-1]


def lexeme(word: str, *, prefix: bool = False, weights: str = "") -> str:
    """One lexeme as a tsquery: `'train'`, `'trai':*`, `'train':A`."""
    quoted = word.replace("\\", "\\\\").replace("'", "''")
    label = f"{'*' if prefix else ''}{weights}"
    return f"'{quoted}'{':' if label else ''}{label}"


def beginning(word: str, stems: Sequence[str] = ()) -> str:
    """A word that is still being typed: what begins with it, and stems that it has outgrown ("arbitrati": "arbitr")."""
    outgrown = (word[:end] for end in range(max(SHORTEST_STEM, len(word) - 4), len(word)))
    return any_of([lexeme(word, prefix=True), *map(lexeme, sorted({*stems, *outgrown}))])


def all_of(queries: Sequence[str]) -> str:
    return " & ".join(f"({query})" for query in queries)


def any_of(queries: Sequence[str]) -> str:
    return " | ".join(f"({query})" for query in queries)


def at_least(count: int, queries: Sequence[str]) -> str:
    """At least `count` of the queries hold; an empty query if that is none.

    So many in one half of them and the rest in the other: every combination written out names each word far more often,
    and an index that meets a record looks at all of them.
    """
    if count == 1:
        return any_of(queries)
    if count in {0, len(queries)}:
        return all_of(queries[:count])
    left, right = queries[: len(queries) // 2], queries[len(queries) // 2 :]
    shares = range(max(0, count - len(right)), min(count, len(left)) + 1)
    return any_of([all_of(list(filter(None, [at_least(n, left), at_least(count - n, right)]))) for n in shares])


def relaxed(named: Sequence[str], others: Sequence[str], *, fewer: bool = False) -> list[str]:
    """Ever weaker queries for a question that nothing answers whole: the names in it are kept, of the `others` one
    after the other may be missing, down to half; last of all the names alone. `fewer`: these are fewer words than were
    asked for, and all of them may stand together.
    """
    must = [any_of(named)] if named else []
    least = (len(others) + 1) // 2
    first = len(others) if fewer or len(named) > 1 else len(others) - 1
    steps = [all_of([*must, at_least(count, others)]) for count in range(first, least - 1, -1) if count > 0]
    if must and (others or fewer):
        steps.append(must[0])
    return steps
