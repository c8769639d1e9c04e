# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash
#
# Sourced after lab.sh by tests that have a program of the build, $program_path, run on the nodes and tell it by
# lines what to do. Its answers are a line each, the first when it has started.

declare -a to from

# start_program I [FILE]: the program on a node, by two pipes.
start_program() {
    local i=$1 input output
    shift
    mkfifo "to.$i" "from.$i"
    lab_deadline=1000 node_exec "$i" "$work/build/$program_path" "$@" \
        <"to.$i" >"from.$i" 2>"errors.$i" &
    program[i]=$!
    exec {input}>"to.$i" {output}<"from.$i"
    to[i]=$input from[i]=$output
    rm "to.$i" "from.$i"
}

hear() { # I
    local line=
    IFS= read -r -t $((60 * slowness)) -u "${from[$1]}" line || line="no answer"
    echo "$line"
}

tell_program() { # I COMMAND...
    echo "${*:2}" >&"${to[$1]}"
}

ask() { # I COMMAND...
    tell_program "$@"
    hear "$1"
}

end_program() { # I NAME
    local fd=${to[$1]}
    tell_program "$1" quit
    exec {fd}>&-
    wait_until 10 is_gone "${program[$1]}" || kill "${program[$1]}"
    if wait "${program[$1]}"; then
        passed "$2"
    else
        not_passed "$2" "status $?" "$(cat "errors.$1")"
    fi
}
