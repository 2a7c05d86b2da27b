#!/usr/bin/env python3
"""What cards suggest can be filed as it is: every order of every rule, judged by HAPI's validator."""
import collections
import json
import unittest

from patients import CARDS, cases, evaluate, read, requests, rules, validate

VERSIONS = ["DSTU2", "STU3", "R4", "R5"]
REGIONS = ["UK", "US"]


def codings(node):
    """Every (system, code) of a resource, wherever its FHIR version has them."""
    if isinstance(node, list):
        return set().union(*map(codings, node))
    if not isinstance(node, dict):
        return set()
    own = {(node["system"], node["code"])} if "system" in node and "code" in node else set()
    return own.union(*map(codings, node.values()))


def suggested(result):
    actions = [a for card in result["cards"] for s in card.get("suggestions", []) for a in s["actions"]]
    return [action["resource"] for action in actions if "resource" in action]


def by_hook():
    groups = collections.defaultdict(list)
    for hook, chart in cases().values():
        groups[hook].append(chart)
    groups["patient-view"] += requests()
    return groups


def broken(resource):
    """{fault: copy of the resource with that one fault}."""
    nobody = {name: value for name, value in resource.items() if name not in ("subject", "patient")}
    return {"code outside a required value set": {**resource, "status": "drafted"}, "unknown member": {**resource, "urgency": "high"},
            "wrong type": {**resource, "status": ["draft"]}, "no patient": nobody}


class Suggestions(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        """`resources`: {version: [resource]} without repetition; `reached`: {(version, rule, order)}; `errors`: of all of them."""
        cls.orders = {name: (order["system"], order["code"]) for name, order in read(CARDS / "orders.json").items()}
        cls.rules = {name: rule for name, rule in rules().items() if rule["status"] == "active"}
        cls.resources, cls.reached = {}, set()
        groups = by_hook()
        for version in VERSIONS:
            unique = {}
            for region in REGIONS:
                for hook, charts in groups.items():
                    for result in evaluate(charts, hook, region=region, fhir_version=version):
                        cls.take(version, result, unique)
            cls.resources[version] = list(unique.values())
        cls.errors = validate([one for version in VERSIONS for one in cls.named(version)])

    @classmethod
    def take(cls, version, result, unique):
        resources = suggested(result)
        unique.update((json.dumps(resource, sort_keys=True), resource) for resource in resources)
        present = set().union(*map(codings, resources))
        for fired in result["rules"]:
            for entry in cls.rules[fired["id"]].get("orders", []):
                if cls.orders[entry["order"]] in present:
                    cls.reached.add((version, fired["id"], entry["order"]))

    @classmethod
    def named(cls, version):
        """What is judged in one run: every suggestion, and a broken one of each kind."""
        good = [(f"suggestion {number}", version, resource) for number, resource in enumerate(cls.resources[version])]
        # A ReferralRequest of DSTU2 may do without a patient; the others may not.
        one = next(resource for resource in cls.resources[version] if resource["resourceType"] != "ReferralRequest")
        return good + [(fault, version, resource) for fault, resource in broken(one).items()]

    def test_every_order_of_every_rule_comes_up_in_a_case(self):
        wanted = {(version, name, entry["order"])
                  for version in VERSIONS for name, rule in self.rules.items() for entry in rule.get("orders", [])}
        missing = [f"{version}: {name} never suggests {order}: add a case" for version, name, order in sorted(wanted - self.reached)]
        self.assertEqual([], missing)

    def test_every_suggestion_is_valid(self):
        print({version: len(resources) for version, resources in self.resources.items()}, "suggestions", end=" ")
        self.assertEqual([], [error for error in self.errors if " suggestion " in error])

    def test_references_to_the_encounter_and_to_reasons_are_among_what_was_judged(self):
        for version in VERSIONS:
            text = json.dumps(self.resources[version])
            for reference in ("Encounter/encounter-1", "Condition/", "Observation/"):
                self.assertIn(f'"reference": "{reference}', text, version)

    def test_the_validator_notices_every_kind_of_fault_in_every_version(self):
        for version in VERSIONS:
            for fault in broken({}):
                with self.subTest(f"{version} {fault}"):
                    self.assertTrue(any(error.startswith(f"{version} {fault}: ") for error in self.errors))


if __name__ == "__main__":
    unittest.main(verbosity=2)
