"""The progress bar of the commands: on a terminal, and only there."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

Begin = Callable[[int], None]
Step = Callable[[], None]


@contextmanager
def progress_bar(label: str, *, quiet: bool = False) -> Iterator[tuple[Begin, Step]]:
    """Gives `begin`, which takes the number of steps once it is known, and `step`, to be called after each."""
    console = Console(stderr=True)
    columns = (TextColumn(label), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True, disable=quiet or not console.is_terminal) as progress:
        task = progress.add_task("", total=None)
        yield lambda count: progress.update(task, total=count), lambda: progress.advance(task)
