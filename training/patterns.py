"""What follows a verb or an adjective: gerund, infinitive, bare infinitive, preposition."""

from clauses import Clauses
from grammar import BE, Subject, Word
from tables import (
    ADJ_INFINITIVE,
    ADJ_PREP,
    BARE_CAUSATIVE,
    GERUND_VERBS,
    INFINITIVE_VERBS,
    OBJECT_INFINITIVE,
    PREP_GERUND,
)
from words import adverb


class Patterns(Clauses):
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
        tense = self.pick(
            ["present", "present", "past", "modal" if verb.base not in ("like", "love", "hate") else "present"]
        )
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
        verb = self.lex.verb(self.pick(OBJECT_INFINITIVE))
        obj = self.object_np("person")
        v, rest = self.predicate(s, plain=True)
        to, w = Word("to"), Word(v.base)
        for _ in range(2):
            self.edit("gerund-infinitive", {to: ""})
        self.edit("gerund-infinitive", {to: "", w: v.ing})
        self.edit("gerund-infinitive", {w: v.ing})
        return (
            s.words + self.finite(s, verb, self.pick(["present", "past", "past", "future"])) + obj + [to, w] + rest,
            ".",
        )

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
            return (
                s.words
                + self.finite(s, main, self.pick(["past", "past", "present"]))
                + rest
                + [Word(adjunct), g]
                + rest2,
                ".",
            )
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
        entry = self.pick(ADJ_PREP)
        b = Word(BE[s.agr][self.chance(0.2)])
        self.be_edits(b)
        if self.chance(0.3) and b.text in ("is", "are", "am"):
            self.edit("verb-form", {b: ""})
        p = Word(entry[1])
        for wrong in self.wrong_preps(entry[0], entry[1], 3):
            self.edit("preposition", {p: wrong})
            self.edit("preposition", {p: wrong})
        if entry[0] in (
            "afraid",
            "proud",
            "full",
            "fond",
            "aware",
            "capable",
            "interested",
            "good",
            "responsible",
            "famous",
        ):
            self.edit("preposition", {p: ""})
        noun = self.pick(entry[2].split("|"))
        adj = Word(entry[0])
        if entry[0] in ("interested", "excited", "bored", "tired"):
            self.edit(
                "adverb-adjective",
                {
                    adj: {"interested": "interesting", "excited": "exciting", "bored": "boring", "tired": "tiring"}[
                        entry[0]
                    ]
                },
            )
        front = [Word(self.pick(["very", "really", "not"]))] if self.chance(0.35) else []
        return s.words + [b] + front + [adj, p] + self.prep_object(noun), "."

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
        return (
            s.words
            + [used, to, w]
            + rest
            + self.words(self.pick(["when I was young", "many years ago", "as a child", "before the war"])),
            ".",
        )
