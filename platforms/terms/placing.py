"""Where the documents of a collection belong: which platform each service is, and which document each path."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from platforms.models import Document, Jurisdiction, Platform

from .history import Record
from .mapping import DocumentChoice, TermsMap
from .naming import Likeness, document_kind, match_services, slug_of


@dataclass(frozen=True, slots=True)
class Unsure:
    """A service or a document that only an analyst can place: what it could be, with the reason of each."""

    what: str
    could_be: tuple[str, ...]


@dataclass(frozen=True)
class Edition:
    """What is the same for all documents of a collection: its name, and the market and language it was read in."""

    collection: str
    market: Jurisdiction | None = None
    language: str = ""


class Places:
    """The platforms and documents of one collection, known or to be created. Nothing is written here."""

    def __init__(self, edition: Edition, terms_map: TermsMap, records: Iterable[Record]) -> None:
        self.edition, self.map = edition, terms_map
        self.documents = {
            document.collection_path: document
            for document in Document.objects.filter(collection=edition.collection).select_related("platform")
        }
        self.unsure: list[Unsure] = []
        self._given: set[tuple[str, str]] = set()  # platform and address part of the documents that are new
        self._platforms = self._matched(list(dict.fromkeys(record.service for record in records)))

    def platform(self, record: Record) -> Platform | None:
        """The platform of a record, saved or not yet; None where that is for an analyst to say."""
        chosen = self._choice(record).platform
        if chosen:
            return Platform.objects.get(slug=chosen)
        document = self.documents.get(record.document)
        return document.platform if document else self._platforms.get(record.service)

    def document(self, record: Record, platform: Platform) -> Document | None:
        """The document of a record, saved or not yet; None where it may be one that the catalogue has already."""
        if known := self.documents.get(record.document):
            return known
        choice = self._choice(record)
        if choice.slug and platform.pk:
            named = Document.objects.filter(platform=platform, slug=choice.slug, collection="").first()
            if named:
                return self._placed(named, record)
        title = choice.title or record.terms_type.strip()
        kind = choice.kind or document_kind(record.terms_type)[0]
        rivals = [] if choice.slug or platform.pk is None else self._rivals(platform, kind)
        if rivals:
            could_be = tuple(f"{rival.record_id}, {rival.title} (address part {rival.slug})" for rival in rivals)
            self.unsure.append(Unsure(record.document, could_be))
            return None
        return self._placed(
            Document(platform=platform, title=title, kind=kind, **self._addresses(record, platform)), record
        )

    def _choice(self, record: Record) -> DocumentChoice:
        return self.map.documents.get(record.document, DocumentChoice())

    def _rivals(self, platform: Platform, kind: str) -> Sequence[Document]:
        """Documents of the same kind that stand in no collection, and could be this one by market and language."""
        return [
            document
            for document in Document.objects.filter(platform=platform, kind=kind, collection="")
            if document.market_id in (None, self.edition.market and self.edition.market.pk)
            and document.language in ("", self.edition.language)
        ]

    def _addresses(self, record: Record, platform: Platform) -> dict[str, Any]:
        """The slug, told apart from those of the platform by market or collection, and the word its editions share."""
        plain = slug_of(record.terms_type)
        taken = {slug for owner, slug in self._given if owner == platform.slug}
        if platform.pk:
            taken |= set(Document.objects.filter(platform=platform).values_list("slug", flat=True))
        market = self.edition.market
        told_apart = slug_of(f"{plain} {market.code if market else self.edition.collection}", taken=taken)
        slug = self._choice(record).slug or (told_apart if plain in taken else plain)
        self._given.add((platform.slug, slug))
        return {"slug": slug, "family": f"{platform.slug}-{plain}"[:100].rstrip("-")}

    def _placed(self, document: Document, record: Record) -> Document:
        """Ties a document to its path; what it does not say yet of itself it learns from the collection."""
        document.collection, document.collection_path = self.edition.collection, record.document
        document.market = document.market or self.edition.market
        document.language = document.language or self.edition.language
        return document

    def _matched(self, services: Sequence[str]) -> dict[str, Platform]:
        """Service → its platform, saved or not yet. A service that has documents here stays where they are."""
        settled = {path.split("/", 1)[0]: document.platform for path, document in self.documents.items()}
        platforms = {row.slug: row for row in Platform.objects.prefetch_related("former_names")}
        found = {service: settled[service] for service in services if service in settled}
        for service, slug in self.map.services.items():
            found[service] = platforms[slug] if slug else _new(service, slug_of(service, taken=platforms))
        # Another service of the same collection is another platform: it cannot be the one that is sought.
        elsewhere = {platform.slug for service, platform in settled.items()}
        names = {
            slug: [row.name, *(former.name for former in row.former_names.all())]
            for slug, row in platforms.items()
            if slug not in elsewhere
        }
        matches = match_services([service for service in services if service not in found], names)
        found |= {service: platforms[slug] for service, slug in matches.joined.items()}
        created = {slug: _new(service, slug) for service, slug in reversed(matches.new.items())}
        found |= {service: created[slug] for service, slug in matches.new.items()}
        self.unsure += [Unsure(service, tuple(map(_told, likenesses))) for service, likenesses in matches.unsure]
        return found


def _new(service: str, slug: str) -> Platform:
    return Platform(slug=slug, name=service.strip())


def _told(likeness: Likeness) -> str:
    return f"{likeness.slug} ({likeness.name}): {likeness.why}"
