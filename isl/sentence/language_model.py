"""Sentences by a language model, under guard; the only importer of transformers.

The model is loaded in the background. Until it is there, when it fails, and when the guard refuses what it writes, the
rules write the sentence, and its ``note`` says in one line why and what to do.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from isl.errors import InputError
from isl.sentence.rules import Rules, Sentence

DTYPES = ("bfloat16", "float16", "float32")
TASK = (
    "You turn the glosses of Indian Sign Language into one plain English sentence in the present tense. Use every "
    "gloss. Add no number, name, time, drug, reason, denial or anything else that is not in the glosses: only small "
    "words such as my, the, is, needs, has, and. Answer with the sentence alone."
)
EXAMPLES = (
    (("Father", "Weak", "Medicine"), "My father is weak and needs medicine."),
    (("Girl", "Deaf"), "The girl is deaf."),
    (("Hello", "Doctor", "Brother", "sick"), "Hello, doctor, my brother is sick."),
)

# What an error says or is called, anywhere in its chain of causes, and what to tell the person in front of the screen.
REASONS = (
    (
        ("MemoryError", "OutOfMemoryError", "out of memory", "can't allocate memory"),
        "out of memory: choose a smaller model, sentence.device=cpu or sentence=rules",
    ),
    (
        ("GatedRepoError", "gated repo", "403 Client", "401 Client", "Unauthorized"),
        "its owner must grant you access: ask on https://huggingface.co/{model}, then run 'hf auth login'",
    ),
    (
        ("LocalEntryNotFoundError", "OfflineModeIsEnabled", "couldn't connect", "ConnectError", "ConnectionError"),
        "no network, and the model is not on this machine: connect once, or name a local folder",
    ),
    (
        ("RepositoryNotFoundError", "not a valid model identifier"),
        "there is no such model on huggingface.co that you may see: check the name",
    ),
    (("ImportError", "ModuleNotFoundError"), "transformers can't be imported: pip install 'transformers>=5,<6'"),
)


class LanguageModel:
    """Any chat or base model that transformers can load, by its name on huggingface.co or as a local folder.

    Args:
        model: the name or the folder.
        device: ``auto`` (a GPU if there is one), ``cpu``, ``cuda`` or ``cuda:1``.
        dtype: the precision of the weights: ``bfloat16``, ``float16`` or ``float32``.
        max_new_tokens: where an answer is cut off; a cut sentence is refused.
        temperature: 0 for greedy decoding, which gives the same sentence for the same glosses.
        retries: how often the model may try again after the guard refused its sentence.
        name: what a sentence's ``source`` says.
        words: your own words, as for ``Rules``.

    Raises:
        InputError: an argument is out of its range.
    """

    def __init__(
        self,
        model: str = "meta-llama/Llama-3.2-1B-Instruct",
        device: str = "auto",
        dtype: str = "bfloat16",
        max_new_tokens: int = 48,
        temperature: float = 0.0,
        retries: int = 1,
        name: str = "llama",
        words: Mapping[str, Any] | str | Path | None = None,
    ) -> None:
        if device.split(":")[0] not in ("auto", "cpu", "cuda"):
            raise InputError(f"sentence.device={device}: choose auto, cpu, cuda or cuda:1")
        if dtype not in DTYPES:
            raise InputError(f"sentence.dtype={dtype}: choose one of {', '.join(DTYPES)}")
        if max_new_tokens < 1 or retries < 0 or temperature < 0:
            raise InputError("sentence: max_new_tokens must be at least 1, retries and temperature at least 0")
        self.model, self.device, self.dtype = model, device, dtype
        self.max_new_tokens, self.temperature, self.retries = max_new_tokens, temperature, retries
        self.name = name
        self.rules = Rules(words)
        self.problem: str | None = None
        self._pipeline: Any = None
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin to load the model in the background; comes back at once, and a second call does nothing."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._load, name="language-model", daemon=True)
            self._thread.start()

    def wait(self, seconds: float | None = None) -> bool:
        """Wait until the model is loaded or has failed, at most so many seconds; whether it is ready."""
        self.start()
        assert self._thread is not None
        self._thread.join(seconds)
        return self._pipeline is not None and self.problem is None

    def write(self, glosses: Sequence[str], context: Sequence[str] = ()) -> Sentence:
        """A sentence that passed the guard: the model's, or that of the rules with a note."""
        draft = self.rules.write(glosses, context)
        if not draft.text:
            return draft
        if self.problem:
            return replace(draft, note=self.problem)
        if self._pipeline is None:
            loading = "is loading (the first time it is downloaded)" if self._thread else "was not started"
            return replace(draft, note=f"{self.model} {loading}: the rules write meanwhile")
        reason, text = "", ""
        for _ in range(self.retries + 1):
            try:
                text = self._generate(glosses, context, text, reason, draft.text)
            except Exception as error:  # whatever goes wrong in there, the person in front of it reads a sentence
                self._fail(error)
                return replace(draft, note=self.problem)
            reason = self.rules.guard.refusal(text, glosses, context) or ""
            if not reason:
                return Sentence(text, tuple(glosses), self.name)
        return replace(draft, note=f"{self.model} was refused: {reason}; the rules wrote this")

    def _load(self) -> None:
        try:
            self._pipeline = load(self.model, self.device, self.dtype)
        except Exception as error:  # in a thread nobody would see it
            self._fail(error)

    def _fail(self, error: BaseException) -> None:
        self.problem = f"sentence.model={self.model}: {explain(error, self.model)}; the rules write meanwhile"
        self._pipeline = None

    def _generate(self, glosses: Sequence[str], context: Sequence[str], refused: str, reason: str, draft: str) -> str:
        pipe = self._pipeline
        chat = pipe.tokenizer.chat_template is not None
        prompt = chat_prompt(glosses, context) if chat else base_prompt(glosses, context, draft if reason else "")
        if chat and reason:
            again = f"That was refused: {reason}. Right, but plain, is: {draft} Say the same. The sentence alone."
            prompt = [*prompt, {"role": "assistant", "content": refused}, {"role": "user", "content": again}]
        # greedy decoding warns of every sampling option that the model's own settings bring along
        sampling = {"temperature": self.temperature or None, "top_p": None, "top_k": None}
        answer = pipe(
            prompt,
            max_new_tokens=self.max_new_tokens,
            do_sample=self.temperature > 0,
            return_full_text=False,
            pad_token_id=pipe.tokenizer.pad_token_id or pipe.tokenizer.eos_token_id,
            **sampling,
        )
        text = str(answer[0]["generated_text"]).strip()
        if not chat:  # a base model goes on with the next example
            text = text.split("\n")[0].strip()
        return text.strip('"“”').strip()


def load(model: str, device: str, dtype: str) -> Any:
    """A text-generation pipeline.

    Raises:
        InputError: a folder that is missing or holds no model, or a GPU that is not there.
    """
    folder = Path(model).expanduser()
    if model.startswith((".", "/", "~")) or model.count("/") > 1 or folder.is_dir():
        if not folder.is_dir():
            raise InputError("no such folder: check the path, or name a model on huggingface.co")
        if not (folder / "config.json").is_file():
            raise InputError("no config.json in that folder: name the one that save_pretrained wrote")
        model = str(folder)
    import torch

    if device.startswith("cuda") and not torch.cuda.is_available():
        raise InputError(f"sentence.device={device}, but no GPU is found here: use sentence.device=auto")
    import transformers

    transformers.utils.logging.set_verbosity_error()
    transformers.utils.logging.disable_progress_bar()
    for name in ("huggingface_hub", "httpx"):
        logging.getLogger(name).setLevel(logging.ERROR)
    where = ("cuda" if torch.cuda.is_available() else "cpu") if device == "auto" else device
    return transformers.pipeline("text-generation", model=model, device=where, dtype=getattr(torch, dtype))


def explain(error: BaseException, model: str) -> str:
    """What to tell about an error, in one line: what is wrong and what to do."""
    if isinstance(error, InputError):
        return str(error)
    told, cause = "", [error]
    while cause:
        last = cause.pop()
        told += f" {' '.join(kind.__name__ for kind in type(last).__mro__)} {last}"
        cause += [why for why in (last.__cause__ or last.__context__,) if why]
    for markers, text in REASONS:
        if any(marker.casefold() in told.casefold() for marker in markers):
            return text.format(model=model)
    lines = str(error).strip().splitlines() or [type(error).__name__]
    return f"{lines[0][:160]} ({type(error).__name__}); try another model, or sentence=rules"


def question(glosses: Sequence[str], context: Sequence[str]) -> str:
    symptoms = f"\nThe patient's symptoms, which you may use: {', '.join(context)}" if context else ""
    return f"Glosses: {', '.join(glosses)}{symptoms}"


def chat_prompt(glosses: Sequence[str], context: Sequence[str]) -> list[dict[str, str]]:
    """The task and the examples as turns; without a system turn, which some chat templates refuse."""
    turns: list[dict[str, str]] = []
    for example, sentence in EXAMPLES:
        turns.append({"role": "user", "content": question(example, ())})
        turns.append({"role": "assistant", "content": sentence})
    turns.append({"role": "user", "content": question(glosses, context)})
    turns[0]["content"] = f"{TASK}\n\n{turns[0]['content']}"
    return turns


def base_prompt(glosses: Sequence[str], context: Sequence[str], draft: str) -> str:
    """The same as a text that a base model continues; after a refusal the last example is the rules' own sentence."""
    pairs = [*EXAMPLES, *([(tuple(glosses), draft)] if draft else [])]
    shots = "".join(f"{question(example, ())}\nSentence: {sentence}\n\n" for example, sentence in pairs)
    return f"{TASK}\n\n{shots}{question(glosses, context)}\nSentence:"
