/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* The area of arm64, as install.c writes it; and wrapping an Image. */
#include "unit.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "area/arm64/install.h"
#include <baton/acpi.h>
#include "lib/arm64/wrap.h"
#include <baton/reader.h>
#include "cli/kernel/arm64.h"
#include "cli/kernel/gzip.h"
#include "area/arm64/slot.h"

#define BASE 0x300000ull
#define GIGABYTE (1ull << 30)
#define ADDRESS 0xfffffffff000ull

static const uint64_t mpidrs[] = {0, 1, 0x100, 0x2000000101};
static uint8_t code[256];
static uint8_t *area;
static struct install_plan plan;
static size_t size;

static int set_up(void **state)
{
	(void)state;
	plan = (struct install_plan){
		.mpidrs = mpidrs,
		.ncpus = 4,
		.boot = 1,
		.power = 0x3f100000,
		.level = 2,
		.stage2 = true,
		.ticks_per_us = 62,
		.physical_bits = 40,
	};
	memset(code, 0x5a, sizeof(code));
	size = install_arm64_size(&plan);
	area = aligned_alloc(0x10000, size);
	memset(area, 0xee, size);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	free(area);
	return 0;
}

static void install(void)
{
	assert_true(install_arm64_area(area, BASE, &plan, code, sizeof(code)));
}

static uint64_t *table_at(uint64_t address)
{
	return (uint64_t *)(area + ((address & ADDRESS) - BASE));
}

/* Walk tables that start at level 1; the descriptor that maps @address, 0: none. */
static uint64_t walk(uint64_t root, uint64_t address)
{
	uint64_t entry = table_at(root)[address / GIGABYTE];

	for (int shift = 21; (entry & 3) == 3 && shift >= 12; shift -= 9)
		entry = table_at(entry)[address >> shift & 511];
	return entry;
}

static void own_map_holds_area_and_power_registers(void **state)
{
	const struct baton_area *header = (const struct baton_area *)area;
	uint64_t root;

	(void)state;
	install();
	root = header->registers.ttbr;
	for (uint64_t at = 0; at < size; at += 0x1000) {
		uint64_t entry = walk(root, BASE + at);
		bool is_code =
			at >= BATON_AREA_RESIDENT && at < BATON_AREA_RESIDENT + BATON_RESIDENT_MAX;

		assert_int_equal(entry & ADDRESS, BASE + at);
		assert_int_equal(entry >> 54 & 1, !is_code); /* execute never */
		assert_int_equal(entry >> 7 & 1, is_code);   /* read-only */
	}
	assert_int_equal(walk(root, BASE + size), 0);
	assert_int_equal(walk(root, BASE - 0x1000), 0);
	assert_int_equal(walk(root, 0x3f100000) & 0x1c, 4); /* Device, by attribute 1 */
	assert_int_equal(walk(root, 0x3f100000) & ADDRESS, 0x3f000000);
}

/* The kernel sees everything, of the area only BATN, and that it can't write. */
static void kernel_map_hides_the_area(void **state)
{
	const struct baton_area *header = (const struct baton_area *)area;
	uint64_t root;

	(void)state;
	install();
	root = header->registers.vttbr;
	for (uint64_t at = 0; at < size; at += 0x1000) {
		uint64_t entry = walk(root, BASE + at);

		if (at < header->table)
			assert_int_equal(entry, 0);
		else if (entry)
			assert_int_equal(entry >> 6 & 3, 1);
	}
	assert_int_not_equal(walk(root, BASE + header->table), 0);
	for (uint64_t address = 0; address < 1ull << 40; address += GIGABYTE / 2) {
		uint64_t entry = walk(root, address);

		assert_int_equal(entry >> 6 & 3, 3);
		assert_int_equal((entry & ADDRESS) / (GIGABYTE / 2) * (GIGABYTE / 2),
				 address & ((entry & 2) || address < GIGABYTE ? ~0ull : -GIGABYTE));
	}
	plan.stage2 = false;
	install();
	assert_int_equal(header->registers.vttbr, 0);
}

/* The words are not in any cache of the resident's; release words have 2 KiB each, and pages alone.
 */
static void spin_table_words_are_apart(void **state)
{
	const struct baton_area *header;
	const struct spin_table *table;
	const struct spin_cpu *cpu;

	(void)state;
	free(area);
	plan.stage2 = false;
	plan.spin_table = true;
	size = install_arm64_size(&plan);
	area = aligned_alloc(0x10000, size);
	install();
	header = (const struct baton_area *)area;
	table = (const struct spin_table *)(area + AREA_SHARED);
	cpu = (const struct spin_cpu *)(area + BATON_AREA_SLOTS);
	assert_int_equal((uintptr_t)table->cpu, BASE + BATON_AREA_SLOTS);
	assert_int_equal(table->ncpus, 4);
	assert_int_equal(table->area, BASE);
	assert_int_equal(table->area_end, BASE + size);
	assert_int_equal(header->release % 0x10000, 0);
	assert_true(header->release >= header->table + 0x1000);
	assert_int_equal(header->registers.vttbr, 0);
	for (uint32_t i = 0; i < 4; i++) {
		uint64_t release = (uintptr_t)cpu[i].release, held = (uintptr_t)cpu[i].held;

		assert_int_equal(cpu[i].mpidr, mpidrs[i]);
		assert_int_equal(release, install_release_word(header, i));
		assert_int_equal(release, BASE + header->release + i * 0x800);
		assert_int_equal(held, install_held_word(header, i));
		assert_int_not_equal(held / 0x10000, release / 0x10000);
		assert_true(held >= BASE + BATON_AREA_HELD && held + 8 <= BASE + BATON_AREA_SLOTS);
		assert_int_equal(walk(header->registers.ttbr, release) & 0x1c, 4);
		assert_int_equal(walk(header->registers.ttbr, held) & 0x1c, 4);
	}
	for (plan.ncpus = 1; plan.ncpus <= 128; plan.ncpus++) {
		size_t without;

		plan.spin_table = false;
		without = install_arm64_size(&plan);
		plan.spin_table = true;
		assert_true(install_arm64_size(&plan) >= without + plan.ncpus * 0x800);
	}
	for (uint64_t at = 0; at < header->release; at += 0x1000)
		if (at != BATON_AREA_HELD)
			assert_int_equal(walk(header->registers.ttbr, BASE + at) & 0x1c, 0);
	for (uint64_t at = header->release; at < size; at += 0x1000)
		assert_int_equal(walk(header->registers.ttbr, BASE + at) & 0x1c, 4);
}

static void table_is_whole(void **state)
{
	const struct baton_area *header = (const struct baton_area *)area;
	const struct baton_table *batn;
	uint32_t sum = 0;

	(void)state;
	install();
	batn = (const struct baton_table *)(area + header->table);
	assert_null(baton_table_check(batn, size - header->table));
	assert_int_equal(batn->ncpus, 4);
	assert_int_equal(batn->boot_apic_id, 1);
	assert_int_equal(batn->cpu[3].apic_id, 0x20000101);
	assert_int_equal(baton_count_value(batn->cpu[0].state), BATON_CPU_COLLECTING);
	assert_int_equal(baton_count_value(batn->cpu[1].state), BATON_CPU_RELEASED);
	assert_int_equal(baton_count_value(batn->cpu[1].tsc_per_us), 62);
	for (size_t i = 0; i < sizeof(*header) / 4; i++)
		sum += ((const uint32_t *)header)[i];
	assert_int_equal(sum, 0);
}

static void impossible_plans_are_refused(void **state)
{
	(void)state;
	assert_false(install_arm64_area(area, BASE + 0x1000, &plan, code, sizeof(code)));
	assert_false(install_arm64_area(area, 0x3f0000, &plan, code, sizeof(code)));
	assert_false(install_arm64_area(area, 1ull << 39, &plan, code, sizeof(code)));
	assert_false(install_arm64_area(area, BASE, &plan, code, BATON_RESIDENT_MAX + 1));
	plan.power = 1ull << 39;
	assert_false(install_arm64_area(area, BASE, &plan, code, sizeof(code)));
	plan.power = 0;
	plan.boot = 4;
	assert_false(install_arm64_area(area, BASE, &plan, code, sizeof(code)));
	assert_int_equal(area[0], 0xee);
	plan.ncpus = 0;
	assert_int_equal(install_arm64_size(&plan), 0);
	plan.ncpus = BATON_CPUS_MAX + 1;
	assert_int_equal(install_arm64_size(&plan), 0);
}

/* An Image of 3 MiB that is 1 MiB longer in memory. */
static uint8_t *make_image(size_t length)
{
	struct image_header header = {
		.image_size = 4 << 20, .flags = 0xa, .magic = IMAGE_MAGIC_VALUE};
	uint8_t *image = malloc(length);

	for (size_t i = 0; i < length; i++)
		image[i] = (uint8_t)(i * 31 >> 3);
	memcpy(image, &header, sizeof(header));
	return image;
}

static uint8_t *make_stage(void)
{
	struct baton_wrap_arm64 info = {.magic = WRAP_ARM64_MAGIC, .version = WRAP_ARM64_VERSION};
	uint8_t *stage = make_image(0x1000);

	memcpy(stage + WRAP_ARM64_INFO, &info, sizeof(info));
	return stage;
}

static void wrapped_image_comes_back(void **state)
{
	size_t length = 3 << 20, wrapped_size, back_size;
	uint8_t *image = make_image(length), *stage = make_stage(), *wrapped, *back;
	struct image_header header;

	(void)state;
	assert_null(arm64_wrap(image, length, stage, 0x1000, 0, &wrapped, &wrapped_size));
	memcpy(&header, wrapped, sizeof(header));
	assert_true(header.image_size >= WRAP_ARM64_STAGE_SIZE + (4 << 20));
	assert_non_null(arm64_wrap(wrapped, wrapped_size, stage, 0x1000, 0, &back, &back_size));

	assert_null(arm64_unwrap(wrapped, wrapped_size, &back, &back_size));
	assert_int_equal(back_size, length);
	assert_memory_equal(back, image, length);
	free(back);
	assert_non_null(arm64_unwrap(wrapped, wrapped_size - 1, &back, &back_size));
	wrapped[wrapped_size - 1] ^= 1;
	assert_non_null(arm64_unwrap(wrapped, wrapped_size, &back, &back_size));
	assert_non_null(arm64_unwrap(image, length, &back, &back_size));
	free(wrapped);
	free(image);
	free(stage);
}

/* @length bytes as a gzip file, with what @flags of its header name; to be freed. */
static uint8_t *pack(const uint8_t *file, size_t length, int level, unsigned char flags,
		     size_t *packed_size)
{
	static unsigned char extra[] = "extra", name[] = "Image", comment[] = "a comment";
	gz_header header = {.extra = flags & 4 ? extra : NULL,
			    .extra_len = sizeof(extra),
			    .name = flags & 8 ? name : NULL,
			    .comment = flags & 16 ? comment : NULL,
			    .hcrc = flags & 2,
			    .time = 1234567890};
	z_stream stream = {.next_in = (Bytef *)(uintptr_t)file, .avail_in = (uInt)length};
	uint8_t *packed;

	assert_int_equal(deflateInit2(&stream, level, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY),
			 Z_OK);
	deflateSetHeader(&stream, &header);
	packed = malloc(deflateBound(&stream, length));
	stream.next_out = packed;
	stream.avail_out = (uInt)deflateBound(&stream, length);
	assert_int_equal(deflate(&stream, Z_FINISH), Z_STREAM_END);
	*packed_size = stream.total_out;
	deflateEnd(&stream);
	return packed;
}

static uint8_t *wrap_packed(const uint8_t *packed, size_t packed_size, const uint8_t *image,
			    size_t length, size_t *wrapped_size)
{
	uint8_t *stage = make_stage(), *wrapped = NULL;

	assert_null(arm64_wrap_gzip(packed, packed_size, image, length, stage, 0x1000, 0, &wrapped,
				    wrapped_size));
	free(stage);
	return wrapped;
}

/* Bit for bit, with its header and compression; and what loaders unpack is the wrapped Image. */
static void gzip_comes_back(void **state)
{
	static const unsigned char flags[] = {0, 2, 4, 8, 16, 30};
	static const int levels[] = {0, 1, 6, 9};
	size_t length = 3 << 20, packed_size, wrapped_size, size_unpacked, back_size;
	uint8_t *image = make_image(length), *packed, *wrapped, *unpacked, *back;

	(void)state;
	for (size_t i = 0; i < sizeof(flags) + 3; i++) {
		packed = pack(image, length, levels[i % 4], flags[i % sizeof(flags)], &packed_size);
		wrapped = wrap_packed(packed, packed_size, image, length, &wrapped_size);
		/* The stage is small, compressed. */
		assert_true(wrapped_size < packed_size + 0x4000);
		assert_null(gzip_unpack(wrapped, wrapped_size, 1 << 30, &unpacked, &size_unpacked));
		assert_int_equal(size_unpacked, WRAP_ARM64_STAGE_SIZE + length);
		assert_memory_equal(unpacked + WRAP_ARM64_STAGE_SIZE, image, length);
		assert_true(arm64_is_wrapped(unpacked, size_unpacked) && arm64_was_gzip(unpacked));
		assert_true(arm64_unwrap_gzip(wrapped, wrapped_size, unpacked, size_unpacked, &back,
					      &back_size));
		assert_int_equal(back_size, packed_size);
		assert_memory_equal(back, packed, packed_size);
		free(back);
		free(unpacked);
		free(wrapped);
		free(packed);
	}
	free(image);
}

/* Packed anew since, or damaged: the file that was wrapped is not in it. */
static void gzip_of_another_is_none(void **state)
{
	size_t length = 3 << 20, packed_size, wrapped_size, anew_size, size_unpacked, back_size;
	uint8_t *image = make_image(length), *unpacked, *anew, *back;
	uint8_t *packed = pack(image, length, 6, 8, &packed_size);
	uint8_t *wrapped = wrap_packed(packed, packed_size, image, length, &wrapped_size);

	(void)state;
	assert_null(gzip_unpack(wrapped, wrapped_size, 1 << 30, &unpacked, &size_unpacked));
	anew = pack(unpacked, size_unpacked, 6, 0, &anew_size);
	assert_false(
		arm64_unwrap_gzip(anew, anew_size, unpacked, size_unpacked, &back, &back_size));
	for (size_t cut = 1; cut < wrapped_size; cut = cut * 3 + 1)
		assert_false(arm64_unwrap_gzip(wrapped,
					       wrapped_size - cut < 18 ? 18 : wrapped_size - cut,
					       unpacked, size_unpacked, &back, &back_size));
	wrapped[20] ^= 1; /* its name */
	wrapped[11] ^= 1;
	assert_false(arm64_unwrap_gzip(wrapped, wrapped_size, unpacked, size_unpacked, &back,
				       &back_size));
	free(anew);
	free(unpacked);
	free(wrapped);
	free(packed);
	free(image);
}

/* Two files in one, or more behind it: it could not be given back. */
static void gzip_with_more_is_refused(void **state)
{
	size_t length = 1 << 20, packed_size, wrapped_size;
	uint8_t *image = make_image(length), *stage = make_stage(), *wrapped;
	uint8_t *packed = pack(image, length, 6, 0, &packed_size);
	uint8_t *twice = malloc(2 * packed_size);

	(void)state;
	memcpy(twice, packed, packed_size);
	memcpy(twice + packed_size, packed, packed_size);
	assert_non_null(arm64_wrap_gzip(twice, 2 * packed_size, image, length, stage, 0x1000, 0,
					&wrapped, &wrapped_size));
	assert_non_null(arm64_wrap_gzip(twice, packed_size + 1, image, length, stage, 0x1000, 0,
					&wrapped, &wrapped_size));
	memset(twice, 0xff, packed_size); /* a name without an end */
	memcpy(twice, packed, 10);
	twice[3] = 8;
	assert_non_null(arm64_wrap_gzip(twice, packed_size, image, length, stage, 0x1000, 0,
					&wrapped, &wrapped_size));
	free(twice);
	free(packed);
	free(stage);
	free(image);
}

/* A file that unpacks to more than is wanted, or to less than it promises. */
static void gzip_is_unpacked_with_care(void **state)
{
	size_t length = 1 << 20, packed_size, size_unpacked;
	uint8_t *image = make_image(length), *unpacked;
	uint8_t *packed = pack(image, length, 6, 0, &packed_size);

	(void)state;
	assert_null(gzip_unpack(packed, packed_size, length, &unpacked, &size_unpacked));
	assert_int_equal(size_unpacked, length);
	free(unpacked);
	assert_non_null(gzip_unpack(packed, packed_size, length - 1, &unpacked, &size_unpacked));
	assert_non_null(gzip_unpack(packed, packed_size / 2, length, &unpacked, &size_unpacked));
	free(packed);
	free(image);
}

static void broken_images_are_refused(void **state)
{
	uint8_t *stage = make_stage(), *image = make_image(0x10000), *wrapped;
	struct image_header *header = (struct image_header *)image;
	size_t wrapped_size;

	(void)state;
	assert_false(arm64_is_image(image, 63));
	header->flags |= IMAGE_FLAG_BIG_ENDIAN;
	assert_non_null(arm64_wrap(image, 0x10000, stage, 0x1000, 0, &wrapped, &wrapped_size));
	header->flags = 0xa;
	header->image_size = 0;
	assert_non_null(arm64_wrap(image, 0x10000, stage, 0x1000, 0, &wrapped, &wrapped_size));
	header->image_size = 1ull << 63;
	assert_non_null(arm64_wrap(image, 0x10000, stage, 0x1000, 0, &wrapped, &wrapped_size));
	header->image_size = 0xffff;
	assert_non_null(arm64_wrap(image, 0x10000, stage, 0x1000, 0, &wrapped, &wrapped_size));
	header->image_size = 0x10000;
	header->text_offset = 0x200000;
	assert_non_null(arm64_wrap(image, 0x10000, stage, 0x1000, 0, &wrapped, &wrapped_size));
	free(image);
	free(stage);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(own_map_holds_area_and_power_registers, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(kernel_map_hides_the_area, set_up, tear_down),
		cmocka_unit_test_setup_teardown(spin_table_words_are_apart, set_up, tear_down),
		cmocka_unit_test_setup_teardown(table_is_whole, set_up, tear_down),
		cmocka_unit_test_setup_teardown(impossible_plans_are_refused, set_up, tear_down),
		cmocka_unit_test(wrapped_image_comes_back),
		cmocka_unit_test(gzip_comes_back),
		cmocka_unit_test(gzip_of_another_is_none),
		cmocka_unit_test(gzip_with_more_is_refused),
		cmocka_unit_test(gzip_is_unpacked_with_care),
		cmocka_unit_test(broken_images_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
