"""The schema of a checkpoint. Its source is not trusted: every value is checked and limited.

The weights are compared with the network where it is built (``isl.models.network``, ``isl.recognition.recognizer``).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from isl.errors import JOINERS, InputError, printable
from isl.recognition.configs import check_sizes, check_targets, walk
from isl.recognition.manifest import TensorRecord
from isl.recognition.printable import shown
from isl.recognition.upgrade import upgrade

MOST_VALUES = 200_000  # in the whole file; 8,000 for `experiment=best`
MOST_OPTIONS = 20_000  # in the configs of features and network together
MOST_WORDS = 10_000
LONGEST_WORD = 100
LONGEST_TEXT = 20_000
LARGEST = 2**53
SECONDS, ASPECTS = (0.1, 60.0), (0.1, 10.0)  # of a sign; width over height of a picture


def _word(text: str) -> str:
    if printable(text) != text or not text.strip(f" {JOINERS}"):
        raise ValueError("has characters that cannot be shown")
    return text


def _different(words: list[str]) -> list[str]:
    if len(set(words)) < len(words):
        raise ValueError("one word occurs twice")
    return words


def _finite(tensor: TensorRecord) -> TensorRecord:
    if not tensor.finite:
        raise ValueError("has numbers that are not finite")
    return tensor


Weights = dict[str, Annotated[TensorRecord, AfterValidator(_finite)]]
Word = Annotated[str, Field(min_length=1, max_length=LONGEST_WORD), AfterValidator(_word)]
Words = Annotated[list[Word], Field(min_length=1, max_length=MOST_WORDS), AfterValidator(_different)]
Share = Annotated[float, Field(ge=0, le=1.001)]  # a sum of probabilities can exceed 1 by rounding


class _Strict(BaseModel):
    model_config = ConfigDict(strict=True, extra="allow", allow_inf_nan=False, arbitrary_types_allowed=True)


class Target(_Strict):
    """A class and its arguments."""

    target: str = Field(alias="_target_", max_length=200)


class About(_Strict):
    """Facts about the training that recognition uses; all others are plain values that are only shown."""

    seconds: float = Field(2.0, ge=SECONDS[0], le=SECONDS[1])
    aspect: float = Field(1.0, ge=ASPECTS[0], le=ASPECTS[1])
    temperature: float = Field(1.0, ge=1e-3, le=1e3)
    reject: Share = 0.0
    softness: float = Field(1.0, ge=1e-3, le=1e3)
    slope: float = Field(0.0, ge=-1e4, le=1e4)
    middle: float = Field(0.0, ge=-1e4, le=1e4)
    thresholds: dict[Annotated[str, Field(pattern=r"^[01]\.\d{1,6}$")], Share] = Field(default={}, max_length=1000)
    offsets: dict[str, Annotated[float, Field(ge=-100, le=100)]] = Field(default={}, max_length=MOST_WORDS)
    features_version: int = Field(1, ge=1, le=1000)
    branch_weights: dict[str, float] = Field(default={}, max_length=1000)


class Description(_Strict):
    """The hyper-parameters of the training task."""

    words: Words
    signs: Annotated[list[Word], Field(max_length=MOST_WORDS)] | None = None  # of the background
    features: Target
    model: Target
    augment: Target | None = None
    optimizer: Target | None = None
    scheduler: Target | None = None
    about: About = About()  # type: ignore[call-arg]


class Content(_Strict):
    """A checkpoint of a run, or one of ``save_checkpoint``."""

    hyper_parameters: Description
    state_dict: Weights
    about: About = About()  # type: ignore[call-arg]
    current_model_state: Weights | None = None
    optimizer_states: list[dict[str, Any]] | None = None
    callbacks: dict[str, dict[str, Any]] | None = None


class Facts(_Strict):
    """The metadata of an ONNX file."""

    words: Words
    seconds: float = Field(ge=SECONDS[0], le=SECONDS[1])
    aspect: float = Field(ge=ASPECTS[0], le=ASPECTS[1])
    reject: Share
    threshold: Share
    about: About = About()  # type: ignore[call-arg]


class InsigniaContent(_Strict):
    """Insignia's own format."""

    classes: Words
    state_dict: Weights


def check_content(content: dict[str, Any], path: str | Path, trusted: Sequence[str] | None = ()) -> dict[str, Any]:
    """Checks every value of a checkpoint, and returns the values with present names (see ``isl.recognition.upgrade``).

    Args:
        content: the file's values, with a ``TensorRecord`` in place of each tensor.
        path: for messages.
        trusted: packages, besides isl's own, whose classes a ``_target_`` may name; None: any.

    Raises:
        InputError: a value is wrong; the message names it.
    """
    with _refusing(path, "take another or train again"):
        count_values(content)
        content = upgrade(content)
        if "classes" in content:
            InsigniaContent.model_validate(content)
            return content
        if "hyper_parameters" not in content:
            raise ValueError("does not say its words, features and model")
        Content.model_validate(content)
        described = content["hyper_parameters"]
        if trusted is not None:
            check_targets(described, trusted)
        check_sizes(described["model"], content["state_dict"])
        if sum(count_values(described[place], config=True) for place in ("features", "model")) > MOST_OPTIONS:
            raise ValueError(f"more than {MOST_OPTIONS:,} options of features and network")
    return content


def check_facts(facts: Any, path: str | Path) -> None:
    """Checks every value of the metadata of an ONNX file.

    Raises:
        InputError: a value is wrong; the message names it.
    """
    with _refusing(path, "export it again with isl-export"):
        count_values(facts)
        Facts.model_validate(facts)


@contextmanager
def _refusing(path: str | Path, advice: str) -> Iterator[None]:
    try:
        yield
    except ValidationError as error:
        raise InputError(f"{path}: {_first_fault(error)}; {advice}") from None
    except ValueError as error:
        raise InputError(f"{path}: {error}; it is not loaded, {advice}") from None


def _first_fault(error: ValidationError) -> str:
    """Returns the first value that does not fit the schema, and the reason."""
    first = error.errors(include_url=False, include_context=False, include_input=False)[0]
    where = ".".join(str(part) for part in first["loc"] if part != "hyper_parameters")
    return f"{shown(where) or 'its facts'}: {shown(first['msg'].removeprefix('Value error, '))}"


def check_training(content: dict[str, Any], path: str | Path) -> None:
    """Checks that a checkpoint holds the state of a training, and that all its numbers are finite.

    The callbacks' states are left out, since a best loss is infinite before the first epoch ends.

    Raises:
        InputError: there is no such state, or a tensor in it contains NaN or infinity.
    """
    if "optimizer_states" not in content:
        raise InputError(
            f"{path}: a network without its training; to continue a training, give a run's checkpoints/last.ckpt"
        )
    for name, value in content.items():
        if name != "callbacks" and any(isinstance(entry, TensorRecord) and not entry.finite for entry in walk(value)):
            raise InputError(f"{path}: {name} has numbers that are not finite; take another or train again")


def check_words(words: list[str]) -> None:
    """Checks, before a training, that a checkpoint can contain this vocabulary.

    Raises:
        InputError: a word occurs twice, is too long, or has characters that cannot be shown.
    """
    try:
        TypeAdapter(Words).validate_python(words, strict=True)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False)[0]
        raise InputError(f"the word {shown(repr(first['input']))}: {first['msg']}; rename its folder") from None


def count_values(value: Any, config: bool = False) -> int:
    """Returns the number of values in ``value``. In a config, numbers must be finite and text must be printable.

    Raises:
        ValueError: there are too many values, nested too deeply, too long, or of a type that is not plain.
    """
    count = 0
    for entry in walk(value):
        count += 1
        if count > MOST_VALUES:
            raise ValueError(f"more than {MOST_VALUES:,} values")
        if isinstance(entry, TensorRecord):
            if config:
                raise ValueError("a tensor among the options")
        elif isinstance(entry, dict):
            if not all(isinstance(key, (str, int)) for key in entry):
                raise ValueError("a key that is neither text nor a number")
        elif isinstance(entry, str):
            if len(entry) > LONGEST_TEXT:
                raise ValueError(f"a text of more than {LONGEST_TEXT:,} letters")
            if config and shown(entry) != entry:
                raise ValueError(f"an option that cannot be shown, {shown(entry)}")
        elif isinstance(entry, float):
            if config and not math.isfinite(entry):
                raise ValueError("an option that is not a finite number")
        elif isinstance(entry, int):
            if abs(entry) > LARGEST:
                raise ValueError("a number that is too large")
        elif not (entry is None or isinstance(entry, (list, tuple))):
            raise ValueError("a value that is not plain")
    return count
