"""English morphology: plurals, verb forms, comparatives, articles."""

from tables import A_BUT_VOWEL, AN_BUT_CONSONANT, DOUBLING, IRREGULAR_NOUNS, IRREGULAR_VERBS

VOWELS = "aeiou"


class Verb:
    """A verb's five forms, and the wrong regular ones that learners make."""

    __slots__ = ("base", "s", "past", "pp", "ing")

    def __init__(self, base):
        self.base = base
        self.s = third(base)
        self.ing = ing(base)
        self.past, self.pp = IRREGULAR_VERBS.get(base) or (regular_past(base),) * 2

    def misspelt_past(self):
        """Regular endings on irregular verbs, and endings without their spelling rule."""
        wrong = naive_past(self.base)
        return [wrong] if wrong not in (self.past, self.pp) else []

    def misspelt_pp(self):
        return self.misspelt_past()

    def misspelt_ing(self):
        wrong = self.base + "ing"
        return [wrong] if wrong != self.ing else []

    def misspelt_s(self):
        wrong = self.base + "s"
        return [wrong] if wrong != self.s else []


def doubles(base):
    """Is the last consonant doubled before -ed and -ing (stop: stopped)?"""
    if base in DOUBLING:
        return True
    return (
        len(base) <= 4
        and len(base) > 2
        and base[-1] in "bdgklmnprt"
        and base[-2] in VOWELS
        and base[-3] not in VOWELS
        and sum(c in VOWELS for c in base) == 1
    ) and base[-1] != "k"


def consonant_y(word):
    return word.endswith("y") and word[-2] not in VOWELS


def sibilant(word):
    return word.endswith(("s", "x", "z", "ch", "sh"))


def third(base):
    if base == "have":
        return "has"
    if base in ("go", "do"):
        return base + "es"
    if consonant_y(base):
        return base[:-1] + "ies"
    return base + ("es" if sibilant(base) else "s")


def naive_past(base):
    return base + ("d" if base.endswith("e") else "ed")


def regular_past(base):
    if consonant_y(base):
        return base[:-1] + "ied"
    if doubles(base):
        return base + base[-1] + "ed"
    return naive_past(base)


def ing(base):
    if base.endswith("ie"):
        return base[:-2] + "ying"
    if base.endswith("e") and not base.endswith(("ee", "oe", "ye")):
        return base[:-1] + "ing"
    if doubles(base) or base in ("run", "swim", "sit", "cut", "put", "hit", "let", "get", "win"):
        return base + base[-1] + "ing"
    return base + "ing"


def plural(noun):
    if noun in IRREGULAR_NOUNS:
        return IRREGULAR_NOUNS[noun]
    for end in ("policeman", "woman", "man"):
        if noun.endswith(end) and noun not in ("human", "german", "roman"):
            return noun[:-2] + "en"
    if consonant_y(noun):
        return noun[:-1] + "ies"
    return noun + ("es" if sibilant(noun) else "s")


def naive_plurals(noun, right):
    """What a learner writes for a plural that is not just -s."""
    if right == noun + "s" or right == noun:
        return []
    wrong = [noun + "s"]
    if right not in (noun + "es", noun[:-1] + "ies"):
        wrong.append(right + "s")
    return wrong


def comparative(adj, end="er"):
    """-er or -est for a short adjective; None for one that takes more/most."""
    special = {"good": ("better", "best"), "bad": ("worse", "worst"), "far": ("farther", "farthest")}
    if adj in special:
        return special[adj][end == "est"]
    if consonant_y(adj):
        return adj[:-1] + "i" + end
    if adj.endswith("e"):
        return adj + end[1:]
    if len(adj) <= 4 and adj[-1] in "dtgnbm" and adj[-2] in VOWELS and adj[-3] not in VOWELS:
        return adj + adj[-1] + end
    return adj + end


def adverb(adj):
    if adj in ("fast", "hard", "early", "late"):
        return adj
    if adj == "good":
        return "well"
    if adj.endswith("ic"):
        return adj + "ally"
    if consonant_y(adj):
        return adj[:-1] + "ily"
    if adj.endswith("le"):
        return adj[:-1] + "y"
    return adj + "ly"


def article(word):
    """a or an, by the sound that the next word starts with."""
    low = word.lower()
    if any(low.startswith(p) for p in AN_BUT_CONSONANT):
        return "an"
    if any(low.startswith(p) for p in A_BUT_VOWEL):
        return "a"
    return "an" if low[0] in VOWELS else "a"
