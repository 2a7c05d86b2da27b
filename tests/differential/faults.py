#!/usr/bin/env python3
"""Whether the differential test has teeth: faults in a copy of cards/, each of which it must find. An even number of patients shows nothing
about a fault that is never looked for, so these are the small ones: one day, one boundary, one unit, one code, one word."""
import argparse
import json
import multiprocessing
import os
import random
import shutil
import sys
import tempfile

import differential
from knowledge import ROOT, SHARED, read

CARDS = os.path.join(ROOT, "cards")
LIMIT = 20000  # patients that a fault may stay unseen


def replaced(file, old, new):
    """A fault in the text of a file of cards/: the first `old` becomes `new`."""
    return lambda folder: _replace(os.path.join(folder, file), old, new)


def _replace(path, old, new):
    with open(path, encoding="utf-8") as file:
        text = file.read()
    if old not in text:
        raise SystemExit("%s: nothing to break: %s" % (path, old))
    with open(path, "w", encoding="utf-8") as file:
        file.write(text.replace(old, new, 1))


def edited(file, edit):
    """A fault in a JSON file of cards/."""
    def apply(folder):
        path = os.path.join(folder, file)
        document = read(path)
        edit(document)
        with open(path, "w", encoding="utf-8") as out:
            json.dump(document, out)
    return apply


def member(*path, value):
    """Sets the member that the path leads to; it must be there."""
    def edit(document):
        for name in path[:-1]:
            document = document[name]
        assert document[path[-1]] != value
        document[path[-1]] = value
    return edit


def without(*path):
    """Takes away the member that the path leads to; it must be there."""
    def edit(document):
        for name in path[:-1]:
            document = document[name]
        del document[path[-1]]
    return edit


def strong(document):
    """All codes of a value set count by themselves."""
    for include in document["compose"]["include"]:
        include["extension"] = [one for one in include["extension"] if not one["url"].endswith("/strength")]


MUCUS_LASTS = '{"mucus-in-stool-duration": {"minimum": {"gt": 10}'
FAULTS = {
    "a window is a day longer": edited("facts.json", member("bleeding-recently", "conditionWithin", value="P91D")),
    "a window is a day shorter": edited("facts.json", member("melaena", "conditionWithin", value="P89D")),
    "two records need a day less between them": edited("facts.json", member("bleeding-repeatedly", "repeated", "apart", value="P13D")),
    "more than ten days becomes ten or more": replaced("conditions.json", MUCUS_LASTS, MUCUS_LASTS.replace("gt", "ge")),
    "a threshold is off by one": replaced("conditions.json", '{"ge": 38, "unit": "Cel"}', '{"ge": 39, "unit": "Cel"}'),
    "at the threshold no longer counts": replaced("conditions.json", '{"fit": {"ge": 10', '{"fit": {"gt": 10'),
    "a unit is converted wrongly": edited("quantities.json", member("fit", "units", "ng/g", value=1)),
    "a unit is not read": edited("quantities.json", without("body-temperature", "units", "degF")),
    "a code is missing": edited("valuesets/melena.json", lambda one: one["compose"]["include"][0]["concept"].pop(0)),
    "weak codes count alone": edited("valuesets/mucus-in-stool.json", strong),
    "a negation is not seen": replaced("answers.json", "denies|", ""),
    "an answer is not understood": replaced("answers.json", "positive|", ""),
    "a newer no is not heard": edited("facts.json", without("mucus-in-stool", "newerNo")),
    "a card is less urgent": edited("rules/severe-anal-pain/rule.json", lambda one: one["decide"][0].update(indicator="info")),
}


def patients_until_found(task):
    name, binary, seed = task
    with tempfile.TemporaryDirectory() as folder:
        broken = os.path.join(folder, "cards")
        shutil.copytree(CARDS, broken)
        FAULTS[name](broken)
        judge = differential.Judge(binary, broken)
        for chunk in range(LIMIT // differential.CHUNK):
            rng = random.Random("%s/%d" % (seed, chunk))
            if any(judge.disagreements(group) for group in differential.groups(rng, judge.knowledge)):
                return name, (chunk + 1) * differential.CHUNK
    return name, None


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--binary", default=differential.default_binary())
    parser.add_argument("--seed", default="faults")
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args()
    if not os.path.exists(SHARED):
        print("skipped: no clinical specification beside this checkout")
        return differential.SKIPPED
    unseen = 0
    with multiprocessing.Pool(options.jobs) as pool:
        tasks = [(name, options.binary, options.seed) for name in FAULTS]
        for name, patients in pool.imap(patients_until_found, tasks):
            print("%-45s %s" % (name, "found within %d patients" % patients if patients else "NOT FOUND in %d patients" % LIMIT), flush=True)
            unseen += not patients
    return 1 if unseen else 0


if __name__ == "__main__":
    sys.exit(main())
