"""Options and choices that have a new name. An old name leads to a message with the new one."""

from __future__ import annotations

import re
from collections.abc import Sequence

RENAMED: dict[str, dict[str, str]] = {  # for each command: the old name and the new name
    "live": {
        "record": "film",
        "record_word": "record.word",
        "record_root": "record.root",
        "record_group": "record.group",
        "record_seconds": "record.seconds",
    },
    "infer": {"record": "film"},
    "train": {"features.left_out": "features.view_dropout", "features.gap": "features.gap_filling"},
}
# For each command: a pattern of the old argument, and the new argument
RENAMED_VALUES: dict[str, dict[str, str]] = {
    "train": {
        r"model=multi_stream": "model=multi_branch",
        r"without=(.*)\bstreams\b(.*)": r"without=\1branches\2",
        r"without=(.*)\bleft_out\b(.*)": r"without=\1view_dropout\2",
        r"without=(.*)\bgap\b(.*)": r"without=\1gap_filling\2",
        r"run=isl\.training\.run\..*": "run=train",
        r"run=isl\.training\.refit\..*": "run=refit",
        r"run=isl\.training\.distillation\..*": "run=distill",
        r"run=isl\.training\.adaptation\..*": "run=adapt",
        r"average=ema": "callbacks=[default,average]",
    },
    "extract": {r"verify=true": "the command isl-verify input=..."},
}


def find_renamed(command: str, arguments: Sequence[str]) -> str:
    """Returns a line about the first argument of the command line that uses an old name; "" if none does."""
    names, values = RENAMED.get(command, {}), RENAMED_VALUES.get(command, {})
    for argument in arguments:
        name, equals, value = argument.partition("=")
        if equals and name in names:
            return f"{argument}: {name} is called {names[name]} now; type {names[name]}={value}"
        for pattern, today in values.items():
            if old := re.fullmatch(pattern, argument):
                return f"{argument}: is called otherwise now; type {old.expand(today)}"
    return ""
