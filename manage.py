#!/usr/bin/env python
"""Django's command line. Starts the embedded PostgreSQL for the commands that need a database."""

import os
import sys

from conductatlas import postgres

# These neither read nor write the database, so starting a server for them would only cost time; `serve` starts it by
# itself.
WITHOUT_DATABASE = {
    "help",
    "version",
    "--help",
    "-h",
    "--version",
    "passwords",
    "serve",
    "makemessages",
    "compilemessages",
}


def main(argv: list[str]) -> None:
    """Run the command in `argv`; a database that cannot be had is one line on standard error and exit code 1."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "conductatlas.settings")
    command = argv[1] if len(argv) > 1 else "help"
    if command == "serve":
        # Served files carry hashed names; the other commands take them straight from static/.
        os.environ.setdefault("CONDUCTATLAS_STATIC", "collected")

    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line

    try:
        postgres.check_database_url()
        if command not in WITHOUT_DATABASE and not {"--help", "-h"} & set(argv[2:]):
            postgres.ensure()
        execute_from_command_line(argv)
    except (postgres.PostgresError, ImproperlyConfigured) as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main(sys.argv)
