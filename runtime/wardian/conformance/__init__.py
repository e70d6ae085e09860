"""What every plugin of a kind promises its host, and a kit that puts any plugin to the test."""
