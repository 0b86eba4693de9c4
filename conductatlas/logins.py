"""The demo logins: one user per role, with random passwords kept in .data/passwords.json so that they can be shown
again."""

import json
import os
import secrets
import tempfile
from pathlib import Path

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.db import transaction

from conductatlas.roles import ROLES

# No letter or digit that can be taken for another.
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"


def create_logins(path: Path) -> dict[str, str]:
    """Make the users that do not exist yet; returns {user name: password}, with an empty password where it is not
    known here.

    Users that exist are left as they are, so a second start changes nothing.
    """
    users = get_user_model()
    existing = set(users.objects.filter(username__in=ROLES).values_list("username", flat=True))
    known = read_logins(path)
    logins = {role: known.get(role) or ("" if role in existing else new_password()) for role in ROLES}
    if logins != known and any(logins.values()):
        # Written first: a user whose password nobody can read would be worse than a password without a user.
        write_logins(path, {role: password for role, password in logins.items() if password})
    for role in ROLES:
        if role not in existing:
            with transaction.atomic():
                user = users.objects.create_user(role, password=logins[role], is_staff=True)
                user.groups.add(Group.objects.get_or_create(name=role)[0])
    return logins


def new_password() -> str:
    """Four groups of four: about 79 bits."""
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(4)) for _ in range(4))


def read_logins(path: Path) -> dict[str, str]:
    """What was kept; nothing where nothing (or nothing readable) was."""
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return {}
    return {str(name): str(password) for name, password in kept.items()} if isinstance(kept, dict) else {}


def write_logins(path: Path, logins: dict[str, str]) -> None:
    """Replace the file as a whole; only its owner can read it (mkstemp makes it with mode 0600)."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(logins, file, indent=2)
        file.write("\n")
    os.replace(name, path)


def shown_logins(logins: dict[str, str]) -> list[str]:
    """One line per login."""
    unknown = "(password set elsewhere; manage.py changepassword {} sets a new one)"
    return [f"  {role:<10}{logins[role] or unknown.format(role)}" for role in ROLES if role in logins]
