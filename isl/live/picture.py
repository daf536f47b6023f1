"""Composes the live picture: a frame with skeleton, state, bars, words and sentence, without overlaps."""

from __future__ import annotations

import numpy as np

from isl.landmarks import Floats
from isl.recognition.screen_state import ScreenState
from isl.vision import text
from isl.vision.header import Image
from isl.vision.overlay import Colour, draw_landmarks, resize, shade

SMALLEST, LARGEST = 640, 1280  # width of the picture that is drawn on, in pixels
WHITE, GREY = (245, 245, 245), (200, 200, 200)
SHADE = 0.7  # share by which the picture is darkened under text: readable also on a sunlit wall
FOOTER = 84  # height for words and sentence, in pixels of 480
STATES: dict[str, Colour] = {
    "nobody": (150, 150, 150),
    "idle": (150, 190, 230),
    "signing": (255, 210, 80),
    "unsure": (255, 140, 60),
    "accepted": (90, 220, 110),
}
BARS = 5


def compose(
    frame: Image,
    landmarks: Floats | None,
    screen_state: ScreenState,
    mirrored: bool = False,
    keys: str = "",
    width: int = SMALLEST,
) -> Image:
    """Returns a new picture of at least 640 x 480 that shows a frame RGB ``(height, width, 3)`` and the screen's state.

    Top: state, note, and frames per second. Left: the likeliest words as bars. Bottom: the accepted words, and the
    sentence in two lines; above it a note that is too long for the top; below it the ``keys``. All sizes scale with
    the picture's width, which is ``width`` or more, and at most 1280.
    """
    picture = _scale(frame, min(max(width, SMALLEST), LARGEST))
    if landmarks is not None:
        draw_landmarks(picture, landmarks, width=max(2, picture.shape[1] // 400))
    if mirrored:
        picture = picture[:, ::-1]
    picture = _pad(picture)
    unit = picture.shape[1] / SMALLEST
    _header(picture, screen_state, unit)
    _bars(picture, screen_state, unit)
    _footer(picture, screen_state, unit)
    if keys:
        picture = _with_keys(picture, keys, unit)
    if screen_state.banner:
        _banner(picture, screen_state.banner, unit)
    return picture


def _scale(frame: Image, smallest: int) -> Image:
    """Returns a copy of the frame at a size with enough space for text."""
    height, width = frame.shape[:2]
    scale = min(LARGEST / width, 960 / height, max(smallest / width, 480 / height, 1.0))
    return resize(frame, max(1, round(width * scale)), max(1, round(height * scale)))


def _pad(picture: Image) -> Image:
    """Adds black edges to a very wide or very high picture; the result is contiguous, as OpenCV requires."""
    y, x = max(0, 480 - picture.shape[0]), max(0, SMALLEST - picture.shape[1])
    if x or y:
        return np.pad(picture, ((y // 2, y - y // 2), (x // 2, x - x // 2), (0, 0)))
    return np.ascontiguousarray(picture)


def _header(picture: Image, screen_state: ScreenState, unit: float) -> None:
    height, width = round(30 * unit), picture.shape[1]
    shade(picture, 0, 0, width, height, SHADE)
    letters = round(15 * unit)
    margin = round(10 * unit)
    right = width - margin
    if screen_state.fps:
        right = _right(picture, f"{screen_state.fps:.0f} fps", right, height, letters, GREY)
    if screen_state.recording:
        right = _right(picture, screen_state.recording, right - margin, height, letters, WHITE)
    if screen_state.filming:
        right = _right(picture, "● rec", right - margin, height, letters, (255, 90, 80))
    left = _put(
        picture,
        screen_state.state,
        margin,
        (height - round(1.5 * letters)) // 2,
        letters,
        STATES[screen_state.state],
        bold=True,
    )
    small = round(12 * unit)
    note = " · ".join(line for line in (screen_state.reason, screen_state.note) if line)
    if text.size(note, small) <= right - left - 3 * margin:
        _put(picture, note, left + 2 * margin, (height - round(1.5 * small)) // 2, small, GREY)
    elif not screen_state.banner:  # a banner has the same place
        _note(picture, note, small, margin, unit)


def _note(picture: Image, note: str, letters: int, margin: int, unit: float) -> None:
    """Writes a long note above the footer, in up to four lines."""
    lines = text.wrap_text(note, letters, picture.shape[1] - 2 * margin, lines=4)
    step, bottom = round(17 * unit), picture.shape[0] - round(FOOTER * unit)
    top = bottom - len(lines) * step - round(6 * unit)
    shade(picture, 0, top, picture.shape[1], bottom, SHADE)
    for row, line in enumerate(lines):
        _put(picture, line, margin, top + round(3 * unit) + row * step, letters, GREY)


def _bars(picture: Image, screen_state: ScreenState, unit: float) -> None:
    if not screen_state.top:
        return
    letters, step = round(13 * unit), round(22 * unit)
    left, top, width = round(8 * unit), round(38 * unit), round(190 * unit)
    shade(picture, left, top, left + width, top + BARS * step + round(6 * unit), SHADE)
    for row, (word, probability) in enumerate(screen_state.top[:BARS]):
        y = top + round(3 * unit) + row * step
        inner = width - round(8 * unit)
        x = left + round(4 * unit)
        bar = picture[y + round(2 * unit) : y + step - round(2 * unit), x : x + max(1, round(inner * probability))]
        bar[:] = (0.4 * bar + 0.6 * np.array((70, 120, 200))).astype(np.uint8)
        percent = f"{probability:.0%}"
        share = text.size(percent, letters)
        _put(picture, percent, x + inner - share, y + (step - round(1.5 * letters)) // 2, letters, WHITE)
        name = text.fit_text(word, letters, inner - share - round(12 * unit))
        _put(picture, name, x + round(4 * unit), y + (step - round(1.5 * letters)) // 2, letters, WHITE)


def _footer(picture: Image, screen_state: ScreenState, unit: float) -> None:
    height, width = picture.shape[:2]
    margin = round(10 * unit)
    small, large = round(14 * unit), round(17 * unit)
    top = height - round(FOOTER * unit)
    shade(picture, 0, top, width, height, SHADE)
    _put(
        picture,
        _last_words(screen_state.words, small, width - 2 * margin),
        margin,
        top + round(5 * unit),
        small,
        (255, 225, 140),
    )
    sentence = f"{screen_state.sentence} …".strip() if screen_state.writing else screen_state.sentence
    for row, line in enumerate(text.wrap_text(sentence, large, width - 2 * margin, lines=2)):
        _put(picture, line, margin, top + round((29 + 26 * row) * unit), large, WHITE, bold=False)


def _with_keys(picture: Image, keys: str, unit: float) -> Image:
    """Returns the picture with a line of keys below it."""
    letters = round(11 * unit)
    strip = np.zeros((round(18 * unit), picture.shape[1], 3), np.uint8)
    _put(strip, text.fit_text(keys, letters, strip.shape[1] - round(20 * unit)), round(10 * unit), 0, letters, GREY)
    return np.concatenate([picture, strip])


def _last_words(words: tuple[str, ...], letters: int, room: int) -> str:
    """Returns the accepted words as one line; if there are too many, only the last ones."""
    shown = ""
    for first in reversed(range(len(words))):
        line = " · ".join(words[first:])
        line = f"… {line}" if first else line
        if text.size(line, letters) > room:
            break
        shown = line
    return shown or (text.fit_text(words[-1], letters, room) if words else "")


def _banner(picture: Image, words: str, unit: float) -> None:
    room = picture.shape[1] - round(40 * unit)
    letters = round(44 * unit)
    while letters > 20 * unit and text.size(words, letters, bold=True) > room:
        letters -= round(4 * unit)
    words = text.fit_text(words, letters, room, bold=True)
    line = text.mask(words, letters, bold=True)
    pad = round(12 * unit)
    y = picture.shape[0] - round(FOOTER * unit) - line.shape[0] - pad  # below the signer's face
    x = (picture.shape[1] - line.shape[1]) // 2
    shade(picture, x - pad, y - pad // 2, x + line.shape[1] + pad, y + line.shape[0] + pad // 2, 0.6)
    _put(picture, words, x, y, letters, WHITE, bold=True)


def _right(picture: Image, words: str, right: int, height: int, letters: int, colour: Colour) -> int:
    left = right - text.size(words, letters)
    _put(picture, words, left, (height - round(1.5 * letters)) // 2, letters, colour)
    return left


def _put(picture: Image, words: str, x: int, y: int, letters: int, colour: Colour, bold: bool = False) -> int:
    """Writes text with its upper left corner at (x, y), cut at the picture's edge; returns the x of its end."""
    opacity = text.mask(words, letters, bold)
    rows, columns = min(opacity.shape[0], picture.shape[0] - y), min(opacity.shape[1], picture.shape[1] - x)
    if rows > 0 and columns > 0 and words:
        ink = opacity[:rows, :columns, None].astype(np.float32) / 255
        area = picture[y : y + rows, x : x + columns]
        area[:] = (area * (1 - ink) + np.array(colour, np.float32) * ink).astype(np.uint8)
    return x + opacity.shape[1]
