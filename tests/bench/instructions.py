#!/usr/bin/env python3
"""The instructions that a request costs the service, counted by callgrind, beside those kept in instructions.json: fails where one is
more than a tenth above. No clock is involved, so a slower program shows on any machine.
  instructions.py PROGRAM [--dump FOLDER]     PROGRAM: tests/bench/instructions of a Release build; --dump keeps what callgrind_annotate reads
  instructions.py PROGRAM --here              what this processor runs (valgrind knows AVX2, no later), beside nothing
UPDATE_GOLDEN=1 rewrites instructions.json instead; read the difference."""
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
KEPT = HERE / "instructions.json"
TOLERATED = 1.10
NOT_BUILT = 77  # CTest: skipped

# callgrind counts a repeated string instruction once for each byte, so the C library does without.
ON_THIS_PROCESSOR = {"LC_ALL": "C", "GLIBC_TUNABLES": "glibc.cpu.hwcaps=-ERMS,-FSRM"}
# Libraries choose their code by the processor. What every processor of x86-64 since 2010 has is counted, wherever the test runs.
SAME_EVERYWHERE = {
    "SIMDJSON_FORCE_IMPLEMENTATION": "westmere",
    "GLIBC_TUNABLES": "glibc.cpu.hwcaps=-AVX512F,-AVX512VL,-AVX2,-AVX,-ERMS,-FSRM,-BMI2,-MOVBE",
    "OPENSSL_ia32cap": "0x0:0x0",
    "LC_ALL": "C",
}


def count(program, folder, choices):
    """By request: instructions, bytes of the body and of the answer."""
    command = ["valgrind", "--tool=callgrind", "--instr-atstart=no", "--collect-atstart=no", f"--callgrind-out-file={folder}/out", str(program)]
    ran = subprocess.run(command, env={**os.environ, **choices}, capture_output=True, text=True)
    if ran.returncode != 0:
        sys.exit(f"instructions.py: {program} failed:\n{ran.stdout}{ran.stderr}")
    counts = {}
    for part, line in enumerate(ran.stdout.splitlines(), 1):
        name, times, _, body, answer = line.split("\t")
        dump = pathlib.Path(f"{folder}/out.{part}").read_text()
        if f"Client Request: {name}\n" not in dump:
            sys.exit(f"instructions.py: {folder}/out.{part} is not of {name}")
        total = int(re.search(r"^totals: (\d+)", dump, re.MULTILINE)[1])
        counts[name] = {"instructions": total // int(times), "body": int(body), "answer": int(answer)}
    return counts


def judge(counts, kept):
    """Prints each count beside the kept one; whether all are well."""
    well = counts.keys() == kept.keys()
    for name, one in counts.items():
        before = kept.get(name, {}).get("instructions", 0)
        worse = one["instructions"] > before * TOLERATED
        well = well and not worse
        change = f"{(one['instructions'] / before - 1) * 100:+.1f} %" if before else "new"
        print(f"{name}: {one['instructions']:,} instructions, kept {before:,} ({change}){'  TOO MANY' if worse else ''}")
    return well


def main():
    arguments = sys.argv[1:]
    keep = arguments[arguments.index("--dump") + 1] if "--dump" in arguments else None
    here = "--here" in arguments
    program = pathlib.Path(arguments[0])
    if not program.exists():
        print(f"{program} is not built: cmake --preset release -DPROCTOR_BENCH=ON && cmake --build --preset release --target instructions")
        return NOT_BUILT
    with tempfile.TemporaryDirectory() as folder:
        counts = count(program, folder, ON_THIS_PROCESSOR if here else SAME_EVERYWHERE)
        if keep:
            shutil.copytree(folder, keep, dirs_exist_ok=True)
    if here:
        for name, one in counts.items():
            print(f"{name}: {one['instructions']:,} instructions")
        return 0
    if os.environ.get("UPDATE_GOLDEN"):
        KEPT.write_text(json.dumps(counts, indent=2) + "\n")
    if judge(counts, json.loads(KEPT.read_text())):
        return 0
    print("A request costs more than it did, or the requests changed. Find out where (instructions.py PROGRAM --dump FOLDER, then\n"
          "callgrind_annotate FOLDER/out.2); if it is worth it, UPDATE_GOLDEN=1 rewrites tests/bench/instructions.json.")
    return 1


if __name__ == "__main__":
    sys.exit(main())
