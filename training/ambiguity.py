"""Finds errors that could be corrected in two ways: the same source with two targets.

A tiny lexicon makes sentences meet; what it prints should be rare.

    python3 training/ambiguity.py 200000
"""

import collections
import sys

import clauses
import grammar
import sentences
from dataset import Pairs
from lexicon import Lexicon


def tiny():
    """One or two words of each class; everything else as in training."""
    for module in (clauses, grammar, sentences):
        for name in ("MEN", "WOMEN", "CITIES", "COUNTRIES", "LANGUAGES", "SPORTS", "DAYS", "MONTHS", "NUMBERS"):
            if hasattr(module, name):
                values = getattr(module, name)
                setattr(module, name, values[: 9 if name == "NUMBERS" else 1] if name != "NUMBERS" else ["two"] * 12)
    lexicon = Lexicon()
    for cls, (near, _) in lexicon.nouns.items():
        lexicon.nouns[cls] = (near[:1], [])
    lexicon.adjectives = lexicon.adjectives[:2]
    lexicon.transitive = {c: v[:3] for c, v in lexicon.transitive.items()}
    lexicon.broad_verbs = lexicon.broad_verbs[:2]
    return lexicon


if __name__ == "__main__":
    targets = collections.defaultdict(collections.Counter)
    stream = Pairs(5, tiny())
    for _ in range(int(sys.argv[1])):
        source, target, kinds, name, _ = next(stream)
        targets[source][target, "+".join(kinds) or "right", name] += 1
    clashes = [(s, t) for s, t in targets.items() if len({target for target, _, _ in t}) > 1]
    by_kind = collections.Counter()
    for source, found in clashes:
        by_kind[" / ".join(sorted({k for _, k, _ in found}))] += sum(found.values())
    for kind, n in by_kind.most_common(40):
        print(n, kind)
        shown = [c for c in clashes if " / ".join(sorted({k for _, k, _ in c[1]})) == kind][:4]
        for source, found in shown:
            print("   ", source, "->", "; ".join(f"{t} [{k}, {c}]" for t, k, c in found))
    print(len(clashes), "clashing sources of", len(targets))
