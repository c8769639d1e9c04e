#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# declared-functions.sh HEADERDIR HEADER...
#
# Prints the names of the functions that the headers declare, one a line, sorted: what the compiler
# sees in files under HEADERDIR, without types, static functions and what other headers bring in.
set -eu

directory=$(cd "$1" && pwd)
shift

for header in "$@"; do
    printf '#include <%s>\n' "$header"
done | ${CC:-cc} -E -x c -I"$directory" - | awk -v directory="$directory/" '
    function statement(text) {
        sub(/^[ \t]+/, "", text)
        if (text !~ /^(typedef|static|struct|union|enum|_Static_assert)/ &&
            match(text, /[A-Z][A-Za-z0-9]*[ \t]*\(/)) {
            name = substr(text, RSTART, RLENGTH)
            sub(/[ \t]*\($/, "", name)
            print name
        }
    }
    /^# [0-9]+ "/ {
        split($0, parts, "\"")
        ours = index(parts[2], directory) == 1
        next
    }
    /^#/ || !ours { next }
    {
        for (i = 1; i <= length($0); i++) {
            c = substr($0, i, 1)
            if (c == "{") {
                depth++
            } else if (c == "}") {
                depth--
                if (depth == 0 && text ~ /^[ \t]*static/) {
                    text = ""
                }
            } else if (depth == 0 && c == ";") {
                statement(text)
                text = ""
            } else if (depth == 0) {
                text = text c
            }
        }
        text = text " "
    }' | LC_ALL=C sort -u
