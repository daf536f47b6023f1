"""A checkpoint from a stranger: every kind of harm is one line, and nothing is run, allocated or touched."""

from __future__ import annotations

import importlib
import os
import pkgutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support import hostile
from support.refusals import COMMANDS, prepare, refuse
from support.traced import environment

from isl.augment.noise import NoAugmentation
from isl.augment.scene import Step
from isl.errors import InputError
from isl.features import Features
from isl.models.network import Network
from isl.recognition.archive import write_archive
from isl.recognition.checkpoint import load_checkpoint
from isl.recognition.configs import KINDS as KINDS_OF_CLASS
from isl.recognition.recognizer import Recognizer
from isl.recognition.resumable import check_resumable

KINDS = sorted(hostile.FILES)
BASES = {"features": Features, "model": Network, "augment": (NoAugmentation, Step)}
ROOT = Path(__file__).parents[2]
MEMORY = 500 * 2**20


@pytest.fixture
def file(request, tmp_path):
    path = tmp_path / "theirs.ckpt"
    hostile.FILES[request.param](path)
    return path


@pytest.mark.parametrize("file", KINDS, indirect=True)
def test_a_hostile_file_is_refused_in_one_line_and_runs_no_code(file):
    with pytest.raises(InputError) as caught:
        Recognizer.load(file)
    text = str(caught.value)
    assert text.isprintable() and len(text) < 500
    assert not file.with_suffix(".mark").exists()


@pytest.mark.parametrize("file", KINDS, indirect=True)
def test_a_hostile_file_is_not_resumed(file):
    with pytest.raises(InputError) as caught:
        check_resumable(file, ["no", "yes"], hostile.content()["state_dict"])
    assert str(caught.value).isprintable() and not file.with_suffix(".mark").exists()


def test_the_sound_file_that_the_others_are_made_of_is_loaded(tmp_path):
    torch.save(hostile.content(), tmp_path / "a.ckpt")  # without a checksum, as older versions wrote it
    assert Recognizer.load(tmp_path / "a.ckpt").words == ["no", "yes"]
    check_resumable(tmp_path / "a.ckpt", ["no", "yes"], hostile.content()["state_dict"])


LIGHT = (
    *("pickle", "legacy", "torchscript", "system", "reader", "no network", "optimiser", "bomb", "escape", "newline"),
    *("stride", "grown", "nesting", "hidden", "negative", "stages", "kernel", "shared members", "nan", "infinite"),
    *("half nan", "brain infinite", "double nan", "not a number", "path", "many words"),
)


def test_invalid_values_are_refused_before_torch_is_loaded(tmp_path):
    for kind in LIGHT:
        hostile.FILES[kind](tmp_path / f"{kind}.ckpt")
    code = (
        "import sys; from isl.errors import InputError; from isl.recognition.checkpoint import load_checkpoint\n"
        "for path in sys.argv[1:]:\n"
        "    try: load_checkpoint(path); print('loaded', path)\n"
        "    except InputError as error: print(error) if 'torch' in sys.modules else None"
    )
    files = [tmp_path / f"{kind}.ckpt" for kind in LIGHT]
    done = subprocess.run([sys.executable, "-c", code, *files], capture_output=True, text=True, cwd=ROOT)
    assert done.returncode == 0 and not done.stdout, (done.stdout, done.stderr)


@pytest.mark.parametrize("place", sorted(BASES))
def test_a_checkpoint_may_name_all_of_isl_s_own_classes_of_a_kind_and_no_others(place):
    kind = KINDS_OF_CLASS[place]
    base: Any = BASES[place]
    package = importlib.import_module(kind.package)
    modules = [importlib.import_module(f"{kind.package}.{m.name}") for m in pkgutil.iter_modules(package.__path__)]
    own = {n for m in modules for n, c in vars(m).items() if isinstance(c, type) and issubclass(c, base)}
    abstract = {"Features", "Network", "Step"}
    assert set(kind.classes) == own - abstract


@pytest.mark.slow
@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_that_takes_a_checkpoint_refuses_in_one_line_within_its_memory(command, tmp_path):
    prepare(tmp_path)
    kinds = ("pickle", "bomb", "fifo", "nan")  # all commands check a file by the same function
    for kind in (*kinds, "system", "hidden", "shared members", "grown", "escape") if command == "infer" else kinds:
        path = tmp_path / f"{kind.replace(' ', '_')}.ckpt"
        hostile.FILES[kind](path)
        refused = refuse(command, path)
        lines = refused.said.strip().splitlines()
        assert refused.code == 2 and len(lines) == 1 and lines[0].isprintable(), (kind, refused.said)
        assert refused.memory < MEMORY, kind
        assert not path.with_suffix(".mark").exists() and refused.touched == []


def test_what_a_program_touches_is_traced(tmp_path):
    """Otherwise the lists of what was touched would be empty for any program."""
    (tmp_path / "theirs.txt").touch()
    acts = (
        "import os, socket, subprocess; open('/etc/hostname').close(); os.remove('theirs.txt')",
        "subprocess.run(['true']); socket.socket().connect_ex(('127.0.0.1', 9))",
    )
    env = {**os.environ, **environment(tmp_path / "hook", tmp_path / "log.txt")}
    subprocess.run([sys.executable, "-c", "; ".join(acts)], cwd=tmp_path, env=env, check=True)
    events = {line.split()[0] for line in (tmp_path / "log.txt").read_text().splitlines()}
    assert {"open", "os.remove", "subprocess.Popen", "socket.connect"} <= events


@pytest.fixture(scope="module")
def sound(tmp_path_factory) -> bytes:
    path = tmp_path_factory.mktemp("sound") / "a.ckpt"
    write_archive(hostile.content(), path)
    assert load_checkpoint(path).words == ["no", "yes"]
    return path.read_bytes()


def flipped(sound: bytes, bit: int) -> bytes:
    damaged = bytearray(sound)
    damaged[bit // 8] ^= 1 << bit % 8
    return bytes(damaged)


def test_a_thousand_copies_with_one_bit_flipped_are_a_thousand_refusals(sound, tmp_path):
    rng = np.random.default_rng(0)
    ends = [*range(0, 400, 4), *range(8 * len(sound) - 800, 8 * len(sound), 8)]  # first and last bytes among them
    for bit in [*ends, *rng.integers(0, 8 * len(sound), 1000 - len(ends)).tolist()]:
        (tmp_path / "a.ckpt").write_bytes(flipped(sound, bit))
        with pytest.raises(InputError) as caught:
            load_checkpoint(tmp_path / "a.ckpt")
        assert str(caught.value).isprintable()


def test_a_flipped_bit_in_the_numbers_of_an_older_file_is_found_too(tmp_path):
    torch.save(hostile.content(), tmp_path / "a.ckpt")
    raw = (tmp_path / "a.ckpt").read_bytes()
    at = raw.find(hostile.content()["state_dict"]["model.norm.weight"].numpy().tobytes())
    (tmp_path / "a.ckpt").write_bytes(flipped(raw, 8 * at + 3))
    with pytest.raises(InputError, match="damaged"):
        load_checkpoint(tmp_path / "a.ckpt")


@pytest.mark.parametrize("keep", [0.999, 0.5, 0.01])
def test_a_file_that_is_cut_off_is_refused(keep, sound, tmp_path):
    (tmp_path / "a.ckpt").write_bytes(sound[: int(keep * len(sound))])
    with pytest.raises(InputError, match=r"cut off|damaged"):
        load_checkpoint(tmp_path / "a.ckpt")


plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
PLACES = ("words", "features", "model", "augment", "optimizer", "scheduler", "about", "label_smoothing", "seed")


@pytest.mark.slow
@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_any_values_and_any_bytes_are_loaded_or_refused_in_one_line(data, sound, tmp_path_factory):
    """The fuzz target: other values in any place of a file, or its bytes changed, removed and doubled."""
    path = tmp_path_factory.getbasetemp() / "fuzz.ckpt"
    if data.draw(st.booleans(), "values"):
        made = hostile.content()
        described = made["hyper_parameters"]
        for place in data.draw(st.lists(st.sampled_from(PLACES), min_size=1, max_size=2)):
            inside = isinstance(described.get(place), dict) and data.draw(st.booleans())
            if inside:
                described[place] = {**described[place], data.draw(st.text(max_size=8)): data.draw(plain)}
            else:
                described[place] = data.draw(plain)
        torch.save(made, path)
    else:
        start = data.draw(st.integers(0, len(sound)))
        end = data.draw(st.integers(start, min(start + 300, len(sound))))
        path.write_bytes(sound[:start] + data.draw(st.binary(max_size=300)) + sound[end:])
    try:
        Recognizer.load(path)
    except InputError as error:
        assert str(error).isprintable() and len(str(error)) < 600
