"""Options that have another name today."""

from __future__ import annotations

from collections.abc import Sequence

RENAMED: dict[str, dict[str, str]] = {  # for each command: the old name, the new one
    "live": {
        "record": "film",
        "record_word": "record.word",
        "record_root": "record.root",
        "record_group": "record.group",
        "record_seconds": "record.seconds",
    },
    "infer": {"record": "film"},
}


def find_renamed(command: str, arguments: Sequence[str]) -> str:
    """Returns a line about the first argument of the command line that uses an old name; "" where none does."""
    names = RENAMED.get(command, {})
    for argument in arguments:
        name, equals, value = argument.partition("=")
        if equals and name in names:
            return f"{argument}: {name} is called {names[name]} now; type {names[name]}={value}"
    return ""
