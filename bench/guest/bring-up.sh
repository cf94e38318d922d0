# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
# shellcheck shell=sh disable=SC2154 # sourced after lib.sh
#
# One kernel after another; what counts is what they say on their own.

[ "$hop" = 1 ] || next_kernel -s
