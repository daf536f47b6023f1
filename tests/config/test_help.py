"""``--help`` says a line about each group, choice and option, and lists the command's own alone."""

from __future__ import annotations

import sys

import pytest

from isl.config import help as help_page
from isl.config.app import CONF
from isl.config.without import WITHOUT

COMMANDS = sorted(path.stem for path in CONF.glob("*.yaml"))


def page(name: str, capsys, *arguments: str) -> str:
    help_page.show(name, CONF, arguments, "About.")
    return capsys.readouterr().out


def lines(name: str) -> list[str]:
    return (CONF / f"{name}.yaml").read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("path", sorted(CONF.glob("*/*.yaml")), ids=lambda path: f"{path.parent.name}={path.stem}")
def test_every_choice_has_a_line_of_description(path):
    if path.parent.name != "hydra":
        said = help_page.description(path.read_text(encoding="utf-8"))
        assert 3 < len(said) <= 200, said


@pytest.mark.parametrize("name", COMMANDS)
def test_every_group_and_option_has_a_line_of_description(name):
    for entry in [*help_page.groups(lines(name)), *help_page.options(lines(name))]:
        assert entry.about, f"conf/{name}.yaml: {entry.name} has no comment"


@pytest.mark.parametrize("name", COMMANDS)
def test_the_page_lists_the_commands_own_options_and_no_others(name, capsys):
    said = page(name, capsys)
    for entry in help_page.options(lines(name)):
        assert f"  {entry.name}=" in said
    assert ("optimizer=" in said) is (name == "train")
    assert "override" not in said and " hydra=" not in said


def test_a_group_without_a_choice_lists_its_options_alone_and_what_must_be_given_is_marked(capsys):
    said = " ".join(page("infer", capsys).split())
    assert "stream=" not in said and " pause=3.0 " in said and "accept=" in said
    assert " input=... needed: " in said and "as in accept=between_rests --help" in said
    assert "--config-dir" not in page("verify", capsys)


def test_a_choice_that_is_named_shows_its_options(capsys):
    assert "data.root=" not in page("train", capsys)
    assert "data.root=null" in page("train", capsys, "data=folder", "--help")


def test_the_ingredients_are_listed(capsys):
    said = page("train", capsys)
    assert all(f" {name} " in said for name in WITHOUT)


def test_the_users_own_choices_are_listed(tmp_path, capsys):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "clinic.yaml").write_text("# Signs of our clinic. 2026\nroot: x\n")
    said = page("train", capsys, "--config-dir", str(tmp_path), "--help")
    assert "clinic" in said and "Signs of our clinic" in said


def test_a_page_is_as_wide_as_the_screen(capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    assert max(len(line.rstrip()) for line in page("train", capsys).splitlines()[2:]) <= 80


def test_help_is_printed_by_the_command(monkeypatch, capsys):
    from isl.commands.train import main

    monkeypatch.setattr(sys, "argv", ["isl-train", "--help"])
    main()
    assert "data=" in capsys.readouterr().out
