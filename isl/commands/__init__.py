"""The commands, one a file: options in, the steps of the work by name, answers out. pyproject.toml names them all."""
