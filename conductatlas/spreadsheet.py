"""Tables as CSV files that a spreadsheet opens without running anything in them."""

import csv
from collections.abc import Iterable, Iterator, Sequence

from django.http import HttpResponse, StreamingHttpResponse

from conductatlas.formulas import FORMULA, neutral

__all__ = ["FORMULA", "csv_file", "long_csv_file", "neutral"]


def csv_file(name: str, header: Sequence[str], rows: Iterable[Sequence[str]]) -> HttpResponse:
    """A CSV file (RFC 4180, UTF-8) to download under this name."""
    response = HttpResponse(content_type="text/csv; charset=utf-8; header=present")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    response["X-Robots-Tag"] = "noindex"
    writer = csv.writer(response)
    writer.writerow(header)
    writer.writerows([neutral(cell) for cell in row] for row in rows)
    return response


def long_csv_file(name: str, header: Sequence[str], rows: Iterable[Sequence[str]]) -> StreamingHttpResponse:
    """The same for rows that are read bit by bit: a long file takes no more memory than a short one."""
    response = StreamingHttpResponse(_written(header, rows), content_type="text/csv; charset=utf-8; header=present")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    response["X-Robots-Tag"] = "noindex"
    return response


class _Line:
    """What `csv` writes to: it hands each line back."""

    def write(self, line: str) -> str:
        return line


def _written(header: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    writer = csv.writer(_Line())
    yield writer.writerow(header)
    for row in rows:
        yield writer.writerow([neutral(cell) for cell in row])
