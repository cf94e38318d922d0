/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "cli.h"

#ifndef BATON_VERSION
#error "the build defines the version"
#endif

const char cli_version[] = BATON_VERSION;

/* Messages. */

static void message(const char *kind, const char *format, va_list args)
{
	fflush(stdout);
	cli_progress_end();
	fprintf(stderr, "baton: %s", kind);
	vfprintf(stderr, format, args);
	fputc('\n', stderr);
}

int cli_error(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	message("", format, args);
	va_end(args);
	return CLI_FAILED;
}

int cli_file_error(const char *path, const char *what_to_do)
{
	bool denied = (errno == EACCES || errno == EPERM) && geteuid();

	return cli_error("%s: %s: %s%s", path, strerror(errno), denied ? "run it as root, or " : "",
			 what_to_do);
}

void cli_warning(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	message("warning: ", format, args);
	va_end(args);
}

/* Text. */

static bool colourful(void)
{
	const char *no = getenv("NO_COLOR"), *term = getenv("TERM");

	return !(no && *no) && term && strcmp(term, "dumb") && isatty(STDOUT_FILENO);
}

void cli_print(enum cli_style style, const char *format, ...)
{
	static const char *const codes[] = {
		[CLI_PLAIN] = "",	 [CLI_BOLD] = "\033[1m",  [CLI_DIM] = "\033[2m",
		[CLI_GOOD] = "\033[32m", [CLI_WARN] = "\033[33m", [CLI_BAD] = "\033[31m",
	};
	bool colour = style != CLI_PLAIN && colourful();
	va_list args;

	if (colour)
		fputs(codes[style], stdout);
	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	if (colour)
		fputs("\033[0m", stdout);
}

static void *or_end(void *memory)
{
	if (!memory)
		exit(cli_error("no memory left"));
	return memory;
}

void *cli_alloc(size_t size)
{
	return or_end(calloc(1, size ? size : 1));
}

void *cli_grow(void *array, size_t count, size_t size)
{
	return or_end(reallocarray(array, count ? count : 1, size));
}

char *cli_vtext(const char *format, va_list args)
{
	char *text = NULL;

	if (vasprintf(&text, format, args) < 0)
		text = NULL;
	return or_end(text);
}

char *cli_text(const char *format, ...)
{
	char *text;
	va_list args;

	va_start(args, format);
	text = cli_vtext(format, args);
	va_end(args);
	return text;
}

char *cli_printable(char *text)
{
	for (char *c = text; *c; c++)
		if (*c < ' ' || *c > '~')
			*c = '?';
	return text;
}

void cli_fold(FILE *to, const char *text, int indent, int width)
{
	int column = indent;

	for (size_t length; *text; text += length) {
		if (*text == '\n') {
			fputc('\n', to);
			if (text[1] != '\n')
				fprintf(to, "%*s", indent, "");
			column = indent;
			length = 1;
			continue;
		}
		if (*text == ' ') {
			length = 1;
			continue;
		}
		length = strcspn(text, " \n");
		if (column > indent && column + 1 + (int)length > width) {
			fprintf(to, "\n%*s", indent, "");
			column = indent;
		} else if (column > indent) {
			fputc(' ', to);
			column++;
		}
		fwrite(text, 1, length, to);
		column += (int)length;
	}
}

/* Progress. */

static time_t begun; /* 0: nothing is going on */
static bool shown;
static unsigned long long last; /* what it shows */

static time_t seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec + 1;
}

void cli_progress(const char *what, unsigned long long done, unsigned long long total)
{
	if (!begun)
		begun = seconds();
	if (!isatty(STDERR_FILENO) || seconds() - begun < 1 || (shown && done == last))
		return;
	last = done;
	if (total)
		fprintf(stderr, "\r%s: %llu of %llu\033[K", what, done, total);
	else
		fprintf(stderr, "\r%s ...\033[K", what);
	shown = true;
}

void cli_progress_end(void)
{
	if (shown)
		fputs("\r\033[K", stderr);
	shown = false;
	begun = 0;
}

/* Files. */

static bool read_all(FILE *f, size_t max, char **data, size_t *length)
{
	size_t room = 0, n;
	char *more;

	*data = NULL;
	*length = 0;
	do {
		room = room ? room * 2 : 64 << 10;
		more = realloc(*data, room + 1);
		if (!more)
			return false;
		*data = more;
		n = fread(*data + *length, 1, room - *length, f);
		*length += n;
		if (*length > max) {
			errno = EFBIG;
			return false;
		}
	} while (*length == room);
	(*data)[*length] = 0;
	return !ferror(f);
}

void *cli_read_file(const char *path, size_t max, size_t *length)
{
	bool standard = !strcmp(path, "-");
	FILE *f = standard ? stdin : fopen(path, "rb");
	size_t n = 0;
	char *data;
	bool good;

	if (!f)
		return NULL;
	good = read_all(f, max, &data, &n);
	if (!good) {
		int why = errno;

		free(data);
		data = NULL;
		errno = why;
	}
	if (!standard)
		fclose(f);
	if (length)
		*length = n;
	return data;
}

/* So that the new name is on the disk, too.  Not every file system can. */
static void sync_folder(const char *path)
{
	const char *slash = strrchr(path, '/');
	char *folder = slash ? cli_text("%.*s", (int)(slash - path) + 1, path) : cli_text(".");
	int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd >= 0) {
		fsync(fd);
		close(fd);
	}
	free(folder);
}

static bool write_all(int fd, const char *data, size_t length)
{
	while (length) {
		ssize_t n = write(fd, data, length);

		if (n < 0 && errno != EINTR)
			return false;
		if (n > 0) {
			data += n;
			length -= (size_t)n;
		}
	}
	return true;
}

/* A terminal or a pipe can't be replaced by another file: it is written to. */
static bool write_in_place(const char *path, const void *data, size_t length)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	bool good = fd >= 0 && write_all(fd, data, length);

	return fd >= 0 && !close(fd) && good;
}

bool cli_write_file(const char *path, const void *data, size_t length)
{
	char *temporary = NULL;
	struct stat old;
	mode_t mask, mode;
	bool is_there, good;
	int fd;

	if (!strcmp(path, "-")) {
		fflush(stdout);
		return write_all(STDOUT_FILENO, data, length);
	}
	is_there = !stat(path, &old);
	if (is_there && !S_ISREG(old.st_mode))
		return write_in_place(path, data, length);
	if (asprintf(&temporary, "%s.XXXXXX", path) < 0)
		return false;
	fd = mkostemp(temporary, O_CLOEXEC);
	if (fd < 0) {
		free(temporary);
		return false;
	}
	umask(mask = umask(0));
	mode = is_there ? old.st_mode & 0777 : 0666 & ~mask;
	good = write_all(fd, data, length) && !fchmod(fd, mode) && !fsync(fd);
	good = !close(fd) && good && !rename(temporary, path);
	if (good) {
		sync_folder(path);
	} else {
		int why = errno;

		unlink(temporary);
		errno = why;
	}
	free(temporary);
	return good;
}

char *cli_make_folder(void)
{
	const char *where = getenv("TMPDIR");
	char *folder = cli_text("%s/baton.XXXXXX", where && *where ? where : "/tmp");

	if (mkdtemp(folder))
		return folder;
	cli_file_error(folder, "set TMPDIR to a folder that can be written");
	free(folder);
	return NULL;
}

char *cli_own_file(const char *name)
{
	static const char *const places[] = {"", "../lib/baton/"};
	char program[PATH_MAX];
	ssize_t length = readlink("/proc/self/exe", program, sizeof(program));

	if (length > 0 && length < (ssize_t)sizeof(program)) {
		program[length] = 0;
		*(strrchr(program, '/') + 1) = 0;
		for (size_t i = 0; i < sizeof(places) / sizeof(*places); i++) {
			char *path = cli_text("%s%s%s", program, places[i], name);

			if (!access(path, R_OK))
				return path;
			free(path);
		}
	}
	cli_error("%s: neither beside the program nor in ../lib/baton: install all of "
		  "baton, or name the file",
		  name);
	return NULL;
}
