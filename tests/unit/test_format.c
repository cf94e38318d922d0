/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* lib/format.c: the messages of stage and probe. */
#include "unit.h"

#include "lib/format.h"
#include <stdlib.h>
#include <string.h>

static char text[64];

/* Into a buffer that ends where it ends, for the address sanitizer. */
static size_t formatted(size_t size, const char *how, ...)
{
	char *out = malloc(size);
	va_list arguments;
	size_t length;

	va_start(arguments, how);
	length = format(out, size, how, arguments);
	va_end(arguments);
	assert_int_equal(strlen(out), length);
	strcpy(text, out);
	free(out);
	return length;
}

static void conversions(void **state)
{
	(void)state;
	formatted(64, "%s|%u|%x|%llu|%llx|100%%", "abc", 4294967295u, 0xbeefu,
		  18446744073709551615ull, 0x123456789abcdef0ull);
	assert_string_equal(text, "abc|4294967295|beef|18446744073709551615|123456789abcdef0|100%");
	formatted(64, "%u %x %llu %llx", 0u, 0u, 0ull, 0ull);
	assert_string_equal(text, "0 0 0 0");
}

static void widths(void **state)
{
	(void)state;
	formatted(64, "%4u|%04x|%016llx|%2u|%0u", 12u, 0xabu, 0x123456789abcull, 1234u, 5u);
	assert_string_equal(text, "  12|00ab|0000123456789abc|1234|5");
	formatted(8, "%20u", 1u);
	assert_string_equal(text, "       ");
}

static void cut_at_the_end(void **state)
{
	(void)state;
	for (size_t size = 1; size < 12; size++) {
		assert_int_equal(formatted(size, "%s %u", "abcdef", 1234u),
				 size - 1 < 11 ? size - 1 : 11);
		assert_memory_equal(text, "abcdef 1234", size - 1);
	}
}

static void unfinished_conversion(void **state)
{
	(void)state;
	formatted(64, "50%");
	assert_string_equal(text, "50");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(conversions),
		cmocka_unit_test(widths),
		cmocka_unit_test(cut_at_the_end),
		cmocka_unit_test(unfinished_conversion),
	};

	return cmocka_run_group_tests_name("format", tests, NULL, NULL);
}
