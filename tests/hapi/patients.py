"""Patients of this project as R4 documents, and the programs that judge them: Proctor itself, HAPI's validator and HL7's converters."""
import json
import os
import re
import subprocess
import tempfile
from datetime import datetime, timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CARDS = ROOT / "cards"
BINARY = os.environ.get("PROCTOR_BINARY", str(ROOT / "build/asan/proctor"))
CLASSPATH = Path(os.environ.get("PROCTOR_HAPI", ROOT / "build/hapi.classpath"))
VIGNETTES = ROOT.parent / "shared" / "clinical" / "vignettes.json"
NOW = "2026-06-15T12:00:00Z"


def read(path):
    return json.loads(path.read_text(encoding="utf-8"))


def lines_of(items):
    return "".join(json.dumps(item) + "\n" for item in items)


def java(program, items):
    """The answers of one of this folder's Java programs, a line of JSON each."""
    if not CLASSPATH.exists():
        raise SystemExit(f"{CLASSPATH} is missing: tests/run.sh has the command that makes it")
    command = ["java", "-Xmx2g", "-XX:+UseSerialGC", "-cp", CLASSPATH.read_text().strip(), str(Path(__file__).with_name(program))]
    done = subprocess.run(command, input=lines_of(items), capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise SystemExit(f"{program} failed:\n{done.stderr}")
    return [json.loads(line) for line in done.stdout.splitlines()]


def validate(named):
    """HAPI's errors about [(name, version, resource)], as "version name: place: message"."""
    messages = java("Validate.java", [{"name": n, "version": v, "resource": r} for n, v, r in named])
    return [f"{m['version']} {m['name']}: {m['location']}: {m['message']}" for m in messages if m["severity"] in ("error", "fatal")]


def evaluate(documents, hook="patient-view", **settings):
    """What `proctor evaluate` says of each document, with these members of the configuration."""
    with tempfile.NamedTemporaryFile("w", suffix=".json") as config:
        json.dump({"content": str(CARDS), **settings}, config)
        config.flush()
        command = [BINARY, "evaluate", "--config", config.name, "--as-of", NOW, "--hook", hook, "-"]
        done = subprocess.run(command, input=lines_of(documents), capture_output=True, text=True, check=False)
    results = [json.loads(line) for line in done.stdout.splitlines()]
    if done.returncode != 0 or len(results) != len(documents):
        raise SystemExit(f"proctor evaluate --hook {hook} with {settings} failed:\n{done.stderr}")
    return results


def render(text):
    """Fills in the dates of a template, such as ${-P3D}."""
    def instant(match):
        sign, days, hours, minutes, seconds = match[2], *(int(part or 0) for part in match.groups()[2:])
        span = timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)
        at = datetime.fromisoformat(NOW.replace("Z", "")) + (-span if sign else span)
        return at.strftime({"date:": "%Y-%m-%d", "month:": "%Y-%m"}.get(match[1], "%Y-%m-%dT%H:%M:%SZ"))
    return re.sub(r"\$\{(date:|month:)?(-?)P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?\}", instant, text)


def bundle(resources):
    return {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": resource} for resource in resources]}


def case_bundle(case):
    """A case of a rule as a chart: every resource has the id and the subject that authors leave out."""
    resources = [{"resourceType": "Patient", "id": "case", **case["patient"]}]
    for number, resource in enumerate(case["resources"]):
        whole = {"id": f"r{number}", **resource}
        if resource["resourceType"] not in ("Patient", "Medication"):
            whole.setdefault("subject", {"reference": f"Patient/{resources[0]['id']}"})
        resources.append(whole)
    return bundle(resources)


def rules():
    return {path.parent.name: read(path) for path in sorted(CARDS.glob("rules/*/rule.json"))}


def cases():
    """{"rule: title": (hook, bundle)} of every active rule, where nothing was left out of the chart. All are judged as of one instant, so the
    few cases of another one (windows of a hundred years) stay out."""
    found, elsewhere = {}, 0
    for name, rule in rules().items():
        hook = "patient-view" if "patient-view" in rule["hooks"] else rule["hooks"][0]
        for case in json.loads(render((CARDS / "rules" / name / "cases.json").read_text(encoding="utf-8"))):
            if rule["status"] == "active" and not case.get("notSupplied"):
                if case["asOf"] == NOW:
                    found[f"{name}: {case['title']}"] = (case.get("hook", hook), case_bundle(case))
                elsewhere += case["asOf"] != NOW
    assert elsewhere < 10, f"{elsewhere} cases at another instant"
    return found


def fixtures():
    paths = sorted(ROOT.glob("fhir-fixtures/patients/*.json"))
    return {path.stem: json.loads(render(path.read_text(encoding="utf-8"))) for path in paths}


def requests():
    """The patient-view request of every fixture, opened during an encounter."""
    found = []
    for path in sorted(ROOT.glob("fhir-fixtures/patients/*.json")):
        done = subprocess.run([BINARY, "request", "--as-of", NOW, str(path)], capture_output=True, text=True, check=True)
        request = json.loads(done.stdout)
        request["context"]["encounterId"] = "encounter-1"
        found.append(request)
    return found
