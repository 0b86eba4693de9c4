"""Record ids: `CA-P-010656` and its kin, their sequences, and how a number becomes an id and back."""

import re
from dataclasses import dataclass

from django.db import models

WIDTHS = {"D": 5, "S": 6, "C": 6, "P": 6}
PATTERN = re.compile(r"CA-([DSCP])-(\d{1,9})")


@dataclass(frozen=True)
class RecordId:
    """The parts of a record id: the letter of its kind and its number."""

    kind: str
    number: int

    def __str__(self) -> str:
        return f"CA-{self.kind}-{self.number:0{WIDTHS[self.kind]}d}"


def parse(text: str) -> RecordId:
    """`CA-P-010656` → RecordId("P", 10656). ValueError names what is wrong; an id has one spelling only."""
    match = PATTERN.fullmatch(text)
    if not match:
        raise ValueError(
            f"{text!r} is not a record id: write it as CA-P-010656 (D document, S snapshot, C change, P clause)"
        )
    record = RecordId(match[1], int(match[2]))
    if str(record) != text or record.number == 0:
        raise ValueError(
            f"{text!r} is not a record id: its number is written {record if record.number else 'from 1 on'}"
        )
    return record


def sequence(kind: str) -> str:
    """The name of the PostgreSQL sequence that numbers the records of a kind."""
    return f"record_number_{kind.lower()}"


class NextNumber(models.Func):
    """`nextval` of a kind's sequence, as a column's default in the database."""

    function = "nextval"
    output_field = models.PositiveIntegerField()

    def __init__(self, kind: str) -> None:
        super().__init__(models.Value(sequence(kind)))
        self.kind = kind

    def deconstruct(self) -> tuple[str, tuple[str], dict[str, object]]:
        return "conductatlas.records.NextNumber", (self.kind,), {}


def number_field(kind: str) -> models.PositiveIntegerField:
    """The column that holds a record's number; left out on insert, it comes from the sequence."""
    return models.PositiveIntegerField("record number", unique=True, db_default=NextNumber(kind), editable=False)
