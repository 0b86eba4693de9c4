"""`manage.py export_catalogue PATH`: the catalogue becomes a folder of files that `load_catalogue` reads."""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from rich.console import Console

from clauses.catalogue.exporting import export
from clauses.catalogue.problems import CatalogueError
from clauses.catalogue.reporting import refuse


class Command(BaseCommand):
    help = "Writes the catalogue into a new folder, or over an earlier export, in canonical form."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", help="A new or empty folder, or one with an earlier export.")
        parser.add_argument("--json", action="store_true", help="Prints one JSON object instead of text.")

    def handle(self, *, path: str, **options: Any) -> None:
        console = Console(stderr=True)
        try:
            if console.is_terminal and not options["json"]:
                with console.status("Writing the catalogue"):
                    done = export(Path(path))
            else:
                done = export(Path(path))
        except CatalogueError as error:
            refuse(self, error, nothing="exported", as_json=options["json"])
        if options["json"]:
            self.stdout.write(json.dumps(asdict(done)))
        elif options["verbosity"]:
            self.stdout.write(
                f"{path}: {done.written} files written, {done.same} left as they were, {done.removed} removed."
            )
