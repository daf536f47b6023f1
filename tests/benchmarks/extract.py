"""The time of an extraction, measured on real videos <word>/<clip>.avi:

python tests/benchmarks/extract.py speed videos     # frames/s against Insignia's way and a plain pool of it, in turns
python tests/benchmarks/extract.py share videos     # what of the time is MediaPipe's own, decoding, and the rest
python tests/benchmarks/extract.py memory videos    # peak memory of a worker on 20 s of 1080p
python tests/benchmarks/extract.py kills videos     # killed 20 times over 24 clips, then finished: the same bytes?
python tests/benchmarks/extract.py identity videos  # the same numbers as mp.solutions.holistic by hand, bit for bit?

Timings say something only where nothing else runs; ratios of runs in turns say it a little earlier.
"""

from __future__ import annotations

import argparse
import random
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import cv2
import numpy as np

FRAMES = 60


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["speed", "share", "memory", "kills", "identity"])
    parser.add_argument("videos", type=Path)
    parser.add_argument("--rounds", type=int, default=3, help="how often each way is timed")
    parser.add_argument("--clips", type=int, default=16, help="clips of a timed run")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        {"speed": speed, "share": share, "memory": memory, "kills": kills, "identity": identity}[arguments.what](
            arguments, Path(folder)
        )


def speed(arguments: argparse.Namespace, folder: Path) -> None:
    source = copies(arguments.videos, folder / "videos", arguments.clips)
    ways = {
        "Insignia, one process": [sys.executable, __file__, "_insignia", str(source)],
        "Insignia in a pool of two": [sys.executable, __file__, "_pool", str(source)],
        "isl.extract, two workers": [sys.executable, "-m", "isl.extract", f"input={source}", "workers=2"],
    }
    rates: dict[str, list[float]] = {name: [] for name in ways}
    for round_ in range(arguments.rounds):
        for i, (name, command) in enumerate(ways.items()):
            output = folder / f"{round_}-{i}"
            last = [f"output={output}"] if "isl.extract" in command else [str(output)]
            started = time.monotonic()
            subprocess.run([*command, *last], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            rates[name].append(arguments.clips * FRAMES / (time.monotonic() - started))
            assert len(list(output.rglob("*.npy"))) in (arguments.clips, arguments.clips * FRAMES)
            shutil.rmtree(output)
    base = rates["Insignia, one process"]
    for name, values in rates.items():
        ratio = statistics.median(value / of for value, of in zip(values, base, strict=True))
        each_time = ", ".join(f"{value:.1f}" for value in values)
        print(f"{name:26}{statistics.median(values):7.1f} frames/s ({each_time}){ratio:7.2f} x")


def insignia_clip(job: tuple[Path, Path]) -> None:
    """Insignia's way with a clip: all its frames into memory, 60 of them through MediaPipe, a file a frame."""
    import mediapipe

    path, folder = job
    capture, pictures = cv2.VideoCapture(str(path)), []
    while (read := capture.read())[0]:
        pictures.append(read[1])
    folder.mkdir(parents=True)
    holistic = mediapipe.solutions.holistic.Holistic(min_detection_confidence=0.5, min_tracking_confidence=0.5)
    with holistic as model:
        for k, i in enumerate(np.linspace(0, len(pictures) - 1, FRAMES).round().astype(int)):
            results = model.process(cv2.cvtColor(pictures[i], cv2.COLOR_BGR2RGB))
            np.save(folder / f"frame_{k}.npy", flat(results))


def flat(results: object) -> np.ndarray:
    """The tutorials' way from MediaPipe's result to an array."""

    def part(name: str, points: int, keys: tuple[str, ...]) -> np.ndarray:
        found = getattr(results, f"{name}_landmarks")
        if not found:
            return np.zeros(points * len(keys))
        return np.array([[getattr(p, key) for key in keys] for p in found.landmark]).flatten()

    xyz = ("x", "y", "z")
    hands = (part("left_hand", 21, xyz), part("right_hand", 21, xyz))
    return np.concatenate([part("pose", 33, (*xyz, "visibility")), part("face", 468, xyz), *hands])


def insignia_run(source: Path, output: Path, processes: int) -> None:
    jobs = [(path, output / path.parent.name / path.stem) for path in sorted(source.rglob("*.avi"))]
    if processes == 1:
        for job in jobs:
            insignia_clip(job)
    else:
        with get_context("spawn").Pool(processes) as pool:
            pool.map(insignia_clip, jobs, chunksize=1)


def share(arguments: argparse.Namespace, folder: Path) -> None:
    """One process does what a worker and the writing process do, with a clock around MediaPipe and one around cv2.

    The clocks count the processor's time, in all threads: other programs on the machine don't show.
    """
    import isl.vision.holistic
    import isl.vision.landmarking
    import isl.vision.video
    from isl.extract import extraction
    from isl.extract.recordings import find_recordings
    from isl.extract.store import Store

    spent = {"MediaPipe": 0.0, "decoding": 0.0}

    def timed(name: str, function):  # type: ignore[no-untyped-def]
        def clocked(*args, **options):  # type: ignore[no-untyped-def]
            started = time.process_time()
            try:
                return function(*args, **options)
            finally:
                spent[name] += time.process_time() - started

        return clocked

    class Capture:
        """cv2.VideoCapture on a clock."""

        def __init__(self, *args):  # type: ignore[no-untyped-def]
            self.capture = timed("decoding", cv2.VideoCapture)(*args)
            self.grab, self.retrieve = (timed("decoding", getattr(self.capture, n)) for n in ("grab", "retrieve"))
            self.read = timed("decoding", self.capture.read)

        def __getattr__(self, name: str) -> object:
            return getattr(self.capture, name)

    class Door:
        """cv2 with that clock."""

        def __getattr__(self, name: str) -> object:
            return clocked.get(name) or getattr(cv2, name)

    clocked = {"VideoCapture": Capture, "cvtColor": timed("decoding", cv2.cvtColor)}

    def solution(face: bool):  # type: ignore[no-untyped-def]
        made = timed("MediaPipe", original)(face)
        made.process, made.close = timed("MediaPipe", made.process), timed("MediaPipe", made.close)
        return made

    original, isl.vision.holistic._solution = isl.vision.holistic._solution, solution
    setattr(isl.vision.video, "cv2", Door())  # noqa: B010
    source = copies(arguments.videos, folder / "videos", arguments.clips)
    isl.vision.landmarking.landmark_video(next(source.rglob("*.avi")))  # loading MediaPipe is once a worker
    for name in spent:
        spent[name] = 0.0
    extraction.run_jobs = lambda function, jobs, *_: ((job, function(job)) for job in jobs)
    started = time.process_time()
    extraction.extract(find_recordings(source).recordings, Store(folder / "out"))
    total = time.process_time() - started
    for name, seconds in (*spent.items(), ("everything else", total - sum(spent.values()))):
        print(f"{name:16}{seconds / arguments.clips:7.3f} s a clip{seconds / total:8.1%}")


def memory(arguments: argparse.Namespace, folder: Path) -> None:
    from isl.extract.pool import run_jobs

    path = large(next(arguments.videos.rglob("*.avi")), folder / "large.mp4")
    for keep in (FRAMES, None):
        ((_, answer),) = run_jobs(landmark_and_measure, [(path, keep)], workers=1)
        assert not isinstance(answer, Exception)
        shape, peak = answer
        print(f"frames={keep or 'all'}: {shape}, peak of the worker {peak / 1024:.0f} MiB")


def landmark_and_measure(job: tuple[Path, int | None]) -> tuple[tuple[int, ...], int]:
    from isl.vision.landmarking import landmark_video

    clip, _ = landmark_video(*job)
    return clip.shape, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def large(path: Path, output: Path) -> Path:
    """20 s of 1920x1080 at 30 frames a second, from a small video in a loop."""
    from isl.vision.video import Video

    pictures = [cv2.cvtColor(rgb, cv2.COLOR_RGB2BGR) for _, rgb in Video(path)]
    writer = cv2.VideoWriter(str(output), cv2.VideoWriter.fourcc(*"mp4v"), 30, (1920, 1080))
    for i in range(600):
        writer.write(cv2.resize(pictures[i // 3 % len(pictures)], (1920, 1080)))
    writer.release()
    return output


def kills(arguments: argparse.Namespace, folder: Path) -> None:
    source = copies(arguments.videos, folder / "videos", 24)
    command = [sys.executable, "-m", "isl.extract", f"input={source}", "workers=2"]
    quiet: dict[str, Any] = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    started = time.monotonic()
    subprocess.run([*command, f"output={folder / 'whole'}"], check=True, **quiet)
    undisturbed = time.monotonic() - started
    chance = random.Random(0)
    for _ in range(20):
        process = subprocess.Popen([*command, f"output={folder / 'killed'}"], **quiet)
        time.sleep(chance.uniform(0, undisturbed / 6))
        process.kill()
        process.wait()
    before = len(list((folder / "killed").glob("*/*.npy")))
    code = subprocess.run([*command, f"output={folder / 'killed'}"], check=False, **quiet).returncode
    whole, killed = (
        {path.relative_to(root): path.is_file() and path.read_bytes() for path in root.rglob("*")}
        for root in (folder / "whole", folder / "killed")
    )
    print(f"after 20 kills {before} of 24 clips were there; finished with exit code {code}")
    print("same files, same bytes" if whole == killed else f"DIFFERENT: {whole.keys() ^ killed.keys()}")


def identity(arguments: argparse.Namespace, folder: Path) -> None:
    """Insignia's way and ours over the same videos: which of their numbers differ?"""
    source = copies(arguments.videos, folder / "videos", len(list(arguments.videos.rglob("*.avi"))))
    insignia_run(source, folder / "insignia", processes=2)
    subprocess.run([sys.executable, "-m", "isl.extract", f"input={source}", f"output={folder / 'ours'}"], check=True)
    for clip in sorted((folder / "ours").rglob("*.npy")):
        frames = folder / "insignia" / clip.relative_to(folder / "ours").with_suffix("")
        theirs = np.stack([np.load(frames / f"frame_{i}.npy") for i in range(FRAMES)])
        differ = int((np.load(clip) != theirs).sum())
        print(f"{clip.parent.name}/{clip.stem}: {differ} of {theirs.size:,} numbers differ")


def copies(videos: Path, folder: Path, count: int) -> Path:
    """``count`` clips: those of ``videos``, over and over, each copy told apart by a byte at its end."""
    paths = sorted(videos.rglob("*.avi"))
    for i in range(count):
        path = paths[i % len(paths)]
        (folder / path.parent.name).mkdir(parents=True, exist_ok=True)
        (folder / path.parent.name / f"{path.stem}{i}.avi").write_bytes(path.read_bytes() + bytes([i]))
    return folder


if __name__ == "__main__":
    if sys.argv[1:2] in (["_insignia"], ["_pool"]):
        insignia_run(Path(sys.argv[2]), Path(sys.argv[3]), processes=1 if sys.argv[1] == "_insignia" else 2)
    else:
        main()
