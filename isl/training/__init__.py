"""Training runs: from a config to a run directory."""
