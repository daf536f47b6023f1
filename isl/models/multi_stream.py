"""Several networks, each of which sees some of a sign, and which must agree."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn

from isl.build import build
from isl.errors import InputError


class MultiStream(nn.Module):
    """One network a stream; the probabilities that they give a word are multiplied, each to the power of its weight.

    A sign is a handshape at a location with a movement (Stokoe 1960). A network that sees all of it leans on what is
    easiest in its training signers, mostly one of the three; one that sees a handshape alone must learn handshapes. In
    the product a word must be likely by each, so that what one of them mistakes in a new signer the others refuse, and
    a sign that was never taught, like one word in its handshape and another in its movement, is sure of none.

    In training each stream learns for itself (``each``, see ``isl.task``): learning through the product, the weaker
    ones would leave the work to the strongest.

    How far each stream can be trusted with new signers is known after training: ``isl.calibration`` sets the weights,
    which are 1 until then.

    Args:
        inputs, words: as of every network.
        network: the config of a stream's network, a ``_target_`` with its arguments.
        sees: for each stream's name the views that it sees; None: all inputs. A stream whose views the features lack
            is left out, as is one that sees none.
        views: how many inputs each of the features' views has, in their order. None: nothing is known of them.

    Source: late fusion of streams, as of joints and bones in 2s-AGCN (Shi et al. 2019, arXiv:1805.07694); products of
    experts (Hinton 2002, Neural Computation 14). About 870,000 parameters on ``BodyHands`` and 18 words.
    """

    weights: Tensor  # (streams,)

    def __init__(
        self,
        inputs: int,
        words: int,
        network: dict[str, Any],
        sees: dict[str, list[str] | None],
        views: dict[str, int] | None = None,
    ) -> None:
        super().__init__()
        views = views or {}
        self.widths = list(views.values())
        self.seen: list[list[int]] = []  # each stream's views by their place; none: all of the input
        self.streams = nn.ModuleDict()
        for name, wanted in sees.items():
            seen = [place for place, view in enumerate(views) if view in (wanted or ())]
            if wanted is None or seen:
                columns = inputs if wanted is None else sum(self.widths[place] for place in seen)
                self.streams[name] = build(network, inputs=columns, words=words)
                self.seen.append(seen)
        self.register_buffer("weights", torch.ones(len(self.streams)))
        if not self.streams:
            raise InputError(f"model.sees={sees}: no stream sees any view; the features have {', '.join(views)}")

    def each(self, x: Tensor, mask: Tensor | None = None) -> Tensor:
        """What every stream says for itself: ``x (B, T, inputs)`` to logits ``(B, streams, words)``."""
        views = x.split(self.widths, -1) if self.widths else ()
        said = [
            stream(torch.cat([views[place] for place in seen], -1) if seen else x, mask)
            for stream, seen in zip(self.streams.values(), self.seen, strict=True)
        ]
        return torch.stack(said, 1)

    def forward(self, x: Tensor, mask: Tensor | None = None) -> Tensor:
        """``x (B, T, inputs)``, mask bool ``(B, T)``, True for a real frame (None: all), to logits ``(B, words)``."""
        return self.together(self.each(x, mask))

    def together(self, each: Tensor) -> Tensor:
        """What the streams' logits ``(B, streams, words)`` come to: ``(B, words)``."""
        return (each.log_softmax(-1) * self.weights[:, None]).sum(1)
