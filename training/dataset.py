"""Pairs of a learner's sentence and the corrected one, split into training and held-out.

Two things are held out. A correct sentence whose hash says so is never trained on, with or
without errors. A word pair (verb and object, subject and verb, adjective and noun) whose hash
says so never occurs in training, so that some of the evaluation is on new combinations.
"""

import hashlib
import random

from corrupt import corrupt
from lexicon import Lexicon
from sentences import Sentences

HELD_OUT_SENTENCES = 0.01
HELD_OUT_PAIRS = 0.04
# Shares of sentences with no, one, two and three errors.
ERRORS = (0.22, 0.56, 0.18, 0.04)
MAX_WORDS = 26


def share(text):
    """A number in [0, 1) that depends on the text alone."""
    return int.from_bytes(hashlib.sha1(text.encode()).digest()[:6], "big") / 2**48


def sentence_held_out(target):
    return share("sentence:" + target) < HELD_OUT_SENTENCES


def pair_held_out(pair):
    return share("pair:" + "|".join(pair)) < HELD_OUT_PAIRS


class Pairs:
    """An endless seeded stream of (source, target, kinds, construction, split)."""

    def __init__(self, seed, lexicon=None):
        self.rng = random.Random(seed)
        self.sentences = Sentences(lexicon or Lexicon(), self.rng)
        self.pair_cache = {}

    def held_out_pair(self, pair):
        if pair not in self.pair_cache:
            self.pair_cache[pair] = pair_held_out(pair)
        return self.pair_cache[pair]

    def __iter__(self):
        return self

    def __next__(self):
        build, rng = self.sentences, self.rng
        while True:
            name, words, mark = build.make()
            if len(words) > MAX_WORDS:
                continue
            wanted = rng.choices(range(len(ERRORS)), ERRORS)[0]
            source, target, kinds = corrupt(rng, words, mark, build.edits, build.orders, wanted)
            if any(self.held_out_pair(p) for p in build.pairs):
                split = "combination"
            elif sentence_held_out(target):
                split = "sentence"
            else:
                split = "train"
            if source == target:
                kinds = []
            elif not kinds or abs(len(source) - len(target)) > 30:
                continue
            if wanted and not kinds:
                continue
            return source, target, kinds, name, split


def training(pairs, forbidden=frozenset()):
    """The stream without anything that is held out, nor any of the correct sentences in `forbidden`.

    A construction may make by chance a sentence that another one makes with a held-out pair, so the
    evaluation's own sentences are forbidden by name as well.
    """
    return (p for p in pairs if p[4] == "train" and p[1] not in forbidden)


def held_out(seed, each):
    """`each` different held-out pairs of either split; the correct sentences are all different."""
    found, seen = {"sentence": [], "combination": []}, set()
    for pair in Pairs(seed):
        split = pair[4]
        if split != "train" and len(found[split]) < each and pair[1] not in seen:
            seen.add(pair[1])
            found[split].append(pair)
        if all(len(v) == each for v in found.values()):
            return found["sentence"] + found["combination"]


if __name__ == "__main__":
    import collections
    import sys
    import time

    stream, start, n = Pairs(int(sys.argv[1])), time.time(), int(sys.argv[2])
    kinds, splits = collections.Counter(), collections.Counter()
    for i in range(n):
        source, target, found, name, split = next(stream)
        kinds.update(found or ["right"])
        splits[split] += 1
        if len(sys.argv) > 3:
            print(f"{name:15} {'+'.join(found):24} {source}\n{'':40} {target}")
    print(kinds, splits, f"{n / (time.time() - start):.0f} a second")
