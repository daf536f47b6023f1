"""Refuses options that would have no effect in the chosen mode."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from hydra.core.hydra_config import HydraConfig
from hydra.core.override_parser.overrides_parser import OverridesParser
from omegaconf import DictConfig, OmegaConf

from isl.errors import InputError


@dataclass(frozen=True)
class Mode:
    """A mode of a command, and the options or whole groups that this mode does not read."""

    command: str
    chosen: Callable[[DictConfig], bool]
    unread: tuple[str, ...]
    advice: str
    read: tuple[str, ...] = ()  # options in the unread groups that the mode does read


MODES = (
    Mode(
        "infer",
        lambda cfg: not cfg.segment,
        ("stream", "accept", "sentence", "window", "hands", "context", "pause", "film", "stall"),
        "has an effect only with segment=true; add that, or leave it out",
        read=("accept.keep",),
    ),
    Mode(
        "infer", lambda cfg: bool(cfg.segment), ("on_error",), "has no effect with segment=true, which reads one video"
    ),
    Mode(
        "live",
        lambda cfg: "record" in cfg and not OmegaConf.select(cfg, "record.word"),
        ("record.root", "record.group", "record.seconds"),
        "has an effect only with record.word=Fever; add that, or leave it out",
    ),
    Mode(
        "live",
        lambda cfg: cfg.display == "none" and not cfg.get("film"),
        ("mirror",),
        "nothing is drawn with display=none and no film=; leave it out",
    ),
    Mode(
        "live",
        lambda cfg: cfg.display != "web",
        ("web",),
        "has an effect only with display=web; add that, or leave it out",
    ),
    Mode(
        "train",
        lambda cfg: "Adaptation" in str(cfg.run),
        ("model", "features"),
        "an adaptation keeps the checkpoint's network and features; leave it out",
    ),
)


def check_unused(cfg: DictConfig, command: str, conf: Path) -> None:
    """Check that every option of this command line has an effect.

    Args:
        conf: the folder of the shipped configs.

    Raises:
        InputError: an option has no effect in the chosen mode.
    """
    hydra = HydraConfig.get()
    check_mode(cfg, command, list(hydra.overrides.task))
    experiment = hydra.runtime.choices.get("experiment")
    for override in OverridesParser.create().parse_overrides(list(hydra.overrides.task)):
        leaves_out = override.key_or_group == "without" and override.value() != "nothing"
        if leaves_out and not _built_on_best(experiment, conf):
            raise InputError(f"{override.input_line}: leaves out an ingredient of experiment=best; add experiment=best")


def check_mode(cfg: DictConfig, command: str, arguments: list[str]) -> None:
    """Check that the mode of ``command`` that ``cfg`` chooses reads every option among the ``arguments``.

    Raises:
        InputError: it does not read one of them.
    """
    given = OverridesParser.create().parse_overrides(arguments)
    for mode in MODES:
        if mode.command == command and mode.chosen(cfg):
            for override in given:
                if override.key_or_group in mode.read:
                    continue
                if any(f"{override.key_or_group}.".startswith(f"{option}.") for option in mode.unread):
                    raise InputError(f"{override.input_line}: {mode.advice}")


def _built_on_best(experiment: str | None, conf: Path) -> bool:
    """Returns True if an experiment is ``best`` or has it among its defaults, and for a user's own experiment."""
    if experiment in (None, "best"):
        return experiment == "best"
    file = conf / "experiment" / f"{experiment}.yaml"
    return not file.is_file() or "best" in (OmegaConf.select(OmegaConf.load(file), "defaults") or [])
