"""Texts with placeholders; needs the capability `template`."""

from wardian_sdk import host

_expand = host.function("wardian", "template_expand")


def expand(text):
    """The text with its placeholders filled in from what the running call knows."""
    return _expand(text)
