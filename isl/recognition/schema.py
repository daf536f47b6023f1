"""The schema of a checkpoint. Its source is not trusted: every value is checked and limited.

The weights are compared with the network where it is built (``isl.models.network``, ``isl.recognition.recognizer``).
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from isl.errors import InputError
from isl.recognition.manifest import TensorRecord

MOST_VALUES = 200_000  # in the whole file; 8,000 for `experiment=best`
MOST_OPTIONS = 20_000  # in the configs of features and network together
MOST_WORDS = 10_000
LONGEST_WORD = 100
LONGEST_TEXT = 20_000
DEEPEST = 16
LARGEST = 2**53
JOINERS = "\u200c\u200d"  # between letters of Indian scripts

# Classes that a `_target_` may name, by its place in the file. Their packages are checked here, before anything is
# imported; their base class is checked where they are built
KINDS = {
    "features": ("features", ("isl.features.",)),
    "model": ("network", ("isl.models.",)),
    "augment": ("augmentation", ("isl.augment.",)),
    "optimizer": ("optimiser", ("torch.optim.",)),
    "scheduler": ("schedule", ("isl.training.schedule.", "torch.optim.lr_scheduler.")),
}
TARGET = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)+", re.ASCII)


def _word(text: str) -> str:
    if any(not (letter.isprintable() or letter in JOINERS) for letter in text) or not text.strip():
        raise ValueError("has characters that cannot be shown")
    return text


def _different(words: list[str]) -> list[str]:
    if len(set(words)) < len(words):
        raise ValueError("one word is there twice")
    return words


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

    seconds: float = Field(2.0, ge=0.1, le=60)
    aspect: float = Field(1.0, ge=0.1, le=10)
    temperature: float = Field(1.0, ge=1e-3, le=1e3)
    reject: Share = 0.0
    softness: float = Field(1.0, ge=1e-3, le=1e3)
    slope: float = Field(0.0, ge=-1e4, le=1e4)
    middle: float = Field(0.0, ge=-1e4, le=1e4)
    thresholds: dict[Annotated[str, Field(pattern=r"^[01]\.\d{1,6}$")], Share] = Field(default={}, max_length=1000)
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
    state_dict: dict[str, TensorRecord]
    about: About = About()  # type: ignore[call-arg]
    current_model_state: dict[str, TensorRecord] | None = None
    optimizer_states: list[dict[str, Any]] | None = None
    callbacks: dict[str, dict[str, Any]] | None = None


class InsigniaContent(_Strict):
    """Insignia's own format."""

    classes: Words
    state_dict: dict[str, TensorRecord]


def check_plain(content: dict[str, Any], path: str | Path) -> None:
    """Checks that ``content`` has only plain values and records of tensors, and not too many of them.

    Raises:
        InputError: it has other values, or too many.
    """
    try:
        _count(content)
    except ValueError as error:
        raise InputError(f"{path}: {error}; it is not loaded, take another or train again") from None


def check_content(content: dict[str, Any], path: str | Path, trusted: Sequence[str] | None = ()) -> None:
    """Checks every value of a checkpoint; tensors are given as ``TensorRecord``.

    Args:
        content: the file's values with present names (see ``isl.recognition.upgrade``).
        path: for messages.
        trusted: packages, besides isl's own, whose classes a ``_target_`` may name; None: any.

    Raises:
        InputError: a value is wrong; the message names it.
    """
    try:
        form = InsigniaContent if "classes" in content else Content
        if form is Content and "hyper_parameters" not in content:
            raise ValueError("does not say its words, features and model")
        form.model_validate(content)
        described = content.get("hyper_parameters", {})
        for place, (kind, packages) in KINDS.items():
            for config in _targets(described.get(place), place):
                if trusted is not None:
                    _check_target(config, kind, packages, trusted)
        options = sum(_count(described.get(place), config=True) for place in ("features", "model"))
        if options > MOST_OPTIONS:
            raise ValueError(f"more than {MOST_OPTIONS:,} options of features and network")
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"] if part != "hyper_parameters")
        raise InputError(f"{path}: {shown(where)}: {shown(first['msg'])}; take another, or train again") from None
    except ValueError as error:
        raise InputError(f"{path}: {error}; it is not loaded, take another or train again") from None


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


def shown(text: str) -> str:
    """Returns a text from an unknown source in a form that is safe and short enough for a line on a terminal."""
    return "".join(letter if letter.isprintable() or letter in JOINERS else "?" for letter in text[:200])


def cleaned(value: Any) -> Any:
    """Returns plain values with all their texts made safe to show, see ``shown``."""
    if isinstance(value, str):
        return "".join(letter if letter.isprintable() or letter in JOINERS else "?" for letter in value)
    if isinstance(value, dict):
        return {cleaned(key): cleaned(entry) for key, entry in value.items()}
    return [cleaned(entry) for entry in value] if isinstance(value, (list, tuple)) else value


def trusted_packages(value: Any) -> tuple[str, ...]:
    """Returns the packages of ``trusted=``, one or a list of them.

    Raises:
        InputError: a value is not the name of a package.
    """
    listed = [value] if isinstance(value, str) else value if value is not None else []
    if not isinstance(listed, Sequence) or not all(isinstance(name, str) and _package(name) for name in listed):
        raise InputError(f"trusted={value}: give the names of packages whose classes may be loaded, such as [my_lab]")
    return tuple(listed)


def _package(name: str) -> bool:
    return all(part.isidentifier() for part in name.split("."))


def _count(value: Any, depth: int = 0, config: bool = False) -> int:
    """Returns the number of values in ``value``. In a config, numbers must be finite and text must be printable.

    Raises:
        ValueError: there are too many values, nested too deeply, too long, or of a type that is not plain.
    """
    if depth > DEEPEST:
        raise ValueError(f"its values are nested deeper than {DEEPEST} levels")
    count = 1
    if isinstance(value, TensorRecord):
        if config:
            raise ValueError("a tensor among the options")
    elif isinstance(value, (dict, list, tuple)):
        if isinstance(value, dict):
            for key in value:
                if not isinstance(key, (str, int)):
                    raise ValueError("a key that is neither text nor a number")
                _count(key, depth + 1, config)
        for entry in value.values() if isinstance(value, dict) else value:
            count += _count(entry, depth + 1, config)
            if count > MOST_VALUES:
                raise ValueError(f"more than {MOST_VALUES:,} values")
    elif isinstance(value, str):
        if len(value) > LONGEST_TEXT:
            raise ValueError(f"a text of more than {LONGEST_TEXT:,} letters")
        if config and shown(value) != value:
            raise ValueError(f"an option that cannot be shown, {shown(value)}")
    elif isinstance(value, float):
        if config and not math.isfinite(value):
            raise ValueError("an option that is not a finite number")
    elif not (value is None or isinstance(value, bool)) and not (isinstance(value, int) and abs(value) <= LARGEST):
        raise ValueError("a value that is not plain, or a number that is too large")
    return count


def _targets(value: Any, place: str) -> Iterator[Any]:
    if isinstance(value, dict):
        if "_target_" in value:
            yield value["_target_"]
        for entry in value.values():
            yield from _targets(entry, place)
    elif isinstance(value, (list, tuple)):
        for entry in value:
            yield from _targets(entry, place)


def _check_target(target: Any, kind: str, packages: tuple[str, ...], trusted: Sequence[str]) -> None:
    if not isinstance(target, str) or len(target) > 200 or not TARGET.fullmatch(target):
        raise ValueError("a _target_ that names no class")
    if target.startswith((*packages, *(f"{name}." for name in trusted))):
        return
    listed = " or ".join(name.rstrip(".") for name in packages)
    package = target.partition(".")[0]
    advice = "" if package in ("isl", "torch") else f"; if you trust the package {package}, add trusted=[{package}]"
    raise ValueError(f"_target_={target} is no {kind} of {listed}{advice}")
