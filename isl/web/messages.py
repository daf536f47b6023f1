"""Reads the messages of a page: frames as bytes, all others as JSON. Every message is checked completely."""

from __future__ import annotations

import json
import math
import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from isl.data.recording import check_name
from isl.errors import InputError
from isl.landmarks import FRAME_SIZE, LEFT_HAND, POSE, RIGHT_HAND, Floats

HEADER = struct.Struct("<dII")  # seconds since any moment, width and height of the picture in pixels
WITHOUT_FACE = (POSE, LEFT_HAND, RIGHT_HAND)  # the parts of a short frame, in this order
SHORT_FRAME = sum(part.size for part in WITHOUT_FACE)
LARGEST_SIDE = 8192  # pixels of the camera's picture, which may be larger than the sent picture
LARGEST_MESSAGE = 600_000  # bytes: a JPEG of 1280 x 720 pixels takes 200,000
LONGEST_REQUEST = 16_000  # characters of JSON
JPEG = b"\xff\xd8\xff"
MOST_WORDS = 200  # in a list of a request
LONGEST_WORD = 100  # characters


class RefusedMessage(Exception):  # noqa: N818, the message is wrong
    """A message that the page never sends. The socket is closed, with this text as the reason."""


@dataclass(frozen=True)
class Frame:
    """One frame of a camera: its landmarks ``(1662,)`` float32, or the picture as a JPEG."""

    time: float  # seconds
    size: tuple[int, int]  # width, height of the picture
    landmarks: Floats | None = None
    jpeg: bytes | None = None


def read_frame(message: bytes) -> Frame:
    """Reads a binary message: ``HEADER``, then 258 or 1,662 float32, little-endian, or a JPEG.

    258 numbers are pose, left hand and right hand; the face is filled with zeros then.

    Raises:
        RefusedMessage: the message has another length and is no JPEG, its time is not a number, or its picture has no
            valid size.
    """
    if len(message) < HEADER.size:
        raise RefusedMessage("a frame is shorter than its header")
    time, width, height = HEADER.unpack_from(message)
    if not math.isfinite(time) or abs(time) > 1e9:
        raise RefusedMessage("a frame has no time")
    if not (0 < width <= LARGEST_SIDE and 0 < height <= LARGEST_SIDE):
        raise RefusedMessage("a frame has no size")
    body = message[HEADER.size :]
    if len(body) == 4 * FRAME_SIZE:
        return Frame(time, (width, height), landmarks=np.frombuffer(body, "<f4").astype(np.float32))
    if len(body) == 4 * SHORT_FRAME:
        return Frame(time, (width, height), landmarks=_with_empty_face(np.frombuffer(body, "<f4")))
    if body.startswith(JPEG):
        return Frame(time, (width, height), jpeg=body)
    raise RefusedMessage(f"a frame of {len(body)} bytes is neither landmarks nor a JPEG")


def write_frame(frame: Frame, face: bool = True) -> bytes:
    """Returns a frame as the bytes that ``read_frame`` reads."""
    header = HEADER.pack(frame.time, *frame.size)
    if frame.jpeg is not None:
        return header + frame.jpeg
    assert frame.landmarks is not None
    if face:
        return header + frame.landmarks.astype("<f4").tobytes()
    return header + np.concatenate([frame.landmarks[part.slice] for part in WITHOUT_FACE]).astype("<f4").tobytes()


def _with_empty_face(numbers: Any) -> Floats:
    frame = np.zeros(FRAME_SIZE, np.float32)
    start = 0
    for part in WITHOUT_FACE:
        frame[part.slice] = numbers[start : start + part.size]
        start += part.size
    return frame


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and len(value) <= LONGEST_WORD


def _is_index(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 10_000


def _is_texts(value: Any) -> bool:
    return isinstance(value, list) and len(value) <= MOST_WORDS and all(map(_is_text, value))


def _is_name(value: Any) -> bool:
    """Returns True for a name that a folder can have, so that it is not a path and has no invisible characters."""
    if not _is_text(value) or value.startswith("_"):  # classes that are no words begin so
        return False
    if not value.replace("\u200c", "").replace("\u200d", "").isprintable():  # joiners belong to Indian scripts
        return False
    try:
        return check_name(value, "name") == value
    except InputError:
        return False


def _is_name_or_empty(value: Any) -> bool:
    return value == "" or _is_name(value)


def _is_switch(value: Any) -> bool:
    return isinstance(value, bool)


Check = Callable[[Any], bool]
REQUESTS: dict[str, dict[str, Check]] = {
    "restore": {"words": _is_texts},  # after a lost connection: the words that are in no sentence yet
    "say": {},
    "clear": {},
    "add": {"word": _is_text, "save": _is_switch},  # the user's word for an unknown sign; saved as a recording
    "remove": {"index": _is_index},
    "choose": {"index": _is_index, "word": _is_text, "save": _is_switch},
    "context": {"symptoms": _is_texts},
    "vocabulary": {"words": _is_texts},  # only these words are recognised; an empty list means all
    "stop": {},  # the camera is off
}
RECORDING: dict[str, dict[str, Check]] = {  # where web.record= allows it
    "consent": {"signer": _is_name_or_empty},  # who agrees to be recorded; "" withdraws it
    "record": {"word": _is_name},  # a take, after a countdown
    "cancel": {},
    "discard": {"take": _is_index},
    "keep": {},  # save all takes that wait
    "teach": {},
}
REQUESTS |= RECORDING


def read_request(text: str) -> dict[str, Any]:
    """Reads a text message: a JSON object with a ``type`` of ``REQUESTS`` and exactly the fields of that type.

    Raises:
        RefusedMessage: the text is anything else.
    """
    if len(text) > LONGEST_REQUEST:
        raise RefusedMessage("a request is too long")
    try:
        request = json.loads(text)
    except (ValueError, RecursionError):
        raise RefusedMessage("a request is no JSON") from None
    kind = request.get("type") if isinstance(request, dict) else None
    fields = REQUESTS.get(kind) if isinstance(kind, str) else None
    if fields is None:
        raise RefusedMessage("a request of no known type")
    if set(request) != {"type", *fields} or not all(check(request[name]) for name, check in fields.items()):
        raise RefusedMessage(f"the fields of a request are not those of {kind}")
    return request
