"""Whatever is written behind an option of train.py: a run, or one line before the training."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hydra.core.override_parser.overrides_parser import OverridesParser
from hydra.errors import ConfigCompositionException
from hypothesis import given, settings
from hypothesis import strategies as st
from omegaconf import OmegaConf
from support.odd_options import TREE_VALUES
from support.runs import config, train

from isl.config.app import CONF
from isl.config.build import build, class_of
from isl.config.signatures import check_kind
from isl.errors import InputError
from isl.training import option_checks
from isl.training.option_checks import check_options
from isl.training.parts import try_parts
from isl.training.rehearsal import rehearse

PLACES = ("run_dir", "hydra")  # the program's own, not of a training


def leaves(tree: Any, path: str = "") -> list[str]:
    """The dotted names of all options of a config."""
    if not isinstance(tree, dict) or not tree:
        return [path]
    return [leaf for name in tree for leaf in leaves(tree[name], f"{path}.{name}".lstrip("."))]


@pytest.fixture(scope="module")
def options(tmp_path_factory):
    folder = tmp_path_factory.mktemp("options")
    bases = (
        (),
        ("experiment=best",),
        ("model=transformer", "scheduler=cosine_restarts"),
        ("model=tcn", "callbacks=[default,average]", "optimizer=sgd"),
        ("model=stgcn", "augment=strong"),
        ("run=refit", "callbacks=last"),
    )
    return [
        (base, leaf)
        for base in bases
        for leaf in leaves(OmegaConf.to_container(config(folder, *base), resolve=False))
        if leaf.split(".")[0] not in PLACES
    ]


@pytest.fixture(scope="module")
def composed(tmp_path_factory):
    return config(tmp_path_factory.mktemp("run"), "callbacks.progress=null")


@pytest.fixture
def default(composed):
    """The default config, for one test alone: a config is composed in a tenth of a second, and copied in less."""
    return copy.deepcopy(composed)


@pytest.mark.slow
@settings(max_examples=25)
@given(data=st.data())
def test_any_value_of_any_option_ends_in_a_run_or_in_one_line(data, options, tmp_path_factory):
    base, option = data.draw(st.sampled_from(options))
    value = data.draw(st.sampled_from(TREE_VALUES))
    folder = tmp_path_factory.mktemp("run")
    try:
        cfg = config(folder, *base, "batch_size=4", f"{option}={value}")
        OmegaConf.resolve(cfg.copy())
    except Exception:  # Hydra's own: isl.config.app makes a line of it
        return
    try:
        check_options(cfg)
        try_parts(cfg)
        rehearse(cfg)
        cfg.trainer.fast_dev_run = True
        run = class_of(cfg.run["_target_"])(cfg)
    except InputError as error:
        assert "\n" not in str(error)
        return
    run.fit()
    run.calibrate()
    run.test()


@pytest.mark.parametrize(
    ("override", "says"),
    [
        ("seed=4294967296", "seed=4294967296"),
        ("seed=-1", "seed=-1"),
        ("batch_size=0", "batch_size=0"),
        ("calibration_draws=0", "calibration_draws=0"),
        ("optimizer.lr=abc", "optimizer.lr=abc"),
        ("trainer.max_epochs=none", "trainer.max_epochs=none"),
        ("ckpt_path=", "ckpt_path="),
        ("ckpt_path=[a,b]", "give one checkpoint"),
        ("ckpt_path=nowhere.ckpt", "nowhere.ckpt: no such"),
        ("+callbacks.own={_target_: os.system}", "callbacks.own._target_=os.system: only classes of isl and lightning"),
        ("+trainer.epochs=3", "trainer.epochs=3: Trainer has no such option; it has "),
        ("callbacks.patience.patience=x", "callbacks.patience.patience=x: give a whole number, 0 or more"),
        ("model._target_=isl.models.Nothing", "model._target_=isl.models.Nothing: there is no such class"),
        ("run._target_=isl.training.run.Nothing", "run._target_=isl.training.run.Nothing: there is no such class"),
        ("run._target_=isl.models.tcn.TemporalConvNet", "choose a file of conf/run"),
        ("trainer._target_=os.system", "trainer._target_=os.system"),
        ("+trainer.val_check_interval=0", "trainer.val_check_interval=: isl decides"),
        ("callbacks.best=7", "callbacks.best=7"),
        ("callbacks.best.monitor=x", "callbacks.best.monitor=x"),
        ("callbacks.patience.patience=-1", "callbacks.patience.patience=-1: give a whole number, 0 or more"),
        ("+callbacks.own={_target_: isl.training.callbacks.WeightAverage, decay: 2}", "callbacks.own.decay=2"),
        ("scheduler.warmup_epochs=inf", "scheduler.warmup_epochs=inf: give a number, 0 or more"),
        ("scheduler.floor=2", "scheduler.floor=2: give a number, from 0 to 1"),
        ("optimizer.weight_decay=inf", "optimizer.weight_decay=inf: give a number, 0 or more"),
        ("+optimizer.eps=-1", "optimizer.eps=-1: give a number, 0 or more"),
        ("+optimizer.betas=[1,2,3]", "optimizer.betas=[1, 2, 3]: give a list of two numbers"),
        ("+optimizer.betas=[0.9,1]", "optimizer.betas=1: give a number, from 0 to 1"),
        ("+optimizer.params=7", "optimizer.params=7: AdamW has no such option; it has lr, "),
        ("+augment.p=1", "augment.p=1: NoAugmentation has no such option; it has none"),
        ("model._target_=os", "model._target_=os: give the name of a class"),
        ("model._target_=os.system", "model._target_=os.system: not a subclass of isl.models.network.Network"),
        ("model._target_=torch.nn.Linear", "model._target_=torch.nn.Linear: not a subclass"),
        ("model._target_=torch..nn", "model._target_=torch..nn: give the name of a class"),
        ("model._target_=torch.nn", "model._target_=torch.nn: not a class"),
        ("model._target_=torch.nn.functional.relu", "model._target_=torch.nn.functional.relu: not a class"),
        ("model._target_=nowhere.Net", "model._target_=nowhere.Net: there is no such class here; is its package"),
        ("model._target_=isl.models.network.Network", "isl.models.network.Network: the base class of others"),
        ("features._target_=isl.features.Features", "isl.features.Features: the base class of others"),
        ("scheduler._target_=torch.optim.SGD", "scheduler._target_=torch.optim.SGD: not a subclass"),
        ("+scheduler.interval=batch", "scheduler.interval=batch: choose epoch or step"),
        ("+trainer.max_steps=-5", "trainer.max_steps=-5: give a whole number, from -1"),
        ("+trainer.max_time=x", "trainer.max_time=x: give days, hours, minutes and seconds"),
        ("+callbacks.a={_target_: isl.training.callbacks.Patience}", "callbacks.a._target_=isl.training.callbacks.Pat"),
        ("logger.tensorboard.save_dir=1.5", "logger.tensorboard.save_dir=1.5"),
        ("data.signers=3000000", "at most 100,000"),
        ("+unknown={_target_: isl.data.splits.unknown.Fold, folds: 1}", "unknown.folds=1"),
        ("+refit={held_out_epochs: 2, side_by_side: true}", "refit.held_out_epochs=2"),
        ("+background=7", "background=7: choose files"),
        ("+background={sources: {a: {_target_: isl.data.rooms.RoomClips, root: nowhere}}}", "background.root=nowhere"),
        ("+background={sources: {}, shaer: 1}", "background: isl.data.background.Background: got an unexpected"),
        ("+distill=7", "distill=7: a group of options"),
        ("+adapt={keep: -1, old_words: true, prototypes: true, train: null}", "adapt.keep=-1"),
        ("+distill={temperature: 0, share: 1}", "distill.temperature=0"),
        (f"trainer.profiler={'x' * 5000}", " ... "),
        ("trainer.profiler=what", "trainer.profiler=what"),
        ("trainer.devices=0", "trainer.devices=0"),
        ("trainer.devices=auto", "trainer.devices=auto"),
        ("trainer.strategy=fsdp", "trainer.strategy=fsdp"),
        ("split=[]", "split=None"),
        ("logger=[]", "logger=None"),
        ("batch_size=99999999999999999999", "batch_size=99999999999999999999"),
        ("callbacks.best.dirpath=0", "callbacks.best.dirpath=0"),
        ("callbacks.best.dirpath=/elsewhere", "choose another by hydra.run.dir="),
    ],
)
def test_plain_options_are_checked_before_anything_is_built(override, says, default):
    given = OverridesParser.create().parse_override(override)
    value = given.value() if given.value() != [] else None  # as Hydra composes a group without a choice
    OmegaConf.update(default, given.key_or_group, value, merge=False, force_add=True)
    with pytest.raises(InputError) as caught:
        check_options(default)
    assert says in str(caught.value) and "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("overrides", "says"),
    [
        (("model=transformer", "model.heads=5"), "heads"),
        (("model=conv_transformer", "model.kernel=4"), "model.kernel=4"),
        (("model=bilstm_attn", "model.hidden=1000000"), "model.hidden=1000000"),
        (("trainer.accelerator=gpu",), "trainer"),
        (("callbacks.patience.patience=x",), "callbacks.patience"),
        (("callbacks=[default,average]", "callbacks.average.decay=2"), "callbacks.average.decay=2"),
        (("scheduler.warmup_epochs=-1",), "scheduler.warmup_epochs=-1"),
        (("optimizer.weight_decay=-1",), "optimizer: torch.optim.AdamW"),
        (("+optimizer.foreach=true", "optimizer.fused=true"), "optimizer: torch.optim.AdamW"),
    ],
)
def test_options_that_cannot_be_trained_are_refused_before_the_data_are_read(overrides, says, tmp_path):
    with pytest.raises(InputError) as caught:
        rehearse(config(tmp_path, *overrides))
    assert says in str(caught.value) and "\n" not in str(caught.value)


@pytest.mark.parametrize("option", ["accelerator=gpu", "accelerator=cuda", "precision=16-mixed"])
def test_a_gpu_is_looked_for_before_torch_is_loaded(option, default, monkeypatch):
    OmegaConf.update(default, f"trainer.{option.split('=')[0]}", option.split("=")[1], force_add=True)
    monkeypatch.setattr(option_checks, "GPU_FILES", ("nowhere*",))
    monkeypatch.setattr(option_checks.sys, "platform", "linux")
    with pytest.raises(InputError, match=f"trainer.{option}"):
        check_options(default)
    monkeypatch.setattr(option_checks, "GPU_FILES", ("null",))
    check_options(default)


def test_own_classes_are_judged_by_their_source_files(default, tmp_path, monkeypatch):
    (tmp_path / "ours.py").write_text(
        "import torch.nn as nn\nfrom torch import nn as layers\nfrom isl.models.network import Network\n"
        "import isl.models.tcn\nfrom elsewhere import Base\n"
        "class Good(Network): ...\nclass Deep(isl.models.tcn.TemporalConvNet): ...\nclass Bad(nn.Module): ...\n"
        "class Worse(layers.Linear): ...\nclass Unknown(Base): ...\ndef make(): ...\nmade = make()\n"
    )
    package = tmp_path / "nets"
    package.mkdir()
    (tmp_path / "ours.py").rename(package / "ours.py")
    (package / "__init__.py").write_text("from .ours import *\n")
    monkeypatch.syspath_prepend(tmp_path)
    for name in ("Good", "Deep", "Unknown", "made"):  # what the source does not tell is left to the import
        check_kind(f"nets.{name}", "isl.models.network.Network", "model")
    for name in ("Bad", "Worse"):
        with pytest.raises(InputError, match=f"model._target_=nets.{name}: not a subclass"):
            check_kind(f"nets.{name}", "isl.models.network.Network", "model")


@pytest.mark.parametrize("group", ["features", "augment", "model", "optimizer", "scheduler", "callbacks", "logger"])
def test_every_shipped_option_fits_the_signature_of_its_class(group, default, tmp_path):
    for file in sorted((CONF / group).glob("*.yaml")):
        chosen = OmegaConf.load(file)
        if "defaults" in chosen:
            try:
                chosen = config(tmp_path, f"{group}={file.stem}", small=False)[group]
            except ConfigCompositionException:  # of a callback that does not stand alone
                continue
        OmegaConf.update(default, group, chosen, merge=False)
        check_options(default)


@pytest.mark.slow
def test_a_rehearsal_leaves_the_figures_of_a_run_as_they_are(tmp_path):
    before = train(tmp_path / "before", "trainer.max_epochs=1")
    rehearse(config(tmp_path, "trainer.max_epochs=1"))
    assert train(tmp_path / "after", "trainer.max_epochs=1").best_loss == before.best_loss


def test_errors_name_options_by_the_place_of_the_object():
    target = {"_target_": "isl.training.callbacks.WeightAverage", "decay": 2}
    with pytest.raises(InputError, match=r"^callbacks\.average\.decay=2"):
        build(target, at="callbacks.average")
    with pytest.raises(InputError, match=r"^decay=2"):
        build(target)


def test_an_option_of_another_type_than_its_class_declares_is_named():
    target = {"_target_": "isl.training.callbacks.LastCheckpoint", "dirpath": 0}
    with pytest.raises(InputError, match=r"^callbacks\.best\.dirpath=0: it should be a valid string"):
        build(target, at="callbacks.best")


def test_a_training_that_has_gone_wrong_ends_in_one_line(tmp_path):
    with pytest.raises(InputError, match=r"epoch 0: .*lower optimizer.lr"):
        train(tmp_path, "optimizer=sgd", "optimizer.lr=1e30", "scheduler.warmup_epochs=0")
    assert not (tmp_path / "report.json").exists()


EXTRAS = {"wandb", "mlflow"}  # loggers that are packages of their own, pip install isl[wandb]


@pytest.mark.parametrize("name", sorted(path.stem for path in (CONF / "logger").glob("*.yaml")))
def test_every_logger_can_be_built(name, tmp_path):
    if name in EXTRAS:
        pytest.importorskip(name)
    rehearse(config(tmp_path, f"logger={name}"))


@pytest.mark.slow
@pytest.mark.parametrize("profiler", ["simple", "pytorch"])
def test_a_profile_is_written_to_the_run_directory(profiler, tmp_path):
    train(tmp_path, "trainer.max_epochs=1", f"trainer.profiler={profiler}")
    assert list(tmp_path.glob("fit-profile*"))
