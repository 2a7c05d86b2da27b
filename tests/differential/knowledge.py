"""What the generator knows: codes, windows, thresholds, units and words, read from cards/ and from the clinical specification, so that a
new rule is covered as soon as it is there."""
import json
import os
import re

import words

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
SHARED = os.path.join(ROOT, "..", "shared", "clinical")


def read(*path):
    with open(os.path.join(*path), encoding="utf-8") as file:
        return json.load(file)


def days(duration):
    """An ISO 8601 duration as days; None for any other text."""
    match = re.fullmatch(r"-?P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?", duration) if isinstance(duration, str) else None
    if not match or duration.endswith("P"):
        return None
    day, hour, minute, second = (int(part or 0) for part in match.groups())
    return day + hour / 24 + minute / 1440 + second / 86400


def listed(value):
    return value if isinstance(value, list) else [value]


class Knowledge:
    def __init__(self, cards, reference):
        self.cards = cards
        self.concepts = {name: concept["codes"] for name, concept in reference.CODES.items()}
        self._read_valuesets()
        self.quantities = read(cards, "quantities.json")
        self.findings = read(cards, "findings.json")
        self.scores = read(cards, "scores.json")
        self.conditions = read(cards, "conditions.json")
        self.facts = read(cards, "facts.json")
        self.rules, self.cases = {}, []
        for name in sorted(os.listdir(os.path.join(cards, "rules"))):
            self._read_rule(os.path.join(cards, "rules", name))
        self.thresholds, self.windows = {}, {}
        tests = [self.conditions] + [rule["decide"] for rule in self.rules.values()]
        self._collect_thresholds(tests)
        for fact in self.facts.values():
            self._collect_windows(fact)
        self.all_windows = sorted({day for found in self.windows.values() for day in found})
        self._read_texts(reference)
        self.used_by = {rule["code"]: sorted(self._facts_in(rule["decide"])) for rule in self.rules.values()}
        orders = [order for rule in self.rules.values() for order in rule.get("orders", [])] + list(read(cards, "orders.json").values())
        self.asked = set().union(*self.used_by.values(), *(self._facts_in([order.get("when")]) for order in orders))
        self.weak = {code["code"] for codes in self.concepts.values() for code in codes if code["strength"] == "weak"}
        self.vignettes = read(SHARED, "vignettes.json")["vignettes"]

    def _read_rule(self, folder):
        if not os.path.exists(os.path.join(folder, "rule.json")):
            return
        rule = read(folder, "rule.json")
        if "patient-view" not in rule["hooks"]:
            return  # the reference knows no hooks, nor the rules that only other hooks have
        if rule["status"] != "active":
            return
        self.rules[rule["code"]] = rule
        self.facts.update(rule.get("facts", {}))
        if os.path.exists(os.path.join(folder, "cases.json")):
            self.cases += read(folder, "cases.json")

    def _read_valuesets(self):
        """Value sets that cards/ adds to those of the specification."""
        for name in sorted(os.listdir(os.path.join(self.cards, "valuesets"))):
            document = read(self.cards, "valuesets", name)
            concept = document["id"].replace("-", "_")
            if concept in self.concepts:
                continue
            codes = []
            for include in document["compose"]["include"]:
                marks = {one["url"].rsplit("/", 1)[1]: one.get("valueCode") for one in include.get("extension", [])}
                for code in include.get("concept", []):
                    codes.append(self._code(include, marks, code["code"], "exact", code.get("display")))
                for family in include.get("filter", []):
                    codes.append(self._code(include, marks, family["value"][:-2].replace("\\", ""), "prefix", None))
            self.concepts[concept] = codes

    @staticmethod
    def _code(include, marks, code, match, display):
        return {"system": include["system"], "code": code, "match": match, "display": display,
                "use": marks.get("use"), "strength": marks.get("strength") or "strong"}

    # Every comparison {"fact": {"lt": 5}}: fact -> numbers
    def _collect_thresholds(self, test):
        for part in test if isinstance(test, list) else [test]:
            if not isinstance(part, dict):
                continue
            for name, value in part.items():
                if name in self.facts and isinstance(value, dict):
                    self.thresholds.setdefault(name, set()).update(self._numbers(value))
                self._collect_thresholds(value)

    def _numbers(self, comparison):
        for op, value in comparison.items():
            if op in ("minimum", "maximum"):
                yield from self._numbers(value)
            elif isinstance(value, (int, float)):
                yield value
            elif isinstance(value, dict) and "points" in value:
                yield from (point[1] for point in value["points"])

    def _collect_windows(self, fact):
        found = {day for value in fact.values() for day in [days(value)] if day is not None}
        found |= {day for day in [days(fact.get("repeated", {}).get("apart"))] if day is not None}
        for concept in self.concepts_of(fact):
            self.windows.setdefault(concept, set()).update(found)

    def concepts_of(self, fact):
        """The value sets that a fact looks at, as the specification names them."""
        names = []
        for kind in ("finding", "duration", "recurs", "severe"):
            for finding in listed(fact.get(kind, [])):
                names += self.sets_of_finding(finding)
        for kind in ("positive", "flagged", "tested", "medication", "ordered", "performed"):
            names += listed(fact.get(kind, []))
        for quantity in self.quantities_of(fact):
            names += self.quantities[quantity]["valueSets"]
        if "rating" in fact:
            names.append(self.scores["ratings"][fact["rating"]]["valueSet"])
        names = [name.replace("-", "_") for name in names]
        return [name for name in dict.fromkeys(names) if name in self.concepts]

    def sets_of_finding(self, finding):
        entry = self.findings[finding]
        sets = [entry["valueSet"]] if "valueSet" in entry else []
        return sets + [one["valueSet"] for one in entry.get("settledBy", []) if "valueSet" in one]

    def quantities_of(self, fact):
        if "quantity" in fact:
            return [fact["quantity"]]
        if "ratio" in fact:
            return fact["ratio"]
        return [item["quantity"] for item in self.scores["scores"][fact["score"]]["items"]] if "score" in fact else []

    def _facts_in(self, test, seen=None):
        """All facts that a test can ask for, through named conditions too."""
        seen = set() if seen is None else seen
        found = set()
        names = [test] if isinstance(test, str) else list(test) if isinstance(test, (dict, list)) else []
        for name in names:
            if isinstance(name, str) and name in self.facts:
                found.add(name)
            elif isinstance(name, str) and name in self.conditions and name not in seen:
                seen.add(name)
                found |= self._facts_in(self.conditions[name]["is"], seen)
        for value in test.values() if isinstance(test, dict) else test if isinstance(test, list) else []:
            if isinstance(value, (str, dict, list)):
                found |= self._facts_in(value, seen)
        return found

    def _read_texts(self, reference):
        self.patterns = words.known_patterns(self.findings, self.facts, self.scores)
        self.patterns += list(reference.TEXTRX.values()) + list(reference.CORROB.values())
        self.drug_texts = [one for fact in self.facts.values() for one in fact.get("medicationText", [])]
        self.titles = sorted({title for finding in self.findings.values() for one in finding.get("settledBy", [])
                              for title in one.get("titles", [])})
        self.settled = [(finding, one) for finding, entry in self.findings.items() for one in entry.get("settledBy", [])]

    def codes(self, concept, uses, strength=None):
        return [code for code in self.concepts.get(concept, [])
                if code["use"] in uses and (strength is None or code["strength"] == strength)]
