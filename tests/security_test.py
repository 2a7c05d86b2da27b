#!/usr/bin/env python3
"""SECURITY.md says the truth: each test that its tables name exists, and cpp-httplib is the version that it judged."""
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TESTS = ROOT / "tests"
TEXT = (ROOT / "SECURITY.md").read_text()


def named():
    """(test, line) of the last column of each row between the two headings."""
    inside = False
    for number, line in enumerate(TEXT.splitlines(), 1):
        if line.startswith("## "):
            inside = line == "## From control to test"
        if inside and line.startswith("|") and not re.match(r"\|(---|\s*Requirement\b)", line):
            cells = line.strip("|").split("|")
            tests = re.findall(r"`([^`]+)`", cells[-1])
            if len(cells) != 3 or not tests:
                yield None, number
            for test in tests:
                yield test, number


def gtest_names():
    for file in TESTS.glob("*/*_test.cpp"):
        for suite, name in re.findall(r"^TEST(?:_F|_P)?\((\w+),\s*(\w+)\)", file.read_text(), re.M):
            yield f"{file.parent.name}.{suite}.{name}"


def ctest_names():
    for file in TESTS.rglob("CMakeLists.txt"):
        text = file.read_text()
        names = re.findall(r"add_test\(NAME (\S+)", text)
        for loop in re.findall(r"foreach\(check ([^)]*)\)", text):
            names += [f"sources.{check}" for check in loop.split()]
        yield from (name for name in names if "$" not in name)


def node_names():
    for file in TESTS.glob("e2e/*.test.mjs"):
        for _, title in re.findall(r"""\btest\((['"`])((?:\\.|(?!\1).)*)\1""", file.read_text()):
            yield f"e2e/{file.name.removesuffix('.test.mjs')}: {title}"


def httplib_faults():
    judged = re.search(r"cpp-httplib, judged as ([\w.+~-]+),", TEXT)
    if not judged:
        yield "SECURITY.md does not say which cpp-httplib was judged"
        return
    found = subprocess.run(["dpkg-query", "-W", "-f", "${Version}", "libcpp-httplib0.11"], capture_output=True, text=True).stdout
    if found != judged[1]:
        yield f"cpp-httplib is {found or 'not installed'}, and {judged[1]} was judged: re-read \"Keeping it so\" in SECURITY.md before this goes on"


def main():
    there = {*gtest_names(), *ctest_names(), *node_names()}
    rows = list(named())
    faults = [f"SECURITY.md:{line}: names no test" if test is None else f"SECURITY.md:{line}: there is no test \"{test}\""
              for test, line in rows if test not in there]
    faults += httplib_faults()
    print("\n".join(faults) or f"SECURITY.md names {len(rows)} tests, and all are there")
    return 1 if faults or not rows else 0


sys.exit(main())
