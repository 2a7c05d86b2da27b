#!/usr/bin/env bash
# The usual run: installs what is missing, builds with ASan and UBSan, checks the look of the code, and runs every test through CTest,
# whose summary ends the output. Works in a fresh clone on Debian 12, as root or through sudo; nothing but package registries is fetched.
set -euo pipefail
cd "$(dirname "$0")/.."
export DEBIAN_FRONTEND=noninteractive CTEST_OUTPUT_ON_FAILURE=1

step() { printf '\n== %s (%ss)\n' "$1" "$SECONDS"; }

step "Packages"
bash deploy/install-packages.sh tests

step "Node packages of the end-to-end tests"
npm ci --prefix tests/e2e --ignore-scripts --no-audit --no-fund --loglevel=error

step "HAPI's validator and HL7's converters; HAPI's server"
mvn -B -ntp -q -f tests/hapi/pom.xml dependency:build-classpath -Dmdep.outputFile="$PWD/build/hapi.classpath"
mvn -B -ntp -q -f tests/hapi/sandbox-pom.xml dependency:build-classpath -Dmdep.outputFile="$PWD/build/hapi-sandbox.classpath"

step "Build with ASan and UBSan"
cmake --preset asan
cmake --build --preset asan -j "$(nproc)"

step "Release build, for deploy/run.sh and the count of instructions"
cmake --preset release -DPROCTOR_BENCH=ON
cmake --build --preset release -j "$(nproc)"

step "Look of the code"
bash tests/lint.sh build/asan

step "Tests"
ctest --preset asan -j "$(nproc)" "$@"
