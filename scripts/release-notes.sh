#!/usr/bin/env bash
# Prints a version's part of the changelog: scripts/release-notes.sh 1.2.3
set -euo pipefail
awk -v heading="## $1" '
    $0 == heading { found = 1; next }
    found && /^## / { exit }
    found { print }
    END { if (!found) exit 1 }
' "$(dirname "$0")/../CHANGELOG.md"
