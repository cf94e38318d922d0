/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* baton.conf, the load options of a boot entry, /etc/baton.conf: one text, read as any. */
#include "fuzz.h"

#include "lib/conf.h"

static void check_path(const char *path)
{
	promise(memchr(path, 0, CONF_PATH_MAX));
	promise(path[0] == '\\' && !strchr(path, '/'));
}

static void check(const struct conf *conf)
{
	check_path(conf->image);
	promise(conf->initrds <= CONF_INITRDS_MAX);
	promise(conf->is_linux || !conf->initrds);
	for (size_t i = 0; i < conf->initrds; i++)
		check_path(conf->initrd[i]);
	promise(memchr(conf->options, 0, CONF_OPTIONS_MAX));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct conf_error error = {NULL, 0};
	char *text = exact_copy(data, size);
	struct conf_system conf_system;
	struct conf conf;

	if (conf_parse_file(&conf, text, size, &error))
		check(&conf);
	else
		promise(error.message && error.line <= size + 1);
	error.message = NULL;
	if (conf_parse_load_options(&conf, text, size, &error))
		check(&conf);
	else
		promise(error.message && !error.line);
	error.message = NULL;
	if (!conf_parse_system(&conf_system, text, size, &error))
		promise(error.message && error.line <= size + 1);
	free(text);
	return 0;
}
