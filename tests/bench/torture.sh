#!/usr/bin/env bash
# What overload costs, in milliseconds: the scenarios of tests/e2e/overload.test.mjs against nginx and the Release program on this machine, as one
# Markdown table with goals. Takes about three minutes; whatever else runs here is in the figures. Usage: bash tests/bench/torture.sh
set -euo pipefail
cd "$(dirname "$0")/../.."
if [ ! -x build/release/proctor ]; then
    cmake --preset release >&2
    cmake --build --preset release --target proctor >&2
fi
[ -d tests/e2e/node_modules ] || npm ci --prefix tests/e2e --ignore-scripts --no-audit --no-fund --loglevel=error >&2
exec node tests/bench/torture.mjs
