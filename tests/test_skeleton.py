"""Where a feature set says that the points of the body stand, and what a graph network makes of it."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from support.bodies import signer

from isl import landmarks as lm
from isl.features import BodyFeatures, BodyHands, RawFeatures
from isl.models.network import build_network
from isl.models.stgcn import STGCN, partitions
from isl.skeleton import Skeleton, consecutive, points_of

STGCN_CONFIG = {"_target_": "isl.models.stgcn.STGCN", "widths": [16, 16], "strides": [1, 2]}
FEATURES = {
    "raw": RawFeatures(),
    "body": BodyFeatures(),
    "body, everything": BodyFeatures(["upper_body", "arms", "eyes", "right_hand"], motion=[1, 3]),
    "body_hands": BodyHands(dominant=False),
    "body_hands, other views": BodyHands(dominant=False, shape=False, spans=False, lips=True),
}


@pytest.fixture(params=list(FEATURES.values()), ids=list(FEATURES))
def features(request):
    return request.param.eval()


def test_a_points_columns_are_where_it_shows(features):
    clip, aspect, skeleton = signer(), torch.ones(1), features.skeleton
    before = features(clip, aspect)
    followers = {point: i for i, point in enumerate(skeleton.points)}
    for point in [(lm.POSE, lm.LEFT_ELBOW), (lm.RIGHT_HAND, lm.FINGERS[1][-1])]:
        part, i = point
        if point not in followers:
            continue
        other = clip.clone()
        part.of(other)[:, 6, i, :3] += 0.01
        changed = (features(other, aspect) - before).abs().amax((0, 1)) > 1e-6  # (F,)
        own = [column for column in skeleton.columns[followers[point]] if column >= 0]
        assert changed[own].all(), "each view of the point knows of it"
        position = [row[0] for row in skeleton.columns]  # x in the first view: no other point has moved
        assert [j for j, column in enumerate(position) if changed[column]] == [followers[point]]


def test_no_column_is_two_points_and_all_are_there(features):
    skeleton = features.skeleton
    columns = [column for row in skeleton.columns for column in row if column >= 0]
    assert len(columns) == len(set(columns)) and max(columns) < features.size
    assert len(skeleton.points) == len(set(skeleton.points))
    assert len({len(row) for row in skeleton.columns}) == 1


def test_every_point_hangs_from_one_further_in_up_to_a_root():
    skeleton = BodyHands().skeleton
    parents = dict(zip(skeleton.points, (skeleton.points[i] for i in skeleton.parents), strict=True))
    assert parents[lm.POSE, lm.NOSE] == (lm.POSE, lm.NOSE)
    assert parents[lm.LEFT_HAND, lm.WRIST] == (lm.POSE, lm.LEFT_WRIST)
    assert parents[lm.RIGHT_HAND, lm.FINGERS[2][0]] == (lm.RIGHT_HAND, lm.WRIST)
    assert parents[lm.POSE, lm.RIGHT_ELBOW] == (lm.POSE, lm.RIGHT_SHOULDER)
    for start in skeleton.points:
        point = start
        for _ in range(len(skeleton.points)):
            point = parents[point]
        assert point == (lm.POSE, lm.NOSE)


def test_a_point_whose_neighbour_is_not_there_hangs_from_the_next():
    arm = [(lm.POSE, lm.LEFT_SHOULDER), (lm.POSE, lm.LEFT_WRIST), (lm.LEFT_HAND, lm.FINGERS[0][-1])]
    assert Skeleton.of([consecutive(arm, 0)]).parents == (0, 0, 1)


def test_a_node_hears_itself_and_its_neighbours_in_equal_shares():
    graph = partitions([(0, 1), (0, 2)], 4)  # 1 and 2 hang from 0; 3 is alone
    assert graph[0].equal(torch.eye(4))
    assert graph[1, 0].tolist() == [0, 1, 1, 0]  # both hear 0
    assert graph[2, :, 0].tolist() == [0, 0.5, 0.5, 0]  # 0 hears both
    assert len(partitions([], 1)) == 1


def test_every_feature_set_has_its_graph(features):
    torch.manual_seed(0)
    net = build_network(STGCN_CONFIG, features.size, 3, features.skeleton)
    assert isinstance(net, STGCN)
    used = [column for column in net.columns.flatten().tolist() if column >= 0]
    assert sorted([*used, *net.rest]) == list(range(features.size)), "every input has one way in"
    net(torch.randn(4, 8, features.size)).square().sum().backward()
    assert all(p.grad is not None and p.grad.abs().sum() > 0 for p in net.parameters())


def test_padding_changes_no_logits_of_a_graph():
    torch.manual_seed(0)
    features = BodyFeatures()
    net = build_network(STGCN_CONFIG, features.size, 2, features.skeleton).eval()
    x, mask = torch.randn(1, 20, features.size), torch.arange(20)[None] < 11
    padded = torch.where(mask[..., None], x, 1e3)
    torch.testing.assert_close(net(padded, mask), net(x[:, :11]), atol=1e-5, rtol=1e-4)


def test_points_move_their_neighbours_first():
    torch.manual_seed(0)
    skeleton = Skeleton.of([consecutive(points_of(lm.LEFT_HAND), 0)])
    net = STGCN(2 * lm.LEFT_HAND.points, 2, skeleton, widths=[8], strides=[1]).eval()
    block, x = net.blocks[0], torch.randn(1, 32, 4, lm.LEFT_HAND.points, requires_grad=True)
    y, _ = block(x, torch.ones(1, 1, 4, 1))
    y[..., lm.FINGERS[1][1]].sum().backward()
    assert x.grad is not None
    heard = x.grad.abs().sum((0, 1, 2)).nonzero().flatten().tolist()
    assert heard == list(lm.FINGERS[1][:3])  # the joint itself, one further in, one further out


def test_the_members_of_an_ensemble_get_the_skeleton_too():
    features = BodyFeatures()
    config = {"_target_": "isl.models.members.MemberAverage", "members": [STGCN_CONFIG, STGCN_CONFIG]}
    ensemble: Any = build_network(config, features.size, 2, features.skeleton).eval()
    alone = build_network(STGCN_CONFIG, features.size, 2, features.skeleton)
    alone.load_state_dict(ensemble.members[1].state_dict())
    assert ensemble(torch.randn(2, 8, features.size)).shape == (2, 2)
