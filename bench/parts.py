# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
"""The parts of the measurements: each runs its machines, and returns its table.

Called by bench/run.
"""

import concurrent.futures
import os
import re
import statistics
import subprocess
import sys
import time

from guests import COUNTED_STAGE, KERNEL, Board, Counted, Guest, Probe
from rig import host
from rig.errors import Broken
from tables import spread, table

SETTLE_S, WINDOW_S = 3, 8  # of the quiet part
REPEATED = 4  # so many CPUs has the machine that runs twice, and the only one of BENCH=quick


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
    counts = [2, 64]
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


def chain(options, way, cpus, parallel, kernels, run=1):
    """What the kernels of one machine say, each a list with one value for each kernel.

    way: of the first kernel; kernels: of those that follow by kexec, s or w each.
    """
    progress(f"chain: {way}, {cpus} CPUs, cpuhp.parallel={parallel}, then {kernels}")
    found = {"stage": [], "bring-up": [], "hop": []}
    left = None
    with Counted(options, "kexec", way, cpus, f"cpuhp.parallel={parallel}", kernels,
                 run) as guest:
        for n, kernel in enumerate({"stock": "s", "baton": "w"}[way] + kernels):
            found["stage"].append(guest.stage_us() if kernel == "w" else None)
            found["bring-up"].append(guest.bring_up_ms(cpus))
            arrived = guest.ticks("arrived")
            found["hop"].append(left and arrived - left)
            if n < len(kernels):
                left = guest.ticks("leaving")
    return found


# By what chain() was called with: the parts share the machines.
chains = {}


def all_chains(options):
    """Every machine of chain(), a few at a time."""
    wanted = [(way, cpus, 1, "sw") for cpus in counts_of(options) for way in ("baton", "stock")]
    wanted.append(("baton", REPEATED, 1, "sw", 2))
    if not options.quick:
        wanted += [(way, cpus, 0, "s") for cpus in counts_of(options)[1:]
                   for way in ("baton", "stock")]
    measure_all(options, chain, chains, wanted)
    return chains


def measure_all(options, function, results, wanted):
    """Call the function with each of what is wanted and not there yet; the most CPUs first."""
    wanted = sorted(set(wanted) - set(results), key=lambda arguments: -arguments[1])
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        for arguments, result in zip(wanted, pool.map(
                lambda arguments: function(options, *arguments), wanted)):
            results[arguments] = result


def counts_of(options):
    return [REPEATED] if options.quick else [2, REPEATED, 16, 64]


def repeats(options):
    """How far two runs of the same machine are apart."""
    one, other = (all_chains(options)["baton", REPEATED, 1, "sw", *run] for run in ((), (2,)))
    rows = [[f"ms, {REPEATED} CPUs, three kernels", "one run", "another", "difference"]]
    for name, digits, unit in (("hop", 6, 1e6), ("bring-up", 3, 1)):
        for a, b in zip(one[name], other[name]):
            if a is not None:
                rows.append([{"hop": "from kernel to kernel", "bring-up": "bring-up"}[name],
                             *(f"{value / unit:.{digits}f}" for value in (a, b, abs(a - b)))])
    return table(*rows)


def stage_us(options, way, cpus):
    """The times of a stage that makes an area: that of baton.efi, or of a wrapped kernel."""
    progress(f"stage: {way}, {cpus} CPUs")
    if way == "baton.efi":
        guest = Guest(options, "quiet", "baton", cpus, more=COUNTED_STAGE)
    else:
        guest = Counted(options, "kexec", "baton", cpus, run="stage", clock=COUNTED_STAGE)
    with guest:
        return guest.stage_us()


def stage(options):
    """The stage's own time: under UEFI, and in a wrapped kernel."""
    counts, times = counts_of(options), {}
    measure_all(options, stage_us, times,
                [("wrapped", cpus) for cpus in counts] +
                [("baton.efi", cpus) for cpus in counts if cpus <= 16 and not options.quick])
    for cpus in counts:
        times["adopts", cpus] = all_chains(options)["baton", cpus, 1, "sw"]["stage"][2]
    rows = [["prepare + collect, ms; CPUs:", *counts]]
    for way, text in (("baton.efi", "baton.efi, makes an area"),
                      ("wrapped", "wrapped, makes an area"),
                      ("adopts", "wrapped, adopts the area")):
        rows.append([text, *("{:.2f} + {:.2f}".format(us[0] / 1000, us[1] / 1000) if us else "-"
                             for us in (times.get((way, cpus)) for cpus in counts))])
    rows.append(["goal for both together", *(f"{5 + 0.2 * cpus:.1f}" for cpus in counts)])
    return table(*rows)


def kexec(options):
    """From the last line of one kernel to the first of the next one's user space."""
    counts = counts_of(options)
    stock, baton = ([all_chains(options)[way, cpus, 1, "sw"]["hop"] for cpus in counts]
                    for way in ("stock", "baton"))
    ways = {"stock": [hops[1] for hops in stock],
            "wrapped, makes an area": [hops[2] for hops in stock],
            "not wrapped, under baton": [hops[1] for hops in baton],
            "wrapped, adopts the area": [hops[2] for hops in baton]}
    rows = [["ms from kernel to kernel, CPUs:", *counts]]
    rows += [[way, *(f"{ns / 1e6:.3f}" for ns in times)] for way, times in ways.items()]
    rows += [[f"{way}, / stock", *(f"{ns / base:.4f}" for ns, base in zip(times, ways["stock"]))]
             for way, times in ways.items() if way != "stock"]
    return table(*rows)


def bring_up(options):
    found = all_chains(options)
    rows = [["ms from 'Bringing up' to 'Brought up'", "INIT/SIPI", "baton", "ratio"]]
    for n, kernel in enumerate(("first", "after kexec")):
        for key in sorted(found, key=lambda key: (-key[2], key[1])):
            way, cpus, parallel, _, *again = key
            if way == "baton" and not again and (cpus > 2):
                ms = [found[(way, *key[1:])]["bring-up"][n] for way in ("stock", "baton")]
                rows.append([f"{cpus} CPUs, cpuhp.parallel={parallel}, {kernel}",
                             *(f"{value:.3f}" for value in ms), f"{ms[1] / ms[0]:.3f}"])
    return table(*rows)


def returned(options, way, cpus):
    """The times in ns of CPUs that go and come, by what they do."""
    progress(f"return: {way}, {cpus} CPUs")
    times = {}
    with Counted(options, "return", way, cpus, arg="proof" if way == "baton" else "") as guest:
        while (found := guest.wait_for(r"@bench (\S+) (\d+)"))[1] != "end":
            times.setdefault(found[1], []).append(int(found[2]))
    return {name: statistics.median(values) for name, values in times.items()}


def give_back(options):
    """The part "return"."""
    counts = [REPEATED] if options.quick else [2, 16, 64]
    results = {}
    measure_all(options, returned, results,
                [(way, cpus) for cpus in counts for way in ("baton", "stock")])
    rows = [["ms per CPU", "CPUs", "stock", "baton", "ratio"]]
    for name, text, base in (
            ("offline", "offline, with TEST", "offline"), ("online", "online", "online"),
            ("late-offline", "offline, after 1.3 s of quiet", "late-offline"),
            ("proof", "`baton kexec --at-shutdown` against offline", "offline")):
        for cpus in counts:
            share = 1e6 if name == "late-offline" else 1e6 * (cpus - 1)
            stock, baton = results["stock", cpus][base], results["baton", cpus][name]
            rows.append([text, cpus, f"{stock / share:.3f}", f"{baton / share:.3f}",
                         f"{baton / stock:.3f}"])
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


PARTS = {"surroundings": surroundings, "repeats": repeats, "stage": stage, "kexec": kexec,
         "bring-up": bring_up, "return": give_back, "quiet": quiet, "latency": latency,
         "methods": methods, "stage2": stage2}
QUICK = ["surroundings", "repeats", "stage", "kexec", "bring-up", "return"]
