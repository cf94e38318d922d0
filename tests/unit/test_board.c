/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* What the stub writes to the registers of each board, in memory that stands for them. */
#include "unit.h"

#include <string.h>

#include "stage/arm64/armstub/board.h"

/* Midr of each, revisions as they are sold. */
#define CORTEX_A53_R0P4 0x410fd034
#define CORTEX_A72_R0P3 0x410fd083
#define CORTEX_A76_R4P1 0x414fd0b1
#define NOT_ARMS_D03 0x510fd034

static uint32_t local[4], distributor[0x400], interface[4];

static struct board in_memory(const struct board *board)
{
	struct board copy = *board;

	copy.local = (uintptr_t)local;
	copy.distributor = board->distributor ? (uintptr_t)distributor : 0;
	copy.interface = board->interface ? (uintptr_t)interface : 0;
	memset(local, 0x5a, sizeof(local));
	memset(distributor, 0x5a, sizeof(distributor));
	memset(interface, 0x5a, sizeof(interface));
	return copy;
}

static void boards_are_told_apart(void **state)
{
	const struct board *three = board_find(CORTEX_A53_R0P4);
	const struct board *four = board_find(CORTEX_A72_R0P3);

	(void)state;
	assert_non_null(three);
	assert_non_null(four);
	assert_int_equal(three->clock, 19200000);
	assert_int_equal(four->clock, 54000000);
	assert_int_equal(three->local, 0x40000000);
	assert_int_equal(four->local, 0xff800000);
	assert_int_equal(three->distributor, 0);
	assert_int_equal(four->distributor, 0xff841000);
	assert_int_equal(four->interface, 0xff842000);
}

static void another_processor_is_not_taken_for_one(void **state)
{
	(void)state;
	assert_null(board_find(CORTEX_A76_R4P1));
	assert_null(board_find(NOT_ARMS_D03));
	assert_null(board_find(0));
}

static void counter_counts_the_crystal(void **state)
{
	struct board board = in_memory(board_find(CORTEX_A53_R0P4));

	(void)state;
	board_start(&board);
	assert_int_equal(local[0], 0);
	assert_int_equal(local[2], 0x80000000);
	assert_int_equal(local[1], 0x5a5a5a5a);
	assert_int_equal(local[3], 0x5a5a5a5a);
	for (unsigned i = 0; i < 0x400; i++)
		assert_int_equal(distributor[i], 0x5a5a5a5a);
}

static void all_interrupts_are_in_group_1(void **state)
{
	struct board board = in_memory(board_find(CORTEX_A72_R0P3));

	(void)state;
	board_start(&board);
	assert_int_equal(local[0], 0);
	assert_int_equal(local[2], 0x80000000);
	assert_int_equal(distributor[0], 3);
	for (unsigned i = 1; i < 0x400; i++)
		assert_int_equal(distributor[i], i >= 0x20 && i < 0x28 ? UINT32_MAX : 0x5a5a5a5a);
	assert_int_equal(interface[0], 0x1e7);
	assert_int_equal(interface[1], 0xff);
	assert_int_equal(interface[2], 0x5a5a5a5a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(boards_are_told_apart),
		cmocka_unit_test(another_processor_is_not_taken_for_one),
		cmocka_unit_test(counter_counts_the_crystal),
		cmocka_unit_test(all_interrupts_are_in_group_1),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
