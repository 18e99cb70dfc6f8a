#!/usr/bin/env bash
# The part of scripts/test-readme.sh that mounts: in a mount namespace of its own, so that no mount outlives it.
set -euo pipefail
base="$1"
root="$(mktemp -d)"
mount -t tmpfs -o size=12G tmpfs "$root"
cp -a "$base/." "$root/"
for folder in proc sys dev; do mount --rbind "/$folder" "$root/$folder"; done
# The machine's way to the registries, and its Rust.
cp -L /etc/resolv.conf /etc/hosts "$root/etc/"
cp -a /etc/ssl/certs/. "$root/etc/ssl/certs/"
cp -a /usr/local/share/ca-certificates/. "$root/usr/local/share/ca-certificates/" 2>/dev/null || true
cp -a /etc/apt/. "$root/etc/apt/"
cp /etc/pip.conf "$root/etc/" 2>/dev/null || true
cargo="${CARGO_HOME:-$HOME/.cargo}"
rustup="${RUSTUP_HOME:-$HOME/.rustup}"
mkdir -p "$root/root/.rustup" "$root/root/.cargo"
mount --bind "$rustup" "$root/root/.rustup"
cp -a "$cargo/bin" "$root/root/.cargo/"
for file in config.toml config env; do cp -a "$cargo/$file" "$root/root/.cargo/" 2>/dev/null || true; done
git clone --quiet . "$root/root/aicleaner"

inside() { chroot "$root" /usr/bin/env -i HOME=/root TERM=dumb PATH=/root/.cargo/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin DEBIAN_FRONTEND=noninteractive "$@"; }
log="$root/root/demo.log"

echo "make demo …"
# A group of its own, so that all of it can be ended.
export -f inside
export root
setsid bash -c 'inside bash -c "cd /root/aicleaner && exec make demo"' >"$log" 2>&1 &
demo=$!
seen=no
for _ in $(seq 3600); do
    if grep -q "task done" "$log"; then
        seen=yes
        break
    fi
    kill -0 "$demo" 2>/dev/null || break
    sleep 1
done
tail -n 20 "$log"
kill -TERM -- "-$demo" 2>/dev/null || true
wait "$demo" || true
[ "$seen" = yes ] || { echo "make demo did not show a room being cleaned." >&2; exit 1; }

echo "make test …"
inside bash -c 'cd /root/aicleaner && exec make test'
echo "Both commands of the README work on a bare Debian 12."
