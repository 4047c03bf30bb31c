"""The constructions: each returns the words of one correct sentence and its final mark."""

from clauses import Clauses
from grammar import BE, PRONOUNS, Subject, Word
from tables import (
    ADJ_INFINITIVE, ADJ_PREP, BARE_CAUSATIVE, CITIES, COUNTRIES, DAYS, FREQUENCY, GERUND_VERBS,
    INFINITIVE_VERBS, INSTRUMENTS, LANGUAGES, LIKE_ED_ING, LONG_GRADABLE, MANNER, MASS_PLURALS, MEALS, MEN,
    NUMBERS, OBJECT_INFINITIVE, PREP_GERUND, SHORT_GRADABLE, SPORTS, SUBJECTS, WOMEN, ADJ, STATIVE,
)
from words import adverb, article, comparative

OTHER_PREPS = "in on at to for of with about from".split()


class Sentences(Clauses):
    """Draws a construction by weight."""

    def make(self):
        self.reset()
        total, r = self.TOTAL, self.rng.random()
        for name, weight in self.KINDS:
            r -= weight / total
            if r < 0:
                break
        words, mark = getattr(self, name)()
        return name, [w for w in words if w.text], mark

    KINDS = [
        ("statement", 26), ("joined", 5), ("yes_no", 8), ("wh", 9), ("wh_be", 2), ("copula", 6), ("there_be", 3),
        ("comparison", 5), ("superlative", 3), ("gerund", 3.5), ("infinitive", 3), ("object_infinitive", 2.5),
        ("causative", 1.2), ("adjective_infinitive", 1.5), ("prep_gerund", 2), ("adjective_prep", 3.5),
        ("conditional", 4), ("while_when", 2.5), ("relative", 3.5), ("indirect", 3), ("because", 2.5), ("past_perfect", 1.5),
        ("passive", 3.5), ("manner", 4), ("enough", 1.5), ("collocation", 3.5), ("extra_preposition", 2), ("possession", 2),
        ("double_negative", 1.2), ("tag", 1.5), ("reflexive", 1.2), ("ed_ing", 1.5), ("age", 1.2), ("unique", 2.5),
        ("quantity_question", 2), ("very_much", 1.2), ("would_like", 1.2), ("imperative", 1.2), ("as_as", 1),
        ("used_to", 0.7), ("indefinite", 1.2), ("short_talk", 1.5), ("say_that", 1.5), ("arrive", 1), ("profession", 2),
        ("its_their", 1), ("possessive_pronoun", 1), ("too_also", 1), ("been", 1.5), ("weather", 1.2), ("small", 4),
    ]
    TOTAL = sum(w for _, w in KINDS)

    # Statements

    def statement(self):
        return self.clause(), "."

    def joined(self):
        first = self.clause(short=True)
        link = self.pick(["and", "but", "so", "and"])
        comma = Word(first[-1].text + ",")
        # the comma travels with the last word
        self.swap(first[-1], comma)
        first[-1] = comma
        return first + [Word(link)] + self.clause(short=True), "."

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
            cls = "person" if s.own in ("my", "your", "his", "her", "our") or s.head in ("i", "you", "names", "name") else None
            a = self.pick(ADJ["person"].split()) if cls else self.pick(ADJ["opinion"].replace("difficult_", "nice").split())
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
        noun = self.pick("information advice furniture luggage homework news money music water food bread weather milk coffee equipment traffic".split())
        head = Word(noun)
        if noun in MASS_PLURALS:
            for _ in range(2):
                self.edit("plural", {head: MASS_PLURALS[noun]})
        b = Word(self.pick(["is", "is", "was"]))
        for _ in range(2):
            self.edit("agreement", {b: {"is": "are", "was": "were"}[b.text]})
        det = [self.possessive()] if self.chance(0.4) and noun not in ("weather", "traffic") else [Word("the")]
        adj = self.pick("good bad useful new old expensive cheap important terrible nice great difficult easy interesting".split())
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
            np, agr = self.mass_np(self.pick(["water", "milk", "bread", "money", "sugar", "rice", "furniture", "coffee"]))
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
            self.edits = [e for e in self.edits if b not in e[1]]
            self.reset()
            head = self.plural(self.noun(cls))
            neg = Word(BE["p"][past] + "n't")
            any_ = Word("any")
            self.edit("quantifier", {any_: "some"})
            self.edit("agreement", {neg: "isn't" if not past else "wasn't"})
            return [there, neg, any_, head] + self.place(), "."
        return [there, b] + np + place, "."

    # Questions

    def yes_no(self):
        return self.question([], None)

    def wh(self):
        kind = self.pick(["where", "where", "when", "why", "how often", "what time", "what", "what", "who", "how long", "how", "what time", "which"])
        return self.question(self.words(kind), kind)

    def question(self, wh, kind):
        s = self.subject()
        while s.head in ("nobody",):
            s = self.subject()
        if kind in ("what", "who", "which"):
            cls = {"what": self.pick(["food", "thing", "readable"]), "who": "person", "which": self.pick(["thing", "readable", "clothes"])}[kind]
            verb = self.pick(self.lex.transitive[cls])
            if kind == "what" and self.chance(0.35):
                verb = self.lex.verb(self.pick(["do", "do", "do", "eat", "want", "say", "see", "make"]))
            rest = []
            if kind == "which":
                noun = self.noun(cls)
                self.pairs.add((verb.base, noun))
                wh = wh + [Word(noun)]
        elif kind == "where":
            verb = self.lex.verb(self.pick("live work go study play walk run travel sleep eat sit stay".split()))
            rest = []
        else:
            verb, rest = self.predicate(s, question=True)
        stative = verb.base in STATIVE
        tenses = ["present", "present", "past", "past", "future", "modal", "perfect"] + ([] if stative else ["progressive", "progressive"])
        if kind in ("how often",):
            tenses = ["present", "present", "past"]
        if kind in ("when", "what time"):
            tenses = ["present", "past", "future"] + ([] if stative else ["progressive"])
        if kind == "how long":
            tenses = ["perfect"]
        tense = self.pick(tenses)
        time = []
        if tense == "past" and self.chance(0.6) and kind not in ("when", "what time", "how often"):
            time = self.past_time()
        elif tense == "present" and self.chance(0.2) and kind not in ("when", "what time", "how often"):
            time = self.habit_time()
        elif tense == "future" and kind not in ("when",) and self.chance(0.4):
            time = self.words(self.pick(["tomorrow", "next week", "tonight"]))
        return wh + self.inverted(s, verb, tense, bool(kind), kind, bool(time), not rest) + rest + time, "?"

    def inverted(self, s, verb, tense, is_wh, kind, marked, bare):
        base = verb.base
        if tense == "present":
            do, bad = ("does", "do") if s.agr == "s" else ("do", "does")
            a, v = Word(do), Word(base)
            right = self.forms(s, verb)[0]
            for _ in range(2):
                self.edit("question", {a: "", v: right})
                self.edit("question", {a: bad})
            self.edit("question", {a: "", v: base})
            self.edit("question", {v: verb.s})
            if s.agr == "s":
                self.edit("question", {v: verb.s})
            if base in STATIVE or marked:
                self.edit("question", {a: BE[s.agr][0]})
            if is_wh and len(s.words) <= 2 and bare and kind == "where":
                self.edit("question", {a: right, v: ""})
            return [a] + s.words + [v]
        if tense == "past":
            a, v = Word("did"), Word(base)
            if verb.past != base:
                for _ in range(2):
                    self.edit("question", {v: verb.past})
                    self.edit("question", {a: "", v: verb.past})
            self.edit("question", {v: verb.s})
            if verb.misspelt_past():
                self.edit("question", {v: verb.misspelt_past()[0]})
            if marked:
                self.edit("tense", {a: "does" if s.agr == "s" else "do"})
                self.edit("question", {a: "was" if s.agr in "is" else "were"})
            return [a] + s.words + [v]
        if tense in ("future", "modal"):
            m = "will" if tense == "future" else self.pick(["can", "can", "should", "could"])
            a, v = Word(m), Word(base)
            for _ in range(2):
                self.order("question", [a] + s.words, s.words + [a])
            for wrong in ("to " + base, verb.s, verb.ing):
                self.edit("verb-form", {v: wrong})
            do = "does" if s.agr == "s" else "do"
            self.edit("question", {a: do, v: f"{m} {base}"})
            return [a] + s.words + [v]
        if tense == "progressive":
            a, v = Word(BE[s.agr][0]), Word(verb.ing)
            for _ in range(3):
                self.order("question", [a] + s.words, s.words + [a])
            self.edit("question", {a: ""}, lock=[v])
            self.edit("question", {a: "do" if s.agr != "s" else "does"}, lock=[v])
            self.be_edits(a)
            self.edit("verb-form", {v: base})
            return [a] + s.words + [v]
        a, v = Word("has" if s.agr == "s" else "have"), Word(verb.pp)
        ever = [Word("ever")] if not is_wh and self.chance(0.5) else []
        for _ in range(2):
            self.order("question", [a] + s.words, s.words + [a])
        self.edit("agreement", {a: "have" if s.agr == "s" else "has"})
        if verb.pp != verb.past:
            self.edit("verb-form", {v: verb.past})
        if verb.pp != base:
            self.edit("verb-form", {v: base})
        if ever:
            self.edit("question", {a: "did", v: verb.pp}) if verb.pp not in (base,) else None
        return [a] + s.words + ever + [v]

    def wh_be(self):
        r = self.rng.random()
        past = self.chance(0.25)
        if r < 0.35:
            s = self.subject(self.pick(["thing", "person", "animal", "building"]))
            wh = self.pick(["where", "how", "where"])
        elif r < 0.6:
            s = self.subject()
            wh = "how old" if not past and self.chance(0.6) else self.pick(["why", "where"])
        else:
            own = self.possessive()
            noun = self.pick("name address job birthday favourite_food phone_number favourite_colour teacher".split()).replace("_", " ")
            s = Subject([own] + self.words(noun), "s", noun, None)
            wh = {"birthday": "when", "teacher": "who"}.get(noun, "what")
        b = Word(BE[s.agr][past])
        for _ in range(3):
            self.order("question", [b] + s.words, s.words + [b])
        self.be_edits(b)
        tail = []
        if wh == "why":
            tail = [Word(self.pick("sad angry late tired happy nervous so_quiet".split()).replace("_", " "))]
        return self.words(wh) + [b] + s.words + tail, "?"

    def quantity_question(self):
        many = self.chance(0.6)
        s = self.subject()
        while s.head == "nobody":
            s = self.subject()
        if many:
            cls = self.pick(["thing", "food", "readable", "animal", "clothes"])
            noun = self.noun(cls)
            verb = self.pick(self.lex.transitive[cls])
            head, q = self.plural(noun), Word("many")
            self.singular(head, noun)
        else:
            noun = self.pick(["water", "milk", "coffee", "money", "sugar", "bread", "rice", "luggage", "furniture"])
            verb = self.lex.verb(self.pick(self.lex.mass[noun]))
            head, q = Word(noun), Word("much")
        self.pairs.add((verb.base, noun))
        for _ in range(3):
            self.edit("quantifier", {q: "much" if many else "many"})
        tense = self.pick(["present", "past", "past"])
        time = self.past_time() if tense == "past" and self.chance(0.4) else []
        return [Word("how"), q, head] + self.inverted(s, verb, tense, True, None, bool(time), False) + time, "?"

    def tag(self):
        text = self.pick(["I", "you", "he", "she", "we", "they"])
        agr, own, _, obj, reflexive = PRONOUNS[text]
        if text == "I":
            text, agr = "she", "s"
        s = Subject([Word(text)], agr, text, own)
        kind = self.pick(["be", "do", "can", "did"])
        if kind == "be":
            be = BE[agr][0]
            b = Word(be)
            body, aux, bad = [b] + [Word(self.pick(ADJ["person"].split()))], be, "isn't it"
        elif kind == "can":
            v, rest = self.predicate(s)
            body, aux, bad = [Word("can"), Word(v.base)] + rest, "can", "isn't it"
        else:
            v, rest = self.predicate(s)
            past = kind == "did"
            w = Word(v.past if past else self.forms(s, v)[0])
            if not past:
                self.edit("agreement", {w: self.forms(s, v)[1]})
            if past and v.past == v.base:
                return self.tag()
            body, aux, bad = [w] + rest, "did" if past else ("does" if agr == "s" else "do"), "isn't it"
        last = Word(body[-1].text + ",")
        self.swap(body[-1], last)
        body[-1] = last
        neg = "can't" if aux == "can" else aux + "n't"
        t = Word(f"{neg} {text}")
        self.edit("question", {t: bad if bad != t.text else "no"})
        self.edit("question", {t: f"{text} {neg}"})
        self.edit("question", {t: bad})
        return s.words + body + [t], "?"

    # Comparison

    def comparison(self):
        s, b, than_np = self.compared()
        than = Word("than")
        self.edit("comparative", {than: "then"})
        self.edit("comparative", {than: "that"})
        if self.chance(0.65):
            adj = self.pick(SHORT_GRADABLE)
            c = Word(comparative(adj))
            for wrong in {f"more {adj}", f"more {c.text}", adj}:
                self.edit("comparative", {c: wrong})
                self.edit("comparative", {c: wrong})
            if adj in ("good", "bad"):
                self.edit("comparative", {c: adj + ("d" if adj == "bad" else "") + "er"})
            front = []
            if self.chance(0.25):
                front = [Word(self.pick(["much", "much", "a bit"]))]
                if front[0].text == "much":
                    self.edit("comparative", {front[0]: "very"})
        else:
            adj = self.pick(LONG_GRADABLE)
            more, c = Word("more"), Word(adj)
            front = [more]
            self.edit("comparative", {more: ""})
            self.edit("comparative", {more: "", c: comparative(adj)})
            self.edit("comparative", {more: "", c: comparative(adj)})
            self.edit("comparative", {more: "most"})
        return s.words + [b] + front + [c, than] + than_np, "."

    def compared(self):
        cls = self.pick(["person", "person", "thing", "animal", "building"])
        s = self.subject(cls)
        b = Word(BE[s.agr][self.chance(0.2)])
        self.be_edits(b)
        than = self.object_np("person") if cls == "person" else self.common_np(cls, det=self.pick(["the", "my", "this"]))[0]
        return s, b, than

    def as_as(self):
        s, b, np = self.compared()
        adj = self.pick(SHORT_GRADABLE + LONG_GRADABLE)
        first, c, second = Word("as"), Word(adj), Word("as")
        self.edit("comparative", {second: "than"})
        self.edit("comparative", {second: "like"})
        if adj in SHORT_GRADABLE:
            self.edit("comparative", {c: comparative(adj)})
        return s.words + [b, first, c, second] + np, "."

    def superlative(self):
        s = self.singular_person() if self.chance(0.6) else self.one_thing()
        b = Word(BE[s.agr][self.chance(0.15)])
        self.be_edits(b)
        cls = "person" if s.object or s.head == "name" or s.head in self.lex.nouns["person"][0] else "thing"
        noun = self.noun(cls)
        the, head = Word("the"), Word(noun)
        for _ in range(3):
            self.edit("article", {the: ""})
        if self.chance(0.65):
            adj = self.pick(SHORT_GRADABLE)
            c = Word(comparative(adj, "est"))
            mid = [c]
            for wrong in (f"most {adj}", f"most {c.text}", comparative(adj)):
                self.edit("comparative", {c: wrong})
            if adj in ("good", "bad"):
                self.edit("comparative", {c: adj + ("d" if adj == "bad" else "") + "est"})
        else:
            adj = self.pick(LONG_GRADABLE)
            most, c = Word("most"), Word(adj)
            mid = [most, c]
            self.edit("comparative", {most: "more"})
            self.edit("comparative", {most: "", c: comparative(adj, "est")})
        where = self.words(self.pick(["in the class", "in the world", "in the city", "in my family", "in the school", "in the country", "in the room", "in the shop", "in our town"]))
        self.edit("preposition", {where[0]: "of"})
        self.edit("preposition", {where[0]: "at"})
        return s.words + [b, the] + mid + [head] + where, "."

    # Verb patterns

    def gerund(self):
        s = self.subject()
        verb = self.lex.verb(self.pick(GERUND_VERBS))
        v, rest = self.predicate(s, plain=True)
        g = Word(v.ing)
        for wrong in ("to " + v.base, v.base, "to " + v.ing):
            self.edit("gerund-infinitive", {g: wrong})
            self.edit("gerund-infinitive", {g: wrong}) if not wrong.endswith("ing") else None
        if verb.base in ("like", "love", "hate"):
            # "like to swim" is right as well
            self.edits = [e for e in self.edits if e[1].get(g) != "to " + v.base]
        for wrong in v.misspelt_ing():
            self.edit("spelling", {g: wrong})
        tense = self.pick(["present", "present", "past", "modal" if verb.base not in ("like", "love", "hate") else "present"])
        return s.words + self.finite(s, verb, tense, self.chance(0.2)) + [g] + rest, "."

    def infinitive(self):
        s = self.subject()
        verb = self.lex.verb(self.pick(INFINITIVE_VERBS))
        v, rest = self.predicate(s, plain=True)
        to, w = Word("to"), Word(v.base)
        for _ in range(2):
            self.edit("gerund-infinitive", {to: "", w: v.ing})
            self.edit("gerund-infinitive", {to: ""})
        self.edit("gerund-infinitive", {w: v.ing})
        self.edit("gerund-infinitive", {w: v.s})
        if v.past != v.base:
            self.edit("gerund-infinitive", {w: v.past})
        tense = self.pick(["present", "past", "past", "perfect"])
        return s.words + self.finite(s, verb, tense, self.chance(0.15)) + [to, w] + rest, "."

    def object_infinitive(self):
        s = self.subject()
        verb = self.lex.verb(self.pick([v for v in OBJECT_INFINITIVE if not v.endswith("_")]))
        obj = self.object_np("person")
        v, rest = self.predicate(s, plain=True)
        to, w = Word("to"), Word(v.base)
        for _ in range(2):
            self.edit("gerund-infinitive", {to: ""})
        self.edit("gerund-infinitive", {to: "", w: v.ing})
        self.edit("gerund-infinitive", {w: v.ing})
        if verb.base == "want":
            self.edit("gerund-infinitive", {to: "that", w: "that " + v.base}) if False else None
        return s.words + self.finite(s, verb, self.pick(["present", "past", "past", "future"])) + obj + [to, w] + rest, "."

    def causative(self):
        s = self.subject()
        verb = self.lex.verb(self.pick(BARE_CAUSATIVE))
        obj = self.object_np("person")
        v, rest = self.predicate(s, plain=True)
        w = Word(v.base)
        for wrong in ("to " + v.base, "to " + v.base, v.ing):
            self.edit("gerund-infinitive", {w: wrong})
        return s.words + self.finite(s, verb, self.pick(["present", "past", "past", "future"])) + obj + [w] + rest, "."

    def adjective_infinitive(self):
        it, b = Word("it"), Word(self.pick(["is", "is", "was"]))
        a = Word(self.pick(ADJ_INFINITIVE))
        self.edit("pronoun", {it: ""})
        self.edit("pronoun", {it: ""})
        if b.text == "is":
            self.edit("verb-form", {b: ""})
        s = Subject([], "p", "you", None)
        v, rest = self.predicate(s, plain=True)
        to, w = Word("to"), Word(v.base)
        self.edit("gerund-infinitive", {to: ""})
        self.edit("gerund-infinitive", {w: v.ing})
        for_ = []
        if self.chance(0.35):
            who = self.object_person()
            for_ = [Word("for")] + who
            self.edit("preposition", {for_[0]: "to"})
        return [it, b] + ([Word("very")] if self.chance(0.2) else []) + [a] + for_ + [to, w] + rest, "."

    def prep_gerund(self):
        s = self.subject()
        if self.chance(0.35):
            adjunct = self.pick(["before", "after", "without"])
            main, rest = self.predicate(s, plain=True)
            v, rest2 = self.predicate(s, plain=True)
            g = Word(v.ing)
            self.edit("gerund-infinitive", {g: v.base})
            self.edit("gerund-infinitive", {g: "to " + v.base})
            return s.words + self.finite(s, main, self.pick(["past", "past", "present"])) + rest + [Word(adjunct), g] + rest2, "."
        adj, prep = self.pick(PREP_GERUND)
        b = Word(BE[s.agr][self.chance(0.2)])
        self.be_edits(b)
        p = Word(prep)
        for wrong in self.wrong_preps(adj, prep, 3):
            self.edit("preposition", {p: wrong})
        v, rest = self.predicate(s, plain=True)
        g = Word(v.ing)
        self.edit("gerund-infinitive", {g: v.base})
        if adj not in ("used",):
            self.edit("gerund-infinitive", {p: "to", g: v.base})
            self.edit("gerund-infinitive", {g: "to " + v.base})
        return s.words + [b, Word(adj), p, g] + rest, "."

    def adjective_prep(self):
        s = self.subject()
        entry = self.pick([e for e in ADJ_PREP if not e[0].endswith("_")])
        b = Word(BE[s.agr][self.chance(0.2)])
        self.be_edits(b)
        if self.chance(0.3) and b.text in ("is", "are", "am"):
            self.edit("verb-form", {b: ""})
        p = Word(entry[1])
        for wrong in self.wrong_preps(entry[0], entry[1], 3):
            self.edit("preposition", {p: wrong})
            self.edit("preposition", {p: wrong})
        if entry[0] in ("afraid", "proud", "full", "fond", "aware", "capable", "interested", "good", "responsible", "famous"):
            self.edit("preposition", {p: ""})
        noun = self.pick(entry[2].split("|"))
        adj = Word(entry[0])
        if entry[0] in ("interested", "excited", "bored", "tired"):
            self.edit("adverb-adjective", {adj: {"interested": "interesting", "excited": "exciting", "bored": "boring", "tired": "tiring"}[entry[0]]})
        front = [Word(self.pick(["very", "really", "not"]))] if self.chance(0.35) else []
        return s.words + [b] + front + [adj, p] + self.prep_object(noun), "."

    # Complex sentences

    def conditional(self):
        s, t = self.subject(), self.subject()
        r = self.rng.random()
        if_ = Word("if")
        if r < 0.55:
            v, rest = self.predicate(s, plain=True)
            right, wrong = self.forms(s, v)
            a = Word(right)
            for _ in range(2):
                self.edit("conditional", {a: "will " + v.base})
            self.edit("agreement", {a: wrong})
            if self.chance(0.3):
                it = Word("it")
                w = self.pick(["rain", "snow"])
                a2 = Word(w + "s")
                for _ in range(2):
                    self.edit("conditional", {a2: "will " + w})
                self.edit("agreement", {a2: w})
                self.edits = [e for e in self.edits if a not in e[1]]
                first = [if_, it, a2]
                self.edits = [e for e in self.edits if not any(x in e[1] for x in rest + s.words)]
                self.orders = [o for o in self.orders if not any(x in o[1] for x in rest + s.words)]
            else:
                first = [if_] + s.words + [a] + rest
            v2, rest2 = self.predicate(t, plain=True)
            will, w2 = Word("will"), Word(v2.base)
            self.edit("verb-form", {w2: v2.s})
            self.edit("verb-form", {w2: "to " + v2.base})
            second = t.words + [will, w2] + rest2
        elif r < 0.8:
            v, rest = self.predicate(s, plain=True)
            a = Word(v.past)
            for _ in range(2):
                self.edit("conditional", {a: "would " + v.base})
            if v.past != v.base:
                self.edit("conditional", {a: self.forms(s, v)[0]})
            for wrong in v.misspelt_past():
                self.edit("spelling", {a: wrong})
            first = [if_] + s.words + [a] + rest
            v2, rest2 = self.predicate(t, plain=True)
            would, w2 = Word("would"), Word(v2.base)
            self.edit("verb-form", {w2: v2.s})
            if v.past != v.base:
                self.edit("conditional", {would: "will"})
            second = t.words + [would, w2] + rest2
        else:
            v, rest = self.predicate(s, plain=True)
            had, pp = Word("had"), Word(v.pp)
            self.edit("conditional", {had: "would have"})
            if v.pp != v.past:
                self.edit("verb-form", {pp: v.past})
            if v.pp != v.base:
                self.edit("verb-form", {pp: v.base})
            first = [if_] + s.words + [had, pp] + rest
            v2, rest2 = self.predicate(t, plain=True)
            have, pp2 = Word("would have"), Word(v2.pp)
            self.edit("conditional", {have: "will have"})
            if v2.pp != v2.past:
                self.edit("verb-form", {pp2: v2.past})
            if v2.pp != v2.base:
                self.edit("verb-form", {pp2: v2.base})
            self.edit("conditional", {have: "would had"})
            second = t.words + [have, pp2] + rest2
        if self.chance(0.75):
            return self.comma(first) + second, "."
        return second + first, "."

    def comma(self, words):
        last = Word(words[-1].text + ",")
        self.swap(words[-1], last)
        return words[:-1] + [last]

    def swap(self, old, new):
        """Let `new`, the word with its comma, stand for `old` in all that is recorded."""
        tail = new.text[len(old.text) :]
        kept = []
        for kind, changes, lock in self.edits:
            if old in changes:
                if not changes[old]:
                    continue
                changes = {(new if w is old else w): (t + tail if w is old else t) for w, t in changes.items()}
            kept.append((kind, changes, lock))
        self.edits = kept
        self.orders = [o for o in self.orders if old not in o[1]]

    def while_when(self):
        s, t = self.subject(), self.subject()
        if self.chance(0.5):
            v, rest = self.predicate(s, plain=True, active=True)
            first = [Word("while")] + s.words + self.finite(s, v, "past progressive") + rest
            v2, rest2 = self.predicate(t, plain=True)
            second = t.words + self.finite(t, v2, "past", marked=False) + rest2
        else:
            v, rest = self.predicate(s, plain=True, active=True)
            w = self.lex.verb(self.pick("arrive call come_ leave_ wake_ shout".replace("come_ leave_ wake_ ", "").split()))
            first = [Word("when")] + s.words + self.finite(s, w, "past")
            second = t.words + self.finite(t, v, "past progressive") + rest
        if self.chance(0.6):
            return self.comma(first) + second, "."
        return second + first, "."

    def past_perfect(self):
        s, t = self.subject(), self.subject()
        v, rest = self.predicate(s, plain=True)
        had, pp = Word("had"), Word(v.pp)
        self.edit("tense", {had: "has" if s.agr == "s" else "have"})
        if v.pp != v.past:
            self.edit("verb-form", {pp: v.past})
        if v.pp != v.base:
            self.edit("verb-form", {pp: v.base})
        first = s.words + [had, Word("already"), pp] + rest
        w = self.lex.verb(self.pick(["arrive", "come", "call", "leave"]))
        return first + [Word("when")] + t.words + self.finite(t, w, "past"), "."

    def because(self):
        s = self.subject()
        v, rest = self.predicate(s, plain=True)
        tense = self.pick(["past", "present"])
        t = self.subject()
        b = Word(BE[t.agr][tense == "past"])
        self.be_edits(b)
        reason = t.words + [b, Word(self.pick(ADJ["person"].split()))]
        because = Word("because")
        return s.words + self.finite(s, v, tense, self.chance(0.3)) + rest + [because] + reason, "."

    def relative(self):
        person = self.chance(0.6)
        cls = "person" if person else self.pick(["thing", "animal", "readable", "building"])
        noun = self.noun(cls)
        many = self.chance(0.3)
        head = self.plural(noun) if many else Word(noun)
        agr = "p" if many else "s"
        s = Subject([Word("the"), head], agr, noun, None)
        who = Word(self.pick(["who", "who", "that"]) if person else self.pick(["which", "that"]))
        if who.text != "that":
            for wrong in (["which", "which", "what", ""] if person else ["who", "who", "what"]):
                self.edit("relative", {who: wrong})
        else:
            self.edit("relative", {who: "what"})
        if person:
            v, rest = self.predicate(s, plain=True)
            inner = self.finite(s, v, self.pick(["present", "past", "present"]))
            inner += rest
            if who.text != "that" and self.chance(0.5):
                extra = {"s": self.pick(["he", "she"]), "p": "they"}[agr]
                self.edit("relative", {who: who.text + " " + extra})
        else:
            sub = self.subject()
            if sub.head in ("nobody", "someone", "somebody"):
                sub = Subject([Word("she")], "s", "she", "her")
            v = self.pick(self.lex.transitive[cls])
            self.pairs.add((v.base, noun))
            inner = sub.words + self.finite(sub, v, "past")
            it = "them" if many else "it"
            self.edit("relative", {inner[-1]: inner[-1].text + " " + it})
        b = Word(BE[agr][self.chance(0.3)])
        self.be_edits(b)
        r = self.rng.random()
        if r < 0.6:
            tail = [b, Word(self.pick(ADJ["person" if person else "opinion"].replace("difficult_", "nice").split()))]
            return s.words + [who] + inner + tail, "."
        k = self.subject()
        v3 = self.pick(self.lex.transitive[cls])
        self.pairs.add((v3.base, noun))
        return k.words + self.finite(k, v3, self.pick(["present", "past"])) + s.words + [who] + inner, "."

    def indirect(self):
        opener = self.pick(["I don't know", "I don't remember", "do you know", "can you tell me", "she asked me", "tell me", "I want to know", "nobody knows", "I wonder"])
        mark = "?" if opener.startswith(("do ", "can ")) else "."
        s = self.subject()
        front = self.words(opener)
        if self.chance(0.45):
            b = Word(BE[s.agr][0] if opener != "she asked me" else BE[s.agr][1])
            for _ in range(3):
                self.order("question", s.words + [b], [b] + s.words)
            wh = self.pick(["where", "how old", "who", "where"])
            return front + self.words(wh) + s.words + [b], mark
        v, rest = self.predicate(s, plain=True)
        past = opener == "she asked me" or self.chance(0.3)
        v_word = Word(v.past if past else self.forms(s, v)[0])
        do = Word("")
        wh = self.pick(["why", "when", "how", "where"])
        if wh == "where":
            rest = []
            v = self.lex.verb(self.pick(["live", "work", "study", "go"]))
            v_word = Word(v.past if past else self.forms(s, v)[0])
        wrong = "did" if past else ("does" if s.agr == "s" else "do")
        w = Word(wh)
        for _ in range(3):
            self.edit("question", {w: f"{wh} {wrong}", v_word: v.base})
        if not past:
            self.edit("agreement", {v_word: self.forms(s, v)[1]})
        return front + [w] + s.words + [v_word] + rest, mark

    def say_that(self):
        s, t = self.subject(), self.subject()
        v = self.lex.verb(self.pick(["think", "believe", "know", "hope", "say"]))
        if self.chance(0.5):
            b = Word(BE[t.agr][0])
            self.be_edits(b)
            inner = t.words + [b, Word(self.pick(ADJ["person"].split()))]
        else:
            w, rest = self.predicate(t, plain=True)
            inner = t.words + self.finite(t, w, self.pick(["present", "future", "modal"])) + rest
        that = [Word("that")] if self.chance(0.5) else []
        return s.words + self.finite(s, v, "present", self.chance(0.2)) + that + inner, "."

    # Passive

    def passive(self):
        cls = self.pick(["thing", "building", "readable", "vehicle", "food", "clothes"])
        noun = self.noun(cls)
        words, agr = self.common_np(cls, noun, det=self.pick(["the", "the", "this", "these", "my", "many"]))
        v = self.pick([x for x in self.lex.transitive[cls] if x.base not in STATIVE and x.base not in ("learn", "check")])
        self.pairs.add((v.base, noun))
        past = self.chance(0.7)
        modal = self.chance(0.15)
        pp = Word(v.pp)
        if v.pp != v.past:
            self.edit("passive", {pp: v.past})
        if v.pp != v.base:
            self.edit("passive", {pp: v.base})
            self.edit("passive", {pp: v.base})
        self.edit("passive", {pp: v.ing})
        for wrong in v.misspelt_pp():
            self.edit("spelling", {pp: wrong})
        if modal:
            m, be = Word(self.pick(["must", "can", "should", "will"])), Word("be")
            self.edit("passive", {be: ""})
            self.edit("passive", {be: "is" if agr == "s" else "are"})
            group = [m, be]
            tail = self.by_agent() if self.chance(0.6) else []
        else:
            b = Word(BE[agr][past])
            self.be_edits(b)
            tail = self.by_agent() if self.chance(0.5) else []
            time = self.past_time() if past else self.habit_time()
            if past and time and tail:
                self.edit("passive", {b: ""})
            tail = tail + time
            group = [b]
        return words + group + [pp] + tail, "."

    def by_agent(self):
        by = Word("by")
        self.edit("preposition", {by: "from"})
        self.edit("preposition", {by: "for"})
        return [by] + self.object_person() if self.chance(0.3) else [by] + self.common_np("person", det=self.pick(["the", "my", "a"]))[0]

    # Adverbs and adjectives

    def manner(self):
        s = self.subject()
        adj = self.pick([m for m in MANNER if not m.endswith("_")])
        if self.chance(0.3):
            text = self.pick(self.lex.adverbs)
            if text[:-2] in self.lex.adjectives:
                adj = text[:-2]
        adv = Word(adverb(adj))
        for _ in range(4):
            self.edit("adverb-adjective", {adv: adj})
        if adj == "good":
            self.edit("adverb-adjective", {adv: "goodly"})
        very = [Word(self.pick(["very", "really", "so"]))] if self.chance(0.35) else []
        r = self.rng.random()
        if r < 0.55:
            v = self.lex.verb(self.pick("sing speak drive run walk work play dance swim write sleep read talk smile cook answer move listen behave eat".split()))
            rest = []
        elif r < 0.75:
            v, lang = self.lex.verb("speak"), Word(self.pick(LANGUAGES))
            rest = [lang]
            group = very + [adv]
            self.order("word-order", [lang] + group, group + [lang])
        else:
            v, rest = self.predicate(s, plain=True, active=True, transitive=True)
        tense = self.pick(["present", "past", "past", "progressive", "modal", "present"])
        return s.words + self.finite(s, v, tense, self.chance(0.12)) + rest + very + [adv], "."

    def enough(self):
        s = self.subject()
        b = Word(BE[s.agr][self.chance(0.2)])
        self.be_edits(b)
        adj = Word(self.pick("old tall strong rich big fast clever young good brave".split()))
        if self.chance(0.55):
            e = Word("enough")
            self.order("word-order", [adj, e], [e, adj])
            self.order("word-order", [adj, e], [e, adj])
            mid = [adj, e]
        else:
            adj.text = self.pick("tired young busy old weak sick small nervous lazy".split())
            mid = [Word("too"), adj]
        v, rest = self.predicate(s, plain=True)
        to, w = Word("to"), Word(v.base)
        self.edit("gerund-infinitive", {to: "for", w: v.ing})
        self.edit("gerund-infinitive", {to: ""})
        self.edit("gerund-infinitive", {to: "for"})
        return s.words + [b] + mid + [to, w] + rest, "."

    def ed_ing(self):
        ed, ing = self.pick(LIKE_ED_ING)
        if self.chance(0.5):
            noun = self.pick("film lesson book story game class concert match journey news trip party show programme".split())
            w = Word(ing)
            for _ in range(3):
                self.edit("adverb-adjective", {w: ed})
            b = Word(self.pick(["is", "was"]))
            self.be_edits(b)
            return self.words(f"{self.pick(['the', 'this', 'that'])} {noun}") + [b] + ([Word("very")] if self.chance(0.4) else []) + [w], "."
        s = self.subject()
        b = Word(BE[s.agr][self.chance(0.5)])
        self.be_edits(b)
        w = Word(ed)
        because = self.words(self.pick(["because the film was long", "because the lesson was long", "by the news", "by the noise", "by the result"]))
        for _ in range(3):
            self.edit("adverb-adjective", {w: ing})
        return s.words + [b, w] + because, "."

    # Fixed expressions

    def collocation(self):
        s = self.subject()
        verb, bad, noun, kind = self.pick([
            ("make", "do", "a mistake", "word-choice"), ("do", "make", "my homework", "word-choice"), ("do", "make", "the dishes", "word-choice"),
            ("take", "make", "a photo", "word-choice"), ("make", "do", "a decision", "word-choice"), ("have", "make", "a party", "word-choice"),
            ("tell", "say", "the truth", "word-choice"), ("tell", "say", "me the answer", "word-choice"), ("tell", "say", "us a story", "word-choice"),
            ("do", "make", "exercise", "word-choice"), ("make", "do", "a cake", "word-choice"), ("take", "do", "a shower", "word-choice"),
            ("pay", "give", "attention", "word-choice"), ("make", "do", "progress", "word-choice"), ("make", "do", "friends", "word-choice"),
            ("do", "make", "the shopping", "word-choice"), ("make", "do", "a noise", "word-choice"), ("do", "make", "research", "word-choice"),
            ("have", "make", "fun", "word-choice"), ("tell", "say", "a lie", "word-choice"), ("take", "make", "a break", "word-choice"),
            ("watch", "look", "television", "word-choice"), ("watch", "see", "television", "word-choice"), ("win", "gain", "the match", "word-choice"),
            ("wear", "carry", "a uniform", "word-choice"), ("catch", "take", "a cold", "word-choice"), ("speak", "talk", "LANG", "word-choice"),
            ("have", "take", "SPORTMEAL", "word-choice"), ("play", "make", "SPORT", "word-choice"), ("do", "make", "yoga", "word-choice"),
            ("lend", "borrow", "me some money", "word-choice"), ("tell", "say", "him a secret", "word-choice"), ("teach", "learn", "us SUBJECT", "word-choice"),
        ])
        noun = noun.replace("LANG", self.pick(LANGUAGES)).replace("SPORTMEAL", self.pick(MEALS)).replace("SUBJECT", self.pick(SUBJECTS)).replace("SPORT", self.pick(SPORTS))
        v, w = self.lex.verb(verb), self.lex.verb(bad)
        tense, time, adv = self.tense_and_time(v)
        group = self.finite(s, v, tense, False, adv, bool(time))
        right = {v.base: w.base, v.s: w.s, v.past: w.past, v.pp: w.pp, v.ing: w.ing}
        wrong = right.get(group[-1].text)
        if wrong and wrong != group[-1].text:
            for _ in range(4):
                self.edit(kind, {group[-1]: wrong})
        return s.words + group + self.words(noun) + time, "."

    def extra_preposition(self):
        s = self.subject()
        verb, prep, obj = self.pick([
            ("discuss", "about", "abstract"), ("enter", "to", "building"), ("marry", "with", "person"), ("answer", "to", "question"),
            ("reach", "to", "building"), ("phone", "to", "person"), ("ask", "to", "person"), ("visit", "to", "building"), ("meet", "to", "person"),
            ("call", "to", "person"), ("tell", "to", "person"), ("help", "to", "person"), ("contact", "with", "person"), ("teach", "to", "person"),
            ("explain", None, "abstract"), ("leave", "from", "building"), ("approach", "to", "building"), ("tell", "to", "person"),
        ])
        if verb in ("ask", "tell", "teach"):
            obj_words = self.object_person()
        elif obj == "question":
            obj_words = self.words(self.pick(["the question", "my question", "the phone", "the letter"]))
        else:
            obj_words = self.object_np(obj, verb)
        if verb == "explain":
            to, who = Word("to"), self.object_person()
            obj_words = obj_words + [to] + who
            self.edit("preposition", {to: ""}, lock=[])
        if verb == "tell":
            obj_words = obj_words + self.words(self.pick(["the truth", "a story", "about the party", "the answer"]))
        if prep:
            for _ in range(3):
                self.edit("preposition", {obj_words[0]: prep + " " + obj_words[0].text})
        v = self.lex.verb(verb)
        tense, time, adv = self.tense_and_time(v)
        return s.words + self.finite(s, v, tense, self.chance(0.1) and tense != "future", adv if tense != "x" else None, bool(time)) + obj_words + time, "."

    def arrive(self):
        s = self.subject()
        place = self.rng.random()
        if place < 0.5:
            p, where = Word("at"), self.words(self.pick(["the airport", "the station", "school", "the hotel", "work", "the office", "the party"]))
            wrongs = ["to", "to", "on", ""]
        elif place < 0.8:
            p, where = Word("in"), [Word(self.pick(CITIES + COUNTRIES))]
            wrongs = ["to", "to", "at", "on"]
        else:
            p, where = Word(""), [Word("home")]
            wrongs = []
            for _ in range(2):
                self.edit("preposition", {where[0]: "to home"})
                self.edit("preposition", {where[0]: "at home"})
        for wrong in wrongs:
            self.edit("preposition", {p: wrong})
        v = self.lex.verb("arrive")
        tense, time, adv = self.tense_and_time(v)
        return s.words + self.finite(s, v, tense, False, adv, bool(time)) + [p] + where + time, "."

    def possession(self):
        owner = self.pick(MEN + WOMEN) if self.chance(0.5) else None
        cls = self.pick(["thing", "vehicle", "clothes", "animal", "building"])
        noun = self.noun(cls)
        if owner:
            o = [Word(owner + "'s")]
            plain = owner
        else:
            person = self.noun("person")
            o = [self.possessive(self.pick(["my", "his", "her", "our", "their"])), Word(person + "'s")]
            plain = person
        for _ in range(3):
            self.edit("possessive", {o[-1]: plain})
        self.edit("possessive", {o[-1]: plain + "s"})
        adjs = self.adjectives(cls, noun)
        np = o + adjs + [Word(noun)]
        if self.chance(0.5):
            b = Word(self.pick(["is", "was"]))
            self.be_edits(b)
            return np + [b, Word(self.pick(ADJ["opinion"].replace("difficult_", "old").split()))], "."
        s = self.subject()
        v = self.pick(self.lex.transitive[cls])
        self.pairs.add((v.base, noun))
        tense, time, adv = self.tense_and_time(v)
        return s.words + self.finite(s, v, tense, False, adv, bool(time)) + np + time, "."

    def possessive_pronoun(self):
        noun = self.noun(self.pick(["thing", "clothes", "vehicle"]))
        p, wrongs = self.pick([("mine", ["my", "me"]), ("yours", ["your"]), ("hers", ["her"]), ("ours", ["our", "us"]), ("theirs", ["their", "them"])])
        w = Word(p)
        for wrong in wrongs:
            self.edit("pronoun", {w: wrong})
            self.edit("pronoun", {w: wrong})
        b = Word("is")
        self.be_edits(b)
        return self.words(self.pick(["this", "that", "the"])) + self.adjectives("thing", noun) + [Word(noun), b, w], "."

    def its_their(self):
        r = self.rng.random()
        if r < 0.4:
            animal = self.noun("animal")
            v = self.lex.verb(self.pick(["lose", "eat", "find", "love", "hide"]))
            its = Word("its")
            for _ in range(2):
                self.edit("pronoun", {its: "it's"})
            self.edit("pronoun", {its: "it"})
            s = Subject([Word("the"), Word(animal)], "s", animal, "its")
            return s.words + self.finite(s, v, self.pick(["past", "present"])) + [its, Word(self.pick(["food", "mother", "toy", "bone", "home", "owner"]))], "."
        c, wrong = self.pick([("it's", "its"), ("they're", "their"), ("you're", "your"), ("it's", "its")])
        w = Word(c)
        for _ in range(2):
            self.edit("pronoun", {w: wrong})
        tail = self.pick(["very late", "raining", "very cold today", "too late to go", "my favourite colour"]) if c == "it's" else self.pick(["very kind", "my best friend" if c == "you're" else "my best friends", "late again", "sleeping now", "very tired"])
        return [w] + self.words(tail), "."

    def double_negative(self):
        s = self.subject()
        while s.head == "nobody":
            s = self.subject()
        r = self.rng.random()
        if r < 0.5:
            cls = self.pick(["thing", "food", "readable", "animal"])
            noun = self.noun(cls)
            v = self.pick(self.lex.transitive[cls])
            self.pairs.add((v.base, noun))
            any_, tail = Word("any"), [self.plural(noun)]
            for wrong in ("no", "no", "some"):
                self.edit("negation" if wrong == "no" else "quantifier", {any_: wrong})
            obj = [any_] + tail
        elif r < 0.65:
            noun = self.pick(["water", "money", "milk", "bread", "coffee", "sugar"])
            v = self.lex.verb(self.pick(self.lex.mass[noun]))
            any_ = Word("any")
            for wrong in ("no", "some"):
                self.edit("negation" if wrong == "no" else "quantifier", {any_: wrong})
            obj = [any_, Word(noun)]
        else:
            w = self.pick(["anything", "anybody", "anyone"])
            v = self.lex.verb(self.pick(["see", "know", "hear", "find", "buy", "do", "say", "eat", "want"] if w == "anything" else ["see", "know", "meet", "help", "trust", "invite"]))
            any_ = Word(w)
            for _ in range(2):
                self.edit("negation", {any_: {"anything": "nothing", "anybody": "nobody", "anyone": "no one"}[w]})
            self.edit("quantifier", {any_: "some" + w[3:]})
            obj = [any_]
        return s.words + self.finite(s, v, self.pick(["present", "past"]), True) + obj, "."

    def reflexive(self):
        s = self.subject()
        while not s.reflexive:
            s = self.subject()
        v = self.lex.verb(self.pick(["hurt", "cut", "teach", "enjoy", "see", "look_"][:5]))
        w = Word(s.reflexive)
        if s.object:
            self.edit("pronoun", {w: s.object})
        for right, wrong in (("himself", "hisself"), ("themselves", "theirselves"), ("themselves", "themself"), ("ourselves", "ourself"), ("myself", "meself"), ("yourself", "youself")):
            if right == w.text:
                self.edit("pronoun", {w: wrong})
        tense, time, adv = self.tense_and_time(v, tenses=["past", "past", "future", "present"])
        tail = self.words("in the mirror") if v.base == "see" else (self.words(self.pick(LANGUAGES)) if v.base == "teach" else [])
        return s.words + self.finite(s, v, tense, False, adv, bool(time)) + [w] + tail + time, "."

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

    def unique(self):
        """Nouns that take "the" always, or never."""
        s = self.subject()
        r = self.rng.random()
        the = Word("the")
        for _ in range(3):
            self.edit("article", {the: ""})
        if r < 0.2:
            b = Word(self.pick(["is", "was"]))
            noun, tail = self.pick([("sun", "very hot"), ("moon", "beautiful tonight"), ("sky", "blue"), ("earth", "round"), ("sea", "cold"), ("sun", "shining"), ("weather", "nice"), ("weather", "bad")])
            if noun != "weather":
                self.edit("article", {the: "a"})
            return [the, Word(noun), b] + self.words(tail), "."
        if r < 0.4:
            inst = Word(self.pick(INSTRUMENTS))
            v = self.lex.verb("play")
            tense, time, adv = self.tense_and_time(v)
            return s.words + self.finite(s, v, tense, self.chance(0.15) and not adv, adv, bool(time)) + [the, inst] + time, "."
        if r < 0.5:
            b = Word(BE[s.agr][0])
            self.be_edits(b)
            tail = self.words(self.pick(["same age", "first in the class", "last person in the room", "only one here", "next person"])) if s.agr != "p" else self.words("same age")
            return s.words + [b, the] + tail, "."
        self.edits = [e for e in self.edits if the not in e[1]]
        kind = self.pick(["sport", "meal", "language", "transport", "subject", "name", "country"])
        if kind == "transport":
            v = self.lex.verb(self.pick(["go", "come", "travel"]))
            to = self.destination()
            by, n = Word("by"), Word(self.pick("bus car train plane bike taxi boat".split()))
            for wrong in ("with", "in"):
                self.edit("preposition", {by: wrong})
            self.edit("article", {n: "the " + n.text})
            self.edit("preposition", {by: "with", n: "the " + n.text})
            tail = to + [by, n]
        elif kind in ("name", "country"):
            n = Word(self.pick(MEN + WOMEN) if kind == "name" else self.pick(COUNTRIES))
            v = self.lex.verb(self.pick(["know", "like", "see", "meet"] if kind == "name" else ["visit", "love", "leave"]))
            self.edit("article", {n: "the " + n.text})
            tail = [n]
        else:
            verb, options = {"sport": ("play", SPORTS), "meal": (self.pick(["have", "eat", "cook"]), MEALS), "language": (self.pick(["speak", "learn", "study"]), LANGUAGES), "subject": (self.pick(["study", "teach", "love"]), SUBJECTS)}[kind]
            v, n = self.lex.verb(verb), Word(self.pick(options))
            wrong = ("the " if kind != "meal" else self.pick(["the ", "a "])) + n.text
            for _ in range(3):
                self.edit("article", {n: wrong})
            tail = [n]
        tense, time, adv = self.tense_and_time(v)
        return s.words + self.finite(s, v, tense, self.chance(0.15) and not adv, adv, bool(time)) + tail + time, "."

    def very_much(self):
        s = self.subject()
        v = self.lex.verb(self.pick(["like", "love", "enjoy"]))
        n = self.pick(SPORTS + ["music", "coffee", "tea", "chocolate", "pizza", "football"] + SUBJECTS)
        obj, much = [Word(n)], self.words("very much")
        for _ in range(4):
            self.order("word-order", obj + much, much + obj)
        return s.words + self.finite(s, v, "present", self.chance(0.15)) + obj + much, "."

    def would_like(self):
        s = self.subject()
        v, rest = self.predicate(s, plain=True)
        would, to, w = Word("would like"), Word("to"), Word(v.base)
        for _ in range(2):
            self.edit("gerund-infinitive", {to: ""})
        self.edit("gerund-infinitive", {to: "", w: v.ing})
        self.edit("verb-form", {would: "would likes"})
        if self.chance(0.3):
            self.edits = [e for e in self.edits if would not in e[1]]
            a, like = Word("would"), Word("like")
            self.order("question", [a] + s.words, s.words + [a])
            self.edit("question", {a: "do"})if False else None
            return [a] + s.words + [like, to, w] + rest, "?"
        return s.words + [would, to, w] + rest, "."

    def imperative(self):
        s = Subject([], "p", "you", "your")
        v, rest = self.predicate(s, plain=True)
        r = self.rng.random()
        if r < 0.4:
            n, w = Word("don't"), Word(v.base)
            self.edit("negation", {n: "not"})
            self.edit("negation", {n: "no"})
            self.edit("negation", {w: v.ing})
            self.edit("negation", {w: "to " + v.base})
            return [n, w] + rest, "."
        if r < 0.7:
            lets, w = Word("let's"), Word(v.base)
            self.edit("gerund-infinitive", {w: "to " + v.base})
            self.edit("gerund-infinitive", {w: v.ing})
            self.edit("spelling", {lets: "lets"})
            return [lets, w] + rest, "."
        p, w = Word("please"), Word(v.base)
        self.edit("verb-form", {w: "to " + v.base})
        self.edit("verb-form", {w: v.ing})
        return [p, w] + rest, "."

    def used_to(self):
        s = self.subject()
        v, rest = self.predicate(s, plain=True)
        used, to, w = Word("used"), Word("to"), Word(v.base)
        self.edit("verb-form", {used: "use"})
        self.edit("gerund-infinitive", {w: v.ing})
        if v.past != v.base:
            self.edit("gerund-infinitive", {w: v.past})
        return s.words + [used, to, w] + rest + self.words(self.pick(["when I was young", "many years ago", "as a child", "before the war"])), "."

    def indefinite(self):
        text = self.pick("everyone everybody someone nobody everything nothing".split())
        s = Subject([Word(text)], "s", text, None)
        b = Word(BE["s"][self.chance(0.3)])
        for _ in range(3):
            self.be_edits(b)
        a = self.pick(ADJ["person"].split()) if text not in ("everything", "nothing") else self.pick(["perfect", "ready", "expensive", "possible", "different", "new", "clean", "easy"])
        return s.words + [b] + ([Word("very")] if self.chance(0.2) and text not in ("nothing", "nobody") else []) + [Word(a)] + (self.place() if self.chance(0.4) else []), "."

    def too_also(self):
        s = self.subject()
        v, rest = self.predicate(s, plain=True)
        either = Word("either")
        self.edit("word-choice", {either: "too"})
        self.edit("word-choice", {either: "neither"})
        return s.words + self.finite(s, v, self.pick(["present", "past"]), True) + rest + [either], "."

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
        tense, time, adv = "", [], None
        while not time:
            tense, time, adv = self.tense_and_time(self.lex.verb("live"), tenses=["perfect"])
        return s.words + [h, been] + rest + time, "."

    def weather(self):
        it = Word("it")
        s = Subject([it], "s", "it", "its")
        if self.chance(0.6):
            v = self.lex.verb(self.pick(["rain", "snow", "rain"]))
            tense, time, adv = self.tense_and_time(v, tenses=["present", "past", "progressive", "future", "past", "progressive"])
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
        return [it, b] + ([Word("very")] if self.chance(0.4) else []) + [Word(self.pick("cold hot warm sunny windy cloudy rainy dark".split()))] + time, "."

    def small(self):
        """The short sentences of a first textbook."""
        s = self.subject()
        v = self.lex.verb(self.pick("like love have want need see eat buy play read go live work watch study understand know agree".split()))
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
            noun = self.pick(self.lex.nouns[cls][0]) if cls != "person" else self.pick("brother sister son daughter child friend uncle aunt cousin baby".split())
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
        group = self.finite(s, v, tense, neg, adv, bool(time) and not (tense == "present" and time[0].text in ("on", "in", "at")))
        if time and self.chance(0.3) and time[0].text not in ("once", "twice", "three times"):
            return (self.comma(time) if self.chance(0.5) else time) + s.words + group + rest, "."
        return s.words + group + rest + time, "."

    def short_talk(self):
        """What everybody says; mostly to be left alone."""
        text, wrong, kind = self.pick([
            ("I agree with you", "I am agree with you", "verb-form"), ("she agrees with him", "she is agree with him", "verb-form"),
            ("my name is NAME", "my name NAME", "verb-form"), ("I come from COUNTRY", "I come of COUNTRY", "preposition"),
            ("I am from COUNTRY", "I from COUNTRY", "verb-form"), ("nice to meet you", "nice meet you", "gerund-infinitive"),
            ("I am hungry", "I have hungry", "word-choice"), ("I am thirsty", "I have thirst", "word-choice"),
            ("he is right", "he has right", "word-choice"), ("thank you for your help", "thank you for you help", "pronoun"),
            ("I am sorry for being late", "I am sorry for be late", "gerund-infinitive"), ("I was born in YEAR", "I born in YEAR", "passive"),
            ("she was born in COUNTRY", "she is born in COUNTRY", "tense"), ("I was born in CITY", "I was born at CITY", "preposition"),
            ("we live in CITY", "we live at CITY", "preposition"), ("I look forward to seeing you", "I look forward to see you", "gerund-infinitive"),
            ("it depends on the weather", "it depends of the weather", "preposition"), ("the news is good", "the news are good", "agreement"),
            ("the people are friendly", "the people is friendly", "agreement"), ("the police are here", "the police is here", "agreement"),
            ("these are my friends", "this are my friends", "agreement"), ("what does this word mean", "what means this word", "question"),
            ("what time is it", "what time it is", "question"), ("how are you", "how you are", "question"), ("where are you from", "where you are from", "question"),
            ("what is your name", "what your name is", "question"), ("how much does it cost", "how much it costs", "question"),
            ("it is raining", "is raining", "pronoun"), ("it is cold today", "is cold today", "pronoun"), ("it was a great day", "was a great day", "pronoun"),
            ("I am fine", "I fine", "verb-form"), ("I have been to COUNTRY", "I have been in COUNTRY", "preposition"),
            ("she has been to CITY twice", "she has been at CITY twice", "preposition"), ("I have never been to COUNTRY", "I have never be to COUNTRY", "verb-form"),
            ("can I help you", "I can help you", "question"), ("there are many people here", "there is many people here", "agreement"),
            ("I have a lot of friends", "I have a lot friends", "quantifier"), ("I have lived in CITY for ten years", "I live in CITY for ten years", "tense"),
            ("my parents live in COUNTRY", "my parents lives in COUNTRY", "agreement"), ("it takes two hours", "it takes two hour", "plural"),
        ])
        for key, values in (("NAME", MEN + WOMEN), ("COUNTRY", COUNTRIES), ("CITY", CITIES), ("YEAR", [str(y) for y in range(1950, 2021)])):
            if key in text:
                value = self.pick(values)
                text, wrong = text.replace(key, value), wrong.replace(key, value)
        question = text.split()[0] in ("what", "how", "where", "can") 
        w = Word(text)
        if text != "can I help you":
            for _ in range(8):
                self.edit(kind, {w: wrong})
        return [w], "?" if question else "."


def weight_names():
    return [name for name, _ in Sentences.KINDS]
