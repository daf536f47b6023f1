"""Checks the plain options of a training before torch and Lightning are loaded."""

from __future__ import annotations

import math
import re
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

from omegaconf import DictConfig, OmegaConf

from isl.config.build import USERS, build
from isl.config.options import choice, number, positive, switch, whole
from isl.config.signatures import check_kind, check_signature
from isl.data.background import build_background
from isl.data.clips import check_folders
from isl.data.elsewhere import ROOT, TestFolder, own_options
from isl.errors import InputError, OptionError
from isl.recognition.archive import check_archive
from isl.recognition.configs import trusted_packages
from isl.recognition.locate import checkpoint_paths

MOST = 10_000_000  # epochs, clips of a batch, and other counts
SEEDS = 2**32  # numpy accepts only seeds below this
OBJECTS = ("run", "data", "split", "features", "augment", "model", "optimizer", "scheduler", "trainer")
PARTS = {  # parts of a training with the base class of each
    "features": "isl.features.Features",
    "augment": "isl.augment.NoAugmentation",
    "model": "isl.models.network.Network",
    "optimizer": "torch.optim.Optimizer",
    "scheduler": "torch.optim.lr_scheduler.LRScheduler",
}
TAKEN_OUT = {"optimizer": ("decay_norms",), "scheduler": ("interval",)}  # options that isl reads itself
GIVEN = {  # arguments that isl gives
    "model": ("inputs", "words", "skeleton", "views"),
    "optimizer": ("params",),
    "scheduler": ("optimizer",),
}
PRECISIONS = (
    *("32-true", "16-mixed", "bf16-mixed", "16-true", "bf16-true", "64-true", "transformer-engine"),
    *("transformer-engine-float16", "64", "32", "16", "bf16"),
)
PROFILERS = {  # values of trainer.profiler and their classes
    "simple": "lightning.pytorch.profilers.SimpleProfiler",
    "pytorch": "lightning.pytorch.profilers.PyTorchProfiler",
}
DECIDED = (  # arguments of the trainer that isl decides: it validates, saves and resumes at the end of each epoch
    *("callbacks", "logger", "plugins", "barebones", "enable_checkpointing", "inference_mode", "default_root_dir"),
    *("check_val_every_n_epoch", "val_check_interval", "reload_dataloaders_every_n_epochs"),
)
TRAINERS = ("lightning.Trainer", "lightning.pytorch.Trainer")
NULL = ("gradient_clip_val", "profiler", "strategy", "max_time", "min_steps", "enable_progress_bar")  # may be null
GPU_FILES = ("nvidia*", "nvhost*", "nvgpu*", "kfd", "dxg")  # in /dev: NVIDIA's drivers, Jetson's, AMD's, those of WSL
Check = Callable[[Any, str], Any]


def _limit(value: Any, flag: str) -> None:
    number(value, flag, 0.001, 1) if isinstance(value, float) else whole(value, flag, 1)


def _devices(value: Any, flag: str) -> None:
    if not isinstance(value, list) or not value:
        whole(value, flag, 1, otherwise=", or a list of devices, [0,1]", most=64)


def _one_machine(value: Any, flag: str) -> None:
    if value != 1:
        raise OptionError(flag, f"={value}: a run is trained on one machine; leave it out")


def _duration(value: Any, flag: str) -> None:
    if isinstance(value, dict):
        with suppress(TypeError, OverflowError):
            timedelta(**value)
            return
    if not re.fullmatch(r"\d{1,5}(:\d\d){3}", str(value)):
        raise OptionError(flag, f"={value}: give days, hours, minutes and seconds, such as 00:12:00:00")


def _betas(value: Any, flag: str) -> None:
    if not isinstance(value, list) or len(value) != 2:
        raise OptionError(flag, f"={value}: give a list of two numbers, such as [0.9,0.999]")
    for beta in value:
        number(beta, flag, most=math.nextafter(1, 0))


TRAINER: dict[str, Check] = {  # options of the trainer with their checks; for some Lightning fails late
    "_target_": partial(choice, among=TRAINERS),
    **{f"limit_{stage}_batches": _limit for stage in ("train", "val", "test")},
    **dict.fromkeys(("max_epochs", "log_every_n_steps", "accumulate_grad_batches"), partial(whole, least=1, most=MOST)),
    **dict.fromkeys(("num_sanity_val_steps", "min_epochs", "min_steps", "overfit_batches"), partial(whole, most=MOST)),
    "max_steps": partial(whole, least=-1, most=MOST),
    "max_time": _duration,
    "gradient_clip_algorithm": partial(choice, among=("norm", "value")),
    "gradient_clip_val": number,
    "profiler": partial(choice, among=tuple(PROFILERS)),
    "accelerator": partial(choice, among=("auto", "cpu", "gpu", "cuda", "mps")),
    "precision": lambda value, flag: choice(str(value), flag, PRECISIONS),
    "devices": _devices,
    "strategy": partial(choice, among=("auto", "ddp")),
    "num_nodes": _one_machine,
    **dict.fromkeys(("enable_model_summary", "enable_progress_bar"), switch),
    "deterministic": lambda value, flag: value == "warn" or switch(value, flag),
    "fast_dev_run": lambda value, flag: isinstance(value, bool) or whole(value, flag, least=1),
}
OPTIMIZER: dict[str, Check] = {
    "lr": positive,
    "eps": number,
    "weight_decay": number,
    "momentum": number,
    "betas": _betas,
}
RUNS: dict[str, dict[str, Check]] = {  # options of the kinds of run, with their checks
    "refit": {"held_out_epochs": partial(number, least=0.05, most=1), "side_by_side": switch},
    "adapt": {
        "keep": partial(number, most=1),
        "old_words": switch,
        "prototypes": switch,
        "train": lambda value, flag: value is None or switch(value, flag),
    },
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
        target = config[name].get("_target_")
        if not isinstance(target, str) or "." not in target or not all(map(str.isidentifier, target.split("."))):
            raise InputError(f"{name}._target_={target}: give the name of a class, package.module.Class")
    if whole(config["seed"], "seed") >= SEEDS:
        raise InputError(f"seed={config['seed']}: give a whole number below {SEEDS}")
    for name in ("batch_size", "epoch_clips", "calibration_draws"):
        whole(config[name], name, least=1, most=MOST)
    number(config["label_smoothing"], "label_smoothing", most=1)
    for name, check in OPTIMIZER.items():
        if name in config["optimizer"]:
            check(config["optimizer"][name], f"optimizer.{name}")
    choice(config["scheduler"].get("interval", "epoch"), "scheduler.interval", ("epoch", "step"))
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
    check_signature(config["trainer"], "trainer")
    for name, base in PARTS.items():
        check_kind(config[name]["_target_"], base, name)
        check_signature(config[name], name, TAKEN_OUT.get(name, ()), GIVEN.get(name, ()))
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
    chosen = set()
    for name, one in objects.items():
        if one is None:
            continue
        if not (isinstance(one, dict) and "_target_" in one):
            raise InputError(f"{group}.{name}={one}: give a _target_ and its arguments, or null for none")
        target = str(one["_target_"])
        if not target.startswith(USERS):
            raise InputError(f"{group}.{name}._target_={target}: only classes of isl and lightning are built")
        check_signature(one, f"{group}.{name}")
        if target in chosen and target.startswith("isl."):
            raise InputError(f"{group}.{name}._target_={target}: chosen twice; change the options of the first")
        chosen.add(target)
        if group == "callbacks" and one.get("dirpath", place) != place:
            raise InputError(
                f"{group}.{name}.dirpath={one['dirpath']}: checkpoints lie in the run directory; "
                "choose another by hydra.run.dir="
            )


def _check_trainer(trainer: dict[str, Any]) -> None:
    for name in DECIDED:
        if name in trainer:
            raise InputError(
                f"trainer.{name}=: isl decides this itself (callbacks= and logger= are options); leave it out"
            )
    for name, check in TRAINER.items():
        if name in trainer and not (trainer[name] is None and name in NULL):
            check(trainer[name], f"trainer.{name}")
    gpu = sys.platform != "linux" or any(any(Path("/dev").glob(name)) for name in GPU_FILES)
    check_device(trainer, gpu, gpu)


def check_device(trainer: Mapping[str, Any], gpu: bool, mps: bool) -> None:
    """Checks that this machine has the kind of device that the options of the trainer ask for.

    Raises:
        InputError: it has none.
    """
    accelerator, precision = trainer.get("accelerator", "auto"), str(trainer.get("precision"))
    if accelerator in ("gpu", "cuda") and not (gpu or (accelerator == "gpu" and mps)):
        raise InputError(f"trainer.accelerator={accelerator}: this machine has no GPU that torch can use; choose cpu")
    if precision.startswith("16") and (accelerator == "cpu" or not gpu):
        raise InputError(f"trainer.precision={precision}: needs a GPU; choose 32-true or bf16-mixed")
