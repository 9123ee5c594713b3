"""The description of the machine for the report."""

import datetime
import os
import platform


def describe_machine():
    return {
        "processor": processor(), "cores": os.cpu_count(), "system": platform.platform(terse=True),
        "date": datetime.date.today().isoformat(), "load_before": os.getloadavg()[0]}


def processor():
    fields = {}
    with open("/proc/cpuinfo") as file:
        for line in file:
            name, _, value = line.partition(":")
            fields.setdefault(name.strip(), value.strip())
    model = fields.get("model name") or platform.machine()
    flags = set(fields.get("flags", "").split())
    level = "AVX-512" if "avx512f" in flags else "AVX2" if "avx2" in flags else ""
    return f"{model} ({level})" if level else model
