"""A module whose start has already happened: its initialiser runs once, here, and what it left is written back."""
