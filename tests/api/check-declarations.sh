#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# Compiles declarations.c in the four ways it is meant for and reports as TAP: as C, as C++, as C
# with a 16-bit wchar_t, and for Windows with the clusapi.h of mingw-w64.
#
# usage: check-declarations.sh INCLUDE_DIR
# CC, CXX and MINGW_CC name the compilers.
set -u

include=${1:?usage: check-declarations.sh INCLUDE_DIR}
source=$(dirname "$0")/declarations.c
cc=${CC:-cc}
cxx=${CXX:-c++}
mingw_cc=${MINGW_CC:-x86_64-w64-mingw32-gcc}
warnings='-Wall -Wextra -pedantic -Wshadow -Wundef -Werror'
number=0

work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT

# check NAME COMMAND...: one TAP line, and what the command said if it failed
check() {
    name=$1
    shift
    number=$((number + 1))
    if "$@" >"$work/log" 2>&1; then
        echo "ok $number - $name"
    else
        echo "not ok $number - $name"
        grep -E 'error|not found' "$work/log" | head -n 20 | sed 's/^/# /'
    fi
}

# The clusapi.h of mingw-w64 defines six types twice when asked for Windows Server 2008: a copy
# without the second definitions, and three constants that it forgets, make it usable.
compile_for_windows() {
    header=$(echo '#include <clusapi.h>' | $mingw_cc -M -x c - | tr ' ' '\n' |
        grep '/clusapi\.h$') || return 1
    mkdir "$work/include"
    awk '/typedef (enum|struct) [A-Z_]+ *\{/ && seen[$3]++ { skip = 1 }
        !skip { print }
        skip && /^ *\}/ { skip = 0 }' "$header" >"$work/include/clusapi.h"
    $mingw_cc -std=gnu11 -fsyntax-only -D_WIN32_WINNT=0x0600 -DMAX_OBJECTID=64 \
        -DMAX_CO_PASSWORD_LENGTH=16 -DMAX_CREATINGDC_LENGTH=256 \
        -isystem "$work/include" -Wall -Wextra -Werror "$source"
}

echo 1..4
# shellcheck disable=SC2086 # compilers and warnings are lists of words
{
    check 'as C' \
        $cc -std=c11 $warnings -Wstrict-prototypes -fsyntax-only -I"$include" "$source"
    check 'as C++' \
        $cxx -x c++ -std=c++17 $warnings -fsyntax-only -I"$include" "$source"
    check 'as C with a 16-bit wchar_t' \
        $cc -std=c11 -fshort-wchar $warnings -fsyntax-only -I"$include" "$source"
    check 'for Windows with the header of mingw-w64' compile_for_windows
}
