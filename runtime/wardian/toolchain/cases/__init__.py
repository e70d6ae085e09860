"""An author's `cases.yaml`: what a plugin is asked and has to answer, read, run and compared."""
