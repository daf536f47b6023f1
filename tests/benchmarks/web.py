"""Measures the page's server: delays, memory, and the time to start. See tests/benchmarks/README.md.

python tests/benchmarks/web.py delays ../shared/data/videos [CKPT]   # four browsers beside fifty idle ones
python tests/benchmarks/web.py memory ../shared/data/videos [CKPT]   # thirty minutes, fast
python tests/benchmarks/web.py start [CKPT]     # from the start to the first picture; killed and started again
"""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import psutil
from hydra import compose, initialize_config_dir

sys.path.insert(0, str(Path(__file__).parents[1]))
from support.chromium import browser
from support.elements import element, press, until
from support.pages import Page, served, wait_until

from isl.config.app import CONF
from isl.vision.holistic import Holistic
from isl.vision.video import Video
from isl.web import socket as web_socket
from isl.web.messages import Frame, write_frame
from isl.web.web import Web

BROWSERS, IDLE, REST = 4, 50, 4.5
MINUTES, FPS, SIZE = 30, 10, (640, 480)
Film = list[tuple[float, np.ndarray]]


def landmarks(path: Path) -> Film:
    """Returns times and landmarks of a video. They are kept in the present folder, as MediaPipe is slow."""
    kept = path.name + ".npz"
    if Path(kept).is_file():
        data = np.load(kept)
        return list(zip(data["times"].tolist(), data["frames"], strict=True))
    with Holistic() as holistic:
        frames = [(seconds, holistic(picture)) for seconds, picture in Video(path)]
    np.savez(kept, times=[t for t, _ in frames], frames=np.stack([f for _, f in frames]))
    return frames


def films_of(videos: str) -> dict[str, Film]:
    return {path.parent.name: landmarks(path) for path in sorted(Path(videos).glob("*/*.avi"))}


def web(checkpoint: str) -> Web:
    with initialize_config_dir(str(CONF), version_base="1.3"):
        return Web(compose("live", ["display=web", "web.port=0", f"ckpt_path={checkpoint}"]))


def show(**figures: Any) -> None:
    print(json.dumps(figures), flush=True)


def sign(port: int, films: dict[str, Film], delays: list[float], wrong: list[str]) -> None:
    """Send the films at their own pace, and note the delay of each answer and the words that are not heard right."""
    with Page(port) as page:
        start, offset = time.monotonic(), 0.0
        for word, frames in films.items():
            rest = [(frames[-1][0] + 0.1 * i, frames[-1][1]) for i in range(1, int(10 * REST))]
            for seconds, frame in [*frames, *rest]:
                time.sleep(max(0.0, start + offset + seconds - time.monotonic()))
                sent = time.monotonic()
                page.socket.send(write_frame(Frame(offset + seconds, SIZE, frame), face=False))
                page.hear("status")
                delays.append(time.monotonic() - sent)
            heard = [event["word"] for event in page.happened("word") if event["time"] >= offset]
            if heard != [word]:
                wrong.append(f"{word}: {heard}")
            offset += rest[-1][0] + 0.1


def run_threads(work: Any, *arguments: Any) -> None:
    threads = [threading.Thread(target=work, args=arguments) for _ in range(BROWSERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def measure_delays(videos: str, checkpoint: str = "isl18") -> None:
    films = films_of(videos)
    with served(web(checkpoint).site) as port:
        idle = [Page(port) for _ in range(IDLE)]
        process = psutil.Process()
        process.cpu_percent()
        time.sleep(5)
        show(idle_sockets=len(idle), cpu_percent=process.cpu_percent())
        delays: list[float] = []
        wrong: list[str] = []
        run_threads(sign, port, films, delays, wrong)
        ms = 1000 * np.array(delays)
        percentiles = {f"percentile_{p}_ms": round(float(np.percentile(ms, p)), 1) for p in (50, 95, 99)}
        show(frames=len(ms), **percentiles, not_heard_right=wrong, of=BROWSERS * len(films))


def measure_memory(videos: str, checkpoint: str = "isl18") -> None:
    """The frames of thirty minutes for each browser, without waiting between them."""
    web_socket.FRAMES = 1e6  # the limit of frames a second
    frames = [frame for film in films_of(videos).values() for _, frame in film]
    process, sent = psutil.Process(), [0]

    def send_all(port: int) -> None:
        with Page(port) as page:
            for number in range(MINUTES * 60 * FPS):
                page.show(number / FPS, frames[number % len(frames)], SIZE)
                sent[0] += 1
                page.heard.clear()

    with served(web(checkpoint).site) as port:
        worker = threading.Thread(target=run_threads, args=(send_all, port))
        worker.start()
        for minute in range(5, MINUTES + 1, 5):
            goal = BROWSERS * minute * 60 * FPS
            wait_until(lambda goal=goal: sent[0] >= goal - BROWSERS or not worker.is_alive(), 3600)
            show(minutes=minute, resident_mb=round(process.memory_info().rss / 2**20), frames=sent[0])
        worker.join()


def measure_start(checkpoint: str = "isl18") -> None:
    """A server in a process of its own, and Chromium: to the first picture with its skeleton; and after a kill."""
    with socket.create_server(("localhost", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, str(CONF.parent / "live.py"), "display=web", f"web.port={port}", "web.holistic=off"]
    start = time.monotonic()

    def launch() -> subprocess.Popen[str]:
        server = subprocess.Popen([*command, f"ckpt_path={checkpoint}"], stdout=subprocess.PIPE, text=True)
        assert server.stdout is not None
        next(line for line in server.stdout if line.startswith("open "))
        return server

    server = launch()
    address = time.monotonic()
    picture = cv2.imencode(".jpg", np.full((480, 640, 3), 128, np.uint8))[1].tobytes()
    with Page(port) as page:
        page.socket.send(write_frame(Frame(0.0, SIZE, jpeg=picture)))
        page.hear("status")
    show(to_address_s=round(address - start, 1), to_first_picture_s=round(time.monotonic() - start, 1))
    with tempfile.TemporaryDirectory() as profile, browser(Path(profile)) as driver:
        driver.get(f"http://localhost:{port}/")
        until(driver, lambda: element(driver, "privacy").text)
        server.send_signal(signal.SIGKILL)
        until(driver, lambda: "can't be reached" in element(driver, "notice").text)
        server = launch()
        launched = time.monotonic()
        until(driver, lambda: not element(driver, "notice").is_displayed())
        show(reconnected_after_start_s=round(time.monotonic() - launched, 1))
        press(driver, "#clear")
    server.terminate()
    server.wait()


if __name__ == "__main__":
    measures: dict[str, Callable[..., None]] = {
        "delays": measure_delays,
        "memory": measure_memory,
        "start": measure_start,
    }
    measures[sys.argv[1]](*sys.argv[2:])
