"""Checks the plain options of a training before torch and Lightning are loaded."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from omegaconf import DictConfig, OmegaConf

from isl.config.build import USERS, build
from isl.config.options import choice, number, positive, switch, whole
from isl.config.signatures import check_signature
from isl.data.background import build_background
from isl.data.clips import check_folders
from isl.data.elsewhere import ROOT, TestFolder, own_options
from isl.errors import InputError
from isl.recognition.archive import check_archive
from isl.recognition.configs import trusted_packages
from isl.recognition.locate import checkpoint_paths

MOST = 10_000_000  # epochs, clips of a batch, and other counts
SEEDS = 2**32  # numpy accepts only seeds below this
OBJECTS = ("run", "data", "split", "features", "augment", "model", "optimizer", "scheduler", "trainer")
PARTS = ("features", "augment", "model", "optimizer", "scheduler", "trainer")
TAKEN_OUT = {"optimizer": ("decay_norms",), "scheduler": ("interval",)}  # options that isl reads itself
ACCELERATORS = ("auto", "cpu", "gpu", "cuda", "mps")
PRECISIONS = (
    *("32-true", "16-mixed", "bf16-mixed", "16-true", "bf16-true", "64-true", "transformer-engine"),
    *("transformer-engine-float16", "64", "32", "16", "bf16"),
)
COUNTS = {  # with the least value; Lightning fails late for smaller ones
    "max_epochs": 1,
    "log_every_n_steps": 1,
    "num_sanity_val_steps": 0,
    "accumulate_grad_batches": 1,
    "min_epochs": 0,
    "overfit_batches": 0,
}
PROFILERS = {  # values of trainer.profiler and their classes
    "simple": "lightning.pytorch.profilers.SimpleProfiler",
    "pytorch": "lightning.pytorch.profilers.PyTorchProfiler",
}
DECIDED = (  # arguments of the trainer that isl decides: it validates, saves and resumes at the end of each epoch
    *("callbacks", "logger", "plugins", "barebones", "enable_checkpointing", "inference_mode", "default_root_dir"),
    *("check_val_every_n_epoch", "val_check_interval", "reload_dataloaders_every_n_epochs"),
)
LIMITS = tuple(f"limit_{stage}_batches" for stage in ("train", "val", "test"))
MOST_DEVICES = 64
TRAINERS = ("lightning.Trainer", "lightning.pytorch.Trainer")
SWITCHES = ("enable_model_summary", "enable_progress_bar")
RUNS: dict[str, dict[str, Callable[[Any, str], Any]]] = {  # options of the kinds of run, with their checks
    "refit": {"held_out_epochs": partial(number, least=0.05, most=1), "side_by_side": switch},
    "adapt": {"keep": partial(number, most=1), "old_words": switch, "prototypes": switch},
    "distill": {"temperature": positive, "share": partial(number, most=1)},
}


def check_options(cfg: DictConfig) -> None:
    """Check that the plain options have values that a training can use.

    Raises:
        InputError: an option has a wrong value; the message names it.
    """
    config: dict[str, Any] = OmegaConf.to_container(cfg, resolve=True)  # type: ignore[assignment]
    for name in OBJECTS:
        if not isinstance(config.get(name), dict):
            raise InputError(f"{name}={config.get(name)}: choose a file of conf/{name}, {name}=<its name>")
        if not isinstance(target := config[name].get("_target_"), str) or not target:
            raise InputError(f"{name}._target_={target}: give the name of a class, package.module.Class")
    if whole(config["seed"], "seed") >= SEEDS:
        raise InputError(f"seed={config['seed']}: give a whole number below {SEEDS}")
    for name in ("batch_size", "epoch_clips", "calibration_draws"):
        whole(config[name], name, least=1, most=MOST)
    number(config["label_smoothing"], "label_smoothing", most=1)
    positive(config["optimizer"].get("lr"), "optimizer.lr")
    switch(config["compile"], "compile")
    for name in ("callbacks", "logger"):
        _check_named(config.get(name), name, f"{config['run_dir']}/checkpoints")
    _check_trainer(config["trainer"])
    if not config["run"]["_target_"].startswith("isl.training."):
        raise InputError(f"run._target_={config['run']['_target_']}: choose a file of conf/run, run=<its name>")
    check_signature({"_target_": config["run"]["_target_"]}, "run")
    for group in RUNS.keys() & config.keys():
        if not isinstance(config[group], dict):
            raise InputError(f"{group}={config[group]}: a group of options of run={group}; leave it out")
        for name, check in RUNS[group].items():
            check(config[group].get(name), f"{group}.{name}")
    for name in PARTS:
        check_signature(config[name], name, TAKEN_OUT.get(name, ()))
    if config.get("background") and config["trainer"].get("devices", 1) not in (1, [0]):
        raise InputError("background=: such a training runs on one device; leave trainer.devices= out")
    packages = trusted_in(config)
    if config["ckpt_path"] is not None:
        chosen = config["ckpt_path"]
        if not isinstance(chosen, str) or len(paths := checkpoint_paths(chosen)) > 1:
            raise InputError(f"ckpt_path={chosen}: give one checkpoint, outputs/.../checkpoints/last.ckpt")
        check_archive(paths[0], packages)
    if config.get("teacher") is not None:
        for path in checkpoint_paths(config["teacher"]):
            check_archive(path, packages)
    build(config["split"], at="split")
    if config.get("unknown"):
        build(config["unknown"], at="unknown")
    check_folders(build(own_options(config["data"]), at="data"))
    if background := build_background(config.get("background")):
        background.check()
    if config["data"].get(ROOT):
        TestFolder(config["data"]).check()


def trusted_in(config: dict[str, Any]) -> tuple[str, ...]:
    """Returns the packages whose classes a checkpoint may name: those of ``trusted=`` and those that the config names.

    Raises:
        InputError: a value of ``trusted=`` is not the name of a package.
    """
    targets = [str(config[name].get("_target_")) for name in ("features", "model", "augment")]
    return (*trusted_packages(config["trusted"]), *{target.partition(".")[0] for target in targets} - {"isl"})


def _check_named(objects: Any, group: str, place: str) -> None:
    """Check that each callback or logger has a name, and is a ``_target_`` with its arguments or null.

    ``place`` is the folder of the run's checkpoints.
    """
    if not isinstance(objects, dict):
        raise InputError(f"{group}={objects}: choose files of conf/{group}, {group}=<name> or {group}=[<name>,<name>]")
    for name, one in objects.items():
        if one is not None and not (isinstance(one, dict) and "_target_" in one):
            raise InputError(f"{group}.{name}={one}: give a _target_ and its arguments, or null for none")
        if one is not None and not str(one["_target_"]).startswith(USERS):
            raise InputError(f"{group}.{name}._target_={one['_target_']}: only classes of isl and lightning are built")
        check_signature(one, f"{group}.{name}")
        if group == "callbacks" and one and one.get("dirpath", place) != place:
            raise InputError(
                f"{group}.{name}.dirpath={one['dirpath']}: checkpoints lie in the run directory; "
                "choose another by hydra.run.dir="
            )


def _check_trainer(trainer: dict[str, Any]) -> None:
    choice(trainer["_target_"], "trainer._target_", TRAINERS)
    for name in DECIDED:
        if name in trainer:
            raise InputError(
                f"trainer.{name}=: isl decides this itself (callbacks= and logger= are options); leave it out"
            )
    for name in LIMITS:
        if isinstance(limit := trainer.get(name, 1), float):
            number(limit, f"trainer.{name}", 0.001, 1)
        else:
            whole(limit, f"trainer.{name}", 1)
    choice(trainer.get("gradient_clip_algorithm", "norm"), "trainer.gradient_clip_algorithm", ("norm", "value"))
    for name, least in COUNTS.items():
        if name in trainer:
            whole(trainer[name], f"trainer.{name}", least, most=MOST)
    if trainer.get("gradient_clip_val") is not None:
        number(trainer["gradient_clip_val"], "trainer.gradient_clip_val")
    if trainer.get("profiler") is not None:
        choice(trainer["profiler"], "trainer.profiler", tuple(PROFILERS))
    choice(trainer.get("accelerator", "auto"), "trainer.accelerator", ACCELERATORS)
    choice(str(trainer.get("precision", 32)), "trainer.precision", PRECISIONS)
    devices = trainer.get("devices", 1)
    if not isinstance(devices, list) or not devices:
        whole(devices, "trainer.devices", 1, otherwise=", or a list of devices, [0,1]", most=MOST_DEVICES)
    if trainer.get("strategy") is not None:
        choice(trainer["strategy"], "trainer.strategy", ("auto", "ddp"))
    if trainer.get("num_nodes", 1) != 1:
        raise InputError(f"trainer.num_nodes={trainer['num_nodes']}: a run is trained on one machine; leave it out")
    for name in SWITCHES:
        if name in trainer:
            switch(trainer[name], f"trainer.{name}")
    if trainer.get("deterministic") != "warn":
        switch(trainer.get("deterministic", True), "trainer.deterministic")
    if not isinstance(trainer.get("fast_dev_run", False), bool):
        whole(trainer["fast_dev_run"], "trainer.fast_dev_run", least=1)
