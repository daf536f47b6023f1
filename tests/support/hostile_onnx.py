"""ONNX files that an attacker could send, beside a sound one. Each tries another kind of harm; all are small."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from onnx import NodeProto, TensorProto, helper, numpy_helper

FACTS: dict[str, Any] = {
    "words": ["no", "yes"],
    "seconds": 2.0,
    "aspect": 1.0,
    "reject": 0.0,
    "threshold": 0.0,
    "about": {},
}
ZERO = numpy_helper.from_array(np.float32(0), "zero")


def model(nodes: Sequence[NodeProto] = (), weights: Sequence[TensorProto] = (), facts: Any = None) -> Any:
    """Returns a network of a few operators; ``nodes`` come between its answer ``sound`` and its output ``answer``."""
    matrix = numpy_helper.from_array(np.zeros((1662, 2), np.float32), "matrix")
    own = [
        helper.make_node("ReduceMean", ["landmarks"], ["mean"], axes=[1], keepdims=0),
        helper.make_node("MatMul", ["mean", "matrix"], ["logits"]),
        helper.make_node("Softmax", ["logits"], ["sound"]),
    ]
    last = helper.make_node("Identity", ["answer" if nodes else "sound"], ["probabilities"])
    inputs = [
        helper.make_tensor_value_info("landmarks", TensorProto.FLOAT, ["batch", 60, 1662]),
        helper.make_tensor_value_info("aspect", TensorProto.FLOAT, ["batch"]),
    ]
    output = helper.make_tensor_value_info("probabilities", TensorProto.FLOAT, None)
    graph = helper.make_graph([*own, *nodes, last], "network", inputs, [output], [matrix, *weights])
    sets = [helper.make_opsetid("", 17), helper.make_opsetid("com.microsoft", 1)]
    made = helper.make_model(graph, opset_imports=sets, ir_version=8)
    helper.set_model_props(made, {"isl": json.dumps(FACTS if facts is None else facts)})
    return made


def adding(name: str, *nodes: NodeProto) -> list[NodeProto]:
    """Returns the nodes, and those that add nothing of the tensor ``name`` to the answer."""
    return [
        *nodes,
        helper.make_node("ReduceMean", [name], ["reduced"], keepdims=0),
        helper.make_node("Mul", ["reduced", "zero"], ["nothing"]),
        helper.make_node("Add", ["sound", "nothing"], ["answer"]),
    ]


def elsewhere(location: str) -> Any:
    """Returns a network with a weight in another file."""
    weight = TensorProto(name="theirs", data_type=TensorProto.FLOAT, dims=[1], data_location=TensorProto.EXTERNAL)
    for key, value in (("location", location), ("offset", "0"), ("length", "4")):
        entry = weight.external_data.add()
        entry.key, entry.value = key, value
    return model(adding("theirs"), [ZERO, weight])


def endless() -> Any:
    """Returns a network with a loop of 2**60 steps."""
    kinds = (("step", TensorProto.INT64), ("going", TensorProto.BOOL), ("value", TensorProto.FLOAT))
    body = helper.make_graph(
        [helper.make_node("Identity", ["going"], ["still"]), helper.make_node("Add", ["value", "value"], ["doubled"])],
        "body",
        [helper.make_tensor_value_info(name, kind, []) for name, kind in kinds],
        [
            helper.make_tensor_value_info("still", TensorProto.BOOL, []),
            helper.make_tensor_value_info("doubled", TensorProto.FLOAT, []),
        ],
    )
    weights = [ZERO, numpy_helper.from_array(np.int64(2**60), "n"), numpy_helper.from_array(np.bool_(True), "yes")]
    return model(adding("looped", helper.make_node("Loop", ["n", "yes", "zero"], ["looped"], body=body)), weights)


def grown(operator: str, *inputs: str, shape: Sequence[int] = (3_000_000_000,)) -> Any:
    sizes = numpy_helper.from_array(np.array(shape, np.int64), "shape")
    return model(adding("grown", helper.make_node(operator, [*inputs, "shape"], ["grown"])), [ZERO, sizes])


def doubled() -> Any:
    """Returns a network that joins the landmarks with themselves thirty times."""
    names = ["landmarks", *(f"joined{i}" for i in range(30))]
    nodes = [helper.make_node("Concat", [a, a], [b], axis=1) for a, b in pairwise(names)]
    return model(adding(names[-1], *nodes), [ZERO])


def laborious() -> Any:
    """Returns a network that multiplies large matrices, minutes of work in little memory."""
    names = [f"matrix{i}" for i in range(60)]
    nodes = [helper.make_node("Expand", ["zero", "shape"], [names[0]])]
    nodes += [helper.make_node("MatMul", [a, a], [b]) for a, b in pairwise(names)]
    return model(adding(names[-1], *nodes), [ZERO, numpy_helper.from_array(np.array([2000, 2000]), "shape")])


def foreign() -> Any:
    return model([helper.make_node("Gelu", ["sound"], ["answer"], domain="com.microsoft")])


def texts() -> Any:
    letters: Any = [b"a" * 100_000]
    long = helper.make_tensor("text", TensorProto.STRING, [1], letters)
    return model(adding("grown", helper.make_node("Expand", ["text", "shape"], ["grown"])), [ZERO, long])


def weighing(value: float) -> Any:
    """Returns a network one of whose weights is ``value``."""
    weight = numpy_helper.from_array(np.array([0, value], np.float32), "theirs")
    return model([helper.make_node("Mul", ["sound", "theirs"], ["answer"])], [weight])


def not_finite() -> Any:
    return model([helper.make_node("Div", ["sound", "zero"], ["answer"])], [ZERO])


def deep_facts() -> Any:
    made = model()
    made.metadata_props[0].value = "[" * 100_000
    return made


def long_number() -> Any:
    made = model()
    made.metadata_props[0].value = '{"words": ["no", "yes"], "seconds": ' + "9" * 100_000 + "}"
    return made


def facts(**changes: Any) -> Callable[[], Any]:
    return lambda: model(facts=FACTS | changes)


FILES: dict[str, Callable[[], Any]] = {
    "weights of another file": lambda: elsewhere("/etc/passwd"),
    "weights beside it": lambda: elsewhere("secret.bin"),
    "weights above it": lambda: elsewhere("../../etc/passwd"),
    "loop": endless,
    "expand": lambda: grown("Expand", "zero"),
    "constant": lambda: grown("ConstantOfShape"),
    "joined": doubled,
    "labour": laborious,
    "foreign operator": foreign,
    "texts": texts,
    "nan": lambda: weighing(float("nan")),
    "infinite": lambda: weighing(float("inf")),
    "not finite": not_finite,
    "deep facts": deep_facts,
    "long number": long_number,
    "a list of facts": lambda: model(facts=[1]),
    "about": facts(about=[1]),
    "text about": facts(about="nothing"),
    "thresholds": facts(about={"thresholds": [1, 2]}),
    "nan threshold": facts(about={"thresholds": {"nan": float("nan")}}),
    "no time": facts(seconds=0),
    "endless time": facts(seconds=999_999),
    "no width": facts(aspect=0),
    "a word more": facts(words=["no", "yes", "more"]),
    "no words": facts(words=[]),
    "long word": facts(words=["no", "y" * 1_000_000]),
    "twice": facts(words=["no", "no"]),
    "escape": facts(words=["no", "\x1b]0;owned\x07\x1b[2J"]),
}


def write(kind: str, path: Path) -> None:
    """Writes the hostile file ``kind`` to ``path``."""
    path.write_bytes(FILES[kind]().SerializeToString())
