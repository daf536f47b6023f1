"""Tests of the bytes and texts that a page may send."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from isl.landmarks import FACE, FRAME_SIZE
from isl.web.limits import Allowance
from isl.web.messages import HEADER, REQUESTS, Frame, RefusedMessage, read_frame, read_request, write_frame

LANDMARKS = np.random.default_rng(0).random(FRAME_SIZE, np.float32)


def test_landmarks_arrive_as_they_were_sent():
    frame = read_frame(write_frame(Frame(12.5, (640, 480), LANDMARKS)))
    assert (frame.time, frame.size) == (12.5, (640, 480))
    assert frame.landmarks is not None
    np.testing.assert_array_equal(frame.landmarks, LANDMARKS)


def test_a_short_frame_is_the_same_without_a_face():
    frame = read_frame(write_frame(Frame(1.0, (4, 3), LANDMARKS), face=False))
    expected = LANDMARKS.copy()
    expected[FACE.slice] = 0
    assert frame.landmarks is not None
    np.testing.assert_array_equal(frame.landmarks, expected)
    assert len(write_frame(Frame(1.0, (4, 3), LANDMARKS), face=False)) == 16 + 4 * 258


def test_a_jpeg_is_distinguished_from_landmarks():
    assert read_frame(write_frame(Frame(1.0, (4, 3), jpeg=b"\xff\xd8\xff\xe0 and so on"))).jpeg is not None


@given(st.binary(max_size=80) | st.binary(max_size=20).map(lambda head: (head + bytes(7000))[: 16 + 4 * 1662]))
def test_any_bytes_are_a_frame_or_refused(message):
    try:
        frame = read_frame(message)
    except RefusedMessage:
        return
    assert np.isfinite(frame.time) and min(frame.size) > 0


@pytest.mark.parametrize("time", [np.nan, np.inf, -np.inf, 1e300])
def test_a_frame_of_no_time_is_refused(time):
    with pytest.raises(RefusedMessage, match="time"):
        read_frame(HEADER.pack(time, 640, 480) + LANDMARKS.tobytes())


@pytest.mark.parametrize("size", [(0, 480), (640, 0), (100_000, 480)])
def test_a_frame_of_no_size_is_refused(size):
    with pytest.raises(RefusedMessage, match="size"):
        read_frame(HEADER.pack(1.0, *size) + LANDMARKS.tobytes())


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no json",
        "[" * 5000,
        "null",
        "[]",
        '{"type": "nothing"}',
        '{"type": ["say"]}',
        '{"type": "say", "more": 1}',
        '{"type": "choose", "index": 0}',
        '{"type": "choose", "index": -1, "word": "Doctor", "save": false}',
        '{"type": "choose", "index": true, "word": "Doctor", "save": false}',
        '{"type": "choose", "index": 0, "word": 5, "save": false}',
        '{"type": "choose", "index": 0, "word": "Doctor", "save": 1}',
        '{"type": "record", "word": "../Fever"}',
        '{"type": "record", "word": "_other"}',
        '{"type": "record", "word": "Fe\\u202ever"}',
        '{"type": "record", "word": " Fever"}',
        '{"type": "consent", "signer": "a/b"}',
        '{"type": "context", "symptoms": "headache"}',
        json.dumps({"type": "context", "symptoms": ["x" * 500]}),
        json.dumps({"type": "context", "symptoms": ["x"] * 500}),
        json.dumps({"type": "restore", "words": [["Doctor"]]}),
        " " * 20_000,
    ],
)
def test_a_request_of_another_form_is_refused(text):
    with pytest.raises(RefusedMessage):
        read_request(text)


ANYTHING = st.recursive(st.none() | st.booleans() | st.floats() | st.integers() | st.text(), st.lists, max_leaves=5)
FIELDS = sorted({"more", *(name for fields in REQUESTS.values() for name in fields)})


@given(st.sampled_from(sorted(REQUESTS)) | ANYTHING, st.dictionaries(st.sampled_from(FIELDS), ANYTHING, max_size=3))
def test_any_json_is_a_request_or_refused(kind, fields):
    try:
        request = read_request(json.dumps({"type": kind, **fields}))
    except RefusedMessage:
        return
    assert set(request) == {"type", *REQUESTS[request["type"]]}


@given(st.text(max_size=30))
def test_a_name_from_a_page_stays_in_its_folder(name):
    try:
        word = read_request(json.dumps({"type": "record", "word": name}))["word"]
    except RefusedMessage:
        return
    assert Path("/data", word).resolve().parent == Path("/data") and not word.startswith((".", "_"))


@pytest.mark.parametrize("name", ["Fever", "How are you", "बुखार", "श\u094d\u200dर", "O'Neill", "60 %", "été"])
def test_names_of_any_language_are_taken(name):
    assert read_request(json.dumps({"type": "record", "word": name}))["word"] == name


def test_an_allowance_lets_its_rate_pass_and_no_more():
    allowance = Allowance(10, 5, "frames")
    for i in range(100):
        allowance.take(i / 10)
    with pytest.raises(RefusedMessage, match="10 frames a second"):
        for _ in range(10):
            allowance.take(10.0)
