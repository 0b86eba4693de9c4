"""Clauses and their answers as a sheet: one for each clause type, one row for each clause (pure).

columns.py   what stands in which column, and how a cell is read and written
reading.py   bytes or pasted text → rows of cells
checking.py  rows, and what the catalogue holds → what an import would do, and every fault

`clauses.sheet_rows` loads what the catalogue holds, `clauses.actions.sheets` writes.
"""

from .checking import Deed, Known, Plan, Row, Standing, check
from .columns import FINGERPRINT, columns_for, fingerprint_of, written
from .reading import MOST_BYTES, MOST_ROWS, Fault, Line, Sheet, decoded, read_sheet

__all__ = [
    "FINGERPRINT",
    "MOST_BYTES",
    "MOST_ROWS",
    "Deed",
    "Fault",
    "Known",
    "Line",
    "Plan",
    "Row",
    "Sheet",
    "Standing",
    "check",
    "columns_for",
    "decoded",
    "fingerprint_of",
    "read_sheet",
    "written",
]
