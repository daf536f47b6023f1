"""Any messages in any order through one browser's visit: each is refused, or answered with valid JSON."""

from __future__ import annotations

import json
import threading
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.signing import NOBODY, RESTING, WORDS, Reader, signing, stream

from isl.landmarks import FRAME_SIZE
from isl.recognition.acceptance import BetweenRests
from isl.recognition.conversation import Conversation
from isl.recognition.restricted import RestrictedRecognizer
from isl.recognition.stream import Stream
from isl.sentence import Rules
from isl.web.messages import HEADER, REQUESTS, Frame, RefusedMessage, read_frame, read_request, write_frame
from isl.web.takes import Recordings, Takes
from isl.web.visit import Visit

words = st.sampled_from(WORDS) | st.text(max_size=120)
plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=10,
)
fields = {
    "words": st.lists(words, max_size=6) | plain,
    "word": words | plain,
    "index": st.integers(-2, 5) | plain,
    "save": st.booleans() | plain,
    "signer": st.sampled_from(["ann", "", "../ann"]) | plain,
    "take": st.integers(-2, 5) | plain,
    "symptoms": st.lists(st.text(max_size=20), max_size=4) | plain,
}


@st.composite
def requests(draw):
    """Requests of a known type, with values of any kind in their fields; and any other text."""
    kind = draw(st.sampled_from(sorted(REQUESTS)))
    request = {"type": kind, **{name: draw(fields[name]) for name in REQUESTS[kind]}}
    return draw(st.just(json.dumps(request)) | st.text(max_size=60) | plain.map(json.dumps))


landmarks = st.sampled_from([RESTING, NOBODY, *(signing(word) for word in range(3))])
numbers = st.floats(width=32) | st.floats(-2, 2, width=32)


@st.composite
def frames(draw):
    """Frames with wrong times, sizes and numbers, JPEGs that are none, and any other bytes."""
    header = HEADER.pack(draw(st.floats() | st.floats(0, 100)), draw(sizes), draw(sizes))
    frame = draw(landmarks).copy()
    for place, number in draw(st.dictionaries(st.integers(0, FRAME_SIZE - 1), numbers, max_size=5)).items():
        frame[place] = number
    bodies = st.just(frame.astype("<f4").tobytes()) | st.binary(max_size=40).map(lambda rest: b"\xff\xd8\xff" + rest)
    return draw(bodies.map(lambda body: header + body) | st.binary(max_size=60))


sizes = st.integers(0, 2**32 - 1) | st.sampled_from([1, 480, 640])


def made_visit(root: Path | None = None) -> Visit:
    takes = Takes(Recordings(root, WORDS)) if root is not None else None
    return Visit(Stream(RestrictedRecognizer(Reader(), None), BetweenRests()), Conversation(Rules()), takes)


def answer(visit: Visit, message: str | bytes) -> None:
    """Handle a message as the socket does. Raises RefusedMessage; anything else that is raised is a fault."""
    if isinstance(message, str):
        answers, wanted = visit.request(read_request(message))
    else:
        frame = read_frame(message)
        answers, wanted = visit.feed(frame, visit.landmarks(frame))
    if wanted:
        answers = [*answers, *visit.say()]
    for one in answers:
        json.dumps(one, allow_nan=False)


@pytest.mark.slow
@settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))
@given(messages=st.lists(requests() | frames(), min_size=1, max_size=12))
def test_any_messages_are_answered_or_refused_and_the_next_page_works(messages, tmp_path_factory):
    root = tmp_path_factory.mktemp("dataset") / "recorded"
    visit, threads = made_visit(root), threading.active_count()
    for message in messages:
        try:
            answer(visit, message)
        except RefusedMessage as refused:
            assert len(str(refused)) < 200
            break  # the socket is closed
    visit.close()
    assert threading.active_count() == threads
    assert {path.name for path in root.parent.iterdir()} <= {"recorded"}


def test_a_sign_after_odd_frames_is_still_recognised():
    visit = made_visit()
    odd = RESTING.copy()
    odd[700:720] = np.inf
    at = 0.0
    for frame in [odd, NOBODY, odd]:
        answer(visit, write_frame(Frame(at, (1, 8192), frame)))
        at += 0.1
    said = []
    for moment, frame in stream((RESTING, 1.0), (signing(1), 2.0), (RESTING, 2.0), fps=10, start=at):
        answers, _ = visit.feed(read_frame(write_frame(Frame(moment, (640, 640), frame))), frame)
        said += [one["word"] for one in answers if one.get("event") == "word"]
    assert said == ["Fever"]
