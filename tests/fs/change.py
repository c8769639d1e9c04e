#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Changes to a mounted tree, one system call at a time, and what came of each.

change.py COMMAND ARGUMENT...: prints the results in one line: the name of the errno, or what the
call gave. Standard library alone.
"""
import ast
import contextlib
import ctypes
import difflib
import errno
import io
import os
import re
import stat
import sys

AT_FDCWD = -100
RENAME_FLAGS = {"plain": 0, "noreplace": 1, "exchange": 2}


def name_of(error):
    """EOPNOTSUPP and ENOTSUP are one number."""
    return ("EOPNOTSUPP" if error.errno == errno.EOPNOTSUPP
            else errno.errorcode.get(error.errno, str(error.errno)))


def attempt(call, *arguments):
    try:
        result = call(*arguments)
    except OSError as error:
        return name_of(error)
    return "ok" if result is None else str(result)


def data_of(text):
    """Bytes as in Python's literals; what is not ASCII is UTF-8."""
    plain = "".join(chr(c) if c < 128 else f"\\x{c:02x}" for c in os.fsencode(text))
    return ast.literal_eval("b'" + plain.replace("'", "\\'") + "'")


class Opened:
    """An open file, and what can be done with it; each step is a word with its argument."""

    def __init__(self, path, flags):
        number = 0
        for flag in flags.split("|"):
            number |= getattr(os, "O_" + flag)
        self.descriptor = os.open(path, number)

    def write(self, text):
        return os.write(self.descriptor, data_of(text))

    def fill(self, count):
        """That many bytes by one call, or by as many as it takes."""
        left = b"x" * int(count)
        while left:
            left = left[os.write(self.descriptor, left):]

    def pwrite(self, argument):
        offset, _, text = argument.partition(":")
        return os.pwrite(self.descriptor, data_of(text), int(offset))

    def seek(self, offset):
        return os.lseek(self.descriptor, int(offset), os.SEEK_SET)

    def cut(self, size):
        os.ftruncate(self.descriptor, int(size))

    def read(self, size):
        return repr(os.read(self.descriptor, int(size)).decode("utf-8", "replace"))

    def sync(self, _):
        os.fsync(self.descriptor)

    def show(self, path):
        """What another reader sees meanwhile."""
        with open(path, encoding="utf-8") as file:
            return repr(file.read())

    def put(self, argument):
        """Another writes meanwhile."""
        path, _, text = argument.partition("=")
        unbuffered(path, text)

    def remove(self, path):
        os.rmdir(path)

    def make(self, path):
        os.mkdir(path)

    def rename(self, argument):
        os.rename(*argument.split("="))

    def branch(self, _):
        """A child process that ends closes its copy of the descriptor."""
        child = os.fork()
        if child == 0:
            os._exit(attempt(os.close, self.descriptor) != "ok")
        return os.waitpid(child, 0)[1] >> 8

    def close(self, _):
        os.close(self.descriptor)


def steps(path, flags, *words):
    """Opens a file with FLAG|FLAG and takes the steps WORD:ARGUMENT, past failures too."""
    try:
        opened = Opened(path, flags)
    except OSError as error:
        return name_of(error)
    results = []
    for word in words:
        verb, _, argument = word.partition(":")
        results.append(attempt(getattr(opened, verb), argument))
    return " ".join(results)


def values(path, *texts):
    """Writes each text on its own, by one call."""
    for text in texts:
        print(text[:60], "-", steps(path, "WRONLY|TRUNC", "write:" + text, "close"))


def again(root):
    """Writes each property as it is read."""
    counts = {"ok": 0, "EACCES": 0}
    for path, status in walk(root):
        name = os.path.basename(path)
        if "/properties/" not in "/" + path or not stat.S_ISREG(status.st_mode):
            continue
        # Metric turns AutoMetric off; the library refuses private ones with a common one's name.
        if name == "Metric" or name.endswith("%~private"):
            continue
        with open(os.path.join(root, path), "rb") as file:
            data = file.read()
        descriptor = os.open(os.path.join(root, path), os.O_WRONLY | os.O_TRUNC)
        os.write(descriptor, data)
        result = attempt(os.close, descriptor)
        if result in counts:
            counts[result] += 1
        else:
            print(path, repr(data), result)
    print(f"{counts['ok']} written, {counts['EACCES']} read-only")


def buffered(path, text):
    """As a program writes that does not think of it."""
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


def unbuffered(path, text):
    with open(path, "wb", buffering=0) as file:
        file.write(text.encode())


def renameat2(flags, source, target):
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.renameat2(AT_FDCWD, os.fsencode(source), AT_FDCWD, os.fsencode(target),
                      RENAME_FLAGS[flags]) != 0:
        raise OSError(ctypes.get_errno(), "renameat2")


CALLS = {
    "buffered": buffered,
    "unbuffered": unbuffered,
    "mkdir": os.mkdir,
    "rmdir": os.rmdir,
    "unlink": os.unlink,
    "rename": os.rename,
    "renameat2": renameat2,
    "symlink": os.symlink,
    "link": os.link,
    "create": lambda path: os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL)),
    "mkfifo": os.mkfifo,
    "mknod": lambda path: os.mknod(path, 0o600 | stat.S_IFCHR, os.makedev(1, 3)),
    "socket": lambda path: os.mknod(path, 0o600 | stat.S_IFSOCK),
    "chmod": lambda path: os.chmod(path, 0o666),
    "chown": lambda path: os.chown(path, 1, 1),
    "utime": lambda path: os.utime(path, (0, 0)),
    "touch": os.utime,
    "truncate": lambda path, size: os.truncate(path, int(size)),
    "fallocate": lambda path: fallocate(path),
    "setxattr": lambda path: os.setxattr(path, "user.x", b"x"),
}


def fallocate(path):
    descriptor = os.open(path, os.O_WRONLY)
    try:
        os.posix_fallocate(descriptor, 0, 100)
    finally:
        os.close(descriptor)


def call(name, *arguments):
    """One system call; arguments that begin with $' have bytes in them that are no text."""
    values = [os.fsdecode(data_of(a[2:-1])) if a.startswith("$'") else a for a in arguments]
    return attempt(CALLS[name], *values)


# --- Dumps -----------------------------------------------------------------------------------------

# What is about the reader and not about the cluster.
OWN = ("last_error", "handles")


def describe(path, status):
    if stat.S_ISLNK(status.st_mode):
        return os.readlink(path)
    if stat.S_ISREG(status.st_mode) and os.path.basename(path) not in OWN:
        with open(path, "rb") as file:
            data = file.read()
        return f"{status.st_size} {data!r}"
    return ""


def walk(root, directory=""):
    for name in sorted(os.listdir(os.path.join(root, directory))):
        path = os.path.join(directory, name)
        status = os.lstat(os.path.join(root, path))
        yield path, status
        # Shows a property that was set back, too: it is stored now.
        if stat.S_ISDIR(status.st_mode) and path != "registry":
            yield from walk(root, path)


def lines_of(root, describe=describe):
    for path, status in walk(root):
        text = describe(os.path.join(root, path), status)
        yield f"{path!r} {stat.filemode(status.st_mode)} {text}"


def dump(root):
    """Everything that a tree says, by name; with a name that vanishes meanwhile the dump fails."""
    for line in lines_of(root):
        print(line)


def differ(one, other):
    """How the dumps of two trees, or of files with such, differ; nothing if they do not."""
    texts = []
    for name in (one, other):
        try:
            texts.append(open(name, encoding="utf-8").read().splitlines() if os.path.isfile(name)
                         else list(lines_of(name)))
        except OSError as error:
            texts.append([str(error)])
    for line in difflib.unified_diff(*texts, lineterm="", n=0):
        print(line)


# --- Codes -----------------------------------------------------------------------------------------

def codes_of(manual, header):
    """The table of the manual as pairs of errno and code, and the numbers of the codes."""
    with open(header, encoding="utf-8") as file:
        numbers = dict(re.findall(r"#define ((?:ERROR|RPC|EPT)_\w+) +(\d+)", file.read()))
    with open(manual, encoding="utf-8") as file:
        section = file.read().split(".SH ERRORS\n")[1].split(".SH ")[0]
    for entry in section.split(".TP\n")[1:]:
        error = entry.split()[1]
        for code in re.findall(r"\b(?:ERROR|RPC|EPT)_\w+", entry):
            yield error, code, numbers[code]


def change_by(way, tree, number):
    """Tries one change that is ordered to fail."""
    if way == "mkdir":
        return attempt(os.mkdir, tree + "/groups/new")
    if way == "close":
        path = tree + "/groups/web/properties/Description"
        return steps(path, "WRONLY", "write:" + number, "close").split(" ")[-1]
    return attempt(write_at_once, tree + "/groups/web/name", number)


def write_at_once(path, text):
    """Python's own write begins again after EINTR."""
    libc = ctypes.CDLL(None, use_errno=True)
    descriptor = os.open(path, os.O_WRONLY)
    try:
        if libc.write(descriptor, text.encode(), len(text)) < 0:
            raise OSError(ctypes.get_errno(), "write")
    finally:
        os.close(descriptor)


def codes(way, manual, header, tree, orders):
    """Each code of the manual from the cluster: the errno that a change gives, and last_error."""
    wanted = {"write": "rename group/web", "close": "set_properties group/web",
              "mkdir": "create group/new"}[way]
    count = 0
    for error, code, number in codes_of(manual, header):
        with open(orders + ".new", "w", encoding="utf-8") as file:
            file.write(f"{wanted} fail {number}\n")
        os.rename(orders + ".new", orders)
        seen = change_by(way, tree, number)
        with open(tree + "/last_error", encoding="utf-8") as file:
            told = file.read()
        # The object of an open file is gone; a name does not exist.
        if error == "ENOENT" and way != "mkdir" and code != "ERROR_NO_UNICODE_TRANSLATION":
            error = "ENODEV"
        if seen != error or not told.startswith(f"{number}\t{code}\t"):
            print(f"{code}: {seen}, not {error}; {told!r}")
        count += 1
    os.unlink(orders)
    print(f"{count} codes")


def serve():
    """Answers commands from the standard input: the number of words and the words, each with a NUL
    after it. An answer ends in a NUL, too."""
    def word():
        return os.fsdecode(b"".join(iter(lambda: sys.stdin.buffer.read(1), b"\0")))

    while count := sys.stdin.buffer.peek(1) and word():
        words = [word() for _ in range(int(count))]
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            result = COMMANDS[words[0]](*words[1:])
        text = out.getvalue() if result is None else result
        sys.stdout.buffer.write(os.fsencode(text.rstrip("\n")) + b"\0")
        sys.stdout.buffer.flush()


COMMANDS = {"differ": differ, "serve": serve, "steps": steps, "values": values, "again": again, "call": call, "dump": dump, "codes": codes}


def main():
    result = COMMANDS[sys.argv[1]](*sys.argv[2:])
    if result is not None:
        print(result)


if __name__ == "__main__":
    main()
