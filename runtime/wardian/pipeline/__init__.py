"""Pipelines: records go from sources through steps into sinks, and what happens to them is counted."""
