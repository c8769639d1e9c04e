# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash
#
# Sourced by what compares with the least that a file system in user space takes.

# libfuse's example, with direct_io as our live files have it.
build_hello() {
    local source
    source=$(ls /usr/share/doc/libfuse3-dev/examples/hello_ll.c* | head -1)
    case $source in
    *.gz) zcat "$source" ;;
    *) cat "$source" ;;
    esac | sed 's/fuse_reply_open(req, fi)/(fi->direct_io = 1, fuse_reply_open(req, fi))/' >"$work/hello_ll.c"
    cc -O2 "$work/hello_ll.c" -o "$work/hello_ll" $(pkg-config --cflags --libs fuse3)
}
