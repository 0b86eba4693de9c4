"""Platforms, documents and addresses (`publishing`), texts and verdicts (`snapshots`), looks and what servers answered
(`looks`), and steps from version to version (`transitions`) in the admin. Changes stand with the clauses that they
touch, in `clauses.admin.changes`.

`by_hand` takes texts that a person gives; `decisions` is what pages with buttons share, `narrowing` the filters of
lists.
"""

from . import looks, publishing, snapshots, transitions

__all__ = ["looks", "publishing", "snapshots", "transitions"]
