"""States that a person meets at the page: each is explained, and the page goes on."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace

import numpy as np
import pytest
from support.chromium import browser, film
from support.elements import element, press, until
from support.pages import drawn_site, drawn_visit, served
from support.signing import RESTING, person

from isl.landmarks import POSE
from isl.web.assets import FILES

pytestmark = pytest.mark.slow


def moved(shift: float, scale: float = 1.0):
    """A resting person, smaller or further to the side."""
    frame = person()
    points = POSE.of(frame)
    points[:, :2] = 0.5 + (points[:, :2] - 0.5) * scale
    points[:, 0] += shift
    frame[POSE.slice] = points.ravel()
    return frame


def site_of(frames):
    """A site that sees these frames in the camera's pictures, again and again."""
    site = drawn_site()

    def visit():
        made = drawn_visit()
        pictures = iter(range(10**9))
        made.landmarks = lambda frame: frames[next(pictures) % len(frames)]
        return made

    site.network.visit = visit
    return site


@contextmanager
def watching(site, folder, camera=None):
    """A page whose camera is on; it shows a bright room if no film is given."""
    camera = camera or film(folder / "bright.y4m", [np.full((480, 640, 3), 200, np.uint8)] * 10)
    with served(site) as port, browser(folder / "profile", camera) as driver:
        driver.get(f"http://localhost:{port}/")
        until(driver, lambda: element(driver, "privacy").text)
        press(driver, "#start")
        until(driver, lambda: element(driver, "rate").text)
        yield driver


@pytest.mark.parametrize(
    ("frames", "says"),
    [
        ([moved(0.0, 0.2)], "Come nearer"),
        ([moved(-0.3), moved(0.3)], "Two people"),
        ([RESTING * 0], "Nobody in the picture"),
    ],
)
def test_a_person_who_can_t_be_read_is_told_why(tmp_path, frames, says):
    with watching(site_of(frames), tmp_path) as driver:
        until(driver, lambda: says in element(driver, "notice").text + element(driver, "state").text)


def test_a_dark_room_is_reported(tmp_path):
    dark = film(tmp_path / "dark.y4m", [np.full((480, 640, 3), 10, np.uint8)] * 10)
    with watching(site_of([RESTING]), tmp_path, dark) as driver:
        until(driver, lambda: "too dark" in element(driver, "notice").text)


def test_a_page_in_the_background_says_that_it_did_not_watch(tmp_path):
    with watching(site_of([RESTING]), tmp_path) as driver:
        show = (
            "Object.defineProperty(document, 'hidden', { value: arguments[0], configurable: true });"
            "document.dispatchEvent(new Event('visibilitychange'))"
        )
        driver.execute_script(show, True)
        driver.execute_script(show, False)
        until(driver, lambda: "in the background" in element(driver, "notice").text)
        until(driver, lambda: not element(driver, "notice").is_displayed() or "slow" in element(driver, "notice").text)


def test_a_network_whose_training_was_not_finished_says_so(tmp_path):
    site = drawn_site()
    site.network.facts = replace(site.network.facts, calibrated=False)
    with served(site) as port, browser(tmp_path / "profile") as driver:
        driver.get(f"http://localhost:{port}/")
        until(driver, lambda: "not calibrated" in element(driver, "notice").text)


def test_broken_files_of_holistic_fall_back_to_the_server_after_a_question(tmp_path):
    folder = tmp_path / "holistic"
    folder.mkdir()
    for name in FILES:
        (folder / name).write_text("this is broken(", encoding="utf-8")
    site = site_of([RESTING])
    site.holistic = folder
    with served(site) as port, browser(tmp_path / "profile") as driver:
        driver.get(f"http://localhost:{port}/")
        until(driver, lambda: "pictures will go to" in element(driver, "notice").text)
        until(driver, lambda: "Pictures go to" in element(driver, "privacy").text)
        assert not element(driver, "rate").text  # no picture is sent before the user starts the camera
        press(driver, "#start")
        until(driver, lambda: element(driver, "rate").text)
