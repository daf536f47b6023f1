"""Several networks, each on some views of a sign; their probabilities are multiplied."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from typing import Any

import torch
from torch import Tensor, nn

from isl.errors import InputError
from isl.models.network import Network, make_network


class MultiBranch(Network):
    """One network per branch. The branches' probabilities for a word are multiplied, each to the power of its weight.

    A sign is a handshape at a location with a movement (Stokoe 1960). A network on all inputs mostly learns the one of
    the three that is easiest in its training signers; a network on the handshape alone must learn handshapes. In the
    product, a word must be likely in every branch, so that one branch's error on a new signer is corrected by the
    others. An unknown sign with the handshape of one word and the movement of another gets a low probability for both.

    In training each branch has its own loss (``branch_logits``, see ``isl.training.task``). With one loss on the
    product, the weaker branches would learn little beside the strongest.

    The reliability of each branch on new signers is measured after training: ``isl.training.calibration`` sets the
    weights. Until then they are equal and sum to 1.

    Args:
        inputs, words: as for every network.
        network: the config of a branch's network, a ``_target_`` with its arguments; it gets no skeleton.
        sees: the views of each branch, by the branch's name; None: all inputs. A branch without any view that the
            features have is left out.
        views: the number of inputs of each view of the features, in order. None: the views are unknown.

    Source: late fusion of branches, as for joints and bones in 2s-AGCN (Shi et al. 2019, arXiv:1805.07694); products of
    experts (Hinton 2002, Neural Computation 14). About 870,000 parameters on ``BodyHands`` and 18 words.
    """

    weights: Tensor  # (branches,)

    def __init__(
        self,
        inputs: int,
        words: int,
        network: dict[str, Any],
        sees: dict[str, list[str] | None],
        views: dict[str, int] | None = None,
    ) -> None:
        super().__init__()
        if not isinstance(sees, dict) or not all(seen is None or isinstance(seen, list) for seen in sees.values()):
            raise InputError(f"model.sees={sees}: give every branch a list of views, or null for all of them")
        if unfit := [name for name in sees if not str(name).isidentifier() or hasattr(nn.ModuleDict, str(name))]:
            raise InputError(f"model.sees: a branch cannot be called {unfit[0]}; give it a name of letters only")
        if not isinstance(network, dict):
            raise InputError(f"model.network={network}: give a branch's network, a _target_ and its arguments")
        self.views = views or {}
        self.sees: dict[str, list[str]] = {}  # each branch's views; an empty list: all inputs
        self.unused: list[str] = []  # branches that were left out
        self.branches = nn.ModuleDict()
        for name, wanted in sees.items():
            seen = [view for view in self.views if view in (wanted or ())]
            if wanted is None or seen:
                columns = inputs if wanted is None else sum(self.views[view] for view in seen)
                self.branches[name] = make_network(network, columns, words)
                self.sees[name] = seen
            else:
                self.unused.append(name)
        if not self.branches:
            raise InputError(
                f"model.sees={sees}: no branch sees any view; the features have {', '.join(self.views) or 'none'}"
            )
        self.register_buffer("weights", torch.full((len(self.branches),), 1 / len(self.branches)))

    def compile(self, *args: Any, **options: Any) -> None:
        """Compiles each branch on its own, since training calls branches; arguments as for ``nn.Module.compile``."""
        for branch in self.branches.values():
            branch.compile(*args, **options)

    def branch_logits(self, x: Tensor, mask: Tensor | None = None) -> Tensor:
        parts = dict(zip(self.views, x.split(list(self.views.values()), -1), strict=True)) if self.views else {}
        logits = []
        for name, branch in self.branches.items():
            own = [parts[view] for view in self.sees[name]]
            logits.append(branch(torch.cat(own, -1) if own else x, mask))
        if self.backward_threads > 1 and torch.is_grad_enabled() and not x.requires_grad:
            start = torch.ones((), requires_grad=True)
            together: Tensor = _Apart.apply(start, logits, self.backward_threads)  # type: ignore[no-untyped-call]
            return together
        return torch.stack(logits, 1)

    def forward(self, x: Tensor, mask: Tensor | None = None) -> Tensor:
        """``x (B, T, inputs)``, mask bool ``(B, T)``, True for a real frame (None: all), to logits ``(B, words)``."""
        return self.combine(self.branch_logits(x, mask))

    def combine(self, logits: Tensor) -> Tensor:
        return (logits.log_softmax(-1) * self.weights[:, None]).sum(1)

    def set_branch_weights(self, weights: Sequence[float]) -> dict[str, float]:
        self.weights.copy_(torch.tensor(weights))
        return dict(zip(self.branches, weights, strict=True))

    def describe(self) -> list[str]:
        branches = [f"{name} ({', '.join(views) or 'all'})" for name, views in self.sees.items()]
        lines = [f"branches and what they see: {', '.join(branches)}"]
        if self.unused:
            lines.append(f"left out, since the features have none of their views: {', '.join(self.unused)}")
        return lines


class _Apart(torch.autograd.Function):
    """Stacks the branches' logits. Its backward pass runs those of the branches in threads.

    The branches share no parameters, so that the gradients are those of one thread.
    """

    @staticmethod
    def forward(ctx: Any, start: Tensor, logits: list[Tensor], threads: int) -> Tensor:
        ctx.logits, ctx.threads = logits, threads
        return torch.stack([branch.detach() for branch in logits], 1)

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> tuple[None, None, None]:
        for _ in _pool(ctx.threads).map(torch.autograd.backward, ctx.logits, gradient.unbind(1)):
            pass
        return None, None, None


@lru_cache
def _pool(threads: int) -> ThreadPoolExecutor:
    return ThreadPoolExecutor(threads, initializer=torch.set_num_threads, initargs=(1,))
