/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Two functions of OpenSSL, for victim.c. SSL_read() returns "answer" if given a buffer. */
#include <string.h>

int SSL_write(void *ssl, const void *text, int size);
int SSL_write(void *ssl, const void *text, int size)
{
	return ssl || !text ? -1 : size;
}

int SSL_read(void *ssl, void *buffer, int size);
int SSL_read(void *ssl, void *buffer, int size)
{
	if (ssl || size < 6)
		return -1;
	memcpy(buffer, "answer", 6);
	return 6;
}
