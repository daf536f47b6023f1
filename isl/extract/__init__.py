"""Extraction of landmarks from a folder of videos: ``isl-extract input=videos output=landmarks``."""
