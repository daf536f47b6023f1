"""Reads videos and pictures, extracts the 1,662 landmark numbers of a frame with MediaPipe, and draws on pictures."""
