#!/usr/bin/env python3
"""The FHIR documents of the project are valid R4, judged by HAPI's validator: value sets and maps of cards/, the fixtures."""
import unittest

from patients import CARDS, ROOT, fixtures, read, validate


def documents():
    """{path: resource}: every JSON file of cards/ and deploy/ that is a FHIR resource, and the fixtures with their dates filled in."""
    found = {f"fhir-fixtures/{name}": chart for name, chart in fixtures().items()}
    for path in sorted([*CARDS.rglob("*.json"), *(ROOT / "deploy").rglob("*.json")]):
        text = path.read_text(encoding="utf-8")
        if '"resourceType"' in text and path.name not in ("cases.json", "rule.json"):
            document = read(path)
            if isinstance(document, dict) and "resourceType" in document:
                found[str(path.relative_to(ROOT))] = document
    return found


class Documents(unittest.TestCase):
    def test_they_are_valid(self):
        found = documents()
        self.assertGreater(len(found), 150)
        wrong = {"resourceType": "ValueSet", "status": "current", "compose": {"include": []}}
        errors = validate([(name, "R4", document) for name, document in found.items()] + [("broken", "R4", wrong)])
        self.assertEqual([], [error for error in errors if not error.startswith("R4 broken: ")])
        self.assertGreaterEqual(len(errors), 2, "the validator noticed neither the status nor the empty list")


if __name__ == "__main__":
    unittest.main(verbosity=2)
