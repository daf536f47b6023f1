"""Division of the clips into training, validation and test."""
