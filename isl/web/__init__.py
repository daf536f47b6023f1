"""A web server for the stream of `isl.recognition.stream`, and its page in ``static/``."""
