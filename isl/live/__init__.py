"""Live recognition from a camera or a video to words and a sentence on a screen, in several threads."""
