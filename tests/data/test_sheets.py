from __future__ import annotations

import cv2
import numpy as np

from isl.data.sheets import draw_sheets
from isl.landmarks import FRAME_SIZE


def test_every_word_has_a_sheet_with_ink(make_dataset, tmp_path):
    root = make_dataset({"Doctor": ["a", "b"], "Fever": ["c"]})
    np.save(root / "Fever" / "bad.npy", np.zeros((2, 3)))
    (root / "clips.csv").write_text("word,clip,width,height\nDoctor,a,1920,1080\n")
    sheets = draw_sheets(root, tmp_path / "sheets")
    assert [path.name for path in sheets] == ["Doctor.png", "Fever.png"]
    assert sorted((tmp_path / "sheets").iterdir()) == sheets
    doctor, fever = (cv2.imread(str(path)) for path in sheets)
    assert doctor.shape[0] == 2 * fever.shape[0]  # two clips, and the unreadable one is left out
    assert doctor.shape[1] > fever.shape[1]  # a wide picture has wide cells
    assert (fever < 200).any()


def test_an_empty_clip_is_blank(tmp_path):
    (tmp_path / "root" / "Doctor").mkdir(parents=True)
    np.save(tmp_path / "root" / "Doctor" / "a.npy", np.zeros((3, FRAME_SIZE), np.float32))
    (sheet,) = draw_sheets(tmp_path / "root", tmp_path / "sheets")
    assert (cv2.imread(str(sheet))[20:] >= 225).all()  # below the title: white, and the lines between cells
