#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Questions about a mounted tree that shell tools ask badly.

probe.py COMMAND ARGUMENT...: prints what is wrong, one line each, and succeeds if that is nothing;
errno and latency print their answer. Standard library alone.
"""
import ctypes
import errno
import mmap
import os
import select
import shutil
import signal
import stat
import sys
import tempfile
import time


def walk(root):
    """Every path below root with its lstat, not through links."""
    pending = [root]
    while pending:
        directory = pending.pop()
        with os.scandir(directory) as entries:
            for entry in entries:
                status = os.lstat(entry.path)
                yield entry, status
                if stat.S_ISDIR(status.st_mode):
                    pending.append(entry.path)


def files(root):
    return [(entry.path, status) for entry, status in walk(root) if stat.S_ISREG(status.st_mode)]


def read_in(path, size):
    parts = []
    fd = os.open(path, os.O_RDONLY)
    try:
        while part := os.read(fd, size):
            parts.append(part)
    finally:
        os.close(fd)
    return b"".join(parts)


def sizes(root):
    """st_size is what a read gives, in any pieces and from any offset."""
    for path, status in files(root):
        whole = read_in(path, 1 << 20)
        if len(whole) != status.st_size:
            yield f"{path}: st_size {status.st_size}, read {len(whole)}"
        if read_in(path, 7) != whole:
            yield f"{path}: other bytes in pieces of 7"
        fd = os.open(path, os.O_RDONLY)
        half = len(whole) // 2
        if os.fstat(fd).st_size != len(whole):
            yield f"{path}: fstat tells {os.fstat(fd).st_size}"
        if os.pread(fd, 1 << 20, half) != whole[half:]:
            yield f"{path}: other bytes from offset {half}"
        if os.pread(fd, 10, len(whole)) or os.pread(fd, 10, len(whole) + 1000):
            yield f"{path}: bytes beyond the end"
        os.close(fd)


def text(root):
    """Files are UTF-8 and end in a newline, or are empty; values of the database may be anything."""
    for path, _ in files(root):
        if "/.values/" in path:
            continue
        data = read_in(path, 1 << 20)
        try:
            data.decode("utf-8", "surrogatepass")
        except UnicodeDecodeError as error:
            yield f"{path}: {error}"
        if data and not data.endswith(b"\n"):
            yield f"{path}: no newline at its end"


def inodes(root):
    """Numbers are unique, not 0, and the same in a listing and in stat."""
    seen = {}
    for entry, status in walk(root):
        if entry.inode() == 0 or status.st_ino == 0:
            yield f"{entry.path}: inode number 0"
        if entry.inode() != status.st_ino:
            yield f"{entry.path}: listed as {entry.inode()}, stat {status.st_ino}"
        if status.st_ino in seen:
            yield f"{entry.path}: same number as {seen[status.st_ino]}"
        seen[status.st_ino] = entry.path


def numbers(root):
    """Prints the number of each path, for a comparison."""
    for path, number in sorted((entry.path, status.st_ino) for entry, status in walk(root)):
        print(number, os.fsencode(path).hex())
    return ()


def links(root):
    """Links are relative, stay inside, and lead to something; their size is that of the target."""
    root = os.path.realpath(root)
    for entry, status in walk(root):
        if not stat.S_ISLNK(status.st_mode):
            continue
        target = os.readlink(entry.path)
        resolved = os.path.normpath(os.path.join(os.path.dirname(entry.path), target))
        if os.path.isabs(target) or not resolved.startswith(root + "/"):
            yield f"{entry.path} -> {target} leads out"
        elif not os.path.lexists(resolved) or os.path.realpath(entry.path) != resolved:
            yield f"{entry.path} -> {target} leads nowhere"
        if status.st_size != len(os.fsencode(target)):
            yield f"{entry.path}: size {status.st_size}, target {target}"


def modes(root, uid, gid, file_mode, directory_mode):
    """Owner, group and permissions of everything, but that the owner may write some."""
    for entry, status in walk(root):
        mode = stat.S_IMODE(status.st_mode)
        if (status.st_uid, status.st_gid) != (int(uid), int(gid)):
            yield f"{entry.path}: belongs to {status.st_uid}:{status.st_gid}"
        if stat.S_ISDIR(status.st_mode) and mode & ~0o200 != int(directory_mode, 8):
            yield f"{entry.path}: mode {mode:o}"
        if stat.S_ISREG(status.st_mode) and mode & ~0o200 != int(file_mode, 8):
            yield f"{entry.path}: mode {mode:o}"
        if not (stat.S_ISDIR(status.st_mode) or stat.S_ISREG(status.st_mode)
                or stat.S_ISLNK(status.st_mode)):
            yield f"{entry.path}: neither directory, file nor link"
        if status.st_nlink < 1:
            yield f"{entry.path}: {status.st_nlink} links"


def names(root):
    """No name can be taken for something else; listing and looking up agree."""
    for entry, status in walk(root):
        if any(ord(c) < 32 or ord(c) == 127 for c in entry.name) or len(
                os.fsencode(entry.name)) > 255:
            yield f"{entry.path!r}: a bad name"
        if entry.is_dir(follow_symlinks=False) != stat.S_ISDIR(status.st_mode):
            yield f"{entry.path}: listed as another type"


def send_file(source, target):
    with open(source, "rb") as reader, open(target, "wb") as writer:
        while os.sendfile(writer.fileno(), reader.fileno(), None, 1 << 20) > 0:
            pass


def copy_range(source, target):
    with open(source, "rb") as reader, open(target, "wb") as writer:
        try:
            while os.copy_file_range(reader.fileno(), writer.fileno(), 1 << 20) > 0:
                pass
        except OSError as error:
            if error.errno not in (errno.EXDEV, errno.EOPNOTSUPP, errno.ENOSYS):
                raise
            shutil.copyfileobj(reader, writer)


def copies(root):
    """Each way to copy gives the bytes that read gives."""
    ways = {"copyfile": shutil.copyfile, "copy2": shutil.copy2, "sendfile": send_file,
            "copy_file_range": copy_range}
    with tempfile.TemporaryDirectory() as scratch:
        target = os.path.join(scratch, "copy")
        for path, _ in files(root):
            expected = read_in(path, 1 << 20)
            for name, way in ways.items():
                way(path, target)
                if read_in(target, 1 << 20) != expected:
                    yield f"{path}: {name} gives other bytes"
                os.unlink(target)


def reference(root, target):
    """Copies a tree by nothing but read, readlink and listing."""
    os.mkdir(target)
    for entry, status in walk(root):
        copy = os.path.join(target, os.path.relpath(entry.path, root))
        if stat.S_ISDIR(status.st_mode):
            os.mkdir(copy)
        elif stat.S_ISLNK(status.st_mode):
            os.symlink(os.readlink(entry.path), copy)
        else:
            with open(copy, "wb") as file:
                file.write(read_in(entry.path, 1 << 20))
    return ()


def copytree(root, target):
    shutil.copytree(root, target, symlinks=True)
    return ()


def mapped(path):
    """A private mapping has the bytes, or is refused; it never shows others."""
    expected = read_in(path, 1 << 20)
    with open(path, "rb") as file:
        try:
            with mmap.mmap(file.fileno(), len(expected), mmap.MAP_PRIVATE, mmap.PROT_READ) as area:
                if area[:] != expected:
                    yield f"{path}: a mapping shows other bytes"
        except OSError as error:
            if error.errno != errno.ENODEV:
                yield f"{path}: mmap gives {errno.errorcode[error.errno]}"


def listing(root):
    """Directories can be read again, from a position, and with a small buffer."""
    libc = ctypes.CDLL(None, use_errno=True)
    for entry, status in walk(root):
        if not stat.S_ISDIR(status.st_mode):
            continue
        fd = os.open(entry.path, os.O_RDONLY | os.O_DIRECTORY)
        whole = sorted(os.listdir(fd))
        again = sorted(os.listdir(fd))
        os.close(fd)
        if whole != again or len(set(whole)) != len(whole):
            yield f"{entry.path}: another listing the second time"
        small = read_directory(libc, entry.path, 600)
        if sorted(small) != sorted([os.fsencode(name) for name in whole] + [b".", b".."]):
            yield f"{entry.path}: another listing with a small buffer"


def read_directory(libc, path, size):
    """getdents64 with a buffer of @size, rewinding to the offset of each last entry."""
    fd = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    buffer = ctypes.create_string_buffer(size)
    found = []
    while (got := libc.syscall(217, fd, buffer, size)) > 0:
        data, position = buffer.raw[:got], 0
        while position < got:
            length = int.from_bytes(data[position + 16:position + 18], "little")
            offset = int.from_bytes(data[position + 8:position + 16], "little", signed=True)
            found.append(data[position + 19:position + length].split(b"\0", 1)[0])
            position += length
        os.lseek(fd, offset, os.SEEK_SET)
    os.close(fd)
    return found if got == 0 else [b"getdents64 failed"]


def polled(path):
    """A file that never changes is ready at once, and nothing exceptional is told."""
    fd = os.open(path, os.O_RDONLY)
    poll = select.poll()
    poll.register(fd, select.POLLIN)
    if poll.poll(1000) != [(fd, select.POLLIN)]:
        yield f"{path}: poll is not ready"
    os.close(fd)


def open_write(path, flags):
    os.close(os.open(path, flags))


def rename_exchange(one, other):
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.renameat2(-100, os.fsencode(one), -100, os.fsencode(other), 2) != 0:
        raise OSError(ctypes.get_errno(), "renameat2")


def store(path, data):
    """Writes a value as a whole; what is gathered fails when it is closed."""
    fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    try:
        while data:
            data = data[os.write(fd, data):]
    except OSError:
        os.close(fd)
        raise
    os.close(fd)


CALLS = {
    "read": lambda p: read_in(p, 4096),
    "write": lambda p: open_write(p, os.O_WRONLY),
    "readwrite": lambda p: open_write(p, os.O_RDWR),
    "append": lambda p: open_write(p, os.O_WRONLY | os.O_APPEND),
    "openwith-trunc": lambda p: open_write(p, os.O_RDONLY | os.O_TRUNC),
    "openwith-directory": lambda p: open_write(p, os.O_RDONLY | os.O_DIRECTORY),
    "create": lambda p: open_write(p, os.O_WRONLY | os.O_CREAT | os.O_EXCL),
    "store": lambda p, text: store(p, os.fsencode(text)),
    "store-many": lambda p, size: store(p, b"x" * int(size)),
    "link-to": lambda target, p: os.symlink(target, p),
    "truncate": lambda p: os.truncate(p, 0),
    "unlink": os.unlink,
    "mkdir": os.mkdir,
    "rmdir": os.rmdir,
    "mkfifo": os.mkfifo,
    "mknod": lambda p: os.mknod(p, 0o600 | stat.S_IFREG),
    "symlink": lambda p: os.symlink("target", p),
    "link": lambda p, q: os.link(p, q, follow_symlinks=False),
    "rename": os.rename,
    "exchange": rename_exchange,
    "chmod": lambda p: os.chmod(p, 0o777),
    "chown": lambda p: os.chown(p, 1, 1),
    "utime": lambda p: os.utime(p, (0, 0)),
    "setxattr": lambda p: os.setxattr(p, "user.x", b"x"),
    "getxattr": lambda p: os.getxattr(p, "user.x"),
    "listxattr": os.listxattr,
    "stat": os.stat,
    "lstat": os.lstat,
    "list": os.listdir,
    "readlink": os.readlink,
    "statvfs": os.statvfs,
    "execute": lambda p: os.execv(p, [p]),
    "access-write": lambda p: None if os.access(p, os.W_OK) else fail(errno.EACCES),
    "chdir": os.chdir,
}


def fail(number):
    raise OSError(number, os.strerror(number))


def errno_of(call, *paths):
    """Prints the name of the errno that a call gives, or OK."""
    try:
        CALLS[call](*paths)
        print("OK")
    except OSError as error:
        print("EOPNOTSUPP" if error.errno == errno.EOPNOTSUPP else
              errno.errorcode.get(error.errno, error.errno))
    return ()


def open_many(path, how_many, report):
    """Holds a file open many times and prints another's content meanwhile."""
    fds = [os.open(path, os.O_RDONLY) for _ in range(int(how_many))]
    with open(report, encoding="utf-8") as file:
        sys.stdout.write(file.read())
    for fd in fds:
        os.close(fd)
    return ()


def latency(path, times):
    """Prints the milliseconds of the slowest of some reads of a file, in the best of three rounds: a
    busy machine spoils one of them, what really waits all."""
    print(min(slowest_read(path, int(times)) for _ in range(3)))
    return ()


def slowest_read(path, times):
    slowest = 0.0
    for _ in range(times):
        begin = time.monotonic()
        read_in(path, 4096)
        slowest = max(slowest, time.monotonic() - begin)
        time.sleep(0.01)
    return round(slowest * 1000)


def killed(*pids):
    """Kills processes one by one; prints the milliseconds that the slowest took to end."""
    slowest = 0.0
    for pid in map(int, pids):
        begin = time.monotonic()
        os.kill(pid, signal.SIGKILL)
        while running(pid) and time.monotonic() < begin + 20:
            time.sleep(0.001)
        slowest = max(slowest, time.monotonic() - begin)
    print(round(slowest * 1000))
    return ()


def running(pid):
    """Whether a process has not ended; one that waits for its parent has."""
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8") as file:
            return file.read().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False


COMMANDS = {"sizes": sizes, "text": text, "inodes": inodes, "numbers": numbers, "links": links,
            "modes": modes, "names": names, "copies": copies, "reference": reference, "copytree": copytree,
            "mapped": mapped, "listing": listing, "polled": polled, "errno": errno_of,
            "open-many": open_many, "latency": latency, "killed": killed}


def main():
    wrong = list(COMMANDS[sys.argv[1]](*sys.argv[2:]))
    for line in wrong[:20]:
        print(os.fsencode(line).decode("utf-8", "replace"))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
