"""Questions: with and without a question word, their word order, tags, and indirect ones."""

from clauses import Clauses
from grammar import BE, PRONOUNS, Subject, Word
from tables import ADJ, STATIVE


class Questions(Clauses):
    def yes_no(self):
        return self.question([], None)

    def wh(self):
        kind = self.pick(
            [
                "where",
                "where",
                "when",
                "why",
                "how often",
                "what time",
                "what",
                "what",
                "who",
                "how long",
                "how",
                "what time",
                "which",
            ]
        )
        return self.question(self.words(kind), kind)

    def question(self, wh, kind):
        s = self.subject()
        while s.head in ("nobody",):
            s = self.subject()
        if kind in ("what", "who", "which"):
            cls = {
                "what": self.pick(["food", "thing", "readable"]),
                "who": "person",
                "which": self.pick(["thing", "readable", "clothes"]),
            }[kind]
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
        tenses = ["present", "present", "past", "past", "future", "modal", "perfect"] + (
            [] if stative else ["progressive", "progressive"]
        )
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
            if verb.pp != base:
                self.edit("question", {a: "did", v: verb.pp})
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
            noun = self.pick(
                "name address job birthday favourite_food phone_number favourite_colour teacher".split()
            ).replace("_", " ")
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
        agr, own = PRONOUNS[text][:2]
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

    def indirect(self):
        opener = self.pick(
            [
                "I don't know",
                "I don't remember",
                "do you know",
                "can you tell me",
                "she asked me",
                "tell me",
                "I want to know",
                "nobody knows",
                "I wonder",
            ]
        )
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
