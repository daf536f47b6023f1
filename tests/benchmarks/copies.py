"""Near copies among crowded clips: how many are found, how many takes are taken for copies, time and memory.

python tests/benchmarks/copies.py R                       # R: folder of isl18's recordings, <word>/<clip>.npy
python tests/benchmarks/copies.py R --clips 10000 40000
python tests/benchmarks/copies.py R --sound ROOMS         # folders without copies

The clips are takes of isl18's 18 words with another tempo, place, size and way; a tenth are copies of the others.
"""

from __future__ import annotations

import argparse
import resource
import time
from pathlib import Path

import numpy as np
from rich.table import Table

from isl import console
from isl.data.copies import near_copies, trace
from isl.data.layout import find_clips, read_source, word_folders
from isl.landmarks import Floats


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("root", type=Path)
    parser.add_argument("--clips", type=int, nargs="*", default=[10_000, 20_000, 40_000])
    parser.add_argument("--sound", type=Path, nargs="*", default=[], help="folders without copies")
    options = parser.parse_args()
    for root in [options.root, *options.sound]:
        traces = read_traces(root)
        copies = int((near_copies(traces) != np.arange(len(traces))).sum())
        console.out.print(f"{root.name}: {copies} of {len(traces)} clips are called copies")
    signed = read_traces(options.root)
    columns = [measure(signed, count) for count in options.clips]
    table = Table("copies found", *(f"{count:,} clips" for count in options.clips))
    for name, *cells in zip([*COPIES, "takes taken for copies", "CPU", "memory"], *columns, strict=True):
        table.add_row(name, *cells)
    console.out.print(table)


def measure(signed: list[Floats], count: int) -> list[str]:
    """Returns the column of a table for ``count`` clips, made of the traces ``signed``."""
    rng = np.random.default_rng(0)
    takes = count - count // 10
    traces = [_another_take(signed[i], rng) for i in rng.integers(0, len(signed), takes)]
    originals = rng.choice(takes, count // 10, replace=False)
    changes = list(COPIES.values())
    traces += [changes[k % len(changes)](traces[i], rng) for k, i in enumerate(originals)]
    before, started = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
    leader = near_copies(traces)
    used = time.process_time() - started
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    right = leader[takes:] == leader[originals]
    joined = int((leader[:takes] != np.arange(takes)).sum())
    recall = [f"{right[k :: len(changes)].mean():.1%}" for k in range(len(changes))]
    return [*recall, str(joined), f"{used:.1f} s", f"{memory // 1024} MB"]


def read_traces(root: Path) -> list[Floats]:
    return [trace(read_source(source)) for source in find_clips(root, word_folders(root))[0]]


def _at(values: Floats, places: Floats) -> Floats:
    """Returns ``values (T, 14)`` at ``places`` between its frames."""
    frames = np.arange(len(values))
    return np.stack([np.interp(places, frames, column) for column in values.T], 1).astype(np.float32)


def _another_take(own: Floats, rng: np.random.Generator) -> Floats:
    tempo = np.cumsum(rng.uniform(0.6, 1.4, int(rng.integers(25, 61))))
    take = _at(own, (tempo - tempo[0]) / (tempo[-1] - tempo[0]) * (len(own) - 1))
    way = _at(rng.normal(0, 0.01, (6, 14)), np.linspace(0, 5, len(take)))
    return ((take + way - 0.5) * rng.normal(1, 0.02) + 0.5 + rng.normal(0, 0.008, 14)).astype(np.float32)


def _noisy(own: Floats, rng: np.random.Generator, deviation: float) -> Floats:
    return (own + rng.normal(0, deviation, own.shape)).astype(np.float32)


COPIES = {
    "float16": lambda own, rng: own.astype(np.float16).astype(np.float32),
    "encoded again": lambda own, rng: _noisy(own, rng, 0.0015),
    "first frame gone": lambda own, rng: own[1:],
    "last three gone": lambda own, rng: own[:-3],
    "first tenth gone": lambda own, rng: _noisy(own[len(own) // 10 :], rng, 0.0005),
    "extracted again": lambda own, rng: _noisy(
        _at(own, np.linspace(0, len(own) - 1, int(len(own) * rng.uniform(0.6, 1.6)))), rng, 0.001
    ),
}

if __name__ == "__main__":
    main()
