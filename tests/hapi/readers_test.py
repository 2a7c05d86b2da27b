#!/usr/bin/env python3
"""The readers of every FHIR version, proven with converters that are not ours: a chart gives the same rules and the same cards in every
version that HL7's converters turn it into. Where the conversion loses something, the converted chart must give what the R4 chart gives
that the converters make of it on the way back; every such loss is listed here."""
import json
import re
import unittest

from conversions import convert, convert_back, expressible
from patients import VIGNETTES, bundle, cases, evaluate, fixtures, read

VERSIONS = ["DSTU2", "STU3", "R5"]
NAMES = {"ProcedureRequest": "ServiceRequest", "MedicationOrder": "MedicationRequest"}

# What the converters cannot turn over at all. The R4 chart is then compared without it, too.
NOT_CONVERTED = {
    "any": [("Condition", "Invalid date/time format"), ("Observation", "JsonNull"),  # vignettes of invalid R4
            ("MedicationStatement", "no such status")],
    "DSTU2": [("AllergyIntolerance", "cannot be converted"), ("MedicationAdministration", "cannot be converted"),
              ("Observation", "Not the right type"),
              ("back from MedicationOrder", "Unknown MedicationOrderStatus")],  # "unknown" came with R4
    "STU3": [("Observation", "Not the right type")],  # a whole number as value and a Timing as time came with R4
}
# What is lost on the way there and changes a card. DSTU2 and STU3 cannot say of an order or a prescription that it is not to be done, and
# of a medication that it was not given they say it elsewhere than the converters; a status without its code system is dropped. In DSTU2
# a date that was a month alone becomes the first of that month, and a prescription is stopped, never cancelled.
LOST_BEFORE_R4 = {"ServiceRequest.doNotPerform", "MedicationRequest.doNotPerform", "MedicationAdministration.status",
                  "MedicationStatement.status", "Condition.clinicalStatus", "Condition.verificationStatus"}
LOST = {"DSTU2": LOST_BEFORE_R4 | {"Condition.recordedDate", "MedicationRequest.status"}, "STU3": LOST_BEFORE_R4}


def charts():
    """{name: (hook, R4 resources)}: every case of every rule, the fixtures and, where they lie beside the checkout, the vignettes."""
    found = dict(cases())
    found.update((name, ("patient-view", chart)) for name, chart in fixtures().items())
    if VIGNETTES.exists():
        for one in read(VIGNETTES)["vignettes"]:
            if "draftOrders" not in one["facts"]:  # drafts come in the context of a request, not in a chart
                found[one["id"]] = (one["facts"]["hook"], bundle(one["facts"]["resources"]))
    return {name: (hook, [entry["resource"] for entry in chart["entry"]]) for name, (hook, chart) in found.items()}


def view(result):
    """What a clinician sees, without what names a card or an order of one version."""
    cards = [{name: card[name] for name in ("summary", "indicator", "detail")} for card in result["cards"]]
    text = json.dumps({"rules": result["rules"], "notChecked": result["notChecked"], "cards": cards}, sort_keys=True)
    return re.sub(r"\b(%s)/" % "|".join(NAMES), lambda match: NAMES[match[1]] + "/", text)


def views(charts_by_name):
    """{name: view} of {name: (hook, resources)}."""
    seen = {}
    for hook in sorted({hook for hook, _ in charts_by_name.values()}):
        named = {name: bundle(resources) for name, (own, resources) in charts_by_name.items() if own == hook}
        seen.update(zip(named, map(view, evaluate(list(named.values()), hook))))
    return seen


def differences(before, after, path):
    """Paths of the members in which two resources differ."""
    if isinstance(before, dict) and isinstance(after, dict):
        return {one for name in {*before, *after} for one in differences(before.get(name), after.get(name), f"{path}.{name}")}
    if isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        return {one for old, new in zip(before, after) for one in differences(old, new, path)}
    return set() if before == after else {path}


class Converted:
    """All charts in one version: `original` without what could not be converted, `there`, and `back` again in R4."""

    def __init__(self, version, all_charts):
        flat = [(name, resource) for name, (_, resources) in all_charts.items() for resource in resources]
        flat = [(name, expressible(version, resource)) for name, resource in flat]
        answers = convert(version, [resource for _, resource in flat])
        done = [(name, old, answer["resource"]) for (name, old), answer in zip(flat, answers) if "resource" in answer]
        returned = convert_back(version, [new for _, _, new in done])
        self.failed = [(name, old["resourceType"], answer["error"]) for (name, old), answer in zip(flat, answers) if "error" in answer]
        self.failed += [(name, f"back from {new['resourceType']}", answer["error"])
                        for (name, _, new), answer in zip(done, returned) if "error" in answer]
        self.original, self.there, self.back, self.lost = {}, {}, {}, {}
        for name, (hook, _) in all_charts.items():
            for part in (self.original, self.there, self.back):
                part[name] = (hook, [])
        for (name, old, new), answer in zip(done, returned):
            again = answer.get("resource", old)
            self.original[name][1].append(old)
            self.there[name][1].append(new)
            self.back[name][1].append(again)
            self.lost.setdefault(name, set()).update(differences(old, again, old["resourceType"]))


class Readers(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.charts = charts()

    def expect_known_failures(self, version, failed):
        known = NOT_CONVERTED["any"] + NOT_CONVERTED.get(version, [])
        unknown = [one for one in failed if not any(one[1] == type_ and reason in one[2] for type_, reason in known)]
        self.assertEqual([], unknown, f"{version}: not converted")

    def compare(self, version):
        chart = Converted(version, self.charts)
        self.expect_known_failures(version, chart.failed)
        original, there = views(chart.original), views(chart.there)
        changed = [name for name in original if original[name] != there[name]]
        back = views({name: chart.back[name] for name in changed})
        wrong = [name for name in changed if there[name] != back[name] or not chart.lost[name] & LOST.get(version, set())]
        print(f"{version}: {len(original) - len(changed)} charts as in R4, {len(changed)} as their conversion, {len(wrong)} wrong, "
              f"{len(chart.failed)} resources not converted")
        for name in changed:
            print(f"  {'WRONG' if name in wrong else 'lost '} {name}: {', '.join(sorted(chart.lost[name])) or 'nothing lost'}")
        for name in wrong[:3]:
            print(f"{name}\n  R4    {original[name]}\n  {version:5} {there[name]}\n  back  {back[name]}")
        self.assertEqual([], wrong)
        self.assertLess(len(changed), 0.03 * len(original))

    def test_every_version_gives_the_same_cards(self):
        self.assertGreater(len(self.charts), 300)
        for version in VERSIONS:
            with self.subTest(version):
                self.compare(version)


if __name__ == "__main__":
    unittest.main(verbosity=2)
