"""The page as a person uses it, in Chromium: words, taps, keyboard, languages, a camera, a server that comes back."""

from __future__ import annotations

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait
from support.chromium import browser
from support.pages import WITHIN, drawn_site, drawn_visit, served

from isl.recognition.events import Event

pytestmark = pytest.mark.slow
SAID = {"Doctor": 0.9, "Fever": 0.8}
LIKELY = [["Pain", 0.05], ["Doctor", 0.02]]


def spoken_visit():
    """A conversation in which two words were signed already."""
    visit = drawn_visit()
    for word, confidence in SAID.items():
        top5 = [[word, confidence], *LIKELY]
        visit.interpreter.add(Event(0.0, "word", {"word": word, "confidence": confidence, "top5": top5}))
    return visit


@pytest.fixture(scope="module")
def port():
    site = drawn_site()
    site.visit = spoken_visit
    with served(site) as port:
        yield port


@pytest.fixture
def page(port, tmp_path):
    with browser(tmp_path, size=(1000, 900)) as driver:
        driver.get(f"http://localhost:{port}/")
        until(driver, lambda: element(driver, "vocabulary").find_elements(By.TAG_NAME, "li"))
        element(driver, "write").click()
        until(driver, lambda: "Doctor" in glosses(driver) and element(driver, "speak").is_enabled())
        yield driver


def element(driver, name):
    return driver.find_element(By.ID, name)


def until(driver, true):
    return WebDriverWait(driver, WITHIN).until(lambda _: true())


def glosses(driver) -> list[str]:
    return [gloss.text.split("\n")[0].split(" ")[0] for gloss in driver.find_elements(By.CSS_SELECTOR, ".gloss")]


def test_a_tap_chooses_another_word_and_the_sentence_follows(page):
    before = element(page, "sentence").text
    page.find_elements(By.CSS_SELECTOR, ".gloss")[1].click()
    choice = page.find_element(By.CSS_SELECTOR, "#choices-list button")
    assert choice.text == "Pain" and element(page, "choices").get_attribute("open")
    choice.click()
    until(page, lambda: element(page, "sentence").text not in ("", before) and element(page, "speak").is_enabled())
    assert "Pain" in page.find_elements(By.CSS_SELECTOR, ".gloss")[1].text


def test_the_sentence_is_spoken_on_request(page):
    page.execute_script("window.asked = []; speechSynthesis.speak = (it) => window.asked.push(it.text)")
    element(page, "speak").click()
    assert page.execute_script("return window.asked") == [element(page, "sentence").text]


def test_a_reply_is_shown_large_and_kept_in_the_transcript(page):
    element(page, "reply-text").send_keys("Take one tablet", Keys.ENTER)
    until(page, lambda: element(page, "large").get_attribute("open"))
    assert element(page, "large-text").text == "Take one tablet"
    element(page, "large-close").click()
    lines = page.execute_script("return document.getElementById('transcript').textContent")
    assert "Take one tablet" in lines and "Doctor · Fever" in lines
