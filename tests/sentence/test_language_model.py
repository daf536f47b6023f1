"""A language model writes under guard: real tiny models through the real pipeline, and every way to fail."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from isl.config.build import build
from isl.errors import InputError
from isl.sentence import LanguageModel, Rules, language_model
from isl.sentence.language_model import base_prompt, chat_prompt, explain

GLOSSES = ["Mother", "sick", "Hospital"]
GOOD = "My mother is sick and needs to go to the hospital."
BAD = "My mother is sick and takes two paracetamol in the hospital."
PLAIN = "My mother is sick and needs the hospital."
CHAT_TEMPLATE = (
    "{% for m in messages %}<|{{ m['role'] }}|>{{ m['content'] }}<|end|>{% endfor %}"
    "{% if add_generation_prompt %}<|assistant|>{% endif %}"
)


@pytest.fixture(scope="module", params=["chat", "base"])
def tiny(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a random LlamaForCausalLM and a tokenizer of its own, with a chat template or without."""
    import torch
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
    from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

    folder = tmp_path_factory.mktemp(request.param)
    special = ["<|start|>", "<|end|>", "<|user|>", "<|assistant|>"]
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    letters = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(vocab_size=500, special_tokens=special, initial_alphabet=letters, show_progress=False)
    tokenizer.train_from_iterator([base_prompt(GLOSSES, (), ""), GOOD, BAD], trainer)
    fast = PreTrainedTokenizerFast(tokenizer_object=tokenizer, bos_token=special[0], eos_token=special[1])
    if request.param == "chat":
        fast.chat_template = CHAT_TEMPLATE
    fast.save_pretrained(folder)
    torch.manual_seed(0)
    shape = LlamaConfig(
        vocab_size=len(fast),
        hidden_size=32,
        intermediate_size=64,
        num_hidden_layers=2,
        num_attention_heads=2,
        num_key_value_heads=1,
        max_position_embeddings=1024,
        bos_token_id=fast.bos_token_id,
        eos_token_id=fast.eos_token_id,
    )
    LlamaForCausalLM(shape).save_pretrained(folder)
    return folder


class Counted:
    """A pipeline that counts how often it is asked."""

    def __init__(self, pipeline: Any) -> None:
        self.pipeline, self.tokenizer, self.asked = pipeline, pipeline.tokenizer, 0

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        self.asked += 1
        return self.pipeline(*args, **kwargs)


def test_babble_of_a_real_model_is_refused_and_the_rules_write(tiny):
    writer = LanguageModel(str(tiny), device="cpu", max_new_tokens=12)
    assert writer.wait(60)
    writer._pipeline = Counted(writer._pipeline)
    sentence = writer.write(GLOSSES)
    assert (sentence.text, sentence.source) == (PLAIN, "rules")
    assert writer._pipeline.asked == 2  # once, and one retry
    assert "refused" in sentence.note and "\n" not in sentence.note


def test_a_real_model_that_learned_the_sentence_is_believed(tiny, tmp_path):
    teach(tiny, tmp_path)
    writer = LanguageModel(str(tmp_path), device="cpu", dtype="float32")
    assert writer.wait(60)
    sentence = writer.write(GLOSSES)
    assert (sentence.text, sentence.source, sentence.note) == (GOOD, "llama", None)
    assert sentence.glosses == tuple(GLOSSES)


def teach(source: Path, target: Path) -> None:
    """Have the tiny model learn one answer by heart."""
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer

    tokenizer, model = AutoTokenizer.from_pretrained(source), AutoModelForCausalLM.from_pretrained(source)
    if tokenizer.chat_template:
        asked = tokenizer.apply_chat_template(chat_prompt(GLOSSES, ()), add_generation_prompt=True, tokenize=False)
        prompt, answer = asked, GOOD + tokenizer.eos_token
    else:
        prompt, answer = base_prompt(GLOSSES, (), ""), f" {GOOD}\n\nGlosses: Money"
    ids = [tokenizer(text, add_special_tokens=False)["input_ids"] for text in (prompt, answer)]
    tokens = torch.tensor([ids[0] + ids[1]])
    labels = torch.tensor([[-100] * len(ids[0]) + ids[1]])
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-2)
    for _ in range(120):
        loss = model(input_ids=tokens, labels=labels).loss
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    assert loss.item() < 0.1
    tokenizer.save_pretrained(target)
    model.save_pretrained(target)


class Scripted:
    """Stands for a pipeline: answers one text after the other, and keeps what it was asked."""

    def __init__(self, *texts: str, chat: bool = True) -> None:
        self.texts, self.prompts, self.options = list(texts), [], {}
        self.tokenizer = type("Tokenizer", (), {"chat_template": chat or None, "pad_token_id": 0, "eos_token_id": 0})()

    def __call__(self, prompt: Any, **options: Any) -> Any:
        self.prompts.append(prompt)
        self.options = options
        return [{"generated_text": self.texts.pop(0)}]


def scripted(monkeypatch: pytest.MonkeyPatch, *texts: str, chat: bool = True, **options: Any) -> tuple[Any, Scripted]:
    pipeline = Scripted(*texts, chat=chat)
    monkeypatch.setattr(language_model, "load", lambda *_: pipeline)
    writer = LanguageModel(**options)
    assert writer.wait(5)
    return writer, pipeline


@pytest.mark.parametrize("chat", [True, False])
def test_a_good_sentence_is_taken_at_once(monkeypatch, chat):
    writer, pipeline = scripted(monkeypatch, f' "{GOOD}" \n' if chat else f" {GOOD}\nGlosses: Money\n", chat=chat)
    sentence = writer.write(GLOSSES)
    assert (sentence.text, sentence.source, sentence.note) == (GOOD, "llama", None)
    assert len(pipeline.prompts) == 1
    assert pipeline.options["do_sample"] is False  # greedy unless asked otherwise
    assert pipeline.options["max_new_tokens"] == 48


@pytest.mark.parametrize("chat", [True, False])
def test_after_a_refusal_the_model_is_told_and_tries_once_more(monkeypatch, chat):
    writer, pipeline = scripted(monkeypatch, BAD, GOOD, chat=chat)
    assert writer.write(GLOSSES).text == GOOD
    again = str(pipeline.prompts[1])
    assert PLAIN in again and len(again) > len(str(pipeline.prompts[0]))


def test_after_two_refusals_the_rules_write_and_the_note_says_why(monkeypatch):
    writer, _ = scripted(monkeypatch, BAD, BAD)
    sentence = writer.write(GLOSSES)
    assert (sentence.text, sentence.source) == (PLAIN, "rules")
    assert "“two”" in sentence.note and "\n" not in sentence.note


def test_retries_are_configurable(monkeypatch):
    assert scripted(monkeypatch, BAD, GOOD, retries=0)[0].write(GLOSSES).source == "rules"
    assert scripted(monkeypatch, BAD, BAD, BAD, GOOD, retries=3)[0].write(GLOSSES).text == GOOD


def test_a_second_line_is_never_shown_of_a_chat_model(monkeypatch):
    writer, _ = scripted(monkeypatch, f"{GOOD}\nMy mother is sick.", f"Sure! {GOOD}")
    assert writer.write(GLOSSES).text == PLAIN


def test_context_reaches_the_model_and_the_guard(monkeypatch):
    text = "My mother is sick and has a headache."
    writer, pipeline = scripted(monkeypatch, text, text, text)
    assert writer.write(["Mother", "sick"], ["headache"]).text == text
    assert "headache" in str(pipeline.prompts[0])
    assert writer.write(["Mother", "sick"]).source == "rules"  # nobody picked a headache


def test_nothing_signed_asks_no_model(monkeypatch):
    writer, pipeline = scripted(monkeypatch)
    assert writer.write([]).text == "" and not pipeline.prompts


def test_starting_never_waits_and_the_rules_write_meanwhile(monkeypatch):
    loaded = threading.Event()

    def slow(*_: Any) -> Scripted:
        loaded.wait(10)
        return Scripted(GOOD)

    monkeypatch.setattr(language_model, "load", slow)
    writer = LanguageModel()
    assert "not started" in writer.write(GLOSSES).note
    begin = time.perf_counter()
    writer.start()
    writer.start()
    assert time.perf_counter() - begin < 0.5
    sentence = writer.write(GLOSSES)
    assert (sentence.text, sentence.source) == (PLAIN, "rules") and "loading" in sentence.note
    assert not writer.wait(0.01)
    loaded.set()
    assert writer.wait(5) and writer.write(GLOSSES).text == GOOD


class GatedRepoError(Exception):
    """As huggingface_hub calls it."""


def gated() -> OSError:
    error = OSError("You are trying to access a gated repo.\nMake sure to have access to it at https://hf.co/x.")
    error.__cause__ = GatedRepoError("403 Client Error.")
    return error


FAILURES = [
    (gated(), "hf auth login"),
    (OSError("401 Client Error: Unauthorized for url\nsecond line"), "hf auth login"),
    (OSError("We couldn't connect to 'https://huggingface.co' to load the files\nmore"), "no network"),
    (OSError("x is not a local folder and is not a valid model identifier"), "no such model"),
    (MemoryError(), "smaller model"),
    (RuntimeError("CUDA out of memory. Tried to allocate 2.00 GiB\nmore"), "smaller model"),
    (RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried to allocate 9 bytes"), "smaller model"),
    (ModuleNotFoundError("No module named 'transformers'"), "pip install"),
    (ValueError("Unrecognized model in x\nmore"), "Unrecognized model"),
]


@pytest.mark.parametrize(("error", "advice"), FAILURES, ids=lambda value: type(value).__name__)
def test_every_failure_to_load_is_one_line_of_advice_and_rules_go_on(monkeypatch, error, advice):
    import transformers

    def fail(*_: Any, **__: Any) -> None:
        raise error

    monkeypatch.setattr(transformers, "pipeline", fail)
    writer = LanguageModel("some/model", device="cpu")
    assert not writer.wait(60)
    sentence = writer.write(GLOSSES)
    assert (sentence.text, sentence.source) == (PLAIN, "rules")
    assert advice in sentence.note and "some/model" in sentence.note and "\n" not in sentence.note


def test_a_model_that_breaks_while_writing_is_given_up(monkeypatch):
    writer, pipeline = scripted(monkeypatch)
    monkeypatch.setattr(Scripted, "__call__", lambda *_, **__: (_ for _ in ()).throw(MemoryError()))
    first, second = writer.write(GLOSSES), writer.write(GLOSSES)
    assert first.text == second.text == PLAIN
    assert "out of memory" in first.note and first.note == second.note and not pipeline.prompts


def test_a_missing_folder_is_not_looked_for_in_the_network(tmp_path):
    for model, advice in ((tmp_path / "none", "no such folder"), (tmp_path, "config.json")):
        writer = LanguageModel(str(model))
        assert not writer.wait(60)
        assert advice in writer.write(GLOSSES).note


@pytest.mark.parametrize(
    "options", [{"device": "tpu"}, {"dtype": "int3"}, {"max_new_tokens": 0}, {"retries": -1}, {"temperature": -1.0}]
)
def test_a_wrong_option_is_named(options):
    with pytest.raises(InputError, match=f"sentence.*{next(iter(options))}"):
        LanguageModel(**options)


def test_a_missing_gpu_is_said(monkeypatch):
    import torch

    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    writer = LanguageModel("some/model", device="cuda")
    assert not writer.wait(60) and "no GPU" in writer.problem


def test_nothing_heavy_is_imported_before_a_model_is_loaded():
    code = "import sys, isl.sentence; assert not {'torch', 'transformers'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_an_error_without_words_is_still_told():
    assert "KeyError" in explain(KeyError(), "x")


@pytest.mark.parametrize("name", ["rules", "llama"])
def test_configs_build(name):
    from omegaconf import OmegaConf

    path = Path(__file__).parents[2] / "conf" / "sentence" / f"{name}.yaml"
    config = OmegaConf.to_container(OmegaConf.load(path))
    config["words"] = {"Fever": "symptom"}
    writer = build(config)
    assert isinstance(writer, Rules if name == "rules" else LanguageModel)
    assert writer.write(["Mother", "Fever"]).text == "My mother has a fever."
