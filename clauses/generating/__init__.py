"""An invented catalogue of any size, for benchmarks and for looking at the site with much in it: deterministic, with
the lengths and the skew of real ones.

lexicon.py    the words                topics.py     what each clause type is about
prose.py      sentences                planning.py   how many of what, platform by platform
policies.py   texts of a document      platforms.py  platforms, documents and what was seen of them
provisions.py clauses and their words  analyses.py   what is said of them
taxonomy.py   types, agencies, laws    copying.py    rows into PostgreSQL
filling.py    all of it, in order
"""
