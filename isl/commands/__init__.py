"""The commands, one in each file. Each reads its options and calls the steps of its work; pyproject.toml lists them."""
