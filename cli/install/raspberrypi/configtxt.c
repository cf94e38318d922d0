/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#include "configtxt.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "cli/cli.h"

#define BEGIN "# baton: begin"
#define END "# baton: end"
#define BEGIN_LINE BEGIN " (made by \"baton install\"; \"baton uninstall\" takes it out)"
/* So that taking it out can leave no line end behind where there was none. */
#define NO_END "# The line before this block had no end."

#define INCLUDES_MAX 8 /* of files in files */

/* The boards that the stub serves, each with the filter that no other board passes. */
enum { PI3, PI02, PI4, BOARDS };
#define ALL_BOARDS ((1u << BOARDS) - 1)

static const char *const filters[BOARDS] = {[PI3] = "pi3", [PI02] = "pi02", [PI4] = "pi4"};
const char configtxt_filters[] = "[pi3], [pi02] and [pi4]";

/* The filters by model.  One that is not here is of another kind, and does not end these. */
static const struct {
	const char *name;
	unsigned boards;
} models[] = {
	{"all", ALL_BOARDS},  {"none", 0},	    {"pi0", 1u << PI02}, {"pi0w", 1u << PI02},
	{"pi02", 1u << PI02}, {"cm0", 1u << PI02},  {"pi1", 0},		 {"pi2", 0},
	{"pi3", 1u << PI3},   {"pi3+", 1u << PI3},  {"cm3", 1u << PI3},	 {"cm3+", 1u << PI3},
	{"pi4", 1u << PI4},   {"pi400", 1u << PI4}, {"cm4", 1u << PI4},	 {"cm4s", 1u << PI4},
	{"pi5", 0},	      {"pi500", 0},	    {"cm1", 0},		 {"cm5", 0},
};

/* Lines. */

struct line {
	const char *text;
	size_t length; /* without its end */
	size_t size;   /* with it */
};

static bool next_line(const char *text, size_t length, size_t at, struct line *line)
{
	const char *end;

	if (at >= length)
		return false;
	line->text = text + at;
	end = memchr(line->text, '\n', length - at);
	line->size = end ? (size_t)(end - line->text) + 1 : length - at;
	line->length = line->size - (end != NULL);
	if (line->length && line->text[line->length - 1] == '\r')
		line->length--;
	return true;
}

static bool begins(const struct line *line, const char *word)
{
	return line->length >= strlen(word) && !memcmp(line->text, word, strlen(word));
}

/* A copy without blanks around it.  To be freed. */
static char *trimmed(const char *text, size_t length)
{
	while (length && strchr(" \t", *text)) {
		text++;
		length--;
	}
	while (length && strchr(" \t", text[length - 1]))
		length--;
	return cli_text("%.*s", (int)length, text);
}

/* What the lines say. */

struct reader {
	struct configtxt *config;
	const char *folder;
	unsigned boards;       /* that pass the filters of now */
	unsigned depth;	       /* of includes */
	bool in_block;	       /* of baton */
	bool own_stub[BOARDS]; /* the last armstub= is that of the block */
	bool bits[BOARDS];     /* the last arm_64bit= is not 0, that of the block included */
	/* Without the block: the last arm_64bit=0 and kernel= that matter, or NULL. */
	struct configtxt_line zero[BOARDS], kernel[BOARDS];
	const char *kernel_is[BOARDS];
};

static bool read_file(struct reader *reader, const char *name);

static void set_line(struct configtxt_line *line, const char *file, unsigned number,
		     const char *value)
{
	free(line->file);
	free(line->value);
	*line = (struct configtxt_line){0};
	if (file)
		*line = (struct configtxt_line){cli_text("%s", file), number,
						cli_printable(cli_text("%s", value))};
}

static bool ends(const char *text, const char *end)
{
	size_t length = strlen(text), n = strlen(end);

	return length >= n && !strcasecmp(text + length - n, end);
}

/* What a kernel= names that is no kernel for the stub to start, and what to do; or NULL. */
static const char *kernel_kind(const char *name)
{
	static const char *const for_32_bits[] = {"kernel.img", "kernel7.img", "kernel7l.img"};

	if (strcasestr(name, "u-boot") || strcasestr(name, "uboot"))
		return "U-Boot starts the kernels here, which baton leaves as it is: \"baton "
		       "install --hook\" wraps kernels that U-Boot starts by booti";
	if (ends(name, ".efi") || ends(name, ".fd"))
		return "an EFI program starts the kernels here, which baton leaves as it is: if "
		       "\"baton inspect\" finds PSCI, nothing is to be done; else wrap a kernel "
		       "that is started by kexec (\"baton kexec --wrap\")";
	for (size_t i = 0; i < sizeof(for_32_bits) / sizeof(*for_32_bits); i++)
		if (ends(name, for_32_bits[i]))
			return "a 32-bit kernel, which baton's stub can't start: install a 64-bit "
			       "system";
	return NULL;
}

static void take_setting(struct reader *reader, const char *file, unsigned number, const char *name,
			 const char *value)
{
	struct configtxt *config = reader->config;
	bool stub = !strcasecmp(name, "armstub"), bits = !strcasecmp(name, "arm_64bit"),
	     kernel = !strcasecmp(name, "kernel");
	bool on = bits && strtol(value, NULL, 0) != 0;

	if (!reader->boards || (!stub && !bits && !kernel))
		return;
	for (unsigned board = 0; board < BOARDS; board++) {
		if (!(reader->boards & 1u << board))
			continue;
		if (stub)
			reader->own_stub[board] = reader->in_block;
		if (bits)
			reader->bits[board] = on;
		if (bits && !reader->in_block)
			set_line(&reader->zero[board], on ? NULL : file, number, value);
		if (kernel) {
			reader->kernel_is[board] = kernel_kind(value);
			set_line(&reader->kernel[board], reader->kernel_is[board] ? file : NULL,
				 number, value);
		}
	}
	if (reader->in_block)
		return;
	if (stub && *value)
		set_line(&config->armstub, file, number, value);
	config->sure |= on || (kernel && !kernel_kind(value));
}

static void take_filter(struct reader *reader, const char *name)
{
	for (size_t i = 0; i < sizeof(models) / sizeof(*models); i++)
		if (!strcasecmp(name, models[i].name))
			reader->boards = models[i].boards;
}

static bool take_line(struct reader *reader, const char *file, unsigned number, char *line)
{
	char *value, *end, *name;
	bool good = true;

	if (*line == '[') {
		end = strchr(line, ']');
		if (end)
			*end = 0;
		name = trimmed(line + 1, strlen(line + 1));
		take_filter(reader, name);
		free(name);
	} else if (!strncmp(line, "include ", 8)) {
		name = trimmed(line + 8, strlen(line + 8));
		reader->depth++;
		good = read_file(reader, name);
		reader->depth--;
		free(name);
	} else if ((value = strchr(line, '='))) {
		name = trimmed(line, (size_t)(value - line));
		value = trimmed(value + 1, strlen(value + 1));
		take_setting(reader, file, number, name, value);
		free(value);
		free(name);
	}
	return good;
}

static bool take_lines(struct reader *reader, const char *file, const char *text, size_t length)
{
	struct line line;
	unsigned number = 1;
	bool good = true;

	for (size_t at = 0; good && next_line(text, length, at, &line); at += line.size, number++) {
		char *plain = trimmed(line.text, line.length);

		if (begins(&line, BEGIN))
			reader->in_block = reader->config->block = true;
		else if (begins(&line, END))
			reader->in_block = false;
		else if (*plain == '#')
			reader->config->generated |=
				strstr(plain, "/etc/default/raspi-firmware-custom") != NULL;
		else
			good = take_line(reader, file, number, plain);
		free(plain);
	}
	return good;
}

/* A file that is included and is not there does not count, for the firmware neither. */
static bool read_file(struct reader *reader, const char *name)
{
	char *path = cli_text("%s/%s", reader->folder, name), *text;
	size_t length;
	bool good = false;

	text = cli_read_file(path, CONFIGTXT_MAX, &length);
	if (reader->depth > INCLUDES_MAX)
		cli_error("%s: includes itself, or too many others: correct it", path);
	else if (!text && errno == ENOENT && reader->depth)
		good = true;
	else if (!text)
		cli_file_error(path, "correct it, or mount the boot partition");
	else if (memchr(text, 0, length))
		cli_error("%s: no text: there are zeros in it: restore it", path);
	else
		good = take_lines(reader, name, text, length);
	free(text);
	free(path);
	return good;
}

bool configtxt_read(struct configtxt *config, const char *folder)
{
	struct reader reader = {.config = config, .folder = folder, .boards = ALL_BOARDS};
	bool good;

	*config = (struct configtxt){0};
	for (unsigned board = 0; board < BOARDS; board++)
		reader.bits[board] = true;
	good = read_file(&reader, CONFIGTXT_NAME);
	for (unsigned board = 0; board < BOARDS; board++) {
		config->overridden |=
			config->block && (!reader.own_stub[board] || !reader.bits[board]);
		if (reader.zero[board].file)
			set_line(&config->bits, reader.zero[board].file, reader.zero[board].line,
				 reader.zero[board].value);
		if (reader.kernel[board].file) {
			set_line(&config->kernel, reader.kernel[board].file,
				 reader.kernel[board].line, reader.kernel[board].value);
			config->kernel_is = reader.kernel_is[board];
		}
		set_line(&reader.zero[board], NULL, 0, NULL);
		set_line(&reader.kernel[board], NULL, 0, NULL);
	}
	return good;
}

void configtxt_free(struct configtxt *config)
{
	set_line(&config->armstub, NULL, 0, NULL);
	set_line(&config->kernel, NULL, 0, NULL);
	set_line(&config->bits, NULL, 0, NULL);
}

/* The block. */

struct block {
	size_t begin, end; /* offsets: of its first line, and behind its last one */
	bool no_end;	   /* it says so of the line before */
};

/* Find the first block from *at on.  False: none.  *wrong: there is half of one. */
static bool find_block(const char *text, size_t length, size_t at, struct block *block,
		       const char **wrong)
{
	struct line line;
	bool inside = false;

	for (; next_line(text, length, at, &line); at += line.size) {
		if (begins(&line, BEGIN) && inside)
			break;
		if (begins(&line, END) && !inside) {
			*wrong = "baton's block in it has an end (\"" END "\"), and no begin: "
				 "take out what is left of it by hand";
			return false;
		}
		if (begins(&line, BEGIN)) {
			*block = (struct block){.begin = at};
			inside = true;
		}
		block->no_end |= inside && begins(&line, NO_END);
		if (begins(&line, END)) {
			block->end = at + line.size;
			return true;
		}
	}
	if (inside)
		*wrong = "baton's block in it has no end (\"" END "\"): take out what is left of "
			 "it by hand";
	return false;
}

static const char *line_end(const char *text, size_t length)
{
	const char *end = memchr(text, '\n', length);

	return end && end > text && end[-1] == '\r' ? "\r\n" : "\n";
}

static void print_block(FILE *to, const char *eol, bool no_end)
{
	fprintf(to, "%s%s", BEGIN_LINE, eol);
	if (no_end)
		fprintf(to, "%s%s", NO_END, eol);
	/* The filters before it would add up with its own. */
	fprintf(to, "[all]%s", eol);
	for (unsigned board = 0; board < BOARDS; board++)
		fprintf(to, "[%s]%sarm_64bit=1%sarmstub=%s%s", filters[board], eol, eol,
			CONFIGTXT_STUB, eol);
	fprintf(to, "[all]%s%s%s", eol, END, eol);
}

/* Copy the text with its blocks left out; with @put, one of now stands for the first. */
static char *edit(const char *text, size_t length, size_t *new_length, bool put, const char **wrong)
{
	const char *eol = line_end(text, length);
	char *copy = NULL;
	FILE *to = open_memstream(&copy, new_length);
	struct block block = {0};
	size_t at = 0;

	*wrong = NULL;
	if (!to)
		exit(cli_error("no memory left"));
	while (find_block(text, length, at, &block, wrong)) {
		size_t before = block.begin - at;

		if (!put && block.no_end && block.end == length && before >= strlen(eol))
			before -= strlen(eol);
		fwrite(text + at, 1, before, to);
		if (put)
			print_block(to, eol, block.no_end);
		put = false;
		at = block.end;
	}
	fwrite(text + at, 1, length - at, to);
	if (put) {
		bool no_end = length && text[length - 1] != '\n';

		if (no_end)
			fputs(eol, to);
		print_block(to, eol, no_end);
	}
	fclose(to);
	if (!*wrong)
		return copy;
	free(copy);
	return NULL;
}

char *configtxt_put(const char *text, size_t length, size_t *new_length, const char **wrong)
{
	return edit(text, length, new_length, true, wrong);
}

char *configtxt_take(const char *text, size_t length, size_t *new_length, const char **wrong)
{
	return edit(text, length, new_length, false, wrong);
}
