#!/usr/bin/env python
"""Django's command line. Starts the embedded PostgreSQL for the commands that need a database."""

import os
import sys

from conductatlas import postgres

# These neither read nor write the database; starting a server for them would only cost time.
WITHOUT_DATABASE = {"help", "version", "--help", "-h", "--version", "passwords", "makemessages", "compilemessages"}


def main(argv: list[str]) -> None:
    """Run the command in `argv`; a database that cannot be had is one line on standard error and exit code 1."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "conductatlas.settings")
    command = argv[1] if len(argv) > 1 else "help"
    if command == "serve":
        # Served files carry hashed names; the other commands take them straight from static/.
        os.environ.setdefault("CONDUCTATLAS_STATIC", "collected")
    if command not in WITHOUT_DATABASE and not {"--help", "-h"} & set(argv[2:]):
        try:
            postgres.ensure()
        except postgres.PostgresError as error:
            sys.exit(f"{error}")

    from django.core.management import execute_from_command_line

    execute_from_command_line(argv)


if __name__ == "__main__":
    main(sys.argv)
