"""The one exception that a user is meant to see."""


class InputError(Exception):
    """Something that was given to the program is wrong: a file, a folder, a camera, an option.

    Its text is one line that says what is wrong, where, and what to do. ``isl.config.app`` prints that line and ends
    the program with exit code 2; whoever calls the library catches it like any exception.
    """
