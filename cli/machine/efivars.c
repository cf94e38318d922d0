/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#include "efivars.h"

#include <stdlib.h>

bool efivars_concern(const char *root)
{
	return !*root || getenv("EFIVARFS_PATH");
}
