/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "trial_data.h"

#include "loader/kernel/file.h"

#include <string.h>
#include <sys/stat.h>

bool trial_data(struct packet *p, const char *text, const char *option, struct err *e)
{
	struct span file = {0};
	struct stat st;
	bool ok;
	if (strcmp(text, "-") != 0 && stat(text, &st)) {
		ok = packet_parse_hex(p, text, e);
		if (!ok && e->set)
			err_hint(e, "%s expects an existing file, or bytes in hexadecimal", option);
		return ok || err_where(e, "%s", option);
	}
	if (!file_read(text, &file, e))
		return false;
	ok = packet_parse_pcap(p, file.p, file.n, e);
	if (!ok && !e->set && file.n > PACKET_MAX)
		err_set(e, "a packet has at most %d bytes", PACKET_MAX);
	if (!ok && !e->set) {
		memcpy(p->bytes, file.p, file.n);
		p->n = file.n;
		ok = true;
	}
	file_free(&file);
	return ok || err_where(e, "%s", text);
}
