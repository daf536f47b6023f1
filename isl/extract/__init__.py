"""A folder of videos to a folder of landmarks: ``python -m isl.extract input=videos output=landmarks``."""
