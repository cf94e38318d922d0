# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
"""The tables of docs/measurements.md.

Used by parts.py.
"""

import statistics


def table(*rows):
    """Rows as Markdown; the first is the header, the first column text."""
    rows = [[str(cell) for cell in row] for row in rows]
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    rows.insert(1, ["-" * widths[0]] + ["-" * (width - 1) + ":" for width in widths[1:]])
    return "\n".join(
        "| " + " | ".join(cell.rjust(width) if i else cell.ljust(width)
                          for i, (cell, width) in enumerate(zip(row, widths))) + " |"
        for row in rows)


def spread(values, digits=0):
    """Median and range."""
    low, middle, high = (f"{f(values):.{digits}f}" for f in (min, statistics.median, max))
    return f"{middle} ({low} to {high})" if low != high else middle
