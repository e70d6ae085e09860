"""Texts that people write, as values that know their file and line: YAML, JSON, and what a schema makes of them."""
