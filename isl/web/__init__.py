"""The stream of `isl.recognition.stream` behind a page: a server for browsers, and the page itself in ``static/``."""
