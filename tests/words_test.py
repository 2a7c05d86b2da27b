#!/usr/bin/env python3
"""Every fixed word that the service gives as a reason is explained where its readers look: why a call was refused or failed on the console's
page, why a key set did not come in deploy/connect.md, why content was not taken in cards/README.md."""
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def text(name):
    return (ROOT / name).read_text()


def words(pattern, *names):
    return {word for name in names for word in re.findall(pattern, text(name))}


def set_as(member, but=()):
    """Words that are assigned as they stand, anywhere in the service."""
    names = [path.relative_to(ROOT).as_posix() for path in (ROOT / "service").rglob("*.cpp")]
    return words(rf'\b{member} = "(\w+)"', *names) - set(but)


def reasons_of(name):
    """Words of the functions reason_of of a file, and of print(Refused)."""
    bodies = re.findall(r"string_view (?:reason_of\(|print\(Refused).*?\n}", text(name), re.S)
    return {word for body in bodies for word in re.findall(r'"(\w+)"', body)}


def row_words(document, heading):
    """Words in the first column of the table with this heading."""
    table = text(document).split(heading, 1)[1].split("\n\n", 1)[0]
    return {word for line in table.splitlines() for word in re.findall(r"`(\w+)`", line.split("|")[1] if line.startswith("|") else "")}


def calls():
    other_events = ("keyFile", "deadline", "unfinished")  # keysFailed, stopped, purged
    said = words(r'return "(\w+)"', "service/auth/reason.cpp") | set_as("reason", other_events)
    for name in ("service/app/routes.cpp", "service/console/figures.cpp", "service/http/server.cpp"):
        said |= reasons_of(name)
    page = text("service/console/web/pages/clients.js").split("const reasonWords = {", 1)[1].split("};", 1)[0]
    return said, set(re.findall(r"^  (\w+): '", page, re.M)), {"noToken", "clientBusy", "unsupportedType", "dataMissing"}


def key_sets():
    said = words(r'return "(\w+)"', "service/outbound/fetcher.cpp") - {"badToken"}  # of FHIR servers alone
    said |= words(r'Error\{"(\w+)"', "service/auth/key_cache.cpp") | words(r'reason = "(\w+)"', "service/app/gate.cpp")
    return said, row_words("deploy/connect.md", "| `reason` | it means |"), {"refused", "keySet", "memory", "keyFile"}


def reloads():
    told = re.search(r"`reloadRefused`.*?\((.*?)\)", text("cards/README.md"), re.S)[1]
    return set_as("step"), set(re.findall(r"`(\w+)`", told)), {"keys", "memory", "settings"}


def main():
    faults = []
    for look in (calls, key_sets, reloads):
        said, explained, known = look()
        assert known <= said, f"{look.__name__}: {known - said} not found in the sources: has the code moved?"
        faults += [f"{look.__name__}: {word} is not explained" for word in sorted(said - explained)]
        faults += [f"{look.__name__}: {word} is explained and never given" for word in sorted(explained - said)]
    print("\n".join(faults + [f"{len(faults)} faults"]))
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
