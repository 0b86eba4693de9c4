"""Which words of a captured page are no words of the policy (pure).

A page brings along what stands around its text: menus, buttons, language pickers, lists of contents, related
articles, counters, consent banners, a copyright line. What is furniture is told by what it is made of (nothing but
links, nothing but the names of controls) and by where it stands, never by which site it comes from. A list of
sub-processors or of forbidden uses consists of short words without a verb as well, so shortness alone is never
enough: what no rule here names belongs to the policy.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cached_property

from platforms.blocks import BlockKind
from platforms.plaintext import Block, Projection
from platforms.remembering import remembered, remembered_of_text
from platforms.stated import is_date_line, is_relative

_CONTROLS = (
    r"close|print|menu|search|home|loading|share|next|previous|back|submit|cancel|edit|copied|play|pause|toggle",
    r"copy(?: (?:link|to clipboard))?",
    r"(?:expand|collapse|show|hide|open|close|view|see|select|clear|accept|reject|allow|decline|deny) all",
    r"(?:show|read|learn|see|find out|view|load)(?: (?:more|less))(?: here)?",
    r"(?:skip|jump|go|return|back|scroll)(?: back)? to(?: the)?(?: main)? (?:content|navigation|top|menu|home|search)",
    r"(?:table of )?contents|(?:on|in) this (?:page|article|section|document)|quick links|page contents",
    r"log ?(?:in|out|on)|sign ?(?:in|up|out|on)|register|create (?:an |your )?account|get started|my account",
    r"(?:try|start|join)(?: it)?(?: for)? (?:free|now|today)|subscribe(?: now)?|(?:book|request|get) a demo",
    r"contact (?:sales|support)|talk to sales|get (?:help|support)|(?:visit )?(?:our )?help cent(?:er|re)",
    r"(?:opens? )?in (?:a )?new (?:tab|window)",
    r"(?:download|save|view|print)(?: as)?(?: a| the| this)?(?: (?:pdf|page|document|copy|version))+",
    r"(?:was|is|did you find) this (?:\w+ ){0,2}helpful|(?:give|send|share|leave|submit)(?: us)? feedback",
    r"(?:did (?:this|we) answer your question|thanks for your feedback|still need help|need more help)",
    r"(?:play|watch|pause|mute|unmute)(?: the)? (?:video|audio)",
    r"(?:accept|reject|refuse|allow|decline|manage|customi[sz]e|change)(?: all)?(?: my| your| only)?"
    r"(?: (?:strictly )?(?:necessary|essential|optional|non-essential))?"
    r"(?: (?:cookies?|cookie settings|cookie preferences|preferences|cookie choices))",
    r"(?:change|choose|select|switch)(?: your| a| the)? (?:language|country|region|location)|languages?",
    r"follow us(?: on)?|all rights reserved|related (?:articles?|resources|topics|links)|see also|related",
    r"(?:share|follow us)(?: this(?: page| article)?)?(?: (?:on|via|by))?(?: e-?mail)?"
    r"|facebook|twitter|linkedin|instagram|youtube|tiktok|reddit|github|discord|mastodon|bluesky|threads|whatsapp",
    r"(?:you need to |please )?enable javascript(?: to (?:run|view|use) this (?:app|page|site))?",
    r"subscribe to (?:our|the) newsletter|enter your e-?mail(?: address)?|your e-?mail(?: address)?",
    r"(?:view|see|read|show)(?: our| the)? (?:previous|prior|earlier|past|older|upcoming|archived|other)"
    r" (?:versions?|(?:\w+ )?(?:terms|agreement|polic(?:y|ies)|notice|versions?))",
    r"yes\W*no|(?:ctrl|cmd|alt|shift|⌘|⌥)\W{0,3}\w{1,5}",
    r"zum (?:haupt)?inhalt springen|mehr erfahren|schließen|drucken|inhaltsverzeichnis|suche|anmelden|nach oben",
    r"aller au contenu(?: principal)?|en savoir plus|fermer|imprimer|sommaire|rechercher|se connecter|haut de page",
    r"ir al contenido(?: principal)?|más información|cerrar|imprimir|buscar|iniciar sesión|volver arriba",
)
_BETWEEN = r"[\s|·•/,.:?!»›>+×✕-]*"
_CONTROL = re.compile(rf"{_BETWEEN}(?:(?:{'|'.join(_CONTROLS)}){_BETWEEN})+", re.IGNORECASE)
_LANGUAGES = re.compile(
    r"(?:(?:english|deutsch|français|español|italiano|português|nederlands|polski|svenska|dansk|norsk|suomi|čeština"
    r"|magyar|română|türkçe|українська|русский|ελληνικά|العربية|עברית|हिन्दी|ไทย|tiếng việt|bahasa indonesia"
    r"|bahasa melayu|日本語|한국어|中文|简体中文|繁體中文)(?: ?\([^()]{1,30}\)| ?- ?\w{2,20})?[\s|·•/,]*)+",
    re.IGNORECASE,
)
_COPYRIGHT = re.compile(r"(?:copyright\s*)?(?:©|\bcopyright\b)[^.]{0,30}\b(?:19|20)\d\d\b", re.IGNORECASE)
_COUNTED = re.compile(
    r"\b(?:views?|likes?|shares|comments?|repl(?:y|ies)|votes?|followers?|stars?|found this helpful"
    r"|min(?:ute)?s? read|reading time)\b",
    re.IGNORECASE,
)
_COUNTING = frozenset(
    [
        "views",
        "view",
        "likes",
        "like",
        "shares",
        "share",
        "comments",
        "comment",
        "reply",
        "replies",
        "votes",
        "vote",
        "followers",
        "follower",
        "stars",
        "star",
        "people",
        "person",
        "users",
        "found",
        "this",
        "article",
        "page",
        "helpful",
        "out",
        "of",
        "min",
        "mins",
        "minute",
        "minutes",
        "read",
        "reading",
        "time",
        "and",
        "k",
        "m",
    ]
)
# How many companies a consent dialog speaks for: "We and our 1558 partners use cookies …".
_VENDORS = re.compile(r"(?:we and )?our \d[\d,.]* (?:partners|vendors)\b|number of vendors\b", re.IGNORECASE)
# Names of links that ran into each other: "ExploreDocumentationPricing", "Image 2Seedance 2.0Flux 2Kling 3.0Veo".
_GLUED = re.compile(r"[a-z](?=[A-Z][a-z])")
_GLUED_TWICE = re.compile(r"[a-z][A-Z][a-z]+[A-Z][a-z]")
_GLUED_NUMBER = re.compile(r"\d(?=[A-Z][a-z])")
# The title of a page as a browser shows it: "Terms of use | Acme".
_PAGE_TITLE = re.compile(r"[^.!?|]{2,80} [|·–-] [^.!?|]{2,40}")
_CONSENT = re.compile(
    r"\b(?:accept|reject|refuse|allow|decline|deny)(?: all| only)?(?: (?:strictly )?(?:necessary|essential|optional))?"
    r"(?: cookies?|\Z)",
    re.IGNORECASE,
)
# What a page's own links are called; a list of partners has none of these names in it.
_MENU_NAMES = re.compile(
    r"\b(?:home|about|company|careers|jobs|press|news(?:room)?|blog|pricing|plans|products?|features|solutions|enterprise"
    r"|research|developers|documentation|docs|resources|community|support|help|contact|status|security|legal|terms"
    r"|privacy|cookies|imprint|impressum|kontakt|login|downloads?)\b",
    re.IGNORECASE,
)
# "If you live in Poland, click here": where another edition stands, not what it says.
_EDITION = re.compile(
    r"if you(?:'re| are)?(?: based| located| resident| residing| living| visiting(?: us)?| live| reside)? (?:in|from)"
    r" (?:the )?\w+(?: \w+){0,2}, (?:please )?(?:click|tap|press|go|switch) (?:here|to this (?:page|version))\.?",
    re.IGNORECASE,
)
_RELATED = re.compile(
    r"\W*(?:related|see also|more (?:articles|topics|resources|from|in this)|recommended|popular|further reading"
    r"|you (?:may|might) also|was this helpful|next steps|explore (?:more|further)|need more help|articles connexes"
    r"|verwandte|ähnliche|artículos relacionados)",
    re.IGNORECASE,
)
_LINK_HINT = re.compile(
    r"\(?\b(?:link )?opens? (?:in )?(?:a )?new (?:tab|window|browser tab)\b\.?\)?|\(link is external\)"
    r"|(?<=[^\W_])Opens in (?:a )?new (?:tab|window)",
    re.IGNORECASE,
)
_LINK = re.compile(r"!?\[((?:[^\[\]\\]|\\.)*)\]\(((?:[^()\\]|\\.|\([^()]*\))*)\)", re.DOTALL)
_ENDING = re.compile(r"[.!?;:。！？,][\"')\]]*\Z")
_WORD = re.compile(r"[^\W_]+")
_LONGEST_CONTROL = 120  # characters
_LONGEST_FRAGMENT = 16  # words
_LONGEST_BANNER = 10  # sentences
_LONGEST_MENU = 40  # blocks
_HEAD = 4  # sentences
_HEAD_BLOCKS = 6
_TOP = 15  # sentences in which a page points to its other editions; other rules hold in the first of these


class Page:
    """A text as a page: answers which of its sentences are furniture. Sentences are named by their index."""

    def __init__(self, text: Projection) -> None:
        self.text = text
        self.sentences = [text.plain[start:end] for start, end in text.sentences]

    def is_prose(self, index: int) -> bool:
        """Whether a sentence is surely one of the policy by its words alone: no furniture, no line with a date."""
        return index >= _TOP and _is_prose(self.sentences[index])

    def is_furniture(self, index: int) -> bool:
        """Whether a sentence is furniture by its own words or by the place of its block."""
        words = self.sentences[index]
        if is_counter(words) or (is_date_line(words) and is_relative(words)):
            return True
        block = self.block(index)
        if block is None or block.kind is BlockKind.ROW:
            return False
        if index < _TOP and _EDITION.fullmatch(words):
            return True
        if _is_glued(words) or (index < _HEAD and (_PAGE_TITLE.fullmatch(words) or self._is_above_title(block, words))):
            return True
        if is_control(words) and (block.kind is not BlockKind.ITEM or self._links(block) is not None):
            return True  # an item without a link may be what a list of the policy names: "Register", "Search"
        return self.is_fragment(index) and (
            self._links_away(block) or self._leads_to_heading(block, words) or block.start in self._menus
        )

    def is_fragment(self, index: int) -> bool:
        """Whether a sentence is a few words that are no sentence, alone in their block."""
        words = self.sentences[index]
        block = self.block(index) if _is_fragment(words) else None
        return block is not None and block.plain_end - block.plain_start <= len(words) + 4

    def banner(self, run: Sequence[int]) -> bool:
        """Whether sentences that stand together are a consent banner: about cookies, with a button to accept them."""
        if not 2 <= len(run) <= _LONGEST_BANNER:
            return False
        words = [self.sentences[index] for index in run]
        buttons = [index for index in run if _CONSENT.match(self.sentences[index]) and self._is_short(index)]
        return bool(buttons) and any("cookie" in sentence.lower() for sentence in words)

    @cached_property
    def headings(self) -> frozenset[str]:
        """The words of all headings, as `Block.words_start` begins them."""
        plain = self.text.plain
        return frozenset(
            plain[block.words_start : block.plain_end]
            for block in self.text.blocks
            if block.kind is BlockKind.HEADING and block.plain_end > block.plain_start
        )

    def block(self, index: int) -> Block | None:
        return self.text.block_at(self.text.sentences[index][0])

    def _is_above_title(self, block: Block, words: str) -> bool:
        """Whether the block stands above the first heading, at the very top, and is an announcement, no sentence."""
        title = next((b for b in self.text.blocks[:_HEAD_BLOCKS] if b.kind is BlockKind.HEADING), None)
        above = title is not None and block.start < title.start and block.kind is not BlockKind.ITEM
        return above and not words.endswith((".", ":", ";", ",")) and len(_WORD.findall(words)) <= _LONGEST_FRAGMENT

    def _is_short(self, index: int) -> bool:
        words = self.sentences[index]
        return len(words) <= _LONGEST_CONTROL and not words.endswith(".")

    def _links(self, block: Block) -> tuple[str, ...] | None:
        """The addresses of a block that holds nothing but links; None when it holds words besides."""
        source = self.text.text
        return None if source.find("](", block.start, block.end) < 0 else _addresses(source[block.start : block.end])

    def _links_away(self, block: Block) -> bool:
        """Nothing but links: to parts of the page itself, one after the other, or under "Related articles"."""
        targets = self._links(block)
        if targets is None:
            return False
        if len(targets) >= 3 or all(target.startswith("#") for target in targets):
            return True
        return bool(block.headings) and _RELATED.match(block.headings[-1]) is not None

    def _leads_to_heading(self, block: Block, words: str) -> bool:
        """The way to this page ("Home Legal Terms of use"), which ends in the heading below it."""
        place = self._places.get(block.start, -1)
        following = next((b for b in self.text.blocks[place + 1 : place + 3] if b.plain_end > b.plain_start), None)
        if following is None or following.kind is not BlockKind.HEADING or block.kind is BlockKind.HEADING:
            return False
        heading = self.text.plain[following.plain_start : following.plain_end]
        return words.endswith(heading) and (words == heading or "](" in self.text.text[block.start : block.end])

    @cached_property
    def _places(self) -> dict[int, int]:
        return {block.start: place for place, block in enumerate(self.text.blocks)}

    @cached_property
    def _menus(self) -> frozenset[int]:
        """Where the blocks start that stand in a menu: at the top of a page, or a list of a site's own links."""
        blocks = [block for block in self.text.blocks if block.kind is BlockKind.RULE or self._plain(block)]
        found: set[int] = set()
        for top in [0, *(place + 1 for place, block in enumerate(blocks) if block.kind is BlockKind.RULE)]:
            found.update(self._top_menu(blocks[top : top + _LONGEST_MENU]))
        run: list[Block] = []
        for block in (*blocks, None):
            if block is not None and block.kind is not BlockKind.HEADING and self._links(block) is not None:
                run.append(block)
                continue
            names = {name.lower() for part in run for name in _MENU_NAMES.findall(self._plain(part))}
            if len(run) >= 3 and len(names) >= 3:
                found.update(part.start for part in run)
            run = []
        return frozenset(found)

    def _top_menu(self, blocks: Sequence[Block]) -> list[int]:
        """The blocks from the top of a page to its title or first sentence, if links or controls are among them."""
        run: list[int] = []
        signs, last = 0, ""
        for block in blocks:
            links = self._links(block)
            words = self._plain(block)
            sign = links is not None or is_control(words)
            if len(_WORD.findall(words)) > 4 * max(1, len(links or ())) or _ENDING.search(words):
                break
            if block.kind not in (BlockKind.PARAGRAPH, BlockKind.ITEM) and not sign:
                if len(run) == 1 and _MENU_NAMES.fullmatch(last) and block.kind is BlockKind.HEADING:
                    return run  # a label above the title: "Legal"
                break
            last = words
            run.append(block.start)
            signs += sign
        return run if signs and signs * 3 >= len(run) else []

    def _plain(self, block: Block) -> str:
        return self.text.plain[block.plain_start : block.plain_end]


page_of = remembered_of_text(Page)


@remembered
def _is_prose(words: str) -> bool:
    return not (
        _is_fragment(words) or _is_glued(words) or is_control(words) or is_counter(words) or is_date_line(words)
    )


def without_link_hints(words: str) -> str:
    """The words without what screen readers are told of a link: "(opens in a new tab)"."""
    return _LINK_HINT.sub("", words) if "pen" in words or "external" in words else words


@remembered
def is_control(words: str) -> bool:
    """Whether the words are the names of a page's controls, of languages to pick, or a copyright line."""
    if len(words) > _LONGEST_CONTROL:
        return False
    if _CONTROL.fullmatch(words) or _LANGUAGES.fullmatch(words):
        return True
    return _COPYRIGHT.match(words) is not None and len(_WORD.findall(words)) <= _LONGEST_FRAGMENT


@remembered
def is_counter(words: str) -> bool:
    """Whether the words count readers or minutes: "12 of 15 people found this helpful", "5 min read"."""
    if _VENDORS.match(words):
        return True
    if len(words) > _LONGEST_CONTROL or not _COUNTED.search(words):
        return False
    tokens = [word.lower() for word in _WORD.findall(words)]
    return any(word[0].isdigit() for word in tokens) and all(
        word in _COUNTING or re.fullmatch(r"\d+[km]?", word) for word in tokens
    )


@remembered
def _is_glued(words: str) -> bool:
    """Whether the words are names of links without blanks between them; "OpenAI, GitHub, YouTube" are not."""
    if _ENDING.search(words):
        return False
    letters, numbers = len(_GLUED.findall(words)), len(_GLUED_NUMBER.findall(words))
    return (letters >= 3 and _GLUED_TWICE.search(words) is not None) or numbers >= 4


@remembered
def _is_fragment(words: str) -> bool:
    return len(_WORD.findall(words)) <= _LONGEST_FRAGMENT and not _ENDING.search(words)


@remembered
def _addresses(source: str) -> tuple[str, ...] | None:
    """The addresses in a piece of a text that holds nothing but links; None when it holds words besides, or no link."""
    targets: list[str] = []
    for _ in range(2):  # an image stands inside its link

        def take(match: re.Match[str]) -> str:
            if not match[0].startswith("!"):
                targets.append(match[2])
            return "" if match[0].startswith("!") or not _LINK.search(match[1]) else match[1]

        source = _LINK.sub(take, source)
    return tuple(targets) if targets and not _WORD.search(source) else None
