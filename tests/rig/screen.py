# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
"""The text on a machine's screen, read by the glyphs that the probe draws there.

Used by machine.py for the key "screen" of a test.
"""

import re

from rig import host

GLYPHS = f"{host.ROOT}/probe/x86_64/screen.c"
WIDTH, HEIGHT = 5, 7  # of a glyph; between two of them are a column, and two rows


def letters():
    """The characters that the probe can draw, by the bits of their glyphs."""
    with open(GLYPHS, encoding="utf-8") as f:
        glyphs = [int(bits, 16) for bits in re.findall(r"0x([0-9a-f]{9})\b", f.read())]
    return {bits: chr(ord(" ") + i) for i, bits in enumerate(glyphs)}


def read_picture(path):
    """The lines of text in a picture of the screen, in PPM."""
    with open(path, "rb") as f:
        data = f.read()
    head = re.match(rb"P6\s+(\d+)\s+(\d+)\s+255\s", data)
    width, height, pixels = int(head[1]), int(head[2]), data[head.end():]
    known = letters()

    def cell(column, row):
        bits = 0
        for y in range(HEIGHT):
            at = ((row * (HEIGHT + 2) + y) * width + column * (WIDTH + 1)) * 3
            for x in range(WIDTH):
                bits |= (pixels[at + 3 * x] > 64) << (WIDTH * y + x)
        return known.get(bits, "?")

    return ["".join(cell(column, row) for column in range(width // (WIDTH + 1))).rstrip()
            for row in range(height // (HEIGHT + 2))]
