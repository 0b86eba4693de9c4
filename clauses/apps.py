from django.apps import AppConfig


class ClausesConfig(AppConfig):
    """What a clause says and means."""

    name = "clauses"

    def ready(self) -> None:
        from clauses import listening  # noqa: F401  (connects to the signals of platforms)
