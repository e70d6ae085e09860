"""Where the state of a plugin lives: a contract, a store in memory and a store in SQLite."""
