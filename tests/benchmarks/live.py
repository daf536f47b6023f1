"""The time of live recognition beside MediaPipe, in total and for each frame.

    python tests/benchmarks/live.py video.mp4 best.ckpt      # or an ONNX file of isl-export

Prints the frame rate of the whole without a screen over that of a loop that does nothing but MediaPipe on the same
frames (the two alternate in one run; medians), and the time of recognition per new frame over one full forward pass of
Insignia's network (60 frames of 1,662 numbers, 24 words), the two again in turns.
"""

from __future__ import annotations

import argparse
import statistics
import time
from pathlib import Path

import torch

from isl.landmarks import CLIP_FRAMES, FRAME_SIZE
from isl.live.session import Session
from isl.live.viewer import Viewer
from isl.models.bilstm_attn import BiLSTMAttention
from isl.recognition.acceptance import BetweenRests, Consecutive
from isl.recognition.conversation import Conversation
from isl.recognition.interpreter import Interpreter
from isl.recognition.serving import load_recognizer
from isl.recognition.stream import Recognizes, Stream
from isl.sentence import Rules
from isl.vision.holistic import Holistic
from isl.vision.landmarker import Landmarker
from isl.vision.video import Video


class Memory:
    """A video's frames, decoded before the clock starts."""

    live = False

    def __init__(self, path: Path, frames: int) -> None:
        self.name = str(path)
        self.frames = [shot for shot, _ in zip(Video(path), range(frames), strict=False)]

    def __iter__(self):
        return iter(self.frames)

    def close(self) -> None:
        pass


def bare(frames: list) -> float:
    began = time.perf_counter()
    with Holistic() as tracker:  # making it counts here as it does in a session
        for _, picture in frames:
            tracker(picture)
        return len(frames) / (time.perf_counter() - began)


def whole(source: Memory, recognizer: Recognizes) -> float:
    interpreter = Interpreter(Conversation(Rules()), Stream(recognizer, BetweenRests()))
    session = Session(source, Landmarker, Viewer(interpreter))
    began = time.perf_counter()
    session.run()
    return len(source.frames) / (time.perf_counter() - began)


def _timed(work) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def per_frame(recognizer: Recognizes, shots: list, landmarks: list, rule) -> tuple[float, float]:
    """Mean seconds of recognition a frame, and of Insignia's forward pass, taken in turns on the same machine."""
    stream = Stream(recognizer, rule)
    net = BiLSTMAttention(FRAME_SIZE, 24).eval()
    clip = torch.randn(1, CLIP_FRAMES, FRAME_SIZE)
    ours, insignias = [], []
    with torch.inference_mode():
        for (at, _), found in zip(shots, landmarks, strict=True):
            ours.append(_timed(lambda: stream.feed(at, found)))  # noqa: B023
            insignias.append(_timed(lambda: net(clip)))
    return sum(ours) / len(ours), sum(insignias) / len(insignias)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("video", type=Path)
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("--frames", type=int, default=120)
    parser.add_argument("--rounds", type=int, default=3)
    chosen = parser.parse_args()

    torch.set_num_threads(1)  # as live.py does
    recognizer = load_recognizer([chosen.checkpoint], [0], [])
    source = Memory(chosen.video, chosen.frames)
    bare(source.frames[:5])
    rates = [(bare(source.frames), whole(source, recognizer)) for _ in range(chosen.rounds)]
    loop, ours = (statistics.median(column) for column in zip(*rates, strict=True))
    ratio = statistics.median(b / a for a, b in rates)
    print(f"{ours:.2f} frames/s, MediaPipe alone {loop:.2f}, ratio {ratio:.3f}")

    with Holistic() as tracker:
        landmarks = [tracker(picture) for _, picture in source.frames]
    for name, rule in (("between rests", BetweenRests()), ("consecutive", Consecutive())):
        cost, insignia = per_frame(recognizer, source.frames, landmarks, rule)
        share = f"{cost / insignia:.2f} of a forward pass of Insignia's ({1000 * insignia:.2f} ms)"
        print(f"recognition a frame, {name}: {1000 * cost:.2f} ms, {share}")


if __name__ == "__main__":
    main()
