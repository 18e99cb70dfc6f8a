#!/usr/bin/env bash
# Do the README's two commands work on a fresh clone in a bare Debian 12 that has only git, make and Rust? Makes such a
# system with debootstrap (as root) and runs them there: `make demo` until a room was cleaned, and `make test`.
set -euo pipefail
cd "$(dirname "$0")/.."
[ "$(id -u)" -eq 0 ] || { echo "This makes a Debian of its own: run it as root." >&2; exit 1; }
scripts/need.sh debootstrap unshare
cache="${AICLEANER_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/aicleaner}"
base="$cache/debian-12"
if [ ! -e "$base/.ready" ]; then
    rm -rf "$base"
    mkdir -p "$cache"
    # shellcheck disable=SC2016 # $(REPO_URI) is for apt to fill in
    mirror="$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Codename: bookworm' | head -1)"
    debootstrap --variant=minbase --include=ca-certificates,git,make bookworm "$base" ${mirror:+"$mirror"} >&2
    touch "$base/.ready"
fi
exec unshare --mount --propagation private scripts/test-readme-inside.sh "$base"
