"""Makes a learner's sentence out of a correct one by applying the edits recorded with it."""

from tables import CITIES, COUNTRIES, DAYS, LANGUAGES, MEN, MISSPELLINGS, MONTHS, WOMEN

# How gladly each kind of error is chosen where a sentence offers several.
WEIGHTS = {
    "agreement": 1.7,
    "tense": 3.2,
    "verb-form": 1.6,
    "article": 2.6,
    "plural": 2.0,
    "preposition": 1.5,
    "word-order": 3.0,
    "question": 2.2,
    "negation": 2.4,
    "pronoun": 0.9,
    "possessive": 1.6,
    "comparative": 3.0,
    "gerund-infinitive": 2.2,
    "quantifier": 3.0,
    "spelling": 0.8,
    "relative": 3.0,
    "adverb-adjective": 3.0,
    "conditional": 3.0,
    "passive": 3.0,
    "word-choice": 3.0,
    "punctuation": 0.5,
}
KINDS = sorted(WEIGHTS)
NAMES = set(MEN + WOMEN + CITIES + COUNTRIES + LANGUAGES + DAYS + MONTHS + [d + "s" for d in DAYS] + ["I"])
QUESTION_WORDS = set("What Where When Why Who How Which".split())


CONTRACTIONS = {("i", "am"): "'m", ("it", "is"): "'s"}
CONTRACTIONS |= {(p, "is"): "'s" for p in ("he", "she")}
CONTRACTIONS |= {(p, "are"): "'re" for p in ("you", "we", "they")}
CONTRACTIONS |= {(p, "will"): "'ll" for p in ("i", "you", "he", "she", "we", "they")}


def render(texts, mark):
    line = " ".join(t for t in texts if t)
    return line[0].upper() + line[1:] + mark


def spelling_edits(words):
    found = []
    for word in words:
        parts = word.text.split(" ")
        for i, part in enumerate(parts):
            bare = part.rstrip(",")
            for wrong in MISSPELLINGS.get(bare, ()):
                changed = parts[:i] + [wrong + part[len(bare) :]] + parts[i + 1 :]
                found.append(("spelling", {word: " ".join(changed)}, ()))
    return found


def choose(rng, edits, orders, taken):
    """One more error that touches none of the words already touched, or None."""
    by_kind = {}
    for kind, changes, lock in edits:
        if not any(w in taken for w in changes) and not any(w in taken for w in lock):
            by_kind.setdefault(kind, []).append((changes, None, lock))
    for kind, right, wrong in orders:
        if not any(w in taken for w in right):
            by_kind.setdefault(kind, []).append((None, (right, wrong), ()))
    if not by_kind:
        return None
    kinds = list(by_kind)
    kind = rng.choices(kinds, [WEIGHTS[k] for k in kinds])[0]
    return (kind, *rng.choice(by_kind[kind]))


def reorder(words, right, wrong):
    wanted = [w for w in right if w.text]
    for i in range(len(words) - len(wanted) + 1):
        if all(a is b for a, b in zip(words[i:], wanted)):
            return words[:i] + [w for w in wrong if w.text] + words[i + len(wanted) :]
    return None


def unpunctuate(rng, line, mark, open_question):
    """Drop the final mark, the capital, or the capitals of names."""
    ways = ["lower", "names"]
    if mark == "." or open_question:
        ways += ["mark", "mark", "both", "both"]
    way = rng.choice(ways)
    if way in ("mark", "both"):
        line = line[:-1]
    if way in ("lower", "both"):
        line = line[0].lower() + line[1:]
    if way == "names" or (way == "both" and rng.random() < 0.6):
        parts = line.split(" ")
        for i, part in enumerate(parts):
            bare = part.rstrip(".,?").removesuffix("'s")
            if bare in NAMES and (i or bare == "I"):
                parts[i] = part[0].lower() + part[1:]
        line = " ".join(parts)
        if way == "names":
            line = line[0].lower() + line[1:]
    return line


def contract(words, order, changed, right):
    """I am -> I'm, where neither word is touched; in both sentences."""
    after = dict(zip(order, order[1:]))
    for word, verb in list(zip(words, words[1:]))[:-1]:
        short = CONTRACTIONS.get((word.text.lower(), verb.text))
        if short and after.get(word) is verb and word not in changed and verb not in changed:
            right[word], right[verb] = word.text + short, ""


def corrupt(rng, words, mark, edits, orders, wanted):
    """(learner's sentence, correct one, error kinds) with up to `wanted` errors."""
    present = set(words)
    edits = [e for e in edits if all(w in present or w.text == "" for w in e[1])]
    edits = [e for e in edits if any(w.text != t for w, t in e[1].items())]
    edits += spelling_edits(words)
    taken, kinds, changed, order = set(), [], {}, words
    for _ in range(wanted):
        if rng.random() < 0.04 and "punctuation" not in kinds:
            kinds.append("punctuation")
            continue
        found = choose(rng, edits, orders, taken)
        if not found:
            continue
        kind, changes, move, lock = found
        if move:
            moved = reorder(order, *move)
            if moved is None:
                taken.update(move[0])
                continue
            order = moved
            taken.update(move[0])
        else:
            changed.update(changes)
            taken.update(changes)
            taken.update(lock)
        kinds.append(kind)
    right = {w: w.text for w in words}
    if rng.random() < 0.25:
        contract(words, order, changed, right)
    line = render([changed.get(w, right.get(w, "")) for w in order], mark)
    target = render([right[w] for w in words], mark)
    if "punctuation" in kinds:
        plain = "question" not in kinds or line.split(" ")[0] in QUESTION_WORDS
        line = unpunctuate(rng, line, mark, plain)
    return line, target, sorted(set(kinds))
