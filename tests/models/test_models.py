from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import torch
from omegaconf import OmegaConf

from isl.config.build import build
from isl.errors import InputError
from isl.models.bilstm_attn import BiLSTMAttention
from isl.models.conv_transformer import ConvBlock
from isl.models.frames import FrameNorm, average_strides, normalise_strides
from isl.models.network import build_network

CONFIGS = sorted((Path(__file__).parents[2] / "conf" / "model").glob("*.yaml"))


SEVEN = {"shape": 3, "arms": 2, "motion": 2}  # views of the inputs that most tests use


@pytest.fixture(params=CONFIGS, ids=lambda path: path.stem)
def config(request):
    return OmegaConf.to_container(OmegaConf.load(request.param))


@pytest.mark.parametrize("inputs", [7, 1662])
@pytest.mark.parametrize("words", [2, 24])
def test_any_feature_set_and_vocabulary(config, inputs, words):
    model = build(config, inputs=inputs, words=words)
    assert model(torch.rand(3, 60, inputs)).shape == (3, words)


def test_no_mask_is_a_mask_of_real_frames(config):
    torch.manual_seed(0)
    model = build_network(config, 7, 5, views=SEVEN).eval()
    x = torch.randn(2, 18, 7)  # not a multiple of any stride
    torch.testing.assert_close(model(x), model(x, torch.ones(2, 18, dtype=torch.bool)), atol=1e-5, rtol=1e-4)


def test_the_quicker_convolutions_are_those_of_the_modules_that_hold_their_weights():
    block = ConvBlock(6, 5, 2, 0.0, 0.0)
    y = torch.randn(3, 9, 12, requires_grad=True)
    held = block.depthwise(y.mT.unsqueeze(2)).squeeze(2).mT
    torch.testing.assert_close(block.over_time(y), held, atol=1e-6, rtol=1e-5)
    slope = torch.randn(3, 9, 12)
    gradients = [torch.autograd.grad(x, (y, block.depthwise.weight), slope) for x in (block.over_time(y), held)]
    torch.testing.assert_close(*gradients, atol=1e-5, rtol=1e-4)
    torch.testing.assert_close(block.over_channels(y[:, 0]), block.attend(y[:, :1])[:, 0], atol=1e-6, rtol=1e-5)


def test_means_are_normalised_as_the_frames_would_be():
    torch.manual_seed(0)
    x, slope = 3 + 2 * torch.randn(4, 12, 5), torch.randn(4, 3, 5)
    results = []
    for how in (lambda norm: normalise_strides(norm, x, None, 4)[0], lambda norm: average_strides(norm(x), None, 4)[0]):
        norm = FrameNorm(5)
        y = how(norm)
        y.backward(slope)
        results.append([y, norm.weight.grad, norm.bias.grad, norm.running_mean, norm.running_var])
        assert norm.num_batches_tracked == 1
    torch.testing.assert_close(*results, atol=1e-5, rtol=1e-4)


def test_padding_changes_no_logits(config):
    torch.manual_seed(0)
    model = build_network(config, 7, 5, views=SEVEN).eval()
    x, lengths = torch.randn(3, 20, 7), torch.tensor([20, 11, 5])
    mask = torch.arange(20) < lengths[:, None]
    padded = torch.where(mask[..., None], x, 1e3)
    together = model(padded, mask)
    for i, length in enumerate(lengths):
        torch.testing.assert_close(together[i], model(x[i : i + 1, :length])[0], atol=1e-5, rtol=1e-4)


def test_clips_of_a_batch_do_not_influence_each_other(config):
    torch.manual_seed(0)
    model = build_network(config, 7, 5, views=SEVEN).eval()
    x = torch.randn(4, 60, 7)
    torch.testing.assert_close(model(x)[2], model(x[2:3])[0], atol=1e-5, rtol=1e-4)


def test_every_parameter_learns(config):
    torch.manual_seed(0)
    model = build_network(config, 7, 5, views=SEVEN)
    model(torch.randn(8, 60, 7)).square().sum().backward()
    assert all(p.grad is not None and p.grad.abs().sum() > 0 for p in model.parameters())


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:.*_flat_weights:UserWarning")  # of recurrent layers, and harmless
def test_an_exported_network_gives_the_same_for_any_batch_size(config):
    torch.manual_seed(0)
    model = build_network(config, 7, 5, views=SEVEN).eval()
    example, clips = torch.randn(2, 12, 7), torch.randn(3, 12, 7)
    program = torch.export.export(model, (example,), dynamic_shapes={"x": {0: torch.export.Dim("batch")}})
    torch.testing.assert_close(program.module()(clips), model(clips))


def test_the_insignia_network_has_the_original_layers():
    model = BiLSTMAttention(1662, 24)
    assert sum(p.numel() for p in model.parameters()) == 1_871_769
    assert {name.split(".")[0] for name in model.state_dict()} == {"lstm", "attn", "norm", "head"}
    assert {name.rsplit(".", 1)[0] for name in model.state_dict() if "head" in name} == {"head.0", "head.3"}


def test_a_pass_can_be_taken_in_two_halves_and_the_first_is_framewise():
    torch.manual_seed(0)
    model = BiLSTMAttention(30, 5).eval()
    x = torch.randn(3, 20, 30)
    projected = torch.stack([model.project(x[:, i]) for i in range(20)], 1)  # frame by frame, as a branch has them
    torch.testing.assert_close(model.forward_projected(projected), model(x), atol=1e-6, rtol=1e-5)


LINEAR = {"_target_": "isl.models.lstm.StackedLSTM", "hidden": [4]}
VIEWS = {"shape": 3, "place": 2, "motion": 4}


def branches(**sees) -> Any:
    torch.manual_seed(0)
    config = {"_target_": "isl.models.multi_branch.MultiBranch", "network": LINEAR, "sees": sees}
    return build_network(config, 9, 5, views=VIEWS).eval()


def test_a_branch_sees_its_own_views_only():
    model = branches(whole=None, hands=["motion", "shape"], place=["place"])
    x, other = torch.randn(6, 12, 9), torch.randn(6, 12, 2)
    before = model.branch_logits(x)  # (B, branches, words)
    x[..., 3:5] = other
    same = (model.branch_logits(x) == before).flatten(2).all(-1).all(0)
    assert same.tolist() == [False, True, False]


def test_threads_give_the_gradients_of_one_thread():
    model = branches(whole=None, hands=["shape"], place=["place"])
    x, target = torch.randn(6, 12, 9), torch.arange(6) % 5

    def gradients(threads: int) -> list[torch.Tensor]:
        model.backward_threads = threads
        model.zero_grad()
        logits = model.branch_logits(x)
        assert (type(logits.grad_fn).__name__ == "_ApartBackward") == (threads > 1)
        torch.nn.functional.cross_entropy(logits.sum(1), target).backward()
        return [parameter.grad for parameter in model.parameters()]

    for one, several in zip(gradients(1), gradients(2), strict=True):
        assert one.abs().sum() > 0 and torch.equal(one, several)


def test_probabilities_of_branches_are_multiplied_and_branches_without_views_are_left_out():
    model = branches(whole=None, hands=["shape", "lips"], face=["lips"], nothing=[])
    assert list(model.branches) == ["whole", "hands"] and model.unused == ["face", "nothing"]
    x = torch.randn(3, 12, 9)
    one, other = model.branch_logits(x).softmax(-1).unbind(1)
    product = (one * other).sqrt()  # equal weights, which sum to 1
    torch.testing.assert_close(model(x).softmax(-1), product / product.sum(-1, keepdim=True))
    model.weights.copy_(torch.tensor([0.0, 1.0]))
    torch.testing.assert_close(model(x).softmax(-1), other)


def test_every_branch_is_compiled():
    model = branches(whole=None, hands=["shape"])
    model.compile(backend="eager")
    assert all(branch._compiled_call_impl is not None for branch in model.branches.values())
    assert model.state_dict().keys() == branches(whole=None, hands=["shape"]).state_dict().keys()


def test_branches_without_any_view_of_the_features_are_refused():
    with pytest.raises(InputError, match="the features have shape, place, motion"):
        branches(face=["lips"])


def test_a_class_that_is_no_network_is_refused():
    with pytest.raises(InputError, match=r"FrameNorm: not a subclass of isl\.models\.network\.Network"):
        build_network({"_target_": "isl.models.frames.FrameNorm"}, 9, 5)


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"sees": None}, "model.sees=None"),
        ({"sees": 3}, "model.sees=3"),
        ({"sees": ["shape"]}, "model.sees="),
        ({"sees": {"hands": "shape"}}, "model.sees="),
        ({"sees": {"items": ["shape"]}}, "a branch cannot be called items"),
        ({"sees": {"a.b": ["shape"]}}, "a branch cannot be called a.b"),
        ({"sees": {"": ["shape"]}}, "a branch cannot be called"),
        ({"sees": {"half": ["shape"]}}, "a branch cannot be called half"),
        ({"network": 3}, "model.network=3"),
        ({"network": None}, "model.network=None"),
    ],
)
def test_the_message_about_a_wrong_argument_names_the_option(options, says):
    target = "isl.models.multi_branch.MultiBranch"
    config = {"_target_": target, "network": LINEAR, "sees": {"whole": None}, **options}
    with pytest.raises(InputError, match=re.escape(says)):
        build_network(config, 9, 5, views=VIEWS)
