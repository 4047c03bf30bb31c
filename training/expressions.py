"""Collocations, fixed expressions, possession and reflexives."""

from clauses import Clauses
from grammar import BE, Subject, Word
from tables import ADJ, CITIES, COUNTRIES, INSTRUMENTS, LANGUAGES, MEALS, MEN, SPORTS, SUBJECTS, WOMEN
from words import article


class Expressions(Clauses):
    def collocation(self):
        s = self.subject()
        verb, bad, noun, kind = self.pick(
            [
                ("make", "do", "a mistake", "word-choice"),
                ("do", "make", "my homework", "word-choice"),
                ("do", "make", "the dishes", "word-choice"),
                ("take", "make", "a photo", "word-choice"),
                ("make", "do", "a decision", "word-choice"),
                ("have", "make", "a party", "word-choice"),
                ("tell", "say", "the truth", "word-choice"),
                ("tell", "say", "me the answer", "word-choice"),
                ("tell", "say", "us a story", "word-choice"),
                ("do", "make", "exercise", "word-choice"),
                ("make", "do", "a cake", "word-choice"),
                ("take", "do", "a shower", "word-choice"),
                ("pay", "give", "attention", "word-choice"),
                ("make", "do", "progress", "word-choice"),
                ("make", "do", "friends", "word-choice"),
                ("do", "make", "the shopping", "word-choice"),
                ("make", "do", "a noise", "word-choice"),
                ("do", "make", "research", "word-choice"),
                ("have", "make", "fun", "word-choice"),
                ("tell", "say", "a lie", "word-choice"),
                ("take", "make", "a break", "word-choice"),
                ("watch", "look", "television", "word-choice"),
                ("watch", "see", "television", "word-choice"),
                ("win", "gain", "the match", "word-choice"),
                ("wear", "carry", "a uniform", "word-choice"),
                ("catch", "take", "a cold", "word-choice"),
                ("speak", "talk", "LANG", "word-choice"),
                ("have", "take", "SPORTMEAL", "word-choice"),
                ("play", "make", "SPORT", "word-choice"),
                ("do", "make", "yoga", "word-choice"),
                ("lend", "borrow", "me some money", "word-choice"),
                ("tell", "say", "him a secret", "word-choice"),
                ("teach", "learn", "us SUBJECT", "word-choice"),
            ]
        )
        noun = (
            noun.replace("LANG", self.pick(LANGUAGES))
            .replace("SPORTMEAL", self.pick(MEALS))
            .replace("SUBJECT", self.pick(SUBJECTS))
            .replace("SPORT", self.pick(SPORTS))
        )
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
        verb, prep, obj = self.pick(
            [
                ("discuss", "about", "abstract"),
                ("enter", "to", "building"),
                ("marry", "with", "person"),
                ("answer", "to", "question"),
                ("reach", "to", "building"),
                ("phone", "to", "person"),
                ("ask", "to", "person"),
                ("visit", "to", "building"),
                ("meet", "to", "person"),
                ("call", "to", "person"),
                ("tell", "to", "person"),
                ("help", "to", "person"),
                ("contact", "with", "person"),
                ("teach", "to", "person"),
                ("explain", None, "abstract"),
                ("leave", "from", "building"),
                ("approach", "to", "building"),
                ("tell", "to", "person"),
            ]
        )
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
        return (
            s.words
            + self.finite(
                s, v, tense, self.chance(0.1) and tense != "future", adv if tense != "x" else None, bool(time)
            )
            + obj_words
            + time,
            ".",
        )

    def arrive(self):
        s = self.subject()
        place = self.rng.random()
        if place < 0.5:
            p, where = Word("at"), self.words(
                self.pick(["the airport", "the station", "school", "the hotel", "work", "the office", "the party"])
            )
            wrongs = ["to", "to", "on", ""]
        elif place < 0.8:
            p, where = Word("in"), [Word(self.pick(CITIES + COUNTRIES))]
            wrongs = ["to", "to", "at", "on"]
        else:
            p, where, wrongs = Word(""), [Word("home")], []
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
            return np + [b, Word(self.pick(ADJ["opinion"].format("old").split()))], "."
        s = self.subject()
        v = self.pick(self.lex.transitive[cls])
        self.pairs.add((v.base, noun))
        tense, time, adv = self.tense_and_time(v)
        return s.words + self.finite(s, v, tense, False, adv, bool(time)) + np + time, "."

    def possessive_pronoun(self):
        noun = self.noun(self.pick(["thing", "clothes", "vehicle"]))
        p, wrongs = self.pick(
            [
                ("mine", ["my", "me"]),
                ("yours", ["your"]),
                ("hers", ["her"]),
                ("ours", ["our", "us"]),
                ("theirs", ["their", "them"]),
            ]
        )
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
            return (
                s.words
                + self.finite(s, v, self.pick(["past", "present"]))
                + [its, Word(self.pick(["food", "mother", "toy", "bone", "home", "owner"]))],
                ".",
            )
        c, wrong = self.pick([("it's", "its"), ("they're", "their"), ("you're", "your"), ("it's", "its")])
        w = Word(c)
        for _ in range(2):
            self.edit("pronoun", {w: wrong})
        tail = (
            self.pick(["very late", "raining", "very cold today", "too late to go", "my favourite colour"])
            if c == "it's"
            else self.pick(
                [
                    "very kind",
                    "my best friend" if c == "you're" else "my best friends",
                    "late again",
                    "sleeping now",
                    "very tired",
                ]
            )
        )
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
            v = self.lex.verb(
                self.pick(
                    ["see", "know", "hear", "find", "buy", "do", "say", "eat", "want"]
                    if w == "anything"
                    else ["see", "know", "meet", "help", "trust", "invite"]
                )
            )
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
        v = self.lex.verb(self.pick(["hurt", "cut", "teach", "enjoy", "see"]))
        self.pairs.add((s.head, v.base))
        w = Word(s.reflexive)
        if s.object:
            self.edit("pronoun", {w: s.object})
        for right, wrong in (
            ("himself", "hisself"),
            ("themselves", "theirselves"),
            ("themselves", "themself"),
            ("ourselves", "ourself"),
            ("myself", "meself"),
            ("yourself", "youself"),
        ):
            if right == w.text:
                self.edit("pronoun", {w: wrong})
        tense, time, adv = self.tense_and_time(v, tenses=["past", "past", "future", "present"])
        tail = (
            self.words("in the mirror")
            if v.base == "see"
            else (self.words(self.pick(LANGUAGES)) if v.base == "teach" else [])
        )
        return s.words + self.finite(s, v, tense, False, adv, bool(time)) + [w] + tail + time, "."

    def unique(self):
        """Nouns that take "the" always, or never."""
        s = self.subject()
        r = self.rng.random()
        the = Word("the")
        for _ in range(3):
            self.edit("article", {the: ""})
        if r < 0.2:
            b = Word(self.pick(["is", "was"]))
            noun, tail = self.pick(
                [
                    ("sun", "very hot"),
                    ("moon", "beautiful tonight"),
                    ("sky", "blue"),
                    ("earth", "round"),
                    ("sea", "cold"),
                    ("sun", "shining"),
                    ("weather", "nice"),
                    ("weather", "bad"),
                ]
            )
            if noun != "weather":
                self.edit("article", {the: "a"})
            return [the, Word(noun), b] + self.words(tail), "."
        if r < 0.4:
            inst = Word(self.pick(INSTRUMENTS))
            v = self.lex.verb("play")
            tense, time, adv = self.tense_and_time(v)
            return (
                s.words + self.finite(s, v, tense, self.chance(0.15) and not adv, adv, bool(time)) + [the, inst] + time,
                ".",
            )
        if r < 0.5:
            b = Word(BE[s.agr][0])
            self.be_edits(b)
            tail = (
                self.words(
                    self.pick(
                        ["same age", "first in the class", "last person in the room", "only one here", "next person"]
                    )
                )
                if s.agr != "p"
                else self.words("same age")
            )
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
            v = self.lex.verb(
                self.pick(["know", "like", "see", "meet"] if kind == "name" else ["visit", "love", "leave"])
            )
            self.edit("article", {n: "the " + n.text})
            tail = [n]
        else:
            verb, options = {
                "sport": ("play", SPORTS),
                "meal": (self.pick(["have", "eat", "cook"]), MEALS),
                "language": (self.pick(["speak", "learn", "study"]), LANGUAGES),
                "subject": (self.pick(["study", "teach", "love"]), SUBJECTS),
            }[kind]
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

    def too_also(self):
        s = self.subject()
        v, rest = self.predicate(s, plain=True)
        either = Word("either")
        self.edit("word-choice", {either: "too"})
        self.edit("word-choice", {either: "neither"})
        return s.words + self.finite(s, v, self.pick(["present", "past"]), True) + rest + [either], "."

    def short_talk(self):
        """What everybody says; mostly to be left alone."""
        text, wrong, kind = self.pick(
            [
                ("I agree with you", "I am agree with you", "verb-form"),
                ("she agrees with him", "she is agree with him", "verb-form"),
                ("my name is NAME", "my name NAME", "verb-form"),
                ("I come from COUNTRY", "I come of COUNTRY", "preposition"),
                ("I am from COUNTRY", "I from COUNTRY", "verb-form"),
                ("nice to meet you", "nice meet you", "gerund-infinitive"),
                ("I am hungry", "I have hungry", "word-choice"),
                ("I am thirsty", "I have thirst", "word-choice"),
                ("he is right", "he has right", "word-choice"),
                ("thank you for your help", "thank you for you help", "pronoun"),
                ("I am sorry for being late", "I am sorry for be late", "gerund-infinitive"),
                ("I was born in YEAR", "I born in YEAR", "passive"),
                ("she was born in COUNTRY", "she is born in COUNTRY", "tense"),
                ("I was born in CITY", "I was born at CITY", "preposition"),
                ("we live in CITY", "we live at CITY", "preposition"),
                ("I look forward to seeing you", "I look forward to see you", "gerund-infinitive"),
                ("it depends on the weather", "it depends of the weather", "preposition"),
                ("the news is good", "the news are good", "agreement"),
                ("the people are friendly", "the people is friendly", "agreement"),
                ("the police are here", "the police is here", "agreement"),
                ("these are my friends", "this are my friends", "agreement"),
                ("what does this word mean", "what means this word", "question"),
                ("what time is it", "what time it is", "question"),
                ("how are you", "how you are", "question"),
                ("where are you from", "where you are from", "question"),
                ("what is your name", "what your name is", "question"),
                ("how much does it cost", "how much it costs", "question"),
                ("it is raining", "is raining", "pronoun"),
                ("it is cold today", "is cold today", "pronoun"),
                ("it was a great day", "was a great day", "pronoun"),
                ("I am fine", "I fine", "verb-form"),
                ("I have been to COUNTRY", "I have been in COUNTRY", "preposition"),
                ("she has been to CITY twice", "she has been at CITY twice", "preposition"),
                ("I have never been to COUNTRY", "I have never be to COUNTRY", "verb-form"),
                ("can I help you", "I can help you", "question"),
                ("there are many people here", "there is many people here", "agreement"),
                ("I have a lot of friends", "I have a lot friends", "quantifier"),
                ("I have lived in CITY for ten years", "I live in CITY for ten years", "tense"),
                ("my parents live in COUNTRY", "my parents lives in COUNTRY", "agreement"),
                ("it takes two hours", "it takes two hour", "plural"),
            ]
        )
        for key, values in (
            ("NAME", MEN + WOMEN),
            ("COUNTRY", COUNTRIES),
            ("CITY", CITIES),
            ("YEAR", [str(y) for y in range(1950, 2021)]),
        ):
            if key in text:
                value = self.pick(values)
                text, wrong = text.replace(key, value), wrong.replace(key, value)
        question = text.split()[0] in ("what", "how", "where", "can")
        w = Word(text)
        if text != "can I help you":
            for _ in range(8):
                self.edit(kind, {w: wrong})
        return [w], "?" if question else "."
