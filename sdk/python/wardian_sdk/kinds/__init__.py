"""The kinds of plugins: a base class of each, and decorators for what needs no class."""
