"""A training run, from a config to a run directory: the steps of ``train.py``."""

from __future__ import annotations

import math
import shutil
import time
from dataclasses import asdict
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import torch
from lightning.pytorch import Trainer, seed_everything
from omegaconf import DictConfig, OmegaConf

from isl import console
from isl.config.build import build
from isl.config.options import whole
from isl.data.background import build_background
from isl.data.elsewhere import ROOT, TestFolder, own_options
from isl.data.module import SignData
from isl.errors import InputError
from isl.evaluation import report
from isl.evaluation.card import model_card
from isl.evaluation.scores import Evaluation
from isl.files import replacing, write_text
from isl.recognition.archive import read_archive
from isl.recognition.checkpoint import INSIGNIA_FILE, load_checkpoint, save_insignia_file, update_checkpoint
from isl.recognition.resumable import check_resumable
from isl.recognition.schema import check_words
from isl.training.calibration import Batches, Calibration, calibrate
from isl.training.callbacks import RunCheckpoint
from isl.training.facts import CHANGED, reported_facts, stored_facts
from isl.training.option_checks import trusted_in
from isl.training.outcome import DRY_RUN, introduce, log_outcome, show_outcome
from isl.training.parallel import companions, place_among
from isl.training.progress import Progress
from isl.training.quiet import quieten
from isl.training.recombination import background_recipe
from isl.training.run_directory import command, record_config
from isl.training.stopping import SignalReceived
from isl.training.task import SignRecognition
from isl.training.testing import Elsewhere, evaluate, evaluation, measure_refusal, try_elsewhere
from isl.training.threads import threads_of, training_threads
from isl.training.trainer import alone, build_trainer


class Run:
    """A training run. Call ``fit``, ``calibrate``, ``test`` and ``report`` in that order."""

    later_trainings = 0  # after ``fit``, each about as long

    def __init__(self, cfg: DictConfig) -> None:
        quieten()
        self.config: dict[str, Any] = OmegaConf.to_container(cfg, resolve=True)  # type: ignore[assignment]
        self.folder = Path(self.config["run_dir"])
        self.seed = whole(self.config["seed"], "seed")
        whole(self.config["trainer"]["max_epochs"], "trainer.max_epochs", least=1)
        seed_everything(self.seed, verbose=False)  # before anything is built

        self.data = self.make_data()
        check_words(self.data.words)
        self.task = self.make_task()
        self.data.face = self.task.reads_face
        if self.resume:  # a one-line error in place of fifty lines from Lightning
            check_resumable(self.resume, self.data.words, self.task.state_dict(), self.trusted)
        if self.config["compile"]:
            self.task.model.compile()  # compiled in place, so that its state dict keeps its names
        self.place = place_among(self.config["trainer"].get("devices", 1))
        self.trainer = build_trainer(self.config, self.folder, self.place)
        self.data.place_on(self.trainer.strategy.root_device)
        self.threads = training_threads(self.trainer, self.task)
        if self.place.first:
            record_config(self.folder, self.config, resume=self.config["resume"])
        self.seconds_trained = 0.0
        self.val: dict[str, float] = {}
        self.calibration = Calibration()
        self.refusal: dict[str, Any] = {}  # scores on the background's test clips
        self.tested_there = ""  # words on another folder that is the only test
        self.evaluation: Evaluation | None = None  # predictions on the test clips, if there are any
        self.unknown: Evaluation | None = None  # predictions on words that were left out
        self.elsewhere: Elsewhere | None = None  # predictions on the clips of data.test_root

    def make_data(self) -> SignData:
        """Reads the clips and splits them."""
        data = SignData(
            source=build(own_options(self.config["data"]), at="data"),
            split=build(self.config["split"], at="split"),
            batch_size=self.config["batch_size"],
            epoch_clips=self.config["epoch_clips"],
            seed=self.seed,
            unknown=build(self.config["unknown"], at="unknown") if self.config.get("unknown") else None,
            background=build_background(self.config.get("background")),
            elsewhere=TestFolder(self.config["data"]) if self.config["data"].get(ROOT) else None,
        )
        data.setup()
        return data

    def make_task(self) -> SignRecognition:
        """Builds the Lightning module to train."""
        return SignRecognition(**self.recipe)

    @property
    def trusted(self) -> tuple[str, ...]:
        """Packages whose classes a checkpoint may name."""
        return trusted_in(self.config)

    @property
    def recipe(self) -> dict[str, Any]:
        """The arguments of ``SignRecognition``, from the config and the data."""
        return {
            "words": self.data.words,
            **{name: self.config[name] for name in ("features", "model", "augment", "optimizer", "scheduler")},
            "label_smoothing": self.config["label_smoothing"],
            "seed": self.seed,
            "about": self.about,
            **background_recipe(self.config.get("background") or {}, self.data.signs),
        }

    @cached_property
    def about(self) -> dict[str, Any]:
        """Facts that are stored in the checkpoint: plain values only."""
        return stored_facts(self.config, self.data, self.seed)

    def introduce(self) -> None:
        """Print the data, the network and the run directory before the training."""
        introduce(self.folder, self.data, self.task)

    @property
    def resume(self) -> Path | None:
        """The checkpoint to continue from: with ``resume=true`` the run directory's own, if any, else ``ckpt_path``."""
        start = self.config["ckpt_path"]
        return self._own_last or (Path(start) if start else None)

    @property
    def _own_last(self) -> Path | None:
        last = self.checkpoints / "last.ckpt"
        return last if self.config["resume"] and last.is_file() else None

    @property
    def checkpoints(self) -> Path:
        """The folder of ``best.ckpt`` and ``last.ckpt``."""
        return self.folder / "checkpoints"

    def fit(self) -> None:
        """Train, or continue from the checkpoint ``resume``."""
        start = self.resume
        if start and not self.config["trainer"]["fast_dev_run"] and self.place.first:
            self._take_over(start.with_name("best.ckpt"))
        for callback in self.trainer.callbacks:  # type: ignore[attr-defined]
            if isinstance(callback, Progress):
                callback.later = self.later_trainings
        started = time.monotonic()
        try:
            with companions(self.place, self.config, self.companion), threads_of(self.threads, self.task, self.data):
                self.trainer.fit(self.task, self.data, ckpt_path=start, weights_only=True)
        except SignalReceived as stopped:
            stopped.at = f"at epoch {self.trainer.current_epoch}"
            raise
        self.seconds_trained = time.monotonic() - started
        if not self.place.first:
            return
        if start and not self.best_path:  # no epoch was left to train
            self._take_over(start)
        # test() clears the metrics of validation
        self.val = {name: float(v) for name, v in self.trainer.callback_metrics.items() if name.startswith("val/")}
        if start and not self.val and len(self.data.split.val):  # no epoch was left to train
            (val,) = self.tester.validate(self.task, self.data, start, verbose=False, weights_only=True)
            self.val = {name: float(value) for name, value in val.items()}

    @property
    def companion(self) -> str:
        """The class whose ``fit`` the other processes of a training on several devices run."""
        return f"{type(self).__module__}.{type(self).__qualname__}"

    @cached_property
    def tester(self) -> Trainer:
        """The trainer that validates and tests after the training: on one device."""
        return self.trainer if self.place.processes == 1 else alone(self.trainer, self.folder)

    def _take_over(self, best: Path) -> None:
        """Copy another run's ``best.ckpt`` if this one has none, so that the best score so far is kept."""
        callback, own = self.trainer.checkpoint_callback, self.checkpoints / "best.ckpt"
        if own.exists() or not isinstance(callback, RunCheckpoint):
            return
        try:
            check_resumable(best, self.data.words, self.task.state_dict(), self.trusted)
        except InputError:
            return  # no such file, or another network's
        with replacing(own) as unfinished:
            shutil.copyfile(best, unfinished)
        callback.best_model_path = str(own)

    @property
    def best_path(self) -> Path | None:
        """The path of ``best.ckpt``; None if no checkpoint was saved, as in a dry run."""
        path = getattr(self.trainer.checkpoint_callback, "best_model_path", "")
        return Path(path) if path else None

    @property
    def best_loss(self) -> float:
        """The validation loss of ``best.ckpt``; NaN if none was computed."""
        score = getattr(self.trainer.checkpoint_callback, "best_model_score", None)
        return self.val.get("val/loss", math.nan) if score is None else float(score)

    def calibrate(self) -> None:
        """Fit temperature, branch weights and rejection thresholds of the best checkpoint on validation clips.

        If none were held out, training clips take their place; the network is then less sure than it says.
        """
        if not self.best_path:
            return
        self.task.load_state_dict(read_archive(self.best_path)["state_dict"])
        draws = whole(self.config["calibration_draws"], "calibration_draws", least=1)
        split, background = self.data.split, self.other_signs()
        own = self.data.loader_of(split.val if len(split.val) else split.train)
        counts = None if background is None else self.data.word_counts()
        self.calibration = calibrate(self.task, own, draws, self.seed, background, counts)
        self.refusal = measure_refusal(self.task, self.data, self.calibration)
        self.calibration.write(self.best_path)

    def other_signs(self) -> Batches | None:
        """Returns batches of signs that are none of the words, for the calibration; None if there are none."""
        held_out = self.data.background.val
        return self.data.loader_of(held_out) if len(held_out) else None

    def test(self) -> None:
        """Test the best checkpoint, once: on the test clips, on left-out words and on another folder, if there are any.

        A run on all recordings has no test clips; another folder, if there is one, then is the test.
        """
        data = self.data
        decision = self.task.decision = self.calibration.decision(data.words)
        if len(data.split.test):
            best = str(self.best_path) if self.best_path else None
            self.tester.test(self.task, data, ckpt_path=best, verbose=False, weights_only=True)
            probabilities = torch.cat(self.task.test_probabilities).numpy()
            test = data.split.test[: len(probabilities)]  # a dry run tests one batch
            self.evaluation = evaluation(data, test, data.clips.label[test], probabilities)
        elif self.best_path:
            self.task.load_state_dict(read_archive(self.best_path)["state_dict"])
        if data.unknown_words:
            self.unknown = evaluate(self.task, data, data.unknown, decision)
        self.elsewhere = try_elsewhere(self.task, data, self.calibration)
        if self.elsewhere and not len(data.split.test):
            self.evaluation, self.refusal = self.elsewhere.evaluation, self.elsewhere.refusal
            self.elsewhere = None
            self.tested_there = f"; tested on the folder {Path(self.config['data'][ROOT]).name}"

    def report(self) -> None:
        """Write the report, the model card and the weights in Insignia's format, and show the scores."""
        if self.data.changed():
            console.err.print(CHANGED, style="yellow", soft_wrap=True)
        elsewhere = self.elsewhere.evaluation if self.elsewhere else None
        result = self.result = report.summarise(self.evaluation, self.facts(), self.unknown, elsewhere)
        if self.elsewhere:
            result["elsewhere"]["background"] = self.elsewhere.refusal
        write_text(self.folder / "model_card.md", model_card(result))
        if self.best_path:
            tested = {"test": result["test"]} if "test" in result else {}
            scores = report.replace_nonfinite({**tested, "val": {"loss": self.best_loss}})
            update_checkpoint(self.best_path, date=date.today().isoformat(), scores=scores)
            save_insignia_file(load_checkpoint(self.best_path, self.trusted), self.folder / INSIGNIA_FILE)
        report.write_pages(self.folder, result, self.evaluation, self.unknown, elsewhere)
        log_outcome(self.trainer.loggers, self.config, result, self.folder)
        report.write_json(self.folder, result)  # last: a run with it is finished
        self.show(result)

    def facts(self) -> dict[str, Any]:
        """Returns the facts of the run for its report."""
        facts = reported_facts(self.config, self.data, self.about)
        return {
            **facts,
            "params": sum(p.numel() for p in self.task.model.parameters()),
            "protocol": self.data.split.protocol + self.tested_there,
            "warnings": [*facts["warnings"], *[DRY_RUN] * (not self.best_path)],
            **asdict(self.calibration),
            "reject": self.calibration.least,
            "val": {"best_loss": self.best_loss, **self.val},
            "epochs": self.trainer.current_epoch,
            "seconds_trained": round(self.seconds_trained, 1),
            "command": command(),
            **({"background": self.refusal} if self.refusal else {}),
        }

    def show(self, result: dict[str, Any]) -> None:
        """Print the scores."""
        show_outcome(self.folder, result, self.best_path)
