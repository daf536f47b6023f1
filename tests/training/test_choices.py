"""Every choice of a group and every experiment runs; bad options name themselves."""

from __future__ import annotations

import pytest
import torch
from support.runs import config, train

from isl.config.app import CONF
from isl.errors import InputError

GROUPS = ("features", "augment", "model", "optimizer", "scheduler", "trainer", "callbacks", "logger")


DEFAULT = ("trainer=debug", "trainer.max_epochs=1")  # one batch of what runs where nothing is said


BESIDE = {"callbacks=average"}  # choices that stand beside another one
EXTRAS = {"logger=wandb": "wandb", "logger=mlflow": "mlflow"}  # the packages that they need


OPTIONS = [
    *("", *(f"{group}={path.stem}" for group in GROUPS for path in sorted((CONF / group).glob("*.yaml")))),
    "callbacks=[default,average]",
    *(f"split={name}" for name in ("auto", "stratified", "group", "few", "none")),
    *("unknown=words unknown.words=[point-chin-tap]", "unknown=fold unknown.folds=3"),
]


LIGHT = ("", "callbacks=last", "augment=strong", "best", "own_words")  # in the fast suite


def weighed(names):
    return [pytest.param(name, marks=[] if name in LIGHT else [pytest.mark.slow]) for name in names]


@pytest.mark.parametrize("override", weighed(option for option in OPTIONS if option not in BESIDE))
def test_every_option_runs_one_batch(override, tmp_path):
    if override in EXTRAS:
        pytest.importorskip(EXTRAS[override])
    if override == "trainer=gpu" and not torch.cuda.is_available():
        pytest.skip("needs a GPU")
    dry = () if override.startswith("trainer=") else ("trainer=debug",)
    overrides = (*dry, *override.split(), "trainer.max_epochs=1")
    if override and config(tmp_path, *overrides) == config(tmp_path, *DEFAULT):
        pytest.skip("is the default")
    train(tmp_path, *overrides)


EXPERIMENTS = sorted(path.stem for path in (CONF / "experiment").glob("*.yaml"))


@pytest.mark.parametrize("name", weighed(name for name in EXPERIMENTS if name != "shipped"))
def test_every_experiment_runs_one_batch(name, run, tmp_path):
    needs = {"distill": [f"teacher={run.best_path}"], "adapt": [f"ckpt_path={run.best_path}"]}
    train(tmp_path, f"experiment={name}", "trainer.fast_dev_run=true", *needs.get(name, []))


@pytest.mark.slow
def test_the_shipped_recogniser_s_experiment_runs_one_batch(isl18, tmp_path):
    roots = (f"data.root={isl18}", f"data.rooms={isl18.parent / 'rooms'}")
    quiet = ("callbacks.progress=null", "trainer.fast_dev_run=true")
    run = train(tmp_path, "experiment=shipped", *roots, *quiet, small=False)
    assert len(run.data.words) == 18 and run.data.signs  # words, and other signs as classes of their own


@pytest.mark.parametrize(
    ("override", "says"),
    [
        ("optimizer.lr=-1e-3", "optimizer.lr=-0.001"),
        ("label_smoothing=2", "label_smoothing=2"),
        ("unknown=words", "unknown.words=None"),
        ("model.hidden=big", "model.hidden=big: it should be a valid integer"),
        ("+model.layers=3", "layers"),
        ("augment=noise augment.std=-1", "augment.std=-1"),
        ("optimizer.decay_norms=maybe", "optimizer.decay_norms=maybe"),
        ("model._target_=os.system", "_target_=os.system"),
    ],
)
def test_bad_options_name_themselves(override, says, tmp_path):
    with pytest.raises(InputError) as caught:
        train(tmp_path, *override.split())
    assert says in str(caught.value) and "\n" not in str(caught.value)
