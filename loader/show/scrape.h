/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Answers one HTTP request for a page of metrics. Clients are not trusted: a request that is not complete
 * after a second, and an answer that is not taken in a second, end the connection. */
#ifndef SONDE_SCRAPE_H
#define SONDE_SCRAPE_H

#include <stdbool.h>
#include <stdio.h>

/* Writes the page; false if that failed. */
typedef bool (*scrape_page)(void *ctx, FILE *out);

/* Accepts a connection of the listening socket, which is readable, and answers: GET / and /metrics with the
 * page. */
void scrape_answer(int listener, scrape_page page, void *ctx);

#endif
