"""Writes prompts.json, the load's prompts: held-out learner's sentences and their corrections."""

import json
import os

from bpe import Tokenizer
from build_tokenizer import MODEL
from dataset import held_out
from lexicon import Lexicon

EACH = 300  # of each split
DRAWN = 2000  # of each split; the evaluation's
COMMON_ADJECTIVES, COMMON_ADVERBS = 300, 120  # rarer words of WordNet are for the evaluation, not for show


def rare_words():
    lexicon = Lexicon()
    rare = lexicon.adjectives[COMMON_ADJECTIVES:] + lexicon.adverbs[COMMON_ADVERBS:]
    return set(rare + "murder asthma ghosts ancestor musket pistol".split())


if __name__ == "__main__":
    tokenizer = Tokenizer.load(os.path.join(MODEL, "tokenizer.json"))
    drawn, rare = held_out(seed=7, each=DRAWN), rare_words()
    plain = [[p for p in part if not rare & set(p[1][:-1].lower().split())] for part in (drawn[:DRAWN], drawn[DRAWN:])]
    # alternate, so that a prefix of the list holds both splits
    found = [pair for both in zip(plain[0][:EACH], plain[1][:EACH]) for pair in both]
    assert len(found) == 2 * EACH
    prompts = [
        {"id": f"h{n:04}", "text": source, "expected": target, "errors": kinds}
        for n, (source, target, kinds, _, _) in enumerate(found, 1)
    ]
    longest = max(len(tokenizer.prompt(p["text"])) + len(tokenizer.encode(p["expected"])) + 1 for p in prompts)
    assert longest <= 128, longest
    with open(os.path.join(MODEL, "prompts.json"), "w") as file:
        file.write("[\n" + ",\n".join("  " + json.dumps(p) for p in prompts) + "\n]\n")
    lengths = sorted(len(tokenizer.encode(p["expected"])) + 1 for p in prompts)
    print(
        f"{len(prompts)} prompts; {lengths[0]} to {lengths[-1]} output tokens, {lengths[len(lengths) // 2]} in the middle"
    )
