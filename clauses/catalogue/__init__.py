"""The catalogue on disk: a folder of YAML records and Markdown texts that people edit and review in a pull request.

`schema` says what the files hold, `reading` reads one file, `folder` a whole folder, `checking` what must hold
between the files and against the database, `loading` writes it, `held` is what the database holds in the same shape,
`exporting` writes that back, and `canonical` knows the one spelling of every file.
"""
