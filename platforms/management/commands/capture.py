"""`manage.py capture [DOCUMENT …] [--due]`: looks at documents where their platforms publish them."""

import json
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from conductatlas import actors
from conductatlas.progress import progress_bar
from conductatlas.records import parse
from conductatlas.rules import Refused
from platforms.actions.captures import record_capture
from platforms.capture.archived import fetch_archived
from platforms.capture.browsing import BrowserMissing, Browsing
from platforms.capturing import InTurn, Looked, capture, due, fetcher
from platforms.models import Document
from platforms.vocabulary import CheckOutcome


class Command(BaseCommand):
    help = "Fetches documents, reads their text and keeps what is new. One host that fails holds up no other."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "document", nargs="*", help="Record ids (CA-D-00517) or addresses (jasper-ai/privacy-policy)."
        )
        parser.add_argument("--due", action="store_true", help="All documents whose interval has passed.")
        parser.add_argument("--archived", default="", help="The address of a web archive's copy of one document.")
        parser.add_argument("--json", action="store_true", help="Prints one JSON object instead of text.")

    def handle(self, *, document: list[str], **options: Any) -> None:
        quiet = options["json"] or not options["verbosity"]
        documents = self.documents(document, due_too=options["due"])
        try:
            looked = list(self.looks(documents, options["archived"], quiet=quiet))
        except (Refused, BrowserMissing) as error:
            raise CommandError(str(error)) from error
        if options["json"]:
            self.stdout.write(json.dumps({"looked": [as_json(look) for look in looked]}, ensure_ascii=False))
        elif options["verbosity"]:
            self.stdout.write("\n".join(lines(looked)))

    def documents(self, named: Sequence[str], *, due_too: bool) -> list[Document]:
        found = {document.pk: document for document in map(document_named, named)}
        if due_too:
            found |= {document.pk: document for document in due(datetime.now(UTC))}
        if not named and not due_too:
            raise CommandError("Name the documents to look at (CA-D-00517 or jasper-ai/privacy-policy), or give --due.")
        return list(found.values())

    def looks(self, documents: Sequence[Document], archived: str, *, quiet: bool) -> Iterator[Looked]:
        by = actors.machine()
        if archived:
            if len(documents) != 1:
                raise CommandError("--archived is the copy of one document: name that one.")
            copy = fetch_archived(fetcher(), archived)
            yield Looked(documents[0], record_capture(document=documents[0], result=copy, by=by))
            return
        without = [document.record_id for document in documents if not document.source_url]
        if without:
            raise CommandError(f"{', '.join(without)}: no source address is recorded; add it in the admin.")
        plain = [document for document in documents if not document.needs_browser]
        shown = [document for document in documents if document.needs_browser]
        with progress_bar("Capturing", quiet=quiet) as (begin, step):
            begin(len(documents))
            yield from capture(plain, fetcher(), by=by, step=step)
            if shown:
                with Browsing(fetcher(), executable_path=settings.CAPTURE_CHROMIUM) as browsing:
                    yield from capture(shown, InTurn(browsing), by=by, step=step)


def document_named(name: str) -> Document:
    """By record id, or by platform and slug."""
    known = Document.objects.select_related("platform")
    if name.upper().startswith("CA-"):
        try:
            found = known.filter(number=parse(name.upper()).number).first() if "-D-" in name.upper() else None
        except ValueError as error:
            raise CommandError(str(error)) from error
    else:
        platform, _, slug = name.strip("/").removeprefix("platform/").partition("/")
        found = known.filter(platform__slug=platform, slug=slug).first()
    if found is None:
        raise CommandError(f"There is no document {name!r}: name one as CA-D-00517 or jasper-ai/privacy-policy.")
    return found


def as_json(look: Looked) -> dict[str, Any]:
    check = look.check
    return {
        "document": look.document.record_id,
        "outcome": check.outcome,
        "reason": check.reason,
        "snapshot": check.snapshot.record_id if check.snapshot else None,
        "not_before": check.not_before.isoformat() if check.not_before else None,
    }


def lines(looked: Sequence[Looked]) -> list[str]:
    """For people: what failed or brought something, each on a line, and the count of all."""
    counts = Counter(look.check.get_outcome_display() for look in looked)
    told = ", ".join(f"{count} {outcome}" for outcome, count in counts.items()) or "nothing was due"
    quiet = CheckOutcome.UNCHANGED
    said = [
        f"{look.document.record_id} {look.document}: {look.check.get_outcome_display()}. {look.check.reason}".rstrip()
        for look in looked
        if look.check.outcome != quiet
    ]
    return [*said, f"Looked at {len(looked)}: {told}."]
