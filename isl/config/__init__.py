"""Commands with Hydra, objects built from a `_target_`, and checks of option values."""
