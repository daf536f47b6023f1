"""Measures how fast the page's server answers four browsers beside fifty idle ones; see the README of isl/web.

python tests/benchmarks/web.py ../shared/data/videos best.ckpt
"""

from __future__ import annotations

import json
import sys
import threading
import time
from pathlib import Path

import numpy as np
import psutil
from hydra import compose, initialize_config_dir

sys.path.insert(0, str(Path(__file__).parents[1]))
from support.pages import Page, served

from isl.config.app import CONF
from isl.vision.holistic import Holistic
from isl.vision.video import Video
from isl.web.application import Web
from isl.web.protocol import Frame, write_frame

BROWSERS, IDLE, REST = 4, 50, 4.5


def landmarks(path: Path) -> list[tuple[float, np.ndarray]]:
    kept = path.name + ".npz"
    if Path(kept).is_file():
        data = np.load(kept)
        return list(zip(data["times"].tolist(), data["frames"], strict=True))
    with Holistic() as holistic:
        frames = [(seconds, holistic(picture)) for seconds, picture in Video(path)]
    np.savez(kept, times=[t for t, _ in frames], frames=np.stack([f for _, f in frames]))
    return frames


def sign(port: int, films: dict[str, list[tuple[float, np.ndarray]]], delays: list[float], wrong: list[str]) -> None:
    with Page(port) as page:
        start, offset = time.monotonic(), 0.0
        for word, frames in films.items():
            rest = [(frames[-1][0] + 0.1 * i, frames[-1][1]) for i in range(1, int(10 * REST))]
            for seconds, frame in [*frames, *rest]:
                time.sleep(max(0.0, start + offset + seconds - time.monotonic()))
                sent = time.monotonic()
                page.socket.send(write_frame(Frame(offset + seconds, (640, 480), frame), face=False))
                page.hear("status")
                delays.append(time.monotonic() - sent)
            heard = [event["word"] for event in page.happened("word") if event["time"] >= offset]
            if heard != [word]:
                wrong.append(f"{word}: {heard}")
            offset += rest[-1][0] + 0.1


def main(videos: str, checkpoint: str) -> None:
    films = {path.parent.name: landmarks(path) for path in sorted(Path(videos).glob("*/*.avi"))}
    with initialize_config_dir(str(CONF), version_base="1.3"):
        cfg = compose("live", ["display=web", "web.port=0", f"ckpt_path={checkpoint}"])
    with served(Web(cfg).site) as port:
        idle = [Page(port) for _ in range(IDLE)]
        process = psutil.Process()
        process.cpu_percent()
        time.sleep(5)
        print(json.dumps({"idle sockets": len(idle), "cpu %": process.cpu_percent()}))
        before = process.memory_info().rss
        delays: list[float] = []
        wrong: list[str] = []
        threads = [threading.Thread(target=sign, args=(port, films, delays, wrong)) for _ in range(BROWSERS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        grown = (process.memory_info().rss - before) / 2**20
        ms = 1000 * np.array(delays)
        print(
            json.dumps(
                {
                    "frames": len(ms),
                    "median ms": round(float(np.median(ms)), 1),
                    "95 % ms": round(float(np.percentile(ms, 95)), 1),
                    "99 % ms": round(float(np.percentile(ms, 99)), 1),
                    "not heard right": wrong,
                    "of": BROWSERS * len(films),
                    "memory grown, MB": round(grown, 1),
                }
            )
        )


if __name__ == "__main__":
    main(*sys.argv[1:3])
