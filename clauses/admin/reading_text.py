"""A part of a text as the HTML of reading mode.

Every run of words says in `data-at` and `data-to` which slice of the stored text it shows, and nothing but words stands
in it: so a selection in the browser can be told as a slice of the stored text. What else is shown (numbers of
sentences, links to clauses, suggestions) stands between the runs.
"""

from collections.abc import Iterable, Mapping, Sequence

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from platforms.blocks import BlockKind
from platforms.typesetting import Run, SetBlock, SetSentence

TAKEN = 0  # the key of the shade over the words that are about to be quoted
Kinds = Sequence[tuple[str, str]]  # slugs and names of clause types


def part_of(
    blocks: Iterable[SetBlock], *, titles: Mapping[int, str], maybe: Mapping[int, Kinds], chosen: str, here: str
) -> SafeString:
    """The blocks of a part. `titles` are those of the clauses, by the keys of their shades; `maybe` says of sentences,
    by number, which types they may be about; `chosen` is the slug of one; `here` the address of the page.
    """
    return format_html_join("\n", "{}", ((_block(block, titles, maybe, chosen, here),) for block in blocks))


def _block(
    block: SetBlock, titles: Mapping[int, str], maybe: Mapping[int, Kinds], chosen: str, here: str
) -> SafeString:
    if block.kind is BlockKind.RULE:
        return format_html("<hr>")
    sentences = format_html_join(
        "", "{}", ((_sentence(one, titles, maybe.get(one.number, ()), chosen, here),) for one in block.sentences)
    )
    tag = f"h{block.rank}" if block.kind is BlockKind.HEADING else "p"
    names = f"block block--{block.kind}{' block--numbered' if block.numbered else ''}"
    return format_html('<{} class="{}" data-level="{}">{}</{}>', tag, names, block.level, sentences, tag)


def _sentence(one: SetSentence, titles: Mapping[int, str], maybe: Kinds, chosen: str, here: str) -> SafeString:
    runs = format_html_join("", "{}{}", ((_run(run, titles), _links(run, titles)) for run in one.runs))
    if not one.number:
        return runs
    slugs = [slug for slug, _ in maybe]
    return format_html(
        '<span class="said{}" id="s-{}"{}>'
        '<a class="sentence-number" href="{}?words={}-{}" data-number="{}" tabindex="-1"'
        ' aria-label="Take sentence {}"></a>'
        "{}{}</span>",
        " is-suggested" if chosen in slugs else "",
        one.number,
        format_html(' data-types="{}"', " ".join(slugs)) if slugs else "",
        here,
        one.start,
        one.end,
        one.number,
        one.number,
        runs,
        format_html('<small class="maybe">may be about: {}</small>', ", ".join(name for _, name in maybe))
        if maybe
        else "",
    )


def _run(run: Run, titles: Mapping[int, str]) -> SafeString:
    names = ["run", *(f"run--{look}" for look in run.looks.split())]
    if run.in_cell:
        names.append("run--cell")
    if run.shades:
        names.append("run--taken" if TAKEN in run.shades else "run--marked")
    begun = next((key for key in run.begun if key in titles), None)
    name = format_html(' id="words-{}"', begun) if begun else ""
    return format_html(
        '<span class="{}"{} data-at="{}" data-to="{}">{}</span>', " ".join(names), name, run.start, run.end, run.words
    )


def _links(run: Run, titles: Mapping[int, str]) -> SafeString:
    ended = ((key, titles[key]) for key in run.ended if key in titles)
    return format_html_join("", '<a class="clause-link" href="#clause-{}">{}</a>', ended)
