"""Teaching: a process of its own, its progress, the new network, and a failure that changes nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from support.configs import config
from support.pages import Page, drawn_site, served, wait_until
from support.teachers import QuickTeacher

from isl.data.recording import RecordedClip, save_recording
from isl.web.teaching import Teacher


@pytest.fixture(autouse=True)
def elsewhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def finished(teacher: Teacher) -> bool:
    return teacher.progress.state in ("done", "failed")


def test_what_was_taught_is_loaded_and_told(tmp_path):
    loaded: list[Any] = []
    teacher = QuickTeacher(tmp_path, tmp_path / "old.ckpt", (), lambda path: loaded.append(path) or ["Cough"])
    teacher.start()
    wait_until(lambda: finished(teacher))
    assert [path.read_bytes() for path in loaded] == [b"network"] and loaded[0].name == "best.ckpt"
    told = teacher.progress.message()
    assert (told["state"], told["words"], told["before"], told["now"], told["tested"]) == ("done", ["Cough"], 0.5, 1, 4)


def test_a_failure_is_reported_and_the_old_network_stays(tmp_path):
    teacher = QuickTeacher(tmp_path, tmp_path / "old.ckpt", (), lambda path: pytest.fail("nothing to load"))
    teacher.code = "import sys; print('error: data.root=x: no clips', file=sys.stderr); sys.exit(2)"
    teacher.start()
    wait_until(lambda: finished(teacher))
    assert (teacher.progress.state, teacher.progress.reason) == ("failed", "data.root=x: no clips")


def test_open_pages_continue_with_the_new_network(tmp_path):
    site = drawn_site(record=tmp_path / "recorded")

    def load(path: Path) -> list[str]:
        facts = site.network.facts
        site.network.replace(type(facts)([*facts.words, "Cough"], facts.seconds, facts.face, facts.hindi))
        return ["Cough"]

    site.teacher = QuickTeacher(tmp_path, tmp_path / "old.ckpt", (), load)
    with served(site) as port, Page(port) as page, Page(port) as other:
        page.ask("add", word="Doctor", save=False)
        page.hear("conversation")
        page.ask("teach")
        page.ask("teach")  # once is enough
        for each in (page, other):
            assert each.hear("hello")["words"][-1] == "Cough"
            while each.hear("teaching")["state"] != "done":
                pass
        page.ask("say")
        assert page.hear("event", event="sentence")["glosses"] == ["Doctor"]  # the conversation has not changed
    assert len(list((tmp_path / "outputs").glob("*/*-taught"))) == 1


@pytest.mark.slow
def test_a_page_teaches_the_network_that_comes_with_isl(tmp_path, trained, landmarked):
    """The real training: a new word from other frames of the recordings, and the old words of them."""

    from isl.web.web import Web

    root = tmp_path / "recorded"
    new = next(iter(landmarked.values()))[::-1]
    takes = [(path.parent.name, clip, 2) for path, clip in landmarked.items()] + [("Backwards", new, 3)]
    for word, clip, count in takes:
        for take in range(count):  # a step farther from the camera each, so that they are no copies of one clip
            farther = (clip * (1 - 0.03 * take)).astype(np.float32)
            save_recording(RecordedClip(farther, 10.0, (640, 480)), root, word, "ann", "test")
    before = trained.read_bytes()
    options = ("display=web", "web.port=0", "web.holistic=off", f"web.record={root}", f"ckpt_path={trained}")
    web = Web(config("live", *options))
    assert web.key and f"key={web.key}" in web.address  # who may record has the key, on this machine too
    web.socket.close()
    with served(web.site) as port, Page(port) as page:
        assert page.hello["record"] and page.hello["teach"] and "Backwards" not in page.hello["words"]
        page.ask("teach")
        while (told := page.hear("teaching"))["state"] not in ("done", "failed"):
            pass
        assert told["state"] == "done", told
        assert told["words"] == ["Backwards"] and told["now"] >= told["before"]
        greeting = [message for message in page.heard if message["type"] == "hello"][-1]
        assert greeting["words"][-1] == "Backwards"
        assert greeting["signed"] == page.hello["signed"] != {}
    assert trained.read_bytes() == before
