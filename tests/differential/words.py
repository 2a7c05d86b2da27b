"""Texts as charts write them: samples of the word patterns of cards/ and of the reference, negated, of other organs, joined to clauses."""
import re
import warnings

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import sre_parse

WORDS = ["of", "the", "old", "left", "fresh", "pain", "was", "x2"]
SPACES = [" ", " ", " ", "-", "  "]
NEGATIONS = ["no ", "not ", "denies ", "denied any ", "without ", "negative for ", "family history of ", "FH of ", "history of ", "h/o ",
             "resolved ", "never had ", "nothing but ", "no pain but ", "unknown ", "no change in ", "not only ", "2-week history of ", "3/7 h/o "]
JOINTS = [", ", "; ", ". ", " but ", " and ", " "]
OTHERS = ["nose", "throat", "sputum", "cervical", "ear canal", "root canal", "abdomen", "since Friday", "worse at night", "mother", "no",
          "pain", "of unknown cause", "2 weeks", "chest"]


def sample(rng, pattern):
    """A short text that the pattern matches."""
    return "".join(_sample(rng, node) for node in sre_parse.parse(pattern))


def _sample(rng, node):
    kind, value = str(node[0]), node[1]
    if kind == "LITERAL":
        return chr(value)
    if kind == "BRANCH":
        return "".join(_sample(rng, part) for part in rng.choice(value[1]))
    if kind == "SUBPATTERN":
        return "".join(_sample(rng, part) for part in value[3])
    if kind in ("MAX_REPEAT", "MIN_REPEAT"):
        low, high, parts = value
        times = rng.randint(low, min(int(high), low + 1))
        return "".join(_sample(rng, part) for _ in range(times) for part in parts)
    if kind == "IN":
        return _one_of(rng, value)
    if kind == "ANY":
        return rng.choice("a ")
    if kind in ("AT", "ASSERT", "ASSERT_NOT"):
        return ""
    raise ValueError("a pattern element without a sample: " + kind)


def _one_of(rng, choices):
    kind, value = str(choices[0][0]), choices[0][1]
    if kind == "CATEGORY":
        name = str(value)
        return rng.choice(WORDS)[0] if name == "CATEGORY_WORD" else rng.choice(SPACES)[0] if "SPACE" in name or "NOT_WORD" in name else "7"
    first, second = rng.choice([choice for choice in choices if str(choice[0]) in ("LITERAL", "RANGE")])
    return chr(second) if str(first) == "LITERAL" else chr(rng.randint(*second))


def vary(rng, text):
    """The text in other letters, negated or beside another clause; often as it is."""
    turn = rng.random()
    if turn < 0.35:
        return text
    if turn < 0.45:
        return rng.choice([text.upper(), text.capitalize(), text + ".", " " + text])
    if turn < 0.65:
        return rng.choice(NEGATIONS) + text
    if turn < 0.8:
        return text + rng.choice(JOINTS) + rng.choice(NEGATIONS + [""]) + rng.choice(OTHERS)
    return rng.choice(NEGATIONS + ["", ""]) + rng.choice(OTHERS) + rng.choice(JOINTS) + text


def known_patterns(*documents):
    """Every pattern under a member named `...ords` of these JSON documents."""
    found = []
    for document in documents:
        if isinstance(document, dict):
            for name, value in document.items():
                if name.lower().endswith("words") and isinstance(value, list):
                    found += [one for one in value if isinstance(one, str)]
                else:
                    found += known_patterns(value)
        elif isinstance(document, list):
            found += known_patterns(*document)
    return [one for one in found if re.compile(one)]
