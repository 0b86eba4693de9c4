"""Copies of records, made through the actions: for tests and benchmarks that need many of a kind."""

from django.utils.text import slugify

from clauses import actions
from clauses.actions.analyses import PARTS
from clauses.models import Analysis, Provision
from conductatlas import actors
from platforms.actions import save_document, save_platform
from platforms.models import Document, Platform


def platform_with_document(name: str, *, kind: str = "privacy_policy") -> Document:
    """A new platform with one document of this kind."""
    by = actors.catalogue()
    platform = save_platform(Platform(name=name, slug=slugify(name)), by=by)
    return save_document(Document(platform=platform, title=f"{name} Policy", slug="policy", kind=kind), by=by)


def clause_like(
    model: Provision, *, platform: str = "", document: Document | None = None, slug: str = "copy"
) -> Provision:
    """A published clause with the words and the analysis of `model`, of a new platform or of the given document."""
    by = actors.catalogue()
    document = document or platform_with_document(platform, kind=model.document.kind)
    provision = actions.save_provision(
        Provision(document=document, clause_type=model.clause_type, slug=slug, title=model.title), by=by
    )
    analysis = Analysis.objects.published().get(provision=model)
    quotation = actions.quote(provision=provision, segments=analysis.quotation.segments, by=by)
    left_out = {"id", "analysis", "position"}
    draft = actions.draft(
        provision=provision,
        quotation=quotation,
        by=by,
        content={field: getattr(analysis, field) for field in actions.CONTENT},
        parts={
            name: [
                {
                    field.name: getattr(row, field.name)
                    for field in row._meta.concrete_fields
                    if field.name not in left_out
                }
                for row in getattr(analysis, name).all()
            ]
            for name in PARTS
        },
    )
    actions.publish(analysis=draft, by=by)
    return provision
