"""A real browser for tests: Chromium with a fake camera that shows a file."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

SIZE = (640, 480)
FPS = 10
SCRIPT_WITHIN = 900  # seconds, a limit for the slowest machine
FLAGS = """
    --headless=new --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking
    --disable-component-update --disable-sync --enable-unsafe-swiftshader --disable-dev-shm-usage --hide-scrollbars
    --use-fake-ui-for-media-stream --use-fake-device-for-media-stream
""".split()


def film(path: Path, pictures: Iterable[np.ndarray]) -> Path:
    """Writes BGR pictures as a Y4M file, which Chromium's fake camera shows in a loop at ``FPS``."""
    with path.open("wb") as file:
        file.write(f"YUV4MPEG2 W{SIZE[0]} H{SIZE[1]} F{FPS}:1 Ip A1:1 C420\n".encode())
        for picture in pictures:
            file.write(b"FRAME\n")
            file.write(cv2.cvtColor(cv2.resize(picture, SIZE), cv2.COLOR_BGR2YUV_I420).tobytes())
    return path


def pictures_of(path: Path) -> Iterator[np.ndarray]:
    capture = cv2.VideoCapture(str(path))
    while (got := capture.read())[0]:
        yield got[1]


@contextmanager
def browser(profile: Path, camera: Path | None = None, *flags: str, size: tuple[int, int] = (1440, 1000)) -> Any:
    """Returns a Selenium driver. The test is skipped if Chromium is not installed."""
    chromium, chromedriver = shutil.which("chromium"), shutil.which("chromedriver")
    if not (chromium and chromedriver):
        pytest.skip("needs Chromium and its driver: apt-get install chromium chromium-driver")
    from selenium.webdriver import Chrome, ChromeOptions
    from selenium.webdriver.chrome.service import Service

    options = ChromeOptions()
    options.binary_location = chromium
    for flag in (*FLAGS, f"--user-data-dir={profile}", f"--window-size={size[0]},{size[1]}", *flags):
        options.add_argument(flag)
    if camera is not None:
        options.add_argument(f"--use-file-for-fake-video-capture={camera}")
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = Chrome(options, Service(chromedriver))
    driver.set_script_timeout(SCRIPT_WITHIN)
    assert not isinstance(driver.command_executor, str)
    driver.command_executor.client_config.timeout = SCRIPT_WITHIN
    try:
        yield driver
    finally:
        driver.quit()
