#!/usr/bin/env bash
# Makes, once, the folder in which the tests run a real Home Assistant Core, and prints its path.
#
# It holds Debian forky (for Python 3.14) and Core with the requirements of the integrations in use. It is kept
# outside the repository, in ${AICLEANER_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/aicleaner}. A finished folder gets its
# name last, so an interrupted run starts over. Everything is mounted in a mount namespace of this script's own, so no
# mount outlives it, however it ends. It never writes a mirror or a registry of its own: it uses the machine's settings.
set -euo pipefail

readonly version=${AICLEANER_HOME_ASSISTANT_VERSION:-2026.11.0}
readonly suite=forky
# Raise this when the recipe below changes: older folders are then made anew.
readonly recipe=1
readonly integrations=(
  ai_task api auth camera config conversation generic hassio http image image_upload isal local_file local_todo
  media_source mqtt ollama onboarding person shopping_list todo websocket_api
)
readonly host_packages=(ca-certificates debootstrap mosquitto util-linux)
# The compiler is for two requirements that come as source only.
readonly core_packages=(ffmpeg g++ libturbojpeg0 python3.14-dev)

export HOME=${HOME:-/root}
cache=${AICLEANER_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/aicleaner}
readonly home="$cache/home-assistant-$version"
readonly root="$home/root"
readonly partial="$home/root.partial"

say() { printf '%s\n' "$*" >&2; }
fail() {
  say "error: $*"
  exit 1
}

# True when the folder was finished by this recipe.
is_ready() { [[ -f $root/.ready && $(<"$root/.ready") == "$recipe" ]]; }

missing_host_packages() {
  local package
  for package in "${host_packages[@]}"; do
    dpkg-query --show --showformat='${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' || printf '%s\n' "$package"
  done
}

install_host_packages() {
  local missing
  command -v dpkg-query >/dev/null || fail "this needs Debian or a system made from it (dpkg is missing)"
  mapfile -t missing < <(missing_host_packages)
  [[ ${#missing[@]} -eq 0 ]] && return
  [[ $EUID -eq 0 ]] || fail "these Debian packages are missing: ${missing[*]}. Install them, then run this as root"
  say "installing ${missing[*]}"
  DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "${missing[@]}" >&2 ||
    { apt-get update >&2 && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "${missing[@]}" >&2; }
}

# The addresses of the archives apt uses, each once.
list_mirrors() {
  # shellcheck disable=SC2016 # $(REPO_URI) is for apt to fill in
  apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' | awk '!seen[$0]++'
}

# The first of apt's own archives that has the suite.
find_mirror() {
  local release mirror mirrors
  [[ -n $(list_mirrors) ]] || apt-get update >&2
  release=$(mktemp)
  mapfile -t mirrors < <(list_mirrors)
  for mirror in "${mirrors[@]}"; do
    if /usr/lib/apt/apt-helper download-file "${mirror%/}/dists/$suite/Release" "$release" >/dev/null 2>&1; then
      rm -f "$release"
      printf '%s\n' "${mirror%/}"
      return
    fi
  done
  rm -f "$release"
  fail "none of apt's mirrors (${mirrors[*]}) has Debian $suite. Add one that has it to apt's sources"
}

# Gives the new system this machine's certificates, proxies, pip settings and name lookup.
copy_network_settings() {
  local bundle=${SSL_CERT_FILE:-/etc/ssl/certs/ca-certificates.crt} file
  install -D -m 644 "$bundle" "$partial/etc/ssl/certs/ca-certificates.crt"
  install -m 644 /etc/hosts /etc/resolv.conf "$partial/etc/"
  {
    printf 'Acquire::Check-Valid-Until "false";\nAcquire::Languages "none";\n'
    apt-config dump | grep -E '^Acquire::(http|https)::.*Proxy' || true
  } >"$partial/etc/apt/apt.conf.d/90machine"
  for file in /etc/pip.conf "$HOME/.pip/pip.conf" "${XDG_CONFIG_HOME:-$HOME/.config}/pip/pip.conf"; do
    if [[ -f $file ]]; then cat "$file" && printf '\n'; fi
  done >"$partial/etc/pip.conf"
}

# Runs a command inside the new system, with the settings of the network and none of this shell's other variables.
inside() {
  local bundle=/etc/ssl/certs/ca-certificates.crt name
  local environment=(HOME=/root LANG=C.UTF-8 PATH=/venv/bin:/usr/sbin:/usr/bin:/sbin:/bin DEBIAN_FRONTEND=noninteractive
    "SSL_CERT_FILE=$bundle" "REQUESTS_CA_BUNDLE=$bundle" "PIP_CERT=$bundle" PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
    PIP_ROOT_USER_ACTION=ignore)
  for name in http_proxy https_proxy no_proxy HTTP_PROXY HTTPS_PROXY NO_PROXY PIP_INDEX_URL PIP_EXTRA_INDEX_URL PIP_TRUSTED_HOST PIP_DEFAULT_TIMEOUT; do
    if [[ -n ${!name:-} ]]; then environment+=("$name=${!name}"); fi
  done
  chroot "$partial" /usr/bin/env -i "${environment[@]}" "$@" >&2
}

# Writes the requirements of the integrations in use, of those that every Core loads, and of what they depend on, to
# the given file of the new system.
list_requirements() {
  inside /venv/bin/python - "$1" "${integrations[@]}" <<'PYTHON'
import json, pathlib, sys
from homeassistant import bootstrap

components = pathlib.Path(bootstrap.__file__).parent / "components"
wanted = [*sys.argv[2:], *bootstrap.CORE_INTEGRATIONS, *bootstrap.DEFAULT_INTEGRATIONS]
seen, requirements = set(), set()
while wanted:
    name = wanted.pop()
    if name in seen:
        continue
    seen.add(name)
    manifest = json.loads((components / name / "manifest.json").read_text())
    requirements.update(manifest.get("requirements", []))
    wanted += manifest.get("dependencies", [])
pathlib.Path(sys.argv[1]).write_text("\n".join(sorted(requirements)) + "\n")
PYTHON
}

# Runs in a mount namespace of its own: see the last lines.
build() {
  local mirror
  local constraints=/venv/lib/python3.14/site-packages/homeassistant/package_constraints.txt
  # Nothing is mounted below it, since mounts end with the namespace they were made in; --one-file-system is a second guard.
  rm -rf --one-file-system "$partial" "$root"
  mkdir -p "$partial"
  mirror=$(find_mirror)

  say "1/4 Debian $suite with Python 3.14"
  debootstrap --variant=minbase --include=ca-certificates,python3.14,python3.14-venv \
    "$suite" "$partial" "$mirror" /usr/share/debootstrap/scripts/sid >&2
  copy_network_settings
  # Half a folder is thrown away, so there is no need to wait for the disk after each file.
  printf 'force-unsafe-io\n' >"$partial/etc/dpkg/dpkg.cfg.d/90throwaway"
  mount -t proc proc "$partial/proc"
  mount --rbind /sys "$partial/sys"
  mount --rbind /dev "$partial/dev"

  say "2/4 libraries"
  inside apt-get update -q
  inside apt-get install -q -y --no-install-recommends "${core_packages[@]}"
  inside apt-get clean

  say "3/4 Home Assistant Core $version"
  inside python3.14 -m venv /venv
  inside pip install -q "homeassistant==$version"

  say "4/4 requirements of the integrations"
  list_requirements /venv/requirements.txt
  inside pip install -q -c "$constraints" -r /venv/requirements.txt

  # From here on nothing leaves the machine: names are no longer looked up.
  printf 'nameserver 127.0.0.1\n' >"$partial/etc/resolv.conf"
  printf '127.0.0.1 localhost\n' >"$partial/etc/hosts"
  rm "$partial/etc/pip.conf" "$partial/etc/apt/apt.conf.d/90machine"
  mkdir -p "$partial/config"
  printf '%s\n' "$recipe" >"$partial/.ready"
  sync -f "$partial"
}

if [[ ${1:-} == --build ]]; then
  build
  exit
fi

if ! is_ready; then
  install_host_packages
  [[ $EUID -eq 0 ]] || fail "a real Home Assistant can only be prepared and started by root (it needs chroot and mounts)"
  mkdir -p "$home"
  exec {lock}>"$home/lock"
  flock "$lock"
  if ! is_ready; then
    unshare --mount --propagation private -- "${BASH_SOURCE[0]}" --build
    # The mounts were the namespace's, so this folder is free of them.
    mv "$partial" "$root"
  fi
fi
printf '%s\n' "$root"
