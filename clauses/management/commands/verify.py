"""`manage.py verify`: recomputes every hash, payload, proof and change from the stored bytes."""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand

from clauses.management.documents import add_document_argument, chosen_documents
from clauses.verifying import Findings, verify
from conductatlas.progress import progress_bar


class Command(BaseCommand):
    help = "Recomputes what is stored from the stored bytes, changes nothing; exit code 1 where anything differs."

    def add_arguments(self, parser: ArgumentParser) -> None:
        add_document_argument(parser)
        parser.add_argument("--json", action="store_true", help="Prints one JSON object instead of text.")

    def handle(self, *, documents: list[str], **options: Any) -> None:
        quiet = options["json"] or not options["verbosity"]
        chosen = chosen_documents(documents)
        with progress_bar("Verifying", quiet=quiet) as (begin, step):
            found = verify(chosen, begin=begin, step=step)
        if options["json"]:
            self.stdout.write(json.dumps(as_json(found), ensure_ascii=False))
        else:
            self.stdout.write("\n".join(lines(found)))
        if found.mismatches:
            raise SystemExit(1)


def as_json(found: Findings) -> dict[str, Any]:
    """For machines."""
    checked = {what.replace(" ", "_"): count for what, count in found.checked.items()}
    return {"checked": checked, "mismatches": [asdict(mismatch) for mismatch in found.mismatches]}


def lines(found: Findings) -> list[str]:
    """For people."""
    checked = ", ".join(f"{count:,} {what}" for what, count in found.checked.items() if count) or "nothing"
    count = len(found.mismatches)
    told = "All of it agrees." if not count else f"{count:,} {'fact' if count == 1 else 'facts'} of it cannot be so."
    return [*map(str, found.mismatches), f"Recomputed: {checked}. {told}"]
