#!/usr/bin/env bash
# Builds the app's image for both architectures on this machine, without a registry: aicleaner:VERSION-amd64 and
# aicleaner:VERSION-aarch64. Where the build's base image can be had, the Dockerfile's own build stage makes the
# program; elsewhere cargo zigbuild does (AICLEANER_IMAGE_PROGRAM=zigbuild or =dockerfile says which). The final stage
# is the Dockerfile's in any case. AICLEANER_IMAGE_ARCH=amd64 builds one only.
set -euo pipefail
cd "$(dirname "$0")/.."
app=aicleaner_v3
version="$(sed -n 's/^version = "\(.*\)"/\1/p' $app/Cargo.toml | head -1)"
base="$(sed -n 's/^ARG BUILD_FROM=//p' $app/Dockerfile)"
target="${CARGO_TARGET_DIR:-$PWD/$app/target}"
work="$target/image"
read -r -a arches <<<"${AICLEANER_IMAGE_ARCH:-amd64 aarch64}"

tool=""
for name in buildah podman docker; do
    if command -v "$name" >/dev/null; then
        tool="$name"
        break
    fi
done
if [ -z "$tool" ]; then
    scripts/need.sh container-tools
    tool=buildah
fi

# Images are kept beside the build, not among a person's own; vfs needs nothing of the kernel.
tools=("$tool")
if [ "$tool" != docker ]; then
    tools+=(--storage-driver vfs --root "$work/store" --runroot "$work/run")
fi
mkdir -p "$work"

rust_target() { case "$1" in amd64) echo x86_64-unknown-linux-musl ;; aarch64) echo aarch64-unknown-linux-musl ;; esac; }
platform() { case "$1" in amd64) echo linux/amd64 ;; aarch64) echo linux/arm64 ;; esac; }

can_have_base() { timeout 60 "${tools[@]}" pull --quiet "$base" >/dev/null 2>&1; }
program="${AICLEANER_IMAGE_PROGRAM:-}"
if [ -z "$program" ]; then
    if can_have_base; then program=dockerfile; else program=zigbuild; fi
fi
echo "Building with $tool; the program comes from $program." >&2

# The static program, laid out like the build stage of the Dockerfile.
build_program() {
    local arch="$1" name stage
    name="$(rust_target "$arch")"
    stage="$work/stage-$arch/out"
    rustup target list --installed | grep -qx "$name" || (cd $app && rustup target add "$name")
    # Sanitizers of zig's C compiler would be linked otherwise; its linker can't pack relocations (.cargo/config.toml).
    (cd $app && RUSTFLAGS="" CFLAGS="-fno-sanitize=all" ../scripts/tools.sh build cargo auditable zigbuild --release --locked --bin aicleaner --target "$name" --target-dir "$target")
    rm -rf "$stage"
    mkdir -p "$stage/data"
    cp "$target/$name/release/aicleaner" "$stage/aicleaner"
}

for arch in "${arches[@]}"; do
    image="aicleaner:$version-$arch"
    options=(--build-arg "BUILD_ARCH=$arch" --build-arg "BUILD_VERSION=$version" --tag "$image" --file "$app/Dockerfile")
    if [ "$program" = zigbuild ]; then
        build_program "$arch"
        options+=(--build-context "build=$work/stage-$arch")
    fi
    case "$tool" in
        docker) docker buildx build --load --platform "$(platform "$arch")" "${options[@]}" $app ;;
        # Without the docker format the health check would be lost.
        buildah) "${tools[@]}" build --quiet --isolation chroot --format docker --platform "$(platform "$arch")" "${options[@]}" $app ;;
        podman) "${tools[@]}" build --quiet --format docker --platform "$(platform "$arch")" "${options[@]}" $app ;;
    esac
    # As a registry would store it: one compressed layer after the other.
    rm -rf "$work/layers-$arch"
    if [ "$tool" = docker ]; then
        mkdir -p "$work/layers-$arch"
        docker save "$image" | gzip >"$work/layers-$arch/image.tar.gz"
    else
        "${tools[@]}" push --quiet --format oci "$image" "oci:$work/layers-$arch:latest"
    fi
    echo "$image: $(du -sb "$work/layers-$arch" | cut -f1) bytes compressed" >&2
done
