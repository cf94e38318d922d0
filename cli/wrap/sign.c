/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/cli.h"
#include "cli/kernel/bzimage.h"
#include "sign.h"

#define NOT_FOUND 127 /* as a shell reports it */

/* Run sbsign; its messages go to standard error, as all of ours. */
static int run_sbsign(const char *key, const char *certificate, const char *in, const char *out)
{
	int status;
	pid_t pid = fork();

	if (pid < 0)
		return cli_error("sbsign: %s", strerror(errno));
	if (!pid) {
		dup2(STDERR_FILENO, STDOUT_FILENO);
		execlp("sbsign", "sbsign", "--key", key, "--cert", certificate, "--output", out, in,
		       (char *)NULL);
		_exit(NOT_FOUND);
	}
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return cli_error("sbsign: %s", strerror(errno));
	if (WIFEXITED(status) && WEXITSTATUS(status) == NOT_FOUND)
		return cli_error("sbsign is not installed: it is in the package sbsigntool");
	if (!WIFEXITED(status) || WEXITSTATUS(status))
		return cli_error("sbsign could not sign with %s and %s: see above", key,
				 certificate);
	return CLI_DONE;
}

/* In @folder, which is empty and stays so. */
static int sign_in(const char *folder, uint8_t **file, size_t *size, const char *key,
		   const char *certificate)
{
	char *in = cli_text("%s/unsigned", folder), *out = cli_text("%s/signed", folder);
	uint8_t *signed_file = NULL;
	int code = CLI_FAILED;

	if (!cli_write_file(in, *file, *size))
		cli_file_error(in, "set TMPDIR to a folder with room");
	else
		code = run_sbsign(key, certificate, in, out);
	if (code == CLI_DONE) {
		signed_file = cli_read_file(out, BZIMAGE_MAX, size);
		if (!signed_file)
			code = cli_error("sbsign has written no result: %s", strerror(errno));
	}
	if (signed_file) {
		free(*file);
		*file = signed_file;
	}
	unlink(in);
	unlink(out);
	free(in);
	free(out);
	return code;
}

int sign_image(uint8_t **file, size_t *size, const char *key, const char *certificate)
{
	char *folder = cli_make_folder();
	int code;

	if (!folder)
		return CLI_FAILED;
	code = sign_in(folder, file, size, key, certificate);
	rmdir(folder);
	free(folder);
	return code;
}
