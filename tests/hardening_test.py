#!/usr/bin/env python3
"""The Release program is hardened: each flag of CMakeLists.txt is in its build, and what the flags are for is in the program.
Usage: hardening_test.py BUILD_FOLDER   (exit code 77 where there is no Release build)"""
import json
import platform
import re
import subprocess
import sys
from pathlib import Path

COMPILE = ["-O3", "-U_FORTIFY_SOURCE", "-D_FORTIFY_SOURCE=2", "-D_GLIBCXX_ASSERTIONS", "-fstack-protector-strong", "-fstack-clash-protection", "-fPIE"]
LINK = ["-pie", "-Wl,-z,relro,-z,now,-z,noexecstack,-z,separate-code"]
X86 = platform.machine() == "x86_64"
CODE_SECTIONS = {".init", ".plt", ".plt.got", ".plt.sec", ".text", ".fini"}
# mov or sub of %fs:0x28: functions that look after their canary.
CANARY = re.compile(rb"\x64\x48[\x8b\x2b].\x25\x28\0\0\0", re.S)
ENDBR64 = bytes.fromhex("f30f1efa")
# Pages of a large frame are touched one by one: sub $0x1000,%rsp; orq $0x0,(%rsp)
PROBE = bytes.fromhex("4881ec00100000" "48830c2400")


def readelf(option, file):
    return subprocess.run(["readelf", "-W", option, str(file)], check=True, capture_output=True, text=True).stdout


def flag_faults(build):
    expected = COMPILE + (["-fcf-protection"] if X86 else [])
    units = [one for one in json.loads((build / "compile_commands.json").read_text()) if "/service/" in one["file"]]
    if not units:
        yield "no compile command is known"
    for unit in units:
        flags = unit["command"].split()
        for flag in expected:
            if flag not in flags:
                yield f"{unit['file']} is compiled without {flag}"
        if any(flag.startswith("-fsanitize") for flag in flags):
            yield f"{unit['file']} is compiled with a sanitizer"
    link = re.search(r"^build proctor: CXX_EXECUTABLE.*?LINK_FLAGS = ([^\n]*)", (build / "build.ninja").read_text(), re.S | re.M)
    for flag in LINK:
        if not link or flag not in link[1].split():
            yield f"linked without {flag}"


def segment_faults(program):
    text = readelf("-l", program)
    segments = re.findall(r"^  ([A-Z_]+) +(?:0x\w+ +){5}([R ][W ][E ])", text, re.M)
    flags = dict(segments)
    sections = [line.split()[1:] for line in text[text.index("Segment Sections..."):].splitlines()[1:]]
    if flags.get("GNU_STACK", "RWE") != "RW ":
        yield "the stack is executable"
    if "GNU_RELRO" not in flags:
        yield "no RELRO"
    for (kind, mode), inside in zip(segments, sections):
        if kind == "LOAD" and "W" in mode and "E" in mode:
            yield "a segment is writable and executable"
        if kind == "LOAD" and "E" in mode and not set(inside) <= CODE_SECTIONS:
            yield f"code and data share a segment: {' '.join(inside)}"


def dynamic_faults(program):
    text = readelf("-d", program)
    if "Position-Independent" not in readelf("-h", program) and not re.search(r"FLAGS_1.*\bPIE\b", text):
        yield "no PIE"
    if not re.search(r"\(FLAGS_1\).*\bNOW\b", text):
        yield "no BIND_NOW, so RELRO is partial"
    if re.search(r"\((RPATH|RUNPATH)\)", text):
        yield "libraries are looked for in a folder of its own (RPATH)"


def symbol_faults(program):
    names = [line.split()[7].split("@")[0] for line in readelf("--dyn-syms", program).splitlines() if len(line.split()) >= 8]
    fortified = [name for name in names if re.fullmatch(r"__\w+_chk", name)]
    if "__stack_chk_fail" not in names:
        yield "no stack protector"
    if not fortified:
        yield "no fortified function"
    if not any("__glibcxx_assert_fail" in name for name in names):
        yield "no assertion of the standard library"
    if any(re.match(r"_*(asan|tsan|ubsan|sanitizer|lsan)_", name) for name in names):
        yield "built with a sanitizer"


def linker_files_have(note):
    """Whether the platform's own start files are marked; the linker keeps the mark only if all are."""
    paths = [subprocess.run(["g++", f"-print-file-name={name}"], check=True, capture_output=True, text=True).stdout.strip()
             for name in ("Scrt1.o", "crti.o", "crtbeginS.o", "crtendS.o", "crtn.o")]
    return all(note in readelf("-n", path) for path in paths)


def code_faults(program):
    if not X86:
        return
    code = program.read_bytes()
    if len(CANARY.findall(code)) < 1000:
        yield "few functions have a canary (-fstack-protector-strong)"
    if code.count(ENDBR64) < 1000:
        yield "functions do not begin with endbr64 (-fcf-protection)"
    if PROBE not in code:
        yield "large frames are not touched page by page (-fstack-clash-protection)"
    for note in ("IBT", "SHSTK"):
        if linker_files_have(note) and note not in readelf("-n", program):
            yield f"not marked for {note}, and the platform is"


def main():
    build = Path(sys.argv[1])
    program = build / "proctor"
    if not program.exists():
        print(f"{program} is not built; tests/run.sh builds it")
        return 77
    faults = [fault for look in (segment_faults, dynamic_faults, symbol_faults, code_faults) for fault in look(program)]
    faults += flag_faults(build)
    print("\n".join(faults) or f"{program.name} is hardened")
    return 1 if faults else 0


sys.exit(main())
