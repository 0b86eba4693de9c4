"""`manage.py derive`: brings what is worked out from texts in line with the present methods."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from clauses.catching_up import catch_up, outdated, search_outdated
from clauses.due import follow_readings_due
from clauses.indexing import index_all
from clauses.management.documents import add_document_argument, chosen_documents
from clauses.models import ComparedClause
from clauses.neighbours import rebuild_neighbours
from conductatlas import actors
from conductatlas.progress import progress_bar
from platforms.models import Document


class Command(BaseCommand):
    help = (
        "Works out transitions, changes, proofs and open questions anew for the documents whose texts an older program"
        " looked at, or none."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        add_document_argument(parser)
        parser.add_argument("--all", action="store_true", help="All documents, whichever program looked at them.")
        parser.add_argument("--json", action="store_true", help="Prints one JSON object instead of text.")

    def handle(self, *, documents: list[str], **options: Any) -> None:
        quiet = options["json"] or not options["verbosity"]
        wanted = chosen_documents(documents)
        waiting = set() if options["all"] else outdated()
        if wanted is None:
            wanted = list(Document.objects.order_by("number"))
        chosen = [row for row in wanted if options["all"] or row.pk in waiting]
        changed: dict[str, dict[str, int]] = {}
        by = actors.machine() if chosen else None
        with progress_bar("Deriving", quiet=quiet) as (begin, step):
            begin(len(chosen))
            for document in chosen:
                counts = catch_up(document, by=by, anew=options["all"])
                if counts:
                    changed[document.record_id] = dict(counts)
                step()
        if options["all"]:
            follow_readings_due()
        if options["all"] or search_outdated():
            index_all()
        elif not ComparedClause.objects.exists():
            rebuild_neighbours()
        if options["json"]:
            told = {"derived": [document.record_id for document in chosen], "changed": changed}
            self.stdout.write(json.dumps(told, ensure_ascii=False))
        elif options["verbosity"]:
            self.stdout.write("\n".join(lines(chosen, changed)))


def lines(chosen: list[Document], changed: dict[str, dict[str, int]]) -> list[str]:
    """For people."""
    if not chosen:
        return ["Every document is in line with the present methods."]
    counts = [
        f"{record_id}: {', '.join(f'{count:,} {what}' for what, count in told.items())}"
        for record_id, told in changed.items()
    ]
    noun = "document" if len(chosen) == 1 else "documents"
    return [*counts, f"Derived {len(chosen):,} {noun}; {len(changed):,} changed."]
