#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""poll, select and epoll on a mounted tree. TAP.

poll.py TREE OTHER DAEMON: the same cluster through two mounts, and the PID of the first one's daemon.
Standard library alone.
"""
import os
import select
import sys
import threading
import time

TREE, OTHER, DAEMON = sys.argv[1], sys.argv[2], sys.argv[3]
SLOWNESS = int(os.environ.get("SLOWNESS", "1"))
CHANGED = select.POLLPRI | select.POLLERR
# Longer than a change takes to be told, and shorter than anybody likes to wait.
QUIET_MS, SOON_MS = 200, 1000 * SLOWNESS

results = {"count": 0, "failed": 0}


def check(name, good, seen=""):
    results["count"] += 1
    results["failed"] += not good
    print(f"{'ok' if good else 'not ok'} {results['count']} - {name}")
    if not good:
        print(f"# {seen}")


def write(path, text):
    """Through the other mount unless the path is absolute."""
    with open(os.path.join(OTHER, path), "w", encoding="utf-8") as file:
        file.write(text)


class Watched:
    """An open file with a poll for changes."""

    def __init__(self, path, events=CHANGED):
        self.fd = os.open(os.path.join(TREE, path), os.O_RDONLY)
        self.poll = select.poll()
        self.poll.register(self.fd, events)

    def read(self):
        return os.pread(self.fd, 4096, 0).decode().rstrip("\n")

    def settle(self):
        """Reads when all has been told that was written."""
        time.sleep(0.1 * SLOWNESS)
        return self.read()

    def woken(self, timeout_ms=SOON_MS):
        return bool(self.poll.poll(timeout_ms))

    def quiet(self):
        return not self.poll.poll(QUIET_MS)

    def close(self):
        os.close(self.fd)


def later(call, *arguments):
    """Runs a call when others wait."""
    timer = threading.Timer(0.2, call, arguments)
    timer.start()
    return timer


# --- One file --------------------------------------------------------------------------------------

CHANGES = [
    ("groups/web/state", "online", "offline"),
    ("groups/web/owner", "n2", "n1"),
    ("resources/disk/state", "online", "offline"),
    ("nodes/n3/state", "paused", "up"),
]


def one_file():
    for path, one, other in CHANGES:
        file = Watched(path)
        before = file.read()
        check(f"{path}: nothing is told when nothing has changed", file.quiet())
        timer = later(write, path, one)
        begin = time.monotonic()
        check(f"{path}: a change through another mount wakes", file.woken())
        timer.join()
        check(f"{path}: soon", time.monotonic() - begin < 0.2 + 0.5 * SLOWNESS,
              time.monotonic() - begin)
        check(f"{path}: it stays told until it is read", file.woken(0) and file.woken(0))
        check(f"{path}: what is read is the new value", file.read() == one != before)
        check(f"{path}: then it is quiet again", file.quiet())
        write(os.path.join(TREE, path), other)
        check(f"{path}: a change through this mount wakes", file.woken())
        check(f"{path}: and is read", file.read() == other)
        check(f"{path}: quiet", file.quiet())
        write(path, one)
        write(path, other)
        check(f"{path}: there and back is a change, too", file.woken())
        file.settle()
        check(f"{path}: quiet at last", file.quiet())
        file.close()


def before_the_first_poll():
    file = Watched("groups/web/state")
    file.read()
    write("groups/web/state", "online")
    time.sleep(0.1)
    check("a change between reading and the first poll is not missed", file.woken())
    check("it is there", file.read() == "online")
    write("groups/web/state", "offline")
    os.pread(file.fd, 3, 2)
    check("reading on does not count as reading", file.woken())
    file.read()
    check("reading from the start does", file.quiet())
    file.close()
    file = Watched("groups/web/state")
    check("a file that was only opened is quiet", file.quiet())
    write("groups/web/state", "online")
    check("and wakes on a change", file.woken())
    file.close()
    write("groups/web/state", "offline")


def steps_on_the_way():
    file = Watched("groups/slow/state")
    file.read()
    write("groups/slow/state", "online")
    check("what takes time wakes when it begins", file.woken() and file.read() == "pending")
    check("and is quiet while it lasts", file.quiet())
    write("resources/slow-part/state", "failed")
    check("and wakes when it ends", file.woken(), file.read())
    file.close()


# --- Not by others ---------------------------------------------------------------------------------

def others():
    state, owner = Watched("groups/web/state"), Watched("groups/web/owner")
    state.read(), owner.read()
    write("groups/chain/state", "online")
    write("groups/chain/owner", "n2")
    write("groups/web/properties/Description", "another")
    write("nodes/n2/properties/Description", "another")
    write("nodes/n3/state", "paused")
    write("nodes/n3/state", "up")
    check("changes of others do not wake a state", state.quiet())
    check("nor an owner", owner.quiet())
    write("groups/web/owner", "n2")
    check("moving wakes the owner", owner.woken())
    check("and not the state of what is offline", state.quiet())
    owner.read()
    write("groups/web/state", "online")
    check("coming online wakes the state", state.woken())
    check("and not the owner", owner.quiet())
    state.read()
    os.rename(OTHER + "/groups/web", OTHER + "/groups/shop")
    check("renaming changes neither", state.quiet() and owner.quiet())
    write("groups/shop/state", "offline")
    check("and both are still those of the group", state.woken() and state.read() == "offline")
    os.rename(OTHER + "/groups/shop", OTHER + "/groups/web")
    write("groups/web/owner", "n1")
    state.close(), owner.close()
    write("groups/chain/state", "offline")
    write("groups/chain/owner", "n1")


def owners_of_resources():
    disk, first = Watched("resources/disk/owner"), Watched("resources/first/owner")
    disk.read(), first.read()
    write("groups/web/owner", "n3")
    check("a resource that goes with its group has another owner", disk.woken())
    check("which is read", disk.read() == "n3")
    check("one in another group has not", first.quiet())
    os.rename(OTHER + "/groups/web/resources/disk", OTHER + "/groups/chain/resources/disk")
    check("a resource that goes to another group has another owner", disk.woken())
    check("that of the group", disk.read() == first.read() == "n1")
    os.rename(OTHER + "/groups/chain/resources/disk", OTHER + "/groups/web/resources/disk")
    write("groups/web/owner", "n1")
    disk.close(), first.close()


# --- Several ---------------------------------------------------------------------------------------

def several():
    files = [Watched("groups/web/state") for _ in range(20)]
    for file in files:
        file.read()
    woken = []
    threads = [threading.Thread(target=lambda f=f: woken.append(f.woken())) for f in files]
    for thread in threads:
        thread.start()
    later(write, "groups/web/state", "online").join()
    for thread in threads:
        thread.join()
    check("each of 20 open files wakes", woken == [True] * 20, woken)
    files[0].read()
    check("one that is read is quiet", files[0].quiet())
    check("the others are not", all(file.woken(0) for file in files[1:]))
    for file in files:
        file.close()

    shared = Watched("groups/web/state")
    shared.read()
    woken = []

    def wait():
        poll = select.poll()
        poll.register(shared.fd, CHANGED)
        woken.append(bool(poll.poll(SOON_MS)))
    threads = [threading.Thread(target=wait) for _ in range(10)]
    for thread in threads:
        thread.start()
    later(write, "groups/web/state", "offline").join()
    for thread in threads:
        thread.join()
    check("each of 10 who poll one open file wakes", woken == [True] * 10, woken)
    shared.close()

    many = select.poll()
    names = sorted(os.listdir(TREE + "/groups"))
    files = {os.open(f"{TREE}/groups/{name}/state", os.O_RDONLY): name for name in names}
    for fd in files:
        os.pread(fd, 100, 0)
        many.register(fd, CHANGED)
    later(write, "groups/chain/state", "online").join()
    seen = many.poll(SOON_MS)
    check("of many files in one poll the one that changed is told",
          [files[fd] for fd, _ in seen] == ["chain"], seen)
    for fd in files:
        os.close(fd)
    write("groups/chain/state", "offline")


# --- Other calls -----------------------------------------------------------------------------------

def select_and_epoll():
    fd = os.open(TREE + "/groups/web/state", os.O_RDONLY)
    os.pread(fd, 100, 0)
    check("select: readable at any time", select.select([fd], [], [], 0)[0] == [fd])
    check("select: nothing exceptional", select.select([], [], [fd], QUIET_MS / 1000)[2] == [])
    later(write, "groups/web/state", "online")
    check("select: a change is exceptional", select.select([], [], [fd], SOON_MS / 1000)[2] == [fd])
    os.pread(fd, 100, 0)
    check("select: until it is read", select.select([], [], [fd], QUIET_MS / 1000)[2] == [])

    level = select.epoll()
    level.register(fd, select.EPOLLPRI)
    edge = select.epoll()
    edge.register(fd, select.EPOLLPRI | select.EPOLLET)
    check("epoll: nothing", level.poll(QUIET_MS / 1000) == [] == edge.poll(0))
    later(write, "groups/web/state", "offline")
    told = level.poll(SOON_MS / 1000)
    check("epoll: a change", told and told[0][1] & select.EPOLLPRI and told[0][1] & select.EPOLLERR,
          told)
    check("epoll: level stays", bool(level.poll(0)) and bool(level.poll(0)))
    check("epoll: edge comes", bool(edge.poll(SOON_MS / 1000)))
    os.pread(fd, 100, 0)
    check("epoll: level ends when it is read", level.poll(QUIET_MS / 1000) == [])
    edge.poll(0)
    later(write, "groups/web/state", "online")
    check("epoll: the next edge comes", bool(edge.poll(SOON_MS / 1000)))
    os.pread(fd, 100, 0)
    write("groups/web/state", "offline")
    check("epoll: one without a wait before it, too", bool(edge.poll(SOON_MS / 1000)))
    os.close(fd)


def plain_events():
    for path in ("groups/web/state", "groups/web/name", "name", "groups/web/properties/Description",
                 "groups/web/id", "last_error", "resources/disk/dependency_expression"):
        file = Watched(path, select.POLLIN | select.POLLPRI)
        check(f"{path} can be read at any time", file.poll.poll(0) == [(file.fd, select.POLLIN)],
              file.poll.poll(0))
        file.close()
    file = Watched("groups/web/name")
    file.read()
    write("groups/web/properties/Description", "yet another")
    check("a file that is not watched tells nothing", file.quiet())
    file.close()
    fd = os.open(TREE + "/groups/web/state", os.O_RDWR)
    os.pread(fd, 100, 0)
    poll = select.poll()
    poll.register(fd, CHANGED)
    os.pwrite(fd, b"online\n", 0)
    check("who writes is told, too", bool(poll.poll(SOON_MS)))
    check("until he reads", os.pread(fd, 100, 0) == b"online\n" and not poll.poll(QUIET_MS))
    os.pwrite(fd, b"offline\n", 0)
    os.close(fd)


def events_files():
    whole, web = (Watched(path, select.POLLIN) for path in ("events", "groups/web/events"))
    check("events is not ready without any", whole.quiet() and web.quiet())
    later(write, "groups/chain/properties/Description", "for events")
    check("events of the cluster is ready with one", whole.woken())
    check("that of another object is not", web.quiet())
    check("it stays ready", whole.woken(0))
    check("and is read", b"\tchain\t" in os.read(whole.fd, 4096))
    check("then it is not", whole.quiet())
    write("groups/web/properties/Description", "for events")
    check("both are ready", whole.woken() and web.woken())
    os.read(web.fd, 10)
    check("a line that was begun is ready to be read on", web.woken(0))
    whole.close(), web.close()


# --- The end of it ---------------------------------------------------------------------------------

def closing():
    file = Watched("groups/web/state")
    file.read()
    seen = []
    thread = threading.Thread(target=lambda: seen.append(file.poll.poll(3000)))
    thread.start()
    time.sleep(0.2)
    file.close()
    write("groups/web/state", "online")
    thread.join()
    check("closing while another polls harms nobody", len(seen) == 1, seen)
    file = Watched("groups/web/state")
    check("the next one works", file.read() == "online" and file.quiet())
    write("groups/web/state", "offline")
    check("and wakes", file.woken())
    file.close()

    child = os.fork()
    if child == 0:
        file = Watched("groups/web/state")
        file.read()
        file.poll.poll(60000)
        os._exit(0)
    time.sleep(0.3)
    begin = time.monotonic()
    os.kill(child, 9)
    os.waitpid(child, 0)
    check("who polls dies at once when killed", time.monotonic() - begin < 0.1 * SLOWNESS)

    os.mkdir(OTHER + "/groups/short")
    file = Watched("groups/short/state")
    file.read()
    later(os.rmdir, OTHER + "/groups/short")
    check("deleting the object wakes", file.woken())
    try:
        check("and reading says why", False, file.read())
    except OSError as error:
        check("and reading says why", error.errno == 19, error)
    file.close()


def memory():
    with open(f"/proc/{DAEMON}/status", encoding="utf-8") as file:
        return int(next(line for line in file if line.startswith("VmRSS")).split()[1])


def growth():
    if SLOWNESS > 1:
        print("# a sanitizer keeps what was freed")
        return
    file = Watched("groups/web/state")
    file.read()
    for _ in range(2000):
        file.poll.poll(0)
    before = memory()
    for _ in range(30000):
        file.poll.poll(0)
    grown = memory() - before
    check("polling in a loop does not make the daemon grow", grown < 500 * SLOWNESS,
          f"{grown} kB")
    for _ in range(5000):
        other = Watched("groups/web/state")
        other.poll.poll(0)
        other.close()
    grown = memory() - before
    check("nor opening and closing", grown < 700 * SLOWNESS, f"{grown} kB")
    write("groups/web/state", "online")
    check("and a change is told all the same", file.woken())
    write("groups/web/state", "offline")
    file.close()


for test in (one_file, before_the_first_poll, steps_on_the_way, others, owners_of_resources, several,
             select_and_epoll, plain_events, events_files, closing, growth):
    # What the last one wrote is told by then.
    time.sleep(0.2 * SLOWNESS)
    test()
print(f"# {results['count']} {results['failed']}")
