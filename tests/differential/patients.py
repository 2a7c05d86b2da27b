"""Whole patients: around one rule, or a known patient (a vignette, a case of cards/) changed a little."""
import copy
import datetime as dt
import re

from knowledge import days, listed
from resources import NUDGES, Maker

AS_OF = ["2026-06-15T12:00:00Z", "2026-06-15T12:00:00Z", "2024-02-29T23:59:59Z", "2025-03-01T00:00:00Z", "2027-01-01T00:00:00Z", "2026-10-25T01:30:00Z"]
VIGNETTES_AS_OF = "2026-06-15T12:00:00Z"


def instant(text):
    return dt.datetime.fromisoformat(text.replace("Z", "+00:00"))


class Patients:
    def __init__(self, rng, knowledge, as_of):
        self.rng, self.know, self.as_of = rng, knowledge, as_of
        self.now = instant(as_of)

    def draw(self):
        """{"asOf", "resources"}: the patient first."""
        self.make = Maker(self.rng, self.know, self.now)
        turn = self.rng.random()
        resources = self.around_a_rule() if turn < 0.6 else self.from_a_case() if turn < 0.8 else self.from_a_vignette()
        for _ in range(self.rng.choice([0, 0, 1, 1, 2, 3] if turn < 0.6 else [1, 1, 2, 3])):
            self.change(resources)
        return {"asOf": self.as_of, "resources": resources}

    def drafts(self):
        """Orders being written, such as those a drug rule looks at."""
        self.make = Maker(self.rng, self.know, self.now)
        names = [name for name, fact in self.know.facts.items() if "medication" in fact or "ordered" in fact or "tested" in fact]
        made = [one for _ in range(self.rng.randint(1, 3)) for one in self.feature(self.rng.choice(names))
                if one["resourceType"] in ("MedicationRequest", "ServiceRequest")]
        for one in made:
            one["id"] = "draft-" + one["id"]
            one["status"] = self.rng.choice(["draft", "draft", "draft", "active", "on-hold", "entered-in-error"])
        return made

    # ---- sources

    def around_a_rule(self):
        rng = self.rng
        resources = [self.person()]
        code = rng.choice(list(self.know.used_by))
        if self.make.chance(0.6):
            row = rng.choice(self.know.rules[code]["decide"])
            for name in dict.fromkeys(self.needed(row["if"])):
                resources += self.feature(name)
        facts = self.know.used_by[code]
        for _ in range(rng.choice([0, 1, 1, 2, 2, 3] if len(resources) > 1 else [1, 2, 3, 4, 5])):
            resources += self.feature(rng.choice(facts)) if facts and not self.make.chance(0.1) else self.feature(rng.choice(list(self.know.facts)))
        return resources

    def needed(self, test):
        """Facts that together may make the test hold: all of an `all`, one of an `any`."""
        if isinstance(test, str):
            return [test] if test in self.know.facts else self.needed(self.know.conditions[test]["is"])
        if not isinstance(test, dict):
            return []
        name, value = next(iter(test.items()))
        if name == "all":
            return [fact for one in value for fact in self.needed(one)]
        if name == "any":
            return self.needed(self.rng.choice(value))
        if name in ("not", "notKnown"):
            return self.needed(value) if self.make.chance(0.15) else []
        return [name, value["newerThan"]] if "newerThan" in value else [name]

    def from_a_case(self):
        case = copy.deepcopy(self.rng.choice(self.know.cases))
        resources = [{"resourceType": "Patient", "id": "p1", **case["patient"]}] + case["resources"]
        return self.adopted(self.rendered(resources))

    def from_a_vignette(self):
        facts = copy.deepcopy(self.rng.choice(self.know.vignettes)["facts"])
        resources = sorted(facts["resources"], key=lambda one: one["resourceType"] != "Patient")
        return self.moved(resources, self.now - instant(VIGNETTES_AS_OF))

    def rendered(self, value):
        if isinstance(value, dict):
            return {name: self.rendered(one) for name, one in value.items()}
        if isinstance(value, list):
            return [self.rendered(one) for one in value]
        match = re.fullmatch(r"\$\{(date:)?(-?)(P.*)\}", value) if isinstance(value, str) else None
        if not match:
            return value
        moment = self.now + dt.timedelta(days=days(match[3])) * (-1 if match[2] else 1)
        return moment.strftime("%Y-%m-%d" if match[1] else "%Y-%m-%dT%H:%M:%SZ")

    def moved(self, value, by):
        """Every full date moved, so that a vignette means the same as of another instant."""
        if isinstance(value, dict):
            return {name: one if name == "birthDate" else self.moved(one, by) for name, one in value.items()}
        if isinstance(value, list):
            return [self.moved(one, by) for one in value]
        if not isinstance(value, str) or not by:
            return value
        try:
            if re.fullmatch(r"\d{4}-\d\d-\d\d", value):
                return (dt.datetime.fromisoformat(value) + by).strftime("%Y-%m-%d")
            if re.fullmatch(r"\d{4}-\d\d-\d\dT.*Z", value):
                return (instant(value) + by).strftime("%Y-%m-%dT%H:%M:%SZ")
        except ValueError:
            pass
        return value

    def adopted(self, resources):
        """Cases name no subject: theirs is the patient."""
        for number, one in enumerate(resources):
            if one["resourceType"] not in ("Patient", "Medication"):
                one.setdefault("subject", {"reference": "Patient/p1"})
            one.setdefault("id", "c%d" % number)
        return resources

    def person(self):
        years = self.rng.choice([0, 1, 2, 3, 5, 10, 12, 15, 16, 17, 18, 30, 40, 44, 45, 49, 50, 59, 60, 61, 70, 90] + [35, 52, 64] * 4)
        birthday = self.now.replace(year=self.now.year - years, day=min(self.now.day, 28))
        born = birthday - dt.timedelta(days=self.rng.choice([0, 1, -1, 30, 90, 200]))
        made = {"resourceType": "Patient", "id": "p1", "gender": self.rng.choice(["male", "female", "male", "female", "other", "unknown"])}
        if not self.make.chance(0.05):
            made["birthDate"] = min(born, self.now).strftime(self.rng.choice(["%Y-%m-%d"] * 8 + ["%Y-%m", "%Y"]))
        if self.make.chance(0.03):
            del made["gender"]
        return made

    # ---- features: what a fact looks at, near its edges

    def feature(self, name):
        fact, make, rng = self.know.facts[name], self.make, self.rng
        windows = sorted({day for value in fact.values() for day in [days(value)] if day is not None})
        if "quantity" in fact or "ratio" in fact or "score" in fact:
            return self.measurements(name, fact, windows)
        if "duration" in fact or "recurs" in fact:
            edges = [number for number in self.know.thresholds.get(name, [])] + windows
            return self.course(rng.choice(listed(fact.get("duration") or fact["recurs"])), edges)
        if "rating" in fact:
            return [self.rating(fact, windows)]
        concepts = self.know.concepts_of(fact)
        if "medicationText" in fact:
            return [make.remedy()]
        if not concepts:
            return [make.condition(make.settled(), windows)] if "finding" in fact else []
        concept = rng.choice(concepts)
        if "medication" in fact:
            return [make.medicine(concept, windows)]
        if "positive" in fact or "tested" in fact or "flagged" in fact:
            return [one for one in [make.order(concept, windows) if make.chance(0.3) and "tested" in fact else make.test(concept, windows)] if one]
        if "ordered" in fact or "performed" in fact:
            return [rng.choice([make.order, make.procedure])(concept, windows)]
        if "repeated" in fact and make.chance(0.7):
            return self.said_again(concepts, days(fact["repeated"]["apart"]))
        return self.said(concept, windows, "severe" in fact)

    def said_again(self, concepts, apart):
        """Two old records, just so far apart."""
        make, rng = self.make, self.rng
        later = self.now - dt.timedelta(days=rng.choice([80, 91, 200, 340]))
        earlier = later - dt.timedelta(days=apart) + rng.choice(NUDGES)
        made = [make.condition(make.concept(rng.choice(concepts)), []) for _ in range(2)]
        for one, moment in zip(made, (later, earlier)):
            for member in [name for name in one if name.startswith("onset")]:
                del one[member]
            one["recordedDate"] = make.written(moment)
        if make.chance(0.3):
            made[1] = make.observation(made[1]["code"], [])
            made[1]["effectiveDateTime"] = make.written(earlier)
        return made

    def said(self, concept, windows, severe=False):
        make, turn = self.make, self.rng.random()
        if severe:
            made = make.condition(make.concept(concept), windows)
            made["severity"] = make.severity()
            return [made]
        if turn < 0.55:
            return [make.condition(make.concept(concept), windows)]
        if turn < 0.62:
            return [make.condition(make.settled(), windows)]
        if turn < 0.67:
            return [make.condition({"text": make.text()}, windows)]
        if turn < 0.72:
            return [make.reason(make.concept(concept), windows)]
        if turn < 0.8:
            return [make.question(concept, windows)]
        return [make.answer(make.observation(make.concept(concept), windows)) for _ in range(self.rng.choice([1, 1, 2, 3]))]

    def measurements(self, name, fact, windows):
        make, made = self.make, []
        for quantity in self.know.quantities_of(fact):
            if "score" in fact and make.chance(0.4):
                continue
            for _ in range(self.rng.choice([1, 1, 1, 2])):
                made.append(make.measurement(quantity, windows, name))
        if "ratio" in fact and make.chance(0.7):
            base = make.moment([0.5])
            for one in made:
                for member in ("effectivePeriod", "effectiveTiming", "effectiveInstant", "issued", "meta"):
                    one.pop(member, None)
                gap = self.rng.choice([dt.timedelta()] + [dt.timedelta(days=days(fact["paired"])) + nudge for nudge in
                                                         (dt.timedelta(), dt.timedelta(seconds=1), dt.timedelta(seconds=-1))])
                one["effectiveDateTime"] = make.written(base - gap, False)
        return made

    def course(self, finding, edges):
        """A finding over time: one long entry, two episodes, or a series of answers."""
        make, rng = self.make, self.rng
        concepts = [name.replace("-", "_") for name in self.know.sets_of_finding(finding)]
        concept = rng.choice([name for name in concepts if name in self.know.concepts])
        turn = rng.random()
        if turn < 0.45:
            return [make.condition(make.concept(concept), edges)]
        if turn < 0.65:
            earlier = make.condition(make.concept(concept), edges)
            earlier["clinicalStatus"]= {"coding": [{"code": rng.choice(["resolved", "inactive", "active"])}]}
            earlier["abatementDateTime"] = make.time(edges + [20, 40])
            return [earlier, make.condition(make.concept(concept), edges + [3, 7])]
        code, made = make.concept(concept), []
        moment = self.now - dt.timedelta(days=rng.choice([0, 1, 13, 14, 15]))
        for _ in range(rng.choice([2, 3, 3, 4, 5])):
            one = make.answer(make.new("Observation", status="final", code=code, effectiveDateTime=make.written(moment)))
            made.append(one)
            moment -= dt.timedelta(days=rng.choice([1, 6, 7, 8, 13, 14, 15] + [round(edge) for edge in edges])) + dt.timedelta(seconds=rng.choice([0, 1, -1]))
        return made

    def rating(self, fact, windows):
        make, rng = self.make, self.rng
        scale = self.know.scores["ratings"][fact["rating"]]
        codes = self.know.codes(scale["valueSet"].replace("-", "_"), ("question",))
        made = make.observation({"coding": [make.coding(rng.choice(codes))]}, windows)
        edges = [entry[end] for entry in scale["ranges"] for end in ("atLeast", "atMost")]
        value = rng.choice(edges) + rng.choice([0, 0, 1, -1, 0.5])
        unit = rng.choice([None, "{score}", "{score}", "1", "mm", "cm"])
        if make.chance(0.3):
            made["valueInteger"] = int(value * (10 if make.chance(0.2) else 1))
        elif make.chance(0.1):
            made["valueCodeableConcept"] = make.severity()
        else:
            made["valueQuantity"] = {"value": value * (10 if unit == "mm" or make.chance(0.1) else 1), **({"code": unit, "unit": unit} if unit else {})}
            if make.chance(0.1):
                made["valueQuantity"]["comparator"] = rng.choice(["<", "<=", ">", ">="])
        if make.chance(0.6):
            made["bodySite"] = self.site(scale)
        return made

    def site(self, scale):
        rng, make = self.rng, self.make
        text = rng.choice(["Anus", "Rectum", "anal canal", "root canal", "Perineum", "perianal skin", "Knee", "Abdomen", "anorectal", "Head"])
        codes = self.know.concepts.get(scale["siteValueSet"].replace("-", "_"), []) + [{"system": "http://snomed.info/sct", "code": "72696002", "match": "exact"}]
        return rng.choice([{"text": text}, {"coding": [{"system": "http://snomed.info/sct", "code": "1", "display": text}]}, {"coding": [make.coding(rng.choice(codes))]}])

    # ---- changes to any patient

    def change(self, resources):
        others = [one for one in resources if one["resourceType"] not in ("Patient", "Medication")]
        if not others:
            resources += self.feature(self.rng.choice(list(self.know.facts)))
            return
        one = self.rng.choice(others)
        change = self.rng.choice([self.redate, self.redate, self.redate, self.restate, self.reown, self.recode, self.revalue, self.revalue, self.repeat,
                                  self.part, self.grow, self.grow, self.drop, self.other_person])
        change(one, resources)

    def windows_of(self, one):
        codes = {coding.get("code") for coding in (one.get("code") or {}).get("coding", []) if isinstance(coding, dict)}
        found = {day for name, windows in self.know.windows.items() for entry in self.know.concepts[name] if entry["code"] in codes for day in windows}
        return sorted(found)

    def redate(self, one, _):
        names = [name for name in one if re.search(r"(DateTime|Date|authoredOn|issued)$", name) and isinstance(one[name], str)]
        if names:
            one[self.rng.choice(names)] = self.make.time(self.windows_of(one))
        elif one["resourceType"] == "Condition":
            one["recordedDate"] = self.make.time(self.windows_of(one))

    def restate(self, one, _):
        if one["resourceType"] == "Condition":
            which = self.rng.choice(["clinicalStatus", "verificationStatus", "abatementDateTime", "severity"])
            if which == "abatementDateTime":
                one[which] = self.make.time([5, 14, 30])
            elif which == "severity":
                one[which] = self.make.severity()
            else:
                one[which] = self.rng.choice([{"coding": [{"code": code}]} for code in
                                              ("active", "recurrence", "inactive", "confirmed", "refuted")] + [{"text": "Active"}])
        else:
            one["status"] = self.rng.choice(["final", "active", "completed", "draft", "entered-in-error", "preliminary", "cancelled", "in-progress", "on-hold"])

    def reown(self, one, _):
        place = "patient" if "patient" in one else "subject"
        one[place] = {"reference": self.rng.choice(["Patient/p2", "https://ehr.example/r4/Patient/p1", "Patient/p1/_history/3", "Group/p1", "Patient/p11",
                                                    "https://ehr.example/Patient/p1/_history/2"])}
        if one["resourceType"] == "Observation" and self.make.chance(0.5):
            one[place] = {"reference": "Patient/p1"}
            one["focus"] = [{"reference": self.rng.choice(["Patient/p1", "Patient/baby", "Device/1"])}]

    def recode(self, one, _):
        if "code" not in one:
            return
        codes = {coding.get("code") for coding in one["code"].get("coding", [])}
        same = [name for name, entries in self.know.concepts.items() if any(entry["code"] in codes for entry in entries)]
        if one["resourceType"] == "Condition" and self.make.chance(0.3):
            one["code"] = self.make.settled() if self.make.chance(0.5) else {"text": self.make.text()}
        elif same:
            concept = self.rng.choice(same)
            use = next(entry["use"] for entry in self.know.concepts[concept] if entry["code"] in codes)
            one["code"] = self.make.concept(concept, (use,))

    def revalue(self, one, _):
        if one["resourceType"] != "Observation":
            return self.redate(one, _)
        codes = {coding.get("code") for coding in one.get("code", {}).get("coding", [])}
        for name, entry in self.know.quantities.items():
            if "valueQuantity" in one and any(row["code"] in codes for found in entry["valueSets"] for row in self.know.concepts.get(found.replace("-", "_"), [])):
                one["valueQuantity"] = self.make.quantity(name, self.make.number(name))
                return None
        for member in [member for member in one if member.startswith("value")] + ["interpretation"]:
            one.pop(member, None)
        self.make.answer(one)
        return None

    def repeat(self, one, resources):
        again = copy.deepcopy(one)
        self.make.count += 1
        again["id"] = "again%d" % self.make.count
        resources.append(again)
        self.rng.choice([self.redate, self.revalue])(again, resources)

    def part(self, one, resources):
        if one["resourceType"] != "Observation" or "component" in one:
            return
        inner = {name: one.pop(name) for name in list(one) if name.startswith("value") or name in ("interpretation", "dataAbsentReason")}
        one["component"] = [{"code": one["code"], **inner}]
        one["code"] = {"coding": [{"system": "http://loinc.org", "code": "85354-9"}]}

    def grow(self, _, resources):
        resources += self.feature(self.rng.choice(list(self.know.facts)))

    def drop(self, one, resources):
        resources.remove(one)

    def other_person(self, _, resources):
        resources[0].update({name: value for name, value in self.person().items() if name in ("gender", "birthDate")})
