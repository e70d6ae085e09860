"""Runs plugins that nobody has to trust, in any language that compiles to WebAssembly, inside a Python program."""
