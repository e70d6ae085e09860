"""Expressions in texts, such as `Hello {{ user.name | upper }}`: a small language without loops or calls."""

from wardian.expression.template import Template, evaluate, expand, require

__all__ = ["Template", "evaluate", "expand", "require"]
