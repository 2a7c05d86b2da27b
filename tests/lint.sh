#!/usr/bin/env bash
# The look of the code: clang-format over everything, clang-tidy over what changed since the merge base (over everything with LINT_ALL=1,
# or where no base is known). Usage: tests/lint.sh BUILD_FOLDER   (one with compile_commands.json)
set -euo pipefail
cd "$(dirname "$0")/.."
build=${1:-build/asan}

pick() {  # the first of these tools that is installed
    for tool in "$@"; do command -v "$tool" >/dev/null && { echo "$tool"; return; }; done
    echo "lint: $1 is not installed" >&2
    exit 1
}

sources() { git ls-files -co --exclude-standard -- 'service/*.cpp' 'service/*.h' 'tests/*.cpp' 'tests/*.h'; }

check_format() {
    local format
    format=$(pick clang-format-14 clang-format)
    sources | xargs -r "$format" --dry-run -Werror
    echo "lint: format is clean ($(sources | wc -l) files)"
}

# The commit to compare with; empty when everything is to be checked. On the main branch itself that is the commit before.
merge_base() {
    [[ -n ${LINT_ALL:-} ]] && return
    local branch base
    for branch in "${LINT_BASE:-}" origin/main origin/master main master; do
        [[ -n $branch ]] && base=$(git merge-base HEAD "$branch" 2>/dev/null) || continue
        [[ $base == "$(git rev-parse HEAD)" ]] && base=$(git rev-parse -q --verify HEAD~1) || true
        echo "$base"
        return
    done
}

# Translation units of service/ that changed, or that include a header that did.
changed_units() {
    local base=$1 file
    if [[ -z $base ]] || ! git diff --quiet "$base" -- .clang-tidy; then
        git ls-files -co --exclude-standard -- 'service/*.cpp'
        return
    fi
    { git diff --name-only --diff-filter=d "$base" -- 'service/*.cpp' 'service/*.h'
      git ls-files -o --exclude-standard -- 'service/*.cpp' 'service/*.h'; } | while read -r file; do
        case $file in
            *.cpp) echo "$file" ;;
            *.h) grep -lF "#include \"${file#service/}\"" $(git ls-files -co --exclude-standard -- 'service/*.cpp') || true ;;
        esac
    done | sort -u
}

check_tidy() {
    local tidy units
    tidy=$(pick clang-tidy-14 clang-tidy)
    units=$(changed_units "$(merge_base)")
    [[ -z $units ]] && { echo "lint: nothing for clang-tidy"; return; }
    xargs -r -n 1 -P "$(nproc)" "$tidy" -p "$build" --quiet <<<"$units" 2> >(grep -v 'warnings\? generated\|^Suppressed\|^Use -header-filter' >&2)
    echo "lint: clang-tidy is clean ($(wc -l <<<"$units") files)"
}

[[ -f $build/compile_commands.json ]] || { echo "lint: no compile database in $build: run cmake --preset asan" >&2; exit 1; }
check_format
check_tidy
