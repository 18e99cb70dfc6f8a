#!/usr/bin/env bash
# Tries a bump in a scratch clone: every place changes, the changelogs agree, the tag is there, and the test that
# compares the places passes before and after, and fails on a disagreement made by hand.
set -euo pipefail
cd "$(dirname "$0")/.."
scratch="$(mktemp -d)"
trap 'rm -rf "$scratch"' EXIT
git clone --quiet . "$scratch/clone"
export CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-$PWD/aicleaner_v3/target}"
agreement() { (cd "$scratch/clone/aicleaner_v3" && cargo test --quiet --locked --test it store::versions >/dev/null 2>&1); }

cd "$scratch/clone"
agreement || { echo "The versions disagree before the bump." >&2; exit 1; }
old="$(scripts/version.sh)"
make --silent bump LEVEL=minor
new="$(scripts/version.sh)"
[ "$old" != "$new" ]
git rev-parse --quiet --verify "refs/tags/v$new" >/dev/null
[ "$(sed -n 's/^## //p' CHANGELOG.md | head -1)" = "$new" ]
[ -z "$(git status --porcelain)" ]
agreement || { echo "The versions disagree after the bump." >&2; exit 1; }
sed -i 's/^version: .*/version: "9.9.9"/' aicleaner_v3/config.yaml
if agreement; then
    echo "A disagreement made by hand was not noticed." >&2
    exit 1
fi
echo "$old -> $new works: every place, both changelogs, the tag; a disagreement is noticed."
