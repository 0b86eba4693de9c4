"""The demo catalogue as it lies in its folder."""

from pathlib import Path

from .small import content_of

DEMO = Path("fixtures")


def demo() -> dict[str, bytes]:
    """The files of the demo catalogue that are records or texts."""
    return {name: content for name, content in content_of(DEMO).items() if name != "README.md"}
