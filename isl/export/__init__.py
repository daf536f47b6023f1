"""Checkpoints for other runtimes."""
