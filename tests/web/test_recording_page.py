"""A new sign in Chromium: named, agreed to, counted down, looked at, thrown away or kept, and taught."""

from __future__ import annotations

import pytest
from selenium.webdriver.common.by import By
from support.chromium import browser
from support.elements import element, press, until
from support.pages import drawn_site, drawn_visit, served
from support.signing import signing
from support.teachers import QuickTeacher

from isl.data import recording
from isl.web import takes
from isl.web.takes import Recordings

pytestmark = pytest.mark.slow
SHORT = 0.5, 6.0  # seconds of the countdown and of a take: a slow machine sees a picture a second


@pytest.fixture
def root(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(recording, "COUNTDOWN", SHORT[0])
    monkeypatch.setattr(recording, "FEWEST", 1)  # for the slowest machine
    monkeypatch.setattr(takes, "SECONDS", SHORT[1])
    return tmp_path / "recorded"


def site_of(root):
    """A site that sees a drawn signer in every picture of the camera."""
    site = drawn_site(record=root, files=None)
    recordings = Recordings(root, ["Doctor"])

    def visit():
        made = drawn_visit(recordings)
        made.landmarks = lambda frame: signing(3)
        return made

    site.network.visit = visit
    site.teacher = QuickTeacher(root, root / "old.ckpt", (), lambda path: ["Cough"])
    return site


def test_a_new_word_is_recorded_and_taught(root, tmp_path):
    with served(site_of(root)) as port, browser(tmp_path / "profile") as driver:
        driver.get(f"http://localhost:{port}/")
        until(driver, lambda: element(driver, "teach").is_displayed())
        press(driver, "#teach > summary")
        element(driver, "record-word").send_keys("Cough")
        assert not element(driver, "record").is_enabled()  # nobody has agreed yet
        press(driver, "#record-consent")
        assert "who signs" in element(driver, "record-state").text
        element(driver, "record-signer").send_keys("ann")
        press(driver, "#record-consent")
        press(driver, "#record")
        until(driver, lambda: element(driver, "count").is_displayed())
        until(driver, lambda: len(driver.find_elements(By.CSS_SELECTOR, "#takes canvas")) == 4)
        assert list(root.rglob("*.npy")) == []
        until(driver, lambda: drawn_pixels(driver) > 100)  # the skeleton
        press(driver, "#takes li button")
        press(driver, "#record-keep")
        until(driver, lambda: "Cough 3" in element(driver, "recorded").text)
        assert sorted(path.name for path in root.rglob("*.npy")) == [f"ann_00{i}.npy" for i in range(3)]
        press(driver, "#teach-start")
        until(driver, lambda: "Learnt: Cough" in element(driver, "teach-state").text)


def drawn_pixels(driver) -> int:
    return driver.execute_script(
        "const it = document.querySelector('#takes canvas');"
        "const { data } = it.getContext('2d').getImageData(0, 0, it.width, it.height);"
        "return data.filter((value, i) => i % 4 === 3 && value > 0).length"
    )
