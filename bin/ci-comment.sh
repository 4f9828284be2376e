#!/usr/bin/env bash
# Posts a report as the comment of a pull request, or replaces the one that is there, if its author is the same. Called by
# action.yml; takes GitHub's own `gh`, signed in by GH_TOKEN.
#
#   COMMBENCH_REPORT        the Markdown file
#   COMMBENCH_PULL_REQUEST  its number
#   GITHUB_REPOSITORY       owner/name
set -euo pipefail

# By it the comment is found again; nobody sees it. Another report of the same pull request has a comment of its own.
marker="<!-- commbench comparison: $COMMBENCH_REPORT -->"
comments="repos/$GITHUB_REPOSITORY/issues/$COMMBENCH_PULL_REQUEST/comments"
body=$(mktemp)
trap 'rm -f "$body"' EXIT
printf '%s\n\n' "$marker" >"$body"
cat "$COMMBENCH_REPORT" >>"$body"

# Anybody may write a comment that begins with the marker. A token of GitHub Actions may not ask who it is.
author=$(gh api user --jq .login 2>/dev/null) || author=''
[[ -n $author ]] || author='github-actions[bot]'
written=$(MARKER=$marker gh api --paginate "$comments" --jq '.[] | select(.body | startswith(env.MARKER)) | "\(.id) \(.user.login)"')
earlier=
while read -r id by; do
  if [[ $id =~ ^[0-9]+$ && $by == "$author" ]]; then
    earlier=$id
    break
  fi
done <<<"$written"
if [[ -n $earlier ]]; then
  gh api --method PATCH "repos/$GITHUB_REPOSITORY/issues/comments/$earlier" -F "body=@$body" >/dev/null
else
  gh api --method POST "$comments" -F "body=@$body" >/dev/null
fi
