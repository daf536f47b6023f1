from __future__ import annotations

import subprocess
import sys


def test_importing_the_package_loads_nothing_heavy():
    code = "import isl, sys; from isl.config import app; print({'torch', 'cv2', 'mediapipe'} & set(sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout.strip() == "set()"


def test_the_recognizer_is_at_the_top():
    from isl import Recognizer
    from isl.recognition.recognizer import Recognizer as Same

    assert Recognizer is Same
