"""Every hostile checkpoint of tests/support/hostile.py through every command: exit code, processor time and memory.

    python tests/benchmarks/refusals.py
    python tests/benchmarks/refusals.py --kinds pickle bomb nan --commands infer page

Prints a row for each kind, with seconds and megabytes for each command; a cell of a command that does not end with exit
code 2 and one line, deletes a file, connects, starts a process or opens a file elsewhere, names that instead. The exit
code is 1 if there is such a cell.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
from support import hostile
from support.refusals import COMMANDS, prepare, refuse


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kinds", nargs="+", choices=sorted(hostile.FILES), default=sorted(hostile.FILES))
    parser.add_argument("--commands", nargs="+", choices=COMMANDS, default=COMMANDS)
    chosen = parser.parse_args()
    print(f"| kind | {' | '.join(chosen.commands)} |\n|---|{'---|' * len(chosen.commands)}", flush=True)
    wrong = 0
    for kind in chosen.kinds:
        cells = []
        for command in chosen.commands:
            with tempfile.TemporaryDirectory() as name:
                path = Path(name) / "theirs.ckpt"
                prepare(path.parent)
                hostile.FILES[kind](path)
                code, said, seconds, memory, touched = refuse(command, path)
                lines = said.strip().splitlines()
                right = code == 2 and len(lines) == 1 and lines[0].isprintable()
                right = right and not path.with_suffix(".mark").exists() and not touched
                wrong += not right
                fault = "" if right else f", EXIT {code}: {said[-200:]!r} {touched}"
                cells.append(f"{seconds:.1f} s, {memory >> 20} MB{fault}")
        print(f"| {kind} | {' | '.join(cells)} |", flush=True)
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
