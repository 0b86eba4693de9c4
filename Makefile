# The short way in. Each verb prepares .venv when needed and then runs; see conductatlas/bootstrap.py.
# PORT=8001 changes the port, DATABASE_URL=postgresql://… names a server, ARGS="-k word" goes to pytest, PYTHON=python3.12 picks the Python.
PYTHON ?= python3
export PORT DATABASE_URL ARGS

.PHONY: run passwords test lint format bench lock
run passwords test lint format bench lock:
	@$(PYTHON) conductatlas/bootstrap.py $@
