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
RED, YELLOW, BLUE = (255, 90, 80), (255, 225, 140), (70, 120, 200)
BARS = 5


class Canvas:
    """A picture to draw on. Texts are placed by their upper left corners, in pixels."""

    def __init__(self, picture: Image) -> None:
        self.picture = picture
        self.height, self.width = picture.shape[:2]

    def px(self, length: float) -> int:
        """Returns a length in pixels; ``length`` is that in a picture which is 640 pixels wide."""
        return round(length * self.width / SMALLEST)

    def shade(self, left: int, top: int, right: int, bottom: int, share: float = SHADE) -> None:
        shade(self.picture, left, top, right, bottom, share)

    def write(self, words: str, x: int, y: int, letters: int, colour: Colour, bold: bool = False) -> int:
        """Writes text with letters of this height, cut at the picture's edge; returns the x of its end."""
        opacity = text.mask(words, letters, bold)
        rows, columns = min(opacity.shape[0], self.height - y), min(opacity.shape[1], self.width - x)
        if rows > 0 and columns > 0 and words:
            ink = opacity[:rows, :columns, None].astype(np.float32) / 255
            area = self.picture[y : y + rows, x : x + columns]
            area[:] = (area * (1 - ink) + np.array(colour, np.float32) * ink).astype(np.uint8)
        return x + opacity.shape[1]

    def write_in_row(
        self, words: str, x: int, top: int, height: int, letters: int, colour: Colour, bold: bool = False
    ) -> int:
        """Writes text in the middle of a row of this height; returns the x of its end."""
        return self.write(words, x, top + (height - round(1.5 * letters)) // 2, letters, colour, bold)


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
    canvas = Canvas(_pad(picture))
    _header(canvas, screen_state)
    _bars(canvas, screen_state)
    _footer(canvas, screen_state)
    if screen_state.banner:
        _banner(canvas, screen_state.banner)
    return _with_keys(canvas, keys) if keys else canvas.picture


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


def _header(canvas: Canvas, state: ScreenState) -> None:
    """Writes the state on the left, the frame rate and recordings on the right, and between them a short note."""
    height, letters, small, margin = canvas.px(30), canvas.px(15), canvas.px(12), canvas.px(10)
    canvas.shade(0, 0, canvas.width, height)
    right = canvas.width
    rate, rec = f"{state.fps:.0f} fps" if state.fps else "", "● rec" if state.filming else ""
    for words, colour in ((rate, GREY), (state.recording, WHITE), (rec, RED)):
        if words:
            right -= margin + text.size(words, letters)
            canvas.write_in_row(words, right, 0, height, letters, colour)
    left = canvas.write_in_row(state.state, margin, 0, height, letters, STATES[state.state], bold=True)
    note = " · ".join(line for line in (state.reason, state.note) if line)
    if text.size(note, small) <= right - left - 3 * margin:
        canvas.write_in_row(note, left + 2 * margin, 0, height, small, GREY)
    elif not state.banner:  # a banner has the same place
        _note(canvas, note, small, margin)


def _note(canvas: Canvas, note: str, letters: int, margin: int) -> None:
    """Writes a long note above the footer, in up to four lines."""
    lines = text.wrap_text(note, letters, canvas.width - 2 * margin, lines=4)
    step, bottom = canvas.px(17), canvas.height - canvas.px(FOOTER)
    top = bottom - len(lines) * step - canvas.px(6)
    canvas.shade(0, top, canvas.width, bottom)
    for row, line in enumerate(lines):
        canvas.write(line, margin, top + canvas.px(3) + row * step, letters, GREY)


def _bars(canvas: Canvas, state: ScreenState) -> None:
    if not state.top:
        return
    px, letters, step = canvas.px, canvas.px(13), canvas.px(22)
    left, top, width = px(8), px(38), px(190)
    canvas.shade(left, top, left + width, top + BARS * step + px(6))
    x, inner = left + px(4), width - px(8)
    for row, (word, probability) in enumerate(state.top[:BARS]):
        y = top + px(3) + row * step
        bar = canvas.picture[y + px(2) : y + step - px(2), x : x + max(1, round(inner * probability))]
        bar[:] = (0.4 * bar + 0.6 * np.array(BLUE)).astype(np.uint8)
        percent = f"{probability:.0%}"
        share = text.size(percent, letters)
        canvas.write_in_row(percent, x + inner - share, y, step, letters, WHITE)
        name = text.fit_text(word, letters, inner - share - px(12))
        canvas.write_in_row(name, x + px(4), y, step, letters, WHITE)


def _footer(canvas: Canvas, state: ScreenState) -> None:
    margin, small, large = canvas.px(10), canvas.px(14), canvas.px(17)
    top, room = canvas.height - canvas.px(FOOTER), canvas.width - 2 * margin
    canvas.shade(0, top, canvas.width, canvas.height)
    canvas.write(_last_words(state.words, small, room), margin, top + canvas.px(5), small, YELLOW)
    sentence = f"{state.sentence} …".strip() if state.writing else state.sentence
    for row, line in enumerate(text.wrap_text(sentence, large, room, lines=2)):
        canvas.write(line, margin, top + canvas.px(29 + 26 * row), large, WHITE)


def _with_keys(canvas: Canvas, keys: str) -> Image:
    """Returns the picture with a line of keys below it."""
    letters, margin = canvas.px(11), canvas.px(10)
    strip = Canvas(np.zeros((canvas.px(18), canvas.width, 3), np.uint8))
    strip.write(text.fit_text(keys, letters, canvas.width - canvas.px(20)), margin, 0, letters, GREY)
    return np.concatenate([canvas.picture, strip.picture])


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


def _banner(canvas: Canvas, words: str) -> None:
    """Writes a few large words below the signer's face."""
    room, letters, pad = canvas.width - canvas.px(40), canvas.px(44), canvas.px(12)
    while letters > 20 * canvas.width / SMALLEST and text.size(words, letters, bold=True) > room:
        letters -= canvas.px(4)
    words = text.fit_text(words, letters, room, bold=True)
    height, width = text.mask(words, letters, bold=True).shape
    y = canvas.height - canvas.px(FOOTER) - height - pad
    x = (canvas.width - width) // 2
    canvas.shade(x - pad, y - pad // 2, x + width + pad, y + height + pad // 2, 0.6)
    canvas.write(words, x, y, letters, WHITE, bold=True)
