"""Turns a task into a command with Hydra. A user's mistakes become one-line messages instead of tracebacks."""

from __future__ import annotations

import functools
import math
import os
import re
import shutil
import sys
import traceback
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

import hydra
from hydra._internal.utils import get_args_parser
from hydra.core.hydra_config import HydraConfig
from hydra.core.override_parser.overrides_parser import OverridesParser
from hydra.core.override_parser.types import ChoiceSweep, RangeSweep
from hydra.errors import HydraException
from hydra.utils import get_method
from omegaconf import DictConfig, OmegaConf
from omegaconf.errors import MissingMandatoryValue, OmegaConfBaseException

from isl.config import advice, help
from isl.config.renamed import find_renamed
from isl.config.unused import check_unused
from isl.errors import InputError, describe_disk_error, one_line, reason_of
from isl.files import make_fresh_folder

ISL = Path(__file__).resolve().parents[1]
CONF = ISL / "conf" if (ISL / "conf").is_dir() else ISL.parent / "conf"  # in a wheel; in a checkout
SOME_FAILED = 1  # the exit code if the work is done, but some of the input was bad
BAD_INPUT = 2  # the exit code of every InputError
QUOTES = "\"'"
MOST_RUNS = 10_000  # of a multirun
LOST = 1  # the exit code of a multirun on a cluster one of whose jobs was killed
STOPPED = 130  # the usual exit code of a program that Ctrl-C ended
# plugin: the extra that installs it
EXTRAS = {"hydra/sweeper/optuna": "optuna", "hydra/launcher/submitit": "slurm", "hydra/launcher/ray": "ray"}

PLAIN = {  # errors of Hydra, and what they mean
    "Config group override": "a group of options can't be null: choose one of its files",
    "maximum recursion depth": "the value of an option is nested too deeply",
}

Task = Callable[[DictConfig], Any]

# `${groups:}` in conf/protocol. The function is imported when it is used, because its module also loads the data
COUNT = "isl.training.protocol.number_of_groups"
OmegaConf.register_new_resolver("groups", lambda _root_: get_method(COUNT)(_root_), replace=True)
OmegaConf.register_new_resolver("run_name", lambda _root_: name_run(_root_), replace=True)  # for conf/logger
OmegaConf.register_new_resolver("fresh", make_fresh_folder, use_cache=True, replace=True)  # for conf/hydra/train


def app(config_name: str) -> Callable[[Task], Callable[[], None]]:
    """Make ``task(cfg)`` a command: ``conf/<config_name>.yaml`` plus the overrides of the command line.

    Bad input becomes one line on the error stream and exit code 2: an unknown option, which Hydra finds, or an
    ``InputError`` of the task. Any other error is a bug and stays a traceback.
    """

    def decorate(task: Task) -> Callable[[], None]:
        @functools.wraps(task)
        def guarded(cfg: DictConfig) -> Any:
            try:
                check_unused(cfg, config_name, CONF)
                return task(cfg)
            except (InputError, HydraException, OmegaConfBaseException, OSError) as error:
                line = describe_disk_error(error) if isinstance(error, OSError) else _ours(error) or _one_line(error)
                if not line:
                    raise
                _forget_empty_run()
                stop(line, getattr(error, "code", BAD_INPUT))

        @functools.wraps(task)
        def command() -> None:
            os.environ.setdefault("HYDRA_FULL_ERROR", "1")  # have Hydra raise its errors instead of printing them
            warnings.filterwarnings("ignore", module="hydra")
            given = multirun_first(sys.argv[1:])
            try:
                sys.argv[1:] = [quoted(argument) for argument in given]
                if help.is_asked_for(given):
                    about = (sys.modules[task.__module__].__doc__ or "").strip()
                    help.show(config_name, CONF, given, about)
                    return
                if line := find_renamed(config_name, given) or advice.misspelt(given, config_name, CONF):
                    stop(line)
                check_flags(sys.argv[1:])
                if (runs := count_runs(sys.argv[1:])) > MOST_RUNS:
                    stop(f"{runs:,} runs, more than {MOST_RUNS:,}; give fewer values")
                hydra.main(version_base="1.3", config_path=str(CONF), config_name=config_name)(guarded)()
                sys.stdout.flush()
            except (HydraException, OmegaConfBaseException) as error:
                stop(_ours(error) or advice.unknown(given, config_name, CONF) or _one_line(error))
            except BrokenPipeError:  # the reader has closed the pipe, as in `--help | head`
                os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            except KeyboardInterrupt:
                stop("stopped", STOPPED)
            except Exception as error:
                if line := lost_job(error):
                    stop(line, LOST)
                if _is_bug(error):
                    raise
                if isinstance(error, OSError) and error.filename:  # when Hydra makes the run directory
                    stop(one_line(f"{error.filename}: {reason_of(error)}; name another by hydra.run.dir="))
                stop(f"Hydra cannot go on: {_one_line(error)}")

        return command

    return decorate


def check_flags(arguments: list[str]) -> None:
    """End the program with one line if Hydra's own flags, such as ``--cfg``, are used wrongly."""
    parser = get_args_parser()
    parser.error = stop  # type: ignore[method-assign]
    parser.parse_args(arguments)


def count_runs(arguments: list[str]) -> int:
    """Returns the number of runs of a multirun, whose list Hydra makes before the first one begins."""
    words = [word for word in arguments if "=" in word and not word.startswith("-")]
    runs = 1
    for override in OverridesParser.create().parse_overrides(words):
        values = override.value()
        if isinstance(values, RangeSweep):
            span = float(values.stop or 0) - float(values.start or 0)
            runs *= max(math.ceil(span / float(values.step)), 0)
        elif isinstance(values, ChoiceSweep):
            runs *= len(values.list)
    return runs


def lost_job(error: Exception) -> str:
    """Returns a line about a cluster's job that ended without a result, as when it was killed; "" for other errors."""
    if not type(error).__module__.startswith("submitit."):
        return ""
    reason = str(error).strip().splitlines()[0]
    return f"{reason}: the job was ended; the finished runs are in sweep.csv; add hydra.sweep.dir=DIR resume=true"


def name_run(cfg: DictConfig) -> str:
    """Returns the name of a run from its network, features and seed: ``multi_branch-BodyHands-seed0``."""
    network, features = str(cfg.model.get("_target_")).split("."), str(cfg.features.get("_target_")).split(".")
    return f"{network[-2] if len(network) > 1 else network[0]}-{features[-1]}-seed{cfg.seed}"


def stop(message: str, code: int = BAD_INPUT) -> NoReturn:
    """Print one line on the error stream and end the program with ``code``.

    Lines below it, the steps to a public dataset, are shown too.
    """
    sys.stdout.flush()
    print("error:", "\n".join(map(one_line, message.split("\n"))), file=sys.stderr)
    sys.exit(code)


def multirun_first(arguments: list[str]) -> list[str]:
    """Returns the arguments with ``-m`` in front: argparse refuses options on both sides of it."""
    flags = [argument for argument in arguments if argument in ("-m", "--multirun")]
    return [*flags, *(argument for argument in arguments if argument not in flags)]


def quoted(argument: str) -> str:
    """Returns an argument of the command line; puts its value in quotes if Hydra's grammar cannot read it otherwise.

    File names and words need this: ``source=my clip (1).mp4``, ``data.words=[बुखार,Doctor]``.
    """
    name, equals, value = argument.partition("=")
    ends = value[:1] + value[-1:]
    if not equals or argument.startswith("-") or ends in ("{}", "''", '""'):
        return argument
    try:
        OverridesParser.create().parse_override(argument)
        if ends == "[]" or "," not in value or not Path(value).is_file():
            return argument  # a comma separates two values, unless a file has it
    except HydraException:
        if ends == "[]" and set("[]{}") & set(value[1:-1]):
            return argument
    if ends != "[]":
        return f"{name}={_in_quotes(value)}"
    items = re.findall(r"""\s*("[^"]*"|'[^']*'|[^,]+)""", value[1:-1])
    return f"{name}=[{','.join(item if item[0] in QUOTES else _in_quotes(item.strip()) for item in items)}]"


def _in_quotes(text: str) -> str:
    escaped = re.sub(r'(\\*)("|$)', r"\1\1\2", text).replace('"', '\\"')  # a backslash before a quote escapes it
    return f'"{escaped}"'


def _forget_empty_run() -> None:
    """Remove the run directory if it contains only Hydra's record of a command that could not run.

    Also removes its parent folders, of the day and of all runs, if they are empty then.
    """
    hydra_config = HydraConfig.get()
    folder, here = Path(hydra_config.runtime.output_dir), Path(hydra_config.runtime.cwd)
    record = hydra_config.output_subdir
    if record and folder.is_dir() and {child.name for child in folder.iterdir()} == {record}:
        shutil.rmtree(folder)
        for above in folder.parents:
            if here not in above.parents or any(above.iterdir()):
                return
            above.rmdir()


def _ours(error: BaseException | None) -> str:
    """Returns the message of the ``InputError`` that Hydra's error wraps, such as a resolver's; "" if there is none."""
    while error is not None and not isinstance(error, InputError):
        error = error.__cause__ or error.__context__
    return "" if error is None else str(error)


def _is_bug(error: Exception) -> bool:
    """Returns True for an error that was raised in isl's own code; one in Hydra's comes from the command line."""
    files = [Path(frame.f_code.co_filename).resolve() for frame, _ in traceback.walk_tb(error.__traceback__)]
    return any(ISL in file.parents and ISL / "config" not in file.parents for file in files)


def _one_line(error: BaseException) -> str:
    """Returns Hydra's message and its cause in one line, without the paragraphs and search paths that Hydra adds."""
    if isinstance(error, MissingMandatoryValue):
        return f"{error.full_key}= is not set: give it a value (--help lists the options)"
    texts = [str(error) or type(error).__name__]
    for text, plain in PLAIN.items():
        if text in texts[0]:
            return f"{plain} (--help lists the options)"
    if error.__cause__ is not None and str(error.__cause__) not in texts[0]:
        texts.append(str(error.__cause__))
    for plugin, extra in EXTRAS.items():
        if f"Could not find '{plugin}" in texts[0]:
            return f"{plugin} is not installed: pip install -e '.[{extra}]'"
    ends = r"Config search path|\s*full_key:|To append to your config|Set the environment variable"
    line = " ".join(re.split(ends, text)[0] for text in texts)
    before, listing, names = line.partition("Available options in")
    if listing:
        choices = names.split(":", 1)[-1].split()
        line = f"{before} choose from {', '.join(choices)}"
        if wrong := re.search(r"Could not find '((?:hydra/)?[^/']+)/([^']+)'", before):
            group, choice = wrong.groups()
            line = f"{group}={choice}: no such choice; choose from {', '.join(choices)}"
            if "folder" in choices and Path(choice).is_dir():
                line = f"{group}={choice}: a folder is named by {group}=folder {group}.root={choice}"
    return f"{' '.join(line.split())} (--help lists the options)"
