"""Videos, pictures and MediaPipe: from a frame to its 1,662 numbers, and what is drawn on it."""
