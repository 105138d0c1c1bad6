/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* The programs, maps and hooks of a plan as a graph in the language of graphviz. */
#ifndef SONDE_PLAN_GRAPH_H
#define SONDE_PLAN_GRAPH_H

#include "loader/plan/plan.h"

#include <stdio.h>

/* Hooks point to the programs that run there, programs to the maps that their code refers to, maps of
 * programs or maps to their elements. */
void plan_print_graph(const struct plan *p, FILE *out);

#endif
