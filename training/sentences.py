"""All constructions together: one is drawn by weight and makes a sentence."""

from comparisons import Comparisons
from compounds import Compounds
from expressions import Expressions
from grammar import Word
from patterns import Patterns
from questions import Questions
from statements import Statements


class Sentences(Statements, Questions, Comparisons, Patterns, Compounds, Expressions):
    """Each construction returns (words, final mark) and records how it can go wrong."""

    KINDS = [
        ("statement", 26),
        ("joined", 5),
        ("yes_no", 8),
        ("wh", 9),
        ("wh_be", 2),
        ("copula", 6),
        ("there_be", 3),
        ("comparison", 5),
        ("superlative", 3),
        ("gerund", 3.5),
        ("infinitive", 3),
        ("object_infinitive", 2.5),
        ("causative", 1.2),
        ("adjective_infinitive", 1.5),
        ("prep_gerund", 2),
        ("adjective_prep", 3.5),
        ("conditional", 4),
        ("while_when", 2.5),
        ("relative", 3.5),
        ("indirect", 3),
        ("because", 2.5),
        ("past_perfect", 1.5),
        ("passive", 3.5),
        ("manner", 4),
        ("enough", 1.5),
        ("collocation", 3.5),
        ("extra_preposition", 2),
        ("possession", 2),
        ("double_negative", 1.2),
        ("tag", 1.5),
        ("reflexive", 1.2),
        ("ed_ing", 1.5),
        ("age", 1.2),
        ("unique", 2.5),
        ("quantity_question", 2),
        ("very_much", 1.2),
        ("would_like", 1.2),
        ("imperative", 1.2),
        ("as_as", 1),
        ("used_to", 0.7),
        ("indefinite", 1.2),
        ("short_talk", 1.5),
        ("say_that", 1.5),
        ("arrive", 1),
        ("profession", 2),
        ("its_their", 1),
        ("possessive_pronoun", 1),
        ("too_also", 1),
        ("been", 1.5),
        ("weather", 1.2),
        ("small", 4),
    ]
    TOTAL = sum(w for _, w in KINDS)

    def make(self):
        self.reset()
        total, r = self.TOTAL, self.rng.random()
        for name, weight in self.KINDS:
            r -= weight / total
            if r < 0:
                break
        words, mark = getattr(self, name)()
        return name, [w for w in words if w.text], mark

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
