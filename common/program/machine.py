# SPDX-License-Identifier: MIT
"""The machine that this runs on, for logs and tables; as machine.hpp is for the programs."""
import os
import platform
import re


def cores():
    """The processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()


def machine():
    """Such as "Intel Xeon, 2 cores"."""
    name = platform.processor() or platform.machine()
    if os.path.exists("/proc/cpuinfo"):
        with open("/proc/cpuinfo") as file:
            name = next((line.split(":")[1] for line in file if line.startswith("model name")), name)
    name = re.sub(r"\((R|TM)\)|CPU|Processor|@.*|\d+-Core", " ", name)
    return f"{' '.join(name.split())}, {cores()} cores"
