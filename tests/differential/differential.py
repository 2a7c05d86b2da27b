#!/usr/bin/env python3
"""Proctor against the reference evaluator of the clinical specification (../shared/clinical/reference.py): patients around every threshold,
window, unit, status and partial date of every rule; the same rules must fire, as urgent. README.md beside this says how to use it."""
import argparse
import datetime as dt
import importlib.util
import json
import multiprocessing
import os
import random
import re
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import accepted  # noqa: E402
from knowledge import ROOT, SHARED, Knowledge  # noqa: E402
from patients import AS_OF, Patients  # noqa: E402

SKIPPED = 77  # CTest SKIP_RETURN_CODE
CHUNK = 400


def load_reference():
    spec = importlib.util.spec_from_file_location("reference", os.path.join(SHARED, "reference.py"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class Judge:
    """Runs both over the same patients."""

    def __init__(self, binary, cards):
        self.binary, self.cards = binary, cards
        self.reference = load_reference()
        self.knowledge = Knowledge(cards, self.reference)
        self.codes = set(self.knowledge.rules)
        self.accepted = accepted.Accepted(self.reference, self.knowledge)

    def proctor(self, group):
        """[{rule code: indicator}] of patients that share asOf and drafts; a text instead says why one was refused."""
        with tempfile.TemporaryDirectory() as folder:
            patients = os.path.join(folder, "patients.ndjson")
            with open(patients, "w", encoding="utf-8") as file:
                for facts in group:
                    file.write(json.dumps(bundle(facts["resources"])) + "\n")
            command = [self.binary, "evaluate", "--cards", self.cards, "--as-of", group[0]["asOf"]]
            if group[0].get("draftOrders"):
                drafts = os.path.join(folder, "drafts.json")
                with open(drafts, "w", encoding="utf-8") as file:
                    json.dump(bundle(group[0]["draftOrders"]), file)
                command += ["--draft-orders", drafts]
            done = subprocess.run(command + [patients], capture_output=True, text=True, check=False)
        return align(done.stdout.splitlines(), done.stderr, len(group))

    def expected(self, facts):
        fired, _ = self.reference.evaluate(accepted.shown_to_reference(facts))
        return {code: indicator for code, indicator in fired.items() if code in self.codes}

    def disagreements(self, group):
        """[(facts, expected, got)] of those that differ beyond what is accepted."""
        found = []
        for facts, got in zip(group, self.proctor(group)):
            expected = self.expected(facts)
            if got != expected and not self.accepted.explains(facts, expected, got):
                found.append((facts, expected, got))
        return found

    def minimal(self, facts):
        """The patient with everything dropped that does not matter for disagreeing."""
        while True:
            smaller = list(without_one(facts))
            rest = smaller and [one for one, _, _ in self.disagreements(smaller)]
            if not rest:
                return facts
            facts = rest[0]


def bundle(resources):
    return {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": one} for one in resources]}


def align(lines, errors, count):
    refused = {int(match[1]): match[2] for match in re.finditer(r"^.*?:(\d+): (.*)$", errors, re.M)}
    if len(lines) + len(refused) != count:
        raise SystemExit("proctor evaluate gave %d lines and %d errors for %d patients:\n%s" % (len(lines), len(refused), count, errors[:2000]))
    answers = iter(lines)
    return [refused[number] if number in refused else fired(next(answers)) for number in range(1, count + 1)]


def fired(line):
    head = json.loads(line.split(',"cards":', 1)[0] + "}")
    return {rule["code"]: rule["indicator"] for rule in head["rules"]}


def without_one(facts):
    """The patient without one resource, and without one member of one resource."""
    for place in ("resources", "draftOrders"):
        for index, one in enumerate(facts.get(place, [])):
            rest = facts[place][:index] + facts[place][index + 1:]
            if one["resourceType"] != "Patient":
                yield {**facts, place: rest}
    for index, one in enumerate(facts["resources"]):
        for name in one:
            if name not in ("resourceType", "id", "subject", "patient", "status", "code"):
                yield {**facts, "resources": facts["resources"][:index] + [{key: one[key] for key in one if key != name}] + facts["resources"][index + 1:]}


def groups(rng, knowledge):
    """Patients of one chunk: without drafts, and with the same drafts."""
    patients = Patients(rng, knowledge, rng.choice(AS_OF))
    plain = [patients.draw() for _ in range(CHUNK * 3 // 4)]
    drafts = patients.drafts()
    drafting = [{**patients.draw(), "draftOrders": drafts} for _ in range(CHUNK - len(plain))]
    return [plain, drafting]


def work(task):
    seed, chunk, binary, cards = task
    rng = random.Random("%s/%d" % (seed, chunk))
    judge = Judge(binary, cards)
    counts, found = {}, []
    for group in groups(rng, judge.knowledge):
        found += judge.disagreements(group)
        for facts in group:
            for code in judge.expected(facts):
                counts[code] = counts.get(code, 0) + 1
    return chunk, found, counts


def report(judge, found, limit):
    for facts, _, _ in found[:limit]:
        small = judge.minimal(facts)
        expected, got = judge.expected(small), judge.proctor([small])[0]
        print("reference %s\nproctor   %s" % (expected, got))
        print(json.dumps(small))


def run(options):
    started = time.time()
    chunks = -(-options.count // CHUNK)
    tasks = [(options.seed, chunk, options.binary, options.cards) for chunk in range(chunks)]
    found, counts = [], {}
    with multiprocessing.Pool(options.jobs) as pool:
        for _, differing, fired_here in pool.imap_unordered(work, tasks):
            found += differing
            for code, count in fired_here.items():
                counts[code] = counts.get(code, 0) + count
            if options.until_found and found:
                break
    judge = Judge(options.binary, options.cards)
    print("seed %s: %d patients, %d disagree (%.0f s)" % (options.seed, chunks * CHUNK, len(found), time.time() - started))
    print("fired by the reference: " + ", ".join("%s %d" % item for item in sorted(counts.items())))
    report(judge, found, options.show)
    silent = sorted(judge.codes - set(counts))
    if silent:
        print("the generator made no patient for " + ", ".join(silent))
    return 1 if found or silent else 0


def replay(options):
    judge = Judge(options.binary, options.cards)
    with open(options.replay, encoding="utf-8") as file:
        patients = [json.loads(line) for line in file if line.startswith("{")]
    differing = [one for facts in patients for one in judge.disagreements([facts])]
    report(judge, differing, len(differing))
    print("%d of %d disagree" % (len(differing), len(patients)))
    return 1 if differing else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    environment = os.environ.get
    parser.add_argument("--binary", default=environment("PROCTOR_BINARY", os.path.join(ROOT, "build", "dev", "proctor")))
    parser.add_argument("--cards", default=os.path.join(ROOT, "cards"))
    parser.add_argument("--seed", default=environment("PROCTOR_DIFFERENTIAL_SEED", dt.date.today().isoformat()))
    parser.add_argument("--count", type=int, default=int(environment("PROCTOR_DIFFERENTIAL_COUNT", "20000")))
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--show", type=int, default=10, help="how many disagreements are minimised and printed")
    parser.add_argument("--until-found", action="store_true", help="stop at the first disagreement")
    parser.add_argument("--replay", metavar="FILE", help="patients as printed, a line each, instead of generated ones")
    options = parser.parse_args()
    if not os.path.exists(os.path.join(SHARED, "reference.py")):
        print("skipped: no clinical specification beside this checkout")
        return SKIPPED
    return replay(options) if options.replay else run(options)


if __name__ == "__main__":
    sys.exit(main())
