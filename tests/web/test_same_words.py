"""A window and a page that see the same video hear the same words at the same times."""

from __future__ import annotations

import json
from functools import partial

import numpy as np
import pytest
from support.pages import Page, served
from support.sessions import Keys, Pictures, run

from isl.landmarks import Floats
from isl.live.session import Session
from isl.live.viewer import Viewer
from isl.recognition.acceptance import BetweenRests
from isl.recognition.conversation import Conversation
from isl.recognition.interpreter import Interpreter
from isl.recognition.restricted import RestrictedRecognizer
from isl.recognition.stream import Stream
from isl.sentence import Rules
from isl.web.server import Site
from isl.web.shared_network import SharedNetwork
from isl.web.visit import ServerFacts, Visit

VIDEOS = 3
FPS, SIZE, REST = 10, (640, 480), 24  # each third frame of a clip


class Seen:
    """A landmarker that knows the landmarks of each picture of a ``Pictures`` source."""

    def __init__(self, frames: list[Floats]) -> None:
        self.frames = frames

    def __call__(self, picture) -> Floats:
        return self.frames[int(picture[0, 0, 0]) * 256 + int(picture[0, 0, 1])]

    def close(self) -> None:
        pass


class Video(Pictures):
    """The pictures of a video whose landmarks are known."""

    def __init__(self, frames: list[Floats]) -> None:
        super().__init__(parts=[(frames[0], 1.0)], size=SIZE)
        self.frames = [(number / FPS, frame) for number, frame in enumerate(frames)]


def facts(event: dict) -> dict:
    return {
        name: event[name] for name in ("time", "event", "word", "start", "end", "confidence", "top5") if name in event
    }


@pytest.fixture(scope="module")
def recognizer(trained):
    from isl.recognition.recognizer import Recognizer

    return Recognizer.load(trained)


def stream_of(recognizer) -> Stream:
    return Stream(RestrictedRecognizer(recognizer), BetweenRests())


def test_the_window_and_the_page_give_the_same_words_and_times(recognizer, isl18):
    site = Site(
        SharedNetwork(
            ServerFacts(recognizer.words, 2.0, False, {}), lambda: Visit(stream_of(recognizer), Conversation(Rules()))
        )
    )
    heard = 0
    with served(site) as port:
        for path in sorted(isl18.glob("*/*.npy"))[:: 1080 // VIDEOS][:VIDEOS]:
            clip = np.load(path).astype(np.float32)[::3]
            frames = [*clip, *[clip[-1]] * REST]
            interpreter = Interpreter(Conversation(Rules()), stream_of(recognizer))
            run(Session(Video(frames), partial(Seen, frames), Viewer(interpreter, Keys())))
            window = [event for event in interpreter.events if event.kind in ("word", "unsure")]
            with Page(port) as page:
                for number, frame in enumerate(frames):
                    page.show(number / FPS, frame, SIZE)
                page.ask("stop")
                page.ask("clear")
                page.hear("event", event="clear")  # requests are answered in their order
                shown = [message for message in page.heard if message.get("event") in ("word", "unsure")]
            assert [facts(json.loads(event.line())) for event in window] == [facts(event) for event in shown], path
            heard += len(window)
    assert heard >= VIDEOS
