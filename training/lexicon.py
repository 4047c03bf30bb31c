"""The lexicon: the hand-made core and WordNet's common words, each with its class.

WordNet (Debian's wordnet-base) gives the breadth: nouns whose commonest sense is a person, an
animal, an artifact or a food, adjectives and adverbs, as often as its tagged texts use them.
"""

import collections
import os

from tables import BLOCKED, CORE, IRREGULAR_VERBS, MASS_VERBS, NOT_WITH_OBJECT, TRANSITIVE
from words import Verb, plural

WORDNET = os.environ.get("WORDNET", "/usr/share/wordnet")
NOUN, VERB, ADJ, ADV, SATELLITE = 1, 2, 3, 4, 5
ANIMAL, ARTIFACT, FOOD, PERSON = 5, 6, 13, 18


def tag_counts():
    """lemma -> {(part of speech, lexicographer file): times tagged}."""
    counts = collections.defaultdict(collections.Counter)
    with open(f"{WORDNET}/cntlist.rev") as lines:
        for line in lines:
            key, _, times = line.split()
            lemma, rest = key.split("%")
            pos, lexfile = rest.split(":")[:2]
            if lemma.isalpha() and lemma.islower() and 3 <= len(lemma) <= 12:
                counts[lemma][int(pos), int(lexfile)] += int(times)
    return counts


def lower_case(data):
    """cntlist is lower case throughout; the data files tell plato from plate, polish from Polish."""
    lower = set()
    with open(f"{WORDNET}/{data}") as lines:
        for line in lines:
            if line[0] == " ":
                continue
            head = line.split("|")[0].split()
            lower.update(w for w in head[4 : 4 + 2 * int(head[3], 16) : 2] if w.islower())
    return lower


def common(counts, wanted, share, least):
    """Lemmas of which `share` of the tagged uses are `wanted`, the commonest first."""
    found = []
    for lemma, uses in counts.items():
        times = sum(n for use, n in uses.items() if wanted(*use))
        if times >= least and times >= share * sum(uses.values()) and lemma not in BLOCKED:
            found.append((-times, lemma))
    return [lemma for _, lemma in sorted(found)]


def noun_class(counts, lower, lexfile, least):
    lemmas = common(counts, lambda p, f: (p, f) == (NOUN, lexfile), 0.6, least)
    return [w for w in lemmas if w in lower and not w.endswith("s") and not w.endswith("men")]


def transitive_verbs(counts):
    """Common regular verbs with WordNet's frame 8, "Somebody ----s something"."""
    frames, irregular = collections.defaultdict(set), set()
    with open(f"{WORDNET}/verb.exc") as lines:
        irregular.update(base for line in lines for base in line.split()[1:])
    with open(f"{WORDNET}/data.verb") as lines:
        for line in lines:
            if line[0] == " ":
                continue
            head = line.split("|")[0].split()
            size = int(head[3], 16)
            lemmas = head[4 : 4 + 2 * size : 2]
            at = 4 + 2 * size
            at += 1 + 4 * int(head[at])
            for i in range(int(head[at])):
                frame, which = int(head[at + 2 + 3 * i]), int(head[at + 3 + 3 * i], 16)
                for j, lemma in enumerate(lemmas, 1):
                    if which in (0, j):
                        frames[lemma].add(frame)
    verbs = common(counts, lambda p, f: p == VERB, 0.75, 6)
    return [
        v
        for v in verbs
        if 8 in frames[v] and v not in irregular and v not in NOT_WITH_OBJECT and v not in IRREGULAR_VERBS
    ][:320]


def core(name):
    return CORE[name].split()


class Lexicon:
    """Word lists by class; `nouns[class]` is (core, broad), drawn from in that proportion."""

    def __init__(self):
        counts, lower = tag_counts(), lower_case("data.noun")
        broad = {
            "person": noun_class(counts, lower, PERSON, 3),
            "animal": noun_class(counts, lower, ANIMAL, 2),
            "thing": noun_class(counts, lower, ARTIFACT, 4),
            "food": [],
        }
        names = "person animal food thing readable clothes vehicle building abstract event body".split()
        self.nouns = {n: (core(n), [w for w in broad.get(n, []) if w not in CORE[n]]) for n in names}
        self.plural = {w: plural(w) for pair in self.nouns.values() for part in pair for w in part}
        self.mass = {m: v.split() for m, v in MASS_VERBS.items()}
        mass = set(self.mass)
        for pair in self.nouns.values():
            for part in pair:
                part[:] = [w for w in part if w not in mass]
        manner = common(counts, lambda p, f: p == ADV, 0.7, 3)
        self.adverbs = [w for w in manner if w.endswith("ly")]
        adjectives = common(counts, lambda p, f: p in (ADJ, SATELLITE), 0.8, 3)
        lower = lower_case("data.adj")
        self.adjectives = [
            w for w in adjectives if w in lower and not w.endswith(("er", "est", "ly", "ed", "ing", "ty", "een"))
        ]
        self.verbs = {}
        self.broad_verbs = [self.verb(v) for v in transitive_verbs(counts)]
        self.transitive = {c: [self.verb(v) for v in text.split()] for c, text in TRANSITIVE.items()}

    def verb(self, base):
        if base not in self.verbs:
            self.verbs[base] = Verb(base)
        return self.verbs[base]


if __name__ == "__main__":
    lexicon = Lexicon()
    for name, (a, b) in lexicon.nouns.items():
        print(name, len(a), len(b), b[-12:])
    print("adverbs", len(lexicon.adverbs), "adjectives", len(lexicon.adjectives))
    print([v.ing for v in map(lexicon.verb, "run stop study make lie cut visit open cook look rain".split())])
    print([(v.past, v.s) for v in map(lexicon.verb, "stop study go visit cook watch enjoy".split())])
