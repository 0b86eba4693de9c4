"""`manage.py format_catalogue PATH`: every YAML file of a catalogue in its one canonical form."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from clauses.catalogue.formatting import format_catalogue
from clauses.catalogue.problems import CatalogueError
from clauses.catalogue.reporting import refuse


class Command(BaseCommand):
    help = "Rewrites the YAML files of a catalogue in canonical form; needs no database."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", help="The folder of the catalogue, for example fixtures.")
        parser.add_argument("--check", action="store_true", help="Changes nothing; ends with 1 where a file differs.")

    def handle(self, *, path: str, check: bool, **options: Any) -> None:
        try:
            done = format_catalogue(Path(path), check=check)
        except CatalogueError as error:
            refuse(self, error, nothing="checked" if check else "rewritten", as_json=False)
        for name in done.differing:
            self.stdout.write(f"{Path(path) / name}: {'is not in canonical form' if check else 'rewritten'}")
        if check and done.differing:
            raise CommandError(
                f"{len(done.differing)} of {done.count} files differ: run manage.py format_catalogue {path}"
            )
        self.stdout.write(f"{path}: {done.count} YAML files are in canonical form.")
