/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#include "version.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* The next character: "-rc" is "~rc". */
static char at(const char *text)
{
	return strncmp(text, "-rc", 3) || !isdigit((unsigned char)text[3]) ? *text : '~';
}

/* A tilde is before the end, the end before letters, and these before all else. */
static int order(char c)
{
	if (c == '~')
		return -1;
	if (!c || isdigit((unsigned char)c))
		return 0;
	return isalpha((unsigned char)c) ? c : (unsigned char)c + 256;
}

static int compare_digits(const char **a, const char **b)
{
	int first = 0;

	*a += strspn(*a, "0");
	*b += strspn(*b, "0");
	while (isdigit((unsigned char)**a) && isdigit((unsigned char)**b)) {
		if (!first)
			first = **a - **b;
		(*a)++;
		(*b)++;
	}
	if (isdigit((unsigned char)**a))
		return 1;
	return isdigit((unsigned char)**b) ? -1 : first;
}

/* rpm's rule, which is another than dpkg's: 503.11.el9 is newer than 503.el9. */
static int compare_parts(char previous, char a, char b)
{
	if (previous != '.')
		return 0;
	if (isdigit((unsigned char)a) && isalpha((unsigned char)b))
		return 1;
	return isalpha((unsigned char)a) && isdigit((unsigned char)b) ? -1 : 0;
}

int version_compare(const char *a, const char *b)
{
	char previous = 0;
	int result = 0;

	while (!result && (*a || *b)) {
		while ((*a && !isdigit((unsigned char)*a)) || (*b && !isdigit((unsigned char)*b))) {
			result = compare_parts(previous, *a, *b);
			if (!result)
				result = order(at(a)) - order(at(b));
			if (result)
				return result;
			previous = *a;
			a++;
			b++;
		}
		previous = 0;
		result = compare_digits(&a, &b);
	}
	return result;
}

char *version_of(const char *path)
{
	const char *name = strrchr(path, '/'), *start, *dash;

	name = name ? name + 1 : path;
	dash = strchr(name, '-');
	if (dash)
		return strdup(dash + 1);
	if (name - path < 2)
		return strdup(name);
	for (start = name - 1; start > path && start[-1] != '/';)
		start--;
	return strndup(start, (size_t)(name - 1 - start));
}

bool version_is_left_over(const char *path)
{
	/* Of "make install", editors, people, and signatures beside a kernel. */
	static const char *const ends[] = {".old", ".bak", ".orig", ".save", ".sig", ".baton", "~"};
	/* Of package managers, which add a word to these. */
	static const char *const marks[] = {".dpkg-",	".ucf-",    ".rpmsave", ".rpmnew",
					    ".rpmorig", ".pacsave", ".pacnew",	".pacorig"};
	const char *name = strrchr(path, '/');
	size_t length;

	name = name ? name + 1 : path;
	length = strlen(name);
	for (size_t i = 0; i < sizeof(ends) / sizeof(*ends); i++)
		if (length > strlen(ends[i]) && !strcmp(name + length - strlen(ends[i]), ends[i]))
			return true;
	for (size_t i = 0; i < sizeof(marks) / sizeof(*marks); i++)
		if (strstr(name, marks[i]))
			return true;
	return false;
}

bool version_is_better(const char *path, const char *than)
{
	char *a, *b;
	bool newer;

	if (version_is_left_over(path))
		return false;
	if (!than)
		return true;
	a = version_of(path);
	b = version_of(than);
	newer = a && b && version_compare(a, b) > 0;
	free(a);
	free(b);
	return newer;
}
