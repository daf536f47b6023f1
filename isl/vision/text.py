"""Draws text in the letters of DejaVu Sans and in Devanagari with Pillow. OpenCV draws ASCII only.

DejaVu Sans comes with matplotlib. Devanagari (Hindi, Marathi) needs a font of the system (Linux: the package
fonts-lohit-deva or fonts-noto-core). Text without a font is transliterated, so that a gloss can be read on any machine.
"""

from __future__ import annotations

from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

Mask = npt.NDArray[np.uint8]

DEVANAGARI = range(0x0900, 0x0980)
DEVANAGARI_FONTS = (
    "/usr/share/fonts/truetype/noto/NotoSansDevanagari-Regular.ttf",
    "/usr/share/fonts/truetype/lohit-devanagari/Lohit-Devanagari.ttf",
    "/usr/share/fonts/google-noto/NotoSansDevanagari-Regular.ttf",
    "/usr/share/fonts/noto/NotoSansDevanagari-Regular.ttf",
    "/System/Library/Fonts/Kohinoor.ttc",
    "/System/Library/Fonts/Supplemental/DevanagariMT.ttc",
    "C:/Windows/Fonts/Nirmala.ttf",
    "C:/Windows/Fonts/Nirmala.ttc",
    "C:/Windows/Fonts/mangal.ttf",
)

# ISO 15919 without its diacritics: English readers pronounce it approximately right
_VOWELS = dict(zip("अआइईउऊऋएऐओऔऑऍ", "a aa i ii u uu ri e ai o au o e".split(), strict=True))
_SIGNS = dict(zip("ािीुूृेैोौॉॅ", "aa i ii u uu ri e ai o au o e".split(), strict=True))
_CONSONANTS = dict(
    zip(
        "कखगघङचछजझञटठडढणतथदधनपफबभमयरलळवशषसह",
        "k kh g gh n ch chh j jh n t th d dh n t th d dh n p ph b bh m y r l l v sh sh s h".split(),
        strict=True,
    )
)
_OTHERS = {"ं": "n", "ँ": "n", "\u0903": "h", "।": ".", "ॐ": "om"} | {
    chr(0x0966 + digit): str(digit) for digit in range(10)
}
_VIRAMA, _NUKTA = "्", "़"


def size(text: str, height: int, bold: bool = False) -> int:
    """Returns the width of ``text`` in pixels, in letters of ``height`` pixels."""
    return int(mask(text, height, bold).shape[1])


@lru_cache(maxsize=512)  # a live picture shows the same texts for many frames
def mask(text: str, height: int, bold: bool = False) -> Mask:
    """Returns one line of text as opacities ``(line height, width)`` uint8; letters without a font become others."""
    from PIL import Image, ImageDraw

    text = " ".join(text.split())
    runs = [(run, _font(deva, height, bold)) for run, deva in _runs(text)]
    widths = [round(font.getlength(run)) for run, font in runs]
    line = Image.new("L", (max(1, sum(widths)), round(1.5 * height)))
    draw = ImageDraw.Draw(line)
    x = 0
    for (run, font), width in zip(runs, widths, strict=True):
        draw.text((x, round(1.15 * height)), run, 255, font, anchor="ls")
        x += width
    return np.asarray(line)


def fit_text(text: str, height: int, width: int, bold: bool = False) -> str:
    """Returns ``text``, or the part of its beginning that fits into ``width`` pixels, with an ellipsis."""
    if size(text, height, bold) <= width:
        return text
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        fits = size(text[:middle].rstrip() + "…", height, bold) <= width
        low, high = (middle, high) if fits else (low, middle - 1)
    return text[:low].rstrip() + "…"


def wrap_text(text: str, height: int, width: int, lines: int) -> list[str]:
    """Returns ``text`` in at most ``lines`` lines of ``width`` pixels, split between words; the rest becomes "…"."""
    rows: list[str] = []
    words = text.split()
    while words and len(rows) < lines:
        count = len(words)
        if len(rows) < lines - 1:
            while count > 1 and size(" ".join(words[:count]), height) > width:
                count -= 1
        rows.append(fit_text(" ".join(words[:count]), height, width))
        words = words[count:]
    return rows


def latin(text: str) -> str:
    """Transliterates Devanagari to Latin letters: "दर्द" gives "dard"; other letters stay unchanged."""
    text = text.replace(_NUKTA, "")
    out = []
    for before, letter, after in zip(f" {text}", text, f"{text[1:]} ", strict=False):
        if letter in _CONSONANTS:
            silent = after in _SIGNS or after == _VIRAMA or (_devanagari(before) and not _devanagari(after))
            out.append(_CONSONANTS[letter] + ("" if silent else "a"))
        elif letter != _VIRAMA:
            out.append(_VOWELS.get(letter) or _SIGNS.get(letter) or _OTHERS.get(letter, letter))
    return "".join(out)


def transliterate(text: str) -> str:
    """Returns text in the letters of DejaVu Sans, for pictures without another font: "காய்ச்சல்" gives "kayccl"."""
    from anyascii import anyascii

    return "".join(letter if ord(letter) in _letters() else anyascii(letter) for letter in latin(text))


def _runs(text: str) -> list[tuple[str, bool]]:
    """Splits text into runs (text, is Devanagari) of one script; transliterates what can't be drawn."""
    if not _shapes_devanagari():
        text = transliterate(text)
    runs: list[tuple[str, bool]] = []
    for letter in text or " ":
        deva = _devanagari(letter) or (letter in "\u200c\u200d" and bool(runs) and runs[-1][1])
        letter = letter if deva else transliterate(letter)
        if runs and runs[-1][1] == deva:
            runs[-1] = runs[-1][0] + letter, deva
        else:
            runs.append((letter, deva))
    return runs


def _devanagari(letter: str) -> bool:
    return bool(letter) and ord(letter) in DEVANAGARI


@cache
def _shapes_devanagari() -> bool:
    """Returns True if there is a font and a shaping engine: Devanagari letters join and change places."""
    from PIL import features

    return _devanagari_font() is not None and bool(features.check("raqm"))


@cache
def _devanagari_font() -> str | None:
    return next((path for path in DEVANAGARI_FONTS if Path(path).is_file()), None)


@cache
def _letters() -> frozenset[int]:
    """Returns the codes of the characters that DejaVu Sans has, regular and bold."""
    from matplotlib.ft2font import FT2Font

    regular, bold = (frozenset(FT2Font(_dejavu(bold)).get_charmap()) for bold in (False, True))
    return regular & bold


def _dejavu(bold: bool) -> str:
    from matplotlib import get_data_path

    return str(Path(get_data_path()) / "fonts" / "ttf" / ("DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf"))


@lru_cache(maxsize=64)
def _font(devanagari: bool, height: int, bold: bool) -> Any:
    from PIL import ImageFont

    return ImageFont.truetype((_devanagari_font() if devanagari else None) or _dejavu(bold), height)
