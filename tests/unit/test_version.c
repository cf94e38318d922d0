/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* cli/kernel/version.c: which kernel is the newest, as distributions order them. */
#include "unit.h"

#include <stdlib.h>

#include "cli/kernel/version.h"

static void older(const char *a, const char *b)
{
	if (version_compare(a, b) >= 0 || version_compare(b, a) <= 0)
		fail_msg("%s is not older than %s", a, b);
}

static void versions_are_ordered(void **state)
{
	(void)state;
	older("6.1.0-9-amd64", "6.1.0-40-amd64");
	older("6.9.12", "6.12.0");
	older("6.13~rc7-amd64", "6.13-amd64");
	older("6.13-rc7-amd64", "6.13-amd64");
	older("6.13.0-rc7", "6.13.0");
	older("6.13.0-rc7", "6.13.0-rc10");
	older("6.12.9", "6.13.0-rc1");
	older("6.13.0-0.rc7.51.fc42.x86_64", "6.13.0-61.fc42.x86_64");
	older("5.14.0-503.el9", "5.14.0-503.11.1.el9_5"); /* both are known to rpm so */
	older("6.8.0-49-generic", "6.8.0-50-generic");
	older("6.12.9-arch1-1", "6.12.10-arch1-1");
	older("", "1");
	assert_int_equal(version_compare("6.012.0", "6.12.0"), 0);
	assert_int_equal(version_compare("", ""), 0);
}

static void versions_are_in_paths(void **state)
{
	static const char *const paths[][2] = {
		{"/boot/vmlinuz-6.12.0-amd64", "6.12.0-amd64"},
		{"/boot/0123456789abcdef/6.12.0-amd64/linux", "6.12.0-amd64"},
		{"vmlinuz", "vmlinuz"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(paths) / sizeof(*paths); i++) {
		char *version = version_of(paths[i][0]);

		assert_string_equal(version, paths[i][1]);
		free(version);
	}
}

static void copies_are_left_over(void **state)
{
	(void)state;
	assert_true(version_is_left_over("/boot/vmlinuz-6.12.0.old"));
	assert_true(version_is_left_over("/boot/vmlinuz-6.12.0.bak"));
	assert_true(version_is_left_over("/boot/vmlinuz-6.12.0.dpkg-bak"));
	assert_true(version_is_left_over("/boot/vmlinuz-6.12.0.dpkg-new"));
	assert_true(version_is_left_over("/boot/vmlinuz-6.12.0.rpmsave"));
	assert_true(version_is_left_over("/boot/vmlinuz-6.12.0~"));
	assert_false(version_is_left_over("/boot/vmlinuz-6.12.0"));
	assert_false(version_is_left_over("/boot.old/vmlinuz-6.13~rc7-amd64"));
	assert_false(version_is_left_over("/boot/vmlinuz-6.12.0-old-amd64"));
}

static void the_newest_is_taken(void **state)
{
	(void)state;
	assert_true(version_is_better("/boot/vmlinuz-6.9.0", NULL));
	assert_true(version_is_better("/boot/vmlinuz-6.12.0", "/boot/vmlinuz-6.9.0"));
	assert_true(version_is_better("/boot/vmlinuz-6.13", "/boot/vmlinuz-6.13-rc7"));
	assert_false(version_is_better("/boot/vmlinuz-6.12.0", "/boot/vmlinuz-6.12.0"));
	assert_false(version_is_better("/boot/vmlinuz-6.12.0.old", NULL));
	assert_false(version_is_better("/boot/vmlinuz-6.13.0.dpkg-bak", "/boot/vmlinuz-6.12.0"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(versions_are_ordered),
		cmocka_unit_test(versions_are_in_paths),
		cmocka_unit_test(copies_are_left_over),
		cmocka_unit_test(the_newest_is_taken),
	};

	return cmocka_run_group_tests_name("version", tests, NULL, NULL);
}
