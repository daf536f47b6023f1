from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from support.checkpoints import CLIPS, network
from support.runs import config, train

from isl.errors import InputError
from isl.recognition.checkpoint import save_checkpoint
from isl.recognition.ensembles import load_ensemble
from isl.recognition.inference import Inference
from isl.recognition.locate import checkpoint_paths
from isl.recognition.recognizer import Recognizer


@pytest.fixture
def members(tmp_path):
    return [network(tmp_path / f"{seed}.ckpt", seed, seconds=1.0 + seed) for seed in range(3)]


def probabilities(*paths, **options):
    return np.mean([Recognizer.load(path, **options)(CLIPS) for path in paths], axis=0)


def test_an_ensemble_survives_the_disk(members, tmp_path):
    save_checkpoint(load_ensemble(members), tmp_path / "all.ckpt")
    torch.load(tmp_path / "all.ckpt", weights_only=True)
    for path in members:
        path.unlink()
    served = Recognizer.load(tmp_path / "all.ckpt")
    assert served.words == ["no", "yes"] and served.seconds == 2.0 and len(served.about["members"]) == 3


def test_an_ensemble_gives_the_mean_of_its_members(members, tmp_path):
    save_checkpoint(load_ensemble(members), tmp_path / "all.ckpt")
    expected = probabilities(*members)
    for chosen in (tmp_path / "all.ckpt", members, [str(path) for path in members]):
        np.testing.assert_allclose(Recognizer.load(chosen)(CLIPS), expected, atol=1e-6)
    assert np.abs(expected - probabilities(members[0])).max() > 1e-3


def test_ensembles_can_be_members(members, tmp_path):
    save_checkpoint(load_ensemble(members[:2]), tmp_path / "two.ckpt")
    both = Recognizer.load([tmp_path / "two.ckpt", members[2]])(CLIPS)
    expected = (probabilities(*members[:2]) + probabilities(members[2])) / 2
    np.testing.assert_allclose(both, expected, atol=1e-6)


def test_members_keep_their_own_temperatures(tmp_path):
    plain = [network(tmp_path / f"{seed}.ckpt", seed) for seed in range(2)]
    warm = [network(tmp_path / f"warm{seed}.ckpt", seed, temperature=3.0) for seed in range(2)]
    trained = load_ensemble(warm)
    assert "temperature" not in trained.about  # or it would be taken twice
    clips, aspects = torch.from_numpy(CLIPS), torch.ones(3)
    logits = [Recognizer.load(path).logits(clips, aspects) for path in plain]
    expected = torch.stack([(one / 3).softmax(-1) for one in logits]).mean(0)
    got = Recognizer(trained).logits(clips, aspects).softmax(-1)
    torch.testing.assert_close(got, expected, atol=1e-6, rtol=1e-5)


def test_the_same_network_twice_decides_as_it_does_alone(tmp_path):
    fitted = {"temperature": 0.4, "softness": 0.7, "slope": 2.0, "middle": -0.5, "offsets": {"no": 0.4, "yes": -0.4}}
    alone = network(tmp_path / "a.ckpt", 0, **fitted)
    answers = Recognizer.load(alone)(CLIPS)
    np.testing.assert_allclose(Recognizer(load_ensemble([alone, alone]))(CLIPS), answers, atol=1e-5)
    plain = network(tmp_path / "b.ckpt", 0, **fitted | {"offsets": {}})
    assert not np.allclose(Recognizer.load(plain)(CLIPS), answers, atol=1e-3)


def test_a_folder_is_the_ensemble_of_its_runs(members, tmp_path):
    for k, path in enumerate(members):
        (tmp_path / "sweep" / str(k) / "checkpoints").mkdir(parents=True)
        path.rename(tmp_path / "sweep" / str(k) / "checkpoints" / "best.ckpt")
    runs = sorted((tmp_path / "sweep").glob("*/checkpoints/best.ckpt"))
    assert checkpoint_paths(str(tmp_path / "sweep")) == runs
    np.testing.assert_allclose(Recognizer.load(tmp_path / "sweep")(CLIPS), probabilities(*runs), atol=1e-6)


def test_facts_that_differ_between_members_are_all_listed(tmp_path):
    one = network(tmp_path / "a.ckpt", 0, protocol="on s1", data="isl18", scores={"top1": 1.0})
    two = network(tmp_path / "b.ckpt", 1, protocol="on s2", data="isl18", scores={"top1": 1.0})
    about = load_ensemble([one, two]).about
    assert about["protocol"] == "several: on s1; on s2" and about["data"] == "isl18"
    assert "scores" not in about and "seed" not in about


def test_members_that_do_not_fit_are_named(members, tmp_path):
    other = network(tmp_path / "other.ckpt", 0, words=("no", "perhaps"))
    features = network(tmp_path / "features.ckpt", 0, features="isl.features.BodyHands")
    (tmp_path / "empty").mkdir()
    for chosen, says in (
        ([members[0], other], "other.ckpt: other words than .*perhaps, yes"),
        ([members[0], features], "features.ckpt: other features"),
        ([members[0], tmp_path / "absent.ckpt"], "absent.ckpt: no such"),
        (tmp_path / "empty", "empty: no run's"),
    ):
        with pytest.raises(InputError, match=says) as caught:
            Recognizer.load(chosen)
        assert "\n" not in str(caught.value)


@pytest.mark.slow
def test_infer_takes_several_checkpoints(tmp_path):
    runs = [train(tmp_path / f"run{seed}", f"seed={seed}", "trainer.max_epochs=1") for seed in range(2)]
    clip = runs[0].data.clips.clip(0)
    np.save(tmp_path / "clip.npy", clip)
    paths = ",".join(str(run.best_path) for run in runs)
    overrides = (f"input={tmp_path / 'clip.npy'}", f"ckpt_path=[{paths}]", "shifts=[0,1]")
    inference = Inference(config(tmp_path / "out", *overrides, name="infer", small=False))
    inference.recognise()
    expected = np.mean([Recognizer.load(run.best_path, shifts=[0, 1])(clip) for run in runs], axis=0)
    np.testing.assert_allclose(inference.answers[0].probabilities, expected, atol=1e-5)


@pytest.mark.slow
def test_the_command_writes_a_checkpoint_for_any_recognizer(members, tmp_path):
    env = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    command = [sys.executable, "-c", "from isl.commands.ensemble import main; main()", "output=all.ckpt"]
    chosen = f"members=[{','.join(path.name for path in members)}]"
    done = subprocess.run([*command, chosen], cwd=tmp_path, env=env, capture_output=True, text=True)
    assert done.returncode == 0 and "3 members, 2 words: all.ckpt" in done.stdout, done.stderr
    np.testing.assert_allclose(Recognizer.load(tmp_path / "all.ckpt")(CLIPS), probabilities(*members), atol=1e-6)
    done = subprocess.run([*command, "members=0.ckpt"], cwd=tmp_path, env=env, capture_output=True, text=True)
    assert done.returncode == 2 and done.stderr.startswith(
        "error: members=0.ckpt: an ensemble needs two or more checkpoints"
    )
