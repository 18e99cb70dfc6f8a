#!/usr/bin/env bash
# Pulls a published image with docker and runs it as Supervisor does: scripts/run-published.sh IMAGE. It must become
# healthy, be its own user, and obey SIGTERM.
set -euo pipefail
image="$1"
data="$(mktemp -d)"
echo '{"zones": [], "providers": [], "budget": {}, "mqtt": {}}' >"$data/options.json"
chmod 600 "$data/options.json"
docker pull --quiet "$image"
container="$(sudo docker run --detach --init --network none --env SUPERVISOR_TOKEN=not-a-real-token --volume "$data:/data" "$image")"
trap 'sudo docker rm --force "$container" >/dev/null' EXIT

healthy=no
for _ in $(seq 60); do
    if [ "$(sudo docker inspect --format '{{.State.Health.Status}}' "$container")" = healthy ]; then
        healthy=yes
        break
    fi
    sleep 1
done
sudo docker logs "$container"
[ "$healthy" = yes ] || { echo "It did not become healthy within a minute." >&2; exit 1; }

# Docker's init is the first process and stays root's; the program is its child.
users="$(sudo docker top "$container" -eo uid,comm | awk '$2 == "aicleaner" { print $1 }')"
[ "$users" = 65532 ] || { echo "It runs as $users, expected 65532." >&2; exit 1; }

sudo docker stop --time 15 "$container" >/dev/null
code="$(sudo docker inspect --format '{{.State.ExitCode}}' "$container")"
[ "$code" = 0 ] || { echo "It ended with $code, expected 0." >&2; exit 1; }
echo "$image runs."
