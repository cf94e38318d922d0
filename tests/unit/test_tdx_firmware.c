/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* tests/tdx: the firmware's metadata, the HOB list, and the hash of the RTMRs. */
#include "unit.h"

#include <stdlib.h>
#include <string.h>
#include "tests/tdx/hob.h"
#include "tests/tdx/sha384.h"
#include "tests/tdx/tdvf.h"

#define SIZE 0x4000
#define METADATA_FROM_END 0x1000
#define END (SIZE - 0x20)

static const uint8_t table_guid[16] = {0xde, 0x82, 0xb5, 0x96, 0xb2, 0x1f, 0xf7, 0x45,
				       0xba, 0xea, 0xa3, 0x66, 0xc5, 0x5a, 0x08, 0x2d};
static const uint8_t metadata_guid[16] = {0x35, 0x65, 0x7a, 0xe4, 0x4a, 0x98, 0x98, 0x47,
					  0x86, 0x5e, 0x46, 0x85, 0xa7, 0xbf, 0x8e, 0xc2};

static const struct tdvf_section sections[] = {
	{0x1000, 0x2000, 0xffffc000, 0x2000, TDVF_BFV, 1},
	{0, 0, 0x810000, 0x10000, TDVF_TEMP_MEM, 0},
	{0, 0, 0x809000, 0x2000, TDVF_TD_HOB, 0},
};

static void put16(uint8_t *at, uint16_t value)
{
	memcpy(at, &value, sizeof(value));
}

static void put32(uint8_t *at, uint32_t value)
{
	memcpy(at, &value, sizeof(value));
}

/* One other entry, that of the metadata, the end; of exactly this size, for the sanitizer. */
static uint8_t *make_image(void)
{
	uint8_t *image = calloc(1, SIZE), *metadata = image + SIZE - METADATA_FROM_END;

	memcpy(image + END - 16, table_guid, 16);
	put16(image + END - 18, 18 + 20 + 22);
	put16(image + END - 18 - 18, 20); /* an unknown one, with 2 bytes */
	memcpy(image + END - 18 - 20 - 16, metadata_guid, 16);
	put16(image + END - 18 - 20 - 18, 22);
	put32(image + END - 18 - 20 - 22, METADATA_FROM_END);
	memcpy(metadata, "TDVF", 4);
	put32(metadata + 8, 1);
	put32(metadata + 12, 3);
	memcpy(metadata + 16, sections, sizeof(sections));
	return image;
}

static void metadata_are_read(void **state)
{
	uint8_t *image = make_image();
	struct tdvf tdvf;

	(void)state;
	assert_null(tdvf_read(image, SIZE, &tdvf));
	assert_int_equal(tdvf.count, 3);
	assert_memory_equal(tdvf_find(&tdvf, TDVF_TD_HOB, 0), &sections[2], sizeof(sections[2]));
	assert_null(tdvf_find(&tdvf, TDVF_TD_HOB, 1));
	assert_null(tdvf_find(&tdvf, TDVF_CFV, 0));
	free(image);
}

/* Each word of the table and the metadata with each of some wrong values: never out of bounds. */
static void damaged_images_are_refused(void **state)
{
	static const uint32_t values[] = {0, 1, 17, 0x7fffffff, 0xffffffff};

	(void)state;
	for (size_t at = 0; at < SIZE - 3; at++) {
		if (at > SIZE - METADATA_FROM_END + 0x80 && at < END - 64)
			continue;
		for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
			uint8_t *image = make_image();
			struct tdvf tdvf;

			put32(image + at, values[i]);
			if (!tdvf_read(image, SIZE, &tdvf))
				for (size_t s = 0; s < tdvf.count; s++)
					assert_true(tdvf.sections[s].data_offset +
							    (uint64_t)tdvf.sections[s].data_size <=
						    SIZE);
			free(image);
		}
		if (at == 0x10) /* the rest before the metadata is not looked at */
			at = SIZE - METADATA_FROM_END - 1;
	}
}

static void reasons(void **state)
{
	uint8_t *image = make_image();
	struct tdvf tdvf;

	(void)state;
	image[END - 16] ^= 1;
	assert_non_null(strstr(tdvf_read(image, SIZE, &tdvf), "no TDX metadata"));
	assert_non_null(strstr(tdvf_read(image, 4, &tdvf), "no TDX metadata"));
	image[END - 16] ^= 1;
	put32(image + SIZE - METADATA_FROM_END + 8, 2);
	assert_non_null(strstr(tdvf_read(image, SIZE, &tdvf), "version 1"));
	put32(image + SIZE - METADATA_FROM_END + 8, 1);
	put32(image + SIZE - METADATA_FROM_END + 12, TDVF_SECTIONS_MAX + 1);
	assert_non_null(strstr(tdvf_read(image, SIZE, &tdvf), "too many"));
	put32(image + SIZE - METADATA_FROM_END + 12, 2);
	assert_non_null(strstr(tdvf_read(image, SIZE, &tdvf), "HOB"));
	free(image);
}

/* The memory that a list describes: what is wanted, in order. */
struct range {
	uint64_t start, length;
	uint32_t type;
};

static void hob_lists_memory(void **state)
{
	static const struct range wanted[] = {
		{0, 0x809000, 7},
		{0x809000, 0x2000, 0},
		{0x80b000, 0x5000, 7},
		{0x810000, 0x10000, 0},
		{0x820000, 0x80000000 - 0x820000, 7},
	};
	struct tdvf tdvf = {.count = 3};
	uint8_t list[0x1000];
	size_t length, at = 56;
	uint64_t end;

	(void)state;
	memcpy(tdvf.sections, sections, sizeof(sections));
	length = hob_write(list, sizeof(list), 0x809000, &tdvf, 0x80000000);
	assert_int_equal(length, 56 + 5 * 48 + 8);
	memcpy(&end, list + 48, sizeof(end));
	assert_int_equal(end, 0x809000 + length);
	for (size_t i = 0; i < 5; i++, at += 48) {
		struct range range;

		assert_int_equal(list[at], 3);
		assert_int_equal(list[at + 2], 48);
		memcpy(&range.type, list + at + 24, 4);
		memcpy(&range.start, list + at + 32, 16);
		assert_int_equal(list[at + 28], 7);
		assert_int_equal(range.type, wanted[i].type);
		assert_int_equal(range.start, wanted[i].start);
		assert_int_equal(range.length, wanted[i].length);
	}
	assert_int_equal(list[at] | list[at + 1] << 8, 0xffff);
	assert_int_equal(hob_write(list, length - 1, 0x809000, &tdvf, 0x80000000), 0);
}

/* FIPS 180-4's example "abc"; the others are of Python's hashlib. */
static void hashes(void **state)
{
	static const struct {
		const char *text;
		uint8_t first[6];
	} rows[] = {
		{"", {0x38, 0xb0, 0x60, 0xa7, 0x51, 0xac}},
		{"abc", {0xcb, 0x00, 0x75, 0x3f, 0x45, 0xa3}},
		{"The quick brown fox jumps over the lazy dog",
		 {0xca, 0x73, 0x7f, 0x10, 0x14, 0xa4}},
	};
	uint8_t digest[SHA384_SIZE];

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		sha384(rows[i].text, strlen(rows[i].text), digest);
		assert_memory_equal(digest, rows[i].first, sizeof(rows[i].first));
	}
}

/* The last 6 bytes, and the length of what an RTMR is extended with. */
static void hash_of_96_bytes(void **state)
{
	static const uint8_t last[] = {0xe3, 0x47, 0xec, 0x0f, 0x72, 0x1e};
	uint8_t data[96], digest[SHA384_SIZE];

	(void)state;
	for (size_t i = 0; i < sizeof(data); i++)
		data[i] = (uint8_t)i;
	sha384(data, sizeof(data), digest);
	assert_memory_equal(digest + SHA384_SIZE - sizeof(last), last, sizeof(last));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(metadata_are_read),
		cmocka_unit_test(damaged_images_are_refused),
		cmocka_unit_test(reasons),
		cmocka_unit_test(hob_lists_memory),
		cmocka_unit_test(hashes),
		cmocka_unit_test(hash_of_96_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
