#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# check-manual.sh MOUNTPOINT [PAGE]: compares clusfs(5) with a mount of the demo cluster as `local`.
# Every path of the mount must be an entry of the page, every entry must be there, and the words in
# the files must be among those of the page. TAP.
#
# An entry is a line .B PATH after a line .TP, in the section THE TREE: words in capitals stand for
# names, KEY for a path of them, a directory ends in /, a link in @.
set -uo pipefail
mountpoint=$1
page=${2:-$(dirname "$0")/../../mount-helpers/clusfs.5}
scratch=$(mktemp -d) || exit 1
trap 'rm -rf "$scratch"' EXIT
count=0 failed=0

# report NAME FILE: ok if FILE, the list of what is wrong, is empty.
report() {
    count=$((count + 1))
    if [ -s "$2" ]; then
        echo "not ok $count $1"
        sed 's/^/# /' "$2" | head -n 20
        failed=1
    else
        echo "ok $count $1"
    fi
}

# The entries of the page, as regular expressions.
awk '/^\.SH/ { inside = $0 ~ /THE TREE/ }
    inside && /^\.B / && last == ".TP" { print $2 }
    { last = $0 }' "$page" | sed 's/\\-/-/g' > "$scratch/entries"
sort "$scratch/entries" | uniq -d > "$scratch/twice"

# The paths of the mount, marked alike. File names hold no control characters.
find "$mountpoint" -mindepth 1 \( -type d -printf '%P/\n' \) -o \( -type l -printf '%P@\n' \) \
    -o -printf '%P\n' > "$scratch/paths" 2> "$scratch/errors" ||
    echo "find failed" >> "$scratch/errors"

# One pass: what matched nothing, and which entries matched something.
awk -v entries="$scratch/entries" -v strange="$scratch/strange" -v unseen="$scratch/unseen" '
    BEGIN {
        while ((getline entry < entries) > 0) {
            pattern = entry
            gsub(/\./, "[.]", pattern)
            gsub(/\/KEY\//, "/@/", pattern)
            gsub(/[A-Z]+/, "[^/]+", pattern)
            gsub(/\/@\//, "/[^/]+(/[^/]+)*/", pattern)
            patterns[entry] = "^" pattern "$"
        }
        printf "" > strange
        printf "" > unseen
    }
    {
        found = 0
        for (entry in patterns) {
            if ($0 ~ patterns[entry]) {
                seen[entry] = 1
                found = 1
            }
        }
        if (!found) {
            print > strange
        }
    }
    END {
        for (entry in patterns) {
            if (!(entry in seen)) {
                print entry > unseen
            }
        }
    }' "$scratch/paths"

[ -s "$scratch/entries" ] && [ -s "$scratch/paths" ] ||
    echo "no entries or no paths" >> "$scratch/errors"
report "the tree can be listed" "$scratch/errors"
report "no entry stands twice" "$scratch/twice"
report "every path of the mount is an entry of the page" "$scratch/strange"
report "every entry of the page is in the mount" "$scratch/unseen"

# Modes: the page says what can be written.
awk '/^\.SH/ { inside = $0 == ".SH WRITING" }
    inside && /^\.B / && last == ".TP" { print $2 }
    { last = $0 }' "$page" | sed 's/\\-/-/g' > "$scratch/writing"
find "$mountpoint" -mindepth 1 ! -type l -perm /222 \( -type d -printf '%P/\n' -o -printf '%P\n' \) |
    awk -v entries="$scratch/writing" '
        BEGIN {
            while ((getline entry < entries) > 0) {
                gsub(/\/KEY\//, "/@/", entry)
                gsub(/[A-Z]+/, "[^/]+", entry)
                gsub(/\/@\//, "/([^/]+/)*", entry)
                patterns["^" entry "$"] = 1
            }
        }
        {
            found = 0
            for (pattern in patterns) {
                found = found || $0 ~ pattern
            }
            if (!found) {
                print
            }
        }' > "$scratch/writable"
[ -s "$scratch/writing" ] || echo "nothing is said to be writable" >> "$scratch/writable"
report "what is writable stands in the page" "$scratch/writable"

# Errors: each code of the table is in the page with its errno.
sed -n '/translations\[\] = {/,/^};/p' "$(dirname "$0")/../../fs/errors.c" |
    sed -nE 's/^ *\{([A-Z_]+), ([A-Z]+)\},/\1 \2/p' | while read -r code number; do
        [ "$number" = MISSING ] && number=ENOENT
        awk -v code="$code" -v number="$number" '
            /^\.SH/ { inside = $0 == ".SH ERRORS" }
            inside && last == ".TP" { at = $2 }
            inside && index($0 " ", code) { found = found || at == number }
            { last = $0 }
            END { exit !found }' "$page" || echo "$code is not under $number"
    done > "$scratch/codes"
report "every code of the table of errors is in the page" "$scratch/codes"

# Words: those of each state, role and group type that the mount shows stand in bold in the page.
find "$mountpoint" -mindepth 1 -type f \( -name state -o -name role \) -exec cat {} + 2> /dev/null |
    sort -u | while read -r word; do
        grep -q -w -- "$word" <(sed 's/\\-/-/g' "$page" | grep '^\.B') ||
            echo "$word is not in the page"
    done > "$scratch/words"
report "every word of state and role is in the page" "$scratch/words"

echo "1..$count"
exit "$failed"
