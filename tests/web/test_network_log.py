"""Chromium's own log of the network: with landmarks in the page nothing leaves the machine, and no picture the page."""

from __future__ import annotations

import json
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from support.chromium import browser, film, pictures_of
from support.elements import element, press, until
from support.pages import drawn_site, drawn_visit, served

from isl.recognition.events import Event
from isl.web import socket

pytestmark = pytest.mark.slow


def requests_of_pages(log: Path) -> set[str]:
    """Returns the addresses that pages and their workers asked for; the browser's own requests have no such origin."""
    text = log.read_text(encoding="utf-8").rstrip().rstrip(",")
    try:
        events = json.loads(text)["events"]
    except json.JSONDecodeError:  # the browser has ended before it closed the list
        events = json.loads(text + "]}")["events"]
    params = [event.get("params", {}) for event in events]
    return {one["url"] for one in params if "url" in one and "localhost" in str(one.get("initiator", ""))}


def test_from_load_to_sentence_nothing_leaves_the_machine(holistic, videos, tmp_path, monkeypatch):
    received = []

    def read_frame(data: bytes):
        received.append(frame := read(data))
        return frame

    read = socket.read_frame
    monkeypatch.setattr(socket, "read_frame", read_frame)
    site = drawn_site(holistic=holistic)

    def visit():
        made = drawn_visit()
        made.interpreter.add(Event(0.0, "word", {"word": "Doctor", "confidence": 0.9, "top5": [["Doctor", 0.9]]}))
        return made

    site.network.visit = visit
    camera = film(tmp_path / "camera.y4m", pictures_of(sorted(videos.glob("*/*.avi"))[0]))
    log = tmp_path / "network.json"
    with served(site) as port, browser(tmp_path / "profile", camera, f"--log-net-log={log}") as driver:
        driver.get(f"http://localhost:{port}/")
        until(driver, lambda: "No picture leaves this device" in element(driver, "privacy").text)
        press(driver, "#start")
        until(driver, lambda: len(received) >= 3)
        press(driver, "#write")
        until(driver, lambda: element(driver, "speak").is_enabled())
    assert all(frame.jpeg is None for frame in received)
    asked = requests_of_pages(log)
    assert any(urlsplit(address).path.endswith(".wasm") for address in asked)  # the worker's requests are in the log
    assert {urlsplit(address).hostname for address in asked} == {"localhost"}
