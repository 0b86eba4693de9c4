"""The command that brings a text here: it means that document alone, through a shell and a regular expression."""

import re
import shlex
import subprocess
from datetime import UTC, datetime

import pytest

from clauses.origins import Origin, exactly
from platforms.management.commands.import_terms import collection, language, pattern

AT = datetime(2026, 7, 25, 7, 0, 14, tzinfo=UTC)
PATHS = [
    "ChatGPT/Terms of Service",
    "Claude.ai/Privacy Policy",
    'Let\'s chat/Terms & "Conditions" (v1.2)',
    "A+B/[draft] {x}|y? $1 ^2 \\n *",
    "Über/Nutzungsbedingungen",
    "-x/--only `id` $(id) ; #!~",
]


def origin(path: str) -> Origin:
    return Origin(AT, "a" * 64, collection="genai-eu", path=path, language="en")


def through_a_shell(command: str) -> list[str]:
    """What a POSIX shell hands to the program."""
    printed = subprocess.run(["sh", "-c", f"set -- {command}\nprintf '%s\\0' \"$@\""], capture_output=True, check=True)
    return printed.stdout.decode().split("\0")[:-1]


@pytest.mark.parametrize("path", PATHS)
def test_a_shell_reads_the_command_as_it_is_meant(path: str) -> None:
    words = through_a_shell(origin(path).command)
    assert words == shlex.split(origin(path).command)
    assert words[:4] == [
        "python",
        "manage.py",
        "import_terms",
        "https://github.com/OpenTermsArchive/genai-eu-versions",
    ]
    options = dict(zip(words[4::2], words[5::2], strict=True))
    assert (collection(options["--collection"], words[3]), language(options["--language"])) == ("genai-eu", "en")
    wanted = pattern(options["--only"])
    assert wanted and [other for other in [*PATHS, f"{path} 2", f"x{path}", f"{path}\nx"] if wanted.search(other)] == [
        path
    ]


def test_a_dot_is_a_dot_and_blanks_stay_readable() -> None:
    assert exactly("Claude.ai/Privacy Policy") == r"^Claude\.ai/Privacy Policy$"
    assert not re.search(exactly("Claude.ai/Terms"), "Claude-ai/Terms")
    assert origin("ChatGPT/Terms of Service").command.endswith("--only '^ChatGPT/Terms of Service$'")


def test_without_a_collection_there_is_no_command() -> None:
    assert Origin(AT, "a" * 64).command == ""
    assert "--language" not in Origin(AT, "a" * 64, collection="genai-eu", path="X/Terms").command
