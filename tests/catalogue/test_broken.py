"""Every broken catalogue is refused with exactly the lines that help, and the database stays as it was."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from clauses.catalogue.loading import load
from clauses.catalogue.problems import CatalogueError

from .broken import CASES, Broken
from .rows import digests
from .small import put, written

pytestmark = pytest.mark.django_db
BESIDE_THE_DEMO = {"duplicate name", "id of the database", "former name of another platform"}
ERRORS = Path(__file__).with_name("errors.txt")


def expected() -> dict[str, list[str]]:
    """Name → the lines of its error."""
    sections = ERRORS.read_text().split("\n# ")[1:]
    return {name: lines for name, *lines in (section.strip("\n").split("\n") for section in sections)}


def test_every_case_says_what_is_expected() -> None:
    assert sorted(expected()) == sorted(case.name for case in CASES)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_is_refused_and_writes_nothing(case: Broken, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    # To compare with the whole demo takes most of the time, and only these clash with it.
    request.getfixturevalue("db" if case.name in BESIDE_THE_DEMO else "empty")
    case.break_it(written(tmp_path))
    before = digests()
    with pytest.raises(CatalogueError) as caught:
        load(tmp_path, name="cat")
    assert [str(problem) for problem in caught.value.problems] == expected()[case.name]
    assert digests() == before


@pytest.mark.parametrize(
    ("path", "says"),
    [
        ("nowhere", "is not there: give the folder of a catalogue, for example fixtures"),
        ("file", "is no folder: give the folder of a catalogue, for example fixtures"),
        (
            "folder",
            "holds no catalogue: it needs platforms/, clause-types/, agencies/, regulations/ or one of the lists",
        ),
    ],
)
def test_what_is_no_catalogue_is_refused(path: str, says: str, tmp_path: Path) -> None:
    put(tmp_path, "file", "x")
    (tmp_path / "folder").mkdir()
    with pytest.raises(CatalogueError) as caught:
        load(tmp_path / path, name=path)
    assert str(caught.value).removesuffix(".") in {f"{path}: {says}", f"{path}/.: {says}"}


def test_the_command_prints_each_problem_and_ends_with_an_error(tmp_path: Path) -> None:
    put(written(tmp_path), "themes.yaml", "- slug: notes\n")
    errors = StringIO()
    with pytest.raises(CommandError, match="Nothing was loaded: there is 1 problem"):
        call_command("load_catalogue", str(tmp_path), stderr=errors)
    assert errors.getvalue() == f"{tmp_path}/themes.yaml:1: [0].name: is missing: every record of this kind has it\n"


def test_the_command_gives_machines_the_same_as_json(tmp_path: Path) -> None:
    put(written(tmp_path), "themes.yaml", "- slug: notes\n")
    output = StringIO()
    with pytest.raises(SystemExit, match="1"):
        call_command("load_catalogue", str(tmp_path), json=True, stdout=output)
    assert json.loads(output.getvalue()) == {
        "problems": [
            {
                "file": f"{tmp_path}/themes.yaml",
                "line": 1,
                "field": "[0].name",
                "message": "is missing: every record of this kind has it",
            }
        ]
    }
