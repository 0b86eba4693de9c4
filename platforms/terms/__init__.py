"""Reading the versions repositories of Open Terms Archive: a file for each document, a commit for each record.

    with open_repository("genai-versions.bundle") as repository:
        records = repository.records()                    # of all documents, without their texts
        blobs = [record.blob for record in records if record.blob]
        for text in repository.contents(blobs): ...       # one at a time, in this order

`git` calls the program; `repository` opens a folder, a bundle or an https address; `history` says what each commit
recorded; `naming` turns services and terms types into platforms and kinds of documents; `mapping` reads the analyst's
decisions where names alone do not decide. Nothing here knows the database.
"""
