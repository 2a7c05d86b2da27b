#!/usr/bin/env bash
# The Debian packages that Proctor needs, listed once.
#   deploy/install-packages.sh [--check] GROUP...     GROUP: build, run, tests (all that tests/run.sh needs, with build and run),
#                                                     bench (all that tests/bench/run.sh needs)
# Installs what is missing (as root). --check only prints what is missing and fails if anything is.
set -euo pipefail

build=(g++ cmake ninja-build pkg-config ccache nlohmann-json3-dev libsimdjson-dev libre2-dev libutf8proc-dev libcli11-dev libspdlog-dev
       libvalijson-dev libhowardhinnant-date-dev libcpp-httplib-dev libssl-dev libcurl4-openssl-dev libsqlite3-dev libsqlitecpp-dev libpq-dev
       prometheus-cpp-dev nodejs npm python3)
run=(nginx-light curl openssl ca-certificates tzdata)
tests=("${build[@]}" "${run[@]}" libgtest-dev libgmock-dev libbenchmark-dev git clang-14 clang-format-14 clang-tidy-14 libclang-rt-14-dev procps
       valgrind maven openjdk-17-jdk-headless postgresql chromium systemd strace binutils)
bench=("${build[@]}" "${run[@]}" libbenchmark-dev valgrind wrk git procps)

check=false
packages=()
for argument in "$@"; do
    case "$argument" in
        --check) check=true ;;
        build) packages+=("${build[@]}") ;;
        run) packages+=("${run[@]}") ;;
        tests) packages+=("${tests[@]}") ;;
        bench) packages+=("${bench[@]}") ;;
        *) echo "install-packages.sh: unknown group \"$argument\"; there are build, run, tests and bench" >&2; exit 2 ;;
    esac
done

# A package counts as there when it is installed, or when the program it brings is.
present() {
    case "$1" in
        nginx-light) grep -qs max_headers "$(command -v nginx || echo /usr/sbin/nginx)" ;;  # older ones do not know it
        nodejs) command -v node >/dev/null ;;
        npm) command -v npm >/dev/null ;;
        maven) command -v mvn >/dev/null ;;
        openjdk-17-jdk-headless) command -v javac >/dev/null ;;
        *) dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null | grep -q '^installed$' ;;
    esac
}

missing=()
for package in "${packages[@]}"; do
    present "$package" || missing+=("$package")
done
[ ${#missing[@]} -eq 0 ] && exit 0
if $check; then
    echo "${missing[*]}"
    exit 1
fi
if [ "$(id -u)" -ne 0 ]; then
    echo "These Debian packages are missing; install them as root: apt-get install ${missing[*]}" >&2
    exit 1
fi
export DEBIAN_FRONTEND=noninteractive
echo "Installing ${missing[*]}" >&2
# Debian starts a freshly installed nginx on port 80 of every address. Ours is started by hand, on loopback.
readonly policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
    trap 'rm -f "$policy"' EXIT
    printf '#!/bin/sh\nexit 101\n' >"$policy"
    chmod 755 "$policy"
fi
{ apt-get update -q && apt-get install -q -y --no-install-recommends "${missing[@]}"; } >&2
