"""Comparatives, superlatives, as ... as, and adverbs of manner beside their adjectives."""

from clauses import Clauses
from grammar import BE, Word
from tables import LANGUAGES, LIKE_ED_ING, LONG_GRADABLE, MANNER, SHORT_GRADABLE
from words import adverb, article, comparative


class Comparisons(Clauses):
    def comparison(self):
        s, b, than_np = self.compared()
        than = Word("than")
        self.edit("comparative", {than: "then"})
        self.edit("comparative", {than: "that"})
        if self.chance(0.65):
            adj = self.pick(SHORT_GRADABLE)
            c = Word(comparative(adj))
            for wrong in (f"more {adj}", f"more {c.text}", adj):
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
        than = (
            self.object_np("person")
            if cls == "person"
            else self.common_np(cls, det=self.pick(["the", "my", "this"]))[0]
        )
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
        where = self.words(
            self.pick(
                [
                    "in the class",
                    "in the world",
                    "in the city",
                    "in my family",
                    "in the school",
                    "in the country",
                    "in the room",
                    "in the shop",
                    "in our town",
                ]
            )
        )
        self.edit("preposition", {where[0]: "of"})
        self.edit("preposition", {where[0]: "at"})
        return s.words + [b, the] + mid + [head] + where, "."

    def manner(self):
        s = self.subject()
        adj = self.pick(MANNER)
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
            v = self.lex.verb(
                self.pick(
                    "sing speak drive run walk work play dance swim write sleep read talk smile cook answer move listen behave eat".split()
                )
            )
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
            noun = self.pick(
                "film lesson book story game class concert match journey news trip party show programme".split()
            )
            w = Word(ing)
            for _ in range(3):
                self.edit("adverb-adjective", {w: ed})
            b = Word(self.pick(["is", "was"]))
            self.be_edits(b)
            return (
                self.words(f"{self.pick(['the', 'this', 'that'])} {noun}")
                + [b]
                + ([Word("very")] if self.chance(0.4) else [])
                + [w],
                ".",
            )
        s = self.subject()
        b = Word(BE[s.agr][self.chance(0.5)])
        self.be_edits(b)
        w = Word(ed)
        because = self.words(
            self.pick(
                [
                    "because the film was long",
                    "because the lesson was long",
                    "by the news",
                    "by the noise",
                    "by the result",
                ]
            )
        )
        for _ in range(3):
            self.edit("adverb-adjective", {w: ing})
        return s.words + [b, w] + because, "."
