"""Records of the taxonomy and the law (`entries`), of clauses and their words (`provisions`) and of analyses
(`analyses`) in the admin.
"""

from . import analyses, entries, provisions

__all__ = ["analyses", "entries", "provisions"]
