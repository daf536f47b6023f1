"""Turns glosses into a sentence: isl-sentence "Mother, sick, Hospital" """

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence

from isl.errors import InputError
from isl.sentence import LanguageModel, Rules


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the sentence for the given glosses. Returns the exit code, which is 2 for wrong input."""
    parser = ArgumentParser("isl-sentence", description=__doc__)
    parser.add_argument("glosses", nargs="*", help='one list between commas: "Mother, sick, Hospital"')
    parser.add_argument("--variants", action="store_true", help="every sentence that the signs warrant")
    parser.add_argument("--context", default="", metavar="A,B", help="symptoms that were picked rather than signed")
    parser.add_argument("--words", metavar="FILE", help="your own words, a YAML file")
    parser.add_argument("--model", metavar="NAME", help="a language model that chooses: a name, a folder, a .gguf file")
    try:
        _write(parser.parse_args(arguments))
    except InputError as error:
        print("error:", error, file=sys.stderr)
        return 2
    return 0


def _write(options: Namespace) -> None:
    lists = (",".join(options.glosses), options.context)
    glosses, context = ([part.strip() for part in text.split(",") if part.strip()] for text in lists)
    if named := next((gloss for gloss in glosses if "=" in gloss), ""):
        raise InputError(f'{named}: glosses are written without a name, as in isl-sentence "Mother, sick, Hospital"')
    if not glosses and not context:
        raise InputError('no glosses: write some, such as: isl-sentence "Mother, sick, Hospital"')
    rules = Rules(options.words)
    writer = LanguageModel(options.model, name=options.model, words=options.words) if options.model else rules
    writer.wait()
    sentence = writer.write(glosses, context)
    print("\n".join(rules.variants(glosses, context)) if options.variants else sentence.text)
    if note := sentence.note or rules.doubt(glosses):
        print(note, file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
