#!/usr/bin/env bash
# Prints the path of a Python that has the libraries which the picture pipeline is measured against; makes it once, in
# the cache outside the repository.
set -euo pipefail

cache="${AICLEANER_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/aicleaner}/bench-peers"
if [ ! -e "$cache/finished" ]; then
    rm -rf "$cache"
    mkdir -p "$(dirname "$cache")"
    python3 -m venv "$cache" >&2
    "$cache/bin/pip" install --quiet --disable-pip-version-check \
        pillow==12.0.0 imagehash==4.3.2 opencv-python-headless==4.12.0.88 pyvips==3.0.0 pyvips-binary==8.17.3 >&2
    touch "$cache/finished"
fi
echo "$cache/bin/python3"
