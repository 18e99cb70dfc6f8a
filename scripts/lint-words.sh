#!/usr/bin/env bash
# Looks for the words of scripts/retired-words.txt in the tracked files, names each place with what to write instead, and
# fails if there is one. `--self-check` plants a word in a scratch repository and fails unless it is found.
set -euo pipefail
here="$(cd "$(dirname "$0")" && pwd)"
list="$here/retired-words.txt"

# Not searched:
excluded=(
    ':!scripts/retired-words.txt' # the list itself
    ':!scripts/lint-words.sh'     # the word that the self-check plants
    ':!CHANGELOG.md' ':!*/CHANGELOG.md' # what was released is told as it was
    ':!*.lock'                    # names of other people's packages
    ':!*.svg' ':!*.png'           # no text
    ':!*/migrations/*.sql'        # a released migration is never changed
)

# Prints what was found in the work tree of the current directory; fails if anything was.
search() {
    local found=0 line pattern instead hits
    while IFS= read -r line; do
        [[ -n "$line" && "$line" != '#'* ]] || continue
        pattern="${line%% -> *}"
        instead="${line#* -> }"
        if [ "$pattern" = "$line" ] || [ -z "$pattern" ] || [ -z "$instead" ]; then
            echo "retired-words.txt: found \"$line\", expected PATTERN -> WHAT TO WRITE" >&2
            return 2
        fi
        # 0 is found, 1 is not found, all else is a pattern that grep can't read.
        local result=0
        hits="$(git grep --line-number --only-matching --extended-regexp -I -e "$pattern" -- . "${excluded[@]}")" || result=$?
        [ "$result" -le 1 ] || return "$result"
        if [ "$result" -eq 0 ]; then
            found=1
            while IFS= read -r hit; do echo "$hit: write: $instead"; done <<<"$hits"
        fi
    done <"$list"
    return "$found"
}

self_check() {
    local scratch told result=0
    scratch="$(mktemp -d)"
    # shellcheck disable=SC2064 # the folder of now
    trap "rm -rf '$scratch'" EXIT
    cd "$scratch"
    git init --quiet
    mkdir sub
    echo 'Nothing to find here.' >sub/file.md
    echo 'make papers was its name' >CHANGELOG.md
    git add .
    search >/dev/null || { echo "lint-words.sh finds words where there are none" >&2; exit 1; }
    printf 'First line.\nRun make papers now.\n' >sub/file.md
    told="$(search)" || result=$?
    if [ "$result" -ne 1 ] || [ "$told" != 'sub/file.md:2:make papers: write: make generate' ]; then
        echo "lint-words.sh does not find a planted word: $told" >&2
        exit 1
    fi
}

if [ "${1:-}" = --self-check ]; then
    self_check
    exit 0
fi
cd "$here/.."
search || {
    echo "These words are retired: see scripts/retired-words.txt." >&2
    exit 1
}
