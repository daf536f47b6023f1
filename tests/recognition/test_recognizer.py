from __future__ import annotations

import numpy as np
import pytest
from support.checkpoints import CLIPS, network

from isl.errors import InputError
from isl.recognition.recognizer import Recognizer


@pytest.fixture
def path(tmp_path):
    return network(tmp_path / "some.ckpt", seed=0)


def test_shifts_are_the_mean_over_moved_clips(path):
    clip = CLIPS[0]
    later, earlier = clip.copy(), clip.copy()
    later[2:], later[:2] = clip[:-2], clip[0]
    earlier[:-2], earlier[-2:] = clip[2:], clip[-1]
    recognizer = Recognizer.load(path)
    expected = np.mean([recognizer(x) for x in (earlier, clip, later)], axis=0)
    np.testing.assert_allclose(Recognizer.load(path, shifts=[-2, 0, 2])(clip), expected, atol=1e-6)
    np.testing.assert_array_equal(Recognizer.load(path, shifts=[0])(clip), recognizer(clip))


@pytest.mark.parametrize("shifts", [[], [60], [0.5], ["a"]])
def test_a_wrong_number_of_shifts_is_refused(path, shifts):
    with pytest.raises(InputError, match="shifts="):
        Recognizer.load(path, shifts=shifts)
