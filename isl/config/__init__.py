"""Hydra around a task, a `_target_` to its object, checks of values."""
