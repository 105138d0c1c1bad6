/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * kfuncs whose last argument comes from the verifier (the program's auxiliary data, the layout of a
 * type). Until 6.18 it is a parameter of the function that programs call, NAME (bpf_stream_vprintk of
 * 6.17) or NAME_impl; later kernels have NAME_impl with the parameter and NAME without it. The verifier
 * neither reads nor requires the register of such an argument, so a call compiled for one of the
 * three works with each.
 */
#ifndef SONDE_IMPLICIT_H
#define SONDE_IMPLICIT_H

#include "elf/object/object.h"

/*
 * Whether a call of kfunc x may call f, a function of the kernel or of a module, instead: the same name
 * but for "_impl", and the same prototype but for the implicit argument. False with e set if a type is
 * invalid.
 */
bool implicit_stands_for(const struct object *o, const struct obj_extern *x,
	const struct btf_type *f, struct err *e);

/* Adds the names that such functions may have. */
void implicit_names(const struct obj_extern *x, struct btf_names *names);

#endif
