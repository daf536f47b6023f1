"""Spatial-temporal graph convolutions over the skeleton of body and hands."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from isl.models.frames import FrameNorm, PointNorm, average_strides, find_real
from isl.models.network import Network, check_odd, check_shares, check_sizes
from isl.models.residual import DropPath
from isl.skeleton import Skeleton


def partitions(edges: list[tuple[int, int]], nodes: int) -> Tensor:
    """Returns the adjacency matrices ``(K, nodes, nodes)`` of edges (inner node, outer node); columns sum to 1.

    One matrix joins each node with itself (K = 1). Where there are edges, one more joins it with its inner and one with
    its outer neighbours (K = 3): the paper's "spatial configuration", with the order of the tree in place of distances
    to a centre of gravity.
    """
    inward = torch.zeros(nodes, nodes)
    for inner, outer in edges:
        inward[inner, outer] = 1.0
    heard = [torch.eye(nodes), inward, inward.mT] if edges else [torch.eye(nodes)]
    return torch.stack([graph / graph.sum(0).clamp(min=1) for graph in heard])


class GraphBlock(nn.Module):
    """Residual block: a convolution over the graph, then one over time. ``(B, C, T, V)`` to ``(B, C', T', V)``."""

    graph: Tensor

    def __init__(
        self, inputs: int, outputs: int, graph: Tensor, kernel: int, stride: int, drop_path: float, dropout: float
    ) -> None:
        super().__init__()
        self.stride = stride
        self.register_buffer("graph", graph, persistent=False)  # (K, V, V)
        self.importance = nn.Parameter(torch.ones_like(graph))  # learnt weight of each edge
        self.mix = nn.Conv2d(inputs * len(graph), outputs, 1, bias=False)
        self.mix_norm = PointNorm(outputs)
        self.time = nn.Conv2d(outputs, outputs, (kernel, 1), (stride, 1), (kernel // 2, 0), bias=False)
        self.time_norm = PointNorm(outputs)
        self.dropout = nn.Dropout2d(dropout)  # whole channels
        same = inputs == outputs and stride == 1
        self.shortcut = nn.Identity() if same else nn.Conv2d(inputs, outputs, 1, (stride, 1))
        self.drop_path = DropPath(drop_path)

    def forward(self, x: Tensor, real: Tensor) -> tuple[Tensor, Tensor]:
        """``x (B, C, T, V)`` and ``real (B, 1, T, 1)`` to both with ``T / stride`` frames."""
        y = torch.einsum("bctv,kvw->bkctw", x, self.graph * self.importance).flatten(1, 2)  # (B, K * C, T, V)
        y = F.relu(self.mix_norm(self.mix(y))) * real  # padding is 0 for the convolution over time
        y = self.dropout(self.time_norm(self.time(y)))  # (B, C', T / stride, V)
        return F.relu(self.shortcut(x) + self.drop_path(y)), real[:, :, :: self.stride]


class STGCN(Network):
    """Graph blocks over the points of body and hands, means over time and each part of the body, one linear layer.

    ``x (B, T, inputs)`` to logits ``(B, words)``. The features' ``skeleton`` lists the inputs that are points, and the
    parent of each point. All other inputs (distances, presence, the face mesh) form one more node, which is joined with
    every point; without a skeleton it is the only node. About 120,000 parameters on ``BodyHands``, 18 words.

    Source: Yan et al. 2018, "Spatial Temporal Graph Convolutional Networks for Skeleton-Based Action Recognition"
    (arXiv:1801.07455). To run on two cores, it has fewer channels and blocks, and every ``stride`` frames are averaged
    first. Points are averaged within each part of the body, not over the whole body, to keep the hands apart.
    """

    columns: Tensor
    mean: Tensor

    def __init__(
        self,
        inputs: int,
        words: int,
        skeleton: Skeleton | None = None,
        dim: int = 32,
        widths: tuple[int, ...] | list[int] = (32, 64, 64),
        strides: tuple[int, ...] | list[int] = (2, 2, 1),
        kernel: int = 5,
        stride: int = 2,
        drop_path: float = 0.0,
        dropout: float = 0.1,
        late_dropout: float = 0.4,
    ) -> None:
        super().__init__()
        check_sizes(dim=dim, widths=widths, strides=strides, stride=stride)
        check_odd(kernel)
        check_shares(drop_path=drop_path, dropout=dropout, late_dropout=late_dropout)
        self.stride = stride
        columns = torch.tensor(skeleton.columns) if skeleton else torch.empty(0, 1, dtype=torch.long)
        taken = {column for point in skeleton.columns for column in point} if skeleton else set()
        edges = [(inner, i) for i, inner in enumerate(skeleton.parents) if inner != i] if skeleton else []
        parts = list(skeleton.parts) if skeleton else []
        points = len(columns)
        self.rest = sorted(set(range(inputs)) - taken)
        self.register_buffer("columns", columns, persistent=False)  # (points, channels)

        self.norm = FrameNorm(inputs)
        if points:
            self.embed_point = nn.Linear(columns.shape[1], dim)
        if self.rest:
            self.embed_rest = nn.Linear(len(self.rest), dim)
            edges += [(points, i) for i in range(points)]
            parts += [max(parts, default=-1) + 1]
        graph = partitions(edges, len(parts))
        rows = torch.eye(max(parts) + 1)[parts]  # (V, parts)
        self.register_buffer("mean", rows / rows.sum(0), persistent=False)
        self.blocks = nn.ModuleList(
            GraphBlock(narrow, wide, graph, kernel, step, drop_path, dropout)
            for narrow, wide, step in zip([dim, *widths], widths, strides, strict=False)
        )
        self.head = nn.Sequential(nn.Dropout(late_dropout), nn.Linear(widths[-1] * rows.shape[1], words))

    def forward(self, x: Tensor, mask: Tensor | None = None) -> Tensor:
        """``x (B, T, inputs)``, mask bool ``(B, T)``, True for a real frame (None: all), to logits ``(B, words)``."""
        x, real = average_strides(self.norm(x), find_real(x, mask), self.stride)
        nodes = []
        if len(self.columns):
            channels = F.pad(x, (0, 1))[:, :, self.columns]  # (B, T / stride, points, channels); column -1 is 0
            nodes.append(self.embed_point(channels))
        if self.rest:
            nodes.append(self.embed_rest(x[:, :, self.rest])[:, :, None])
        x = torch.cat(nodes, 2).permute(0, 3, 1, 2)  # (B, dim, T / stride, V)
        real = real[:, None]  # (B, 1, T / stride, 1)
        for block in self.blocks:
            x, real = block(x, real)
        still = (x * real).sum(2) / real.sum(2).clamp(min=1)  # (B, C, V)
        logits: Tensor = self.head((still @ self.mean).flatten(1))  # (B, words)
        return logits
