"""A run: from a config to a run directory."""
