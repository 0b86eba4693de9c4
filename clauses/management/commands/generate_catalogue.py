"""`manage.py generate_catalogue`: an invented catalogue of any size, for benchmarks."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from clauses.generating.filling import fill
from clauses.indexing import index_all
from conductatlas.progress import progress_bar
from conductatlas.rules import Refused

FIXTURES = Path(settings.BASE_DIR) / "fixtures"


class Command(BaseCommand):
    help = (
        "Fills an empty database with an invented catalogue, the same for the same number and seed. Its platforms count"
        " as real ones: never for a site that people read."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--clauses", type=int, default=1300, help="How many clauses (1300 unless told).")
        parser.add_argument("--seed", type=int, default=1, help="Another number, another catalogue (1 unless told).")
        parser.add_argument("--json", action="store_true", help="Prints one JSON object instead of text.")

    def handle(self, *, clauses: int, seed: int, **options: Any) -> None:
        quiet = options["json"] or not options["verbosity"]
        try:
            with transaction.atomic():
                with progress_bar("Generating clauses", quiet=quiet) as (begin, step):
                    made = fill(
                        Path(settings.BASE_DIR) / "fixtures", clauses=clauses, seed=seed, begin=begin, step=step
                    )
                with progress_bar("Indexing them", quiet=quiet) as (begin, step):
                    index_all(begin=begin, step=step)
        except Refused as error:
            raise CommandError(str(error)) from error
        if options["json"]:
            self.stdout.write(json.dumps(made))
        elif options["verbosity"]:
            told = ", ".join(f"{made[what]:,} {what}" for what in ("platforms", "documents", "clauses", "analyses"))
            self.stdout.write(f"Generated {told} with the seed {seed}. No platform in it is real.")
