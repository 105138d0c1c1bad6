/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * The object: what a .bpf.o file says, a function of its bytes alone. Functions and programs, maps
 * declared and implied, the license, the types. Nothing is resolved yet: that is link.h.
 */
#ifndef SONDE_OBJECT_H
#define SONDE_OBJECT_H

#include "elf/base/arena.h"
#include "elf/btf/btf.h"
#include "elf.h"
#include "elf/base/err.h"

/* BPF relocation types that matter for loading; the others belong to debug sections. */
enum { R_BPF_64_64 = 1, R_BPF_64_32 = 10 };

/*
 * A function: a symbol of type FUNC in a section of code. Those in .text and .text.* are
 * subprograms; those in any other section are programs, whose section name says where they attach.
 */
struct obj_func {
	const char *name;
	uint32_t section;   /* ELF index */
	uint64_t off, size; /* bytes in the section, multiples of 8; size > 0 */
	bool global;
	bool entry;       /* a program rather than a subprogram */
	bool no_autoload; /* its section name begins with '?': loaded only on request */
	const char *sec;  /* the section name behind the '?' */
};

enum obj_map_kind {
	OBJ_MAP_DECLARED,   /* a variable of .maps */
	OBJ_MAP_DATA,       /* a data section: one entry, the variables */
	OBJ_MAP_STRUCT_OPS, /* a variable of .struct_ops: what its pointers are is in slots */
};

/* An element that the object wants to be in a map of maps or an array of programs from the start; a
 * pointer of a struct_ops. */
struct obj_slot {
	uint32_t index;              /* struct_ops: byte of the struct */
	const struct obj_func *func; /* the program; NULL: it is a map */
	uint32_t map;                /* index in object.maps */
};

/*
 * A map. The members after `kind` are spelled as the kernel spells them.
 * Rule for data sections: array, key 4 bytes, one entry, value the size of the section; .rodata*
 * is BPF_F_RDONLY_PROG and frozen once it is filled, so that the verifier may read it as constants.
 */
struct obj_map {
	const char *name; /* the variable, or the section */
	enum obj_map_kind kind;
	uint32_t section;
	uint64_t off, size; /* of the variable in its section; bytes */
	uint32_t map_type, key_size, value_size, max_entries, map_flags, numa_node;
	uint64_t map_extra;
	uint32_t key_type, value_type; /* BTF ids, 0 unknown */
	uint32_t event_type;           /* ring and perf buffers: BTF id of a record, 0 unknown */
	uint32_t struct_type;          /* struct_ops: BTF id of the struct */
	bool no_autocreate; /* its section name begins with '?': created only on request */
	bool pinned;        /* wants to be pinned (and found again) by its name */
	/* An arena may hold variables (section .addr_space.1): so many bytes, those of init and
	 * zeroes. */
	uint32_t globals_section, globals_size;
	struct span init; /* initial bytes; empty when all zero (.bss) or not a data section */
	bool read_only;   /* freeze once filled */
	bool config; /* the variables of .kconfig: its bytes come from the kernel's configuration */
	struct obj_map *inner;  /* what the maps inside of a map of maps look like; NULL unknown */
	uint64_t values_off;    /* of member `values` in the variable, bytes; with slots */
	struct obj_slot *slots; /* initial elements */
	size_t n_slots, slots_room;
};

/* What an object wants to have from the kernel. The rules of each kind are in extern.h. */
enum extern_kind {
	EXTERN_CONFIG,   /* a variable of .kconfig: a line of the kernel's configuration */
	EXTERN_VARIABLE, /* a variable of .ksyms with a type: one of the kernel's own variables */
	EXTERN_ADDRESS,  /* the same of type void: the address of any symbol */
	EXTERN_KFUNC,    /* a function of .ksyms */
};

struct obj_extern {
	const char *name;
	enum extern_kind kind;
	bool weak;                 /* may be missing */
	uint32_t symbol;           /* index in elf.symbols */
	uint32_t type;             /* BTF id: of the variable, or the prototype of the function */
	uint32_t size, align, off; /* EXTERN_CONFIG: bytes, and place in the map .kconfig */
};

struct object {
	struct arena *arena; /* owner of everything below, borrowed */
	const char *path;    /* for messages */
	const char *name;    /* file name without folder, .o and .bpf */
	struct elf elf;
	struct btf btf;     /* valid when has_btf */
	struct btf_ext ext; /* valid when has_ext */
	bool has_btf, has_ext;
	const char *license; /* "" when the object has none */
	uint32_t version;    /* the `version` section, 0 when absent */
	struct obj_func *funcs;
	size_t n_funcs;
	struct obj_map *maps;
	size_t n_maps;
	struct obj_extern *externs;
	size_t n_externs;
};

/*
 * Parses a file. path (any text, for messages) and bytes must outlive the object; all memory comes
 * from a. The message of a failure begins with the path.
 */
bool object_open(
	struct object *o, const char *path, struct span bytes, struct arena *a, struct err *e);

/* Does linking it take the types of the kernel: for CO-RE, for typed externs, to see whether it
 * knows tags of parameters? */
bool object_asks_types(const struct object *o);

/* The function of a section that begins at off, or NULL. */
const struct obj_func *object_func_at(const struct object *o, uint32_t section, uint64_t off);

/* The map of the variables of .kconfig, NULL when there are none. */
const struct obj_map *object_config_map(const struct object *o);

/* The map that covers off in a section (.maps or a data section), or NULL. */
const struct obj_map *object_map_at(const struct object *o, uint32_t section, uint64_t off);

/* True for the license strings that the kernel takes for compatible with the GPL. */
bool license_is_gpl(const char *license);

/* Reads the variables of .maps through their BTF into o->maps (map_btf.c). */
bool object_read_maps(struct object *o, size_t *cap, struct err *e);

/* Reads the definitions of section `maps`, from before BTF (map_legacy.c). */
bool object_read_legacy_maps(struct object *o, size_t *cap, struct err *e);

/* Reads what stands in `.values = {...}` of maps, out of the relocations of .maps; o->funcs and
 * o->maps are complete. */
bool object_read_map_slots(struct object *o, struct err *e);

/* Reads what the object wants from the kernel into o->externs, and adds the map .kconfig when there
 * are variables for it (extern.c). */
bool object_read_externs(struct object *o, size_t *cap, struct err *e);

/* Reads the variables of .struct_ops into o->maps, and then, once the functions are known, which
 * programs they point to (struct_ops.c). */
bool object_read_struct_ops(struct object *o, size_t *cap, struct err *e);
bool object_read_struct_ops_funcs(struct object *o, struct err *e);

/* Adds the map of a data section by the rule above; NULL when memory is short. */
struct obj_map *object_add_data_map(
	struct object *o, size_t *cap, const char *section, uint32_t size, bool read_only);

/* Adds one empty map to o->maps, NULL when memory is short. */
struct obj_map *object_add_map(struct object *o, size_t *cap);

/* The map of one kind whose variable covers off in a section, or NULL. */
struct obj_map *object_map_of(
	struct object *o, enum obj_map_kind kind, uint32_t section, uint64_t off);

/* Adds an initial element to a map. */
bool object_add_slot(struct object *o, struct obj_map *m, struct obj_slot slot, struct err *e);

#endif
