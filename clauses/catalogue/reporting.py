"""How the commands tell what is wrong with a catalogue: to people line by line, to machines as one JSON object."""

import json
from typing import NoReturn

from django.core.management.base import BaseCommand, CommandError

from .problems import CatalogueError


def refuse(command: BaseCommand, error: CatalogueError, *, nothing: str, as_json: bool) -> NoReturn:
    """Prints all problems and ends the command with 1: `nothing` says what has not happened."""
    if as_json:
        command.stdout.write(
            json.dumps({"problems": [problem.as_json() for problem in error.problems]}, ensure_ascii=False)
        )
        raise SystemExit(1)
    for problem in error.problems:
        command.stderr.write(str(problem))
    count = len(error.problems)
    raise CommandError(f"Nothing was {nothing}: there {'is 1 problem' if count == 1 else f'are {count} problems'}.")
