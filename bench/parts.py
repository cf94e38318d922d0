# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
"""The parts of the measurements: each runs its machines, and returns its table.

Called by bench/run.
"""

import os
import re
import statistics
import subprocess
import sys
import time

from guests import KERNEL, Board, Chain, Guest, Probe
from rig import host
from rig.errors import Broken
from tables import spread, table

SETTLE_S, WINDOW_S = 3, 8  # of the quiet part


def progress(text):
    print(f"bench: {text}", file=sys.stderr, flush=True)


def host_load(guest):
    """How much of a host core the machine takes, and wants, in per cent, once it has settled."""
    guest.wait_for("@bench idle$")
    time.sleep(SETTLE_S)
    before, start = guest.host_cpu(), time.monotonic()
    time.sleep(WINDOW_S)
    after, seconds = guest.host_cpu(), time.monotonic() - start
    had, waited = (sum(times[i] - before.get(thread, (0, 0))[i] for thread, times in after.items())
                   for i in (0, 1))
    return had / seconds * 100, (had + waited) / seconds * 100


def quiet(options):
    counts = [2, 8, 16, 64]
    idle, baton, pause, usual, spin, firmware, linux = names = [
        "no other CPU, idle Linux", "baton", "baton, `wait=pause`", "usual loop, PAUSE",
        "usual loop, no PAUSE", "OVMF's own", "no baton, all online and idle"]
    load = {name: [] for name in names}

    def measure(name, way, cpus, append="maxcpus=1", then=None):
        progress(f"quiet: {name}, {cpus} CPUs")
        wait = SETTLE_S + WINDOW_S + 4 if then else ""
        with Guest(options, "quiet", way, cpus, append, wait) as guest:
            load[name].append(host_load(guest))
            if then:
                load[then].append(host_load(guest))

    measure(idle, "stock", 1)
    load[idle] *= len(counts)
    for cpus in counts:
        measure(baton, "baton", cpus)
        measure(pause, "pause", cpus)
        measure(usual, "usual", cpus, then=spin)
        measure(firmware, "stock", cpus)
        measure(linux, "stock", cpus, append="")
    rows = [["% of a host core had / wanted, CPUs held:", *(cpus - 1 for cpus in counts)]]
    rows += [[name, *(f"{had:.1f} / {wanted:.1f}" for had, wanted in load[name])]
             for name in names]
    rows += [[f"{name}, wanted / baton, had", *(f"{a[1] / b[0]:.0f}"
                                                for a, b in zip(load[name], load[baton]))]
             for name in (usual, spin, firmware)]
    return table(*rows)


def latency(options):
    names = {
        "bare": "bare hand-over of a cache line",
        "usual-spin": "usual loop, no PAUSE",
        "usual-pause": "usual loop, PAUSE",
        "alone-spin": "baton, listener wanted, no PAUSE",
        "alone": "baton, listener wanted",
        "passing-spin": "baton, listener wanted and passes the role on, no PAUSE",
        "passing": "baton, listener wanted and passes the role on",
        "bare-futex": "bare futex wake",
        "rung-futex": "baton, sleeping CPU rung by the listener, futex",
        "timer-1ms": "baton, listener wanted, sleeping 1 ms at a time",
        "timer-10ms": "baton, listener wanted, sleeping 10 ms at a time",
    }
    progress("latency")
    output = subprocess.run([f"{options.build}/bench/latency"], stdout=subprocess.PIPE, text=True,
                            check=True, timeout=options.timeout).stdout
    rows = [["from the command to the target's first instruction", "ns", "ratio"]]
    for line in output.splitlines():
        name, *numbers = line.split()
        low, middle, high, *ratio = (float(number) for number in numbers)
        rows.append([names[name], f"{middle:.0f} ({low:.0f} to {high:.0f})",
                     "" if name.startswith("timer")
                     else "{1:.2f} ({0:.2f} to {2:.2f})".format(*ratio)])
    return table(*rows)


def stage(options):
    counts = [2, 4, 8, 16, 32, 64]
    samples = {cpus: [] for cpus in counts}
    for n in range(options.rounds):
        for cpus in counts:
            progress(f"stage: {cpus} CPUs, run {n + 1}")
            with Guest(options, "quiet", "baton", cpus) as guest:
                found = guest.wait_for(
                    r"(\d+) held.* (\d+) missing.*prepared in (\d+) us, collected in (\d+) us")
                if (found[1], found[2]) != (str(cpus - 1), "0"):
                    raise Broken(f"{guest.name}: {found[0]}")
                samples[cpus].append((int(found[3]) / 1000, int(found[4]) / 1000))
    rows = [["CPUs", "prepare, ms", "collect, ms", "collect per CPU, ms", "goal, ms"]]
    for cpus in counts:
        prepare, collect = zip(*samples[cpus])
        rows.append([cpus, spread(prepare, 1), spread(collect, 1),
                     f"{statistics.median(collect) / (cpus - 1):.2f}", f"{5 + 0.2 * cpus:.1f}"])
    return table(*rows)


def kexec(options):
    """From the last line of one kernel to the first of the next one's user space."""
    # What each hop of a machine is, by the kernels after its first one.  The first hop, which
    # is by far the slowest whoever makes it, is from stock to stock, and is not counted.
    chains = {"ss": ["stock"],
              "swsw": ["wrapped, makes an area", "not wrapped, under baton",
                       "wrapped, adopts the area"]}
    ways = list(dict.fromkeys(way for hops in chains.values() for way in hops))
    counts = [int(word) for word in options.cpus.split(",")]
    times, stages = {}, {}
    for n in range(options.rounds):
        for cpus in counts:
            for kernels, hops in chains.items():
                progress(f"kexec: {cpus} CPUs, {kernels}, run {n + 1}")
                with Chain(options, cpus, kernels) as chain:
                    chain.wait_for("@bench arrived")
                    chain.hop()
                    for way in hops:
                        ms, stage_us = chain.hop()
                        times.setdefault((way, cpus), []).append(ms)
                        if stage_us:
                            stages.setdefault((way, cpus), []).append(sum(stage_us) / 1000)
    rows = [["ms from kernel to kernel, CPUs:", *counts]]
    rows += [[way, *(spread(times[way, cpus]) for cpus in counts)] for way in ways]
    median = {key: statistics.median(values) for key, values in times.items()}
    rows += [[f"{way}, / stock", *(f"{median[way, cpus] / median['stock', cpus]:.2f}"
                                   for cpus in counts)] for way in ways if way != "stock"]
    own = [["the stage's own, ms, CPUs:", *counts]]
    own += [[way, *(spread(stages[way, cpus], 1) for cpus in counts)]
            for way in ways if (way, counts[0]) in stages]
    own.append(["goal", *(f"{5 + 0.2 * cpus:.1f}" for cpus in counts)])
    return f"{table(*rows)}\n\n{table(*own)}"


def give_back(options):
    """The part "return"."""
    kinds = {"offline": "offline", "online": "online",
             "late-offline": "offline, after 1.3 s of quiet"}
    rows = [["ms per CPU, of 15", "stock", "baton", "ratio"]]
    times = {}
    for way in ("stock", "baton"):
        progress(f"return: {way}")
        with Guest(options, "return", way, 16) as guest:
            while (found := guest.wait_for(r"@bench (\S+) ?(\d*)"))[1] != "end":
                times.setdefault((way, found[1]), []).append(int(found[2]) * 10)
    for kind, name in kinds.items():
        single = kind == "late-offline"
        ms = []
        for way in ("stock", "baton"):
            values = times[way, kind]
            ms.append([statistics.mean(values)] if single else [value / 15 for value in values])
        rows.append([name, *(spread(values, 1) for values in ms),
                     f"{statistics.median(ms[1]) / statistics.median(ms[0]):.2f}"])
    return table(*rows)


def prove(options):
    """What the proof before a kexec adds to taking the CPUs offline."""
    counts = [2, 16, 64]
    names = {"offline": "offline", "proof": "offline with proof: `baton kexec --at-shutdown`"}
    times = {}
    for cpus in counts:
        progress(f"prove: {cpus} CPUs")
        with Guest(options, "prove", "baton", cpus) as guest:
            while (found := guest.wait_for(r"@bench (\S+) ?(\d*)"))[1] != "end":
                times.setdefault((found[1], cpus), []).append(int(found[2]) * 10 / (cpus - 1))
    rows = [["ms per CPU, CPUs:", *counts]]
    rows += [[name, *(spread(times[kind, cpus], 1) for cpus in counts)]
             for kind, name in names.items()]
    median = {key: statistics.median(values) for key, values in times.items()}
    rows.append(["ratio", *(f"{median['proof', cpus] / median['offline', cpus]:.2f}"
                            for cpus in counts)])
    return table(*rows)


def bring_up(options):
    cases = [(cpus, parallel) for cpus in (4, 16) for parallel in (0, 1)]
    times = {}
    for n in range(options.rounds):
        for cpus, parallel in cases:
            for way in ("stock", "baton"):
                progress(f"bring-up: {way}, {cpus} CPUs, cpuhp.parallel={parallel}, run {n + 1}")
                with Guest(options, "bring-up", way, cpus, f"cpuhp.parallel={parallel}") as guest:
                    for kernel in ("first", "after kexec"):
                        start = guest.wait_for(r"\[ *([\d.]+)\] smp: Bringing up secondary CPUs")
                        end = guest.wait_for(rf"\[ *([\d.]+)\] smp: Brought up .* {cpus} CPUs")
                        times.setdefault((cpus, parallel, kernel, way), []).append(
                            (float(end[1]) - float(start[1])) * 1000)
    rows = [["ms from 'Bringing up' to 'Brought up'", "INIT/SIPI", "baton", "ratio"]]
    for kernel in ("first", "after kexec"):
        for cpus, parallel in cases:
            ms = [times[cpus, parallel, kernel, way] for way in ("stock", "baton")]
            rows.append([f"{cpus} CPUs, cpuhp.parallel={parallel}, {kernel}", spread(ms[0]),
                         spread(ms[1]),
                         f"{statistics.median(ms[1]) / statistics.median(ms[0]):.2f}"])
    return table(*rows)


def methods(options):
    """All ways to start CPUs, in one run of the probe."""
    names = {
        "sipi-delays": "INIT/SIPI one by one, architectural delays",
        "sipi": "INIT/SIPI one by one, no delays",
        "sipi-all": "INIT/SIPI all at once, architectural delays",
        "usual": "mailbox one by one, usual loop",
        "mailbox": "mailbox one by one, baton",
        "broadcast": "broadcast, baton",
        "broadcast-quiet": "broadcast, baton, after 1.3 s of quiet",
    }
    samples = {}
    progress("methods")
    with Probe(options, 64) as probe:
        while (found := probe.wait_for(
                r"# bench (\S+) (\d+) (\d+)|# verdict: (\w+)|(Bail out!.*)"))[1]:
            samples.setdefault((found[1], int(found[2])), []).append(int(found[3]))
        if found[4] != "passes":
            raise Broken(f"{probe.name}: {found[0]}")
    counts = sorted({cpus for _, cpus in samples})
    least = {key: min(us) for key, us in samples.items()}
    rows = [["ms until so many CPUs run C code, the first included", *counts]]
    rows += [[name, *(f"{least[way, cpus] / 1000:.2f} "
                      f"({statistics.median(samples[way, cpus]) / 1000:.2f})" for cpus in counts)]
             for way, name in names.items()]
    rows += [[f"{name}, / broadcast",
              *(f"{least[way, cpus] / least['broadcast', cpus]:.2f}" for cpus in counts)]
             for way, name in names.items() if not way.startswith("broadcast")]
    growth = [["growth, from half as many CPUs", *counts[1:]]]
    growth += [[name, *(f"{least[way, b] / least[way, a]:.2f}"
                        for a, b in zip(counts, counts[1:]))]
               for way, name in names.items()]
    return f"{table(*rows)}\n\n{table(*growth)}"


def stage2(options):
    names = {"stock": "stock", "no-stage2": "baton, `--no-stage2`", "baton": "baton"}
    what = {"walk-1": "a read, of 1 MiB, ns", "walk-16": "a read, of 16 MiB, ns",
            "walk-128": "a read, of 128 MiB, ns", "processes": "50 processes, ms"}
    samples = {(way, name): [] for way in names for name in what}
    for n in range(options.rounds):
        for way in names:
            progress(f"stage2: {way}, run {n + 1}")
            with Board(options, "stage2", way) as board:
                while (found := board.wait_for(r"@bench (\S+)(?: (\S+))?"))[1] != "end":
                    samples[way, found[1]].append(float(found[2]))
    rows = [["", *what.values()]]
    rows += [[text, *(spread(samples[way, name], 0) for name in what)]
             for way, text in names.items()]
    rows += [[f"{text} / {names[base]}",
              *(f"{min(samples[way, name]) / min(samples[base, name]):.2f}" for name in what)]
             for way, base, text in (("no-stage2", "stock", names["no-stage2"]),
                                     ("baton", "no-stage2", "baton"))]
    return table(*rows)


def surroundings(options):
    """On what it was measured."""
    def first(command, regex):
        return re.search(regex, host.call(*command))[1]

    with open("/proc/cpuinfo", encoding="utf-8") as f:
        model = re.search(r"model name\s*: (.*)", f.read())[1]
    with open(f"{options.kernels}/{KERNEL}/package", encoding="utf-8") as f:
        package = f.read().strip()
    qemu = first(["qemu-system-x86_64", "--version"], r"version (\S+)")
    ovmf = first(["dpkg-query", "-W", "-f", "${Version}", "ovmf"], r"(.*)")
    return table(["what", "on this run"], ["CPU", f"{model}, {os.cpu_count()} cores"],
                 ["kernel of the guests", package],
                 ["emulator", f"QEMU {qemu}, TCG in one thread"], ["firmware", f"OVMF {ovmf}"],
                 ["load average at the start", " ".join(f"{load:.1f}" for load in os.getloadavg())],
                 ["date", time.strftime("%Y-%m-%d")])


PARTS = {"surroundings": surroundings, "quiet": quiet, "latency": latency, "stage": stage,
         "kexec": kexec, "return": give_back, "prove": prove, "bring-up": bring_up,
         "methods": methods, "stage2": stage2}
