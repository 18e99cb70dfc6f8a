#!/usr/bin/env bash
# Builds the static program for one architecture, x86_64 or aarch64, and packs it with its documents into dist/, and lists
# its parts in aicleaner_v3/aicleaner.cdx.json.
set -euo pipefail
cd "$(dirname "$0")/.."
arch="$1"
version="$(scripts/version.sh)"
name="aicleaner-$version-$arch-linux-musl"
target="$arch-unknown-linux-musl"
# As in image.sh.
(cd aicleaner_v3 && rustup target add "$target" &&
    RUSTFLAGS="" CFLAGS="-fno-sanitize=all" ../scripts/tools.sh build cargo auditable zigbuild --release --locked --bin aicleaner --target "$target")
scripts/sbom.sh
rm -rf "dist/$name"
mkdir -p "dist/$name"
cp "${CARGO_TARGET_DIR:-aicleaner_v3/target}/$target/release/aicleaner" LICENSE README.md CHANGELOG.md docs/configuration.md "dist/$name/"
# The same sources give the same archive.
tar --create --gzip --file "dist/$name.tar.gz" --directory dist --sort=name --owner=0 --group=0 --numeric-owner \
    --mtime="@$(git log -1 --format=%ct)" "$name"
rm -rf "dist/$name"
ls -l "dist/$name.tar.gz"
