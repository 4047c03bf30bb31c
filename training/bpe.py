"""Byte-level BPE: training, encoding, and the standard tokenizer.json.

The pre-tokenizer is GPT-2's (ByteLevel, use_regex). Python's `re` has no \\p{L}; the classes below
agree with it on all that the generator writes (ASCII), and `parity.mjs` checks the encoder
against two JavaScript tokenizers.
"""

import collections
import json
import re

SPECIAL = ["<pad>", "<bos>", "<eos>", "<fix>"]
PAD, BOS, EOS, FIX = range(4)
SPLIT = re.compile(r"'s|'t|'re|'ve|'m|'ll|'d| ?[^\W\d_]+| ?\d+| ?(?:[^\s\w]|_)+|\s+(?!\S)|\s+")


def byte_letters():
    """GPT-2's printable letter for each byte."""
    keep = [*range(33, 127), *range(161, 173), *range(174, 256)]
    table = {b: chr(b) for b in keep}
    for n, b in enumerate(b for b in range(256) if b not in table):
        table[b] = chr(256 + n)
    return table


LETTERS = byte_letters()
BYTES = {c: b for b, c in LETTERS.items()}


def words(text):
    return ["".join(LETTERS[b] for b in w.encode()) for w in SPLIT.findall(text)]


def train(texts, size):
    """The merges of a vocabulary of `size` pieces, most frequent pair first."""
    counts = collections.Counter(w for t in texts for w in words(t))
    split = {w: list(w) for w in counts}
    merges = []
    while len(SPECIAL) + 256 + len(merges) < size:
        pairs = collections.Counter()
        for w, n in counts.items():
            for pair in zip(split[w], split[w][1:]):
                pairs[pair] += n
        best = max(pairs, key=lambda p: (pairs[p], p))
        merges.append(best)
        for w, parts in split.items():
            if len(parts) > 1 and best[0] in parts:
                split[w] = merge(parts, best)
    return merges


def merge(parts, pair):
    out, i = [], 0
    while i < len(parts):
        if i + 1 < len(parts) and (parts[i], parts[i + 1]) == pair:
            out.append(parts[i] + parts[i + 1])
            i += 2
        else:
            out.append(parts[i])
            i += 1
    return out


class Tokenizer:
    def __init__(self, merges):
        self.merges = [tuple(m) for m in merges]
        self.rank = {m: i for i, m in enumerate(self.merges)}
        pieces = SPECIAL + [LETTERS[b] for b in range(256)] + [a + b for a, b in self.merges]
        self.ids = {p: i for i, p in enumerate(pieces)}
        self.pieces = pieces
        self.cache = {}

    @classmethod
    def load(cls, path):
        with open(path) as file:
            model = json.load(file)["model"]
        return cls([m.split(" ") if isinstance(m, str) else m for m in model["merges"]])

    def word(self, w):
        if w not in self.cache:
            parts = list(w)
            while len(parts) > 1:
                best = min(zip(parts, parts[1:]), key=lambda p: self.rank.get(p, 1 << 30))
                if best not in self.rank:
                    break
                parts = merge(parts, best)
            self.cache[w] = [self.ids[p] for p in parts]
        return self.cache[w]

    def encode(self, text):
        return [i for w in words(text) for i in self.word(w)]

    def prompt(self, text):
        return [BOS, *self.encode(text), FIX]

    def decode(self, ids):
        letters = "".join(self.pieces[i] for i in ids if i >= len(SPECIAL))
        return bytes(BYTES[c] for c in letters).decode(errors="replace")

    def json(self):
        """The contents of tokenizer.json; its post-processor makes the prompt."""

        def special(name):
            return {"SpecialToken": {"id": name, "type_id": 0}}

        return {
            "version": "1.0",
            "truncation": None,
            "padding": None,
            "added_tokens": [
                {
                    "id": i,
                    "content": t,
                    "single_word": False,
                    "lstrip": False,
                    "rstrip": False,
                    "normalized": False,
                    "special": True,
                }
                for i, t in enumerate(SPECIAL)
            ],
            "normalizer": None,
            "pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": True},
            "post_processor": {
                "type": "TemplateProcessing",
                "single": [special("<bos>"), {"Sequence": {"id": "A", "type_id": 0}}, special("<fix>")],
                "pair": [
                    special("<bos>"),
                    {"Sequence": {"id": "A", "type_id": 0}},
                    {"Sequence": {"id": "B", "type_id": 0}},
                    special("<fix>"),
                ],
                "special_tokens": {t: {"id": t, "ids": [SPECIAL.index(t)], "tokens": [t]} for t in ("<bos>", "<fix>")},
            },
            "decoder": {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": True},
            "model": {
                "type": "BPE",
                "dropout": None,
                "unk_token": None,
                "continuing_subword_prefix": None,
                "end_of_word_suffix": None,
                "fuse_unk": False,
                "byte_fallback": False,
                "ignore_merges": False,
                "vocab": self.ids,
                "merges": [list(m) for m in self.merges],
            },
        }
