"""The one error that this package raises for what a person can put right."""


class PostgresError(Exception):
    """A database cannot be had. The message is one line that names what is wrong and the way out."""
