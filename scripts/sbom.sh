#!/usr/bin/env bash
# Lists what the program is made of, from the lock file, as CycloneDX: aicleaner_v3/aicleaner.cdx.json
set -euo pipefail
cd "$(dirname "$0")/../aicleaner_v3"
../scripts/tools.sh sbom cargo cyclonedx --manifest-path Cargo.toml --format json --spec-version 1.5 --target all --quiet
rm -f testkit/aicleaner-testkit.cdx.json
ls -l aicleaner.cdx.json
