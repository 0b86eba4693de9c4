"""The clause page with 30 clauses of its type in the catalogue, in units of the same page with the demo's few."""

import os
from collections.abc import Iterator

from benchmarks.measuring import Ratio, compare
from conductatlas import postgres

JASPER = "/platform/jasper-ai/jasper-privacy-policy/user-content-used-for-ai-model-training/"
CLAUSES = 30


def ratios() -> Iterator[Ratio]:
    postgres.ensure_for_tests()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "conductatlas.settings")
    import django

    django.setup()
    from django.core.management import call_command
    from django.test import Client
    from django.test.utils import setup_databases, setup_test_environment, teardown_databases

    setup_test_environment()
    databases = setup_databases(verbosity=0, interactive=False)
    try:
        call_command("load_catalogue", "fixtures", verbosity=0)
        client = Client()

        def read() -> bytes:
            return client.get(JASPER).content

        yield _grown(read)
    finally:
        teardown_databases(databases, verbosity=0)


def _grown(read) -> Ratio:
    from clauses.models import Provision
    from tests.copies import clause_like

    few = compare("", read, read, limit=2)
    model = Provision.objects.select_related("document", "clause_type").get(number=10656)
    for number in range(CLAUSES):
        clause_like(model, platform=f"Copy {number}")
    many = compare("", read, read, limit=2)
    return Ratio(
        f"clause page beside {CLAUSES} more clauses of its type / beside the demo's", many.measured, few.measured, 1.3
    )
