"""From an author's sources to a plugin: the language they are in, the tools it takes, and what comes of them."""
