#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# documentation.sh [SOURCEDIR]
#
# Every function that clusapi.h declares has a comment that says what it returns, and the man page
# libclusapi(3) names those functions and no others of that family. TAP.
set -eu

top=${1:-$(cd "$(dirname "$0")/../.." && pwd)}
header=$top/api/include/clusapi.h
page=$top/api/libclusapi.3
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

number=0
result() { # NAME FILE: passes if FILE is empty, else shows it
    number=$((number + 1))
    if [ -s "$2" ]; then
        echo "not ok $number - $1"
        sed 's/^/# /' "$2"
    else
        echo "ok $number - $1"
    fi
}

# Declarations with the comment right before them: a line "NAME yes" or "NAME no" for each.
commented() { # PATTERN that the comment must hold
    awk -v pattern="$1" '
        /^\/\*\*/ { comment = ""; inside = 1 }
        inside { comment = comment $0 "\n"; if (/\*\//) { inside = 0 }; next }
        /^typedef/ || /^static/ || /^#/ { comment = /^#/ ? comment : ""; next }
        /^[A-Za-z_][A-Za-z0-9_ ]*[ *][A-Z][A-Za-z0-9]*\(/ {
            name = $0
            sub(/\(.*/, "", name)
            sub(/.*[ *]/, "", name)
            print name, (comment ~ pattern ? "yes" : "no")
            comment = ""
        }' "$header"
}

CC=${CC:-cc} sh "$here/declared-functions.sh" "$top/api/include" clusapi.h >"$work/all"
CC=${CC:-cc} sh "$here/declared-functions.sh" "$top/api/include" clusapi/win32.h >"$work/win32"
LC_ALL=C comm -23 "$work/all" "$work/win32" >"$work/declared"

# Names that the page gives by .Fn or .Fo, those of the other headers apart.
sed -n 's/^\.\(Fn\|Fo\) \([A-Za-z0-9]*\).*/\2/p' "$page" | LC_ALL=C sort -u >"$work/page"
CC=${CC:-cc} sh "$here/declared-functions.sh" "$top/api/include" clusapi/linux.h resapi.h \
    >"$work/others"

echo 1..5

commented . | LC_ALL=C sort >"$work/commented"
awk '{ print $1 }' "$work/commented" | LC_ALL=C comm -23 "$work/declared" - >"$work/unseen"
[ -s "$work/declared" ] || echo "$header declares nothing" >"$work/unseen"
result 'every declaration stands at the begin of a line' "$work/unseen"

awk '$2 == "no"' "$work/commented" >"$work/uncommented"
result 'every function has a comment' "$work/uncommented"

commented Returns | awk '$2 == "no"' >"$work/unsaid"
result 'every comment says what the function returns' "$work/unsaid"

LC_ALL=C comm -23 "$work/declared" "$work/page" >"$work/unnamed"
result 'libclusapi(3) names every function' "$work/unnamed"

LC_ALL=C sort -u "$work/others" "$work/all" | LC_ALL=C comm -13 - "$work/page" >"$work/undeclared"
result 'libclusapi(3) names no function that is not declared' "$work/undeclared"
