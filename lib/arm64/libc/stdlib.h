/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* libfdt's header includes it, and uses nothing of it. */
