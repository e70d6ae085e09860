"""The commands: one file, one command."""
