"""Writes prompts.json, the load's prompts: held-out learner's sentences and their corrections."""

import json
import os

from bpe import Tokenizer
from build_tokenizer import MODEL
from dataset import held_out

EACH = 300  # of each split

if __name__ == "__main__":
    tokenizer = Tokenizer.load(os.path.join(MODEL, "tokenizer.json"))
    found = held_out(seed=7, each=EACH)
    # alternate, so that a prefix of the list holds both splits
    found = [pair for both in zip(found[:EACH], found[EACH:]) for pair in both]
    prompts = [
        {"id": f"h{n:04}", "text": source, "expected": target, "errors": kinds}
        for n, (source, target, kinds, _, _) in enumerate(found, 1)
    ]
    longest = max(len(tokenizer.prompt(p["text"])) + len(tokenizer.encode(p["expected"])) + 1 for p in prompts)
    assert longest <= 128, longest
    with open(os.path.join(MODEL, "prompts.json"), "w") as file:
        file.write("[\n" + ",\n".join("  " + json.dumps(p) for p in prompts) + "\n]\n")
    lengths = sorted(len(tokenizer.encode(p["expected"])) + 1 for p in prompts)
    print(f"{len(prompts)} prompts; {lengths[0]} to {lengths[-1]} output tokens, {lengths[len(lengths) // 2]} in the middle")
