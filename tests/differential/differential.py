#!/usr/bin/env python3
"""Proctor against the reference evaluator of the clinical specification (../shared/clinical/reference.py): patients around every threshold,
window, unit, status and partial date of every rule; the same rules must fire, as urgent. README.md beside this says how to use it."""
import argparse
import collections
import functools
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
import corrected  # noqa: E402
from knowledge import ROOT, SHARED, Knowledge  # noqa: E402
from patients import AS_OF, Patients  # noqa: E402

SKIPPED = 77  # CTest SKIP_RETURN_CODE
CARDS = os.path.join(ROOT, "cards")
SHOWS_EVERYTHING = os.path.join(ROOT, "tests", "support", "shows-everything.json")
CHUNK = 1000


def default_binary():
    return os.environ.get("PROCTOR_BINARY", os.path.join(ROOT, "build", "dev", "proctor"))


def load_reference():
    spec = importlib.util.spec_from_file_location("reference", os.path.join(SHARED, "reference.py"))
    module = importlib.util.module_from_spec(spec)
    corrected.load(spec.origin, module)
    module.match = remembered(module.match)
    module.Case._age = accepted.age_by_calendar(module)
    module.Case.onset = accepted.onset_until_recording(module)
    return module


def remembered(match):
    """The reference's look-up of a code, which is nearly all it does, asked once a code."""
    answers = {}

    def look_up(concept, codings, use=None, strength=None):
        key = (concept, tuple((one.get("system"), one.get("code")) for one in codings or ()), use, strength)
        if key not in answers:
            answers[key] = match(concept, codings, use, strength)
        return answers[key]

    return look_up


Answer = collections.namedtuple("Answer", ["fired", "undecided"])  # rule code -> indicator; rule code -> what was missing


class Judge:
    """Runs both over the same patients."""

    def __init__(self, binary, cards):
        self.binary, self.cards = binary, cards
        self.reference = load_reference()
        self.knowledge = Knowledge(CARDS, self.reference)
        self.codes = set(self.knowledge.rules)
        self.fired = collections.Counter()  # by the reference
        self.code_of = {rule["id"]: code for code, rule in self.knowledge.rules.items()}
        self.accepted = accepted.Accepted(self.reference, self.knowledge)

    def proctor(self, patients):
        """[Answer] of these patients."""
        answers = {}
        for key in dict.fromkeys(key_of(facts) for facts in patients):
            places = [place for place, facts in enumerate(patients) if key_of(facts) == key]
            answers.update(zip(places, self._evaluate([patients[place] for place in places])))
        return [answers[place] for place in range(len(patients))]

    def _evaluate(self, group):
        """One run: patients that share asOf and drafts."""
        with tempfile.TemporaryDirectory() as folder:
            patients = os.path.join(folder, "patients.ndjson")
            with open(patients, "w", encoding="utf-8") as file:
                for facts in group:
                    file.write(json.dumps(bundle(facts["resources"])) + "\n")
            command = [self.binary, "evaluate", "--config", SHOWS_EVERYTHING, "--cards", self.cards, "--as-of", group[0]["asOf"]]
            if group[0].get("draftOrders"):
                drafts = os.path.join(folder, "drafts.json")
                with open(drafts, "w", encoding="utf-8") as file:
                    json.dump(bundle(group[0]["draftOrders"]), file)
                command += ["--draft-orders", drafts]
            done = subprocess.run(command + [patients], capture_output=True, text=True, check=False)
        return [self._answer(line) for line in align(done.stdout.splitlines(), done.stderr, len(group))]

    def _answer(self, line):
        if not line.startswith("{"):
            return Answer({"refused: " + line: ""}, {})
        head = json.loads(line.split(',"cards":', 1)[0] + "}")
        undecided = {self.code_of[one["rule"]]: one["missing"] for one in head["notChecked"]}
        return Answer({rule["code"]: rule["indicator"] for rule in head["rules"]}, undecided)

    def expected(self, facts):
        fired, _ = self.reference.evaluate(accepted.shown_to_reference(facts))
        return {code: indicator for code, indicator in fired.items() if code in self.codes}

    def disagreements(self, group):
        """Those that differ beyond what is accepted."""
        found = []
        for facts, got in zip(group, self.proctor(group)):
            expected = self.expected(facts)
            self.fired.update(list(expected))
            if got.fired != expected and not self.accepted.explains(facts, expected, *got):
                found.append(facts)
        return found

    def minimal(self, facts):
        """The patient with everything dropped that does not matter for disagreeing."""
        while True:
            smaller = list(without_one(facts))
            rest = smaller and self.disagreements(smaller)
            if not rest:
                return facts
            facts = rest[0]


def key_of(facts):
    return json.dumps([facts["asOf"], facts.get("draftOrders") or None])


def bundle(resources):
    return {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": one} for one in resources]}


def align(lines, errors, count):
    refused = {int(match[1]): match[2] for match in re.finditer(r"^.*?:(\d+): (.*)$", errors, re.M)}
    if len(lines) + len(refused) != count:
        raise SystemExit("proctor evaluate gave %d lines and %d errors for %d patients:\n%s" % (len(lines), len(refused), count, errors[:2000]))
    answers = iter(lines)
    return [refused[number] if number in refused else next(answers) for number in range(1, count + 1)]


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


@functools.lru_cache(1)
def judge_of(binary, cards):
    return Judge(binary, cards)


def work(task):
    seed, chunk, binary, cards = task
    rng = random.Random("%s/%d" % (seed, chunk))
    judge = judge_of(binary, cards)
    judge.fired.clear()
    found = [facts for group in groups(rng, judge.knowledge) for facts in judge.disagreements(group)]
    return found, judge.fired


def report(judge, found, limit):
    for facts in found[:limit]:
        small = judge.minimal(facts)
        expected, got = judge.expected(small), judge.proctor([small])[0]
        print("reference %s\nproctor   %s, undecided %s" % (expected, got.fired, got.undecided))
        print(json.dumps(small))


def run(options):
    started = time.time()
    chunks = -(-options.count // CHUNK)
    tasks = [(options.seed, chunk, options.binary, options.cards) for chunk in range(chunks)]
    found, counts = [], collections.Counter()
    with multiprocessing.Pool(options.jobs) as pool:
        for differing, fired in pool.imap_unordered(work, tasks):
            found += differing
            counts += fired
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
    parser.add_argument("--binary", default=default_binary())
    parser.add_argument("--cards", default=CARDS, help="what Proctor runs; the patients are drawn around the project's own cards/")
    parser.add_argument("--seed", default=environment("PROCTOR_DIFFERENTIAL_SEED", "2026-11-22"))
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
