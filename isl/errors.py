"""The exceptions that a user is meant to see."""

from __future__ import annotations


class InputError(Exception):
    """Something that was given to the program is wrong: a file, a folder, a camera, an option.

    Its text is one line that says what is wrong, where, and what to do. ``isl.config.app`` prints that line and ends
    the program with exit code 2; whoever calls the library catches it like any exception.
    """


class OptionError(InputError):
    """An option has a value that it cannot have.

    Attributes:
        option: its name, as far as whoever checks it knows: an object knows its own arguments, and ``build`` puts the
            place of the object before them.
        problem: the rest of the message, which begins with the value.
    """

    def __init__(self, option: str, problem: str) -> None:
        super().__init__(f"{option}{problem}")
        self.option, self.problem = option, problem

    def within(self, place: str) -> OptionError:
        """The same of the option in ``place``; a name that begins with it stays as it is."""
        inside = not place or self.option == place or self.option.startswith(f"{place}.")
        return self if inside else OptionError(f"{place}.{self.option}", self.problem)
