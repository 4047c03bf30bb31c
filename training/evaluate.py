"""Exact-match accuracy on held-out sentences, by error type; the table of training/README.md.

    python3 training/evaluate.py [--each 2000] [--sentences]

Reads the weights from public/models/mini-gpt/onnx/model.onnx, the file that is shipped.
--sentences also corrects the textbook sentences of training/textbook.tsv, which the generator did not make.
"""

import argparse
import collections
import os

import torch

from bpe import EOS, Tokenizer
from build_tokenizer import HERE, MODEL
from dataset import held_out
from shipped import load
from train import exact


def generate(model, tokenizer, sentence):
    ids = tokenizer.prompt(sentence)
    start = len(ids)
    while len(ids) < model.shape.max_position_embeddings:
        with torch.no_grad():
            best = int(model.head(model(torch.tensor([ids]))[0, -1]).argmax())
        if best == EOS:
            break
        ids.append(best)
    return tokenizer.decode(ids[start:])


def table(pairs, right):
    rows = collections.OrderedDict()

    def count(name, split, ok):
        cell = rows.setdefault(name, {"sentence": [0, 0], "combination": [0, 0]})[split]
        cell[0] += ok
        cell[1] += 1

    for (source, target, kinds, _, split), ok in zip(pairs, right):
        count("**all**", split, ok)
        count("already right" if source == target else "with errors", split, ok)
        if source != target:
            count(f"{len(kinds)} error type" + ("s" if len(kinds) > 1 else ""), split, ok)
        for kind in kinds:
            count(kind, split, ok)
    head = ["**all**", "already right", "with errors"]
    head += sorted(n for n in rows if "error type" in n)
    lines = ["| | new sentences | new combinations | both |", "|---|---|---|---|"]
    for name in head + sorted(n for n in rows if n not in head):
        cells = [rows[name]["sentence"], rows[name]["combination"]]
        cells.append([sum(c[0] for c in cells), sum(c[1] for c in cells)])
        shown = [f"{100 * ok / n:.1f} % of {n}" if n else "–" for ok, n in cells]
        lines.append(f"| {name} | {shown[0]} | {shown[1]} | {shown[2]} |")
    return "\n".join(lines)


def textbook():
    with open(os.path.join(HERE, "textbook.tsv")) as lines:
        return [line.rstrip("\n").split("\t") for line in lines if line.strip()]


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--each", type=int, default=2000, help="sentences of each split")
    options.add_argument("--seed", type=int, default=7)
    options.add_argument("--sentences", action="store_true")
    options.add_argument("--errors", type=int, default=0, help="wrong answers to show")
    args = options.parse_args()
    torch.set_num_threads(2)
    tokenizer = Tokenizer.load(os.path.join(MODEL, "tokenizer.json"))
    model = load(os.path.join(MODEL, "onnx", "model.onnx"), os.path.join(MODEL, "config.json"))
    if args.sentences:
        hits = 0
        for source, wanted in textbook():
            answer = generate(model, tokenizer, source)
            hits += answer == wanted
            print(
                "ok   " if answer == wanted else "WRONG",
                source,
                "->",
                answer,
                "" if answer == wanted else f"(wanted: {wanted})",
            )
        print(f"{hits} of {len(textbook())}")
        return
    pairs = held_out(args.seed, args.each)
    right = exact(model, tokenizer, pairs)
    print(table(pairs, right))
    for (source, target, kinds, *_), ok in list(zip(pairs, right)):
        if not ok and args.errors > 0:
            args.errors -= 1
            print(f"{'+'.join(kinds) or 'right'}: {source}\n    {generate(model, tokenizer, source)}\n    {target}")


if __name__ == "__main__":
    main()
