"""A drawn video of two signs, the landmarks that are seen in it, and the commands that recognise them."""

from __future__ import annotations

from support import configs
from support.drawn import number_of
from support.signing import NOBODY, RESTING, signing

from isl.live.application import Live
from isl.live.segmentation import Segmentation

# The number of a frame is drawn in it; at 10 fps these are rest, sign, rest, sign, rest
SCRIPT = [*[RESTING] * 10, *[signing(0)] * 20, *[RESTING] * 10, *[signing(1)] * 20, *[RESTING] * 40]


class ScriptReader:
    """A landmarker that reads the number of a frame and returns the landmarks of ``SCRIPT``."""

    def __call__(self, picture):
        return SCRIPT[min(number_of(picture[:, ::1]), len(SCRIPT) - 1)] if picture.any() else NOBODY

    def close(self):
        pass


def config(name, *overrides):
    return configs.config(name, "ckpt_path=some.ckpt", *overrides)


def live(*overrides):
    """Runs ``live.py`` without a window."""
    command = Live(config("live", "display=none", *overrides), landmarker=ScriptReader)
    command.introduce()
    command.run()
    command.summary()
    return command


def segment(*overrides):
    """Runs ``infer.py segment=true``."""
    command = Segmentation(config("infer", "segment=true", *overrides), landmarker=ScriptReader)
    command.recognise()
    command.show()
    command.write()
    return command
