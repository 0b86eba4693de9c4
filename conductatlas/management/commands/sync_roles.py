"""`manage.py sync_roles`: brings the groups analyst, reviewer and editor in line with `conductatlas/roles.py`."""

from django.core.management.base import BaseCommand

from conductatlas.roles import ROLES, sync_roles


class Command(BaseCommand):
    help = "Brings the groups of the team's roles in line with the code."

    def handle(self, *args, **options) -> None:
        sync_roles()
        self.stdout.write(f"Roles in place: {', '.join(ROLES)}.")
