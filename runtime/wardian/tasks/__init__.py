"""Tasks: jobs one after another and beside each other, from a plan to what became of each."""
