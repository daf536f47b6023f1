"""Landmarks one by one to accepted words: no camera, no screen, no clock of its own."""
