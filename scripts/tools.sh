#!/usr/bin/env bash
# Runs a command with one of the project's sets of pinned tools on its path: scripts/tools.sh SET COMMAND…
# What comes from Python's index is pinned in scripts/tools/, what is compiled below. They are installed once, into ${AICLEANER_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/aicleaner},
# and again when a set changes. Needs Python 3 and, for what is compiled, Rust.
set -euo pipefail
here="$(cd "$(dirname "$0")" && pwd)"
set_name="$1"
shift
cache="${AICLEANER_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/aicleaner}/tools"
pins="$here/tools/$set_name.txt"
[ -e "$pins" ] || pins=/dev/null
folder="$cache/$set_name-$(sha256sum "$pins" | cut -c1-12)"

if [ -s "$pins" ] && [ ! -e "$folder/.ready" ]; then
    "$here/need.sh" python-venv
    echo "Installing the $set_name tools …" >&2
    rm -rf "$folder"
    python3 -m venv "$folder"
    # Binaries only: a source package would run its own installer. The hashes are those of the reviewed files.
    "$folder/bin/pip" install --quiet --disable-pip-version-check --require-hashes --only-binary :all: --requirement "$pins" >&2
    touch "$folder/.ready"
fi

# Cargo's own helpers come from source, each with its own lock file: cargo/NAME-VERSION.
compiled() {
    local name="$1" number="$2" root="$cache/$1-$2"
    if [ ! -x "$root/bin/$name" ]; then
        "$here/need.sh" rust
        echo "Compiling $name $number (some minutes, once) …" >&2
        cargo install --quiet --locked --debug --version "$number" --root "$root.partial" --target-dir "$cache/target" "$name" >&2
        rm -rf "$cache/target" "$root"
        mv "$root.partial" "$root"
    fi
    PATH="$root/bin:$PATH"
}
case "$set_name" in
    lint) compiled cargo-deny 0.20.2 ;;
    audit) compiled cargo-machete 0.9.2 ;;
    build) compiled cargo-auditable 0.7.7 ;;
    coverage) compiled cargo-llvm-cov 0.9.1 ;;
    sbom) compiled cargo-cyclonedx 0.5.9 ;;
esac

PATH="$folder/bin:$PATH" exec "$@"
