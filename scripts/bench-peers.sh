#!/usr/bin/env bash
# Prints the path of a Python that has the libraries which we are measured against; makes it once, in the cache outside
# the repository.
set -euo pipefail

cache="${AICLEANER_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/aicleaner}/bench-peers"
if [ ! -e "$cache/finished-2" ]; then
    rm -rf "$cache"
    mkdir -p "$(dirname "$cache")"
    python3 -m venv "$cache" >&2
    "$cache/bin/pip" install --quiet --disable-pip-version-check \
        pillow==12.0.0 imagehash==4.3.2 opencv-python-headless==4.12.0.88 pyvips==3.0.0 pyvips-binary==8.17.3 \
        aiohttp==3.13.2 orjson==3.11.4 >&2
    touch "$cache/finished-2"
fi
echo "$cache/bin/python3"
