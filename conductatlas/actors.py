"""The two built-in actors: *catalogue* signs what files say, *machine* what programs do. Neither can log in."""

from django.contrib.auth import get_user_model

BUILT_IN = ("catalogue", "machine")


def _actor(name: str):
    user, created = get_user_model().objects.get_or_create(username=name, defaults={"is_active": False})
    if created:
        user.set_unusable_password()
        user.save(update_fields=["password"])
    return user


def catalogue():
    """The user that signs what is loaded from files."""
    return _actor("catalogue")


def machine():
    """The user that signs what programs find out."""
    return _actor("machine")


def is_built_in(user) -> bool:
    """Built-in actors are exempt from the four-eyes rule."""
    return user.username in BUILT_IN
