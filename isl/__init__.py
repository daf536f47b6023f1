"""Word-level Indian Sign Language recognition on MediaPipe landmarks."""

__version__ = "0.1.0"
