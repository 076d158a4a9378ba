"""Turns the output of the benches into bench/RESULTS.md: python3 bench/results.py < output > bench/RESULTS.md"""
import datetime
import os
import platform
import re
import subprocess
import sys

TARGETS = {
    "line_over_simdjson_all": ("at most 3", "the whole line over bare simdjson, every mention matching and scored"),
    "line_over_simdjson_1pct": ("at most 1.3", "the same where 1 % matches"),
    "page_latency_p99": ("under 50", "socket write of the deciding mention to first byte of the page's request, 10,000 mentions/s"),
    "page_latency_p99_20000": ("at most 100", "the same at 20,000 mentions/s"),
    "outbox_commit_p50": ("", "the durable commit of a page to three receivers"),
    "outbox_commit_p99": ("at most 10", "the same"),
    "outbox_mark_p99": ("at most 10", "the durable commit before a page is sent"),
    "outbox_commit_over_bare": ("", "the commit over a bare write and fdatasync of as many bytes"),
    "stalled_receiver_worst": ("at most 100", "the latest of 1,600 pages at eight receivers, beside one that never answers and one that is slow"),
    "pager_resident": ("at most 100", "a whole process with a pager, 50 receivers and 1,000 open incidents"),
    "startup_resident": ("", "the daemon with one brand after its start"),
    "bytes_per_thread": ("at most 1024", "resident memory of a live thread, a million of them"),
    "critic_ns_size_1000": ("2000", "join, forecast and decision of one more critic, in a thread of 1,000 (processor time)"),
    "critic_ns_threads_1000000": ("2000", "the same with 1,000,000 live threads"),
    "critic_growth_size": ("no growth", "the same, a thread of 1,000,000 over one of 1,000"),
    "critic_growth_threads": ("no growth", "the same, 1,000,000 live threads over 1,000"),
    "startup": ("", "start of the program to its first answer on /healthz"),
}


def first(pattern, path, otherwise):
    try:
        with open(path, encoding="utf-8") as file:
            found = re.search(pattern, file.read())
            return found.group(1).strip() if found else otherwise
    except OSError:
        return otherwise


def main():
    output = sys.stdin.read().strip()
    figures = re.findall(r"^figure (\S+) (\S+) (\S+)$", output, re.M)
    if not figures:
        sys.exit("no figure in the output: a bench failed")
    cpu = first(r"model name\s*:\s*(.*)", "/proc/cpuinfo", platform.machine())
    memory = int(first(r"MemTotal:\s*(\d+)", "/proc/meminfo", "0")) // 1048576
    compiler = subprocess.run(["g++", "--version"], capture_output=True, text=True, check=False).stdout.splitlines()
    print("# What it costs\n")
    print("`make bench` checks each result, measures, and writes this file. Figures of a shared machine: read the ratios.\n")
    print(f"{datetime.date.today()}, {os.cpu_count()} cores of {cpu}, {memory} GiB, Linux {platform.release()}, "
          f"{compiler[0] if compiler else 'unknown compiler'}\n")
    print("| figure | value | first target | what |\n|---|---|---|---|")
    for name, value, unit in figures:
        target, what = TARGETS.get(name, ("", ""))
        print(f"| {name} | {float(value):.4g} {unit} | {target} | {what} |")
    print("\n```\n" + output + "\n```")


main()
