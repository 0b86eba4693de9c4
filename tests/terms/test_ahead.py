"""A second process reads what is to come: nothing but the time it takes may differ."""

import os
import re
import signal
import subprocess
import sys
import time
from concurrent.futures.process import BrokenProcessPool

import pytest

from conductatlas.postgres.places import project_folder
from conductatlas.rules import Refused
from platforms.lineage import Lineage
from platforms.models import Document, Snapshot
from platforms.terms import importing
from platforms.terms.ahead import Ahead, Order
from platforms.terms.repository import Unreadable
from platforms.weighing import weigh

from .conftest import Making
from .small import FIRST, SECOND, ask, imported, recorded, rolled_back
from .stored import stored

FACTS = {"title": "Terms of Service", "language": "en", "kind": "terms_of_service"}


def order(key: str, content: str) -> Order:
    return Order(key, FACTS, content, technical=False)


def test_answers_are_those_of_one_process_document_by_document_and_items_without_an_order_have_none() -> None:
    texts = [("a", FIRST), ("a", "Not found"), ("a", SECOND), ("b", SECOND), ("b", FIRST), ("b", SECOND)]
    lineages = {"a": Lineage(language="en"), "b": Lineage(language="en")}
    expected = [weigh(content, lineages[key], FACTS) for key, content in texts]
    orders = [(number, order(*text)) for number, text in enumerate(texts)]
    with Ahead() as ahead:
        found = list(ahead.weighed([*orders[:3], ("none", None), *orders[3:]]))
        assert [item for item, _ in found] == [0, 1, 2, "none", 3, 4, 5]
        assert found[3][1] is None
        assert [answer.result() for _, answer in found if answer] == expected
    assert [one.step.kind if one.step else "" for one in expected] == [
        "first", "", "substantive", "first", "substantive", "returned",
    ]  # fmt: skip


def test_only_so_much_is_under_way(monkeypatch) -> None:
    monkeypatch.setattr("platforms.terms.ahead.ROOM", 2 * len(FIRST))
    asked = []

    def orders():
        for number in range(10):
            asked.append(number)
            yield number, order("a", FIRST)

    with Ahead() as ahead:
        for item, _ in ahead.weighed(orders()):
            assert len(asked) <= item + 4


def test_a_failure_is_raised_in_its_place() -> None:
    def orders():
        yield 1, order("a", FIRST)
        raise Unreadable("the second one cannot be read")

    with Ahead() as ahead:
        answers = ahead.weighed(orders())
        item, answer = next(answers)
        assert (item, answer.result().step.kind) == (1, "first")
        with pytest.raises(Unreadable, match="the second one"):
            next(answers)


STARTS_ONE = """
import sys, time
from platforms.terms.ahead import Ahead, Order
facts = {"title": "", "language": "en", "kind": ""}
if __name__ == "__main__":
    with Ahead() as ahead:
        for _, answer in ahead.weighed([(1, Order("a", facts, "Some words.", False))]):
            answer.result()
            print(*ahead._pool._processes, flush=True)
            time.sleep(60)
"""


def test_it_ends_with_the_process_that_started_it(tmp_path) -> None:
    program = tmp_path / "starts_one.py"
    program.write_text(STARTS_ONE)
    environment = os.environ | {"PYTHONPATH": str(project_folder())}
    with subprocess.Popen([sys.executable, program], env=environment, stdout=subprocess.PIPE, text=True) as first:
        second = int(first.stdout.readline())
        os.kill(second, 0)
        first.send_signal(signal.SIGKILL)
    for _ in range(200):
        try:
            os.kill(second, 0)
        except ProcessLookupError:
            return
        time.sleep(0.05)
    os.kill(second, signal.SIGKILL)
    pytest.fail("the second process went on alone")


@pytest.mark.usefixtures("empty")
def test_an_import_ends_alike_with_and_without_it(making: Making, monkeypatch) -> None:
    recorded(making, FIRST, "Not found", SECOND, FIRST)
    recorded(making, SECOND, FIRST, path="Acme/Privacy Policy.md")
    ends = []
    for many in (1_000, 1):
        monkeypatch.setattr(importing, "MANY", many)
        with rolled_back():
            imported(making.folder, only=re.compile("Acme/Terms"))
            imported(making.folder)  # one document is held now, and one is new
            ends.append(stored(ask))
    assert ends[0] == ends[1]
    assert len(ends[0]["snapshots"]) == 6


@pytest.mark.usefixtures("empty")
def test_an_import_whose_second_process_dies_says_so_and_keeps_whole_documents(making: Making, monkeypatch) -> None:
    recorded(making, FIRST, SECOND)
    monkeypatch.setattr(importing, "MANY", 1)
    monkeypatch.setattr(Ahead, "weighed", dying)
    with pytest.raises(Refused, match="run the import again"):
        imported(making.folder)
    assert not Snapshot.objects.exists() and not Document.objects.exists()


def dying(self, orders):
    raise BrokenProcessPool("it was stopped")
    yield
