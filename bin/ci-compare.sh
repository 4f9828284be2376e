#!/usr/bin/env bash
# Compares a head with its base and says so where it is read: action.yml calls this, and so can any shell.
#
#   COMMBENCH_SCENARIO  name or file of the scenario
#   COMMBENCH_BASE      what makes the base's arm of `commbench ab`, a change a line: command=node base/server.js
#   COMMBENCH_HEAD      the same of the head's
#   COMMBENCH_RESULTS   in place of these three: two results, or folders of them, that are there already; a line each
#   COMMBENCH_MARGIN    changes up to this are none that matter (default: 5%)
#   COMMBENCH_OPTIONS   further options of `commbench ab` (of `compare`, where there are results), a word a line
#   COMMBENCH_FAIL_ON   verdicts that fail, of regressed, inconclusive, not-comparable (default: regressed)
#   COMMBENCH_OUT       folder for results and reports (default: commbench-comparison)
#   COMMBENCH_COMMAND   how commbench is called, in words (default: this checkout's own)
#
# Writes comparison.md, comparison.xml (JUnit) and comparison.json there. Exit code: 0, or that of a verdict that fails,
# be it of the whole or of a pattern (10 regressed, 11 inconclusive, 12 not comparable), 3 where a pattern failed or is
# missing on a side, or any other of `commbench ab`.
set -uo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
out=${COMMBENCH_OUT:-commbench-comparison}
margin=${COMMBENCH_MARGIN:-5%}
command=(node "$here/../bin/commbench.js")
if [[ -n ${COMMBENCH_COMMAND:-} ]]; then read -ra command <<<"$COMMBENCH_COMMAND"; fi
# A verdict that is misspelt would fail nothing, ever.
failing=${COMMBENCH_FAIL_ON:-regressed}
for one in ${failing//,/ }; do
  case $one in
    regressed | inconclusive | not-comparable) ;;
    *) echo "Expected COMMBENCH_FAIL_ON of regressed, inconclusive, not-comparable, found $one" >&2 && exit 2 ;;
  esac
done
mkdir -p "$out" || exit 6

# lines NAME TEXT: the lines of TEXT that hold anything, as the array NAME.
lines() {
  local -n into=$1
  into=()
  local line
  while IFS= read -r line; do
    [[ $line =~ [^[:space:]] ]] && into+=("$line")
  done <<<"$2"
}
lines options "${COMMBENCH_OPTIONS:-}"
lines sides "${COMMBENCH_RESULTS:-}"
judging=(--margin "$margin")
for report in markdown=md junit=xml json=json; do
  judging+=(--report "${report%=*}=$out/comparison.${report#*=}")
done

# What an earlier run left is no verdict of this one.
rm -f "$out"/comparison.{md,xml,json}
if ((${#sides[@]} == 0)); then
  lines base "${COMMBENCH_BASE:-}"
  lines head "${COMMBENCH_HEAD:-}"
  arms=()
  for change in "${base[@]}"; do arms+=(--a "$change"); done
  for change in "${head[@]}"; do arms+=(--b "$change"); done
  "${command[@]}" ab "${COMMBENCH_SCENARIO:-}" "${arms[@]}" --out "$out/result.json" "${judging[@]}" "${options[@]}"
else
  "${command[@]}" compare "${sides[@]}" "${judging[@]}" "${options[@]}"
fi
code=$?
# Without a verdict there is nothing to report: what went wrong was said.
case $code in 0 | 3 | 10 | 11 | 12) ;; *) exit "$code" ;; esac

# Of the whole, then of each pattern: one that regressed is not excused by another that can't be compared.
mapfile -t verdicts < <(sed -n '/^  "findings"/,/^  \]/s/^ \{6\}"verdict": "\([a-z-]*\)",$/\1/p' "$out/comparison.json")
verdict=${verdicts[0]:-}
[[ -n $verdict ]] || exit $((code == 3 ? 3 : 1))
fails=no
for found in "$verdict" regressed inconclusive not-comparable; do
  [[ " ${verdicts[*]} " == *" $found "* ]] || continue
  for one in ${failing//,/ }; do [[ $fails == no && $one == "$found" ]] && fails=$found; done
done

if [[ -n ${GITHUB_STEP_SUMMARY:-} ]]; then cat "$out/comparison.md" >>"$GITHUB_STEP_SUMMARY"; fi
if [[ -n ${GITHUB_OUTPUT:-} ]]; then
  printf 'verdict=%s\nreport=%s\n' "$verdict" "$out/comparison.md" >>"$GITHUB_OUTPUT"
fi
if [[ ${GITHUB_ACTIONS:-} == true ]]; then
  level=notice
  [[ $verdict == not-comparable ]] && level=warning
  [[ $fails != no || $code == 3 ]] && level=error
  # Without the escapes of Markdown; it is one line, and control characters were made visible.
  headline=$(sed -n 's/^\*\*\(.*\)\*\*$/\1/p' "$out/comparison.md" | head -n 1 | sed 's/<!-- -->//g; s/&lt;/</g; s/&amp;/\&/g' | tr -d '\\')
  # Of a workflow command % is the escape.
  printf '::%s title=commbench::%s\n' "$level" "${headline//%/%25}"
fi

# A pattern that was not run, or a trial that failed, has its own code; everything else by the verdict.
if ((code == 3)); then exit 3; fi
if [[ $fails == no ]]; then exit 0; fi
case $fails in regressed) exit 10 ;; inconclusive) exit 11 ;; *) exit 12 ;; esac
