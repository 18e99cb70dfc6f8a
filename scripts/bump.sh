#!/usr/bin/env bash
# Makes the next version: scripts/bump.sh patch|minor|major. Sets it in every place that names it, writes the
# changelogs from the commits since the last one, commits and tags. Pushing the tag is the release (docs/releasing.md).
set -euo pipefail
cd "$(dirname "$0")/.."
app=aicleaner_v3
level="${1:-}"
old="$(scripts/version.sh)"
IFS=. read -r major minor patch <<<"$old"
case "$level" in
    patch) new="$major.$minor.$((patch + 1))" ;;
    minor) new="$major.$((minor + 1)).0" ;;
    major) new="$((major + 1)).0.0" ;;
    *)
        echo "Say which: make bump LEVEL=patch, LEVEL=minor or LEVEL=major (now it is $old)." >&2
        exit 2
        ;;
esac
if [ -n "$(git status --porcelain --untracked-files=no)" ]; then
    echo "There are changes that are not committed: commit them, or put them aside, then try again." >&2
    exit 1
fi
if git rev-parse --quiet --verify "refs/tags/v$new" >/dev/null; then
    echo "There is a tag v$new already." >&2
    exit 1
fi

section="$(mktemp)"
trap 'rm -f "$section"' EXIT
scripts/tools.sh release git-cliff --config scripts/cliff.toml --unreleased --tag "v$new" --strip all >"$section"

sed -i "s/^version = \"$old\"$/version = \"$new\"/" $app/Cargo.toml
sed -i "s/^version: \"$old\"$/version: \"$new\"/" $app/config.yaml
for lock in $app/Cargo.lock $app/fuzz/Cargo.lock; do
    sed -i "/^name = \"aicleaner\(-[a-z]*\)\{0,1\}\"$/{n;s/\"$old\"/\"$new\"/}" "$lock"
done
git ls-files 'docs/*.md' README.md $app/README.md $app/DOCS.md | xargs sed -i "s/\(aicleaner_v3:\)$old\b/\1$new/g"
# The newest first, under the heading. The store shows the app's own copy.
{
    head -n 2 CHANGELOG.md
    cat "$section"
    echo
    tail -n +3 CHANGELOG.md
} >"$section.whole"
mv "$section.whole" CHANGELOG.md
cp CHANGELOG.md $app/CHANGELOG.md

git add --update
author="$(git log -1 --format=%an)"
email="$(git log -1 --format=%ae)"
git -c user.name="$(git config user.name || echo "$author")" -c user.email="$(git config user.email || echo "$email")" \
    commit --quiet --message "chore(release): $new"
git -c user.name="$(git config user.name || echo "$author")" -c user.email="$(git config user.email || echo "$email")" \
    tag --annotate --message "AICleaner $new" "v$new"
echo "$old -> $new, committed and tagged v$new. Look at it (git show), then push the tag: docs/releasing.md."
