"""What a program loads and calls."""
