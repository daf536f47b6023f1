"""A checkpoint as a function of landmarks: for clips, for files and for signing over time."""
