"""Two hundred transitions between consecutive records of real documents, labelled by reading their differences.

They are the yardstick of the class that a transition gets: rules are written on `genai-eu.json` (90) and scored on
`genai-contrib.json` (110). No label was made or changed by a program that classifies, and no text is here: an entry
points to two records by document, time of capture (author date) and SHA-256 of the text's bytes.

**The sample.** Of each document the records in the order of their author dates; each with the one before it. One
seeded draw per stratum, spread evenly over services and documents, at most four transitions per document. The strata
are crude measures, no classes: only white space differs (12) · the plain words are equal (35) · the plain words equal
those of some earlier record (21) · the subject says technical or declaration upgrade (21) · the length more than
halves or grows by half (23) · of what is left, by blocks that differ: up to 3 (39), up to 12 (23), up to 40 (15),
more (11). No two consecutive records have the same bytes, so `identical` has no example.

**An entry.** `path`, `before` and `after` (`captured_at`, `sha256`), `label`, `sure`, `note` (what changed, in our own
words), and for `substantive` `removed` and `added`: roughly how many sentences, table rows and headings with a meaning
are only in one of the texts, each counted once where a page holds its text twice. A rewritten sentence counts on both
sides. `sure` is false where a careful reader could choose another label; the note says why.

**The labels**, the first that fits:

- `broken`: one of the texts, or one of the pages that it is joined from, is no policy: an error or redirect page, a
  login wall, a page with nothing but its frame, another language. So the recovery, too, even when it is a return.
- `extraction`: the archive's technical upgrade, by the subject of the record, whatever else changed (also when every
  word stands); or, without that subject, plainly another part of the page, or another page, is now selected.
- `identical`, `whitespace`: the same bytes; the same but for white space, also where lists nest otherwise.
- `markup`: the same words; markup, links, link targets, images, empty links, bare numbers of list items.
- `returned`: other words than before, equal to those of an earlier record. Also when only a counter or a banner came
  back.
- `substantive`: sentences that mean something came or went: a number, a name, an address, a row of a table. With
  `"meaning": "typo"` where the words changed and what they say did not (spelling, capitals).
- `dates`: only dates such as "last updated", also the same date written otherwise.
- `furniture`: only what stands around the policy: navigation, banners, cookie notices, counters, buttons.

**How much was read.** Every difference was seen as a word diff, block against block. Differences of up to about 3,000
characters were read whole, and longer ones where the label hung on their end; of rewrites the beginnings of both
texts and the first changed blocks were read, and their counts come from comparing sentences by machine.
"""
