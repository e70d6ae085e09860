"""From a configuration to plugins: what its names mean, and what they stand for, opened when it is needed."""
