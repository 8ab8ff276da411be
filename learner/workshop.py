# SPDX-License-Identifier: MIT
"""Compiles programs against other headers, and runs them where they can do no harm."""
import glob
import os
import re
import resource
import shlex
import signal
import subprocess

SECONDS = 10  # that a reader's function may take for all its cases
COMPILING = 300  # seconds for the compiler, which may meet a loop too
MEMORY = 2 << 30


class CompileError(Exception):
    """What the compiler said, whole."""


def commands(build, target):
    """The commands that make a target, as the build has them."""
    listed = subprocess.run(["ninja", "-C", build, "-t", "commands", target],
                            capture_output=True, text=True, check=True).stdout
    return listed.splitlines()


class Workshop:
    """Works with the commands of a build folder: everything else is as built there."""

    def __init__(self, build):
        self.build = build
        self.lines = {}

    def program(self, target, source, include, out, unity=None, flags=()):
        """A program of one of the target's sources, with the headers of `include` before the
        book's; `unity`, a file, is compiled in the place of the source; `flags` come last."""
        if target not in self.lines:
            self.lines[target] = commands(self.build, target)
        lines = self.lines[target]
        out.parent.mkdir(parents=True, exist_ok=True)
        thing = out.with_suffix(".o")
        words = next(words for words in map(shlex.split, lines)
                     if words[-2:] == ["-c", str(source)])
        for option, values in (("-MD", 0), ("-MT", 1), ("-MF", 1), ("-Werror", 0)):
            if option in words:  # nobody asks again; a warning is no mistake
                at = words.index(option)
                del words[at:at + 1 + values]
        words[words.index("-o") + 1] = str(thing)
        words[-2:] = [*flags, "-c", str(unity or source)]
        first = next(k for k, word in enumerate(words) if word.startswith("-I"))
        self.run([*words[:first], f"-I{include}", *words[first:]])
        link = next(part for line in reversed(lines) for part in line.split(" && ")
                    if f"-o bin/{target}" in part)
        words = [word for word in shlex.split(link)
                 if not re.search(rf"{target}\.dir/.*\.o$", word)]
        at = words.index("-o")
        self.run([*words[:at], str(thing), "-o", str(out), *words[at + 2:]])
        return out

    def run(self, words):
        try:
            ended = subprocess.run(words, cwd=self.build, capture_output=True, text=True,
                                   errors="replace", env=dict(os.environ, LC_ALL="C"),
                                   timeout=COMPILING)
        except subprocess.TimeoutExpired:
            raise CompileError(f"the compiler had not ended after {COMPILING} seconds") from None
        if ended.returncode:
            raise CompileError(ended.stderr)


def watchful():
    """Settings under which the C library sees writes behind an array, where it can (glibc)."""
    found = [path for place in ("/lib/*/", "/usr/lib*/")
             for path in glob.glob(place + "libc_malloc_debug.so.0")]
    return {"MALLOC_CHECK_": "3", "LD_PRELOAD": found[0]} if found else {}


def limits():
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    except (ValueError, OSError):  # a Mac has no such limit
        pass


def run(words, seconds=SECONDS):
    """(how it ended in words, "" when well; what it printed)."""
    env = dict(os.environ, OPENBLAS_NUM_THREADS="1", **watchful())
    try:
        ended = subprocess.run(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=env,
                               text=True, errors="replace", timeout=seconds, preexec_fn=limits,
                               stdin=subprocess.DEVNULL)
    except subprocess.TimeoutExpired as late:
        text = (late.stdout or b"").decode("utf-8", "replace")
        return f"it had not ended after {seconds} seconds: does a loop end?", text
    if ended.returncode == 0:
        return "", ended.stdout
    return CRASHES.get(-ended.returncode,
                       f"the program ended with status {ended.returncode}"), ended.stdout


CRASHES = {
    signal.SIGSEGV: "it crashed: it read or wrote memory that is not its own "
                    "(a pointer, or an index beyond an array)",
    signal.SIGABRT: "it crashed: it was aborted (memory freed twice or overwritten, or an "
                    "exception nobody caught)",
    signal.SIGFPE: "it crashed: a whole number was divided by zero",
    signal.SIGILL: "it crashed: it ran into code that must not be reached (does every way "
                   "through the function return a value?)",
    signal.SIGBUS: "it crashed: it read or wrote memory that is not its own",
    signal.SIGKILL: "it was killed: it may have asked for all the memory there is",
}
