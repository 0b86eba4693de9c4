"""Where quoted words were taken from, and the command that brings that text here (pure)."""

import re
import shlex
from dataclasses import dataclass
from datetime import datetime

VERSIONS = "https://github.com/OpenTermsArchive/{collection}-versions"
_SPECIAL = re.compile(r"[\\.^$*+?()\[\]{}|]")  # `re.escape` would hide blanks and hyphens behind backslashes as well


@dataclass(frozen=True)
class Origin:
    """The text that words were copied from, as who took them names it. A claim; the proof is another thing.

    `collection` and `path`: where the Open Terms Archive holds its document, empty where it does not. `version`: the
    number of the document's version that is that very text, where this copy of the catalogue holds it.
    """

    captured_at: datetime
    sha256: str
    collection: str = ""
    path: str = ""
    language: str = ""
    version: int | None = None

    @property
    def command(self) -> str:
        """What brings the document's texts here, for a POSIX shell; empty where it stands in no collection."""
        if not (self.collection and self.path):
            return ""
        language = ["--language", self.language] if self.language else []
        words = ["python", "manage.py", "import_terms", VERSIONS.format(collection=self.collection)]
        return shlex.join([*words, "--collection", self.collection, *language, "--only", exactly(self.path)])


def exactly(path: str) -> str:
    """The regular expression that is found in this path alone."""
    return "^" + _SPECIAL.sub(r"\\\g<0>", path) + "$"
