"""FHIR R4 resources of one patient: findings, measurements, tests, medicines, orders and procedures, each near the edge of what counts."""
import datetime as dt
from fractions import Fraction

import words

CLINICAL = "http://terminology.hl7.org/CodeSystem/condition-clinical"
VERIFICATION = "http://terminology.hl7.org/CodeSystem/condition-ver-status"
INTERPRETATION = "http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation"
UCUM = "http://unitsofmeasure.org"
NUDGES = [dt.timedelta(), dt.timedelta(seconds=1), dt.timedelta(seconds=-1), dt.timedelta(hours=1), dt.timedelta(hours=-1),
          dt.timedelta(days=1), dt.timedelta(days=-1), dt.timedelta(milliseconds=500)]


def coded(system, code):
    return {"coding": [{"system": system, "code": code}]}


class Maker:
    """Everything is drawn from `rng`: the same seed gives the same resources."""

    def __init__(self, rng, knowledge, as_of):
        self.rng, self.know, self.now = rng, knowledge, as_of
        self.count = 0

    def chance(self, probability):
        return self.rng.random() < probability

    def new(self, kind, **members):
        self.count += 1
        return {"resourceType": kind, "id": "r%d" % self.count, "subject": {"reference": "Patient/p1"}, **members}

    # ---- times

    def moment(self, windows=()):
        """A time at the edge of one of the windows (days), or a recent one."""
        rng = self.rng
        if windows and self.chance(0.65):
            return self.now - dt.timedelta(days=rng.choice(list(windows))) + rng.choice(NUDGES)
        if self.chance(0.08):
            return self.now - dt.timedelta(days=rng.choice(self.know.all_windows)) + rng.choice(NUDGES)
        if self.chance(0.04):
            return self.now + rng.choice([dt.timedelta(minutes=5), dt.timedelta(minutes=5, seconds=1), dt.timedelta(days=2), dt.timedelta(hours=1)])
        return self.now - dt.timedelta(seconds=rng.choice([0, 60, 3600, 40000, 86400, 172800, 600000, 2000000]))

    def written(self, moment, date_only_allowed=True):
        """The moment as a FHIR dateTime, in any precision and zone."""
        turn = self.rng.random()
        if not date_only_allowed or turn < 0.62:
            return self._instant(moment, turn)
        if turn < 0.86:
            return moment.strftime("%Y-%m-%d")
        if turn < 0.93:
            return moment.strftime("%Y-%m")
        if turn < 0.97:
            return moment.strftime("%Y")
        return self.rng.choice(["2026-02-30", "2025-13-01", moment.strftime("%Y-%m-%dT%H:%M:60Z")])

    def _instant(self, moment, turn):
        if turn < 0.1:
            hours = self.rng.choice([-8, 2, 13])
            local = moment + dt.timedelta(hours=hours)
            return local.strftime("%Y-%m-%dT%H:%M:%S") + "%s%02d:00" % ("+" if hours > 0 else "-", abs(hours))
        if moment.microsecond or turn < 0.14:
            return moment.strftime("%Y-%m-%dT%H:%M:%S.") + "%03dZ" % (moment.microsecond // 1000)
        return moment.strftime("%Y-%m-%dT%H:%M:%SZ")

    def time(self, windows=()):
        return self.written(self.moment(windows))

    # ---- codes and texts

    def coding(self, entry):
        code = entry["code"]
        if entry["match"] == "prefix" and self.chance(0.8):
            code += self.rng.choice(["0", "1", "9", "00", "01", "X", "AA12"]) if "." in code or len(code) != 3 else "." + self.rng.choice("0189")
        coding = {"system": entry["system"], "code": code}
        if entry.get("display") and self.chance(0.3):
            coding["display"] = entry["display"]
        return coding

    def text(self):
        rng = self.rng
        if self.chance(0.15) and self.know.titles:
            return rng.choice(self.know.titles)
        if self.chance(0.05):
            return rng.choice(["Pain", "Bleeding gums", "Check-up", "", "Mucus in nose, mucus in stool", "Vaginal discharge"])
        return words.vary(rng, words.sample(rng, rng.choice(self.know.patterns)))

    def concept(self, name, uses=("finding",)):
        """A CodeableConcept that says the finding: by code, by a weak code with or without words, by words alone."""
        rng = self.rng
        entries = self.know.codes(name, uses)
        strong = [one for one in entries if one["strength"] == "strong"]
        if not entries or self.chance(0.05):
            return {"text": self.text()}
        if self.chance(0.75) and strong:
            value = {"coding": [self.coding(rng.choice(strong))]}
        else:
            value = {"coding": [self.coding(rng.choice(entries))]}
        if self.chance(0.06):
            value["coding"].insert(rng.randint(0, 1), rng.choice(
                [{"system": "urn:oid:1.2.3", "code": "77"}, {"code": "X1"}, {"system": "http://snomed.info/sct"}, {"display": "Free"},
                 self.coding(rng.choice(rng.choice(list(self.know.concepts.values()))))]))
        if self.chance(0.25) or value["coding"][0].get("code") in self.know.weak:
            value["text"] = self.text() if self.chance(0.8) else entries[0].get("display") or "Text"
        return value

    def settled(self):
        """A code that needs words, with words that may settle it."""
        finding, by = self.rng.choice(self.know.settled)
        if "code" in by:
            coding = {"system": by["system"], "code": by["code"]}
        else:
            entries = self.know.concepts.get(by["valueSet"].replace("-", "_"), [])
            if not entries:
                return {"text": self.text()}
            coding = self.coding(self.rng.choice(entries))
        samples = by.get("words", []) + by.get("titles", [])
        if by.get("words") and self.chance(0.8):
            text = words.vary(self.rng, words.sample(self.rng, self.rng.choice(by["words"])))
        else:
            text = self.rng.choice(by.get("titles") or samples or [self.text()])
        return {"coding": [coding], "text": text}

    # ---- Conditions

    def condition(self, code, windows=()):
        rng = self.rng
        made = self.new("Condition", code=code)
        turn = rng.random()
        if turn < 0.85:
            made["clinicalStatus"] = coded(CLINICAL, "active")
        elif turn < 0.96:
            made["clinicalStatus"] = coded(CLINICAL, rng.choice(["recurrence", "relapse", "inactive", "remission", "resolved"]))
        if self.chance(0.7):
            made["verificationStatus"] = coded(VERIFICATION, rng.choice(
                ["confirmed"] * 12 + ["provisional", "differential", "unconfirmed", "refuted", "entered-in-error"]))
        self.set_onset(made, windows)
        if self.chance(0.6):
            made["recordedDate"] = self.time(windows)
        if self.chance(0.05):
            made[rng.choice(["abatementDateTime", "abatementString"])] = self.time(windows)
        if self.chance(0.1):
            made["severity"] = self.severity()
        return made

    def severity(self):
        entries = [one for name in ("severity_severe", "severity_not_severe", "severity_moderate_to_severe") for one in self.know.concepts[name]]
        return {"coding": [self.coding(self.rng.choice(entries))]}

    def set_onset(self, made, windows):
        turn = self.rng.random()
        if turn < 0.45:
            made["onsetDateTime"] = self.time(windows)
        elif turn < 0.5:
            made["onsetPeriod"] = {"start": self.time(windows)}
        elif turn < 0.55:
            made["onsetAge"] = {"value": self.rng.choice([30, 45, 46]), "unit": "a", "system": UCUM, "code": "a"}
        elif turn < 0.58:
            made["onsetString"] = "last week"

    def reason(self, code, windows=()):
        made = self.new("Encounter", status=self.rng.choice(["arrived", "triaged", "in-progress", "finished", "planned", "cancelled"]),
                        reasonCode=[code])
        made["class"] = {"code": "AMB"}
        if self.chance(0.9):
            made["period"] = {"start": self.time(windows)}
        return made

    # ---- Observations

    def observation(self, code, windows=(), **members):
        made = self.new("Observation", code=code, **members)
        made["status"] = self.rng.choice(["final"] * 14 + ["amended", "corrected", "preliminary", "registered", "cancelled", "entered-in-error", "unknown"])
        self.set_effective(made, windows)
        return made

    def set_effective(self, made, windows):
        turn = self.rng.random()
        time = self.time(windows)
        if turn < 0.8:
            made["effectiveDateTime"] = time
        elif turn < 0.9:
            made["effectivePeriod"] = {self.rng.choice(["start", "end"]): time}
        elif turn < 0.93:
            made["effectiveTiming"] = {"event": [self.time(windows), time]}
        elif turn < 0.96:
            made["issued"] = self.written(self.moment(windows), False)
        elif turn < 0.98:
            made["effectiveInstant"] = self.written(self.moment(windows), False)
        else:
            made["meta"] = {"lastUpdated": self.written(self.moment(windows), False)}

    def answer(self, made):
        """A yes, a no, neither, or something else as the value."""
        rng, turn = self.rng, self.rng.random()
        if turn < 0.25:
            return made
        if turn < 0.45:
            name = rng.choice(["value_present"] * 3 + ["value_absent"] * 3 + ["value_unknown", "severity_severe", "severity_not_severe"])
            made["valueCodeableConcept"] = {"coding": [self.coding(rng.choice(self.know.concepts[name]))]}
        elif turn < 0.6:
            made["valueBoolean"] = rng.choice([True, True, False])
        elif turn < 0.72:
            made["valueString"] = self.answer_text()
        elif turn < 0.78:
            made["valueCodeableConcept"] = {"text": self.answer_text()}
        elif turn < 0.84:
            made[rng.choice(["valueInteger", "valueQuantity"])] = rng.choice([0, 1, 5])
            if "valueQuantity" in made:
                made["valueQuantity"] = {"value": made["valueQuantity"], "unit": "1"}
        elif turn < 0.9:
            made["dataAbsentReason"] = {"coding": [{"code": "unknown"}]}
        else:
            self.interpret(made)
        return made

    def interpret(self, made):
        code = self.rng.choice(["POS", "A", "AA", "H", "HH", "DET", "NEG", "ND", "N", "IND"])
        made["interpretation"] = [{"coding": [{"system": INTERPRETATION, "code": code}]}]

    def answer_text(self):
        return self.rng.choice(["Yes", "yes, twice", "Y", "Present", "POSITIVE", "Detected", "reactive", "abnormal", "true", "No", "None seen", "negative",
                                "not detected", "Not seen", "Non-reactive", "denies", "absent", "undetected", "false", "N", "Unknown", "5 times",
                                "  no", "(yes)", "not done", "nil", "Yesterday", "Normal", self.text()])

    def question(self, name, windows=()):
        """A generic question whose answer is the finding."""
        asked = {"coding": [self.coding(self.rng.choice(self.know.concepts["symptom_question"]))]}
        made = self.observation(asked, windows)
        if self.chance(0.5):
            made["valueCodeableConcept"] = self.concept(name)
        else:
            made["valueString"] = self.text()
        return made

    # ---- measurements

    def edges(self, quantity, fact_name=None):
        """Numbers in the canonical unit where something changes."""
        names = [fact_name] if fact_name in self.know.thresholds else []
        names += [name for name, fact in self.know.facts.items() if quantity in self.know.quantities_of(fact) and "ratio" not in fact]
        found = {number for name in names for number in self.know.thresholds.get(name, ()) if "score" not in self.know.facts[name]}
        for score in self.know.scores["scores"].values():
            found |= {band[end] for item in score["items"] if item["quantity"] == quantity for band in item["bands"] for end in ("low", "high")}
        low, high = self.know.quantities[quantity].get("plausible", [0, 100])
        return sorted(found - {999, 200, 50}) or [low, high], (low, high)

    def number(self, quantity, fact_name=None):
        edges, plausible = self.edges(quantity, fact_name)
        wanted = self.rng.choice(edges)
        if self.chance(0.03):
            wanted = self.rng.choice(plausible)
        return wanted + self.rng.choice([0, 0, 0.1, -0.1, 0.001, -0.001, 1, -1, 0.4, 0.5, -0.5, wanted * 0.2, -wanted * 0.2])

    def quantity(self, quantity, canonical):
        """The number in one of the units of the quantity, as a Quantity."""
        entry = self.know.quantities[quantity]
        for _ in range(20):
            unit = self.rng.choice(list(entry["units"]) + [entry["unit"]] * 3)
            factor = entry["units"][unit]
            times, over, minus = (factor["times"], factor["over"], factor["minus"]) if isinstance(factor, dict) else (factor, 1, 0)
            value = round(canonical * over / times + minus, self.rng.choice([0, 1, 2, 3]))
            exact = (Fraction(str(value)) - Fraction(str(minus))) * Fraction(str(times)) / Fraction(str(over))
            if not self.rounding_decides(quantity, exact):
                break
        value = int(value) if value == int(value) and self.chance(0.7) else value
        made = {"value": value}
        turn = self.rng.random()
        if turn < 0.6:
            made.update(system=UCUM, code=unit)
        elif turn < 0.95:
            made["unit"] = unit
        elif turn < 0.98:
            made["unit"] = self.rng.choice(["furlong", "mg", "ng/mL", "%"])
        if turn < 0.1:
            made["unit"] = self.rng.choice([unit, "text of a unit"])
        if self.chance(0.06):
            made["comparator"] = self.rng.choice(["<", "<=", ">", ">="])
        return made

    def rounding_decides(self, quantity, exact):
        """The reference compares after rounding to three decimals. Where just that decides, nothing is learnt."""
        rounded = Fraction(str(round(float(exact), 3)))
        edges, plausible = self.edges(quantity)
        return rounded != exact and any(abs(exact - Fraction(str(edge))) < Fraction(1, 1000) for edge in list(edges) + list(plausible))

    def measurement(self, quantity, windows=(), fact_name=None):
        entry = self.know.quantities[quantity]
        codes = [one for name in entry["valueSets"] for one in self.know.codes(name.replace("-", "_"), ("question", "finding"))]
        code = {"coding": [self.coding(self.rng.choice(codes))]}
        made = self.observation(code, windows)
        if "integerUnit" in entry and self.chance(0.4):
            made["valueInteger"] = max(0, round(self.number(quantity, fact_name)))
        else:
            made["valueQuantity"] = self.quantity(quantity, self.number(quantity, fact_name))
        if self.chance(0.06):
            self.interpret(made)
        return made

    def test(self, name, windows=()):
        """A test with questions of its own, and a result."""
        entries = self.know.codes(name, ("question",)) or self.know.codes(name, ("finding",))
        if not entries:
            return None
        made = self.observation({"coding": [self.coding(self.rng.choice(entries))]}, windows)
        if self.chance(0.15):
            findings = self.know.codes(name, ("finding",))
            if findings:
                made["valueCodeableConcept"] = {"coding": [self.coding(self.rng.choice(findings))]}
                return made
        return self.answer(made)

    # ---- medicines, orders, procedures

    def medicine(self, name, windows=()):
        rng = self.rng
        kind = rng.choice(["MedicationRequest", "MedicationRequest", "MedicationStatement", "MedicationAdministration"])
        made = self.new(kind)
        self.set_drug(made, name)
        made["status"] = rng.choice(["active"] * 6 + ["completed", "completed", "on-hold", "stopped", "cancelled", "entered-in-error", "draft", "intended",
                                                     "not-taken", "not-done", "in-progress", "unknown"])
        if kind == "MedicationRequest":
            made["intent"] = "order"
            made["authoredOn"] = self.time(windows)
            if self.chance(0.05):
                made["doNotPerform"] = True
        elif self.chance(0.6):
            made["effectiveDateTime"] = self.time(list(windows) + [2])
        else:
            made["effectivePeriod"] = {end: self.time(list(windows) + [2]) for end in rng.choice([["start"], ["end"], ["start", "end"]])}
        return made

    def set_drug(self, made, name):
        entries = self.know.codes(name, ("medication",))
        if not entries:
            made["medicationCodeableConcept"] = {"text": self.text()}
            return
        entry = self.rng.choice(entries)
        drug = {"coding": [self.coding(entry)]}
        named = entry.get("display") or "tablet"
        if self.chance(0.3):
            drug = {"text": self.rng.choice(["%s 5 mg tablet", "%s", "%s cream", "topical %s", "%s eye drops ophthalmic", "%s otic drops", "%s gel",
                                             "%s patch", "%s flush", "Take %s daily", "%sine 10 mg"]) % named}
        elif self.chance(0.15):
            drug["text"] = "%s 10 mg" % named
        if self.chance(0.12):
            made["contained"] = [{"resourceType": "Medication", "id": "drug", "code": drug}]
            made["medicationReference"] = {"reference": self.rng.choice(["#drug", "#drug", "#other"])}
        else:
            made["medicationCodeableConcept"] = drug

    def remedy(self):
        made = self.new("MedicationStatement", status=self.rng.choice(["active", "intended", "completed", "stopped", "entered-in-error"]))
        made["medicationCodeableConcept"] = {"text": words.vary(self.rng, words.sample(self.rng, self.rng.choice(self.know.drug_texts or ["leech"])))}
        return made

    def order(self, name, windows=()):
        made = self.new("ServiceRequest", intent="order")
        made["code"] = self.concept(name, ("order", "question", "finding"))
        made["status"] = self.rng.choice(["active"] * 5 + ["draft", "on-hold", "completed", "revoked", "entered-in-error", "unknown"])
        if self.chance(0.9):
            made[self.rng.choice(["authoredOn", "authoredOn", "occurrenceDateTime"])] = self.time(list(windows) + [180])
        if self.chance(0.08):
            made["doNotPerform"] = self.chance(0.8)
        return made

    def procedure(self, name, windows=()):
        made = self.new("Procedure", code=self.concept(name, ("order", "finding")))
        made["status"] = self.rng.choice(["completed"] * 5 + ["preparation", "in-progress", "not-done", "on-hold", "stopped", "entered-in-error", "unknown"])
        if self.chance(0.75):
            made["performedDateTime"] = self.time(windows)
        elif self.chance(0.8):
            made["performedPeriod"] = {end: self.time(windows) for end in self.rng.choice([["start"], ["end"], ["start", "end"]])}
        return made
