"""Turns glosses into a sentence: python -m isl.sentence "Mother, sick, Hospital"

Further words on the command line:

    --variants             every sentence that the signs warrant, not only the first
    --context headache     symptoms that were picked rather than signed, between commas
    --words my_words.yaml  your own words
    --model NAME           a language model chooses: a name on huggingface.co, a folder, or a .gguf file
"""

from __future__ import annotations

import sys
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from collections.abc import Sequence

from isl.errors import InputError
from isl.sentence import LanguageModel, Rules


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the sentence of the glosses that were given; returns the exit code, 2 for wrong input."""
    parser = ArgumentParser("isl-sentence", description=__doc__, formatter_class=RawDescriptionHelpFormatter)
    parser.add_argument("glosses", nargs="*", help='one list between commas: "Mother, sick, Hospital"')
    parser.add_argument("--variants", action="store_true", help="print every variant")
    parser.add_argument("--context", default="", metavar="A,B", help="symptoms that were picked")
    parser.add_argument("--words", default=None, metavar="FILE", help="your own words, a YAML file")
    parser.add_argument("--model", default=None, metavar="NAME", help="a language model that chooses")
    options = parser.parse_args(arguments)
    try:
        return _write(_split(",".join(options.glosses)), _split(options.context), options)
    except InputError as error:
        print(error, file=sys.stderr)
        return 2


def _write(glosses: Sequence[str], context: Sequence[str], options: object) -> int:
    words, model = getattr(options, "words", None), getattr(options, "model", None)
    if not glosses and not context:
        raise InputError('no glosses: write some, such as: python -m isl.sentence "Mother, sick, Hospital"')
    rules = Rules(words)
    if getattr(options, "variants", False):
        print("\n".join(rules.variants(glosses, context)))
        return 0
    writer = LanguageModel(model, name=model, words=words) if model else rules
    writer.wait()
    sentence = writer.write(glosses, context)
    print(sentence.text)
    note = sentence.note or rules.doubt(glosses)
    if note:
        print(note, file=sys.stderr)
    return 0


def _split(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


if __name__ == "__main__":
    sys.exit(main())
