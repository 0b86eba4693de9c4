"""`manage.py passwords`: the demo logins again."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from conductatlas.logins import read_logins, shown_logins


class Command(BaseCommand):
    help = "Shows the demo logins and their passwords. Needs no database."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        path = settings.DATA_DIR / "passwords.json"
        logins = read_logins(path)
        if not logins:
            raise CommandError(f"There are no demo logins in {path} yet: `make run` makes them on its first start.")
        self.stdout.write("\n".join(shown_logins(logins)))
