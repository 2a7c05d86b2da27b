#!/usr/bin/env python3
"""Every SNOMED CT and LOINC code of cards/ and fhir-fixtures/ passes its check digit, and, where the reviewed code list lies beside the
checkout (PROCTOR_CODES, default ../shared/clinical/codes.json), stands in it as verified. One wrong digit is another disease."""
import json
import os
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CODES = Path(os.environ.get("PROCTOR_CODES", ROOT.parent / "shared" / "clinical" / "codes.json"))
SNOMED, LOINC = "http://snomed.info/sct", "http://loinc.org"
CLINICAL = {SNOMED, LOINC, "http://hl7.org/fhir/sid/icd-10-cm", "http://hl7.org/fhir/sid/icd-10", "http://www.whocc.no/atc",
            "http://www.nlm.nih.gov/research/umls/rxnorm"}

# Published terms whose check digit breaks the rule.
LOINC_EXCEPTIONS = {"11491-6", "11501-6", "5895-7", "5896-5", "5897-3", "5928-1", "6028-3", "6415-5", "6580-7", "6645-7", "6646-5",
                    "6647-3", "6648-1", "6649-9"}
# Body sites and roots that the normative text of the pain scale names.
SITES = {"34402009", "53505006", "397158004", "38864007"}
# What surrounds the complaint in a fixture; taken from Synthea charts, read by no rule.
NOISE = {
    "8302-2", "29463-7", "39156-5", "72166-2", "2093-3", "4548-4", "2947-0", "6298-4", "2339-0", "58410-2", "185349003", "185345009",
    "50849002", "430193006", "38341003", "239873007", "15777000", "49436004", "53741008", "444814009", "44465007", "195662009",
    "300913006", "316049"}

VERHOEFF_D = [[(i + j) % 5 if i < 5 and j < 5 else (i + j) % 5 + 5 if i < 5 else 5 + (i - j) % 5 if j < 5 else (i - j) % 5
               for j in range(10)] for i in range(10)]


def verhoeff_table():
    rows = [list(range(10)), [1, 5, 7, 6, 2, 8, 3, 0, 9, 4]]
    while len(rows) < 8:
        rows.append([rows[-1][rows[1][i]] for i in range(10)])
    return rows


VERHOEFF_P = verhoeff_table()


def snomed_ok(code):
    if not re.fullmatch(r"[1-9]\d{5,17}", code) or code[-3:-1] not in ("00", "10"):
        return False
    check = 0
    for place, digit in enumerate(reversed(code)):
        check = VERHOEFF_D[check][VERHOEFF_P[place % 8][int(digit)]]
    return check == 0


def loinc_ok(code):
    match = re.fullmatch(r"(LA)?(\d{1,7})-(\d)", code)
    if not match:
        return False
    if code in LOINC_EXCEPTIONS:
        return True
    total = 0
    for place, digit in enumerate(reversed(match[2])):
        value = int(digit) * (2 if place % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    # Answer codes follow the same rule with an offset, found on published ones.
    offset = {0: 5, 1: 2}[len(match[2]) % 2] if match[1] else 0
    return ((10 - total % 10) + offset) % 10 == int(match[3])


def codings(node, system=None):
    """(system, code) of every Coding, and of ValueSet includes, whose concepts inherit the system."""
    if isinstance(node, list):
        for item in node:
            yield from codings(item, system)
    elif isinstance(node, dict):
        own = node.get("system") if isinstance(node.get("system"), str) else system
        if own in CLINICAL and isinstance(node.get("code"), str):
            yield own, node["code"]
        for key, value in node.items():
            if key != "filter":
                yield from codings(value, own if key in ("concept", "coding") else None)


def load_verified():
    if not CODES.exists():
        return None
    exact, families = set(), set()
    for concept in json.loads(CODES.read_text())["concepts"].values():
        for entry in concept["codes"]:
            if entry.get("verified") is True:
                (families if entry["match"] == "prefix" else exact).add((entry["system"], entry["code"]))
    return exact, families


def is_verified(system, code, verified):
    exact, families = verified
    return (system, code) in exact or code in NOISE | SITES or any(s == system and code.startswith(c) for s, c in families)


def files():
    for folder in ("cards", "fhir-fixtures"):
        for path in sorted((ROOT / folder).rglob("*.json")):
            if "hostile" not in path.parts and "schemas" not in path.parts:
                yield path


def self_test():
    assert snomed_ok("271864008") and not snomed_ok("271864009") and not snomed_ok("271846008")
    assert loinc_ok("718-7") and loinc_ok("LA9634-2") and not loinc_ok("718-6") and not loinc_ok("LA9634-3")


def main():
    self_test()
    verified, faults, seen = load_verified(), set(), set()
    for path in files():
        for system, code in codings(json.loads(path.read_text())):
            seen.add((system, code))
            where = f"{path.relative_to(ROOT)}: {system} {code}"
            if system == SNOMED and not snomed_ok(code) or system == LOINC and not loinc_ok(code):
                faults.add(f"{where}: check digit is wrong")
            elif verified and not is_verified(system, code, verified):
                faults.add(f"{where}: not verified in the reviewed code list")
    print("\n".join(sorted(faults)))
    listed = "and compared with the reviewed list" if verified else "(no reviewed list beside the checkout)"
    print(f"{len(seen)} codes checked {listed}: {len(faults)} faults")
    return 1 if faults or not seen else 0


if __name__ == "__main__":
    sys.exit(main())
