"""Shapes of documents, asked to read plain data."""

from __future__ import annotations

from wardian.document.node import Node
from wardian.document.problem import Problems
from wardian.document.shapes import Unfit


def read(shape, value):
    """What a shape makes of plain data at `here`, or None, and the problems that it notes."""
    problems = Problems()
    try:
        return shape.read(Node.of(value, "w.yaml"), "here", problems), problems.found
    except Unfit:
        return None, problems.found
