"""Predicates, places and times: the parts that most constructions share."""

from grammar import Builder, Subject, Word
from tables import (
    ALSO_RIGHT,
    CITIES,
    COUNTRIES,
    DAYS,
    FREQUENCY,
    INTRANSITIVE,
    LANGUAGES,
    MONTHS,
    MOTION,
    NUMBERS,
    OBJECT_PREPOSITION,
    PREPOSITIONAL,
    SPORTS,
    STATIVE,
)

PREPOSITIONS = "in on at to for of with from".split()
BARE = set(
    "music radio_ ghosts magic love money headaches stress asthma people nature animals clothes food books danger "
    "success prison competition_ maths tennis chess languages history spelling geography spiders dogs snakes mice storms "
    "art science politics sports cars children noise rain traffic work beaches wine museums water toys apples safety "
    "others mine yours hers school class health fishing anything murder cats nuts milk dust homework neighbours vitamins "
    "iron cold_ sun_ luggage advice friends".split()
)
DURATIVE = set("live work study know have play teach learn wait own wear use drive love like help".split())


class Clauses(Builder):
    def wrong_preps(self, word, right, n):
        """Prepositions that this verb or adjective cannot take."""
        others = [p for p in PREPOSITIONS if p != right and p not in ALSO_RIGHT.get(word, ())]
        self.rng.shuffle(others)
        return others[:n]

    def prep_object(self, noun):
        """The object of a fixed preposition, from the tables."""
        if noun == "person":
            return self.object_np("person")
        if noun == "LANG":
            return [Word(self.pick(LANGUAGES))]
        if noun in BARE:
            return [Word(noun)]
        if noun in (
            "weather",
            "radio",
            "cold",
            "sun",
            "news",
            "rain",
            "wedding",
            "original",
            "results",
            "future",
            "service",
            "zoo",
            "exam",
            "test",
        ):
            return self.words("the " + noun)
        if noun in (
            "family",
            "son",
            "daughter",
            "team",
            "sister",
            "brother",
            "boss",
            "father",
            "mother",
            "job",
            "friends",
            "drinks",
        ):
            return [self.possessive(), Word(noun)]
        if noun.endswith("s"):
            return [self.possessive() if self.chance(0.5) else Word("the"), Word(noun)]
        return self.common_np("thing", noun, det=self.pick(["the", "the", "my", "a"]), adj=False)[0]

    def predicate(self, s, question=False, plain=False, active=False, transitive=False):
        """(verb, complement words) of an action or a state, without its tense."""
        r = self.rng.random()
        if transitive:
            r = 0.3
        if r < 0.46:
            cls = self.pick(
                "food readable thing thing person animal vehicle building clothes abstract event body".split()
            )
            verbs = self.lex.transitive[cls]
            if cls == "thing" and self.chance(0.35):
                verbs = self.lex.broad_verbs
            verb = self.pick(verbs)
            while active and verb.base in STATIVE:
                verb = self.pick(verbs)
            if self.chance(0.06):
                like = self.lex.verb(self.pick(["like", "love", "hate", "enjoy"]))
                does = self.lex.verb(self.pick("swim dance read cook run sing travel draw paint ski shop walk".split()))
                g = Word(does.ing)
                self.edit("gerund-infinitive", {g: does.base})
                if like.base == "enjoy":
                    self.edit("gerund-infinitive", {g: "to " + does.base})
                if not active:
                    return like, [g]
            if cls in ("food", "animal", "thing", "clothes", "person") and self.chance(0.13) and not active:
                verb = self.lex.verb(self.pick(["like", "love", "hate", "like", "prefer"]))
            obj = self.object_np(cls, verb.base)
            self.pairs.add((s.head, verb.base))
            if cls in ("food", "thing", "readable") and self.chance(0.1):
                obj = obj + self.place()
            return verb, obj
        if r < 0.53 and not transitive:
            noun = self.pick(list(self.lex.mass))
            verb = self.lex.verb(self.pick(self.lex.mass[noun]))
            while active and verb.base in STATIVE:
                noun = self.pick(list(self.lex.mass))
                verb = self.lex.verb(self.pick(self.lex.mass[noun]))
            self.pairs.add((verb.base, noun))
            return verb, self.mass_np(noun)[0]
        if r < 0.58:
            game = self.chance(0.5)
            verb = self.lex.verb("play" if game else self.pick(["speak", "learn", "study"]))
            return verb, [Word(self.pick(SPORTS if game else LANGUAGES))]
        if r < 0.70:
            verb = self.lex.verb(self.pick(INTRANSITIVE))
            self.pairs.add((s.head, verb.base))
            return verb, self.place() if self.chance(0.7) else []
        if r < 0.81:
            verb = self.lex.verb(self.pick(MOTION))
            if verb.base == "go" and self.chance(0.08):
                sport = self.pick(["swimming", "shopping", "fishing", "skiing", "dancing"])
                w = Word(sport)
                base = {"swimming": "swim", "shopping": "shop", "fishing": "fish", "skiing": "ski", "dancing": "dance"}[
                    sport
                ]
                self.edit("gerund-infinitive", {w: "to " + sport})
                self.edit("gerund-infinitive", {w: base})
                return verb, [w]
            return verb, self.destination(verb.base in ("go", "come", "return"))
        if r < 0.91:
            verb, prep, objects = self.pick(PREPOSITIONAL)
            verb = self.lex.verb(verb)
            while active and verb.base in STATIVE:
                verb, prep, objects = self.lex.verb("listen"), "to", "music|teacher|person"
            p = Word(prep)
            for wrong in self.wrong_preps(getattr(verb, "base", verb), prep, 2):
                self.edit("preposition", {p: wrong})
            self.edit("preposition", {p: ""})
            self.edit("preposition", {p: ""})
            noun = self.pick(objects.split("|"))
            return verb, [p] + self.prep_object(noun)
        if r < 0.95:
            verb, first, prep, objects = self.pick(OBJECT_PREPOSITION)
            obj = self.object_np("person") if first == "person" else self.prep_object(self.pick(first.split("|")))
            p = Word(prep)
            for wrong in self.wrong_preps(getattr(verb, "base", verb), prep, 2):
                self.edit("preposition", {p: wrong})
            if prep in ("for", "with", "to", "of"):
                self.edit("preposition", {p: ""})
            return self.lex.verb(verb), obj + [p] + self.prep_object(self.pick(objects.split("|")))
        verb = self.lex.verb(self.pick("give send show lend buy bring offer".split()))
        cls = self.pick(["thing", "readable", "clothes", "food"])
        noun = self.noun(cls)
        self.pairs.add((verb.base, noun))
        thing = self.common_np(cls, noun, det=self.pick(["a", "the", "my", "two", "some"]))[0]
        who = self.object_np("person")
        if self.chance(0.6):
            self.edit("preposition", {who[0]: "to " + who[0].text})
            return verb, who + thing
        to = Word("for" if verb.base == "buy" else "to")
        self.edit("preposition", {to: ""})
        if to.text == "to":
            self.edit("preposition", {to: "at"})
        return verb, thing + [to] + who

    def destination(self, only_to=True):
        """Where to; after "drive" or "walk", "in" and "at" would be right as well."""
        r = self.rng.random()
        if r < 0.15:
            home = Word("home")
            for _ in range(3):
                self.edit("preposition", {home: "to home"})
            return [home]
        to = Word("to")
        for wrong in ("", "", "in", "at") if only_to else ("",):
            self.edit("preposition", {to: wrong})
        if r < 0.45:
            place = [Word(self.pick(["school", "school", "work", "church", "university", "bed"]))]
        elif r < 0.6:
            place = [Word(self.pick(CITIES + COUNTRIES))]
        else:
            place = self.words(
                "the "
                + self.pick(
                    "park cinema shop supermarket beach doctor library station market museum gym airport hospital bank office zoo theatre restaurant".split()
                )
            )
        return [to] + place

    def place(self):
        r = self.rng.random()
        if r < 0.06:
            return [Word(self.pick(["here", "there", "outside", "here", "inside", "upstairs"]))]
        if r < 0.3:
            p, where, wrong = (
                "in",
                "the "
                + self.pick(
                    "kitchen garden bedroom bathroom classroom forest park village city box bag fridge drawer world room".split()
                ),
                ["at", "on"],
            )
            if "park" in where or "garden" in where:
                wrong = ["on"]
        elif r < 0.45:
            p, where, wrong = "in", self.pick(CITIES + COUNTRIES), ["at", "on"]
        elif r < 0.6:
            p, where, wrong = "at", self.pick(["home", "work", "school", "university"]), ["in", "on"]
            if where in ("school", "university"):
                wrong = ["on"]
            if where == "home":
                h = Word("home")
                self.edit("article", {h: "the home"})
                at = Word("at")
                for w in wrong:
                    self.edit("preposition", {at: w})
                return [at, h]
        elif r < 0.75:
            p, where, wrong = "on", "the " + self.pick("floor table wall roof desk ground beach".split()), ["at"]
        elif r < 0.87:
            p, where, wrong = (
                self.pick(["near", "behind", "next to", "in front of"]),
                "the " + self.pick("house school station church river window door bank car tree".split()),
                [],
            )
        else:
            p, where, wrong = (
                "at",
                "the " + self.pick("station airport door bus_stop".split()).replace("_", " "),
                ["on"],
            )
        head = Word(p)
        for w in wrong:
            self.edit("preposition", {head: w})
        if p == "in front of":
            self.edit("preposition", {head: "in front"})
        if p == "next to":
            self.edit("preposition", {head: "next"})
        if p == "near":
            self.edit("preposition", {head: "near of"})
        return [head] + self.words(where)

    # Time

    def past_time(self):
        r = self.rng.random()
        if r < 0.35:
            return [Word("yesterday")]
        if r < 0.65:
            last, unit = Word("last"), Word(
                self.pick(["week", "month", "year", "night", "summer", "winter", "weekend"] + DAYS)
            )
            self.edit("article", {last: "the last"})
            self.edit("preposition", {last: "in last"}) if unit.text not in ("night",) else None
            return [last, unit]
        if r < 0.88:
            one = self.chance(0.2)
            n = Word("a" if one else self.pick(NUMBERS[:9] + ["a few", "many"]))
            unit = self.pick("day week month year".split())
            u = Word(unit if one else unit + "s")
            if not one:
                self.edit("plural", {u: unit})
            ago = Word("ago")
            self.order("word-order", [n, u, ago], [ago, n, u])
            self.edit("word-choice", {n: "before " + n.text, ago: ""})
            return [n, u, ago]
        p, y = Word("in"), Word(str(1960 + int(self.rng.random() * 62)))
        for wrong in ("on", "at"):
            self.edit("preposition", {p: wrong})
        return [p, y]

    def habit_time(self):
        r = self.rng.random()
        if r < 0.5:
            d, u = Word("every"), self.pick(
                "day day week month year morning evening night weekend summer Sunday Monday".split()
            )
            w = Word(u)
            if u[0].islower():
                self.edit("plural", {w: u + "s"})
            if u in ("day", "week", "morning", "evening"):
                self.edit("quantifier", {d: "all"})
            return [d, w]
        if r < 0.65:
            p, d = Word("on"), Word(self.pick(DAYS) + "s")
            for wrong in ("in", "at"):
                self.edit("preposition", {p: wrong})
            return [p, d]
        if r < 0.8:
            return self.part_of_day()
        if r < 0.88:
            p = Word("at")
            for wrong in ("in", "on"):
                self.edit("preposition", {p: wrong})
            return [p, Word(self.pick(["seven", "eight", "nine", "ten", "five", "six"])), Word("o'clock")]
        n, u = Word(self.pick(["twice", "three times", "once"])), self.pick(["day", "week", "month", "year"])
        a = Word("a")
        return [n, a, Word(u)]

    def part_of_day(self):
        r = self.rng.random()
        if r < 0.25:
            p = Word("at")
            for wrong in ("in", "on"):
                self.edit("preposition", {p: wrong})
            night = Word("night")
            return [p, night]
        p, the, w = Word("in"), Word("the"), Word(self.pick(["morning", "afternoon", "evening"]))
        for wrong in ("at", "on"):
            self.edit("preposition", {p: wrong})
        self.edit("article", {the: ""})
        return [p, the, w]

    def calendar(self):
        """A day, month, year or hour, in any tense."""
        r = self.rng.random()
        if r < 0.35:
            p, w = "on", self.pick(DAYS)
        elif r < 0.65:
            p, w = "in", self.pick(MONTHS)
        elif r < 0.85:
            p, w = "at", self.pick(["seven", "eight", "nine", "ten", "five", "six", "three"]) + " o'clock"
        else:
            return self.part_of_day()
        word = Word(p)
        for wrong in [x for x in ("in", "on", "at") if x != p]:
            self.edit("preposition", {word: wrong})
            self.edit("preposition", {word: wrong})
        return [word, Word(w)]

    def tense_and_time(self, verb, tenses=None):
        """(tense, time words, mid-position adverb): `time` shows the tense beyond doubt."""
        stative = verb.base in STATIVE
        tense = self.pick(
            tenses
            or ["present"] * 5
            + ["past"] * 6
            + ["future", "future", "modal", "modal", "perfect", "perfect", "going"]
            + ([] if stative else ["progressive"] * 3)
        )
        time, adv = [], None
        r = self.rng.random()
        if tense == "present":
            if r < 0.35:
                adv = self.pick(FREQUENCY)
            elif r < 0.7:
                time = self.habit_time()
        elif tense == "past":
            time = self.past_time() if r < 0.72 else []
        elif tense == "future":
            time = self.future_time() if r < 0.7 else []
        elif tense == "going":
            time = self.future_time() if r < 0.4 else []
        elif tense == "progressive":
            if r < 0.7:
                time = self.words(self.pick(["now", "right now", "at the moment", "now"]))
                if len(time) == 3:
                    self.edit("preposition", {time[0]: "in"})
                    self.edit("article", {time[1]: ""})
        elif tense == "perfect":
            if verb.base in DURATIVE and r < 0.7:
                if self.chance(0.5):
                    p, n = Word("since"), Word(
                        self.pick(
                            [
                                str(1990 + int(self.rng.random() * 33)),
                                self.pick(DAYS),
                                "last year",
                                self.pick(MONTHS),
                                "2010",
                            ]
                        )
                    )
                    self.edit("preposition", {p: "for"})
                    self.edit("preposition", {p: "from"})
                    time = [p, n]
                else:
                    p, n, u = (
                        Word("for"),
                        Word(self.pick(NUMBERS[:9] + ["many"])),
                        self.pick("day week month year hour".split()),
                    )
                    w = Word(u + "s")
                    self.edit("preposition", {p: "since"})
                    self.edit("preposition", {p: "since"})
                    self.edit("plural", {w: u})
                    time = [p, n, w]
            else:
                adv = self.pick(["already", "just", "never", "always"])
        return tense, time, adv

    def future_time(self):
        r = self.rng.random()
        if r < 0.5:
            return [Word("tomorrow")]
        if r < 0.85:
            n, u = Word("next"), Word(self.pick(["week", "month", "year", "summer", "weekend"] + DAYS))
            self.edit("article", {n: "the next"})
            return [n, u]
        return [Word("tonight")]

    def clause(self, short=False):
        """A statement: subject, verb group, complement, time."""
        s = self.subject() if self.chance(0.93) else self.subject("animal")
        verb, rest = self.predicate(s)
        tense, time, adv = self.tense_and_time(verb)
        marked = bool(time)
        if tense == "perfect" and adv:
            marked = False
        if tense == "present" and time and time[0].text in ("on", "in", "at"):
            marked = False
        if tense == "going":
            marked = False
        neg = (
            adv is None
            and self.chance(0.22)
            and not (tense == "perfect" and time)
            and s.head not in ("nobody", "someone", "somebody")
        )
        group = self.finite(s, verb, tense, neg, adv, marked)
        if not time and not short and self.chance(0.2):
            time = self.calendar()
        if time and self.chance(0.2) and time[0].text not in ("for", "once", "twice"):
            first = time
            if self.chance(0.5):
                return self.comma(first) + s.words + group + rest
            return first + s.words + group + rest
        if time and rest and self.chance(0.15) and time[0].text in ("yesterday", "tomorrow", "last"):
            self.order("word-order", group + rest + time, time + group + rest)
        return s.words + group + rest + time

    def singular_person(self):
        s = self.subject()
        while s.agr == "p" or s.head in ("nobody", "someone", "somebody", "everyone", "everybody"):
            s = self.subject()
        return s

    def one_thing(self):
        words, agr = self.common_np("thing", det=self.pick(["this", "my", "the"]))
        if agr == "p":
            return self.one_thing()
        return Subject(words, agr, "thing", "its")

    # Commas

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
