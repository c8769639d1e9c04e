# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash
#
# Sourced by what prints tables of ratios.

rows_begin() {
    printf '%-58s %12s %12s %8s   %s\n' "what / yardstick (ns)" ours yardstick ratio reach
}

row() { # what, value, yardstick, reach (-: none, the figure is only reported)
    awk -v w="$1" -v v="$2" -v y="$3" -v r="$4" 'BEGIN {
        ratio = v / y
        printf "%-58s %12.0f %12.0f %8s   %-6s%s\n", w, v, y,
            sprintf(ratio < 0.1 ? "%.5f" : "%.2f", ratio), r, (r != "-" && ratio > r + 0 ? "  over" : "")
    }'
}
