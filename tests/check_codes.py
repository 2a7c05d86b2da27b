#!/usr/bin/env python3
"""Every SNOMED CT and LOINC code of cards/ and fhir-fixtures/ passes its check digit, and every code and code family of them stands, with
its display, in tests/verified_codes.tsv. Where the reviewed code list lies beside the checkout (PROCTOR_CODES, default
../shared/clinical/codes.json), that table in turn is compared with it. One wrong digit is another disease.

  check_codes.py            checks
  check_codes.py --update   writes the table anew, of the verified codes that the content uses"""
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
TABLE = ROOT / "tests" / "verified_codes.tsv"
LOINC_EXCEPTIONS = {"11491-6", "11501-6", "5895-7", "5896-5", "5897-3", "5928-1", "6028-3", "6415-5", "6580-7", "6645-7", "6646-5",
                    "6647-3", "6648-1", "6649-9"}
# The body site that the normative text of the pain scale names, with the display of its vignettes.
SITES = {"34402009": "Rectum structure"}
# Lumbar root signs, named by the normative text too; cards/valuesets marks both as not verified.
ROOT_SIGNS = {"M54.16", "M54.17", "M54.3", "M54.4", "M51.1", "M51.27", "M48.06"}
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
    """(system, code, display, family) of every Coding, of ValueSet includes, whose concepts inherit the system, and of `alsoWith` of cases."""
    if isinstance(node, list):
        for item in node:
            yield from codings(item, system)
    elif isinstance(node, dict):
        own = node.get("system") if isinstance(node.get("system"), str) else system
        if own in CLINICAL and isinstance(node.get("code"), str):
            yield own, node["code"], node.get("display", ""), False
        if own in CLINICAL and isinstance(node.get("filter"), list):
            titles = [e.get("valueString", "") for e in node.get("extension", []) if e.get("url", "").endswith("/StructureDefinition/display")]
            for rule in node["filter"]:
                yield own, rule["value"].removesuffix(".*").replace("\\.", "."), "".join(titles[:1]), True
        if "for" in node and isinstance(node.get("codes"), dict):  # alsoWith of a case
            for other, codes in node["codes"].items():
                yield from ((other, code, "", False) for code in codes if other in CLINICAL)
        for key, value in node.items():
            if key != "filter":
                yield from codings(value, own if key in ("concept", "coding") else None)


def reviewed():
    """{(system, code, family): displays} of the verified entries of the reviewed list; None without it."""
    if not CODES.exists():
        return None
    rows = {}
    for concept in json.loads(CODES.read_text())["concepts"].values():
        for entry in concept["codes"]:
            if entry.get("verified") is True:
                rows.setdefault((entry["system"], entry["code"], entry["match"] == "prefix"), set()).add(entry["display"] or "")
    return rows


def table():
    rows = {}
    for line in TABLE.read_text().splitlines():
        system, code, match, display = line.split("\t")
        rows.setdefault((system, code, match == "family"), set()).add(display)
    return rows


def covering(system, code, family, rows):
    """The entry of the list that says this code is right: itself, or the family it belongs to."""
    for key in [(system, code, family)] + [(system, code[:n], True) for n in range(len(code), 0, -1)]:
        if key in rows:
            return key
    return None


def named_elsewhere(code, family):
    return code in ROOT_SIGNS or not family and (code in NOISE or code in SITES)


def files():
    for folder in ("cards", "fhir-fixtures"):
        for path in sorted((ROOT / folder).rglob("*.json")):
            if "hostile" not in path.parts and "schemas" not in path.parts:
                yield path


def used():
    """(path, system, code, display, family) of everything the content and the fixtures use."""
    for path in files():
        for coding in codings(json.loads(path.read_text())):
            yield path, *coding


def write_table():
    rows = reviewed()
    keys = {covering(system, code, family, rows) for _, system, code, _, family in used()} - {None}
    lines = {"\t".join((system, code, "family" if family else "exact", display))
             for system, code, family in keys for display in rows[system, code, family]}
    TABLE.write_text("\n".join(sorted(lines)) + "\n")


def fault_of(coding, rows):
    path, system, code, display, family = coding
    if not family and (system == SNOMED and not snomed_ok(code) or system == LOINC and not loinc_ok(code)):
        return "check digit is wrong"
    key = covering(system, code, family, rows)
    if key is None and not named_elsewhere(code, family):
        return "not a verified code"
    displays = rows[key] if key == (system, code, family) else {SITES[code]} if code in SITES else {display}
    return None if not display or display in displays else f"display differs from {sorted(displays)}"


def self_test():
    assert snomed_ok("271864008") and not snomed_ok("271864009") and not snomed_ok("271846008")
    assert loinc_ok("718-7") and loinc_ok("LA9634-2") and not loinc_ok("718-6") and not loinc_ok("LA9634-3")


def main():
    self_test()
    if "--update" in sys.argv:
        write_table()
    rows, list_ = table(), reviewed()
    faults = {f"{coding[0].relative_to(ROOT)}: {coding[1]} {coding[2]}: {fault}" for coding in used() if (fault := fault_of(coding, rows))}
    if list_ is not None:
        faults |= {f"{TABLE.name}: {key[0]} {key[1]}: not verified in the reviewed list" for key in rows if not rows[key] <= list_.get(key, set())}
    print("\n".join(sorted(faults)))
    compared = "compared with the reviewed list" if list_ is not None else "no reviewed list beside the checkout"
    print(f"{len({coding[1:] for coding in used()})} codes checked, {len(rows)} rows in the table ({compared}): {len(faults)} faults")
    return 1 if faults or not rows else 0


if __name__ == "__main__":
    sys.exit(main())
