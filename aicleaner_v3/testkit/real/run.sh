#!/bin/sh
# Runs one Home Assistant Core: run.sh ROOT CONFIG. Must be started in mount and process namespaces of its own, so that
# the mounts made here and every process end with it. ROOT (made by prepare.sh) is only read and can be shared by many.
set -eu
root=$1
config=$2

mount --bind "$root" "$root"
mount -o remount,ro,bind "$root"
mount -t proc proc "$root/proc"
mount --rbind /dev "$root/dev"
mount -t tmpfs tmpfs "$root/tmp"
mount -t tmpfs tmpfs "$root/run"
mount --bind "$config" "$root/config"
exec chroot "$root" /usr/bin/env -i HOME=/config LANG=C.UTF-8 PATH=/venv/bin:/usr/bin:/bin \
  /venv/bin/python -m homeassistant --config /config --skip-pip --log-no-color
