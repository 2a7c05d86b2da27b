#!/usr/bin/env python3
"""Writes what the program consists of, as CycloneDX 1.5 JSON: the program, every Debian package whose library it loads or whose header was
compiled into it, and the npm packages of the console's page. The same build gives the same bytes; the time is the commit's, or
SOURCE_DATE_EPOCH.
Usage: sbom.py BUILD_FOLDER VERSION package-lock.json OUT   (a Ninja build on Debian)"""
import base64
import datetime
import hashlib
import json
import os
import re
import subprocess
import sys
import uuid
from pathlib import Path
from urllib.parse import quote

ROOT = Path(__file__).resolve().parent.parent


def run(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def moment():
    """None in a copy without its history."""
    seconds = os.environ.get("SOURCE_DATE_EPOCH")
    if not seconds:
        seconds = subprocess.run(["git", "-C", str(ROOT), "log", "-1", "--format=%ct"], capture_output=True, text=True).stdout.strip()
    return datetime.datetime.fromtimestamp(int(seconds), datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ") if seconds else None


# ---- Debian ----
def distribution():
    values = dict(line.strip().split("=", 1) for line in Path("/etc/os-release").read_text().splitlines() if "=" in line)
    return f"{values['ID']}-{values['VERSION_ID']}".replace('"', "")


def owners(files):
    """The package of each file. Debian knows libraries by /lib and /usr/lib, whichever the package had."""
    names = {}
    for file in files:
        real = os.path.realpath(file)
        names.update({name: file for name in (real, real.removeprefix("/usr"), file, file.removeprefix("/usr"))})
    asked = subprocess.run(["dpkg-query", "-S", *names], capture_output=True, text=True).stdout
    found = {}
    for line in asked.splitlines():
        packages, _, name = line.partition(": ")
        if name in names and not line.startswith("diversion"):
            found[names[name]] = packages.split(", ")[0]
    lost = sorted(set(files) - set(found))
    if lost:
        sys.exit(f"sbom: no Debian package has {', '.join(lost)}")
    return found


def licences(package):
    """As Debian's copyright file names them, where a machine can read it."""
    copyright_file = Path("/usr/share/doc") / package / "copyright"
    text = copyright_file.read_text(errors="replace") if copyright_file.exists() else ""
    if "copyright-format" not in text.partition("\n\n")[0]:
        return []
    names = {re.sub(r"\s+", " ", name.strip()) for name in re.findall(r"^License:[ \t]*(\S[^\n]*)", text, re.M)}
    return [{"license": {"name": name}} for name in sorted(names)]


class Debian:
    def __init__(self, packages):
        fields = "${Package}\t${Version}\t${Architecture}\t${source:Package}\n"
        lines = run("dpkg-query", "-W", "-f", fields, *packages).splitlines()
        self.rows = sorted({tuple(line.split("\t")) for line in lines})
        self.distro = distribution()

    def components(self):
        for name, version, architecture, source in self.rows:
            purl = f"pkg:deb/debian/{quote(name, safe='')}@{quote(version, safe=':')}?arch={architecture}&distro={self.distro}"
            one = {"type": "library", "bom-ref": purl, "name": name, "version": version, "purl": purl,
                   "properties": [{"name": "debian:source", "value": source}]}
            if found := licences(name):
                one["licenses"] = found
            yield one


def loaded(program):
    """The files of all libraries that the loader finds for the program."""
    return sorted(set(re.findall(r"(/\S+) \(0x", run("ldd", str(program)))))


def needed(file):
    return re.findall(r"\(NEEDED\).*\[(.+)\]", run("readelf", "-dW", str(file)))


def headers(build):
    """Those outside the project that the program was compiled with; -n, as the log is being written."""
    listed = run("ninja", "-C", str(build), "-n", "-t", "deps")
    # One paragraph a unit: "CMakeFiles/proctor_fhir.dir/service/fhir/read.cpp.o: #deps ...", then a file a line.
    ours = [unit for unit in listed.split("\n\n") if unit.startswith("CMakeFiles/proctor")]
    found = {os.path.normpath(line.strip()) for unit in ours for line in unit.splitlines() if line.startswith("    /usr/")}
    if not found:
        sys.exit("sbom: the build knows no header; is it Ninja's?")
    return sorted(found)


def source_of(packages):
    lines = run("dpkg-query", "-W", "-f", "${binary:Package}\t${Package}\t${source:Package}\n", *sorted(packages)).splitlines()
    known = {}
    for qualified, name, source in (line.split("\t") for line in lines):
        known[qualified] = known[name] = source
    return {package: known[package] for package in packages}


def debian(build, program):
    """The packages, and who loads whom. Of headers those whose source brings no library that is there anyway."""
    files = loaded(program)
    package_of = owners(files)
    runtime = set(package_of.values())
    compiled = set(owners(headers(build)).values())
    sources = source_of(runtime | compiled)
    there = {sources[package] for package in runtime}
    header_only = {package for package in compiled if sources[package] not in there}
    by_name = {os.path.basename(file): package_of[file] for file in files}
    uses = {"": {by_name[name] for name in needed(program) if name in by_name} | header_only}
    for file in files:
        uses.setdefault(package_of[file], set()).update(by_name[name] for name in needed(file) if name in by_name)
    return runtime | header_only, uses


# ---- npm ----
def npm_components(lock):
    for path, package in sorted(json.loads(Path(lock).read_text())["packages"].items()):
        if not path or package.get("optional") or package.get("dev"):
            continue
        name = path.rpartition("node_modules/")[2]
        purl = f"pkg:npm/{quote(name, safe='/')}@{quote(package['version'])}"
        algorithm, _, digest = package["integrity"].partition("-")
        yield {"type": "library", "bom-ref": purl, "name": name, "version": package["version"], "purl": purl,
               "hashes": [{"alg": algorithm.upper().replace("SHA", "SHA-"), "content": base64.b64decode(digest).hex()}],
               "licenses": [{"expression": package["license"]}]}


def main():
    build, version, lock, out = Path(sys.argv[1]), *sys.argv[2:]
    program = build / "proctor"
    packages, uses = debian(build, program)
    system = Debian(sorted(packages))
    components = [*system.components(), *npm_components(lock)]
    ref_of = {one["name"]: one["bom-ref"] for one in components if one["purl"].startswith("pkg:deb/")}
    own = f"pkg:generic/proctor@{version}"
    ref = lambda package: ref_of[package.partition(":")[0]]  # noqa: E731
    direct = {ref(package) for package in uses.pop("")} | {one["bom-ref"] for one in components if one["purl"].startswith("pkg:npm/")}
    graph = {own: direct, **{one["bom-ref"]: set() for one in components}}
    for package, others in uses.items():
        graph[ref(package)] |= {ref(other) for other in others} - {ref(package)}
    digest = hashlib.sha256(program.read_bytes()).hexdigest()
    metadata = {
        "timestamp": moment(),
        "tools": {"components": [{"type": "application", "name": "deploy/sbom.py", "version": version}]},
        "component": {"type": "application", "bom-ref": own, "name": "proctor", "version": version, "purl": own,
                      "hashes": [{"alg": "SHA-256", "content": digest}], "licenses": [{"license": {"id": "Apache-2.0"}}]},
    }
    if metadata["timestamp"] is None:
        del metadata["timestamp"]
    document = {
        "bomFormat": "CycloneDX", "specVersion": "1.5", "version": 1,
        "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, digest + json.dumps(components))}",
        "metadata": metadata, "components": components,
        "dependencies": [{"ref": one, "dependsOn": sorted(others)} for one, others in sorted(graph.items())],
    }
    Path(out).write_text(json.dumps(document, indent=2) + "\n")


main()
