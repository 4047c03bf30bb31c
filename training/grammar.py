"""Noun phrases and verb groups, each with the edits that spoil it.

A sentence is a list of `Word`s. Whoever makes a word knows which errors would be unambiguous
there, so the errors are recorded while the sentence is built: `edit(type, {word: wrong text})`.
"""

from tables import ADJ, GENERIC, MASS_PLURALS, MEN, NUMBERS, WOMEN
from words import article, naive_plurals


class Word:
    """One word (or fixed group of words) of the correct sentence; compared by identity."""

    __slots__ = ("text",)

    def __init__(self, text):
        self.text = text


class Subject:
    """A subject phrase. agr: 'i' (I), 's' (he, the cat), 'p' (you, the cats)."""

    __slots__ = ("words", "agr", "head", "own", "object", "reflexive")

    def __init__(self, words, agr, head, own, obj=None, reflexive=None):
        self.words, self.agr, self.head, self.own = words, agr, head, own
        self.object, self.reflexive = obj, reflexive


PRONOUNS = {
    # text: (agr, possessive, wrong as subject, object form, reflexive)
    "I": ("i", "my", "me", "me", "myself"),
    "you": ("p", "your", None, "you", "yourself"),
    "he": ("s", "his", "him", "him", "himself"),
    "she": ("s", "her", "her", "her", "herself"),
    "we": ("p", "our", "us", "us", "ourselves"),
    "they": ("p", "their", "them", "them", "themselves"),
}
BE = {"i": ("am", "was"), "s": ("is", "was"), "p": ("are", "were")}
WRONG_BE = {
    "am": ["is", "are", "be"],
    "is": ["are", "am", "be"],
    "are": ["is", "am", "be"],
    "was": ["were"],
    "were": ["was"],
}
POSSESSIVES = "my your his her our their".split()
WRONG_POSSESSIVE = {
    "my": ["me", "mine"],
    "your": ["you", "yours", "you're"],
    "his": ["him", "he"],
    "her": ["she", "hers"],
    "our": ["us", "ours"],
    "their": ["they", "them", "theirs", "there", "they're"],
}


class Builder:
    """Builds one sentence: draws words, records edits and the word pairs that occur."""

    def __init__(self, lexicon, rng):
        self.lex, self.rng = lexicon, rng
        self.reset()

    def reset(self):
        self.edits, self.orders, self.pairs = [], [], set()

    def pick(self, items):
        return items[int(self.rng.random() * len(items))]

    def chance(self, p):
        return self.rng.random() < p

    def edit(self, kind, changes, lock=()):
        """Record that replacing each word by its wrong text is an error of this kind."""
        self.edits.append((kind, changes, tuple(lock)))

    def order(self, kind, right, wrong):
        """Record that these adjacent words in another order are an error of this kind."""
        self.orders.append((kind, right, wrong))

    def words(self, text):
        return [Word(w) for w in text.split()]

    # Nouns

    def noun(self, cls):
        near, broad = self.lex.nouns[cls]
        return self.pick(broad) if broad and self.chance(0.4) else self.pick(near)

    def plural(self, noun):
        """The plural as a word, with its misspellings recorded."""
        text = self.lex.plural[noun] if noun in self.lex.plural else noun + "s"
        word = Word(text)
        for wrong in naive_plurals(noun, text):
            self.edit("spelling", {word: wrong})
        return word

    def adjectives(self, cls, noun, plural=False):
        """Usually none, sometimes one, rarely two in their fixed order."""
        r = self.rng.random()
        if r < 0.68:
            return []
        kind = {
            "readable": "abstract",
            "vehicle": "thing",
            "building": "place",
            "event": "abstract",
            "body": "size",
            "thing": "thing",
        }.get(cls, cls)
        if kind == "thing":
            kind = self.pick(["size", "opinion", "age", "colour"])
        pool = ADJ[kind]
        if r < 0.93 or cls in ("person", "abstract", "event", "food", "body", "readable", "animal"):
            if self.chance(0.25) and cls != "person":
                text = self.pick(self.lex.adjectives)
            else:
                text = self.pick(pool.format("").split())
            self.pairs.add((text, noun))
            return [Word(text)]
        kinds = ["opinion", "size", "age", "colour"]
        i = self.pick([0, 1, 2])
        j = self.pick(range(i + 1, 4))
        pair = [Word(self.pick(ADJ[kinds[k]].format("").split())) for k in (i, j)]
        self.pairs.update((a.text, noun) for a in pair)
        self.order("word-order", pair, pair[::-1])
        return pair

    def common_np(self, cls, noun=None, det=None, generic=False, adj=True):
        """A noun phrase with a common noun: (words, agr). Its determiner decides its errors."""
        noun = noun or self.noun(cls)
        if generic:
            det = self.pick(["bare", "bare", "the", "my"])
        det = det or self.pick(
            ["a"] * 6
            + ["the"] * 6
            + ["my"] * 4
            + ["thes", "bare", "two", "two", "many", "this", "these", "some", "lot", "every"]
        )
        if cls == "body":
            det = "my"
        if det in ("the", "my", "thes"):
            many = self.chance(0.15) if det != "thes" else True
        else:
            many = det in ("bare", "two", "many", "these", "some", "lot")
        head = self.plural(noun) if many else Word(noun)
        adjs = self.adjectives(cls, noun) if adj else []
        rest = adjs + [head]
        if adjs and self.chance(0.5):
            self.order("word-order", [adjs[-1], head], [head, adjs[-1]])
        if len(adjs) == 1 and many and self.chance(0.3):
            self.edit("plural", {adjs[0]: adjs[0].text + "s"})
        if det == "bare":
            if generic and noun not in ("sheep", "fish", "deer"):
                self.edit("plural", {head: noun})
            return rest, "p"
        if det == "a":
            art = Word(article(rest[0].text))
            self.edit("article", {art: "an" if art.text == "a" else "a"})
            if art.text == "an":
                self.edit("article", {art: "a"})
                self.edit("article", {art: "a"})
            self.edit("article", {art: ""}, lock=[head])
            self.edit("article", {art: ""}, lock=[head])
            if self.lex.plural.get(noun, noun) != noun:
                self.edit("plural", {head: self.lex.plural[noun]}, lock=[art])
            return [art] + rest, "s"
        if det in ("the", "thes"):
            return [Word("the")] + rest, "p" if many else "s"
        if det == "my":
            return [self.possessive()] + rest, "p" if many else "s"
        if det == "every":
            text = self.pick(["every", "each", "every"])
            d = Word(text)
            self.edit("plural", {head: self.lex.plural[noun]})
            return [d] + rest, "s"
        if det in ("this", "these"):
            text = self.pick(["this", "that"] if det == "this" else ["these", "those"])
            d = Word(text)
            if det == "these":
                self.edit("agreement", {d: "this" if text == "these" else "that"}, lock=[head])
                self.singular(head, noun, lock=[d])
            return [d] + rest, "s" if det == "this" else "p"
        text = {
            "two": lambda: self.pick(NUMBERS),
            "many": lambda: self.pick(["many", "many", "several", "a few", "too many", "both"]),
            "some": lambda: "some",
            "lot": lambda: "a lot of",
        }[det]()
        if text == "a few":
            d = [Word("a"), Word("few")]
            self.edit("quantifier", {d[1]: "little"})
            self.edit("quantifier", {d[1]: "little"})
        else:
            d = self.words(text)
        if "many" in text:
            self.edit("quantifier", {d[-1]: "much"})
            self.edit("quantifier", {d[-1]: "much"})
        self.singular(head, noun, lock=d[:1] + d[1:])
        return d + rest, "p"

    def singular(self, head, noun, lock=()):
        if head.text != noun:
            self.edit("plural", {head: noun}, lock=lock)
            self.edit("plural", {head: noun}, lock=lock)

    def possessive(self, own=None):
        text = own or self.pick(POSSESSIVES)
        if own is None and self.chance(0.15):
            name = self.pick(MEN + WOMEN)
            word = Word(name + "'s")
            self.edit("possessive", {word: name})
            self.edit("possessive", {word: name + "s"})
            return word
        word = Word(text)
        for wrong in WRONG_POSSESSIVE.get(text, []):
            self.edit("pronoun", {word: wrong})
        return word

    def mass_np(self, noun):
        """A phrase with an uncountable noun; (words, agr)."""
        head = Word(noun)
        if noun in MASS_PLURALS:
            self.edit("plural", {head: MASS_PLURALS[noun]})
            self.edit("plural", {head: MASS_PLURALS[noun]})
        r = self.rng.random()
        if r < 0.3:
            # an article that must not be there is an edit of the noun itself
            self.edit("article", {head: article(noun) + " " + noun})
            return [head], "s"
        if r < 0.5:
            d = self.words("some")
        elif r < 0.65:
            d = self.words(self.pick(["too much", "so much"]))
            self.edit("quantifier", {d[1]: "many"})
            self.edit("quantifier", {d[1]: "many"})
        elif r < 0.78:
            d = self.words("a little")
            self.edit("quantifier", {d[1]: "few"})
            self.edit("quantifier", {d[1]: "few"})
        elif r < 0.9:
            d = self.words("a lot of")
            self.edit("quantifier", {d[2]: ""})
        else:
            d = self.words("the")
        return d + [head], "s"

    # Persons as objects and subjects

    def object_np(self, cls, verb=None):
        """An object: (words). Records the pair of verb and noun."""
        if cls == "person" and self.chance(0.45):
            return self.object_person()
        noun = self.noun(cls)
        if verb:
            self.pairs.add((verb, noun))
        if cls not in ("person", "abstract", "event", "body") and self.chance(0.07):
            return [Word(self.pick(["it", "them"]))]
        return self.common_np(cls, noun, generic=verb in GENERIC)[0]

    def object_person(self):
        if self.chance(0.3):
            return [Word(self.pick(MEN + WOMEN))]
        sub = self.pick(["I", "he", "she", "we", "they", "you"])
        word = Word(PRONOUNS[sub][3])
        if sub != "you":
            self.edit("pronoun", {word: sub})
        return [word]

    def subject(self, cls="person"):
        r = self.rng.random()
        if cls != "person":
            noun = self.noun(cls)
            words, agr = self.common_np(
                cls, noun, det=self.pick(["the", "the", "my", "this", "these", "two", "a", "many"])
            )
            return Subject(words, agr, noun, "its" if agr == "s" else "their")
        if r < 0.45:
            text = self.pick(list(PRONOUNS))
            agr, own, wrong, obj, reflexive = PRONOUNS[text]
            word = Word(text)
            if wrong:
                self.edit("pronoun", {word: wrong})
            return Subject([word], agr, text.lower(), own, obj, reflexive)
        if r < 0.62:
            man = self.chance(0.5)
            name = self.pick(MEN if man else WOMEN)
            return Subject([Word(name)], "s", "name", "his" if man else "her", None, "himself" if man else "herself")
        if r < 0.68:
            a, b = self.pick(MEN + WOMEN), self.pick(MEN + WOMEN)
            if self.chance(0.5) and a != b:
                return Subject(self.words(f"{a} and {b}"), "p", "names", "their", None, "themselves")
            first = [Word(a)] if self.chance(0.4) else [self.possessive("my"), Word(self.noun("person"))]
            me = Word("I")
            self.edit("pronoun", {me: "me"})
            return Subject(first + [Word("and"), me], "p", "we", "our", None, "ourselves")
        if r < 0.73:
            text = self.pick("everyone everybody someone nobody somebody".split())
            return Subject([Word(text)], "s", text, None)
        if r < 0.77:
            noun = self.noun("person")
            mine = self.possessive(self.pick(["my", "his", "her", "our"]))
            head = self.plural(noun)
            self.singular(head, noun)
            self.singular(head, noun)
            return Subject([Word("one"), Word("of"), mine, head], "s", noun, None)
        if r < 0.80:
            return Subject(
                self.words(self.pick(["people", "the police", "most people", "many people", "some people"])),
                "p",
                "people",
                "their",
            )
        noun = self.noun("person")
        words, agr = self.common_np(
            "person",
            noun,
            det=self.pick(
                ["the", "the", "the", "my", "my", "my", "this", "these", "two", "many", "every", "a", "some"]
            ),
        )
        if agr == "s" and self.chance(0.08):
            words += self.words(
                self.pick(
                    ["with the dogs", "in the photos", "on the stairs", "with two children", "next to the windows"]
                )
            )
        return Subject(words, agr, noun, "their" if agr == "p" else None)

    # Verb groups

    def forms(self, subject, verb):
        """(right, wrong) present forms of a verb for this subject."""
        return (verb.s, verb.base) if subject.agr == "s" else (verb.base, verb.s)

    def finite(self, subject, verb, tense, neg=False, adverb=None, marked=False):
        """The verb group of a statement. `marked`: some adverbial shows the tense."""
        base = verb.base
        adv = [Word(adverb)] if adverb else []
        be, was = BE[subject.agr]
        if tense in ("present", "past") and not neg:
            if tense == "present":
                right, wrong = self.forms(subject, verb)
                v = Word(right)
                if marked or verb.past != base:  # "he read" may be a right past
                    self.edit("agreement", {v: wrong})
                if subject.agr == "s" and verb.misspelt_s():
                    self.edit("spelling", {v: verb.misspelt_s()[0]})
                if marked:
                    self.edit("verb-form", {v: f"{be} {base}"})
            else:
                v = Word(verb.past)
                for wrong in verb.misspelt_past():
                    self.edit("spelling", {v: wrong})
                    self.edit("spelling", {v: wrong})
                if verb.pp not in (verb.past, base):
                    self.edit("verb-form", {v: verb.pp})
                if marked:
                    now = self.forms(subject, verb)
                    for wrong in (now[0], now[0], base, f"have {verb.pp}" if subject.agr != "s" else f"has {verb.pp}"):
                        self.edit("tense", {v: wrong})
                    self.edit("verb-form", {v: f"was {base}"})
                    self.edit("verb-form", {v: f"did {verb.past}"})
            if adv:
                self.order("word-order", adv + [v], [v] + adv)
                self.order("word-order", adv + [v], [v] + adv)
            return adv + [v]
        if tense in ("present", "past"):
            long = self.chance(0.2)
            if tense == "present":
                do, bad = ("does", "do") if subject.agr == "s" else ("do", "does")
            else:
                do, bad = "did", None
            v = Word(base)
            aux = self.words(do + " not") if long else [Word(do + "n't")]
            self.edit("negation", {v: verb.s})
            if tense == "past":
                self.edit("negation", {v: verb.past})
                self.edit("negation", {v: verb.past})
            if bad:
                self.edit("negation", {aux[0]: bad + ("" if long else "n't")})
                self.edit("negation", {aux[0]: bad + ("" if long else "n't")})
            if not long and (tense == "present" or marked):
                self.edit("negation", {aux[0]: "not"})
                self.edit("negation", {aux[0]: "no"})
                if bad:
                    self.edit("negation", {aux[0]: "not", v: verb.s if do == "does" else base})
                    if base in ("like", "want", "know", "understand", "need", "have"):
                        self.edit("negation", {aux[0]: be + " not"})
                        if be != "am":
                            self.edit("negation", {aux[0]: be + "n't"})
            if marked and tense == "past":
                now = "doesn't" if subject.agr == "s" else "don't"
                self.edit("tense", {aux[0]: now[:-3] if long else now})
            return aux + adv + [v]
        if tense in ("future", "modal"):
            modal = "will" if tense == "future" else self.pick("can can can must should could might may".split())
            contracted = {
                "will": "won't",
                "can": "can't",
                "should": "shouldn't",
                "must": "mustn't",
                "could": "couldn't",
            }.get(modal)
            v = Word(base)
            for wrong in (verb.s, verb.ing, "to " + base, "to " + base):
                self.edit("verb-form", {v: wrong})
            if verb.past != base and modal != "will":
                self.edit("verb-form", {v: verb.past})
            if neg and contracted:
                m = Word(contracted)
                if modal == "can":
                    do = "doesn't" if subject.agr == "s" else "don't"
                    self.edit("negation", {m: do + " can"})
                    self.edit("negation", {m: "no can"})
                if modal in ("must", "should", "will"):
                    do = "doesn't" if subject.agr == "s" else "don't"
                    self.edit("negation", {m: f"{do} {modal}"})
                return [m] + adv + [v]
            m = self.words(modal + " not") if neg else [Word(modal)]
            if marked and tense == "future" and not neg and verb.past != base:
                self.edit("tense", {m[0]: "", v: verb.past})
            if modal in ("can", "must") and not neg and subject.agr == "s":
                self.edit("agreement", {m[0]: modal + "s"})
            return m + adv + [v]
        if tense == "going":
            b, to, v = Word(be), Word("to"), Word(base)
            self.be_edits(b)
            self.edit("verb-form", {b: ""})
            self.edit("verb-form", {to: ""})
            self.edit("verb-form", {v: verb.ing})
            going = Word("going")
            self.edit("verb-form", {going: "go"})
            return [b] + ([Word("not")] if neg else []) + adv + [going, to, v]
        if tense in ("progressive", "past progressive"):
            b = Word(be if tense == "progressive" else was)
            self.be_edits(b)
            v = Word(verb.ing)
            self.edit("verb-form", {v: base}, lock=[b])
            for wrong in verb.misspelt_ing():
                self.edit("spelling", {v: wrong})
            if not neg:
                if tense == "progressive":
                    self.edit("verb-form", {b: ""}, lock=[v])
                    self.edit("verb-form", {b: ""}, lock=[v])
                    if marked:
                        for wrong in self.forms(subject, verb):
                            self.edit("tense", {b: "", v: wrong})
                return [b] + adv + [v]
            text = b.text
            if self.chance(0.6) and text != "am":
                b.text = text + "n't"
                self.edits = [e for e in self.edits if b not in e[1]]
                for wrong in WRONG_BE[text]:
                    if wrong not in ("am", "be"):
                        self.edit("negation", {b: wrong + "n't"})
                if tense == "progressive":
                    self.edit("negation", {b: "doesn't" if subject.agr == "s" else "don't"})
                return [b] + adv + [v]
            return [b, Word("not")] + adv + [v]
        if tense == "perfect":
            have, bad = ("has", "have") if subject.agr == "s" else ("have", "has")
            h, v = Word(have), Word(verb.pp)
            self.edit("agreement", {h: bad})
            self.edit("agreement", {h: bad})
            if verb.pp != verb.past:
                self.edit("verb-form", {v: verb.past})
                self.edit("verb-form", {v: verb.past})
            if verb.pp != base:
                self.edit("verb-form", {v: base})
            for wrong in verb.misspelt_pp():
                self.edit("spelling", {v: wrong})
            if marked and not neg:
                self.edit("tense", {h: be, v: verb.ing})
                self.edit("tense", {h: "", v: self.forms(subject, verb)[0]})
                self.edit("tense", {h: "", v: self.forms(subject, verb)[0]})
            if neg:
                h.text = have + "n't"
                self.edits = [e for e in self.edits if h not in e[1]]
                self.edit("negation", {h: bad + "n't"})
                self.edit("negation", {h: "don't" if subject.agr != "s" else "doesn't"})
            return [h] + adv + [v]
        raise ValueError(tense)

    def be_edits(self, word, kind="agreement"):
        for wrong in WRONG_BE[word.text]:
            if wrong != "be":
                self.edit(kind, {word: wrong})
        if word.text in ("am", "is", "are") and self.chance(0.3):
            self.edit(kind, {word: "be"})
