#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Texts of files on a Pacemaker cluster: who reads one sees what is so now, whole, whoever changed it and
# however often it was read before.
. "$(dirname "$0")/lab.sh"

lab_start 2 "$tests/lab.xml"
settle
serve
tree=$(node_tree 1)
other=$(node_tree 2)
file=$tree/groups/web/properties/FailoverThreshold

threshold() { # VALUE: as Pacemaker's own tool sets it
    node_exec 2 crm_resource --resource web --meta --set-parameter migration-threshold --parameter-value "$1" \
        >/dev/null 2>&1
}

shows() { # VALUE
    [ "$(cat "$file")" = "$1" ]
}

# --- What the own mount writes ---------------------------------------------------------------------

wrong=
for value in 7 70000 8 90 5 123456 6; do
    cat "$file" "$tree"/groups/web/properties/* >/dev/null
    echo "$value" >"$file"
    [ "$(cat "$file")" = "$value" ] && [ "$(stat -c %s "$file")" = $((${#value} + 1)) ] || wrong+=" $value"
done
is "what was written is what is read, each time" "" "$wrong"
wrong=
for value in 17 170000 18; do
    cat "$file" >/dev/null
    echo "$value" >"$other/groups/web/properties/FailoverThreshold"
    wait_until 3 shows "$value" || wrong+=" $value"
done
is "also what the other node's mount writes" "" "$wrong"

# --- What others change, while it is being read ------------------------------------------------------

cat >reader.py <<'END'
import os, sys
path, stop, good = sys.argv[1], sys.argv[2], {b"4\n", b"123456\n"}
seen, last, changes, stopped = {}, None, 0, False
while not stopped:
    stopped = os.path.exists(stop)
    with open(path, "rb", buffering=0) as file:
        text = b""
        while part := file.read(int(sys.argv[3])):
            text += part
    seen[text] = seen.get(text, 0) + 1
    if text != last:
        changes += 1
        last = text
        with open(sys.argv[4], "wb") as saw:
            saw.write(text)
print(changes, *sorted(repr(text) for text in seen if text not in good))
END
threshold 4
wait_until 5 shows 4
"$python" -I -B reader.py "$file" "$PWD/stop" 131072 large.saw >large &
large=$!
"$python" -I -B reader.py "$file" "$PWD/stop" 2 small.saw >small &
small=$!
# Both have come to it: what is passed over is not seen.
all_saw() { # VALUE
    shows "$1" && [ "$(cat large.saw small.saw | xargs)" = "$1 $1" ]
}
for _ in 1 2 3 4 5 6; do
    threshold 123456
    wait_until 5 all_saw 123456
    stat "$file" >/dev/null
    threshold 4
    wait_until 5 all_saw 4
done
touch stop
wait "$large" "$small"
is "every reader saw one value or the other, and every change" "13" "$(cat large)"
like "also who reads it in pieces" '^13$' "$(cat small)"

# --- An open file ---------------------------------------------------------------------------------------

cat >held.py <<'END'
import os, sys, time
held = os.open(sys.argv[1], os.O_RDONLY)
print(os.pread(held, 4096, 0).decode().strip(), flush=True)
sys.stdin.readline()
end = time.monotonic() + 5
while (text := os.pread(held, 4096, 0)) == b"4\n" and time.monotonic() < end:
    time.sleep(0.01)
print(text.decode().strip())
END
mkfifo go
"$python" -I -B held.py "$file" <go >held &
held=$!
exec 9>go
wait_until 5 test -s held
threshold 55
wait_until 5 shows 55
echo >&9
wait "$held"
exec 9>&-
is "an open file tells what changed meanwhile" "4 55" "$(xargs <held)"

# --- Another service ---------------------------------------------------------------------------------------

cat "$tree"/groups/web/properties/* >/dev/null
node_kill 1 KILL clusapid
threshold 66
start_clusapid 1
wait_until 20 cat "$file"
is "what changed while no service was there is read from the next" 66 "$(cat "$file")"
same_properties() {
    diff <(cd "$other/groups/web/properties" && head -n 99 -- *) \
        <(cd "$tree/groups/web/properties" && head -n 99 -- *) >>differences
}
ok "and all else is what the other node reads" wait_until 3 same_properties
sed "s|^|# |" differences

lab_finish
