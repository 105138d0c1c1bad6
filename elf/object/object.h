/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * The object: the contents of a .bpf.o file, a function of its bytes alone. Programs and other
 * functions, maps (declared, or implied by data sections), externs, license and types. Resolving
 * references is the task of link.h.
 */
#ifndef SONDE_OBJECT_H
#define SONDE_OBJECT_H

#include "elf/base/arena.h"
#include "elf/btf/btf.h"
#include "elf.h"
#include "elf/base/err.h"

/* BPF relocation types in code sections; the others only occur in debug sections. */
enum { R_BPF_64_64 = 1, R_BPF_64_32 = 10 };

/*
 * A function: a symbol of type FUNC in an executable section. Functions in .text and .text.* are
 * subprograms; those in other sections are programs, and the section name defines where they attach.
 */
struct obj_func {
	const char *name;
	uint32_t section;   /* ELF index */
	uint64_t off, size; /* bytes in the section, multiples of 8; size > 0 */
	bool global;
	bool entry;     /* a program rather than a subprogram */
	bool is_static; /* a program, and so not loadable: the kernel's tools take only global ones */
	bool no_autoload; /* its section name begins with '?': loaded only on request */
	const char *sec;  /* the section name without the '?' */
};

enum obj_map_kind {
	OBJ_MAP_DECLARED,   /* a variable of .maps */
	OBJ_MAP_DATA,       /* a data section: one entry, the variables */
	OBJ_MAP_STRUCT_OPS, /* a variable of .struct_ops; slots has its function pointers */
};

/* An initial element of a map of maps or a program array; a function pointer of a struct_ops. */
struct obj_slot {
	uint32_t index;              /* of the element; struct_ops: byte offset in the struct */
	const struct obj_func *func; /* the program; NULL: the element is a map */
	uint32_t map;                /* index in object.maps */
};

/*
 * A map. Attributes have the names of the kernel's struct bpf_attr.
 * A data section becomes an array with one entry, whose value has the size of the section. .rodata*
 * is BPF_F_RDONLY_PROG and frozen after it is filled, so that the verifier can treat its contents
 * as constants.
 */
struct obj_map {
	const char *name; /* the variable, or the section */
	enum obj_map_kind kind;
	uint32_t section;
	uint64_t off, size; /* of the variable in its section, bytes */
	uint32_t map_type, key_size, value_size, max_entries, map_flags, numa_node;
	uint64_t map_extra;
	uint32_t key_type, value_type; /* BTF ids, 0 unknown */
	uint32_t event_type;           /* ring and perf buffers: BTF id of a record, 0 unknown */
	uint32_t struct_type;          /* struct_ops: BTF id of the struct */
	bool no_autocreate; /* its section name begins with '?': created only on request */
	bool pinned;        /* LIBBPF_PIN_BY_NAME */
	/* Arena: its global variables (section .addr_space.1), init followed by zeroes. */
	uint32_t globals_section, globals_size;
	struct span init; /* initial bytes; empty if all zero (.bss) or not a data section */
	bool read_only;   /* freeze after filling */
	/* Data section: the first variable with an address, "" if it has no name; NULL: none. No loader
	 * can fill it in, since maps have no address that programs may use: it stays zero. */
	const char *address_in;
	bool config;           /* the variables of .kconfig: filled from the kernel configuration */
	struct obj_map *inner; /* definition of the inner maps of a map of maps; NULL unknown */
	uint64_t values_off;   /* of member `values` in the variable, bytes; with slots */
	struct obj_slot *slots; /* initial elements */
	size_t n_slots, slots_room;
};

/* Externs: symbols that the kernel provides. See extern.h for the rules of each kind. */
enum extern_kind {
	EXTERN_CONFIG,   /* a variable of .kconfig: a kernel configuration value */
	EXTERN_VARIABLE, /* a typed variable of .ksyms: a kernel variable, by BTF */
	EXTERN_ADDRESS,  /* a variable of type void in .ksyms: the address of any symbol */
	EXTERN_KFUNC,    /* a function of .ksyms */
};

struct obj_extern {
	const char *name;
	enum extern_kind kind;
	bool weak;                 /* may be missing */
	uint32_t symbol;           /* index in elf.symbols */
	uint32_t type;             /* BTF id: of the variable, or the prototype of the function */
	uint32_t size, align, off; /* EXTERN_CONFIG: bytes, and offset in map .kconfig */
};

/* What begins at an offset of a section: a function or a map, by its index. */
struct obj_place {
	uint32_t section, index;
	uint64_t off;
};

struct object {
	struct arena *arena; /* owns everything below; borrowed */
	const char *path;    /* for messages */
	const char *name;    /* file name without directory, .o and .bpf */
	struct elf elf;
	struct btf btf;     /* valid when has_btf */
	struct btf_ext ext; /* valid when has_ext */
	bool has_btf, has_ext;
	const char *license; /* "" if the object has none */
	uint32_t version;    /* of the `version` section, 0 if absent */
	struct obj_func *funcs;
	size_t n_funcs;
	struct obj_map *maps;
	size_t n_maps;
	struct obj_extern *externs;
	size_t n_externs;
	uint32_t *extern_of; /* by symbol: 1 + the index of its extern, or 0; NULL: no externs */
	/* In the order of section and offset; NULL: not known (yet), or some maps overlap. */
	struct obj_place *func_places, *map_places;
	uint32_t config_map; /* 1 + the index of the map with the variables of .kconfig; 0: none */
	uint32_t arena_map;  /* the same for globals_section; 0: not known (yet), too */
};

/*
 * Parses a file, which is not trusted. path (only used in messages) and bytes must outlive the
 * object; all memory comes from a. Error messages begin with the path.
 */
bool object_open(
	struct object *o, const char *path, struct span bytes, struct arena *a, struct err *e);

/* Whether linking requires kernel BTF: for CO-RE, for typed externs, or to find out whether the
 * kernel supports parameter tags. */
bool object_needs_kernel_btf(const struct object *o);

/* The function that begins at off in a section, or NULL. */
const struct obj_func *object_func_at(const struct object *o, uint32_t section, uint64_t off);

/* The map that holds the variables of .kconfig, NULL if there are none. */
const struct obj_map *object_config_map(const struct object *o);

/* The map that covers off in a section (.maps or a data section), or NULL. */
const struct obj_map *object_map_at(const struct object *o, uint32_t section, uint64_t off);

/* Whether the kernel considers a license GPL-compatible. */
bool license_is_gpl(const char *license);

/* Reads the variables of .maps through their BTF into o->maps (map_btf.c). */
bool object_read_maps(struct object *o, size_t *cap, struct err *e);

/* Reads the legacy (pre-BTF) definitions of section `maps` (map_legacy.c). */
bool object_read_legacy_maps(struct object *o, size_t *cap, struct err *e);

/* Reads the elements in `.values = {...}` of maps from the relocations of .maps. Requires complete
 * o->funcs and o->maps. */
bool object_read_map_slots(struct object *o, struct err *e);

/* Reads externs into o->externs, and adds map .kconfig if it has variables (extern.c). */
bool object_read_externs(struct object *o, size_t *cap, struct err *e);

/* Reads the variables of .struct_ops into o->maps, and, when o->funcs is complete, the programs that
 * they point to (map_struct_ops.c). */
bool object_read_struct_ops(struct object *o, size_t *cap, struct err *e);
bool object_read_struct_ops_funcs(struct object *o, struct err *e);

/* Adds the map of a data section as described above; NULL if memory is exhausted. */
struct obj_map *object_add_data_map(
	struct object *o, size_t *cap, const char *section, uint32_t size, bool read_only);

/* Adds an empty map to o->maps; NULL if memory is exhausted. */
struct obj_map *object_add_map(struct object *o, size_t *cap);

/* The map of one kind whose variable covers off in a section, or NULL. */
struct obj_map *object_map_of(
	struct object *o, enum obj_map_kind kind, uint32_t section, uint64_t off);

/* Adds an initial element to a map. */
bool object_add_slot(struct object *o, struct obj_map *m, struct obj_slot slot, struct err *e);

#endif
