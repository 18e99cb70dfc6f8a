#!/usr/bin/env bash
# Installs LiteLLM's proxy once, into a virtual environment outside the repository, and prints the path of its program.
#
# It is kept in ${AICLEANER_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/aicleaner}. A finished folder gets its name last, so an
# interrupted run starts over. pip uses the machine's own settings.
set -euo pipefail

readonly version=1.106.2
export HOME=${HOME:-/root}
cache=${AICLEANER_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/aicleaner}
readonly home="$cache/litellm-$version"

if [[ ! -x $home/bin/litellm ]]; then
  mkdir -p "$cache"
  exec {lock}>"$cache/litellm.lock"
  flock "$lock"
  if [[ ! -x $home/bin/litellm ]]; then
    printf 'installing LiteLLM %s\n' "$version" >&2
    # A virtual environment can't be moved: half of one is told by its missing mark.
    rm -rf "$home"
    python3 -m venv "$home"
    "$home/bin/pip" install --quiet --disable-pip-version-check "litellm[proxy]==$version" >&2 || {
      rm -rf "$home"
      printf 'error: pip could not install litellm[proxy]==%s\n' "$version" >&2
      exit 1
    }
  fi
fi
printf '%s\n' "$home/bin/litellm"
