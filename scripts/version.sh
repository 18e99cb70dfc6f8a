#!/usr/bin/env bash
# Prints the version: aicleaner_v3/Cargo.toml is its only source.
set -euo pipefail
sed -n 's/^version = "\(.*\)"$/\1/p' "$(dirname "$0")/../aicleaner_v3/Cargo.toml" | head -1
