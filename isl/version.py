"""The version of isl, which ``pyproject.toml``, checkpoints and ``isl-info`` read here."""

__version__ = "0.1.0"
