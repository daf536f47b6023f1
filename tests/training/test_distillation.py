from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from support.runs import config, train

from isl.data.clips import Batch
from isl.errors import InputError
from isl.recognition.archive import read_archive
from isl.recognition.checkpoint import Checkpoint, load_checkpoint, save_checkpoint
from isl.recognition.ensembles import load_ensemble
from isl.recognition.recognizer import Recognizer
from isl.training.distillation import Distillation

pytestmark = pytest.mark.slow  # two teachers and a student are trained

STUDENT = ("experiment=distill", "epoch_clips=1", "model=bilstm_attn", "model.hidden=8", "optimizer.lr=1e-2")


@pytest.fixture(scope="module")
def teacher(tmp_path_factory):
    """An ensemble of two on disk, as an ensemble is mostly what teaches."""
    folder = tmp_path_factory.mktemp("teachers")
    recipe = ("features=body", "callbacks=last", "trainer.max_epochs=12", "optimizer.lr=1e-2", "batch_size=3")
    paths = [train(folder / str(seed), *recipe, f"seed={seed}").best_path for seed in range(2)]
    save_checkpoint(load_ensemble(paths), folder / "ensemble.ckpt")
    return folder / "ensemble.ckpt"


def untrained(folder, teacher, *overrides):
    return Distillation(config(folder, *STUDENT, f"teacher={teacher}", *overrides))


@pytest.fixture(scope="module")
def student(teacher, tmp_path_factory):
    folder = tmp_path_factory.mktemp("student")
    # Nothing but the teacher's word for it
    return train(
        folder,
        *STUDENT,
        f"teacher={teacher}",
        "augment=none",
        "distill.share=1",
        "trainer.max_epochs=40",
        "batch_size=3",
    )


def test_the_student_learns_the_teachers_probabilities(student, teacher):
    batch = student.data.clips.batch(student.data.split.train)
    teachers, own = (
        Recognizer.load(path).logits(batch.landmarks, batch.aspect) for path in (teacher, student.best_path)
    )
    gap = F.kl_div(own.log_softmax(-1), teachers.softmax(-1), reduction="batchmean")
    even = torch.full_like(own, -np.log(own.shape[1]))
    assert gap < 0.5 * F.kl_div(even, teachers.softmax(-1), reduction="batchmean")


def test_the_student_serves_without_its_teacher(student):
    content = read_archive(student.best_path)  # weights_only
    assert not [name for name in content["state_dict"] if "teacher" in name]
    network: Any = Recognizer.load(student.best_path).model
    assert network.attn.in_features == 16  # twice 8: the small network alone


def test_the_teacher_sees_the_augmented_clip(teacher, tmp_path):
    run = untrained(tmp_path, teacher, "trainer=debug")
    filmed: list[torch.Tensor] = []
    shown: list[torch.Tensor] = []
    taught: list[torch.Tensor] = []
    augmented, logits = run.task.augment.landmarks, run.task.teacher.logits

    def augment(batch: Batch) -> Batch:
        changed = augmented(batch)
        filmed.append(batch.landmarks)
        shown.append(changed.landmarks)
        return changed

    def teach(landmarks: torch.Tensor, aspect: torch.Tensor) -> torch.Tensor:
        taught.append(landmarks)
        return logits(landmarks, aspect)

    run.task.augment.landmarks, run.task.teacher.logits = augment, teach
    run.fit()
    assert len(taught) == len(shown) == 1 and torch.equal(taught[0], shown[0])
    assert not torch.equal(taught[0], filmed[0])


def test_labels_and_teacher_share_the_loss(teacher, tmp_path):
    losses = {}
    for share in (0.0, 0.25, 1.0):
        run = untrained(tmp_path, teacher, f"distill.share={share}")
        batch = run.data.clips.batch(run.data.split.train)
        torch.manual_seed(0)
        logits = torch.randn(len(batch.label), len(run.data.words))
        losses[share] = float(run.task.loss(logits, run.task.targets(batch)))
    assert losses[0.0] == pytest.approx(float(F.cross_entropy(logits, batch.label, label_smoothing=0.1)), rel=1e-5)
    assert losses[0.25] == pytest.approx(0.25 * losses[1.0] + 0.75 * losses[0.0], rel=1e-5)


def test_words_are_matched_by_name_not_by_place(teacher, tmp_path):
    known = load_checkpoint(teacher)
    turned = [known.words[i] for i in (2, 0, 1)]
    state = dict(known.state)
    for key, value in state.items():
        if value.ndim and len(value) == 3 and "head" in key:
            state[key] = value[[2, 0, 1]]
    other = Checkpoint(turned, known.features, known.model, state, known.about)
    save_checkpoint(other, tmp_path / "turned.ckpt")
    both = [untrained(tmp_path, path) for path in (teacher, tmp_path / "turned.ckpt")]
    batch = both[0].data.clips.batch(both[0].data.split.train)
    torch.testing.assert_close(both[0].task.targets(batch), both[1].task.targets(batch))


@pytest.mark.parametrize(
    ("overrides", "says"),
    [
        ((), "teacher=null"),
        (("teacher=nowhere.ckpt",), "nowhere.ckpt: no such"),
        (("teacher={teacher}", "data.words=4"), "does not know"),
    ],
)
def test_an_unsuitable_teacher_is_refused_in_one_line(overrides, says, teacher, tmp_path):
    with pytest.raises(InputError, match=says) as caught:
        Distillation(config(tmp_path, *STUDENT, *(override.format(teacher=teacher) for override in overrides)))
    assert "\n" not in str(caught.value)
