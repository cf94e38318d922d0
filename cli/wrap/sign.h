/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#ifndef CLI_WRAP_SIGN_H
#define CLI_WRAP_SIGN_H

#include <stddef.h>
#include <stdint.h>

/*
 * Sign the PE image *@file (from malloc(), replaced) by the program sbsign, with
 * the files @key and @certificate.  Returns an enum cli_exit, after reporting an
 * error.
 */
int sign_image(uint8_t **file, size_t *size, const char *key, const char *certificate);

#endif /* CLI_WRAP_SIGN_H */
