"""The page as a person uses it, in Chromium: words, taps, keyboard, languages, a camera, a server that comes back."""

from __future__ import annotations

import json
from urllib.parse import urlsplit

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from support.chromium import browser
from support.elements import element, until
from support.pages import drawn_site, drawn_visit, served

from isl.recognition.events import Event
from isl.web.certificate import own_address

pytestmark = pytest.mark.slow
SAID = {"Doctor": 0.9, "Fever": 0.8}
# The parts that appear later: takes of a new sign, the progress of teaching, the words of a video
SHOW_ALL = """
for (const id of ["teach", "teach-progress", "record-stop", "record-keep", "file-answer"])
  document.getElementById(id).hidden = false;
document.getElementById("takes").innerHTML =
  "<li><canvas role='img' aria-label='A take'></canvas><button class='plain'>Throw away</button></li>".repeat(4);
document.getElementById("file-words").innerHTML =
  "<li><button class='gloss'>Doctor</button> 0.6 - 2.1 s <small>Doctor 93 %, Fever 3 %, Pain 1 %</small></li>";
"""
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
    site.network.visit = spoken_visit
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


def test_a_word_is_removed_by_keyboard_alone(page):
    page.find_elements(By.CSS_SELECTOR, ".gloss")[0].send_keys(Keys.ENTER)
    until(page, lambda: element(page, "choices").get_attribute("open"))
    element(page, "choices-remove").send_keys(Keys.ENTER)
    until(page, lambda: len(page.find_elements(By.CSS_SELECTOR, ".gloss")) == 1)


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


def test_the_page_speaks_hindi(page):
    page.execute_script(
        "const it = document.getElementById('language'); it.value = 'hi'; it.dispatchEvent(new Event('change'))"
    )
    until(page, lambda: element(page, "start").text == "कैमरा चालू करें")
    assert page.execute_script("return document.documentElement.lang") == "hi"
    assert "डॉक्टर" in page.find_elements(By.CSS_SELECTOR, ".gloss")[0].text


def test_starting_again_empties_the_page(page):
    element(page, "clear").click()
    until(page, lambda: not page.find_elements(By.CSS_SELECTOR, ".gloss"))


@pytest.mark.parametrize("width", [360, 768, 1440])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious_and_nothing_is_cut_off(page, axe, width, scheme):
    metrics = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 500}
    page.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    page.execute_cdp_cmd(
        "Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": scheme}]}
    )
    page.execute_script("for (const it of document.querySelectorAll('details')) it.open = true")
    page.execute_script(SHOW_ALL)
    until(page, lambda: not page.execute_script("return document.getAnimations().length"))  # colours have settled
    page.execute_script(axe)
    found = page.execute_async_script(
        "const done = arguments[0]; axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice']})"
        ".then((r) => done(r.violations.map((v) => [v.id, v.impact, v.nodes.map((n) => n.html)])))"
    )
    assert [rule for rule in found if rule[1] in ("serious", "critical")] == []
    assert page.execute_script("return document.documentElement.scrollWidth") <= width


def test_a_new_page_says_where_the_sentence_will_be(tmp_path):
    with served(drawn_site()) as port, browser(tmp_path) as driver:
        driver.get(f"http://localhost:{port}/")
        until(driver, lambda: element(driver, "privacy").text)
        assert element(driver, "sentence").text == "The sentence appears here."


def test_without_https_in_the_house_the_page_says_what_to_do(tmp_path):
    """The address of this machine in its network, by plain http: a browser gives no camera there."""
    address = own_address()
    if address.startswith("127."):
        pytest.skip("needs an address in a network")
    with served(drawn_site(), key="abcdefgh12345678", local=False, host="0.0.0.0") as port, browser(tmp_path) as driver:
        driver.get(f"http://{address}:{port}/?key=abcdefgh12345678")
        until(driver, lambda: element(driver, "privacy").text)
        assert driver.execute_script("return navigator.mediaDevices") is None
        element(driver, "start").click()
        until(driver, lambda: "web.tls=true" in element(driver, "notice").text)
        assert element(driver, "start").is_enabled()


@pytest.mark.parametrize(("error", "says"), [("NotAllowedError", "not allowed"), ("NotFoundError", "no camera")])
def test_a_camera_that_can_t_be_had_is_explained(port, tmp_path, error, says):
    with browser(tmp_path) as driver:
        driver.get(f"http://localhost:{port}/")
        until(driver, lambda: element(driver, "privacy").text)
        refuse = f"navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('', '{error}'))"
        driver.execute_script(refuse)
        element(driver, "start").click()
        until(driver, lambda: says in element(driver, "notice").text)
        assert element(driver, "start").is_enabled()


def test_pages_come_back_when_the_server_does_and_nothing_goes_elsewhere(tmp_path):
    site = drawn_site()
    site.network.visit = spoken_visit
    with browser(tmp_path) as driver:
        with served(site) as port:
            driver.get(f"http://localhost:{port}/")
            until(driver, lambda: element(driver, "privacy").text)
            element(driver, "write").click()
            until(driver, lambda: element(driver, "speak").is_enabled())
            said = element(driver, "sentence").text
        until(driver, lambda: "can't be reached" in element(driver, "notice").text)
        assert element(driver, "sentence").text == said
        again = drawn_site()
        with served(again, port=port):
            until(driver, lambda: again.pages == 1 and not element(driver, "notice").is_displayed())
            assert element(driver, "sentence").text == said
        hosts = set()
        for entry in driver.get_log("performance"):
            message = json.loads(entry["message"])["message"]
            request = message["params"].get("request", {}) if message["method"] == "Network.requestWillBeSent" else {}
            address = urlsplit(request.get("url", ""))
            if address.scheme in ("http", "https", "ws", "wss"):  # not chrome://new-tab-page, blob: and the like
                hosts.add(address.hostname)
        assert hosts == {"localhost"}
