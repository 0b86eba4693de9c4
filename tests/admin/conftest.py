"""A signed-in browser for each role."""

import pytest
from django.test import Client

from .forms import signed_in


@pytest.fixture(autouse=True)
def quick_passwords(settings) -> None:
    """Hashing a password is slow on purpose, and no test here is about that."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def analyst(people) -> Client:
    return signed_in(people["analyst"])


@pytest.fixture
def reviewer(people) -> Client:
    return signed_in(people["reviewer"])


@pytest.fixture
def editor(people) -> Client:
    return signed_in(people["editor"])
