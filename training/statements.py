"""Plain statements about what is: copulas, professions, there is, weather, and a first textbook's sentences."""

from clauses import Clauses
from grammar import BE, Subject, Word
from tables import ADJ, MASS_PLURALS, SPORTS
from words import article


class Statements(Clauses):
    def copula(self):
        """be + adjective or place, in the present or the past."""
        s = self.subject("person" if self.chance(0.65) else self.pick(["thing", "animal", "building", "food"]))
        past = self.chance(0.35)
        if self.chance(0.07):
            return self.mass_copula()
        b = Word(BE[s.agr][past])
        self.be_edits(b)
        if not past:
            self.edit("verb-form", {b: ""})
        r = self.rng.random()
        if r < 0.5:
            cls = (
                "person"
                if s.own in ("my", "your", "his", "her", "our") or s.head in ("i", "you", "names", "name")
                else None
            )
            a = self.pick(ADJ["person"].split()) if cls else self.pick(ADJ["opinion"].format("nice").split())
            rest = [Word(self.pick(["very", "really", "so", "always", "not"]))] if self.chance(0.5) else []
            if rest and rest[0].text == "always":
                self.order("word-order", [b] + rest, rest + [b])
            if rest and rest[0].text == "not":
                self.order("word-order", [b] + rest, rest + [b])
                if not past:
                    self.edit("negation", {b: "don't" if s.agr != "s" else "doesn't", rest[0]: "be"})
            rest.append(Word(a))
        else:
            rest = self.place()
        t = self.past_time() if past and self.chance(0.6) else []
        if past and t:
            for wrong in {"was": ["is"], "were": ["are"]}[b.text]:
                self.edit("tense", {b: "am" if s.agr == "i" else wrong})
                self.edit("tense", {b: "am" if s.agr == "i" else wrong})
        return s.words + [b] + rest + t, "."

    def mass_copula(self):
        self.reset()
        noun = self.pick(
            "information advice furniture luggage homework news money music water food bread weather milk coffee equipment traffic".split()
        )
        head = Word(noun)
        if noun in MASS_PLURALS:
            for _ in range(2):
                self.edit("plural", {head: MASS_PLURALS[noun]})
        b = Word(self.pick(["is", "is", "was"]))
        for _ in range(2):
            self.edit("agreement", {b: {"is": "are", "was": "were"}[b.text]})
        det = [self.possessive()] if self.chance(0.4) and noun not in ("weather", "traffic") else [Word("the")]
        adj = self.pick(
            "good bad useful new old expensive cheap important terrible nice great difficult easy interesting".split()
        )
        return det + [head, b] + ([Word("very")] if self.chance(0.3) else []) + [Word(adj)], "."

    def profession(self):
        s = self.singular_person()
        b = Word(BE[s.agr][0])
        self.be_edits(b)
        noun = self.noun("person")
        adjs = self.adjectives("person", noun)
        a = Word(article((adjs + [Word(noun)])[0].text))
        for _ in range(3):
            self.edit("article", {a: ""})
        self.edit("article", {a: "an" if a.text == "a" else "a"})
        return s.words + [b, a] + adjs + [Word(noun)], "."

    def there_be(self):
        many = self.chance(0.55)
        past = self.chance(0.3)
        cls = self.pick(["thing", "person", "animal", "building", "food"])
        if self.chance(0.15):
            np, agr = self.mass_np(
                self.pick(["water", "milk", "bread", "money", "sugar", "rice", "furniture", "coffee"])
            )
        else:
            np, agr = self.common_np(cls, det=self.pick(["two", "two", "many", "some", "lot"]) if many else "a")
        b = Word(BE[agr][past])
        self.be_edits(b)
        self.be_edits(b)
        there = Word("there")
        if self.chance(0.3):
            self.edit("spelling", {there: "their"})
        self.edit("word-choice", {there: "it" if agr == "s" else "they"})
        place = self.place()
        if self.chance(0.25):
            self.order("question", [b, there], [there, b])
            self.order("question", [b, there], [there, b])
            return [b, there] + np + place, "?"
        if self.chance(0.15) and agr == "p":
            self.reset()
            head = self.plural(self.noun(cls))
            neg = Word(BE["p"][past] + "n't")
            any_ = Word("any")
            self.edit("quantifier", {any_: "some"})
            self.edit("agreement", {neg: "isn't" if not past else "wasn't"})
            return [there, neg, any_, head] + self.place(), "."
        return [there, b] + np + place, "."

    def been(self):
        s = self.subject()
        while s.head == "nobody":
            s = self.subject()
        have, bad = ("has", "have") if s.agr == "s" else ("have", "has")
        h, been = Word(have), Word("been")
        self.edit("agreement", {h: bad})
        self.edit("verb-form", {been: "be"})
        self.edit("tense", {h: BE[s.agr][0], been: ""})
        self.edit("tense", {h: BE[s.agr][0], been: ""})
        rest = self.place() if self.chance(0.6) else [Word(self.pick("ill sick busy tired married sad happy".split()))]
        time = []
        while not time:
            time = self.tense_and_time(self.lex.verb("live"), tenses=["perfect"])[1]
        return s.words + [h, been] + rest + time, "."

    def weather(self):
        it = Word("it")
        s = Subject([it], "s", "it", "its")
        if self.chance(0.6):
            v = self.lex.verb(self.pick(["rain", "snow", "rain"]))
            tense, time, adv = self.tense_and_time(
                v, tenses=["present", "past", "progressive", "future", "past", "progressive"]
            )
            if tense == "progressive":
                self.edit("pronoun", {it: ""})
            neg = not adv and self.chance(0.15)
            return [it] + self.finite(s, v, tense, neg, adv, bool(time)) + time, "."
        past = self.chance(0.5)
        b = Word("was" if past else "is")
        time = [Word("yesterday")] if past else [Word(self.pick(["today", "now", "here", "outside"]))]
        self.edit("pronoun", {it: ""})
        if past:
            self.edit("tense", {b: "is"})
        else:
            self.edit("verb-form", {b: ""})
        return [it, b] + ([Word("very")] if self.chance(0.4) else []) + [
            Word(self.pick("cold hot warm sunny windy cloudy rainy dark".split()))
        ] + time, "."

    def small(self):
        """The short sentences of a first textbook."""
        s = self.subject()
        v = self.lex.verb(
            self.pick(
                "like love have want need see eat buy play read go live work watch study understand know agree".split()
            )
        )
        if v.base in ("like", "love"):
            cls = self.pick(["food", "food", "animal", "readable", "clothes"])
            noun = self.pick(self.lex.nouns[cls][0])
            self.pairs.add((v.base, noun))
            head = self.plural(noun)
            if noun not in ("fish", "sheep", "deer"):
                self.edit("plural", {head: noun})
            rest = [head]
        elif v.base == "have":
            cls = self.pick(["animal", "person", "thing", "vehicle"])
            noun = (
                self.pick(self.lex.nouns[cls][0])
                if cls != "person"
                else self.pick("brother sister son daughter child friend uncle aunt cousin baby".split())
            )
            self.pairs.add((v.base, noun))
            rest = self.common_np(cls, noun, det=self.pick(["a", "two", "two", "many", "lot"]))[0]
        elif v.base in ("understand", "know", "agree"):
            rest = []
        elif v.base in ("go",):
            rest = self.destination()
        elif v.base in ("live", "work", "study"):
            rest = self.place()
        elif v.base == "play":
            rest = [Word(self.pick(SPORTS))]
        elif v.base == "watch":
            rest = self.words(self.pick(["TV", "TV", "a film", "a movie", "the news", "television", "a game"]))
        else:
            cls = "readable" if v.base == "read" else "food" if v.base == "eat" else self.pick(["thing", "clothes"])
            noun = self.pick(self.lex.nouns[cls][0])
            self.pairs.add((v.base, noun))
            rest = self.common_np(cls, noun, det=self.pick(["a", "a", "two", "many", "the", "my"]))[0]
        tense, time, adv = self.tense_and_time(v, tenses=["present", "present", "past"])
        neg = not adv and self.chance(0.25) and s.head not in ("nobody", "someone", "somebody")
        group = self.finite(
            s, v, tense, neg, adv, bool(time) and not (tense == "present" and time[0].text in ("on", "in", "at"))
        )
        if time and self.chance(0.3) and time[0].text not in ("once", "twice", "three times"):
            return (self.comma(time) if self.chance(0.5) else time) + s.words + group + rest, "."
        return s.words + group + rest + time, "."

    def indefinite(self):
        text = self.pick("everyone everybody someone nobody everything nothing".split())
        s = Subject([Word(text)], "s", text, None)
        b = Word(BE["s"][self.chance(0.3)])
        for _ in range(3):
            self.be_edits(b)
        a = (
            self.pick(ADJ["person"].split())
            if text not in ("everything", "nothing")
            else self.pick(["perfect", "ready", "expensive", "possible", "different", "new", "clean", "easy"])
        )
        return (
            s.words
            + [b]
            + ([Word("very")] if self.chance(0.2) and text not in ("nothing", "nobody") else [])
            + [Word(a)]
            + (self.place() if self.chance(0.4) else []),
            ".",
        )

    def age(self):
        s = self.singular_person()
        n = Word(self.pick(["ten", "twelve", "twenty", "fifteen", "thirty", "18", "25", "eight", "seven"]))
        b, old = Word(BE[s.agr][0]), Word("years old")
        have = "has" if s.agr == "s" else "have"
        for _ in range(2):
            self.edit("word-choice", {b: have, old: "years"})
        self.edit("word-choice", {b: have})
        self.edit("word-choice", {old: "years"})
        self.edit("plural", {old: "year old"})
        self.be_edits(b)
        return s.words + [b, n, old], "."
