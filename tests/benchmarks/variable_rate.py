"""Videos of a variable frame rate, as phones write them in the dark: frames picked at equal times or equal numbers.

    python tests/benchmarks/variable_rate.py ../shared/data/videos isl18

In a part of each video only every 4th, 6th or 8th frame is kept, as when a phone falls from 60 to 10 frames a second.
Landmarks are those of the whole video, so that only the choice of the frames differs.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
from rich.table import Table

from isl import console
from isl.data.vocabulary import spelling
from isl.landmarks import resample
from isl.recognition.locate import checkpoint_paths
from isl.recognition.serving import load_recognizer
from isl.vision.holistic import pick_frames
from isl.vision.landmarking import landmark_video

EVERY = (4, 6, 8)
DARK = {  # part of the video, 0 to 1, in which frames are lost
    "first half": lambda place: place < 0.5,
    "second half": lambda place: place >= 0.5,
    "middle": lambda place: abs(place - 0.5) < 0.2,
    "both ends": lambda place: abs(place - 0.5) >= 0.2,
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("videos", type=Path)
    parser.add_argument("checkpoint")
    chosen = parser.parse_args()
    recognizer = load_recognizer(checkpoint_paths(chosen.checkpoint), [0], [])
    words = [spelling(word) for word in recognizer.words]
    scores: dict[tuple[int, str], list[tuple[bool, float]]] = {}
    for path in console.progress(sorted(chosen.videos.glob("*/*.avi")), "videos"):
        clip, facts = landmark_video(path, None)
        word = words.index(spelling(path.parent.name))
        numbers = np.arange(len(clip))
        for every in EVERY:
            for is_dark in DARK.values():
                dark = np.array([is_dark(place) for place in numbers / (len(clip) - 1)])
                kept = numbers[~dark | (numbers % every == 0)]
                by_time = clip[kept][pick_frames((kept * 1000 / facts.fps).tolist(), 60)]
                for way, frames in (("time", by_time), ("number", resample(clip[kept]))):
                    answer = recognizer(frames[None], facts.aspect)[0]
                    scores.setdefault((every, way), []).append((answer.argmax() == word, float(answer[word])))
    table = Table("kept in the dark", "frames picked by", "right", "mean probability of the word")
    for (every, way), rows in scores.items():
        right, probability = zip(*rows, strict=True)
        table.add_row(f"every {every}th", way, f"{sum(right)} of {len(rows)}", f"{np.mean(probability):.3f}")
    console.out.print(table)


if __name__ == "__main__":
    main()
