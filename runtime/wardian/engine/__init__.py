"""The engine: many pipelines in one process, what they do, and how they are asked and told."""
