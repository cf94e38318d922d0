# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
"""A virtual machine with OVMF: its disk, its initramfs, its serial line.

Shared by the test runner and the demo.
"""

import fcntl
import json
import os
import queue
import re
import shutil
import socket
import struct
import subprocess
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))
VM = f"{os.path.dirname(HERE)}/vm"

# Several emulated CPUs are steadier, and faster, in one thread; the timer
# check then fails for lack of time.
COMMAND_LINE = (
    "console=ttyS0 no_timer_check panic=-1 rdinit=/init printk.devkmsg=on iomem=relaxed"
)

OVMF = "/usr/share/OVMF"
LOADERS = {
    "systemd-boot": ("/usr/lib/systemd/boot/efi/systemd-bootx64.efi", "systemd-boot-efi"),
    "memtest": ("/boot/memtest86+x64.efi", "memtest86+"),
}

live = set()  # the QEMU processes that run


class Unavailable(Exception):
    """What a test needs is not here; the text says what."""


def kill_all():
    for process in list(live):
        process.kill()
        process.wait()


# The initramfs, in cpio's "newc" format.


def cpio_entry(name, mode, data):
    name = name.encode() + b"\0"
    fields = (cpio_entry.inode, mode, 0, 0, 1, 0, len(data), 0, 0, 0, 0, len(name), 0)
    cpio_entry.inode += 1
    head = b"070701" + b"".join(b"%08X" % field for field in fields) + name
    return head + bytes(-len(head) % 4) + data + bytes(-len(data) % 4)


cpio_entry.inode = 1


def cpio(files):
    """The archive of files: {path: file on the host}."""
    folders, out = set(), []
    for path, source in sorted(files.items()):
        parts = path.split("/")[:-1]
        for i in range(1, len(parts) + 1):
            folder = "/".join(parts[:i])
            if folder not in folders:
                folders.add(folder)
                out.append(cpio_entry(folder, 0o040755, b""))
        with open(source, "rb") as f:
            out.append(cpio_entry(path, 0o100755, f.read()))
    out.append(cpio_entry("TRAILER!!!", 0, b""))
    return b"".join(out)


def with_libraries(program):
    """The program and the libraries it needs, by their paths in the guest."""
    listing = subprocess.run(["ldd", program], capture_output=True, text=True, check=True).stdout
    paths = [program] + re.findall(r"(/\S+) \(0x", listing)
    return {path.lstrip("/"): path for path in paths}


def wrap(kernel, out, build, key=None, options=()):
    """Wrap a kernel, and sign it if there is a key; where the result is."""
    subprocess.run([f"{build}/baton", "wrap", "--verbose", kernel, "-o", out, *options]
                   + (["--sign", key, f"{SNAKEOIL}.pem"] if key else []),
                   check=True, capture_output=True)
    return out


def break_stage(wrapped, build):
    """Have the stage of a wrapped kernel read where no memory can be, with CPUs held already."""
    symbols = subprocess.run(["nm", f"{build}/blob/blob.elf"], capture_output=True, text=True,
                             check=True).stdout
    at = int(re.search(r"^([0-9a-f]+) . account$", symbols, re.M).group(1), 16)
    with open(wrapped, "r+b") as f:
        f.seek(0x1F1)
        f.seek((f.read(1)[0] + 1) * 512 + at)
        # mov $0x7ffffffff000, %rax; mov (%rax), %al
        f.write(b"\x48\xb8\x00\xf0\xff\xff\xff\x7f\x00\x00\x8a\x00")
    return wrapped


def initramfs(out, build, vmlinuz, more=(), programs=None, command=False):
    """Write the initramfs with kernel vmlinuz, and more: (version, kernel) pairs.

    programs: the guest's own, by their paths in it, if it is not of the host's kind.
    command: with the baton command.
    """
    files = programs or {
        "bin/busybox": shutil.which("busybox") or "/bin/busybox",
        "bin/batn": f"{build}/vm/batn",
        "bin/load": f"{build}/vm/load",
        "bin/nmi": f"{build}/vm/nmi",
        "bin/phys": f"{build}/vm/phys",
        **with_libraries(shutil.which("kexec") or "/sbin/kexec"),
    }
    files = {**files, "init": f"{VM}/guest/init", "lib.sh": f"{VM}/guest/lib.sh",
             "boot/vmlinuz": vmlinuz}
    if command:
        files.update(with_libraries(f"{build}/baton"))
        files["bin/baton"] = files.pop(f"{build}/baton".lstrip("/"))
    for version, kernel in more:
        files[f"boot/vmlinuz-{version}"] = kernel
    for test in os.listdir(VM):
        if test.endswith(".test"):
            files[f"tests/{test}"] = f"{VM}/{test}"
    with open(out, "wb") as f:
        f.write(cpio(files))


# The EFI system partition: a FAT32 file system without a partition table.


def esp(out, files):
    """Write the disk image with files: {path: file on the host, or bytes}."""
    texts = f"{out}.files"
    os.makedirs(texts, exist_ok=True)
    sources = {}
    for i, (path, source) in enumerate(files.items()):
        if isinstance(source, bytes):
            with open(f"{texts}/{i}", "wb") as f:
                f.write(source)
            source = f"{texts}/{i}"
        sources[path] = source
    size = sum(os.path.getsize(source) for source in sources.values())
    with open(out, "wb") as f:
        f.truncate(max(size + (8 << 20), 40 << 20) & ~0xFFFFF)  # FAT32 has 33 MB at least
    mtools = dict(os.environ, MTOOLS_SKIP_CHECK="1")

    def run(*command):
        subprocess.run(command, env=mtools, check=True, stdin=subprocess.DEVNULL)

    run("mformat", "-i", out, "-F", "-c", "1", "-v", "ESP", "::")
    folders = set()
    for path in sources:
        parts = path.split("/")[:-1]
        folders.update("/".join(parts[: i + 1]) for i in range(len(parts)))
    for folder in sorted(folders):
        run("mmd", "-i", out, f"::{folder}")
    for path, source in sources.items():
        run("mcopy", "-i", out, source, f"::{path}")
    shutil.rmtree(texts)


def grub(out):
    """GRUB as one image, which reads \\EFI\\debian\\grub.cfg."""
    if not shutil.which("grub-mkstandalone") or not os.path.isdir("/usr/lib/grub/x86_64-efi"):
        raise Unavailable("needs the packages grub-common and grub-efi-amd64-bin")
    config = f"{out}.cfg"
    with open(config, "w", encoding="ascii") as f:
        f.write("search --file /EFI/debian/grub.cfg --set root\nconfigfile /EFI/debian/grub.cfg\n")
    modules = "part_gpt fat search search_fs_file configfile linux linuxefi normal echo test acpi"
    subprocess.run(
        ["grub-mkstandalone", "-O", "x86_64-efi", f"--install-modules={modules}", "--locales=",
         "--fonts=", "--themes=", "-o", out, f"boot/grub/grub.cfg={config}"],
        check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    os.unlink(config)
    return out


GRUB_PC = "/usr/lib/grub/i386-pc"
GAP = 1 << 20  # before the first partition: boot sector and GRUB's core image


def bios_grub(folder, kernel, initrd, command_line):
    """QEMU's arguments for a disk from which a BIOS starts GRUB, and that the kernel."""
    if not shutil.which("grub-mkimage") or not os.path.exists(f"{GRUB_PC}/boot.img"):
        raise Unavailable("needs the packages grub-common and grub-pc-bin")
    partition, config, core = f"{folder}/esp.img", f"{folder}/grub.cfg", f"{folder}/core.img"
    esp(partition, {"vmlinuz": kernel, "initrd.img": initrd})
    with open(config, "w", encoding="ascii") as f:
        f.write(f"set root=(hd0,msdos1)\nlinux /vmlinuz {command_line}\n"
                "initrd /initrd.img\nboot\n")
    subprocess.run(
        ["grub-mkimage", "-O", "i386-pc", "-d", GRUB_PC, "-p", "(hd0,msdos1)/", "-c", config,
         "-o", core, "biosdisk", "part_msdos", "fat", "linux", "normal", "boot"], check=True)
    with open(f"{folder}/disk.img", "wb") as disk_image, open(partition, "rb") as contents, \
            open(core, "rb") as core_image, open(f"{GRUB_PC}/boot.img", "rb") as boot:
        core_bytes = core_image.read()
        if len(core_bytes) > GAP - 512:
            raise Unavailable("GRUB's core image is too large")
        size = os.path.getsize(partition)
        entry = struct.pack("<B3sB3sII", 0x80, b"\xfe\xff\xff", 0x0c, b"\xfe\xff\xff",
                            GAP // 512, size // 512)
        disk_image.write(boot.read(446) + entry + bytes(48) + b"\x55\xaa" + core_bytes)
        disk_image.seek(GAP)
        shutil.copyfileobj(contents, disk_image)
    os.unlink(partition)
    return disk("disk", f"{folder}/disk.img", 1)


def bios_pxe(folder, kernel, initrd, command_line):
    """QEMU's arguments for a machine whose network card (iPXE) loads the kernel by TFTP."""
    if not os.path.exists("/usr/lib/ipxe/qemu/pxe-virtio.rom"):
        raise Unavailable("needs the package ipxe-qemu")
    with open(f"{folder}/boot.ipxe", "w", encoding="ascii") as f:
        f.write(f"#!ipxe\nkernel vmlinuz {command_line}\ninitrd {os.path.basename(initrd)}\nboot\n")
    os.symlink(kernel, f"{folder}/vmlinuz")
    return ["-netdev", f"user,id=net,tftp={folder},bootfile=boot.ipxe",
            "-device", "virtio-net-pci,netdev=net,bootindex=1"]


def loader_files(loader, folder, command_line):
    """What the boot loader is: (its path on the ESP, further files there)."""
    if loader in ("grub", "grub-linuxefi"):
        efi = loader.partition("linux")[2]  # the commands of the EFI handover protocol
        config = f"linux{efi} /vmlinuz {command_line}\ninitrd{efi} /initrd.img\nboot\n"
        return "EFI/debian/grubx64.efi", {
            "EFI/debian/grubx64.efi": grub(f"{folder}/grubx64.efi"),
            "EFI/debian/grub.cfg": config.encode(),
        }
    image, package = LOADERS[loader]
    if not os.path.exists(image):
        raise Unavailable(f"needs the package {package}")
    path = f"EFI/{loader}.efi"
    files = {path: image}
    if loader == "systemd-boot":
        files["loader/loader.conf"] = b"timeout 0\ndefault debian.conf\n"
        files["loader/entries/debian.conf"] = (
            "title Debian\nlinux /vmlinuz\ninitrd /initrd.img\n"
            f"options {command_line}\n".encode())
    return path, files


# QEMU.


def qemu_version(program="qemu-system-x86_64"):
    text = subprocess.run([program, "--version"], capture_output=True, text=True,
                          check=True).stdout
    return int(re.search(r"version (\d+)", text).group(1))


class Machine:
    """QEMU with its serial line and its monitor (QMP)."""

    def __init__(self, folder, arguments, accel="tcg", cpu="max", memory=1024, smp="1",
                 secure_boot=False, reboot=False, bios=False):
        self.folder = folder
        self.log = open(f"{folder}/serial.log", "wb")
        self.lines = queue.Queue()
        self.answers = queue.Queue()
        # QEMU drops what a slow reader leaves no room for; a socket has room for
        # a few hundred single bytes only.
        self.serial, serial = os.pipe()
        fcntl.fcntl(serial, fcntl.F_SETPIPE_SZ, 1 << 20)
        self.monitor, monitor = socket.socketpair()
        command = self.command(accel, cpu, memory, smp, secure_boot, bios) + [
            "-display", "none",
            "-chardev", "stdio,id=serial,signal=off", *self.serials,
            "-chardev", f"socket,id=qmp,fd={monitor.fileno()}", "-mon", "chardev=qmp,mode=control",
        ] + ([] if reboot else ["-no-reboot"]) + arguments
        with open(f"{folder}/qemu.sh", "w", encoding="utf-8") as f:
            f.write(" \\\n\t".join(f"'{word}'" for word in command) + "\n")
        self.errors = open(f"{folder}/qemu.log", "wb")
        self.process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=serial, stderr=self.errors,
            pass_fds=(monitor.fileno(),), start_new_session=True)
        live.add(self.process)
        os.close(serial)
        monitor.close()
        self.watcher = threading.Thread(target=self._read_monitor, daemon=True)
        self.watcher.start()
        self.reader = threading.Thread(target=self._read_serial, daemon=True)
        self.reader.start()
        self.qmp("qmp_capabilities")

    serials = ["-serial", "chardev:serial"]
    over = None  # what the guest says last, if it can't end the machine

    def command(self, accel, cpu, memory, smp, secure_boot, bios):
        """QEMU's command line, as far as the kind of machine decides about it."""
        firmware, variables, machine = "OVMF_CODE_4M.fd", "OVMF_VARS_4M.fd", ["-machine", "q35"]
        if secure_boot:
            firmware, variables = "OVMF_CODE_4M.secboot.fd", "OVMF_VARS_4M.snakeoil.fd"
            machine = ["-machine", "q35,smm=on",
                       "-global", "driver=cfi.pflash01,property=secure,value=on",
                       "-global", "ICH9-LPC.disable_s3=1"]
        for name in (firmware, variables):
            if not os.path.exists(f"{OVMF}/{name}"):
                raise Unavailable(f"needs {OVMF}/{name} of the package ovmf")
        if not os.path.exists(f"{self.folder}/vars.fd"):  # else they are of an earlier run
            shutil.copyfile(f"{OVMF}/{variables}", f"{self.folder}/vars.fd")
        return [
            "qemu-system-x86_64", "-nodefaults", *machine,
            "-accel", "tcg,thread=single" if accel == "tcg" else accel,
            "-cpu", cpu, "-m", str(memory), "-smp", smp, "-nic", "none",
            *([] if bios else [
                "-drive", f"if=pflash,format=raw,readonly=on,file={OVMF}/{firmware}",
                "-drive", f"if=pflash,format=raw,file={self.folder}/vars.fd"]),
        ]

    def _read_serial(self):
        rest = b""
        while True:
            data = os.read(self.serial, 65536)
            if not data:
                break
            self.log.write(data)
            self.log.flush()
            *lines, rest = (rest + data).split(b"\n")
            for line in lines:
                self.lines.put(line.decode(errors="replace").rstrip("\r"))
            # What is drawn on a screen may have no line ends for long.
            if len(rest) > 4096:
                self.lines.put(rest.decode(errors="replace"))
                rest = b""
        if rest:
            self.lines.put(rest.decode(errors="replace"))
        self.watcher.join()
        self.lines.put(None)

    def _read_monitor(self):
        try:
            for line in self.monitor.makefile("r", encoding="utf-8"):
                message = json.loads(line)
                if "return" in message or "error" in message:
                    self.answers.put(message)
                elif message.get("event") == "SHUTDOWN":
                    self.lines.put(f"@qemu {message['data']['reason']}")
        except OSError:
            pass
        self.answers.put({"error": {"desc": "QEMU has ended"}})

    def qmp(self, command, **arguments):
        """Give a command to QEMU; its answer, or the text of the error."""
        request = {"execute": command, "arguments": arguments}
        try:
            self.monitor.sendall(json.dumps(request).encode() + b"\n")
            answer = self.answers.get(timeout=30)
        except (OSError, queue.Empty):
            return "QEMU does not answer"
        return answer["error"]["desc"] if "error" in answer else answer["return"]

    def screen(self):
        """What the probe has written on the screen: the lines of a frame buffer."""
        picture = f"{self.folder}/screen.ppm"
        answer = self.qmp("screendump", filename=picture)
        return read_picture(picture) if answer == {} else [answer]

    def plug_cpus(self):
        """Add the CPUs that the machine has sockets for but not yet."""
        results = []
        for cpu in reversed(self.qmp("query-hotpluggable-cpus")):
            if "qom-path" not in cpu:
                results.append(self.qmp("device_add", driver=cpu["type"], **cpu["props"]))
        return results

    def request(self, text):
        """Do what a guest asked for by "@host ...": see tests/vm/run."""
        command, _, rest = text.partition(" ")
        if command == "after":
            seconds, _, rest = rest.partition(" ")
            timer = threading.Timer(float(seconds), self.request, (rest,))
            timer.daemon = True
            timer.start()
            return {}
        if command == "hmp":
            return self.qmp("human-monitor-command", **{"command-line": rest})
        if command == "plug-cpus":
            return self.plug_cpus()
        return self.qmp(command, **(json.loads(rest) if rest else {}))

    def read(self, deadline):
        """The next line of the serial log; None at the end; TimeoutError when late."""
        try:
            return self.lines.get(timeout=max(0, deadline - time.monotonic()))
        except queue.Empty:
            raise TimeoutError from None

    def stop(self):
        """End QEMU; its exit code, or None if it still ran."""
        try:
            code = self.process.wait(timeout=0.5 if self.lines.empty() else 0)
        except subprocess.TimeoutExpired:
            code = None
            self.process.kill()
            self.process.wait()
        live.discard(self.process)
        self.reader.join()
        os.close(self.serial)
        self.monitor.close()
        self.log.close()
        self.errors.close()
        return code


GLYPHS = f"{HERE}/../../probe/x86_64/screen.c"


def read_picture(path):
    """The text in a PPM picture of the screen, by the glyphs that the probe draws."""
    with open(GLYPHS, encoding="utf-8") as f:
        glyphs = [int(bits, 16) for bits in re.findall(r"0x([0-9a-f]{9})\b", f.read())]
    letters = {bits: chr(ord(" ") + i) for i, bits in enumerate(glyphs)}
    with open(path, "rb") as f:
        data = f.read()
    head = re.match(rb"P6\s+(\d+)\s+(\d+)\s+255\s", data)
    width, height, pixels = int(head[1]), int(head[2]), data[head.end():]

    def cell(column, row):
        bits = 0
        for y in range(7):
            at = ((row * 9 + y) * width + column * 6) * 3
            for x in range(5):
                bits |= (pixels[at + 3 * x] > 64) << (5 * y + x)
        return letters.get(bits, "?")

    return ["".join(cell(column, row) for column in range(width // 6)).rstrip()
            for row in range(height // 9)]


SNAKEOIL = "/usr/share/ovmf/PkKek-1-snakeoil"


def snakeoil_key(folder):
    """The key that OVMF's package is for, and that its variables trust, as a file."""
    if not shutil.which("sbsign") or not os.path.exists(f"{SNAKEOIL}.key"):
        raise Unavailable("needs the package sbsigntool, and the snakeoil key of ovmf")
    key = f"{folder}/snakeoil.key"
    subprocess.run(["openssl", "rsa", "-in", f"{SNAKEOIL}.key", "-passin", "pass:snakeoil",
                    "-out", key], check=True, stderr=subprocess.DEVNULL)
    return key


def sign(files, folder):
    """The files of an ESP with every program signed by that key."""
    key = snakeoil_key(folder)
    signed = dict(files)
    for i, (path, source) in enumerate(files.items()):
        if path.lower().endswith(".efi") or path == "vmlinuz":
            signed[path] = f"{folder}/signed.{i}"
            subprocess.run(["sbsign", "--key", key, "--cert", f"{SNAKEOIL}.pem", "--output",
                            signed[path], source], check=True, capture_output=True)
    return signed


def disk(name, image, index):
    return ["-drive", f"if=none,id={name},format=raw,cache=unsafe,file={image}",
            "-device", f"virtio-blk-pci,drive={name},bootindex={index}"]


def boot_arguments(folder, build, boot, kernel, command_line, initrd, conf=None, files=None,
                   badfw="", fallback=False, secure_boot="no", firmware=""):
    """QEMU's arguments to boot a kernel as the words of boot say.

    boot: "baton" or "stock", then perhaps a boot loader: grub, systemd-boot, memtest; or
    probe, probe-kernel.
    conf, files: instead of the baton.conf that would do, and more for the ESP.
    badfw: what badfw.efi does before baton.efi is started (see tests/firmware/badfw.c).
    firmware: what testfw.efi does with the CPUs before anything else is started (testfw.c).
    fallback: a second disk boots the kernel, without baton, if the first does not.
    secure_boot: "signed" signs every program; "unsigned" all but the first disk's kernel.
    """
    baton, *loader = boot.split()
    loader = loader[0] if loader else None
    if baton == "stock" and loader in (None, "memtest") and not firmware:
        image = kernel if loader is None else LOADERS[loader][0]
        if not os.path.exists(image):
            raise Unavailable(f"needs {image}")
        return ["-kernel", image, "-append", command_line] + (
            [] if loader else ["-initrd", initrd])
    if loader == "probe-kernel":
        return ["-kernel", f"{build}/probe.efi", "-append", command_line, "-initrd", kernel]
    on_esp = {}
    start, options = "vmlinuz", f" initrd=\\initrd.img {command_line}"
    if loader == "probe":
        start, options = "EFI/probe.efi", f" {command_line}"
        on_esp[start] = f"{build}/probe.efi"
        on_esp["EFI/BOOT/probe.conf"] = command_line.encode()
    elif loader:
        (start, on_esp), options = loader_files(loader, folder, command_line), ""
    if loader not in ("memtest", "probe") or "linux=" in command_line:
        on_esp["vmlinuz"] = kernel
        on_esp["initrd.img"] = initrd
    place = "EFI/BOOT/BOOTX64.EFI"
    if baton == "stock":
        on_esp[place] = on_esp[start]
    else:
        if not conf and loader:
            conf = "efi /" + start
            if loader in ("memtest", "probe"):
                conf += "\noptions " + command_line
        elif not conf:
            conf = f"linux /vmlinuz\ninitrd /initrd.img\noptions {command_line}"
        start, options = place, ""
        if badfw or firmware:
            start = "EFI/baton/baton.efi"
        on_esp[start] = f"{build}/baton.efi"
        on_esp[f"{os.path.dirname(start)}/baton.conf"] = (conf + "\nverbose\n").encode()
    if badfw:
        on_esp[place] = f"{build}/vm/badfw.efi"
        on_esp["EFI/BOOT/badfw.conf"] = badfw.encode()
    if firmware:
        start = "\\" + start.replace("/", "\\")
        on_esp[place] = f"{build}/vm/testfw.efi"
        on_esp["EFI/BOOT/testfw.conf"] = f"{firmware}\n{start}{options}\n".encode()
    on_esp.update(files or {})
    on_esp = {path: source for path, source in on_esp.items() if source}
    if secure_boot != "no":
        on_esp = sign(on_esp, folder)
    if secure_boot == "unsigned":
        on_esp["vmlinuz"] = kernel
    esp(f"{folder}/esp.img", on_esp)
    arguments = disk("esp", f"{folder}/esp.img", 1)
    if fallback:
        start, on_esp = loader_files("systemd-boot", folder, command_line)
        on_esp.update({"EFI/BOOT/BOOTX64.EFI": on_esp[start], "vmlinuz": kernel,
                       "initrd.img": initrd})
        if secure_boot != "no":
            on_esp = sign(on_esp, folder)
        esp(f"{folder}/fallback.img", on_esp)
        arguments += disk("fallback", f"{folder}/fallback.img", 2)
    return arguments
