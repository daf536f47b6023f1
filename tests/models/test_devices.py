"""Every tensor is made on the device of the data: torch's ``meta`` device takes no operand from another."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from omegaconf import OmegaConf
from support.configs import config

from isl.config.app import CONF
from isl.data.clips import Batch
from isl.training.task import SignRecognition

WORDS = ["Doctor", "Fever", "Pain"]
COUNTED = {"mirror", "mixup"}  # steps that count clips, which needs numbers; meta tensors have none


def options(group: str) -> list[str]:
    return sorted(path.stem for path in (Path(CONF) / group).glob("*.yaml"))


def task(*overrides: str, signs: list[str] | None = None) -> SignRecognition:
    cfg = config("train", *overrides, "run_dir=somewhere")
    for step in COUNTED & set(cfg.augment.get("steps", {})):
        cfg.augment.steps[step] = None
    parts = {n: OmegaConf.to_container(cfg[n], resolve=True) for n in ("features", "model", "augment", "optimizer")}
    return SignRecognition(
        words=WORDS,
        **parts,  # type: ignore[arg-type]
        scheduler=OmegaConf.to_container(cfg.scheduler, resolve=True),  # type: ignore[arg-type]
        label_smoothing=0.1,
        signs=signs,
    )


def clips(width: int, labels: list[int]) -> Batch:
    count = len(labels)
    return Batch(
        torch.rand(count, 60, width, device="meta"),
        torch.tensor(labels, device="meta"),
        torch.ones(count, device="meta"),
    )


def try_on_meta(net: SignRecognition, labels: list[int]) -> None:
    """Do the computations of a training step, of an answer and of a calibration."""
    net = net.to("meta")
    batch = net.augment.landmarks(clips(1662, labels))
    x = net.features(batch.landmarks, batch.aspect)
    x, target = net.augment.inputs(x, net.targets(batch))
    loss, logits = net.learn(x, target)
    loss.backward()
    net.eval()
    answers = net.decision(net(batch.landmarks, batch.aspect))
    for tensor in (x, target, loss, logits, answers, *(p.grad for p in net.parameters() if p.grad is not None)):
        assert tensor.device.type == "meta"


def test_the_best_recipe_computes_on_the_device_of_the_clips() -> None:
    try_on_meta(task("experiment=best"), [0, 1, 2, 1])


@pytest.mark.slow
@pytest.mark.parametrize("model", options("model"))
def test_networks_compute_on_the_device_of_the_clips(model: str) -> None:
    try_on_meta(task(f"model={model}", "features=body_hands"), [0, 1, 2, 1])


@pytest.mark.slow
@pytest.mark.parametrize("features", options("features"))
def test_features_compute_on_the_device_of_the_clips(features: str) -> None:
    try_on_meta(task("model=gru_attn", f"features={features}"), [0, 1, 2, 1])


@pytest.mark.slow
@pytest.mark.parametrize("augment", options("augment"))
def test_augmentation_computes_on_the_device_of_the_clips(augment: str) -> None:
    try_on_meta(task("model=gru_attn", f"augment={augment}"), [0, 1, 2, 1])


def test_loss_with_a_background_computes_on_the_device_of_the_clips() -> None:
    net = task("model=gru_attn", signs=["Water", "Help"]).to("meta")
    target = net.targets(clips(1662, [0, 1, 3, 4]))
    logits = torch.zeros(4, 5, device="meta", requires_grad=True)
    assert net.loss(logits, target).device.type == "meta"


def test_a_tensor_on_another_device_is_noticed() -> None:
    with pytest.raises(RuntimeError, match="device"):
        torch.ones(3, device="meta") + torch.ones(3)
