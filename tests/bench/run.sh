#!/usr/bin/env bash
# Measures everything side by side on this machine and writes one report, to the terminal and to tests/bench/results.md. Best on a quiet machine.
#   bash tests/bench/run.sh [--quick] [--soak MINUTES] [--output FILE]
#   --quick          a few minutes and one run of each, for a look; otherwise about 25 minutes
#   --soak MINUTES   then load for so long, to see whether memory stays flat (0; 10 for results that are kept)
# Works in a fresh clone on Debian 12, as root or through sudo where packages are missing.
set -euo pipefail
cd "$(dirname "$0")/../.."

usage() { sed -n '3,5s/^# *//p' "$0"; }

options=()
output=tests/bench/results.md
while [ $# -gt 0 ]; do
    case "$1" in
        --quick) options+=(--quick) ;;
        --soak) [[ ${2:-} =~ ^[0-9]+$ ]] || { usage >&2; exit 2; }; options+=(--soak "$2"); shift ;;
        --output) output=${2:-}; shift ;;
        -h | --help) usage; exit 0 ;;
        *) usage >&2; exit 2 ;;
    esac
    shift || { usage >&2; exit 2; }
done

bash deploy/install-packages.sh bench
cmake --preset release -B build/bench -DPROCTOR_BENCH=ON >&2
cmake --build build/bench -j "$(nproc)" >&2
exec node tests/bench/report.mjs build/bench "$output" "${options[@]}"
