"""Sentences of two clauses, and the passive."""

from clauses import Clauses
from grammar import BE, Subject, Word
from tables import ADJ, STATIVE


class Compounds(Clauses):
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

    def while_when(self):
        s, t = self.subject(), self.subject()
        if self.chance(0.5):
            v, rest = self.predicate(s, plain=True, active=True)
            first = [Word("while")] + s.words + self.finite(s, v, "past progressive") + rest
            v2, rest2 = self.predicate(t, plain=True)
            second = t.words + self.finite(t, v2, "past", marked=False) + rest2
        else:
            v, rest = self.predicate(s, plain=True, active=True)
            w = self.lex.verb(self.pick("arrive call shout".split()))
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
            for wrong in ["which", "which", "what", ""] if person else ["who", "who", "what"]:
                self.edit("relative", {who: wrong})
                self.edit("relative", {who: wrong})
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
            tail = [b, Word(self.pick((ADJ["person"] if person else ADJ["opinion"].format("nice")).split()))]
            return s.words + [who] + inner + tail, "."
        k = self.subject()
        v3 = self.pick(self.lex.transitive[cls])
        self.pairs.add((v3.base, noun))
        return k.words + self.finite(k, v3, self.pick(["present", "past"])) + s.words + [who] + inner, "."

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

    def passive(self):
        cls = self.pick(["thing", "building", "readable", "vehicle", "food", "clothes"])
        noun = self.noun(cls)
        words, agr = self.common_np(cls, noun, det=self.pick(["the", "the", "this", "these", "my", "many"]))
        v = self.pick(
            [x for x in self.lex.transitive[cls] if x.base not in STATIVE and x.base not in ("learn", "check")]
        )
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
        return (
            [by] + self.object_person()
            if self.chance(0.3)
            else [by] + self.common_np("person", det=self.pick(["the", "my", "a"]))[0]
        )
