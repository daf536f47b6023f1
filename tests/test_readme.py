"""The README is true: its commands are understood, its tree is there, its links lead somewhere."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from hydra import compose, initialize_config_dir
from hydra.core.override_parser.overrides_parser import OverridesParser

from isl.config.app import CONF

ROOT = Path(__file__).parent.parent
README = re.sub(r"\\\n +", "", (ROOT / "README.md").read_text(encoding="utf-8"))  # commands of two lines in one
NAMES = {"train.py": "train", "infer.py": "infer", "live.py": "live"}
COMMANDS = sorted(set(re.findall(r"(?:^    |`)python ((?:train|infer|live)\.py(?: [^`\n#]+)?)", README, re.MULTILINE)))
EXTRAS = ("sweep=optuna",)  # needs what a plain installation lacks
TREE = README.partition("## The tree")[2].partition("## Extend")[0]


def sections(text: str) -> set[str]:
    """The anchors of a page's headings, as they are linked to."""
    return {re.sub(r"[^\w\- ]", "", title).lower().replace(" ", "-") for title in re.findall(r"^#+ (.+)$", text, re.M)}


@pytest.mark.slow
@pytest.mark.parametrize("command", [command for command in COMMANDS if not command.endswith(EXTRAS)], ids=str)
def test_a_command_names_options_that_exist(command):
    script, *words = shlex.split(re.sub("<[^>]+>", "", command))
    given = [word for word in words if "=" in word and not word.startswith(("-", "hydra."))]
    parsed = OverridesParser.create().parse_overrides(given)
    first = [next(iter(o.sweep_string_iterator())) if o.is_sweep_override() else o.get_value_string() for o in parsed]
    with initialize_config_dir(str(CONF), version_base="1.3"):
        compose(NAMES[script], [f"{o.key_or_group}={value}" for o, value in zip(parsed, first, strict=True)])


def test_there_are_commands_to_try():
    assert len(COMMANDS) > 25


def test_the_tree_names_files_that_exist_and_all_rooms():
    named = set(re.findall(r"[\w/]+\.py|\w+/", TREE))
    for name in named:
        assert any(ROOT.rglob(name.rstrip("/"))), name
    rooms = {
        path.name for path in (ROOT / "isl").iterdir() if path.name not in ("__init__.py", "__pycache__", "py.typed")
    }
    assert not {room for room in rooms if room not in {name.rstrip("/") for name in named}}


@pytest.mark.parametrize("page", ["README.md", "tests/benchmarks/README.md"])
def test_links_lead_somewhere(page):
    text = (ROOT / page).read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)]+)\)", text):
        path, _, anchor = target.partition("#")
        if target.startswith("http"):
            continue
        there = (ROOT / page).parent / path if path else ROOT / page
        assert there.is_file(), target
        assert not anchor or anchor in sections(there.read_text(encoding="utf-8")), target
