"""`manage.py load_catalogue PATH`: a folder of files becomes the catalogue."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from clauses.catalogue.loading import load
from clauses.catalogue.problems import CatalogueError
from clauses.catalogue.reporting import refuse
from conductatlas.progress import progress_bar


class Command(BaseCommand):
    help = "Checks a catalogue of files and loads it: all of it, or nothing where anything is wrong."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", help="The folder of the catalogue, for example fixtures.")
        parser.add_argument("--json", action="store_true", help="Prints one JSON object instead of text.")

    def handle(self, *, path: str, **options: Any) -> None:
        try:
            summary = self.load(Path(path), quiet=options["json"] or not options["verbosity"])
        except CatalogueError as error:
            refuse(self, error, nothing="loaded", as_json=options["json"])
        if options["json"]:
            self.stdout.write(json.dumps(summary.as_json(), ensure_ascii=False))
        elif options["verbosity"]:
            self.stdout.write("\n".join(summary.lines()))

    def load(self, root: Path, *, quiet: bool) -> Any:
        """With a progress bar where a person watches."""
        with progress_bar("Loading the catalogue", quiet=quiet) as (begin, step):
            return load(root, begin=begin, step=step)
