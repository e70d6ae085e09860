"""Descriptions of plugins that tests write in languages of scripts."""

from __future__ import annotations


def plugin_yaml(language: str, source: str) -> str:
    """A description of a plugin that is called by name."""
    return (
        "name: acme/tried\nversion: 1.0.0\nsymbols:\n  - {kind: extension, name: tried, config: {}}\n"
        f"build: {{language: {language}, sources: [{source}]}}\n"
    )
