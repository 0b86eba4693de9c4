from django.apps import AppConfig


class PlatformsConfig(AppConfig):
    """Who publishes what, and what it said when."""

    name = "platforms"
