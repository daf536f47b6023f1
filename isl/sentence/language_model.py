"""Chooses among the rules' variants with a language model. No other module imports transformers.

The model writes no text. It scores sentences of the rules, so every choice is faithful to the signs. It is loaded in
the background. Until it is loaded, and if it fails, the first variant is used; the sentence's ``note`` gives the reason
and a remedy in one line.
"""

from __future__ import annotations

import logging
import re
import threading
from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import replace
from functools import partial
from itertools import takewhile
from pathlib import Path
from typing import Any

from isl.errors import InputError
from isl.sentence.rules import MOST, Rules, Sentence

DTYPES = ("bfloat16", "float16", "float32")
TASK = (
    "You turn the glosses of Indian Sign Language into plain, natural English that says the same and nothing else. "
    "Answer with the sentence alone."
)
EXAMPLES = (
    (("Father", "Weak", "Medicine"), "My father is weak and needs medicine."),
    (("Girl", "Deaf"), "The girl is deaf."),
    (("Hello", "Doctor", "Brother", "sick"), "Hello, doctor, my brother is sick."),
    (("I", "Money", "Not"), "I have no money."),
)

REASONS = {  # a pattern of the names and texts of the errors in a chain of causes, and the message for the user
    "MemoryError|OutOfMemoryError|out of memory|can't allocate memory": (
        "out of memory: choose a smaller model, sentence.device=cpu or sentence=rules"
    ),
    "GatedRepoError|gated repo|403 Client|401 Client|Unauthorized": (
        "its owner must grant you access: ask on https://huggingface.co/{model}, then run 'hf auth login'"
    ),
    "LocalEntryNotFoundError|OfflineModeIsEnabled|couldn't connect|ConnectError|ConnectionError": (
        "no network, and the model is not on this machine: connect once, or name a local folder"
    ),
    "RepositoryNotFoundError|not a valid model identifier": (
        "there is no such model on huggingface.co that you may see: check the name"
    ),
    "both PyTorch and GGUF|accelerate is required": "a .gguf file needs two more packages: pip install gguf accelerate",
    "ImportError|ModuleNotFoundError": "transformers can't be imported: pip install 'transformers>=5,<6'",
}


class LanguageModel:
    """Chooses sentences with any causal language model that transformers can load.

    ``conf/sentence/llama.yaml`` explains the arguments.

    Raises:
        InputError: an argument is out of its range.
    """

    def __init__(
        self,
        model: str = "meta-llama/Llama-3.2-1B-Instruct",
        device: str = "auto",
        dtype: str = "bfloat16",
        variants: int = MOST,
        name: str = "llama",
        words: Mapping[str, Any] | str | Path | None = None,
    ) -> None:
        if device.split(":")[0] not in ("auto", "cpu", "cuda"):
            raise InputError(f"sentence.device={device}: choose auto, cpu, cuda or cuda:1")
        if dtype not in DTYPES:
            raise InputError(f"sentence.dtype={dtype}: choose one of {', '.join(DTYPES)}")
        if variants < 1:
            raise InputError(f"sentence.variants={variants}: must be at least 1")
        self.model, self.device, self.dtype, self.most, self.name = model, device, dtype, variants, name
        self.rules = Rules(words)
        self.lexicon = self.rules.lexicon
        self.problem: str | None = None
        self._scorer: Scorer | None = None
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin to load the model in the background. Returns at once; a second call has no effect."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._load, name="language-model", daemon=True)
            self._thread.start()

    def wait(self, seconds: float | None = None) -> bool:
        """Wait at most ``seconds`` until the model is loaded or has failed. Returns True if it is ready."""
        self.start()
        assert self._thread is not None
        self._thread.join(seconds)
        return self._scorer is not None and self.problem is None

    def draft(self, glosses: Sequence[str], context: Sequence[str] = ()) -> Sentence:
        """Returns the rules' sentence at once."""
        return self.rules.write(glosses, context)

    def write(self, glosses: Sequence[str], context: Sequence[str] = ()) -> Sentence:
        """Returns the variant with the highest score; may take seconds. Without a model, returns the first variant."""
        variants = self.rules.variants(glosses, context, self.most)
        first = Sentence(variants[0], tuple(glosses))
        if self.problem:
            return replace(first, note=self.problem)
        if len(variants) == 1:
            return first
        if self._scorer is None:
            loading = "is loading (the first time it is downloaded)" if self._thread else "was not started"
            return replace(first, note=f"{self.model} {loading}: the rules write meanwhile")
        try:
            scores = self._scorer.score(glosses, context, variants)
        except Exception as error:  # after any error, the user still gets the rules' sentence
            self._fail(error)
            return replace(first, note=self.problem)
        best = max(range(len(variants)), key=scores.__getitem__)
        return Sentence(variants[best], tuple(glosses), self.name)

    def _load(self) -> None:
        try:
            self._scorer = Scorer(*load(self.model, self.device, self.dtype))
        except Exception as error:  # an error in a thread would not be shown
            self._fail(error)

    def _fail(self, error: BaseException) -> None:
        self.problem = f"sentence.model={self.model}: {explain(error, self.model)}; the rules write meanwhile"
        self._scorer = None


class Scorer:
    """Computes log-likelihoods of sentences after a prompt, with a causal model and its tokenizer."""

    def __init__(self, model: Any, tokenizer: Any) -> None:
        from inspect import signature

        self.model, self.tokenizer = model, tokenizer
        self.cached = "cache" if "cache" in signature(model.forward).parameters else "past_key_values"
        one, two = (self._encode(self._prompt([gloss], ())) for gloss in ("Mother", "Where"))
        self.start = [a for a, _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, two, strict=False))]
        self.memory = self._read(self.start, None)  # the task and the examples are read once
        self.trees = self._reads_trees()

    def score(self, glosses: Sequence[str], context: Sequence[str], variants: Sequence[str]) -> list[float]:
        """Returns the mean log-likelihood of each variant's tokens; the prompt is read once."""
        begin = " " if self.tokenizer.chat_template is None else ""
        ids = [tuple(self.tokenizer.encode(begin + variant, add_special_tokens=False)) for variant in variants]
        *head, last = self._encode(self._prompt(glosses, context))  # the last token predicts the first of a variant
        same = len(self.start) if head[: len(self.start)] == self.start else 0
        memory = self._read(head[same:], deepcopy(self.memory) if same else None)
        if self.trees:
            return self._read_tree(memory, len(head), last, ids)
        return [self._likely(deepcopy(memory), [last, *one[:-1]])[range(len(one)), one].mean().item() for one in ids]

    def _reads_trees(self) -> bool:
        """Returns True if the model gives a tree of sentences the scores of one sentence after the other.

        Recurrent models do not, nor does a model that ignores the attention mask; they read each sentence alone.
        """
        import torch

        pair = [sentence for _, sentence in EXAMPLES[:2]]
        self.trees = False
        alone = self.score(["Mother"], (), pair)
        self.trees = True
        try:
            together = self.score(["Mother"], (), pair)
        except Exception:  # of any kind, where a model takes no such mask
            return False
        most = max(1e-3, 4 * torch.finfo(self.model.dtype).eps)
        return all(abs(a - b) <= most for a, b in zip(alone, together, strict=True))

    def _read_tree(self, memory: Any, seen: int, last: int, ids: Sequence[tuple[int, ...]]) -> list[float]:
        """Returns the scores of variants that are read as a tree: what several of them begin with is computed once.

        Each different beginning is one token, which attends to the ``seen`` tokens of the prompt and to the tokens
        before it in its own variants.
        """
        import torch

        begins = list(dict.fromkeys(one[:at] for one in ids for at in range(len(one))))
        place = {one: at for at, one in enumerate(begins)}
        sees = torch.zeros(len(begins), seen + len(begins), dtype=torch.bool)  # (tokens, prompt and tokens)
        sees[:, :seen] = True
        for at, one in enumerate(begins):
            sees[at, [seen + place[one[:length]] for length in range(len(one) + 1)]] = True
        mask = torch.where(sees, 0.0, torch.finfo(self.model.dtype).min).to(self.model.device, self.model.dtype)
        where = torch.tensor([[seen + len(one) for one in begins]], device=self.model.device)
        tokens = [one[-1] if one else last for one in begins]
        likely = self._likely(memory, tokens, attention_mask=mask[None, None], position_ids=where)
        return [sum(float(likely[place[one[:at]], one[at]]) for at in range(len(one))) / len(one) for one in ids]

    def _likely(self, memory: Any, tokens: Sequence[int], **options: Any) -> Any:
        """Returns the log-likelihoods of what follows each token, float ``(tokens, vocabulary)``."""
        import torch

        batch = torch.tensor([list(tokens)], device=self.model.device)
        with torch.inference_mode():
            logits = self.model(batch, **{self.cached: memory}, use_cache=True, **options).logits[0]
            return logits.float().log_softmax(dim=1)

    def _encode(self, prompt: str) -> list[int]:
        return list(self.tokenizer.encode(prompt, add_special_tokens=self.tokenizer.chat_template is None))

    def _read(self, tokens: Sequence[int], memory: Any) -> Any:
        """Returns the cache of keys and values for some tokens, appended to those of ``memory``."""
        from transformers import DynamicCache

        memory = DynamicCache() if memory is None else memory
        if tokens:
            self._likely(memory, tokens)
        return memory

    def _prompt(self, glosses: Sequence[str], context: Sequence[str]) -> str:
        """Returns the task, the examples and the glosses, as a chat where the tokenizer has a template for it."""
        if self.tokenizer.chat_template is None:
            shots = "".join(f"{ask(example, ())}\nSentence: {sentence}\n\n" for example, sentence in EXAMPLES)
            return f"{TASK}\n\n{shots}{ask(glosses, context)}\nSentence:"
        texts = [text for example, sentence in EXAMPLES for text in (ask(example, ()), sentence)]
        texts = [f"{TASK}\n\n{texts[0]}", *texts[1:], ask(glosses, context)]  # some templates refuse a system turn
        turns = [{"role": ("user", "assistant")[at % 2], "content": text} for at, text in enumerate(texts)]
        return str(self.tokenizer.apply_chat_template(turns, add_generation_prompt=True, tokenize=False))


def ask(glosses: Sequence[str], context: Sequence[str]) -> str:
    """Returns the user's turn of the prompt for one list of glosses."""
    symptoms = f"\nSymptoms: {', '.join(context)}" if context else ""
    return f"Glosses: {', '.join(glosses)}{symptoms}"


def load(model: str, device: str, dtype: str) -> tuple[Any, Any]:
    """Returns a causal model on its device, and its tokenizer.

    Raises:
        InputError: the folder or file is missing or holds no model, or there is no GPU.
    """
    import torch

    path = Path(model).expanduser()
    named: dict[str, str] = {}
    local = model.startswith((".", "/", "~")) or model.count("/") > 1 or path.is_dir()
    if model.endswith(".gguf"):
        if not path.is_file():
            raise InputError("no such file: check the path")
        model, named = str(path.parent), {"gguf_file": path.name}
    elif local:
        if not (path / "config.json").is_file():
            raise InputError("no folder with a model (config.json): name what save_pretrained wrote, or one on the hub")
        model = str(path)
    if device.startswith("cuda") and not torch.cuda.is_available():
        raise InputError(f"sentence.device={device}, but no GPU is found here: use sentence.device=auto")
    import transformers

    transformers.utils.logging.set_verbosity_error()
    transformers.utils.logging.disable_progress_bar()
    for name in ("huggingface_hub", "httpx"):
        logging.getLogger(name).setLevel(logging.ERROR)
    if named:  # no setting turns the progress bar of GGUF off
        from transformers import modeling_gguf_pytorch_utils as gguf

        gguf.tqdm = partial(gguf.tqdm, disable=True)
    where = ("cuda" if torch.cuda.is_available() else "cpu") if device == "auto" else device
    tokenizer = transformers.AutoTokenizer.from_pretrained(model, **named)
    network = transformers.AutoModelForCausalLM.from_pretrained(model, dtype=getattr(torch, dtype), **named)
    return network.to(where).eval(), tokenizer


def explain(error: BaseException, model: str) -> str:
    """Returns a one-line message about an error: the cause and a remedy."""
    if isinstance(error, InputError):
        return str(error)
    described, cause = "", [error]
    while cause:
        last = cause.pop()
        described += f" {' '.join(kind.__name__ for kind in type(last).__mro__)} {last}"
        cause += [why for why in (last.__cause__ or last.__context__,) if why]
    for markers, text in REASONS.items():
        if re.search(markers, described, re.IGNORECASE):
            return text.format(model=model)
    lines = str(error).strip().splitlines() or [type(error).__name__]
    return f"{lines[0][:160]} ({type(error).__name__}); try another model, or sentence=rules"
