"""The pages are true: their commands are understood, the tree is there, links lead somewhere."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from hydra import compose, initialize_config_dir
from hydra.core.override_parser.overrides_parser import OverridesParser

from isl.config.advice import misspelt
from isl.config.app import CONF
from isl.config.renamed import find_renamed

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", *sorted(ROOT.glob("isl/*/README.md")), *sorted(ROOT.glob(".github/*.md"))]
PAGES += sorted(ROOT.glob("tests/*/README.md"))
TYPED = re.compile(r"(?:^    |`)((?:python (?:train|infer|live)\.py|isl-\w+)(?: [^`\n#]+)?)", re.MULTILINE)
EXTRAS = ("sweep=optuna", "hydra/launcher=submitit_slurm", "hydra/launcher=ray")  # need what a plain installation lacks


def commands(page: Path) -> list[str]:
    """The commands on a page, those of two lines in one."""
    return TYPED.findall(re.sub(r"\\\n +", "", page.read_text(encoding="utf-8")))


COMMANDS = sorted({command.strip() for page in PAGES if page.name != "CHANGELOG.md" for command in commands(page)})
README = (ROOT / "README.md").read_text(encoding="utf-8")
TREE = README.partition("## The tree")[2].partition("## Extend")[0]


def sections(text: str) -> set[str]:
    """The anchors of a page's headings, as they are linked to."""
    return {re.sub(r"[^\w\- ]", "", title).lower().replace(" ", "-") for title in re.findall(r"^#+ (.+)$", text, re.M)}


@pytest.mark.slow
@pytest.mark.parametrize("command", [command for command in COMMANDS if not any(e in command for e in EXTRAS)], ids=str)
def test_a_command_names_options_that_exist(command):
    words = shlex.split(re.sub("<[^>]+>", "", command).removeprefix("python "))
    name, arguments = words[0].removesuffix(".py").removeprefix("isl-"), words[1:]
    if name == "sentence":  # its argument is a sentence of glosses, not options
        return
    assert (CONF / f"{name}.yaml").is_file(), f"there is no command {words[0]}"
    assert find_renamed(name, arguments) == "" and misspelt(arguments, name, CONF) == ""
    given = [word for word in arguments if "=" in word and not word.startswith(("-", "hydra."))]
    given = [word for word in given if not word.startswith("data=clinic")]  # of the user's own --config-dir
    parsed = OverridesParser.create().parse_overrides(given)
    first = [next(iter(o.sweep_string_iterator())) if o.is_sweep_override() else o.get_value_string() for o in parsed]
    with initialize_config_dir(str(CONF), version_base="1.3"):
        compose(name, [f"{o.key_or_group}={value}" for o, value in zip(parsed, first, strict=True)])


def test_there_are_commands_to_try():
    assert len(COMMANDS) > 35
    assert len({command.split()[0] for command in COMMANDS}) >= 5


def test_the_front_page_is_short():
    assert len(README.splitlines()) <= 250


def test_the_tree_names_files_that_exist_and_all_rooms():
    named = set(re.findall(r"[\w/]+\.py|\w+/", TREE))
    for name in named:
        assert any(ROOT.rglob(name.rstrip("/"))), name
    rooms = {
        path.name for path in (ROOT / "isl").iterdir() if path.name not in ("__init__.py", "__pycache__", "py.typed")
    }
    assert not {room for room in rooms if room not in {name.rstrip("/") for name in named}}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(page):
    text = page.read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)]+)\)", text):
        path, _, anchor = target.partition("#")
        if target.startswith("http"):
            continue
        there = page.parent / path if path else page
        assert there.is_file(), target
        assert not anchor or anchor in sections(there.read_text(encoding="utf-8")), target


def test_every_command_that_is_installed_is_on_the_front_page():
    installed = re.findall(r"^(isl-[\w-]+) =", (ROOT / "pyproject.toml").read_text(encoding="utf-8"), re.MULTILINE)
    assert [command for command in installed if command not in README] == []
