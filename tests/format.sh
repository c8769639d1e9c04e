#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Every C file is as .clang-format has it, scripts parse, and every file says its licence. TAP.
set -uo pipefail

cd "$(dirname "$0")/.." || exit 1
count=0 failed=0
format=$(command -v clang-format-14 || command -v clang-format)

sources() { # PATTERN...
    if git rev-parse --git-dir >/dev/null 2>&1; then
        git ls-files --cached --others --exclude-standard -- "$@"
    else
        find . -name build\* -prune -o -type f -print | sed 's|^\./||' |
            while read -r path; do
                for pattern; do
                    # shellcheck disable=SC2254 # it is a pattern
                    case $path in $pattern) echo "$path" ;; esac
                done
            done
    fi
}

check() { # NAME OUTPUT: passes if there is none
    count=$((count + 1))
    if [ -z "$2" ]; then
        echo "ok $count - $1"
    else
        failed=1
        echo "not ok $count - $1"
        head -n 20 <<<"$2" | sed 's/^/# /'
    fi
}

check "clang-format is there" "$([ -n "$format" ] || echo "no clang-format")"
check "C files are formatted" \
    "$(sources '*.c' '*.h' | xargs -d '\n' "$format" --dry-run -Werror 2>&1 | grep -E 'error|warning')"
check "scripts parse" "$(sources '*.sh' tests/run tests/bench/run mount-helpers/quickstart \
    mount-helpers/set-up .ci/run | xargs -d '\n' -n 1 bash -n 2>&1)"
check "every source says its licence" "$(sources '*.c' '*.h' '*.sh' '*.py' '*meson.build' |
    while read -r path; do
        head -n 3 "$path" | grep -q 'SPDX-License-Identifier: LGPL-2.1-or-later' || echo "$path"
    done)"
check "no line ends in blanks" "$(sources '*.c' '*.h' '*.sh' '*.py' '*meson.build' |
    xargs -d '\n' grep -nE '[[:blank:]]+$' | head)"
echo "1..$count"
exit "$failed"
