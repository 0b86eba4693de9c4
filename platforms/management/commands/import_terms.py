"""`manage.py import_terms REPOSITORY`: what an archive holds of many documents' past."""

import json
import re
from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from conductatlas import actors
from conductatlas.garbage import few_collections
from conductatlas.progress import progress_bar
from conductatlas.rules import Refused, plain_slug
from platforms.models import Jurisdiction, Platform
from platforms.terms.importing import COUNTED, Plan, Summary, import_terms
from platforms.terms.mapping import Known, MapError, TermsMap, read_map
from platforms.terms.placing import Edition
from platforms.terms.repository import Repository, Unreadable, open_repository
from platforms.vocabulary import DocumentKind

LANGUAGE = r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*"


class Command(BaseCommand):
    help = "Imports the texts of an Open Terms Archive versions repository, with their real capture times."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("repository", help="A folder, a git bundle or an https address.")
        parser.add_argument("--collection", default="", help="The collection's name; left out, that of the repository.")
        parser.add_argument(
            "--market", default="", help="The code of its market, such as EU or US; left out: not stated."
        )
        parser.add_argument("--language", default="", help="The language of its texts (BCP 47), such as en.")
        parser.add_argument("--only", default="", help="A regular expression, searched for in “Service/Terms type”.")
        parser.add_argument("--since", default="", help="A day, as 2026-01-31: nothing that was captured before it.")
        parser.add_argument("--map", default="", help="A file with an analyst's decisions on services and documents.")
        parser.add_argument("--json", action="store_true", help="Prints one JSON object instead of text.")

    def handle(self, *, repository: str, **options: Any) -> None:
        cache = settings.DATA_DIR / "terms"
        try:
            with open_repository(repository, cache=cache) as opened:
                plan = self.plan(opened, repository, options)
                quiet = options["json"] or not options["verbosity"]
                with (
                    progress_bar(f"Importing {plan.edition.collection}", quiet=quiet) as (begin, step),
                    few_collections(),
                ):
                    summary = import_terms(opened, plan, by=actors.machine(), begin=begin, step=step)
        except (Unreadable, MapError, Refused) as error:
            raise CommandError(f"{error} What was imported before it stays.") from error
        if options["json"]:
            self.stdout.write(json.dumps(summary.as_json(), ensure_ascii=False))
        elif options["verbosity"]:
            self.stdout.write("\n".join(lines(summary)))

    def plan(self, repository: Repository, where: str, options: dict[str, Any]) -> Plan:
        name, place = collection(options["collection"], where), market(options["market"])
        edition = Edition(name, place, language(options["language"]))
        terms_map = self.terms_map(repository, options["map"]) if options["map"] else TermsMap()
        return Plan(edition, pattern(options["only"]), day(options["since"]), terms_map)

    def terms_map(self, repository: Repository, file: str) -> TermsMap:
        records = repository.records()
        known = Known(
            services={record.service for record in records},
            documents={record.document for record in records},
            platforms=set(Platform.objects.values_list("slug", flat=True)),
            kinds=set(DocumentKind.values),
        )
        return read_map(Path(file), known)


def collection(name: str, where: str) -> str:
    """The given name, or that of the repository without what all such names end in."""
    plain = name or re.sub(r"(-versions)?(\.bundle|\.git)?$", "", where.rstrip("/").rsplit("/", 1)[-1].lower())
    if not re.fullmatch(plain_slug.regex, plain):
        raise CommandError(f"{plain!r} is no name of a collection: give one with --collection, such as genai-eu.")
    return plain


def market(code: str) -> Jurisdiction | None:
    if not code:
        return None
    found = Jurisdiction.objects.filter(code=code.upper()).first()
    if found is None:
        known = ", ".join(Jurisdiction.objects.values_list("code", flat=True)) or "none yet: load a catalogue first"
        raise CommandError(f"There is no market {code!r}: give one of those in the catalogue ({known}).")
    return found


def language(code: str) -> str:
    if code and (len(code) > 20 or not re.fullmatch(LANGUAGE, code)):
        raise CommandError(f"--language {code!r} is no language: write it as en or pt-BR.")
    return code


def pattern(only: str) -> re.Pattern[str] | None:
    try:
        return re.compile(only) if only else None
    except re.error as error:
        raise CommandError(f"--only {only!r} is no regular expression: {error}.") from error


def day(since: str) -> date | None:
    try:
        return date.fromisoformat(since) if since else None
    except ValueError as error:
        raise CommandError(f"--since {since!r} is no day: write it as 2026-01-31.") from error


def lines(summary: Summary) -> list[str]:
    """For people."""
    added = {name: summary.counts[name] for name in COUNTED if name != "held" and summary.counts[name]}
    told = ", ".join(f"{count:,} {name}" for name, count in added.items()) or "nothing new"
    said = [f"Imported: {told}. Held before: {summary.counts['held']:,} snapshots."]
    said += [f"Passed over: {count:,} × {reason}." for reason, count in summary.skipped.items()]
    if summary.unsure:
        said.append("Not imported: only a person can say what these are (decide in a file, and give it with --map):")
        said += [f"  {row.what}: {'; '.join(row.could_be)}" for row in summary.unsure]
    if summary.unsure_kinds:
        said.append("Of a kind that the catalogue does not know, filed as “other document”:")
        said += [f"  {name}" for name in summary.unsure_kinds]
    return said
