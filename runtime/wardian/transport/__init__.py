"""How records wait between the sources of a pipeline and its steps: a contract, a log in memory and one in SQLite."""
