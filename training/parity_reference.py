"""What PyTorch and the Python tokenizer say, for parity.ts to compare with: training/out/parity.*.

Token ids of several thousand sentences; for the first prompts the logits of the whole correct
sequence and the greedily generated tokens.
"""

import itertools
import json
import os

import numpy as np
import torch

from bpe import EOS, Tokenizer
from build_tokenizer import HERE, MODEL
from dataset import Pairs
from shipped import load

SENTENCES = 3000  # pairs, so twice as many sentences
PROMPTS = 240
OUT = os.path.join(HERE, "out")
ODD = [
    "",
    " ",
    "a  b",
    "It's 3.14, isn't it?",
    "  two  spaces ",
    "I'll we've they'd o'clock",
    "naïve café – “quoted” 😀",
    "UPPER lower 123abc",
    "tab\there",
    "new\nline",
    "e-mail: a_b@c.de!?",
    "日本語 and Русский",
    "<fix> typed by hand",
    "don’t",
    "___",
    "1,000,000 km²",
]


def greedy(model, ids):
    out = []
    while len(ids) + len(out) < model.shape.max_position_embeddings:
        with torch.no_grad():
            out.append(int(model.head(model(torch.tensor([ids + out]))[0, -1]).argmax()))
        if out[-1] == EOS:
            break
    return out


if __name__ == "__main__":
    torch.set_num_threads(1)
    os.makedirs(OUT, exist_ok=True)
    tokenizer = Tokenizer.load(os.path.join(MODEL, "tokenizer.json"))
    model = load(os.path.join(MODEL, "onnx", "model.onnx"), os.path.join(MODEL, "config.json"))
    with open(os.path.join(MODEL, "prompts.json")) as file:
        prompts = json.load(file)[:PROMPTS]
    texts = [t for pair in itertools.islice(Pairs(99), SENTENCES) for t in pair[:2]]
    texts += [t for t in ODD if "<fix>" not in t]
    sequences, logits = [], []
    for prompt in prompts:
        ids = tokenizer.prompt(prompt["text"])
        tokens = greedy(model, ids)
        with torch.no_grad():
            logits.append(model.head(model(torch.tensor([ids + tokens]))[0]).numpy())
        sequences.append({"prompt": ids, "tokens": tokens})
    with open(os.path.join(OUT, "parity.json"), "w") as file:
        json.dump({"texts": [{"text": t, "ids": tokenizer.encode(t)} for t in texts], "sequences": sequences}, file)
    np.concatenate(logits).astype(np.float32).tofile(os.path.join(OUT, "parity.f32"))
    print(f"{len(texts)} sentences, {len(sequences)} prompts")
