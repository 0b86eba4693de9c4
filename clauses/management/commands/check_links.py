"""`manage.py check_links`: opens the official addresses of agencies and laws, and dates the agencies whose
addresses answer.
"""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from rich.console import Console
from rich.progress import track

from clauses.links import Answer, check
from clauses.models import Agency, Regulation


class Command(BaseCommand):
    help = "Opens the official addresses of agencies and laws; exit code 1 where one does not answer."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slugs", nargs="*", metavar="SLUG", help="only these agencies and laws")
        parser.add_argument("--json", action="store_true", help="print the result as JSON, for machines")

    def handle(self, *args: Any, slugs: list[str], **options: Any) -> None:
        records = [*Agency.objects.all(), *Regulation.objects.all()]
        unknown = set(slugs) - {record.slug for record in records}
        if unknown:
            raise CommandError(
                f"There is no agency or law {', '.join(sorted(unknown))}: give its slug, as in /agencies/ftc/."
            )
        chosen = [record for record in records if not slugs or record.slug in slugs]
        console = Console(stderr=True)
        found: list[Answer] = []
        for record in track(
            chosen, "Opening addresses", console=console, disable=not console.is_terminal or options["json"]
        ):
            found += check([record], today=timezone.now().date())
        failed = [answer for answer in found if not answer.ok]
        if options["json"]:
            rows = [{**vars(answer.link), "ok": answer.ok, "detail": answer.detail} for answer in found]
            self.stdout.write(json.dumps({"asked": len(found), "failed": len(failed), "addresses": rows}, indent=1))
        else:
            for answer in failed:
                self.stdout.write(f"{answer.link.record}, {answer.link.kind}: {answer.detail} ({answer.link.url})")
            self.stdout.write(f"{len(found) - len(failed)} of {len(found)} addresses answer.")
        if failed:
            raise SystemExit(1)
