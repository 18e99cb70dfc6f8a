#!/usr/bin/env bash
# Makes sure that the named tools are here: installs them from Debian's packages when run as root, else says
# what to install. Does nothing when all is there.
set -euo pipefail

missing=()
for tool in "$@"; do
    case "$tool" in
        rust)
            command -v cargo >/dev/null || {
                echo "Rust is missing: install it with rustup (https://rustup.rs), then try again." >&2
                exit 1
            }
            # The bundled SQLite, the JPEG encoder and the TLS provider are compiled from C.
            command -v cc >/dev/null || missing+=(gcc libc6-dev)
            # Without this the encoder does without vector instructions, so nobody is stopped for it.
            [ "$(uname -m)" != x86_64 ] || [ "$(id -u)" -ne 0 ] || command -v nasm >/dev/null || missing+=(nasm)
            ;;
        unshare)
            command -v unshare >/dev/null || missing+=(util-linux)
            ;;
        mosquitto)
            [ -x /usr/sbin/mosquitto ] || command -v mosquitto >/dev/null || missing+=(mosquitto)
            ;;
        python-venv)
            python3 -c 'import ensurepip' 2>/dev/null || missing+=(python3-venv)
            ;;
        container-tools)
            for name in buildah podman runc; do
                command -v "$name" >/dev/null || missing+=("$name")
            done
            # Docker's init is tini.
            [ -x /usr/bin/tini-static ] || missing+=(tini)
            ;;
        qemu-aarch64)
            [ "$(uname -m)" = aarch64 ] || command -v qemu-aarch64-static >/dev/null || missing+=(qemu-user-static)
            ;;
        apparmor_parser)
            [ -x /sbin/apparmor_parser ] || command -v apparmor_parser >/dev/null || missing+=(apparmor)
            ;;
        rsvg-convert)
            command -v rsvg-convert >/dev/null || missing+=(librsvg2-bin fonts-dejavu-core)
            ;;
        musl-gcc)
            command -v musl-gcc >/dev/null || missing+=(musl-tools)
            ;;
        *)
            command -v "$tool" >/dev/null || missing+=("$tool")
            ;;
    esac
done

[ "${#missing[@]}" -gt 0 ] || exit 0
mapfile -t missing < <(printf '%s\n' "${missing[@]}" | sort -u)
if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null; then
    echo "Missing: ${missing[*]}. Install them (on Debian as root: apt-get install ${missing[*]}), then try again." >&2
    exit 1
fi
echo "Installing ${missing[*]} …"
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
# Packages that start services are not to do so here.
RUNLEVEL=1 apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
