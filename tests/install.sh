#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# install.sh BUILD-DIRECTORY
#
# Installs a build below a directory of its own and uses it as a stranger would: the C and the Python
# program of the README, which are taken from there, with the installed library, headers and
# pkg-config file. TAP.
set -uo pipefail

build=$(cd "$1" && pwd)
top=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
root=$work/root
count=0 failed=0

check() { # NAME COMMAND...
    local name=$1 output
    shift
    count=$((count + 1))
    if output=$("$@" 2>&1); then
        echo "ok $count - $name"
    else
        failed=1
        echo "not ok $count - $name"
        printf '%s\n' "$output" | head -n 20 | sed 's/^/# /'
    fi
}

# One installed file, wherever the prefix has put it.
installed() {
    local path
    path=$(find "$root" -path "*$1" \( -type f -o -type l \) -print -quit)
    [ -n "$path" ] || {
        echo "no $1"
        return 1
    }
    echo "$path"
}

# block LANGUAGE PATTERN: the first fenced block of the README that has a line like PATTERN.
block() {
    awk -v fence="^\`\`\`$1 *\$" -v pattern="$2" '
        $0 ~ fence && !inside { inside = 1; text = ""; found = 0; next }
        /^```/ && inside { inside = 0; if (found) { printf "%s", text; exit }; next }
        inside { text = text $0 "\n"; if ($0 ~ pattern) { found = 1 } }' "$top/README.md"
}

has_all() { # FILE...
    local file missing=0
    for file; do
        installed "$file" >/dev/null || {
            echo "no $file"
            missing=1
        }
    done
    return "$missing"
}

check "meson install" env DESTDIR="$root" meson install -C "$build" --no-rebuild --quiet
check "programs" has_all bin/clusfs sbin/mount.clusfs sbin/mount.fuse.clusfs sbin/mkfs.clusfs \
    sbin/fsck.clusfs sbin/clusapid /clusapi-rpc.so
check "library and headers" has_all /libclusapi.so /libclusapi.so.0 /clusapi.pc include/clusapi.h \
    include/resapi.h include/clusapi/linux.h include/clusapi/win32.h
check "places for the cluster and the configuration of the host" \
    test -d "$root/var/lib/clusapi" -a -d "$root/etc/clusapi"
check "manual pages" has_all man5/clusfs.5 man8/clusfs.8 man8/mount.clusfs.8 \
    man8/mount.fuse.clusfs.8 man8/mkfs.clusfs.8 man8/fsck.clusfs.8 man8/clusapid.8 \
    man5/clusapid.conf.5 man3/libclusapi.3
check "service, examples and completions" has_all clusfs@.service clusapid.service clusapid.socket \
    /clusapid-pacemaker.conf /demo.cluster /fstab.example \
    /clusters.conf.example completions/clusfs

mandb_clean() {
    local page
    for page in "$root"/usr/local/share/man/man*/*.[0-9]; do
        [ -f "$page" ] || continue
        LC_ALL=C.UTF-8 MANROFFSEQ='' MANWIDTH=80 man --warnings -l "$page" 2>&1 >/dev/null |
            sed "s|^|$(basename "$page"): |"
    done
}
no_output() {
    local output
    output=$("$@")
    [ -z "$output" ] || {
        echo "$output"
        return 1
    }
}
check "man shows every page without a warning" no_output mandb_clean

tests_are_out() {
    find "$root" -name '*hostile*' -o -name '*conformance*' -o -name '*fuzz*'
}
check "nothing of the tests is installed" no_output tests_are_out

# --- The programs of the README --------------------------------------------------------------------

library=$(dirname "$(installed /libclusapi.so.0)")
pkgconfig=$(dirname "$(installed /clusapi.pc)")
export PKG_CONFIG_PATH=$pkgconfig PKG_CONFIG_SYSROOT_DIR=$root LD_LIBRARY_PATH=$library
export CLUSAPI_CONF=/nonexistent CLUSAPI_LOCAL=$work/demo.cluster CLUSAPI_NODE=node1

check "the installed mkfs.clusfs makes the installed demo" \
    "$(installed /mkfs.clusfs)" -d "$(installed /demo.cluster)" "$CLUSAPI_LOCAL"
block c '^/[*] list[.]c' >"$work/list.c"
check "the README has a C program" test -s "$work/list.c"
compile() { # COMPILER FLAGS...
    # shellcheck disable=SC2046 # a list of words
    "$@" -Wall -Wextra -Werror -o "$work/list" "$work/list.c" $(pkg-config --cflags --libs clusapi)
}
check "it compiles with gcc" compile gcc -std=c11
check "it runs" "$work/list"
shows() { # TEXT COMMAND...
    "${@:2}" 2>&1 | grep -F -- "$1" || {
        "${@:2}"
        return 1
    }
}
check "it shows a group of the cluster" shows web "$work/list"
clusapi_only() {
    grep -q "libclusapi.so.0 => $library/" < <(ldd "$work/list")
}
check "with the installed library" clusapi_only
check "it compiles with clang" compile clang -std=c11

block python '(ctypes|CDLL)' >"$work/list.py"
check "the README has a Python program" test -s "$work/list.py"
check "it shows a group of the cluster" shows web /usr/bin/python3 -B "$work/list.py"

echo "1..$count"
exit "$failed"
