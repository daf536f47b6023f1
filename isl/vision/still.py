"""Decodes a compressed picture from a sender that is not trusted."""

from __future__ import annotations

from io import BytesIO

import numpy as np

from isl.errors import InputError
from isl.vision.header import Image

LARGEST = 1920  # pixels per side


def decode_jpeg(data: bytes) -> Image:
    """Decodes a JPEG to RGB ``(height, width, 3)`` uint8.

    The size in the header is checked first: a file of a few bytes can state a size that would fill the memory.

    Raises:
        InputError: the data is no JPEG, is damaged, or has a side of more than ``LARGEST`` pixels.
    """
    from PIL import Image as Pillow

    try:
        with Pillow.open(BytesIO(data), formats=["JPEG"]) as picture:
            if max(picture.size) > LARGEST:
                width, height = picture.size
                raise InputError(f"a picture of {width} x {height} pixels; send at most {LARGEST} a side")
            return np.asarray(picture.convert("RGB"))
    except InputError:
        raise
    except Exception as error:  # Pillow raises many kinds of errors for damaged files
        raise InputError(f"not a JPEG that can be read ({type(error).__name__})") from None
