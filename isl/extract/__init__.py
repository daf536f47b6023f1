"""Extraction of landmarks from a folder of videos: ``python -m isl.extract input=videos output=landmarks``."""
