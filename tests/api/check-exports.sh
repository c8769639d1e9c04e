#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# check-exports.sh LIBRARY HEADERDIR
#
# Compares what the library exports with what the installed headers declare: the same functions, no
# data, each with a version, and the name by which programs find the library. TAP.
set -eu

library=$1
headers=$2
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

sh "$here/declared-functions.sh" "$headers" clusapi.h resapi.h clusapi/linux.h clusapi/win32.h \
    >"$work/declared"
# A version's own symbol is an absolute one (A).
nm -D --defined-only --format=posix "$library" | awk '$2 != "A" { print $1, $2 }' >"$work/symbols"
sed 's/@.*//; s/ .*//' "$work/symbols" | LC_ALL=C sort -u >"$work/exported"

echo 1..6

LC_ALL=C comm -23 "$work/declared" "$work/exported" >"$work/missing"
[ -s "$work/declared" ] || echo "the headers in $headers declare nothing" >"$work/missing"
result 'every declared function is exported' "$work/missing"

LC_ALL=C comm -13 "$work/declared" "$work/exported" >"$work/more"
result 'nothing else is exported' "$work/more"

grep -v '@@CLUSAPI_[0-9][0-9.]* ' "$work/symbols" >"$work/unversioned" || true
result 'every symbol has a version' "$work/unversioned"

awk '$2 != "T"' "$work/symbols" >"$work/data"
result 'only functions are exported' "$work/data"

objdump -p "$library" | awk '$1 == "SONAME" { print $2 }' >"$work/soname"
echo libclusapi.so.0 | diff - "$work/soname" >"$work/other-soname" || true
result 'the soname is libclusapi.so.0' "$work/other-soname"

readelf -W -d "$library" | grep -q NODELETE || echo 'no DF_1_NODELETE flag' >"$work/delete"
touch "$work/delete"
result 'dlclose does not unload it' "$work/delete"
