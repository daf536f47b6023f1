"""Single signs joined to one long video: the words in their order, by live.py and by infer.py segment=true.

    python tests/benchmarks/videos.py ../shared/data/videos best.ckpt

The videos of ``<folder>/<word>/*.avi``, one after another in the order of their names, become one file that is thrown
away afterwards. Prints what was understood, how many words are wrong (substituted, missed or added), and whether the
two ways agree in words and times. The checkpoint knows the people: train it with split=stratified.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

import cv2
from hydra import compose, initialize_config_dir
from streams import align

from isl.config.app import CONF
from isl.live.application import Live
from isl.live.segmentation import Segmentation
from isl.recognition.events import Event


def join(folder: Path, target: Path) -> list[str]:
    """Write the videos one after another; their words."""
    writer, words = None, []
    for path in sorted(folder.glob("*/*.avi")):
        capture = cv2.VideoCapture(str(path))
        while (read := capture.read())[0]:
            if writer is None:
                size, fps = read[1].shape[1::-1], capture.get(cv2.CAP_PROP_FPS)
                writer = cv2.VideoWriter(str(target), cv2.VideoWriter.fourcc(*"MJPG"), fps, size)
            writer.write(read[1])
        words.append(path.parent.name)
    if writer is None:
        raise SystemExit(f"{folder}: no <word>/*.avi")
    writer.release()
    return words


def understood(video: Path, checkpoint: Path) -> tuple[list[Event], list[Event]]:
    """The words of ``live.py`` and those of ``infer.py segment=true``."""
    with initialize_config_dir(str(CONF), version_base="1.3"):
        live = Live(compose("live", [f"source={video}", f"ckpt_path={checkpoint}", "display=none"]))
        segment = Segmentation(compose("infer", [f"input={video}", f"ckpt_path={checkpoint}", "segment=true"]))
    live.run()
    segment.recognise()
    one, other = ([e for e in part.interpreter.events if e.kind == "word"] for part in (live, segment))
    return one, other


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("videos", type=Path)
    parser.add_argument("checkpoint", type=Path)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        video = Path(folder) / "joined.avi"
        signed = join(chosen.videos, video)
        live, segment = understood(video, chosen.checkpoint.resolve())
    for event in live:
        facts = event.facts
        print(f"{facts['start']:6.1f} to {facts['end']:5.1f} s  {facts['word']}  {facts['confidence']:.0%}")
    print(f"signed: {', '.join(signed)}")
    print(f"{align(signed, [event.facts['word'] for event in live])[0]} of {len(signed)} wrong")
    same = [event.line() for event in live] == [event.line() for event in segment]
    print(f"live.py and infer.py segment=true {'agree' if same else 'DIFFER'}")


if __name__ == "__main__":
    main()
