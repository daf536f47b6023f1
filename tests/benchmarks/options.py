"""Odd options for every command: each is refused in one line, a training's within two seconds of processor time.

    python tests/benchmarks/options.py               # some 500 odd arguments: Hydra's syntax, groups, letters, flags
    python tests/benchmarks/options.py --tree 4      # every option of the config tree with 4 odd values each

An argument is right if the command ends by itself without a traceback, and either refuses it in one line that can be
printed, with exit code 2, or ends with exit code 0, 1 or 130. Others are shown, and the exit code is then 1. Commands
run in forks of this process: first without the heavy packages, to see what is refused before these are loaded, then
with torch, then with all. The time of loading is added to theirs. A training ends when it would begin.
"""

from __future__ import annotations

import argparse
import importlib
import os
import random
import resource
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple, NoReturn

from omegaconf import DictConfig

sys.path.insert(0, str(Path(__file__).parents[1]))

SECONDS = 2.0  # of processor time, for a refusal
WORK = 60  # seconds of processor time, for a command that does its work
PATIENCE = 900.0  # seconds by the clock, of a busy machine
MEMORY = 12 * 2**30  # bytes of address space
BEYOND = 77  # exit code of a command that wants to load a heavy package
LATE = ["lightning", "cv2", "mediapipe", "onnxruntime", "matplotlib", "transformers"]
STAGES = {  # modules that are loaded before, and packages that end a command
    "light": (
        ["isl.training.option_checks", "isl.training.endings", "pydantic.deprecated.decorator"],
        ["torch", *LATE],
    ),
    "torch": (["isl.training.parts", "isl.recognition.serving", "isl.recognition.recognizer"], LATE),
    "all": (["isl.training.run", "isl.training.rehearsal", "isl.training.refit", "isl.training.adaptation"], []),
}
COMMANDS = ["train", "infer", "live", "extract", "verify", "convert", "export", "ensemble", "info"]
SMALL = [
    *("data.words=2", "data.clips=2", "data.signers=3", "trainer.max_epochs=1", "calibration_draws=1"),
    *("model.hidden=8", "features=body", "callbacks.progress=null"),
]
NEEDED = {  # what a command needs besides the odd argument
    "infer": ["input=clip.npy", "ckpt_path=isl18"],
    "live": ["source=clip.npy", "display=none", "ckpt_path=isl18"],
    "extract": ["input=clips", "output=out"],
    "verify": ["input=clips"],
    "convert": ["input=clips", "output=converted"],
    "export": ["output=a.onnx", "ckpt_path=isl18"],
    "ensemble": ["members=[isl18,isl18]", "output=e.ckpt"],
    "train": SMALL,
}
DEEP = 400
VALUES = [
    *("${seed}", "${nothing}", "${oc.env:NOPE}", "${oc.env:HOME}", "${hydra:runtime.cwd}", "${now:%s}"),
    *("${oc.decode:[}", "${oc.create:{a:1}}", "${oc.dict.keys:model}", "${groups:}", "${", "$", "\\${seed}"),
    *("${.seed}", "${..seed}", "a${seed}b", "[", "]", "{a:", "{a:1,a:2}", "[1,,2]", "'", '"', "'a\"b'", "a=b", "a:b"),
    *("a b", " ", "\\", "\\\\", "(1)", "range(3)", "choice(1,2)", "glob(*)", "interval(0,1)", "shuffle(1,2,3)"),
    *("sort(3,1)", "tag(a,b,1)", "int(x)", "float(1)", "str(1)", "bool(maybe)", "json_str({a:1})", "???", "~"),
    *("None", "-0", "0x10", "1_000", "1e-400", "+1", ".", "..", "/", "@x", "@_global_", "रोगी", "😀", "\u202e"),
    *("\u200b", "e" + "\u0301" * 50, "\udcff", "\x1b[2J", "\n", "\r", "\t", "a\nb", "[" * DEEP + "]" * DEEP),
    *("{a: " * DEEP + "1" + "}" * DEEP, "x" * 100_000, "9" * 5000, "-" * 50, "${" * 50 + "seed" + "}" * 50),
    *("[${seed},${seed}]", "{_target_: os.system}", "[{}]", "[[]]", "{1: 2}", "{true: 1}", "{null: null}", "[null]"),
    *("1e309", "-1e309", "1:30", "2024-01-01", "0o7"),
]
NAMES = ["seed", "optimizer.lr", "model", "callbacks", "split", "run_dir", "data.words", "ckpt_path", "hydra.run.dir"]
FORMS = [
    *("+seed=1", "++seed=1", "~seed", "~seed=0", "~seed=7", "~model", "~data", "~run_dir", "~hydra"),
    *("~trainer.max_epochs", "+nothing=1", "++nothing.at.all=1", "++model.hidden.deeper=1", "+model.hidden=3"),
    *("++seed.a=1", "+model=lstm", "model@features=lstm", "model@_global_=lstm", "+model@other=lstm"),
    *("optimizer@model=adamw", "model@:x=lstm", "+experiment=best", "experiment=[best,distill]", "experiment=null"),
    *("~experiment", "callbacks=null", "logger=null", "background=[rooms,synthetic]", "background=rooms"),
    *("background=folder", "logger=[csv,tensorboard]", "logger=csv", "logger=many", "logger=none"),
    *("callbacks=[average]", "callbacks=[last,default]", "callbacks=[last,last]", "callbacks=average", "run=refit"),
    *("run=distill", "run=adapt", "protocol=kfold", "protocol=few", "sweep=models", "protocol=unknown"),
    *("protocol=nothing", "sweep=[grid,models]", "without=mixup", "without=[mixup,trim]", "without=", "unknown=fold"),
    *("unknown=words", "split=few", "split=all", "split=official", "split=none", "split=session", "data=isl18"),
    *("data=include", "data=folder", "data=rooms", "data=isl18_and_rooms", "trainer=gpu", "trainer=debug"),
    *("model=multi_branch", "model=stgcn", "features=raw", "augment=strong", "optimizer=sgd", "scheduler=constant"),
    *("seed", "=1", "=", "==", "a=", ".a=1", "a..b=1", "a.=1", "-seed=1", "--seed=1", "--seed 1", "seed=1,2"),
    *("seed:1", "model=[lstm,tcn]", "model=lstm,tcn", "model.=1", "model[0]=1", "data.words[0]=1", "model/x=1"),
    *("/model=lstm", "model=../model/lstm", "model=/etc/passwd", "model=lstm.yaml", "model=LSTM", "MODEL=lstm"),
    *("model =lstm", "seed= 1", " seed=1", "+callbacks.a=null"),
    *("+callbacks.a={_target_: isl.training.callbacks.Patience}",),
    *("+callbacks.a={_target_: lightning.pytorch.callbacks.LearningRateMonitor}", "+trainer.max_time=x"),
    *("+trainer.max_time=00:00:00:01", "+trainer.max_steps=1", "+trainer.max_steps=-5", "+trainer.min_steps=3"),
    *("+trainer.detect_anomaly=maybe", "+trainer.benchmark=7", "+trainer.sync_batchnorm=true"),
    *("+trainer.model_registry=x", "trainer.max_epochs=null", "+trainer.limit_train_batches=0.0001"),
    *("+trainer.limit_val_batches=0", "+model.mask=1", "model={_target_: torch.nn.Linear}"),
    *("model._target_=torch.nn.Linear", "model._target_=null", "model._target_=isl.models.network.Network"),
    *("features._target_=isl.features.Features", "model._target_=os", "optimizer._target_=torch.optim.Optimizer"),
    *("optimizer._target_=torch.optim.LBFGS", "+optimizer.foreach=x", "optimizer._target_=torch.optim.SparseAdam"),
    *("+optimizer.betas=[1,2,3]", "+optimizer.params=[]", "+optimizer.eps=-1"),
    *("optimizer._target_=torch.optim.lr_scheduler.StepLR", "scheduler._target_=torch.optim.lr_scheduler.StepLR"),
    *("scheduler._target_=torch.optim.lr_scheduler.ReduceLROnPlateau", "scheduler._target_=torch.optim.SGD"),
    *("+scheduler.interval=batch", "+scheduler.last_epoch=7", "+data.clip=1"),
    *("data._target_=isl.data.joined.JoinedClips", "data._target_=isl.data.folder.FolderClips"),
    *("split._target_=isl.data.splits.split.Split", "+split.fold=99", "split={}", "data={}", "model={}"),
    *("optimizer={}", "trainer={}", "run={}", "callbacks={}", "logger={}", "trusted=[os]", "trusted=os"),
    *("trusted=[1]", "trusted={}", "trusted=null", "trusted=[../x]", "trusted=['']", "resume=true", "resume=yes"),
    *("compile=1", "batch_size=1e9", "batch_size=true", "epoch_clips=-0.5", "seed=1.0", "ckpt_path=.", "ckpt_path=/"),
    *("ckpt_path=~", "ckpt_path=clip.npy", "ckpt_path=isl18", "ckpt_path=[]", "+teacher=[]", "+teacher=isl18"),
    *("+teacher=null", "+adapt=null", "+distill=7", "+refit=[]", "+unknown={}"),
]
HYDRA = [
    *("hydra.run.dir=/proc/x", "hydra.run.dir=/dev/null", "hydra.run.dir=", "hydra.run.dir=null"),
    *("hydra.run.dir=[a]", "hydra.run.dir=clip.npy", "hydra.run.dir=${nothing}", "hydra.run.dir=" + "a" * 300),
    *("hydra.run.dir=\udcff", "hydra.output_subdir=null", "hydra.output_subdir=../x", "hydra.output_subdir="),
    *("hydra.output_subdir=/proc/x", "hydra.job.chdir=true", "hydra.job.chdir=maybe", "hydra.job.name="),
    *("hydra.job.name=a/b", "hydra.job.num=x", "hydra.job.env_set={A: 1}", "hydra.job.env_set=[1]"),
    *("hydra.job.env_copy=[A]", "hydra.job.env_copy=1", "hydra.verbose=true", "hydra.verbose=[a]"),
    *("hydra.verbose={}", "hydra.mode=RUN", "hydra.mode=MULTIRUN", "hydra.mode=x", "hydra.callbacks=null"),
    *("hydra.callbacks.table=null", "hydra.callbacks.table._target_=os.system", "hydra.searchpath=[x]"),
    *("hydra.searchpath=[file:///nowhere]", "hydra.searchpath=[pkg://nowhere]", "hydra.searchpath=7", "hydra=null"),
    *("hydra={}", "hydra/launcher=nothing", "hydra/sweeper=nothing", "hydra/launcher=submitit_local"),
    *("hydra/launcher=joblib", "hydra/job_logging=default", "hydra/job_logging=nothing"),
    *("hydra/hydra_logging=colorlog", "hydra/output=x", "hydra.launcher._target_=os.system"),
    *("hydra.sweeper._target_=os.system", "hydra.sweeper.max_batch_size=x", "hydra.launcher=null"),
    *("hydra.sweeper=null", "hydra.sweeper.params={seed: 1}", "hydra.nothing=1", "+hydra.nothing=1"),
    *("hydra.runtime.cwd=/", "hydra.runtime.output_dir=/proc/x", "hydra.help.template=x", "hydra.overrides.task=[a]"),
    *("hydra.job_logging=null", "hydra.job_logging={}", "hydra.job_logging.version=7", "hydra.hydra_logging=null"),
    *("~hydra.run", "~hydra.job", "hydra.job.config=null", "hydra.job.id=1", "hydra.version_base=9"),
]
MANY = [
    *("seed=range(0,2)", "seed=range(0,1000000000)", "seed=1,abc", "seed=,", "seed=1,", "seed=choice(0,1)"),
    *("seed=sort(1,0)", "seed=interval(0,1)", "model=glob(nothing*)", "model=lstm,nothing", "seed=shuffle(0,1)"),
    *("seed=abc", "nothing=1,2", "hydra.sweep.dir=/proc/x", "hydra.sweep.subdir=/", "hydra.sweep.subdir=.."),
    *("hydra.sweep.subdir=", "hydra.sweep.dir=", "hydra.sweep.subdir=a", "hydra.sweep.subdir=${nothing}"),
    *("hydra/sweeper=optuna", "hydra/sweeper=nothing", "seed=[1,2],[3]", "seed='1,2'", "seed={a:1},2"),
    *("data.root=1,2", "+a=1,2", "~seed", "experiment=null,best", "hydra.mode=RUN"),
]
FLAGS = [
    *("--help", "-h", "--help=1", "--version", "--hydra-help", "--cfg", "--cfg=job", "--cfg=nothing", "--cfg=hydra"),
    *("--cfg=all", "--info", "--info=nothing", "--info=plugins", "--info=searchpath", "--resolve", "--package=x"),
    *("--config-dir=nowhere", "--config-dir=", "--config-dir=clip.npy", "--config-path=x", "--config-name=nothing"),
    *("--config-name=", "--config-name=../x", "--shell-completion", "--experimental-rerun=x", "--run"),
    *("--multirun=1", "-c", "-p", "-cd", "-cn", "-cp", "-x", "--", "-", "---", "--no", "-mm", "--seed=1", "-i"),
    *("-sc", "-r", "\udcff"),
]
OTHERS = {  # options of the other commands that get the odd values
    "infer": ["input", "output", "shifts", "segment", "accept.keep", "stall", "words", "sentence"],
    "live": ["source", "film", "events", "pause", "window.seconds", "hands.rest", "web.port", "context", "record.word"],
    "extract": ["input", "output", "workers"],
    "verify": ["input", "sheets", "plot"],
    "convert": ["format", "size", "turn", "order"],
    "export": ["output", "int8", "push", "clips"],
    "ensemble": ["members", "output"],
    "info": ["camera", "ckpt_path"],
}
TREE_VALUES = [
    *("abc", "-1", "0", "1.5", "null", "[]", "{}", "true", "''", "1e30", "nan", "[a,b]", "7", "inf", "[0]", "{a: 1}"),
    *("-0.5", "99999999999999999999", "1e-30", "/dev/null/x", "isl.features.RawFeatures", "-inf", "1e400", "'1'"),
    *("[[1]]", "{_target_: os.system}", "'\\x1b[2J'", "2147483648", "'???'", "[1,2,3]", "[-1,0]", "[nan]", "रोगी"),
    *("${seed}", "${nothing}"),
]
BASES = {
    "train": [
        *([], ["experiment=best"], ["model=transformer", "scheduler=cosine_restarts"]),
        *(["model=tcn", "optimizer=sgd"], ["model=stgcn", "augment=strong"], ["run=refit", "callbacks=last"]),
        *(["model=conv_transformer", "logger=csv"], ["background=synthetic"]),
        *(["experiment=adapt", "ckpt_path=isl18"], ["experiment=distill", "teacher=isl18"]),
        *(["callbacks=[default,average]", "model=cnn_bilstm_attn"], ["split=few", "unknown=fold"]),
        *(["split=stratified"],),
    ],
    **{name: [[]] for name in COMMANDS if name != "train"},
}


class Attempt(NamedTuple):
    """The end of a command: exit code (negative: killed by a signal), what it said, processor seconds, bytes."""

    code: int
    shown: str
    said: str
    seconds: float
    memory: int


class _Beyond:
    """Ends the process when it is about to load one of the ``packages``, of which it may look for the files."""

    def __init__(self, packages: list[str]) -> None:
        self.modules = tuple(f"{package}." for package in packages)

    def find_spec(self, name: str, *_: object) -> None:
        if name.startswith(self.modules):
            os._exit(BEYOND)


def attempt(command: list[str], beyond: list[str]) -> Attempt:
    folder = Path(tempfile.mkdtemp())
    (folder / "work").mkdir()
    shutil.copytree(SOUND, folder / "work", dirs_exist_ok=True)
    pid = os.fork()
    if not pid:
        for stream, place in ((0, "/dev/null"), (1, folder / "shown"), (2, folder / "said")):
            os.dup2(os.open(place, os.O_CREAT | os.O_RDWR), stream)
        os.setsid()
        os.chdir(folder / "work")
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (WORK, WORK))
        sys.meta_path.insert(0, _Beyond(beyond))
        sys.argv = [f"isl-{command[0]}", *command[1:]]
        code = 70
        try:
            MAINS[command[0]]()
            code = 0
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else 0 if end.code is None else 1
        except BaseException:
            import traceback

            traceback.print_exc()
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
    began = time.monotonic()
    while True:
        done, status, used = os.wait4(pid, os.WNOHANG)
        if done:
            break
        if time.monotonic() - began > PATIENCE:
            os.killpg(pid, 9)
        time.sleep(0.01)
    text = {name: (folder / name).read_bytes().decode(errors="backslashreplace") for name in ("shown", "said")}
    shutil.rmtree(folder, ignore_errors=True)
    return Attempt(
        os.waitstatus_to_exitcode(status), **text, seconds=used.ru_utime + used.ru_stime, memory=used.ru_maxrss << 10
    )


def fault(command: str, end: Attempt) -> str:
    """Returns the fault of a command's end, "" if it has none."""
    lines = [line for line in end.said.splitlines() if line.strip()]
    if end.code < 0:
        return f"HANGS or killed by signal {-end.code}"
    if "Traceback" in end.said or "Traceback" in end.shown or end.code == 70:
        return "TRACEBACK"
    if end.code == 2:
        if len(lines) != 1 and "To get it:" not in end.said:
            return f"{len(lines)} LINES"
        if len(lines[0]) > 1100 or not all(map(str.isprintable, lines)):
            return "A LINE that cannot be printed or is too long"
        return f"{end.seconds:.1f} SECONDS" if end.seconds > SECONDS and command == "train" else ""
    return "" if end.code in (0, 1, 130, BEYOND) else f"EXIT CODE {end.code}"


def end_where_a_training_begins() -> None:
    from isl.training import rehearsal

    rehearse = rehearsal.rehearse

    def rehearse_and_end(cfg: DictConfig) -> NoReturn:
        rehearse(cfg)
        os._exit(0)

    rehearsal.rehearse = rehearse_and_end


def odd_commands() -> Iterator[list[str]]:
    for name in NAMES:
        for value in VALUES if name in ("seed", "model") else VALUES[:: len(NAMES)]:
            yield ["train", *SMALL, f"{name}={value}"]
    for form in (*FORMS, *HYDRA):
        yield ["train", *SMALL, form]
    for form in MANY:
        yield ["train", "-m", *SMALL, form]
    for flag in FLAGS:
        yield ["train", *SMALL, flag]
        yield ["infer", *NEEDED["infer"], flag]
    place = 0
    for command, names in OTHERS.items():
        for name in names:
            for _ in range(6):
                place += 7
                needed = [word for word in NEEDED.get(command, []) if not word.startswith(f"{name}=")]
                yield [command, *needed, f"{name}={VALUES[place % len(VALUES)]}"]


def leaves(tree: object, path: str = "") -> list[str]:
    if not isinstance(tree, dict) or not tree:
        return [path]
    return [leaf for name in tree for leaf in leaves(tree[name], f"{path}.{name}".lstrip("."))]


def tree_commands(count: int, seed: int) -> Iterator[list[str]]:
    """Yields every option of every command, each once, with ``count`` of the odd values."""
    from hydra import compose, initialize_config_dir
    from omegaconf import OmegaConf

    from isl.config.app import CONF

    draw = random.Random(seed)
    for command, bases in BASES.items():
        known: set[str] = set()
        for base in bases:
            with initialize_config_dir(str(CONF), version_base="1.3"):
                cfg = compose(command, base)
            for leaf in leaves(OmegaConf.to_container(cfg, resolve=False)):
                if leaf not in known and not leaf.startswith("hydra"):
                    known.add(leaf)
                    small = [word for word in NEEDED.get(command, []) if not word.startswith(("model", "features"))]
                    needed = [word for word in small if word.partition("=")[0] != leaf and word[:4] != "data"]
                    data = [word for word in small if word[:4] == "data" and word.partition("=")[0] != leaf]
                    for value in draw.sample(TREE_VALUES, count):
                        yield [command, *base, *needed, *data, f"{leaf}={value}"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tree", type=int, default=0, metavar="VALUES", help="values for each option of the tree")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--part", default="0/1", help="1/2: the second half of the arguments")
    parser.add_argument("--only", default="", help="arguments that contain this text")
    parser.add_argument("--all", action="store_true", help="show every line that a command says")
    parser.add_argument("--light", action="store_true", help="only what is refused before heavy packages are loaded")
    chosen = parser.parse_args()
    commands = list(tree_commands(chosen.tree, chosen.seed) if chosen.tree else odd_commands())
    number, parts = map(int, chosen.part.split("/"))
    commands = [command for command in commands[number::parts] if chosen.only in " ".join(command)]
    began = time.process_time()
    MAINS.update({name: importlib.import_module(f"isl.commands.{name}").main for name in COMMANDS})
    from hydra.core.override_parser.overrides_parser import OverridesParser

    OverridesParser.create().parse_override("a=1")
    counts: Counter[str] = Counter()
    loading = []
    for name, (modules, packages) in STAGES.items():
        for module in modules:
            importlib.import_module(module)
        loading.append(time.process_time() - began)
        if "isl.training.run" in modules:
            end_where_a_training_begins()
        beyond = []
        for command in commands:
            end = attempt(command, packages)
            end = end._replace(seconds=end.seconds + loading[-1])
            if end.code == BEYOND:
                beyond.append(command)
                continue
            wrong = fault(command[0], end)
            counts[wrong.split()[-1] if wrong else f"exit {end.code}"] += 1
            if wrong or chosen.all:
                words = " ".join(word if len(word) < 100 else f"{word[:60]}..." for word in command).encode(
                    "ascii", "backslashreplace"
                )
                print(f"{wrong or 'right'} | {words.decode()} | {end.code} | {end.said[-300:]!r}", flush=True)
        print(
            f"{name}: {len(commands) - len(beyond)} of {len(commands)} ended, {loading[-1]:.1f} s to load", flush=True
        )
        commands = beyond
        if chosen.light:
            break
    print(f"{dict(counts)}; {len(commands)} not tried to the end")
    sys.exit(any(not name.startswith("exit") for name in counts))


MAINS: dict[str, Callable[[], object]] = {}
SOUND = Path(tempfile.mkdtemp())  # copied into the working folder of every command

if __name__ == "__main__":
    import numpy as np

    for word in ("Doctor", "Fever"):
        (SOUND / "clips" / word).mkdir(parents=True)
        for i in range(2):
            np.save(SOUND / "clips" / word / f"{i}.npy", np.random.default_rng(i).random((20, 1662), np.float32))
    np.save(SOUND / "clip.npy", np.zeros((60, 1662), np.float32))
    try:
        main()
    finally:
        shutil.rmtree(SOUND, ignore_errors=True)
