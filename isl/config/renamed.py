"""Options and choices that have a new name. An old name leads to a message with the new one."""

from __future__ import annotations

import re
from collections.abc import Sequence

# For each command: a pattern of the old argument, and the new argument
RENAMED: dict[str, dict[str, str]] = {
    "live": {
        r"record=(.*)": r"film=\1",
        r"record_(word|root|group|seconds)=(.*)": r"record.\1=\2",
    },
    "infer": {r"record=(.*)": r"film=\1"},
    "train": {
        r"features\.left_out=(.*)": r"features.view_dropout=\1",
        r"features\.gap=(.*)": r"features.gap_filling=\1",
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
    for argument in arguments:
        for pattern, today in RENAMED.get(command, {}).items():
            if old := re.fullmatch(pattern, argument):
                return f"{argument}: is called otherwise now; type {old.expand(today)}"
    return ""
