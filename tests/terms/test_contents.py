"""What a repository holds: the bytes of its texts in the order asked for, and every record of a real collection."""

import re
import subprocess
from collections import Counter
from functools import partial
from itertools import chain
from pathlib import Path

import pytest

from platforms.terms.repository import Record, Unreadable, decode, open_repository

from .conftest import Making, filled


def test_contents_come_in_the_order_asked_for_also_twice(making: Making) -> None:
    data = [b"", b"\n", "Zeile\r\n\ufeffü".encode(), b"x" * 3_000_000, b"abc missing\n"]
    names = [making.blob(one) for one in data]
    making.commit("Keep", {"Acme/Imprint.md": "One"})
    with open_repository(str(making.folder)) as repository:
        assert list(repository.contents(names + names[::-1])) == data + data[::-1]
        assert list(repository.contents([])) == []


def test_contents_hold_little_and_take_names_as_they_go(making: Making) -> None:
    names = [making.blob(b"%d" % number + b"y" * 200_000) for number in range(5)]
    making.commit("Keep", {"Acme/Imprint.md": "One"})
    taken = 0

    def asked():
        nonlocal taken
        for name in chain.from_iterable([names] * 400):
            taken += 1
            yield name

    with open_repository(str(making.folder)) as repository:
        contents = repository.contents(asked())
        assert next(contents).startswith(b"0y")
        assert taken <= 50
        contents.close()
        assert taken <= 50


def test_objects_that_are_missing_or_no_files_are_named(making: Making) -> None:
    commit = making.commit("Keep", {"Acme/Imprint.md": "One"})
    with open_repository(str(making.folder)) as repository:
        with pytest.raises(Unreadable, match=f"object {'1' * 40} is missing"):
            list(repository.contents(["1" * 40]))
        with pytest.raises(Unreadable, match=f"object {commit} is a commit"):
            list(repository.contents([commit]))
        for name in ("HEAD", "-h", f"{commit}\n{commit}", commit[:12]):
            with pytest.raises(Unreadable, match="is not the name of a git object"):
                list(repository.contents([name]))


def test_objects_that_hold_other_bytes_or_none_are_named(making: Making) -> None:
    good, other = making.blob(b"The true words"), making.blob(b"Other words")
    making.commit("Keep", {"Acme/Imprint.md": "One"})
    place = {name: making.folder / "objects" / name[:2] / name[2:] for name in (good, other)}
    place[good].chmod(0o644)
    place[good].write_bytes(place[other].read_bytes())
    place[other].chmod(0o644)
    place[other].write_bytes(b"no zlib")
    with open_repository(str(making.folder)) as repository:
        for name in (good, other):
            with pytest.raises(Unreadable, match=rf"terms cannot be read \(.*{name}.*clone it again"):
                list(repository.contents([name]))


def test_a_history_with_a_hole_is_not_read_in_part(making: Making) -> None:
    filled(making)
    parent = making.git("rev-parse", "main~1")
    (making.folder / "objects" / parent[:2] / parent[2:]).unlink()
    with open_repository(str(making.folder)) as repository, pytest.raises(Unreadable, match="clone it again"):
        repository.records()


def test_only_utf_8_without_nul_is_text(making: Making) -> None:
    commit = making.commit("First record of Acme Imprint", {"Acme/Imprint.md": "One"})
    with open_repository(str(making.folder)) as repository:
        (record,) = repository.records()
    assert decode("\ufeffÜ\r\n".encode(), record) == "\ufeffÜ\r\n"
    for data, why in (
        (b"ab\xff", r"byte 2 \(0xff\) is not UTF-8"),
        (b"abc\0d", "byte 3 is NUL"),
        (b"\xed\xa0\x80", "byte 0"),
    ):
        with pytest.raises(Unreadable, match=rf"Acme/Imprint\.md in {commit} is no text \({why}"):
            decode(data, record)


# Real collections


def _no_capture(subject: str) -> bool:
    return bool(re.match(r"Initial commit|Adapt template|Remove mojibake", subject))


def test_every_record_of_a_real_collection_is_read(real_bundle: Path) -> None:
    with open_repository(str(real_bundle)) as repository:
        records = repository.records()
        ask = partial(
            subprocess.run, cwd=repository.folder, capture_output=True, check=True, encoding="utf-8", errors="strict"
        )
        subjects = ask(["git", "log", "--format=%s"]).stdout.splitlines()
        listed = ask(
            ["git", "-c", "core.quotePath=false", "ls-tree", "-r", "--format=%(objectname) %(path)", "HEAD"]
        ).stdout
        last = {path: name for name, path in (line.split(" ", 1) for line in listed.splitlines())}
        chosen = sorted({record.path for record in records})[::9]
        for path in chosen:
            lines = ask(
                ["git", "log", "--no-renames", "--format=%s", "HEAD", "--", f":(literal){path}"]
            ).stdout.splitlines()
            assert sum(record.path == path for record in records) == sum(not _no_capture(line) for line in lines), path
    assert len(chosen) > 5
    assert len(records) == sum(not _no_capture(subject) for subject in subjects)
    assert len({(record.path, record.captured_at) for record in records}) == len(records)
    latest: dict[str, set[str | None]] = {}
    for record in records:
        latest.setdefault(record.path, set()).add(record.blob)
    assert all(last[path] in blobs for path, blobs in latest.items())
    assert set(last) - set(latest) == {"LICENSE"}


def test_every_text_of_a_real_collection_has_the_bytes_of_its_object(real_bundle: Path) -> None:
    with open_repository(str(real_bundle)) as repository:
        first: dict[str, Record] = {r.blob: r for r in repository.records() if r.blob}
        sizes = Counter({name: len(data) for name, data in zip(first, repository.contents(first), strict=True)})
        asked = subprocess.run(
            ["git", "cat-file", "--batch-check=%(objectname) %(objectsize)"],
            cwd=repository.folder,
            input="\n".join(first).encode(),
            capture_output=True,
            check=True,
        )
        expected = dict(line.split() for line in asked.stdout.decode().splitlines())
        assert {name: str(size) for name, size in sizes.items()} == expected
        sample = list(first.items())[::25]
        for (name, record), data in zip(sample, repository.contents(name for name, _ in sample), strict=True):
            assert decode(data, record).encode() == data, name
