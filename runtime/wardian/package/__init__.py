"""What a plugin is at rest: its description, as plain data that nothing has to be run for."""
