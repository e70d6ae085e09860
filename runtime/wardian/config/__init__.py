"""The configuration of a project, `wardian.yaml`: typed values, layers, schemas, secrets. Nothing here runs plugins."""
