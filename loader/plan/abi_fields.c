/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * The fields of bpf_attr, command by command, and of related structures.
 *
 * A row: F(C name, offset, size, kind, major, minor, "description").
 * kind is one of the macros below, optionally followed by WHEN(condition). Offsets and sizes are in
 * bytes and the same on every architecture: the kernel aligns all pointers to 64 bits.
 */
#include "abi.h"

#include <stdio.h>
#include <string.h>

#include "elf/base/span.h"

/* clang-format off */

#define IN(k)             .kind = ABI_##k, .dir = ABI_IN
#define OUT(k)            .kind = ABI_##k, .dir = ABI_OUT
#define INOUT(k)          .kind = ABI_##k, .dir = ABI_INOUT
#define ENUM(s)           .kind = ABI_ENUM, .dir = ABI_IN, .a = ABI_##s
#define ENUM_OUT(s)       .kind = ABI_ENUM, .dir = ABI_OUT, .a = ABI_##s
#define FLAGS(s)          .kind = ABI_FLAGS, .dir = ABI_IN, .a = ABI_##s
#define FLAGS_OUT(s)      .kind = ABI_FLAGS, .dir = ABI_OUT, .a = ABI_##s
#define BIT(n)            .kind = ABI_BIT, .dir = ABI_IN, .a = (n)
#define BIT_OUT(n)        .kind = ABI_BIT, .dir = ABI_OUT, .a = (n)
#define TO(k, at, unit_)  .kind = ABI_##k, .dir = ABI_IN, .a = (at), .b = (unit_)
#define FROM(k, at, unit_) .kind = ABI_##k, .dir = ABI_OUT, .a = (at), .b = (unit_)
#define BOTH(k, at, unit_) .kind = ABI_##k, .dir = ABI_INOUT, .a = (at), .b = (unit_)
#define STRING            TO(STR, ABI_ONE, ABI_UNIT_NONE)
#define WHEN(w)           , .when = ABI_##w
#define RECORD(at)        (ABI_UNIT_RECORD | (at) / 4)

#define MAP_CREATE(F) \
	F(map_type, 0, 4, ENUM(MAP_TYPES), 3, 18, "the data structure") \
	F(key_size, 4, 4, IN(UINT), 3, 18, "key size in bytes") \
	F(value_size, 8, 4, IN(UINT), 3, 18, "value size in bytes") \
	F(max_entries, 12, 4, IN(UINT), 3, 18, "maximum number of elements; ring buffers: bytes") \
	F(map_flags, 16, 4, FLAGS(MAP_FLAGS), 4, 6, "allocation, access and sharing") \
	F(inner_map_fd, 20, 4, IN(FD_MAP), 4, 12, "map of maps: template for its elements") \
	F(numa_node, 24, 4, IN(UINT), 4, 14, "NUMA node, with BPF_F_NUMA_NODE") \
	F(map_name, 28, 16, IN(NAME), 4, 15, "name for display") \
	F(map_ifindex, 44, 4, IN(IFINDEX), 4, 16, "network device the map is offloaded to") \
	F(btf_fd, 48, 4, IN(FD_BTF), 4, 18, "BTF of key and value") \
	F(btf_key_type_id, 52, 4, IN(TYPE_ID), 4, 18, "type of the key in btf_fd") \
	F(btf_value_type_id, 56, 4, IN(TYPE_ID), 4, 18, "type of the value in btf_fd") \
	F(btf_vmlinux_value_type_id, 60, 4, IN(TYPE_ID), 5, 6, \
		"struct_ops: the kernel's type of the value") \
	F(map_extra, 64, 8, IN(HEX), 5, 16, \
		"bloom filter: hash functions; arena: address; rhash: size hint") \
	F(value_type_btf_obj_fd, 72, 4, IN(FD_BTF), 6, 9, "struct_ops of a module: its BTF") \
	F(map_token_fd, 76, 4, IN(FD_TOKEN), 6, 9, "BPF token, with BPF_F_TOKEN_FD") \
	F(excl_prog_hash, 80, 8, TO(PTR, 88, 1), 6, 18, \
		"SHA-256 of the only program that may use the map") \
	F(excl_prog_hash_size, 88, 4, IN(UINT), 6, 18, "size of the hash in bytes")

#define MAP_LOOKUP_ELEM(F) \
	F(map_fd, 0, 4, IN(FD_MAP), 3, 18, "the map") \
	F(key, 8, 8, TO(PTR, ABI_ONE, ABI_UNIT_KEY), 3, 18, "the key") \
	F(value, 16, 8, FROM(PTR, ABI_ONE, ABI_UNIT_VALUE), 3, 18, "receives the value") \
	F(flags, 24, 8, FLAGS(ELEM_FLAGS), 5, 1, "BPF_F_LOCK: under the element's lock")

#define MAP_UPDATE_ELEM(F) \
	F(map_fd, 0, 4, IN(FD_MAP), 3, 18, "the map") \
	F(key, 8, 8, TO(PTR, ABI_ONE, ABI_UNIT_KEY), 3, 18, "the key") \
	F(value, 16, 8, TO(PTR, ABI_ONE, ABI_UNIT_VALUE), 3, 18, "the new value") \
	F(flags, 24, 8, FLAGS(ELEM_FLAGS), 3, 19, "create, update, or either")

#define MAP_DELETE_ELEM(F) \
	F(map_fd, 0, 4, IN(FD_MAP), 3, 18, "the map") \
	F(key, 8, 8, TO(PTR, ABI_ONE, ABI_UNIT_KEY), 3, 18, "the key to remove")

#define MAP_GET_NEXT_KEY(F) \
	F(map_fd, 0, 4, IN(FD_MAP), 3, 18, "the map") \
	F(key, 8, 8, TO(PTR, ABI_ONE, ABI_UNIT_KEY), 3, 18, \
		"the previous key; NULL (4.12) for the first") \
	F(next_key, 16, 8, FROM(PTR, ABI_ONE, ABI_UNIT_KEY), 3, 18, "receives the next key")

#define MAP_LOOKUP_AND_DELETE_ELEM(F) \
	F(map_fd, 0, 4, IN(FD_MAP), 4, 20, "queue or stack; hash tables since 5.14") \
	F(key, 8, 8, TO(PTR, ABI_ONE, ABI_UNIT_KEY), 5, 14, "the key; NULL for queues and stacks") \
	F(value, 16, 8, FROM(PTR, ABI_ONE, ABI_UNIT_VALUE), 4, 20, "receives the value") \
	F(flags, 24, 8, FLAGS(ELEM_FLAGS), 5, 14, "BPF_F_LOCK: under the element's lock")

#define MAP_FREEZE(F) \
	F(map_fd, 0, 4, IN(FD_MAP), 5, 2, "the map that becomes read-only for user space")

#define MAP_LOOKUP_BATCH(F) \
	F(batch.in_batch, 0, 8, TO(PTR, ABI_ONE, ABI_UNIT_KEY), 5, 6, \
		"position after the previous batch; NULL to start") \
	F(batch.out_batch, 8, 8, FROM(PTR, ABI_ONE, ABI_UNIT_KEY), 5, 6, \
		"out: position to continue at") \
	F(batch.keys, 16, 8, FROM(PTR, 32, ABI_UNIT_KEY), 5, 6, "receives the keys") \
	F(batch.values, 24, 8, FROM(PTR, 32, ABI_UNIT_VALUE), 5, 6, "receives the values") \
	F(batch.count, 32, 4, INOUT(UINT), 5, 6, "in: capacity; out: number of elements") \
	F(batch.map_fd, 36, 4, IN(FD_MAP), 5, 6, "the map") \
	F(batch.elem_flags, 40, 8, FLAGS(ELEM_FLAGS), 5, 6, "as for a single element") \
	F(batch.flags, 48, 8, IN(HEX), 5, 6, "no flags are defined")

#define MAP_UPDATE_BATCH(F) \
	F(batch.keys, 16, 8, TO(PTR, 32, ABI_UNIT_KEY), 5, 6, "the keys") \
	F(batch.values, 24, 8, TO(PTR, 32, ABI_UNIT_VALUE), 5, 6, "the values") \
	F(batch.count, 32, 4, INOUT(UINT), 5, 6, "in: number of elements; out: number processed") \
	F(batch.map_fd, 36, 4, IN(FD_MAP), 5, 6, "the map") \
	F(batch.elem_flags, 40, 8, FLAGS(ELEM_FLAGS), 5, 6, "as for a single element") \
	F(batch.flags, 48, 8, IN(HEX), 5, 6, "no flags are defined")

#define MAP_DELETE_BATCH(F) \
	F(batch.keys, 16, 8, TO(PTR, 32, ABI_UNIT_KEY), 5, 6, "the keys to remove") \
	F(batch.count, 32, 4, INOUT(UINT), 5, 6, "in: number of elements; out: number processed") \
	F(batch.map_fd, 36, 4, IN(FD_MAP), 5, 6, "the map") \
	F(batch.elem_flags, 40, 8, FLAGS(ELEM_FLAGS), 5, 6, "as for a single element") \
	F(batch.flags, 48, 8, IN(HEX), 5, 6, "no flags are defined")

#define PROG_LOAD(F) \
	F(prog_type, 0, 4, ENUM(PROG_TYPES), 3, 18, \
		"decides its context and the helpers it may call") \
	F(insn_cnt, 4, 4, IN(UINT), 3, 18, \
		"8-byte instructions; at most 4096 before 5.2, then 1 million") \
	F(insns, 8, 8, TO(INSNS, 4, 8), 3, 18, "the program") \
	F(license, 16, 8, STRING, 3, 18, "some helpers require a GPL-compatible license") \
	F(log_level, 24, 4, IN(UINT), 3, 18, \
		"1: path to the error; 2: all paths; 4: statistics") \
	F(log_size, 28, 4, IN(UINT), 3, 18, "size of log_buf in bytes; at most 16 MiB before 5.2") \
	F(log_buf, 32, 8, FROM(PTR, 28, 1), 3, 18, "receives the verifier log") \
	F(kern_version, 40, 4, IN(KVERSION), 4, 1, \
		"before 5.0, kprobes: must match the running kernel") \
	F(prog_flags, 44, 4, FLAGS(PROG_FLAGS), 4, 12, \
		"properties of the program, strict checks") \
	F(prog_name, 48, 16, IN(NAME), 4, 15, "name for display") \
	F(prog_ifindex, 64, 4, IN(IFINDEX), 4, 15, \
		"network device the program is bound or offloaded to") \
	F(expected_attach_type, 68, 4, ENUM(ATTACH_TYPES), 4, 17, \
		"attach type, where the verifier depends on it") \
	F(prog_btf_fd, 72, 4, IN(FD_BTF), 5, 0, "BTF of the program") \
	F(func_info_rec_size, 76, 4, IN(UINT), 5, 0, "bytes per function record") \
	F(func_info, 80, 8, TO(PTR, 88, RECORD(76)), 5, 0, \
		"first instruction and type of each function") \
	F(func_info_cnt, 88, 4, IN(UINT), 5, 0, "number of function records") \
	F(line_info_rec_size, 92, 4, IN(UINT), 5, 0, "bytes per line record") \
	F(line_info, 96, 8, TO(PTR, 104, RECORD(92)), 5, 0, \
		"source lines of instructions, for the log") \
	F(line_info_cnt, 104, 4, IN(UINT), 5, 0, "number of line records") \
	F(attach_btf_id, 108, 4, IN(TYPE_ID), 5, 5, "BTF id of the function to attach to") \
	F(attach_btf_obj_fd, 112, 4, IN(FD_BTF) WHEN(LOAD_NOT_EXT), 5, 11, \
		"BTF of the module with it; 0: of the kernel") \
	F(attach_prog_fd, 112, 4, IN(FD_PROG) WHEN(LOAD_EXT), 5, 5, "program with that function") \
	F(core_relo_cnt, 116, 4, IN(UINT), 5, 17, "number of CO-RE records") \
	F(fd_array, 120, 8, TO(FDS, 148, 4), 5, 14, \
		"maps and BTFs that instructions refer to by index") \
	F(core_relos, 128, 8, TO(PTR, 116, RECORD(136)), 5, 17, \
		"CO-RE records for the kernel to apply") \
	F(core_relo_rec_size, 136, 4, IN(UINT), 5, 17, "bytes per CO-RE record") \
	F(log_true_size, 140, 4, OUT(UINT), 6, 4, "out: size of the complete log in bytes") \
	F(prog_token_fd, 144, 4, IN(FD_TOKEN), 6, 9, "BPF token, with BPF_F_TOKEN_FD") \
	F(fd_array_cnt, 148, 4, IN(UINT), 6, 14, \
		"number of fds in fd_array, to bind their maps") \
	F(signature, 152, 8, TO(PTR, 160, 1), 6, 18, "PKCS#7 signature of the instructions") \
	F(signature_size, 160, 4, IN(UINT), 6, 18, "size of the signature in bytes") \
	F(keyring_id, 164, 4, IN(INT), 6, 18, "keyring to verify it with")

#define OBJ_PIN(F) \
	F(pathname, 0, 8, STRING, 4, 4, "new file in a bpf file system") \
	F(bpf_fd, 8, 4, IN(FD_ANY), 4, 4, \
		"map, program or link to pin") \
	F(file_flags, 12, 4, FLAGS(PIN_FLAGS), 4, 15, "BPF_F_PATH_FD: use path_fd") \
	F(path_fd, 16, 4, IN(FD_DIR), 6, 5, "directory pathname starts from")

#define OBJ_GET(F) \
	F(pathname, 0, 8, STRING, 4, 4, "file in a bpf file system") \
	F(bpf_fd, 8, 4, IN(UINT), 4, 4, "must be 0") \
	F(file_flags, 12, 4, FLAGS(PIN_FLAGS), 4, 15, "maps: read-only or write-only") \
	F(path_fd, 16, 4, IN(FD_DIR), 6, 5, "directory pathname starts from")

#define PROG_ATTACH(F) \
	F(target_fd, 0, 4, IN(FD_TARGET) WHEN(TO_FD), 4, 10, "cgroup, map or other target") \
	F(target_ifindex, 0, 4, IN(IFINDEX) WHEN(TO_IFINDEX), 6, 6, "network device") \
	F(attach_bpf_fd, 4, 4, IN(FD_PROG), 4, 10, "the program") \
	F(attach_type, 8, 4, ENUM(ATTACH_TYPES), 4, 10, "the hook") \
	F(attach_flags, 12, 4, FLAGS(ATTACH_FLAGS), 4, 10, \
		"exclusive, shared, or replacing another") \
	F(replace_bpf_fd, 16, 4, IN(FD_PROG), 5, 6, "program to replace, with BPF_F_REPLACE") \
	F(relative_fd, 20, 4, IN(FD_PROG) WHEN(BY_FD), 6, 6, \
		"program or link to insert before or after") \
	F(relative_id, 20, 4, IN(ID_ANY) WHEN(BY_ID), 6, 6, "the same, by id") \
	F(expected_revision, 24, 8, IN(UINT), 6, 6, "fail if the list has changed since this revision")

#define PROG_DETACH(F) \
	F(target_fd, 0, 4, IN(FD_TARGET) WHEN(TO_FD), 4, 10, "cgroup, map or other target") \
	F(target_ifindex, 0, 4, IN(IFINDEX) WHEN(TO_IFINDEX), 6, 6, "network device") \
	F(attach_bpf_fd, 4, 4, IN(FD_PROG), 4, 10, "the program; required if there are several") \
	F(attach_type, 8, 4, ENUM(ATTACH_TYPES), 4, 10, "the hook") \
	F(attach_flags, 12, 4, FLAGS(ATTACH_FLAGS), 6, 6, "BPF_F_BEFORE, AFTER, ID, LINK") \
	F(relative_fd, 20, 4, IN(FD_PROG) WHEN(BY_FD), 6, 6, \
		"program or link next to it") \
	F(relative_id, 20, 4, IN(ID_ANY) WHEN(BY_ID), 6, 6, "the same, by id") \
	F(expected_revision, 24, 8, IN(UINT), 6, 6, "fail if the list has changed since this revision")

#define PROG_TEST_RUN(F) \
	F(test.prog_fd, 0, 4, IN(FD_PROG), 4, 12, "the program") \
	F(test.retval, 4, 4, OUT(UINT), 4, 12, "out: its return value") \
	F(test.data_size_in, 8, 4, IN(UINT), 4, 12, "size of data_in in bytes") \
	F(test.data_size_out, 12, 4, INOUT(UINT), 4, 12, "in: size of data_out; out: bytes written") \
	F(test.data_in, 16, 8, TO(PTR, 8, 1), 4, 12, "the packet") \
	F(test.data_out, 24, 8, FROM(PTR, 12, 1), 4, 12, "receives the modified packet") \
	F(test.repeat, 32, 4, IN(UINT), 4, 12, "number of runs") \
	F(test.duration, 36, 4, OUT(UINT), 4, 12, "out: average ns per run") \
	F(test.ctx_size_in, 40, 4, IN(UINT), 5, 2, "size of ctx_in in bytes") \
	F(test.ctx_size_out, 44, 4, INOUT(UINT), 5, 2, "in: size of ctx_out; out: bytes written") \
	F(test.ctx_in, 48, 8, TO(PTR, 40, 1), 5, 2, "the context, e.g. struct __sk_buff") \
	F(test.ctx_out, 56, 8, FROM(PTR, 44, 1), 5, 2, "receives the modified context") \
	F(test.flags, 64, 4, FLAGS(TEST_FLAGS), 5, 10, "choice of CPU, live frames…") \
	F(test.cpu, 68, 4, IN(UINT), 5, 10, "CPU, with BPF_F_TEST_RUN_ON_CPU") \
	F(test.batch_size, 72, 4, IN(UINT), 5, 18, \
		"frames per batch, with BPF_F_TEST_XDP_LIVE_FRAMES")

#define GET_NEXT_ID(F) \
	F(start_id, 0, 4, IN(ID_ANY), 4, 13, "the previous id; 0 for the first") \
	F(next_id, 4, 4, OUT(ID_ANY), 4, 13, "out: the next id; ENOENT at the end")

#define PROG_GET_FD_BY_ID(F) \
	F(prog_id, 0, 4, IN(ID_PROG), 4, 13, "the program")

#define MAP_GET_FD_BY_ID(F) \
	F(map_id, 0, 4, IN(ID_MAP), 4, 13, "the map") \
	F(open_flags, 8, 4, FLAGS(OPEN_FLAGS), 4, 15, "read-only or write-only")

#define BTF_GET_FD_BY_ID(F) \
	F(btf_id, 0, 4, IN(ID_BTF), 4, 18, "the BTF") \
	F(open_flags, 8, 4, FLAGS(OPEN_FLAGS), 6, 15, "BPF_F_TOKEN_FD: use the token") \
	F(fd_by_id_token_fd, 12, 4, IN(FD_TOKEN), 6, 15, "BPF token")

#define LINK_GET_FD_BY_ID(F) \
	F(link_id, 0, 4, IN(ID_LINK), 5, 8, "the link")

#define OBJ_GET_INFO_BY_FD(F) \
	F(info.bpf_fd, 0, 4, IN(FD_ANY), 4, 13, \
		"program, map, BTF (4.18), link (5.8) or token (6.17)") \
	F(info.info_len, 4, 4, INOUT(UINT), 4, 13, \
		"in: size of info; out: bytes written") \
	F(info.info, 8, 8, BOTH(PTR, 4, 1), 4, 13, "struct bpf_prog_info, bpf_map_info…")

#define PROG_QUERY(F) \
	F(query.target_fd, 0, 4, IN(FD_TARGET) WHEN(TO_FD), 4, 15, "cgroup or other target") \
	F(query.target_ifindex, 0, 4, IN(IFINDEX) WHEN(TO_IFINDEX), 6, 6, "network device") \
	F(query.attach_type, 4, 4, ENUM(ATTACH_TYPES), 4, 15, "the hook") \
	F(query.query_flags, 8, 4, FLAGS(QUERY_FLAGS), 4, 15, \
		"with or without programs of parent cgroups") \
	F(query.attach_flags, 12, 4, FLAGS_OUT(ATTACH_FLAGS), 4, 15, \
		"out: flags used to attach them") \
	F(query.prog_ids, 16, 8, FROM(PTR, 24, 4), 4, 15, "receives the ids of the programs") \
	F(query.prog_cnt, 24, 4, INOUT(UINT), 4, 15, \
		"in: capacity; out: number of programs") \
	F(query.count, 24, 4, INOUT(UINT) WHEN(ALIAS), 6, 6, "newer name for prog_cnt") \
	F(query.prog_attach_flags, 32, 8, FROM(PTR, 24, 4), 6, 0, \
		"receives the flags of each program") \
	F(query.link_ids, 40, 8, FROM(PTR, 24, 4), 6, 6, "receives the id of the link of each program") \
	F(query.link_attach_flags, 48, 8, FROM(PTR, 24, 4), 6, 6, \
		"receives the flags of each link") \
	F(query.revision, 56, 8, OUT(UINT), 6, 6, "out: revision of the list")

#define RAW_TRACEPOINT_OPEN(F) \
	F(raw_tracepoint.name, 0, 8, STRING, 4, 17, \
		"tracepoint; NULL: the one the program was loaded for") \
	F(raw_tracepoint.prog_fd, 8, 4, IN(FD_PROG), 4, 17, "the program") \
	F(raw_tracepoint.cookie, 16, 8, IN(HEX), 6, 10, "cookie that the program can read")

#define BTF_LOAD(F) \
	F(btf, 0, 8, TO(PTR, 16, 1), 4, 18, "BTF: header, types, strings") \
	F(btf_log_buf, 8, 8, FROM(PTR, 20, 1), 4, 18, "receives the kernel's error log") \
	F(btf_size, 16, 4, IN(UINT), 4, 18, "size of btf in bytes") \
	F(btf_log_size, 20, 4, IN(UINT), 4, 18, "size of btf_log_buf in bytes") \
	F(btf_log_level, 24, 4, IN(UINT), 4, 18, "1: write the log") \
	F(btf_log_true_size, 28, 4, OUT(UINT), 6, 4, "out: size of the complete log in bytes") \
	F(btf_flags, 32, 4, FLAGS(BTF_FLAGS), 6, 9, "BPF_F_TOKEN_FD: use the token") \
	F(btf_token_fd, 36, 4, IN(FD_TOKEN), 6, 9, "BPF token")

#define TASK_FD_QUERY(F) \
	F(task_fd_query.pid, 0, 4, IN(PID), 4, 18, "the process") \
	F(task_fd_query.fd, 4, 4, IN(UINT), 4, 18, "its perf event or raw tracepoint") \
	F(task_fd_query.flags, 8, 4, IN(HEX), 4, 18, "no flags are defined") \
	F(task_fd_query.buf_len, 12, 4, INOUT(UINT), 4, 18, \
		"in: size of buf; out: length of the name") \
	F(task_fd_query.buf, 16, 8, FROM(PTR, 12, 1), 4, 18, \
		"receives the name of the tracepoint, function or file") \
	F(task_fd_query.prog_id, 24, 4, OUT(ID_PROG), 4, 18, "out: the program") \
	F(task_fd_query.fd_type, 28, 4, ENUM_OUT(FD_TYPES), 4, 18, "out: type of the probe") \
	F(task_fd_query.probe_offset, 32, 8, OUT(HEX), 4, 18, \
		"out: offset in the function or file") \
	F(task_fd_query.probe_addr, 40, 8, OUT(HEX), 4, 18, "out: address of a kprobe")

#define LINK_CREATE(F) \
	F(link_create.prog_fd, 0, 4, IN(FD_PROG) WHEN(NOT_STRUCT_OPS), 5, 7, "the program") \
	F(link_create.map_fd, 0, 4, IN(FD_MAP) WHEN(STRUCT_OPS), 6, 4, "the struct_ops map") \
	F(link_create.target_fd, 4, 4, IN(FD_TARGET) WHEN(TO_FD), 5, 7, \
		"cgroup, perf event, network namespace, program…") \
	F(link_create.target_ifindex, 4, 4, IN(IFINDEX) WHEN(TO_IFINDEX), 5, 9, "network device") \
	F(link_create.attach_type, 8, 4, ENUM(ATTACH_TYPES), 5, 7, "the hook") \
	F(link_create.flags, 12, 4, FLAGS(LINK_FLAGS) WHEN(NOT_XDP), 5, 7, "position among other programs") \
	F(link_create.flags, 12, 4, FLAGS(XDP_FLAGS) WHEN(XDP), 5, 9, \
		"generic, driver or hardware mode") \
	F(link_create.target_btf_id, 16, 4, IN(TYPE_ID) WHEN(TRACING), 5, 10, \
		"function, if not set at load") \
	F(link_create.iter_info, 16, 8, TO(PTR, 24, 1) WHEN(ITER), 5, 9, \
		"map, cgroup or task to iterate over") \
	F(link_create.iter_info_len, 24, 4, IN(UINT) WHEN(ITER), 5, 9, "size of iter_info in bytes") \
	F(link_create.perf_event.bpf_cookie, 16, 8, IN(HEX) WHEN(PERF), 5, 15, \
		"cookie that the program can read") \
	F(link_create.kprobe_multi.flags, 16, 4, FLAGS(KPROBE_MULTI_FLAGS) WHEN(KPROBE_MULTI), 5, 18, \
		"entry or return") \
	F(link_create.kprobe_multi.cnt, 20, 4, IN(UINT) WHEN(KPROBE_MULTI), 5, 18, \
		"number of functions") \
	F(link_create.kprobe_multi.syms, 24, 8, TO(STRS, 20, 8) WHEN(KPROBE_MULTI), 5, 18, \
		"names of the functions, or") \
	F(link_create.kprobe_multi.addrs, 32, 8, TO(PTR, 20, 8) WHEN(KPROBE_MULTI), 5, 18, \
		"addresses of the functions") \
	F(link_create.kprobe_multi.cookies, 40, 8, TO(PTR, 20, 8) WHEN(KPROBE_MULTI), 5, 18, \
		"a cookie for each") \
	F(link_create.tracing.target_btf_id, 16, 4, IN(TYPE_ID) WHEN(ALIAS), 5, 19, \
		"newer name for target_btf_id") \
	F(link_create.tracing.cookie, 24, 8, IN(HEX) WHEN(TRACING), 5, 19, \
		"cookie that the program can read") \
	F(link_create.netfilter.pf, 16, 4, IN(UINT) WHEN(NETFILTER), 6, 4, \
		"protocol: 2 IPv4, 10 IPv6") \
	F(link_create.netfilter.hooknum, 20, 4, IN(UINT) WHEN(NETFILTER), 6, 4, \
		"0 prerouting, 1 in, 2 forward, 3 out, 4 postrouting") \
	F(link_create.netfilter.priority, 24, 4, IN(INT) WHEN(NETFILTER), 6, 4, \
		"lower values run first") \
	F(link_create.netfilter.flags, 28, 4, FLAGS(NETFILTER_FLAGS) WHEN(NETFILTER), 6, 4, \
		"defragment IP packets first") \
	F(link_create.tcx.relative_fd, 16, 4, IN(FD_PROG) WHEN(TCX | ABI_BY_FD), 6, 6, \
		"program or link to insert before or after") \
	F(link_create.tcx.relative_id, 16, 4, IN(ID_ANY) WHEN(TCX | ABI_BY_ID), 6, 6, \
		"the same, by id") \
	F(link_create.tcx.expected_revision, 24, 8, IN(UINT) WHEN(TCX), 6, 6, \
		"fail if the list has changed since this revision") \
	F(link_create.uprobe_multi.path, 16, 8, STRING WHEN(UPROBE_MULTI), 6, 6, \
		"the executable or library") \
	F(link_create.uprobe_multi.offsets, 24, 8, TO(PTR, 48, 8) WHEN(UPROBE_MULTI), 6, 6, \
		"offsets in the file") \
	F(link_create.uprobe_multi.ref_ctr_offsets, 32, 8, TO(PTR, 48, 8) WHEN(UPROBE_MULTI), 6, 6, \
		"semaphore offset of each (USDT)") \
	F(link_create.uprobe_multi.cookies, 40, 8, TO(PTR, 48, 8) WHEN(UPROBE_MULTI), 6, 6, \
		"a cookie for each") \
	F(link_create.uprobe_multi.cnt, 48, 4, IN(UINT) WHEN(UPROBE_MULTI), 6, 6, \
		"number of offsets") \
	F(link_create.uprobe_multi.flags, 52, 4, FLAGS(UPROBE_MULTI_FLAGS) WHEN(UPROBE_MULTI), 6, 6, \
		"entry or return") \
	F(link_create.uprobe_multi.pid, 56, 4, IN(PID) WHEN(UPROBE_MULTI), 6, 6, \
		"process to trace; 0: all") \
	F(link_create.uprobe_multi.path_fd, 60, 4, IN(FD_ANY) WHEN(UPROBE_MULTI), 7, 2, \
		"the file, with BPF_F_UPROBE_MULTI_PATH_FD") \
	F(link_create.netkit.relative_fd, 16, 4, IN(FD_PROG) WHEN(NETKIT | ABI_BY_FD), 6, 7, \
		"program or link to insert before or after") \
	F(link_create.netkit.relative_id, 16, 4, IN(ID_ANY) WHEN(NETKIT | ABI_BY_ID), 6, 7, \
		"the same, by id") \
	F(link_create.netkit.expected_revision, 24, 8, IN(UINT) WHEN(NETKIT), 6, 7, \
		"fail if the list has changed since this revision") \
	F(link_create.cgroup.relative_fd, 16, 4, IN(FD_PROG) WHEN(CGROUP | ABI_BY_FD), 6, 17, \
		"program or link to insert before or after") \
	F(link_create.cgroup.relative_id, 16, 4, IN(ID_ANY) WHEN(CGROUP | ABI_BY_ID), 6, 17, \
		"the same, by id") \
	F(link_create.cgroup.expected_revision, 24, 8, IN(UINT) WHEN(CGROUP), 6, 17, \
		"fail if the list has changed since this revision") \
	F(link_create.tracing_multi.ids, 16, 8, TO(PTR, 32, 4) WHEN(TRACING_MULTI), 7, 2, \
		"BTF ids of the functions") \
	F(link_create.tracing_multi.cookies, 24, 8, TO(PTR, 32, 8) WHEN(TRACING_MULTI), 7, 2, \
		"a cookie for each") \
	F(link_create.tracing_multi.cnt, 32, 4, IN(UINT) WHEN(TRACING_MULTI), 7, 2, \
		"number of functions")

#define LINK_UPDATE(F) \
	F(link_update.link_fd, 0, 4, IN(FD_LINK), 5, 7, "the link") \
	F(link_update.new_prog_fd, 4, 4, IN(FD_PROG), 5, 7, "its new program") \
	F(link_update.new_map_fd, 4, 4, IN(FD_MAP) WHEN(ALIAS), 6, 4, "struct_ops: its new map") \
	F(link_update.flags, 8, 4, FLAGS(UPDATE_FLAGS), 5, 7, \
		"BPF_F_REPLACE: only if the old one is attached") \
	F(link_update.old_prog_fd, 12, 4, IN(FD_PROG), 5, 7, "the program expected there") \
	F(link_update.old_map_fd, 12, 4, IN(FD_MAP) WHEN(ALIAS), 6, 4, \
		"struct_ops: the map expected there")

#define LINK_DETACH(F) \
	F(link_detach.link_fd, 0, 4, IN(FD_LINK), 5, 9, "the link, which remains without a target")

#define ENABLE_STATS(F) \
	F(enable_stats.type, 0, 4, ENUM(STATS_TYPES), 5, 8, \
		"statistics to collect while the new fd is open")

#define ITER_CREATE(F) \
	F(iter_create.link_fd, 0, 4, IN(FD_LINK), 5, 8, "link of an iterator program") \
	F(iter_create.flags, 4, 4, IN(HEX), 5, 8, "no flags are defined")

#define PROG_BIND_MAP(F) \
	F(prog_bind_map.prog_fd, 0, 4, IN(FD_PROG), 5, 10, "the program") \
	F(prog_bind_map.map_fd, 4, 4, IN(FD_MAP), 5, 10, "the map to bind to it") \
	F(prog_bind_map.flags, 8, 4, IN(HEX), 5, 10, "no flags are defined")

#define TOKEN_CREATE(F) \
	F(token_create.flags, 0, 4, IN(HEX), 6, 9, "no flags are defined") \
	F(token_create.bpffs_fd, 4, 4, IN(FD_DIR), 6, 9, \
		"root of a bpf file system that delegates rights")

#define PROG_STREAM_READ_BY_FD(F) \
	F(prog_stream_read.stream_buf, 0, 8, FROM(PTR, 8, 1), 6, 17, "receives the text") \
	F(prog_stream_read.stream_buf_len, 8, 4, IN(UINT), 6, 17, "size of the buffer in bytes") \
	F(prog_stream_read.stream_id, 12, 4, ENUM(STREAMS), 6, 17, \
		"standard output or errors") \
	F(prog_stream_read.prog_fd, 16, 4, IN(FD_PROG), 6, 17, "the program")

#define PROG_ASSOC_STRUCT_OPS(F) \
	F(prog_assoc_struct_ops.map_fd, 0, 4, IN(FD_MAP), 7, 0, "the struct_ops map") \
	F(prog_assoc_struct_ops.prog_fd, 4, 4, IN(FD_PROG), 7, 0, \
		"program whose kfuncs use it") \
	F(prog_assoc_struct_ops.flags, 8, 4, IN(HEX), 7, 0, "no flags are defined")

/* The structures. Only the documentation uses the descriptions of their fields: define ABI_DOCS to
 * include them. */
#define COMMON_ATTR(F) \
	F(log_buf, 0, 8, FROM(PTR, 8, 1), 7, 2, "receives the kernel's error log") \
	F(log_size, 8, 4, IN(UINT), 7, 2, "size of log_buf in bytes") \
	F(log_level, 12, 4, IN(UINT), 7, 2, "as in BPF_PROG_LOAD") \
	F(log_true_size, 16, 4, OUT(UINT), 7, 2, "out: size of the complete log in bytes")

#define PROG_INFO(F) \
	F(type, 0, 4, ENUM_OUT(PROG_TYPES), 4, 13, "program type") \
	F(id, 4, 4, OUT(ID_PROG), 4, 13, "id while it is loaded") \
	F(tag, 8, 8, OUT(BYTES), 4, 13, "hash of the instructions") \
	F(jited_prog_len, 16, 4, INOUT(UINT), 4, 13, "size of the machine code in bytes") \
	F(xlated_prog_len, 20, 4, INOUT(UINT), 4, 13, "size of the verified instructions in bytes") \
	F(jited_prog_insns, 24, 8, FROM(PTR, 16, 1), 4, 13, "receives the machine code") \
	F(xlated_prog_insns, 32, 8, FROM(INSNS, 20, 1), 4, 13, "receives the verified instructions") \
	F(load_time, 40, 8, OUT(UINT), 4, 15, "time since boot in ns") \
	F(created_by_uid, 48, 4, OUT(UINT), 4, 15, "user who loaded it") \
	F(nr_map_ids, 52, 4, INOUT(UINT), 4, 15, "number of maps in use") \
	F(map_ids, 56, 8, FROM(PTR, 52, 4), 4, 15, "receives the ids of the maps") \
	F(name, 64, 16, OUT(NAME), 4, 15, "name for display") \
	F(ifindex, 80, 4, OUT(IFINDEX), 4, 16, "network device it is bound to") \
	F(gpl_compatible, 84, 4, BIT_OUT(0), 4, 18, "whether the license is GPL-compatible") \
	F(netns_dev, 88, 8, OUT(HEX), 4, 16, "network namespace of the device") \
	F(netns_ino, 96, 8, OUT(UINT), 4, 16, "inode of the network namespace") \
	F(nr_jited_ksyms, 104, 4, INOUT(UINT), 4, 18, "number of functions, each with a kernel symbol") \
	F(nr_jited_func_lens, 108, 4, INOUT(UINT), 4, 18, "functions") \
	F(jited_ksyms, 112, 8, FROM(PTR, 104, 8), 4, 18, "receives the addresses of the functions") \
	F(jited_func_lens, 120, 8, FROM(PTR, 108, 4), 4, 18, "receives the sizes of the functions") \
	F(btf_id, 128, 4, OUT(ID_BTF), 5, 0, "BTF of the program") \
	F(func_info_rec_size, 132, 4, INOUT(UINT), 5, 0, "bytes per function record") \
	F(func_info, 136, 8, FROM(PTR, 144, RECORD(132)), 5, 0, "receives the function records") \
	F(nr_func_info, 144, 4, INOUT(UINT), 5, 0, "number of function records") \
	F(nr_line_info, 148, 4, INOUT(UINT), 5, 0, "number of line records") \
	F(line_info, 152, 8, FROM(PTR, 148, RECORD(172)), 5, 0, "receives the line records") \
	F(jited_line_info, 160, 8, FROM(PTR, 168, RECORD(176)), 5, 0, \
		"receives the addresses of lines") \
	F(nr_jited_line_info, 168, 4, INOUT(UINT), 5, 0, "number of addresses of lines") \
	F(line_info_rec_size, 172, 4, INOUT(UINT), 5, 0, "bytes per line record") \
	F(jited_line_info_rec_size, 176, 4, INOUT(UINT), 5, 0, "size of an address in bytes") \
	F(nr_prog_tags, 180, 4, INOUT(UINT), 5, 0, "functions") \
	F(prog_tags, 184, 8, FROM(PTR, 180, 8), 5, 0, "receives the tag of each function") \
	F(run_time_ns, 192, 8, OUT(UINT), 5, 1, "run time in ns, while statistics are enabled") \
	F(run_cnt, 200, 8, OUT(UINT), 5, 1, "number of runs, while statistics are enabled") \
	F(recursion_misses, 208, 8, OUT(UINT), 5, 12, \
		"runs missed because of recursion") \
	F(verified_insns, 216, 4, OUT(UINT), 5, 16, \
		"instructions processed by the verifier") \
	F(attach_btf_obj_id, 220, 4, OUT(ID_BTF), 6, 0, "BTF of the function it attaches to") \
	F(attach_btf_id, 224, 4, OUT(TYPE_ID), 6, 0, "the function it attaches to")

#define MAP_INFO(F) \
	F(type, 0, 4, ENUM_OUT(MAP_TYPES), 4, 13, "map type") \
	F(id, 4, 4, OUT(ID_MAP), 4, 13, "id while it exists") \
	F(key_size, 8, 4, OUT(UINT), 4, 13, "key size in bytes") \
	F(value_size, 12, 4, OUT(UINT), 4, 13, "value size in bytes") \
	F(max_entries, 16, 4, OUT(UINT), 4, 13, "maximum number of elements") \
	F(map_flags, 20, 4, FLAGS_OUT(MAP_FLAGS), 4, 13, "as created") \
	F(name, 24, 16, OUT(NAME), 4, 15, "name for display") \
	F(ifindex, 40, 4, OUT(IFINDEX), 4, 16, "network device it is bound to") \
	F(btf_vmlinux_value_type_id, 44, 4, OUT(TYPE_ID), 5, 6, "struct_ops: the kernel's type of the value") \
	F(netns_dev, 48, 8, OUT(HEX), 4, 16, "network namespace of the device") \
	F(netns_ino, 56, 8, OUT(UINT), 4, 16, "inode of the network namespace") \
	F(btf_id, 64, 4, OUT(ID_BTF), 4, 18, "BTF of key and value") \
	F(btf_key_type_id, 68, 4, OUT(TYPE_ID), 4, 18, "type of the key") \
	F(btf_value_type_id, 72, 4, OUT(TYPE_ID), 4, 18, "type of the value") \
	F(btf_vmlinux_id, 76, 4, OUT(ID_BTF), 6, 9, "struct_ops: BTF with the type") \
	F(map_extra, 80, 8, OUT(HEX), 5, 16, "as created") \
	F(hash, 88, 8, FROM(PTR, 96, 1), 6, 18, "receives the hash of a frozen array") \
	F(hash_size, 96, 4, IN(UINT), 6, 18, "size of the buffer in bytes")

#define BTF_INFO(F) \
	F(btf, 0, 8, FROM(PTR, 8, 1), 4, 18, "receives the types") \
	F(btf_size, 8, 4, INOUT(UINT), 4, 18, "in: size of the buffer; out: size of the types") \
	F(id, 12, 4, OUT(ID_BTF), 4, 18, "id while it exists") \
	F(name, 16, 8, FROM(PTR, 24, 1), 5, 11, "receives the name: vmlinux or a module") \
	F(name_len, 24, 4, INOUT(UINT), 5, 11, "in: size of the buffer; out: length of the name") \
	F(kernel_btf, 28, 4, OUT(UINT), 5, 11, "1: BTF of the kernel or a module")

#define SUB(type, sub) , .when = BPF_LINK_TYPE_##type | (sub) << 5
#define LINK_INFO(F) \
	F(type, 0, 4, ENUM_OUT(LINK_TYPES), 5, 8, "type of the link") \
	F(id, 4, 4, OUT(ID_LINK), 5, 8, "id while it exists") \
	F(prog_id, 8, 4, OUT(ID_PROG), 5, 8, "the program") \
	F(raw_tracepoint.tp_name, 16, 8, FROM(PTR, 24, 1) SUB(RAW_TRACEPOINT, 0), 5, 8, \
		"receives the name of the tracepoint") \
	F(raw_tracepoint.tp_name_len, 24, 4, INOUT(UINT) SUB(RAW_TRACEPOINT, 0), 5, 8, \
		"in: size of the buffer; out: length of the name") \
	F(raw_tracepoint.cookie, 32, 8, OUT(HEX) SUB(RAW_TRACEPOINT, 0), 6, 17, \
		"cookie that the program can read") \
	F(tracing.attach_type, 16, 4, ENUM_OUT(ATTACH_TYPES) SUB(TRACING, 0), 5, 8, "the hook") \
	F(tracing.target_obj_id, 20, 4, OUT(ID_ANY) SUB(TRACING, 0), 5, 13, \
		"program or BTF with the function") \
	F(tracing.target_btf_id, 24, 4, OUT(TYPE_ID) SUB(TRACING, 0), 5, 13, "the function") \
	F(tracing.cookie, 32, 8, OUT(HEX) SUB(TRACING, 0), 6, 17, \
		"cookie that the program can read") \
	F(cgroup.cgroup_id, 16, 8, OUT(UINT) SUB(CGROUP, 0), 5, 8, \
		"the cgroup: inode of its directory") \
	F(cgroup.attach_type, 24, 4, ENUM_OUT(ATTACH_TYPES) SUB(CGROUP, 0), 5, 8, "the hook") \
	F(iter.target_name, 16, 8, FROM(PTR, 24, 1) SUB(ITER, 0), 5, 9, \
		"receives the name of the iterator's target") \
	F(iter.target_name_len, 24, 4, INOUT(UINT) SUB(ITER, 0), 5, 9, \
		"in: size of the buffer; out: length of the name") \
	F(iter.map.map_id, 28, 4, OUT(ID_MAP) SUB(ITER, 0), 5, 9, "the map it iterates over, if any") \
	F(netns.netns_ino, 16, 4, OUT(UINT) SUB(NETNS, 0), 5, 8, \
		"inode of the network namespace") \
	F(netns.attach_type, 20, 4, ENUM_OUT(ATTACH_TYPES) SUB(NETNS, 0), 5, 8, "the hook") \
	F(xdp.ifindex, 16, 4, OUT(IFINDEX) SUB(XDP, 0), 5, 9, "network device") \
	F(struct_ops.map_id, 16, 4, OUT(ID_MAP) SUB(STRUCT_OPS, 0), 6, 4, "the struct_ops map") \
	F(netfilter.pf, 16, 4, OUT(UINT) SUB(NETFILTER, 0), 6, 4, "protocol") \
	F(netfilter.hooknum, 20, 4, OUT(UINT) SUB(NETFILTER, 0), 6, 4, "the hook") \
	F(netfilter.priority, 24, 4, OUT(INT) SUB(NETFILTER, 0), 6, 4, "lower values run first") \
	F(netfilter.flags, 28, 4, FLAGS_OUT(NETFILTER_FLAGS) SUB(NETFILTER, 0), 6, 4, \
		"as created") \
	F(kprobe_multi.addrs, 16, 8, FROM(PTR, 24, 8) SUB(KPROBE_MULTI, 0), 6, 6, \
		"receives the addresses") \
	F(kprobe_multi.count, 24, 4, INOUT(UINT) SUB(KPROBE_MULTI, 0), 6, 6, \
		"in: capacity; out: number of functions") \
	F(kprobe_multi.flags, 28, 4, FLAGS_OUT(KPROBE_MULTI_FLAGS) SUB(KPROBE_MULTI, 0), 6, 6, \
		"as created") \
	F(kprobe_multi.missed, 32, 8, OUT(UINT) SUB(KPROBE_MULTI, 0), 6, 7, "number of missed hits") \
	F(kprobe_multi.cookies, 40, 8, FROM(PTR, 24, 8) SUB(KPROBE_MULTI, 0), 6, 9, \
		"receives the cookies") \
	F(uprobe_multi.path, 16, 8, FROM(PTR, 48, 1) SUB(UPROBE_MULTI, 0), 6, 8, \
		"receives the path of the file") \
	F(uprobe_multi.offsets, 24, 8, FROM(PTR, 52, 8) SUB(UPROBE_MULTI, 0), 6, 8, \
		"receives the offsets") \
	F(uprobe_multi.ref_ctr_offsets, 32, 8, FROM(PTR, 52, 8) SUB(UPROBE_MULTI, 0), 6, 8, \
		"receives the semaphore offsets") \
	F(uprobe_multi.cookies, 40, 8, FROM(PTR, 52, 8) SUB(UPROBE_MULTI, 0), 6, 8, \
		"receives the cookies") \
	F(uprobe_multi.path_size, 48, 4, INOUT(UINT) SUB(UPROBE_MULTI, 0), 6, 8, \
		"in: size of path; out: length of the path") \
	F(uprobe_multi.count, 52, 4, INOUT(UINT) SUB(UPROBE_MULTI, 0), 6, 8, \
		"in: capacity; out: number of offsets") \
	F(uprobe_multi.flags, 56, 4, FLAGS_OUT(UPROBE_MULTI_FLAGS) SUB(UPROBE_MULTI, 0), 6, 8, \
		"as created") \
	F(uprobe_multi.pid, 60, 4, OUT(PID) SUB(UPROBE_MULTI, 0), 6, 8, "process to trace") \
	F(perf_event.type, 16, 4, ENUM_OUT(PERF_EVENT_TYPES) SUB(PERF_EVENT, 0), 6, 6, \
		"type of the event") \
	F(perf_event.uprobe.file_name, 24, 8, FROM(PTR, 32, 1) SUB(PERF_EVENT, 1), 6, 6, \
		"receives the path of the file") \
	F(perf_event.uprobe.name_len, 32, 4, INOUT(UINT) SUB(PERF_EVENT, 1), 6, 6, \
		"in: size of the buffer; out: length of the name") \
	F(perf_event.uprobe.offset, 36, 4, OUT(HEX) SUB(PERF_EVENT, 1), 6, 6, \
		"offset in the file") \
	F(perf_event.uprobe.cookie, 40, 8, OUT(HEX) SUB(PERF_EVENT, 1), 6, 9, \
		"cookie that the program can read") \
	F(perf_event.uprobe.ref_ctr_offset, 48, 8, OUT(HEX) SUB(PERF_EVENT, 1), 6, 16, \
		"semaphore offset") \
	F(perf_event.kprobe.func_name, 24, 8, FROM(PTR, 32, 1) SUB(PERF_EVENT, 2), 6, 6, \
		"receives the name of the function") \
	F(perf_event.kprobe.name_len, 32, 4, INOUT(UINT) SUB(PERF_EVENT, 2), 6, 6, \
		"in: size of the buffer; out: length of the name") \
	F(perf_event.kprobe.offset, 36, 4, OUT(HEX) SUB(PERF_EVENT, 2), 6, 6, \
		"offset in the function") \
	F(perf_event.kprobe.addr, 40, 8, OUT(HEX) SUB(PERF_EVENT, 2), 6, 6, "address of the function") \
	F(perf_event.kprobe.missed, 48, 8, OUT(UINT) SUB(PERF_EVENT, 2), 6, 7, "number of missed hits") \
	F(perf_event.kprobe.cookie, 56, 8, OUT(HEX) SUB(PERF_EVENT, 2), 6, 9, \
		"cookie that the program can read") \
	F(perf_event.tracepoint.tp_name, 24, 8, FROM(PTR, 32, 1) SUB(PERF_EVENT, 3), 6, 6, \
		"receives the name of the tracepoint") \
	F(perf_event.tracepoint.name_len, 32, 4, INOUT(UINT) SUB(PERF_EVENT, 3), 6, 6, \
		"in: size of the buffer; out: length of the name") \
	F(perf_event.tracepoint.cookie, 40, 8, OUT(HEX) SUB(PERF_EVENT, 3), 6, 9, \
		"cookie that the program can read") \
	F(perf_event.event.config, 24, 8, OUT(HEX) SUB(PERF_EVENT, 4), 6, 6, \
		"config of perf_event_attr") \
	F(perf_event.event.type, 32, 4, ENUM_OUT(PERF_TYPES) SUB(PERF_EVENT, 4), 6, 6, \
		"type of perf_event_attr") \
	F(perf_event.event.cookie, 40, 8, OUT(HEX) SUB(PERF_EVENT, 4), 6, 9, \
		"cookie that the program can read") \
	F(tcx.ifindex, 16, 4, OUT(IFINDEX) SUB(TCX, 0), 6, 6, "network device") \
	F(tcx.attach_type, 20, 4, ENUM_OUT(ATTACH_TYPES) SUB(TCX, 0), 6, 6, "the hook") \
	F(netkit.ifindex, 16, 4, OUT(IFINDEX) SUB(NETKIT, 0), 6, 7, "network device") \
	F(netkit.attach_type, 20, 4, ENUM_OUT(ATTACH_TYPES) SUB(NETKIT, 0), 6, 7, "the hook") \
	F(sockmap.map_id, 16, 4, OUT(ID_MAP) SUB(SOCKMAP, 0), 6, 10, "the map of sockets") \
	F(sockmap.attach_type, 20, 4, ENUM_OUT(ATTACH_TYPES) SUB(SOCKMAP, 0), 6, 10, "the hook")

#define TOKEN_INFO(F) \
	F(allowed_cmds, 0, 8, OUT(HEX), 6, 17, "a bit for each command") \
	F(allowed_maps, 8, 8, OUT(HEX), 6, 17, "a bit for each map type") \
	F(allowed_progs, 16, 8, OUT(HEX), 6, 17, "a bit for each program type") \
	F(allowed_attachs, 24, 8, OUT(HEX), 6, 17, "a bit for each attach type")

#define PERF_ATTR(F) \
	F(type, 0, 4, ENUM(PERF_TYPES), 2, 31, \
		"event source; kprobe and uprobe: number from sysfs") \
	F(size, 4, 4, IN(UINT), 2, 31, "size of this structure in bytes") \
	F(config, 8, 8, IN(UINT), 2, 31, "event to count; tracepoint: its id in tracefs") \
	F(sample_period, 16, 8, IN(UINT), 2, 31, "events per sample") \
	F(sample_freq, 16, 8, IN(UINT) WHEN(ALIAS), 2, 31, "samples per second, with freq") \
	F(sample_type, 24, 8, FLAGS(SAMPLE_FLAGS), 2, 31, "contents of a sample") \
	F(read_format, 32, 8, IN(HEX), 2, 31, "format of read()") \
	F(disabled, 40, 8, BIT(0), 2, 31, "starts disabled") \
	F(inherit, 40, 8, BIT(1), 2, 31, "also counts child processes") \
	F(exclude_user, 40, 8, BIT(4), 2, 31, "does not count in user mode") \
	F(exclude_kernel, 40, 8, BIT(5), 2, 31, "does not count in the kernel") \
	F(freq, 40, 8, BIT(10), 2, 31, "sample_freq instead of sample_period") \
	F(watermark, 40, 8, BIT(14), 2, 31, "wakeup_watermark instead of wakeup_events") \
	F(wakeup_events, 48, 4, IN(UINT), 2, 31, "samples per wakeup") \
	F(wakeup_watermark, 48, 4, IN(UINT) WHEN(ALIAS), 2, 31, "bytes per wakeup") \
	F(kprobe_func, 56, 8, STRING, 4, 17, "the function") \
	F(uprobe_path, 56, 8, STRING WHEN(ALIAS), 4, 17, "the file, for a uprobe") \
	F(probe_offset, 64, 8, IN(HEX), 4, 17, "offset in the function or file") \
	F(kprobe_addr, 64, 8, IN(HEX) WHEN(ALIAS), 4, 17, "address, if kprobe_func is NULL")

/* Every command: its list of fields and description, ordered by number. */
#define COMMANDS(C) \
	C(MAP_CREATE, "Create a map; returns its fd") \
	C(MAP_LOOKUP_ELEM, "Read the value of a key") \
	C(MAP_UPDATE_ELEM, "Set the value of a key") \
	C(MAP_DELETE_ELEM, "Remove a key") \
	C(MAP_GET_NEXT_KEY, "Iterate over the keys") \
	C(PROG_LOAD, "Verify and compile a program; returns its fd") \
	C(OBJ_PIN, "Pin a map, program or link in a bpf file system") \
	C(OBJ_GET, "Open a pinned object; returns an fd") \
	C(PROG_ATTACH, "Attach a program without a link; outlives the process") \
	C(PROG_DETACH, "Undo BPF_PROG_ATTACH") \
	C(PROG_TEST_RUN, "Run a program once on given data") \
	C(PROG_GET_NEXT_ID, "Iterate over all programs") \
	C(MAP_GET_NEXT_ID, "Iterate over all maps") \
	C(PROG_GET_FD_BY_ID, "Open a program by its id") \
	C(MAP_GET_FD_BY_ID, "Open a map by its id") \
	C(OBJ_GET_INFO_BY_FD, "Get information about a program, map, BTF or link") \
	C(PROG_QUERY, "List the programs of a hook") \
	C(RAW_TRACEPOINT_OPEN, "Attach to a raw tracepoint, fentry, LSM hook…; returns a link") \
	C(BTF_LOAD, "Load BTF into the kernel; returns its fd") \
	C(BTF_GET_FD_BY_ID, "Open a BTF by its id") \
	C(TASK_FD_QUERY, "Get information about a probe that a process attached") \
	C(MAP_LOOKUP_AND_DELETE_ELEM, "Look up and remove an element") \
	C(MAP_FREEZE, "Make a map read-only for user space") \
	C(BTF_GET_NEXT_ID, "Iterate over all BTFs") \
	C(MAP_LOOKUP_BATCH, "Read many elements") \
	C(MAP_LOOKUP_AND_DELETE_BATCH, "Read and remove many elements") \
	C(MAP_UPDATE_BATCH, "Set many elements") \
	C(MAP_DELETE_BATCH, "Remove many elements") \
	C(LINK_CREATE, "Attach a program while the returned link is open or pinned") \
	C(LINK_UPDATE, "Replace the program of a link") \
	C(LINK_GET_FD_BY_ID, "Open a link by its id") \
	C(LINK_GET_NEXT_ID, "Iterate over all links") \
	C(ENABLE_STATS, "Collect run time statistics while the returned fd is open") \
	C(ITER_CREATE, "Start an iterator; returns an fd to read its output from") \
	C(LINK_DETACH, "Detach a link without closing it") \
	C(PROG_BIND_MAP, "Keep a map alive as long as a program") \
	C(TOKEN_CREATE, "Create a token with the rights a bpf file system delegates") \
	C(PROG_STREAM_READ_BY_FD, "Read what a program printed to its streams") \
	C(PROG_ASSOC_STRUCT_OPS, "Associate a program with a struct_ops map")

/* Commands that share a list. */
#define PROG_GET_NEXT_ID GET_NEXT_ID
#define MAP_GET_NEXT_ID GET_NEXT_ID
#define BTF_GET_NEXT_ID GET_NEXT_ID
#define LINK_GET_NEXT_ID GET_NEXT_ID
#define MAP_LOOKUP_AND_DELETE_BATCH MAP_LOOKUP_BATCH

#define LISTS(L) \
	L(MAP_CREATE) L(MAP_LOOKUP_ELEM) L(MAP_UPDATE_ELEM) L(MAP_DELETE_ELEM) \
	L(MAP_GET_NEXT_KEY) L(PROG_LOAD) L(OBJ_PIN) L(OBJ_GET) L(PROG_ATTACH) L(PROG_DETACH) \
	L(PROG_TEST_RUN) L(GET_NEXT_ID) L(PROG_GET_FD_BY_ID) L(MAP_GET_FD_BY_ID) \
	L(OBJ_GET_INFO_BY_FD) L(PROG_QUERY) L(RAW_TRACEPOINT_OPEN) L(BTF_LOAD) \
	L(BTF_GET_FD_BY_ID) L(TASK_FD_QUERY) L(MAP_LOOKUP_AND_DELETE_ELEM) L(MAP_FREEZE) \
	L(MAP_LOOKUP_BATCH) L(MAP_UPDATE_BATCH) L(MAP_DELETE_BATCH) L(LINK_CREATE) \
	L(LINK_UPDATE) L(LINK_GET_FD_BY_ID) L(ENABLE_STATS) L(ITER_CREATE) L(LINK_DETACH) \
	L(PROG_BIND_MAP) L(TOKEN_CREATE) L(PROG_STREAM_READ_BY_FD) L(PROG_ASSOC_STRUCT_OPS)

#define STRUCTURES(L) \
	L(COMMON_ATTR) L(PROG_INFO) L(MAP_INFO) L(BTF_INFO) L(LINK_INFO) L(TOKEN_INFO) L(PERF_ATTR)

/* clang-format on */

struct row {
	uint16_t since;
	uint8_t offset, size, kind, dir, when;
	uint8_t a, b; /* ENUM, FLAGS: set; BIT: number; pointers: len_at, unit */
};

#define ROW(name, offset_, size_, kind_, major, minor, what)                                       \
	{.offset = (offset_), .size = (size_), .since = ABI_VERSION(major, minor), kind_},
#define TEXT(name, offset, size, kind, major, minor, what) #name "\0" what "\0"

#ifdef ABI_DOCS
#define BARE TEXT
#else
#define BARE(name, offset, size, kind, major, minor, what) #name "\0\0"
#endif

#define LIST(name)                                                                                 \
	static const struct row name##_rows[] = {name(ROW)};                                       \
	static const char name##_text[] = name(TEXT);
#define STRUCTURE(name)                                                                            \
	static const struct row name##_rows[] = {name(ROW)};                                       \
	static const char name##_text[] = name(BARE);
LISTS(LIST)
STRUCTURES(STRUCTURE)

/* text: name, what, name, what… */
struct list {
	const struct row *rows;
	const char *text;
	uint8_t count;
};

#define LIST_OF_(name)                                                                             \
	{                                                                                          \
		name##_rows, name##_text, sizeof name##_rows / sizeof *name##_rows                 \
	}
#define LIST_OF(name)        LIST_OF_(name)
#define CMD_LIST(name, what) [BPF_##name] = LIST_OF(name),
#define CMD_WHAT(name, what) what "\0"

static const struct list commands[] = {COMMANDS(CMD_LIST)};
static const char commands_text[] = COMMANDS(CMD_WHAT);

static const struct list structures[] = {
	[ABI_COMMON_ATTR - ABI_COMMON_ATTR] = LIST_OF(COMMON_ATTR),
	[ABI_PROG_INFO - ABI_COMMON_ATTR] = LIST_OF(PROG_INFO),
	[ABI_MAP_INFO - ABI_COMMON_ATTR] = LIST_OF(MAP_INFO),
	[ABI_BTF_INFO - ABI_COMMON_ATTR] = LIST_OF(BTF_INFO),
	[ABI_LINK_INFO - ABI_COMMON_ATTR] = LIST_OF(LINK_INFO),
	[ABI_TOKEN_INFO - ABI_COMMON_ATTR] = LIST_OF(TOKEN_INFO),
	[ABI_PERF_ATTR - ABI_COMMON_ATTR] = LIST_OF(PERF_ATTR),
};

#define COUNT(array) (sizeof(array) / sizeof *(array))

static const struct list *list_of(unsigned layout)
{
	if (layout >= ABI_COMMON_ATTR && layout - ABI_COMMON_ATTR < COUNT(structures))
		return &structures[layout - ABI_COMMON_ATTR];
	layout &= ~(unsigned)BPF_COMMON_ATTRS;
	return layout < COUNT(commands) ? &commands[layout] : NULL;
}

static const char *skip(const char *text, unsigned strings)
{
	while (strings--)
		text += strlen(text) + 1;
	return text;
}

bool abi_cmd(unsigned cmd, struct abi_cmd *out)
{
	cmd &= ~(unsigned)BPF_COMMON_ATTRS;
	if (cmd >= COUNT(commands))
		return false;
	const struct list *l = &commands[cmd];
	*out = (struct abi_cmd){
		.name = abi_name(ABI_CMDS, cmd),
		.what = skip(commands_text, cmd),
		.since = abi_since(ABI_CMDS, cmd),
		.fields = l->count,
	};
	for (unsigned i = 0; i < l->count; i++)
		if (l->rows[i].offset + l->rows[i].size > out->size)
			out->size = (uint8_t)(l->rows[i].offset + l->rows[i].size);
	return true;
}

bool abi_field(unsigned layout, unsigned i, struct abi_field *out)
{
	const struct list *l = list_of(layout);
	if (!l || i >= l->count)
		return false;
	const struct row *r = &l->rows[i];
	*out = (struct abi_field){
		.name = skip(l->text, 2 * i),
		.since = r->since,
		.offset = r->offset,
		.size = r->size,
		.kind = r->kind,
		.dir = r->dir,
		.when = r->when,
	};
	out->what = skip(out->name, 1);
	if (r->kind == ABI_ENUM || r->kind == ABI_FLAGS) {
		out->set = r->a;
	} else if (r->kind == ABI_BIT) {
		out->bit = r->a;
	} else if (r->kind >= ABI_PTR && r->kind <= ABI_FDS) {
		out->len_at = r->a;
		out->unit = r->b;
	}
	return true;
}

bool abi_field_by_name(unsigned layout, const char *name, struct abi_field *out)
{
	const struct list *l = list_of(layout);
	const char *text = l ? l->text : NULL;
	for (unsigned i = 0; l && i < l->count; i++, text = skip(text, 2))
		if (strcmp(text, name) == 0)
			return abi_field(layout, i, out);
	return false;
}

/* size bytes at offset, in host byte order; bytes beyond the attr are 0. */
static uint64_t value_at(const void *attr, unsigned attr_size, unsigned offset, unsigned size)
{
	struct span s = {attr, attr_size, host_is_big()};
	uint8_t bytes[8] = {0};
	if (span_has(s, offset, size))
		return span_uint(s, offset, size);
	if (offset < attr_size)
		memcpy(bytes, s.p + offset, attr_size - offset);
	return bytes_get(bytes, size, s.big);
}

/* Bit-fields are allocated from the least significant bit on little-endian machines, from the most
 * significant bit on big-endian ones. */
static unsigned bit_shift(const struct abi_field *f)
{
	return host_is_big() ? f->size * 8u - 1 - f->bit : f->bit;
}

uint64_t abi_get(const struct abi_field *f, const void *attr, unsigned size)
{
	if (f->kind == ABI_NAME || f->kind == ABI_BYTES)
		return 0;
	uint64_t v = value_at(attr, size, f->offset, f->size);
	if (f->kind == ABI_INT && f->size == 4)
		return (uint64_t)(int64_t)(int32_t)v;
	return f->kind == ABI_BIT ? v >> bit_shift(f) & 1 : v;
}

uint64_t abi_get_by_name(unsigned layout, const char *name, const void *attr, unsigned size)
{
	struct abi_field f;
	return abi_field_by_name(layout, name, &f) ? abi_get(&f, attr, size) : 0;
}

bool abi_put(const struct abi_field *f, void *attr, unsigned size, uint64_t value)
{
	if (f->kind == ABI_NAME || f->kind == ABI_BYTES || f->offset + f->size > size)
		return false;
	if (f->kind == ABI_BIT) {
		uint64_t unit = value_at(attr, size, f->offset, f->size);
		uint64_t mask = (uint64_t)1 << bit_shift(f);
		value = value ? unit | mask : unit & ~mask;
	}
	bytes_put((uint8_t *)attr + f->offset, f->size, host_is_big(), value);
	return true;
}

/* The condition that an attach type satisfies; ABI_ALWAYS for others (namespaces, sockmaps). */
static unsigned link_kind(uint32_t attach_type)
{
	switch (attach_type) {
	case BPF_PERF_EVENT:
		return ABI_PERF;
	case BPF_TRACE_KPROBE_MULTI:
	case BPF_TRACE_KPROBE_SESSION:
		return ABI_KPROBE_MULTI;
	case BPF_TRACE_UPROBE_MULTI:
	case BPF_TRACE_UPROBE_SESSION:
		return ABI_UPROBE_MULTI;
	case BPF_TRACE_RAW_TP:
	case BPF_TRACE_FENTRY:
	case BPF_TRACE_FEXIT:
	case BPF_TRACE_FSESSION:
	case BPF_MODIFY_RETURN:
	case BPF_LSM_MAC:
		return ABI_TRACING;
	case BPF_TRACE_FENTRY_MULTI:
	case BPF_TRACE_FEXIT_MULTI:
	case BPF_TRACE_FSESSION_MULTI:
		return ABI_TRACING_MULTI;
	case BPF_TRACE_ITER:
		return ABI_ITER;
	case BPF_NETFILTER:
		return ABI_NETFILTER;
	case BPF_TCX_INGRESS:
	case BPF_TCX_EGRESS:
		return ABI_TCX;
	case BPF_NETKIT_PRIMARY:
	case BPF_NETKIT_PEER:
		return ABI_NETKIT;
	case BPF_XDP:
		return ABI_XDP;
	case BPF_STRUCT_OPS:
		return ABI_STRUCT_OPS;
	case BPF_LSM_CGROUP:
		return ABI_CGROUP;
	default:;
	}
	const char *name = abi_name(ABI_ATTACH_TYPES, attach_type);
	return name && strncmp(name, "BPF_CGROUP_", 11) == 0 ? ABI_CGROUP : ABI_ALWAYS;
}

/* The offset of a command's attach type, which attach_flags or flags directly follow. */
static unsigned kind_of(unsigned cmd, const void *attr, unsigned size)
{
	uint32_t type;
	switch (cmd & ~(unsigned)BPF_COMMON_ATTRS) {
	case BPF_PROG_QUERY:
		return link_kind((uint32_t)value_at(attr, size, 4, 4));
	case BPF_LINK_CREATE:
		type = (uint32_t)value_at(attr, size, 8, 4);
		/* freplace uses attach type 0, which is also cgroup ingress. Only freplace sets a
		 * type id and no flags. */
		if (type == 0 && !value_at(attr, size, 12, 4) && value_at(attr, size, 16, 4))
			return ABI_TRACING;
		return link_kind(type);
	case BPF_PROG_ATTACH:
	case BPF_PROG_DETACH:
		return link_kind((uint32_t)value_at(attr, size, 8, 4));
	default:
		return ABI_ALWAYS;
	}
}

static bool link_info_applies(const struct abi_field *f, const void *attr, unsigned size)
{
	static const uint8_t subs[] = {
		[BPF_PERF_EVENT_UPROBE] = 1,
		[BPF_PERF_EVENT_URETPROBE] = 1,
		[BPF_PERF_EVENT_KPROBE] = 2,
		[BPF_PERF_EVENT_KRETPROBE] = 2,
		[BPF_PERF_EVENT_TRACEPOINT] = 3,
		[BPF_PERF_EVENT_EVENT] = 4,
	};
	if (!f->when)
		return true;
	if (value_at(attr, size, 0, 4) != (f->when & 31u))
		return false;
	uint64_t sub = value_at(attr, size, 16, 4);
	return f->when < 32 || (sub < COUNT(subs) && subs[sub] == f->when >> 5);
}

bool abi_applies(unsigned layout, const struct abi_field *f, const void *attr, unsigned size)
{
	if (layout == ABI_LINK_INFO)
		return link_info_applies(f, attr, size);
	if (f->when & ABI_ALIAS)
		return false;
	bool by_id = value_at(attr, size, 12, 4) & BPF_F_ID;
	if ((f->when & ABI_BY_ID && !by_id) || (f->when & ABI_BY_FD && by_id))
		return false;
	unsigned kind = kind_of(layout, attr, size), when = f->when & (ABI_ALIAS - 1);
	switch (when) {
	case ABI_ALWAYS:
		return true;
	case ABI_TO_IFINDEX:
		return kind == ABI_TCX || kind == ABI_NETKIT || kind == ABI_XDP;
	case ABI_TO_FD: /* other conditions imply no target fd; it is 0 then */
		return kind == ABI_ALWAYS || kind == ABI_PERF || kind == ABI_TRACING ||
		       kind == ABI_CGROUP;
	case ABI_NOT_STRUCT_OPS:
		return kind != ABI_STRUCT_OPS;
	case ABI_NOT_XDP:
		return kind != ABI_XDP;
	case ABI_LOAD_EXT:
		return value_at(attr, size, 0, 4) == BPF_PROG_TYPE_EXT;
	case ABI_LOAD_NOT_EXT:
		return value_at(attr, size, 0, 4) != BPF_PROG_TYPE_EXT;
	default:
		return kind == when;
	}
}

bool abi_pointee(const struct abi_field *f, const void *attr, unsigned size, uint32_t key_size,
	uint32_t value_size, uint64_t *bytes)
{
	uint64_t count = f->len_at == ABI_ONE ? 1 : value_at(attr, size, f->len_at, 4);
	uint64_t unit = f->unit;
	if (f->kind < ABI_PTR || f->kind > ABI_FDS || f->unit == ABI_UNIT_NONE)
		return false;
	if (unit == ABI_UNIT_KEY)
		unit = key_size;
	else if (unit == ABI_UNIT_VALUE)
		unit = value_size;
	else if (unit & ABI_UNIT_RECORD)
		unit = value_at(attr, size, (unsigned)(unit & ~(uint64_t)ABI_UNIT_RECORD) * 4, 4);
	*bytes = count * unit;
	return true;
}

/* A name or bytes within the structure. */
static void show_bytes(
	const struct abi_field *f, const void *attr, unsigned size, char *buf, size_t n)
{
	struct span s = span_sub((struct span){attr, size, false}, f->offset, f->size);
	size_t used = 0;
	if (f->kind == ABI_NAME)
		snprintf(buf, n, "\"%.*s\"", (int)s.n, s.n ? (const char *)s.p : "");
	else
		for (buf[0] = 0; used < s.n && 2 * used + 2 < n; used++)
			snprintf(buf + 2 * used, 3, "%02x", s.p[used]);
}

char *abi_show(const struct abi_field *f, const void *attr, unsigned size, char *buf, size_t n)
{
	uint64_t v = abi_get(f, attr, size);
	unsigned long long shown = v;
	switch (f->kind) {
	case ABI_NAME:
	case ABI_BYTES:
		show_bytes(f, attr, size, buf, n);
		break;
	case ABI_ENUM:
	case ABI_FLAGS:
		abi_expr((enum abi_set)f->set, v, buf, n);
		break;
	case ABI_INT:
	case ABI_FD_BTF: /* some newer fds are signed, and feature probes use -1 */
	case ABI_FD_TOKEN:
	case ABI_FD_DIR:
		snprintf(buf, n, "%d", (int32_t)v);
		break;
	case ABI_HEX:
	case ABI_PTR:
	case ABI_STR:
	case ABI_STRS:
	case ABI_INSNS:
	case ABI_FDS:
		snprintf(buf, n, v ? "0x%llx" : "%llu", shown);
		break;
	default:
		snprintf(buf, n, "%llu", shown);
	}
	return buf;
}

/* The first kernel whose BPF_LINK_CREATE supports this attach type, if that is later than the attach
 * type itself; otherwise 0. */
static uint16_t link_since(unsigned kind, uint64_t attach_type)
{
	if (kind == ABI_TRACING)
		return attach_type ? ABI_VERSION(5, 19) : ABI_VERSION(5, 10);
	switch (attach_type) {
	case BPF_FLOW_DISSECTOR: /* network namespaces */
		return ABI_VERSION(5, 8);
	case BPF_SK_MSG_VERDICT:
	case BPF_SK_SKB_STREAM_PARSER:
	case BPF_SK_SKB_STREAM_VERDICT:
	case BPF_SK_SKB_VERDICT:
		return ABI_VERSION(6, 10);
	default:
		return 0;
	}
}

struct need {
	uint16_t since;
	const char *why;
};

static void need(struct need *n, uint16_t since, const char *why)
{
	if (since > n->since)
		*n = (struct need){since, why};
}

/* Accounts for a nonzero field: its own version and that of its value. */
static void need_field(struct need *n, const struct abi_field *f, uint64_t v)
{
	struct abi_member m;
	enum abi_set set = (enum abi_set)f->set;
	need(n, f->since, f->name);
	for (unsigned i = 0; abi_member(set, i, &m); i++)
		if (set < ABI_FIRST_FLAGS ? m.number == v : (m.number & v) != 0)
			need(n, m.since, m.name);
}

uint16_t abi_needs(unsigned cmd, const void *attr, unsigned size, const char **why)
{
	struct abi_cmd c;
	struct abi_field f;
	struct need n = {0};
	if (!abi_cmd(cmd, &c)) {
		*why = NULL;
		return 0;
	}
	need(&n, c.since, c.name);
	if (cmd & BPF_COMMON_ATTRS)
		need(&n, ABI_VERSION(7, 2), "BPF_COMMON_ATTRS");
	for (unsigned i = 0; abi_field(cmd, i, &f); i++) {
		uint64_t v = abi_get(&f, attr, size);
		if (f.kind == ABI_NAME) /* in use if not empty */
			v = value_at(attr, size, f.offset, 1);
		if (v && f.dir != ABI_OUT && abi_applies(cmd, &f, attr, size))
			need_field(&n, &f, v);
	}
	if ((cmd & ~(unsigned)BPF_COMMON_ATTRS) == BPF_LINK_CREATE) {
		uint64_t type = value_at(attr, size, 8, 4);
		const char *name = type ? abi_name(ABI_ATTACH_TYPES, type) : NULL;
		need(&n, link_since(kind_of(cmd, attr, size), type), name ? name : c.name);
	}
	*why = n.why;
	return n.since;
}
