#!/usr/bin/env bash
# The full run, of hours: the usual run and what takes too long for it. It goes on after a part that failed, and ends with what each part came to.
#   bash tests/full.sh [PART...]     usual fuzz tsan torture bench; all of them without a name
#   PROCTOR_FUZZ_RUNS=100000 bash tests/full.sh fuzz      fewer executions a target (1,000,000)
#   PROCTOR_FUZZ_TARGETS="url jwt" bash tests/full.sh fuzz      some of the targets
set -uo pipefail
cd "$(dirname "$0")/.."
parts=(${@:-usual fuzz tsan torture bench})
reports=build/full
summary=()
failed=0

# note NAME STATUS TEXT: a line of the summary.
note() {
    local word=passed
    (($2 == 0)) || { word=FAILED; failed=1; }
    summary+=("$(printf '%-24s %-7s %s' "$1" "$word" "$3")")
    printf '%s\n' "${summary[-1]}"
}

# logged NAME COMMAND...: its output to the terminal and to a file.
logged() {
    local name=$1
    shift
    "$@" 2>&1 | tee "$reports/$name.log"
}

# What CTest said last: "100% tests passed, 0 tests failed out of 7".
ctest_line() { grep -h 'tests passed' "$1" | tail -1; }

usual() {
    logged usual bash tests/run.sh
    note usual $? "$(ctest_line $reports/usual.log)"
}

# ---- fuzz: every target so many executions, from its kept corpus and what earlier runs found

statistic() { sed -n "s/^stat::$2: *//p" "$1"; }

fuzz_target() {
    local target=$1 found=build/fuzz/corpus/$1 log=$reports/fuzz-$1.log status
    mkdir -p "$found"
    ASAN_OPTIONS=malloc_context_size=8 "build/fuzz/tests/fuzz/${target}_fuzz" -runs="${PROCTOR_FUZZ_RUNS:-1000000}" -max_len=8192 -timeout=10 -rss_limit_mb=2048 \
        -entropic=0 -dict=tests/fuzz/words.dict -print_final_stats=1 -artifact_prefix="$reports/$target-" "$found" "tests/fuzz/seeds/$target" >"$log" 2>&1
    status=$?
    note "fuzz $target" $status "$(statistic "$log" number_of_executed_units) executions, coverage $(grep -o 'cov: [0-9]*' "$log" | tail -1 | cut -c6-), \
$(statistic "$log" average_exec_per_sec) a second, $(statistic "$log" peak_rss_mb) MB"
    ((status == 0)) || grep -h 'SUMMARY\|Test unit written' "$log"
}

fuzz() {
    cmake --preset fuzz >"$reports/fuzz-build.log" && cmake --build --preset fuzz -j "$(nproc)" --target fuzzers >>"$reports/fuzz-build.log" 2>&1 ||
        { note "fuzz build" 1 "see $reports/fuzz-build.log"; return; }
    local source target
    for source in tests/fuzz/*_fuzz.cpp; do
        target=$(basename "$source" _fuzz.cpp)
        if [[ " ${PROCTOR_FUZZ_TARGETS:-$target} " == *" $target "* ]]; then fuzz_target "$target"; fi
    done
}

# ---- tsan: every unit test, and the program under concurrent load with reloads; a report anywhere fails

tsan() {
    logged tsan-build cmake --preset tsan
    logged tsan-build cmake --build --preset tsan -j "$(nproc)" || { note "tsan build" 1 "see $reports/tsan-build.log"; return; }
    local races
    races=$(mktemp -d /tmp/proctor-tsan-XXXXXX)  # the service's own user writes there
    chmod 1777 "$races"
    export TSAN_OPTIONS="log_path=$races/report second_deadlock_stack=1"
    logged tsan-units ctest --preset tsan -j "$(nproc)" -LE 'e2e|sources|differential|hapi|fuzz'
    note "tsan unit tests" $? "$(ctest_line $reports/tsan-units.log)"
    logged tsan-load ctest --preset tsan -R '^e2e\.(reload|hooks|feedback|metrics|audit|concurrency)$'
    note "tsan load" $? "$(ctest_line $reports/tsan-load.log)"
    unset TSAN_OPTIONS
    local count
    count=$(find "$races" -type f | wc -l)
    cat "$races"/* 2>/dev/null
    note "tsan reports" "$count" "$count"
    rm -rf "$races"
}

# ---- torture: every value of three requests replaced by everything; the overload tests in full size, against the Release program as shipped

torture() {
    local file count=0
    cmake --preset asan >"$reports/asan-build.log" && cmake --build --preset asan -j "$(nproc)" --target app_test >>"$reports/asan-build.log" 2>&1 &&
        PROCTOR_FULL=1 logged torture-values build/asan/tests/app_test --gtest_filter='Torture.*'
    note "torture of values" $? "$(grep -c 'OK \]' $reports/torture-values.log) of 3 requests"
    cmake --preset release >"$reports/release-build.log" && cmake --build --preset release -j "$(nproc)" >>"$reports/release-build.log" 2>&1 ||
        { note "release build" 1 "see $reports/release-build.log"; return; }
    for file in $(grep -l PROCTOR_FULL tests/e2e/*.test.mjs tests/e2e/support/*.mjs | xargs -rn1 basename | sed -n 's/\.test\.mjs$//p'); do
        PROCTOR_FULL=1 PROCTOR_BINARY=$PWD/build/release/proctor logged "torture-$file" node --test --test-reporter=spec "tests/e2e/$file.test.mjs"
        note "torture $file" $? "$(sed -n 's/^ℹ \(pass [0-9]*\)/\1/p' "$reports/torture-$file.log") $(sed -n 's/^ℹ \(fail [0-9]*\)/\1/p' "$reports/torture-$file.log")"
        ((++count))
    done
    ((count > 0)) || note torture 1 "no test reads PROCTOR_FULL"
}

bench() {
    logged bench bash tests/bench/run.sh --quick --output "$reports/bench.md"
    note bench $? "see $reports/bench.md"
}

mkdir -p "$reports"
for part in "${parts[@]}"; do
    case $part in
        usual | fuzz | tsan | torture | bench) printf '\n== %s (%ss)\n' "$part" "$SECONDS" && "$part" ;;
        *) echo "full: no part is called $part: usual fuzz tsan torture bench" >&2 && exit 2 ;;
    esac
done
printf '\n== Summary (%ss)\n' "$SECONDS"
printf '%s\n' "${summary[@]}"
exit "$failed"
