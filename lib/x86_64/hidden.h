/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* Before all else: what is declared extern is in the blob too, so no GOT is needed. */
#pragma GCC visibility push(hidden)
