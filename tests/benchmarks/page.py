"""Measures what Chromium hears of recordings that its fake camera shows in real time, in both ways of landmarks.

python tests/benchmarks/page.py ../shared/data/videos [page|server] [CKPT]
"""

from __future__ import annotations

import itertools
import json
import sys
import tempfile
import time
from pathlib import Path

from hydra import compose, initialize_config_dir

sys.path.insert(0, str(Path(__file__).parents[1]))
from support.chromium import FPS, browser, film, pictures_of
from support.elements import element, press, until
from support.pages import served

from isl.config.app import CONF
from isl.web.web import Web

REST = 6  # seconds of the first and of the last picture around the sign
PATIENCE = 60  # seconds for the words of one showing


def hear(port: int, video: Path, place: Path) -> dict[str, object]:
    """Show one video to the page's camera, once, and return the words and the rate that the page shows."""
    pictures = list(pictures_of(video))
    still = [pictures[0]] * (REST * FPS), [pictures[-1]] * (REST * FPS)
    shown = film(place / "camera.y4m", itertools.chain(still[0], pictures, still[1]))
    seconds = len(pictures) / FPS + 2 * REST
    with browser(place / "profile", shown) as driver:
        driver.get(f"http://localhost:{port}/")
        until(driver, lambda: element(driver, "privacy").text)
        press(driver, "#start")
        until(driver, lambda: element(driver, "rate").text)
        start, rates = time.monotonic(), []
        while time.monotonic() < start + min(seconds, PATIENCE):  # the fake camera begins again then
            time.sleep(0.5)
            rates.append(element(driver, "rate").text)
        press(driver, "#stop")
        time.sleep(1.0)
        words = [it.text.split("\n")[0] for it in driver.find_elements("css selector", ".gloss:not(.unknown)")]
        return {"words": words, "sentence": element(driver, "sentence").text, "rate": rates[-1]}


def main(videos: str, way: str = "page", checkpoint: str = "isl18") -> None:
    choice = "fetch" if way == "page" else "off"
    with initialize_config_dir(str(CONF), version_base="1.3"):
        options = ["display=web", "web.port=0", f"web.holistic={choice}", f"ckpt_path={checkpoint}"]
        web = Web(compose("live", options))
    right, paths = 0, sorted(Path(videos).glob("*/*.avi"))
    with served(web.site) as port:
        for path in paths:
            with tempfile.TemporaryDirectory() as place:
                heard = hear(port, path, Path(place))
            right += [word.rsplit(" ", 2)[0] for word in heard["words"]] == [path.parent.name]
            print(json.dumps({"shown": path.parent.name, **heard}, ensure_ascii=False), flush=True)
    print(json.dumps({"way": way, "right": right, "of": len(paths)}))


if __name__ == "__main__":
    main(*sys.argv[1:])
