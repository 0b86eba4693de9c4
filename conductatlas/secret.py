"""The generated secret of a site that runs on one machine. Imports no Django: the settings read it."""

import os
import secrets
import tempfile
from pathlib import Path


def secret_key(path: Path | str) -> str:
    """The secret in the file `path`, which is made (mode 0600) on first use.

    Several processes may ask at once: all get the same secret. Raises OSError when the file can be neither read nor
    made.
    """
    path = Path(path)
    kept = _read(path)
    return kept if kept else _make(path)


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        return ""


def _make(path: Path) -> str:
    """Write a complete file beside `path` and link it into place: the first process wins, and none sees half a
    secret."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if path.exists() and path.stat().st_size == 0:
        path.unlink()  # a write that a full disk cut off
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(48) + "\n")
        os.link(name, path)
    except FileExistsError:
        pass
    finally:
        os.unlink(name)
    return _read(path)
