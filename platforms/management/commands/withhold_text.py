"""`manage.py withhold_text SHA256 --reason …`: the one way in which a kept text loses its words."""

from argparse import ArgumentParser
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError

from conductatlas import actors
from platforms import actions
from platforms.models import Snapshot, Text


class Command(BaseCommand):
    help = (
        "Empties a text under a legal order. Its hash, the reason and the earlier proofs stay; nothing brings it back."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("sha256", help="The SHA-256 of the text, all 64 digits, as its page shows it.")
        parser.add_argument(
            "--reason", required=True, help="What readers are told: the court and its order, for example."
        )
        parser.add_argument(
            "--by", default="", help="The user name of the person who decides; left out, a program signs."
        )
        parser.add_argument("--yes", action="store_true", help="Does not ask before it empties the text.")

    def handle(self, *, sha256: str, reason: str, by: str, yes: bool, **options: Any) -> None:
        text = Text.objects.filter(pk=sha256.strip().lower()).first()
        if text is None:
            raise CommandError(f"No text has the SHA-256 {sha256!r}: copy all 64 digits from the page of the version.")
        user = self._person(by) if by else actors.machine()
        if not yes:
            self._ask(text)
        try:
            text = actions.withhold_text(text=text, reason=reason, by=user)
        except actions.Refused as error:
            raise CommandError(str(error)) from error
        self.stdout.write("\n".join(self._stays(text)))

    def _person(self, name: str) -> Any:
        user = get_user_model().objects.filter(username=name).first()
        if user is None:
            raise CommandError(
                f"There is no user {name!r}: give the user name of the person who decides, or leave --by out."
            )
        return user

    def _ask(self, text: Text) -> None:
        self.stdout.write(f"{len(text.content):,} characters of {text.sha256} will be gone for good.")
        try:
            answer = input("Type the first 8 digits of the SHA-256 to go on: ")
        except EOFError:
            raise CommandError("Nobody is there to confirm it: add --yes. The text stays as it is.") from None
        if answer.strip().lower() != text.sha256[:8]:
            raise CommandError("Not confirmed: the text stays as it is.")

    def _stays(self, text: Text) -> list[str]:
        """What readers still find, a line each."""
        seen = Snapshot.objects.filter(text=text).select_related("document__platform", "version").order_by("number")
        lines = [
            f"The words of {text.sha256} are withheld: {text.withheld_reason}",
            "What stays: the hash, the reason, and",
        ]
        for snapshot in seen:
            version = getattr(snapshot, "version", None)
            address = version.get_absolute_url() if version else snapshot.document.get_absolute_url()
            lines.append(f"  {snapshot.record_id} of {snapshot.document.platform}, {snapshot.document}: {address}")
        count = text.proofs.count()
        lines.append(f"  {count} earlier {'proof' if count == 1 else 'proofs'}, labelled as of a withheld text")
        return lines
