/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * The fields of bpf_attr, command by command, and of related structures.
 *
 * A row: F(C name, kind, major, minor, "description").
 * kind is one of the macros below, optionally followed by WHEN(condition). Offsets and sizes are those
 * of elf/base/bpf_attr.h and perf_abi.h.
 */
#include "abi.h"

#include <string.h>

#include "elf/base/format.h"
#include "elf/base/span.h"
#include "elf/base/texts.h"

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
	F(map_type, ENUM(MAP_TYPES), 3, 18, "the data structure") \
	F(key_size, IN(UINT), 3, 18, "key size in bytes") \
	F(value_size, IN(UINT), 3, 18, "value size in bytes") \
	F(max_entries, IN(UINT), 3, 18, "maximum number of elements; ring buffers: bytes") \
	F(map_flags, FLAGS(MAP_FLAGS), 4, 6, "allocation, access and sharing") \
	F(inner_map_fd, IN(FD_MAP), 4, 12, "map of maps: template for its elements") \
	F(numa_node, IN(UINT), 4, 14, "NUMA node, with BPF_F_NUMA_NODE") \
	F(map_name, IN(NAME), 4, 15, "name for display") \
	F(map_ifindex, IN(IFINDEX), 4, 16, "network device the map is offloaded to") \
	F(btf_fd, IN(FD_BTF), 4, 18, "BTF of key and value") \
	F(btf_key_type_id, IN(TYPE_ID), 4, 18, "type of the key in btf_fd") \
	F(btf_value_type_id, IN(TYPE_ID), 4, 18, "type of the value in btf_fd") \
	F(btf_vmlinux_value_type_id, IN(TYPE_ID), 5, 6, \
		"struct_ops: the kernel's type of the value") \
	F(map_extra, IN(HEX), 5, 16, \
		"bloom filter: hash functions; arena: address; rhash: size hint") \
	F(value_type_btf_obj_fd, IN(FD_BTF), 6, 9, "struct_ops of a module: its BTF") \
	F(map_token_fd, IN(FD_TOKEN), 6, 9, "BPF token, with BPF_F_TOKEN_FD") \
	F(excl_prog_hash, TO(PTR, 88, 1), 6, 18, \
		"SHA-256 of the only program that may use the map") \
	F(excl_prog_hash_size, IN(UINT), 6, 18, "size of the hash in bytes")

#define MAP_LOOKUP_ELEM(F) \
	F(map_fd, IN(FD_MAP), 3, 18, "the map") \
	F(key, TO(PTR, ABI_ONE, ABI_UNIT_KEY), 3, 18, "the key") \
	F(value, FROM(PTR, ABI_ONE, ABI_UNIT_VALUE), 3, 18, "receives the value") \
	F(flags, FLAGS(ELEM_FLAGS), 5, 1, "BPF_F_LOCK: under the element's lock")

#define MAP_UPDATE_ELEM(F) \
	F(map_fd, IN(FD_MAP), 3, 18, "the map") \
	F(key, TO(PTR, ABI_ONE, ABI_UNIT_KEY), 3, 18, "the key") \
	F(value, TO(PTR, ABI_ONE, ABI_UNIT_VALUE), 3, 18, "the new value") \
	F(flags, FLAGS(ELEM_FLAGS), 3, 19, "create, update, or either")

#define MAP_DELETE_ELEM(F) \
	F(map_fd, IN(FD_MAP), 3, 18, "the map") \
	F(key, TO(PTR, ABI_ONE, ABI_UNIT_KEY), 3, 18, "the key to remove")

#define MAP_GET_NEXT_KEY(F) \
	F(map_fd, IN(FD_MAP), 3, 18, "the map") \
	F(key, TO(PTR, ABI_ONE, ABI_UNIT_KEY), 3, 18, \
		"the previous key; NULL (4.12) for the first") \
	F(next_key, FROM(PTR, ABI_ONE, ABI_UNIT_KEY), 3, 18, "receives the next key")

#define MAP_LOOKUP_AND_DELETE_ELEM(F) \
	F(map_fd, IN(FD_MAP), 4, 20, "queue or stack; hash tables since 5.14") \
	F(key, TO(PTR, ABI_ONE, ABI_UNIT_KEY), 5, 14, "the key; NULL for queues and stacks") \
	F(value, FROM(PTR, ABI_ONE, ABI_UNIT_VALUE), 4, 20, "receives the value") \
	F(flags, FLAGS(ELEM_FLAGS), 5, 14, "BPF_F_LOCK: under the element's lock")

#define MAP_FREEZE(F) \
	F(map_fd, IN(FD_MAP), 5, 2, "the map that becomes read-only for user space")

#define MAP_LOOKUP_BATCH(F) \
	F(batch.in_batch, TO(PTR, ABI_ONE, ABI_UNIT_KEY), 5, 6, \
		"position after the previous batch; NULL to start") \
	F(batch.out_batch, FROM(PTR, ABI_ONE, ABI_UNIT_KEY), 5, 6, \
		"out: position to continue at") \
	F(batch.keys, FROM(PTR, 32, ABI_UNIT_KEY), 5, 6, "receives the keys") \
	F(batch.values, FROM(PTR, 32, ABI_UNIT_VALUE), 5, 6, "receives the values") \
	F(batch.count, INOUT(UINT), 5, 6, "in: capacity; out: number of elements") \
	F(batch.map_fd, IN(FD_MAP), 5, 6, "the map") \
	F(batch.elem_flags, FLAGS(ELEM_FLAGS), 5, 6, "as for a single element") \
	F(batch.flags, IN(HEX), 5, 6, "no flags are defined")

#define MAP_UPDATE_BATCH(F) \
	F(batch.keys, TO(PTR, 32, ABI_UNIT_KEY), 5, 6, "the keys") \
	F(batch.values, TO(PTR, 32, ABI_UNIT_VALUE), 5, 6, "the values") \
	F(batch.count, INOUT(UINT), 5, 6, "in: number of elements; out: number processed") \
	F(batch.map_fd, IN(FD_MAP), 5, 6, "the map") \
	F(batch.elem_flags, FLAGS(ELEM_FLAGS), 5, 6, "as for a single element") \
	F(batch.flags, IN(HEX), 5, 6, "no flags are defined")

#define MAP_DELETE_BATCH(F) \
	F(batch.keys, TO(PTR, 32, ABI_UNIT_KEY), 5, 6, "the keys to remove") \
	F(batch.count, INOUT(UINT), 5, 6, "in: number of elements; out: number processed") \
	F(batch.map_fd, IN(FD_MAP), 5, 6, "the map") \
	F(batch.elem_flags, FLAGS(ELEM_FLAGS), 5, 6, "as for a single element") \
	F(batch.flags, IN(HEX), 5, 6, "no flags are defined")

#define PROG_LOAD(F) \
	F(prog_type, ENUM(PROG_TYPES), 3, 18, \
		"decides its context and the helpers it may call") \
	F(insn_cnt, IN(UINT), 3, 18, \
		"8-byte instructions; at most 4096 before 5.2, then 1 million") \
	F(insns, TO(INSNS, 4, 8), 3, 18, "the program") \
	F(license, STRING, 3, 18, "some helpers require a GPL-compatible license") \
	F(log_level, IN(UINT), 3, 18, \
		"1: path to the error; 2: all paths; 4: statistics") \
	F(log_size, IN(UINT), 3, 18, "size of log_buf in bytes; at most 16 MiB before 5.2") \
	F(log_buf, FROM(PTR, 28, 1), 3, 18, "receives the verifier log") \
	F(kern_version, IN(KVERSION), 4, 1, \
		"before 5.0, kprobes: must match the running kernel") \
	F(prog_flags, FLAGS(PROG_FLAGS), 4, 12, \
		"properties of the program, strict checks") \
	F(prog_name, IN(NAME), 4, 15, "name for display") \
	F(prog_ifindex, IN(IFINDEX), 4, 15, \
		"network device the program is bound or offloaded to") \
	F(expected_attach_type, ENUM(ATTACH_TYPES), 4, 17, \
		"attach type, where the verifier depends on it") \
	F(prog_btf_fd, IN(FD_BTF), 5, 0, "BTF of the program") \
	F(func_info_rec_size, IN(UINT), 5, 0, "bytes per function record") \
	F(func_info, TO(PTR, 88, RECORD(76)), 5, 0, \
		"first instruction and type of each function") \
	F(func_info_cnt, IN(UINT), 5, 0, "number of function records") \
	F(line_info_rec_size, IN(UINT), 5, 0, "bytes per line record") \
	F(line_info, TO(PTR, 104, RECORD(92)), 5, 0, \
		"source lines of instructions, for the log") \
	F(line_info_cnt, IN(UINT), 5, 0, "number of line records") \
	F(attach_btf_id, IN(TYPE_ID), 5, 5, "BTF id of the function to attach to") \
	F(attach_btf_obj_fd, IN(FD_BTF) WHEN(LOAD_NOT_EXT), 5, 11, \
		"BTF of the module with it; 0: of the kernel") \
	F(attach_prog_fd, IN(FD_PROG) WHEN(LOAD_EXT), 5, 5, "program with that function") \
	F(core_relo_cnt, IN(UINT), 5, 17, "number of CO-RE records") \
	F(fd_array, TO(FDS, 148, 4), 5, 14, \
		"maps and BTFs that instructions refer to by index") \
	F(core_relos, TO(PTR, 116, RECORD(136)), 5, 17, \
		"CO-RE records for the kernel to apply") \
	F(core_relo_rec_size, IN(UINT), 5, 17, "bytes per CO-RE record") \
	F(log_true_size, OUT(UINT), 6, 4, "out: size of the complete log in bytes") \
	F(prog_token_fd, IN(FD_TOKEN), 6, 9, "BPF token, with BPF_F_TOKEN_FD") \
	F(fd_array_cnt, IN(UINT), 6, 14, \
		"number of fds in fd_array, to bind their maps") \
	F(signature, TO(PTR, 160, 1), 6, 18, "PKCS#7 signature of the instructions") \
	F(signature_size, IN(UINT), 6, 18, "size of the signature in bytes") \
	F(keyring_id, IN(INT), 6, 18, "keyring to verify it with")

#define OBJ_PIN(F) \
	F(pathname, STRING, 4, 4, "new file in a bpf file system") \
	F(bpf_fd, IN(FD_ANY), 4, 4, \
		"map, program or link to pin") \
	F(file_flags, FLAGS(PIN_FLAGS), 4, 15, "BPF_F_PATH_FD: use path_fd") \
	F(path_fd, IN(FD_DIR), 6, 5, "directory pathname starts from")

#define OBJ_GET(F) \
	F(pathname, STRING, 4, 4, "file in a bpf file system") \
	F(bpf_fd, IN(UINT), 4, 4, "must be 0") \
	F(file_flags, FLAGS(PIN_FLAGS), 4, 15, "maps: read-only or write-only") \
	F(path_fd, IN(FD_DIR), 6, 5, "directory pathname starts from")

#define PROG_ATTACH(F) \
	F(target_fd, IN(FD_TARGET) WHEN(TO_FD), 4, 10, "cgroup, map or other target") \
	F(target_ifindex, IN(IFINDEX) WHEN(TO_IFINDEX), 6, 6, "network device") \
	F(attach_bpf_fd, IN(FD_PROG), 4, 10, "the program") \
	F(attach_type, ENUM(ATTACH_TYPES), 4, 10, "the hook") \
	F(attach_flags, FLAGS(ATTACH_FLAGS), 4, 10, \
		"exclusive, shared, or replacing another") \
	F(replace_bpf_fd, IN(FD_PROG), 5, 6, "program to replace, with BPF_F_REPLACE") \
	F(relative_fd, IN(FD_PROG) WHEN(BY_FD), 6, 6, \
		"program or link to insert before or after") \
	F(relative_id, IN(ID_ANY) WHEN(BY_ID), 6, 6, "the same, by id") \
	F(expected_revision, IN(UINT), 6, 6, "fail if the list has changed since this revision")

#define PROG_DETACH(F) \
	F(target_fd, IN(FD_TARGET) WHEN(TO_FD), 4, 10, "cgroup, map or other target") \
	F(target_ifindex, IN(IFINDEX) WHEN(TO_IFINDEX), 6, 6, "network device") \
	F(attach_bpf_fd, IN(FD_PROG), 4, 10, "the program; required if there are several") \
	F(attach_type, ENUM(ATTACH_TYPES), 4, 10, "the hook") \
	F(attach_flags, FLAGS(ATTACH_FLAGS), 6, 6, "BPF_F_BEFORE, AFTER, ID, LINK") \
	F(relative_fd, IN(FD_PROG) WHEN(BY_FD), 6, 6, \
		"program or link next to it") \
	F(relative_id, IN(ID_ANY) WHEN(BY_ID), 6, 6, "the same, by id") \
	F(expected_revision, IN(UINT), 6, 6, "fail if the list has changed since this revision")

#define PROG_TEST_RUN(F) \
	F(test.prog_fd, IN(FD_PROG), 4, 12, "the program") \
	F(test.retval, OUT(UINT), 4, 12, "out: its return value") \
	F(test.data_size_in, IN(UINT), 4, 12, "size of data_in in bytes") \
	F(test.data_size_out, INOUT(UINT), 4, 12, "in: size of data_out; out: bytes written") \
	F(test.data_in, TO(PTR, 8, 1), 4, 12, "the packet") \
	F(test.data_out, FROM(PTR, 12, 1), 4, 12, "receives the modified packet") \
	F(test.repeat, IN(UINT), 4, 12, "number of runs") \
	F(test.duration, OUT(UINT), 4, 12, "out: average ns per run") \
	F(test.ctx_size_in, IN(UINT), 5, 2, "size of ctx_in in bytes") \
	F(test.ctx_size_out, INOUT(UINT), 5, 2, "in: size of ctx_out; out: bytes written") \
	F(test.ctx_in, TO(PTR, 40, 1), 5, 2, "the context, e.g. struct __sk_buff") \
	F(test.ctx_out, FROM(PTR, 44, 1), 5, 2, "receives the modified context") \
	F(test.flags, FLAGS(TEST_FLAGS), 5, 10, "choice of CPU, live frames…") \
	F(test.cpu, IN(UINT), 5, 10, "CPU, with BPF_F_TEST_RUN_ON_CPU") \
	F(test.batch_size, IN(UINT), 5, 18, \
		"frames per batch, with BPF_F_TEST_XDP_LIVE_FRAMES")

#define GET_NEXT_ID(F) \
	F(start_id, IN(ID_ANY), 4, 13, "the previous id; 0 for the first") \
	F(next_id, OUT(ID_ANY), 4, 13, "out: the next id; ENOENT at the end")

#define PROG_GET_FD_BY_ID(F) \
	F(prog_id, IN(ID_PROG), 4, 13, "the program")

#define MAP_GET_FD_BY_ID(F) \
	F(map_id, IN(ID_MAP), 4, 13, "the map") \
	F(open_flags, FLAGS(OPEN_FLAGS), 4, 15, "read-only or write-only")

#define BTF_GET_FD_BY_ID(F) \
	F(btf_id, IN(ID_BTF), 4, 18, "the BTF") \
	F(open_flags, FLAGS(OPEN_FLAGS), 6, 15, "BPF_F_TOKEN_FD: use the token") \
	F(fd_by_id_token_fd, IN(FD_TOKEN), 6, 15, "BPF token")

#define LINK_GET_FD_BY_ID(F) \
	F(link_id, IN(ID_LINK), 5, 8, "the link")

#define OBJ_GET_INFO_BY_FD(F) \
	F(info.bpf_fd, IN(FD_ANY), 4, 13, \
		"program, map, BTF (4.18), link (5.8) or token (6.17)") \
	F(info.info_len, INOUT(UINT), 4, 13, \
		"in: size of info; out: bytes written") \
	F(info.info, BOTH(PTR, 4, 1), 4, 13, "struct bpf_prog_info, bpf_map_info…")

#define PROG_QUERY(F) \
	F(query.target_fd, IN(FD_TARGET) WHEN(TO_FD), 4, 15, "cgroup or other target") \
	F(query.target_ifindex, IN(IFINDEX) WHEN(TO_IFINDEX), 6, 6, "network device") \
	F(query.attach_type, ENUM(ATTACH_TYPES), 4, 15, "the hook") \
	F(query.query_flags, FLAGS(QUERY_FLAGS), 4, 15, \
		"with or without programs of parent cgroups") \
	F(query.attach_flags, FLAGS_OUT(ATTACH_FLAGS), 4, 15, \
		"out: flags used to attach them") \
	F(query.prog_ids, FROM(PTR, 24, 4), 4, 15, "receives the ids of the programs") \
	F(query.prog_cnt, INOUT(UINT), 4, 15, \
		"in: capacity; out: number of programs") \
	F(query.count, INOUT(UINT) WHEN(ALIAS), 6, 6, "newer name for prog_cnt") \
	F(query.prog_attach_flags, FROM(PTR, 24, 4), 6, 0, \
		"receives the flags of each program") \
	F(query.link_ids, FROM(PTR, 24, 4), 6, 6, "receives the id of the link of each program") \
	F(query.link_attach_flags, FROM(PTR, 24, 4), 6, 6, \
		"receives the flags of each link") \
	F(query.revision, OUT(UINT), 6, 6, "out: revision of the list")

#define RAW_TRACEPOINT_OPEN(F) \
	F(raw_tracepoint.name, STRING, 4, 17, \
		"tracepoint; NULL: the one the program was loaded for") \
	F(raw_tracepoint.prog_fd, IN(FD_PROG), 4, 17, "the program") \
	F(raw_tracepoint.cookie, IN(HEX), 6, 10, "cookie that the program can read")

#define BTF_LOAD(F) \
	F(btf, TO(PTR, 16, 1), 4, 18, "BTF: header, types, strings") \
	F(btf_log_buf, FROM(PTR, 20, 1), 4, 18, "receives the kernel's error log") \
	F(btf_size, IN(UINT), 4, 18, "size of btf in bytes") \
	F(btf_log_size, IN(UINT), 4, 18, "size of btf_log_buf in bytes") \
	F(btf_log_level, IN(UINT), 4, 18, "1: write the log") \
	F(btf_log_true_size, OUT(UINT), 6, 4, "out: size of the complete log in bytes") \
	F(btf_flags, FLAGS(BTF_FLAGS), 6, 9, "BPF_F_TOKEN_FD: use the token") \
	F(btf_token_fd, IN(FD_TOKEN), 6, 9, "BPF token")

#define TASK_FD_QUERY(F) \
	F(task_fd_query.pid, IN(PID), 4, 18, "the process") \
	F(task_fd_query.fd, IN(UINT), 4, 18, "its perf event or raw tracepoint") \
	F(task_fd_query.flags, IN(HEX), 4, 18, "no flags are defined") \
	F(task_fd_query.buf_len, INOUT(UINT), 4, 18, \
		"in: size of buf; out: length of the name") \
	F(task_fd_query.buf, FROM(PTR, 12, 1), 4, 18, \
		"receives the name of the tracepoint, function or file") \
	F(task_fd_query.prog_id, OUT(ID_PROG), 4, 18, "out: the program") \
	F(task_fd_query.fd_type, ENUM_OUT(FD_TYPES), 4, 18, "out: type of the probe") \
	F(task_fd_query.probe_offset, OUT(HEX), 4, 18, \
		"out: offset in the function or file") \
	F(task_fd_query.probe_addr, OUT(HEX), 4, 18, "out: address of a kprobe")

#define LINK_CREATE(F) \
	F(link_create.prog_fd, IN(FD_PROG) WHEN(NOT_STRUCT_OPS), 5, 7, "the program") \
	F(link_create.map_fd, IN(FD_MAP) WHEN(STRUCT_OPS), 6, 4, "the struct_ops map") \
	F(link_create.target_fd, IN(FD_TARGET) WHEN(TO_FD), 5, 7, \
		"cgroup, perf event, network namespace, program…") \
	F(link_create.target_ifindex, IN(IFINDEX) WHEN(TO_IFINDEX), 5, 9, "network device") \
	F(link_create.attach_type, ENUM(ATTACH_TYPES), 5, 7, "the hook") \
	F(link_create.flags, FLAGS(LINK_FLAGS) WHEN(NOT_XDP), 5, 7, "position among other programs") \
	F(link_create.flags, FLAGS(XDP_FLAGS) WHEN(XDP), 5, 9, \
		"generic, driver or hardware mode") \
	F(link_create.target_btf_id, IN(TYPE_ID) WHEN(TRACING), 5, 10, \
		"function, if not set at load") \
	F(link_create.iter_info, TO(PTR, 24, 1) WHEN(ITER), 5, 9, \
		"map, cgroup or task to iterate over") \
	F(link_create.iter_info_len, IN(UINT) WHEN(ITER), 5, 9, "size of iter_info in bytes") \
	F(link_create.perf_event.bpf_cookie, IN(HEX) WHEN(PERF), 5, 15, \
		"cookie that the program can read") \
	F(link_create.kprobe_multi.flags, FLAGS(KPROBE_MULTI_FLAGS) WHEN(KPROBE_MULTI), 5, 18, \
		"entry or return") \
	F(link_create.kprobe_multi.cnt, IN(UINT) WHEN(KPROBE_MULTI), 5, 18, \
		"number of functions") \
	F(link_create.kprobe_multi.syms, TO(STRS, 20, 8) WHEN(KPROBE_MULTI), 5, 18, \
		"names of the functions, or") \
	F(link_create.kprobe_multi.addrs, TO(PTR, 20, 8) WHEN(KPROBE_MULTI), 5, 18, \
		"addresses of the functions") \
	F(link_create.kprobe_multi.cookies, TO(PTR, 20, 8) WHEN(KPROBE_MULTI), 5, 18, \
		"a cookie for each") \
	F(link_create.tracing.target_btf_id, IN(TYPE_ID) WHEN(ALIAS), 5, 19, \
		"newer name for target_btf_id") \
	F(link_create.tracing.cookie, IN(HEX) WHEN(TRACING), 5, 19, \
		"cookie that the program can read") \
	F(link_create.netfilter.pf, IN(UINT) WHEN(NETFILTER), 6, 4, \
		"protocol: 2 IPv4, 10 IPv6") \
	F(link_create.netfilter.hooknum, IN(UINT) WHEN(NETFILTER), 6, 4, \
		"0 prerouting, 1 in, 2 forward, 3 out, 4 postrouting") \
	F(link_create.netfilter.priority, IN(INT) WHEN(NETFILTER), 6, 4, \
		"lower values run first") \
	F(link_create.netfilter.flags, FLAGS(NETFILTER_FLAGS) WHEN(NETFILTER), 6, 4, \
		"defragment IP packets first") \
	F(link_create.tcx.relative_fd, IN(FD_PROG) WHEN(TCX | ABI_BY_FD), 6, 6, \
		"program or link to insert before or after") \
	F(link_create.tcx.relative_id, IN(ID_ANY) WHEN(TCX | ABI_BY_ID), 6, 6, \
		"the same, by id") \
	F(link_create.tcx.expected_revision, IN(UINT) WHEN(TCX), 6, 6, \
		"fail if the list has changed since this revision") \
	F(link_create.uprobe_multi.path, STRING WHEN(UPROBE_MULTI), 6, 6, \
		"the executable or library") \
	F(link_create.uprobe_multi.offsets, TO(PTR, 48, 8) WHEN(UPROBE_MULTI), 6, 6, \
		"offsets in the file") \
	F(link_create.uprobe_multi.ref_ctr_offsets, TO(PTR, 48, 8) WHEN(UPROBE_MULTI), 6, 6, \
		"semaphore offset of each (USDT)") \
	F(link_create.uprobe_multi.cookies, TO(PTR, 48, 8) WHEN(UPROBE_MULTI), 6, 6, \
		"a cookie for each") \
	F(link_create.uprobe_multi.cnt, IN(UINT) WHEN(UPROBE_MULTI), 6, 6, \
		"number of offsets") \
	F(link_create.uprobe_multi.flags, FLAGS(UPROBE_MULTI_FLAGS) WHEN(UPROBE_MULTI), 6, 6, \
		"entry or return") \
	F(link_create.uprobe_multi.pid, IN(PID) WHEN(UPROBE_MULTI), 6, 6, \
		"process to trace; 0: all") \
	F(link_create.uprobe_multi.path_fd, IN(FD_ANY) WHEN(UPROBE_MULTI), 7, 2, \
		"the file, with BPF_F_UPROBE_MULTI_PATH_FD") \
	F(link_create.netkit.relative_fd, IN(FD_PROG) WHEN(NETKIT | ABI_BY_FD), 6, 7, \
		"program or link to insert before or after") \
	F(link_create.netkit.relative_id, IN(ID_ANY) WHEN(NETKIT | ABI_BY_ID), 6, 7, \
		"the same, by id") \
	F(link_create.netkit.expected_revision, IN(UINT) WHEN(NETKIT), 6, 7, \
		"fail if the list has changed since this revision") \
	F(link_create.cgroup.relative_fd, IN(FD_PROG) WHEN(CGROUP | ABI_BY_FD), 6, 17, \
		"program or link to insert before or after") \
	F(link_create.cgroup.relative_id, IN(ID_ANY) WHEN(CGROUP | ABI_BY_ID), 6, 17, \
		"the same, by id") \
	F(link_create.cgroup.expected_revision, IN(UINT) WHEN(CGROUP), 6, 17, \
		"fail if the list has changed since this revision") \
	F(link_create.tracing_multi.ids, TO(PTR, 32, 4) WHEN(TRACING_MULTI), 7, 2, \
		"BTF ids of the functions") \
	F(link_create.tracing_multi.cookies, TO(PTR, 32, 8) WHEN(TRACING_MULTI), 7, 2, \
		"a cookie for each") \
	F(link_create.tracing_multi.cnt, IN(UINT) WHEN(TRACING_MULTI), 7, 2, \
		"number of functions")

#define LINK_UPDATE(F) \
	F(link_update.link_fd, IN(FD_LINK), 5, 7, "the link") \
	F(link_update.new_prog_fd, IN(FD_PROG), 5, 7, "its new program") \
	F(link_update.new_map_fd, IN(FD_MAP) WHEN(ALIAS), 6, 4, "struct_ops: its new map") \
	F(link_update.flags, FLAGS(UPDATE_FLAGS), 5, 7, \
		"BPF_F_REPLACE: only if the old one is attached") \
	F(link_update.old_prog_fd, IN(FD_PROG), 5, 7, "the program expected there") \
	F(link_update.old_map_fd, IN(FD_MAP) WHEN(ALIAS), 6, 4, \
		"struct_ops: the map expected there")

#define LINK_DETACH(F) \
	F(link_detach.link_fd, IN(FD_LINK), 5, 9, "the link, which remains without a target")

#define ENABLE_STATS(F) \
	F(enable_stats.type, ENUM(STATS_TYPES), 5, 8, \
		"statistics to collect while the new fd is open")

#define ITER_CREATE(F) \
	F(iter_create.link_fd, IN(FD_LINK), 5, 8, "link of an iterator program") \
	F(iter_create.flags, IN(HEX), 5, 8, "no flags are defined")

#define PROG_BIND_MAP(F) \
	F(prog_bind_map.prog_fd, IN(FD_PROG), 5, 10, "the program") \
	F(prog_bind_map.map_fd, IN(FD_MAP), 5, 10, "the map to bind to it") \
	F(prog_bind_map.flags, IN(HEX), 5, 10, "no flags are defined")

#define TOKEN_CREATE(F) \
	F(token_create.flags, IN(HEX), 6, 9, "no flags are defined") \
	F(token_create.bpffs_fd, IN(FD_DIR), 6, 9, \
		"root of a bpf file system that delegates rights")

#define PROG_STREAM_READ_BY_FD(F) \
	F(prog_stream_read.stream_buf, FROM(PTR, 8, 1), 6, 17, "receives the text") \
	F(prog_stream_read.stream_buf_len, IN(UINT), 6, 17, "size of the buffer in bytes") \
	F(prog_stream_read.stream_id, ENUM(STREAMS), 6, 17, \
		"standard output or errors") \
	F(prog_stream_read.prog_fd, IN(FD_PROG), 6, 17, "the program")

#define PROG_ASSOC_STRUCT_OPS(F) \
	F(prog_assoc_struct_ops.map_fd, IN(FD_MAP), 7, 0, "the struct_ops map") \
	F(prog_assoc_struct_ops.prog_fd, IN(FD_PROG), 7, 0, \
		"program whose kfuncs use it") \
	F(prog_assoc_struct_ops.flags, IN(HEX), 7, 0, "no flags are defined")

/* The structures. Only the documentation uses the descriptions of their fields: define ABI_DOCS to
 * include them. */
#define COMMON_ATTR(F) \
	F(log_buf, FROM(PTR, 8, 1), 7, 2, "receives the kernel's error log") \
	F(log_size, IN(UINT), 7, 2, "size of log_buf in bytes") \
	F(log_level, IN(UINT), 7, 2, "as in BPF_PROG_LOAD") \
	F(log_true_size, OUT(UINT), 7, 2, "out: size of the complete log in bytes")

#define PROG_INFO(F) \
	F(type, ENUM_OUT(PROG_TYPES), 4, 13, "program type") \
	F(id, OUT(ID_PROG), 4, 13, "id while it is loaded") \
	F(tag, OUT(BYTES), 4, 13, "hash of the instructions") \
	F(jited_prog_len, INOUT(UINT), 4, 13, "size of the machine code in bytes") \
	F(xlated_prog_len, INOUT(UINT), 4, 13, "size of the verified instructions in bytes") \
	F(jited_prog_insns, FROM(PTR, 16, 1), 4, 13, "receives the machine code") \
	F(xlated_prog_insns, FROM(INSNS, 20, 1), 4, 13, "receives the verified instructions") \
	F(load_time, OUT(UINT), 4, 15, "time since boot in ns") \
	F(created_by_uid, OUT(UINT), 4, 15, "user who loaded it") \
	F(nr_map_ids, INOUT(UINT), 4, 15, "number of maps in use") \
	F(map_ids, FROM(PTR, 52, 4), 4, 15, "receives the ids of the maps") \
	F(name, OUT(NAME), 4, 15, "name for display") \
	F(ifindex, OUT(IFINDEX), 4, 16, "network device it is bound to") \
	F(gpl_compatible, BIT_OUT(0), 4, 18, "whether the license is GPL-compatible") \
	F(netns_dev, OUT(HEX), 4, 16, "network namespace of the device") \
	F(netns_ino, OUT(UINT), 4, 16, "inode of the network namespace") \
	F(nr_jited_ksyms, INOUT(UINT), 4, 18, "number of functions, each with a kernel symbol") \
	F(nr_jited_func_lens, INOUT(UINT), 4, 18, "functions") \
	F(jited_ksyms, FROM(PTR, 104, 8), 4, 18, "receives the addresses of the functions") \
	F(jited_func_lens, FROM(PTR, 108, 4), 4, 18, "receives the sizes of the functions") \
	F(btf_id, OUT(ID_BTF), 5, 0, "BTF of the program") \
	F(func_info_rec_size, INOUT(UINT), 5, 0, "bytes per function record") \
	F(func_info, FROM(PTR, 144, RECORD(132)), 5, 0, "receives the function records") \
	F(nr_func_info, INOUT(UINT), 5, 0, "number of function records") \
	F(nr_line_info, INOUT(UINT), 5, 0, "number of line records") \
	F(line_info, FROM(PTR, 148, RECORD(172)), 5, 0, "receives the line records") \
	F(jited_line_info, FROM(PTR, 168, RECORD(176)), 5, 0, \
		"receives the addresses of lines") \
	F(nr_jited_line_info, INOUT(UINT), 5, 0, "number of addresses of lines") \
	F(line_info_rec_size, INOUT(UINT), 5, 0, "bytes per line record") \
	F(jited_line_info_rec_size, INOUT(UINT), 5, 0, "size of an address in bytes") \
	F(nr_prog_tags, INOUT(UINT), 5, 0, "functions") \
	F(prog_tags, FROM(PTR, 180, 8), 5, 0, "receives the tag of each function") \
	F(run_time_ns, OUT(UINT), 5, 1, "run time in ns, while statistics are enabled") \
	F(run_cnt, OUT(UINT), 5, 1, "number of runs, while statistics are enabled") \
	F(recursion_misses, OUT(UINT), 5, 12, \
		"runs missed because of recursion") \
	F(verified_insns, OUT(UINT), 5, 16, \
		"instructions processed by the verifier") \
	F(attach_btf_obj_id, OUT(ID_BTF), 6, 0, "BTF of the function it attaches to") \
	F(attach_btf_id, OUT(TYPE_ID), 6, 0, "the function it attaches to")

#define MAP_INFO(F) \
	F(type, ENUM_OUT(MAP_TYPES), 4, 13, "map type") \
	F(id, OUT(ID_MAP), 4, 13, "id while it exists") \
	F(key_size, OUT(UINT), 4, 13, "key size in bytes") \
	F(value_size, OUT(UINT), 4, 13, "value size in bytes") \
	F(max_entries, OUT(UINT), 4, 13, "maximum number of elements") \
	F(map_flags, FLAGS_OUT(MAP_FLAGS), 4, 13, "as created") \
	F(name, OUT(NAME), 4, 15, "name for display") \
	F(ifindex, OUT(IFINDEX), 4, 16, "network device it is bound to") \
	F(btf_vmlinux_value_type_id, OUT(TYPE_ID), 5, 6, "struct_ops: the kernel's type of the value") \
	F(netns_dev, OUT(HEX), 4, 16, "network namespace of the device") \
	F(netns_ino, OUT(UINT), 4, 16, "inode of the network namespace") \
	F(btf_id, OUT(ID_BTF), 4, 18, "BTF of key and value") \
	F(btf_key_type_id, OUT(TYPE_ID), 4, 18, "type of the key") \
	F(btf_value_type_id, OUT(TYPE_ID), 4, 18, "type of the value") \
	F(btf_vmlinux_id, OUT(ID_BTF), 6, 9, "struct_ops: BTF with the type") \
	F(map_extra, OUT(HEX), 5, 16, "as created") \
	F(hash, FROM(PTR, 96, 1), 6, 18, "receives the hash of a frozen array") \
	F(hash_size, IN(UINT), 6, 18, "size of the buffer in bytes")

#define BTF_INFO(F) \
	F(btf, FROM(PTR, 8, 1), 4, 18, "receives the types") \
	F(btf_size, INOUT(UINT), 4, 18, "in: size of the buffer; out: size of the types") \
	F(id, OUT(ID_BTF), 4, 18, "id while it exists") \
	F(name, FROM(PTR, 24, 1), 5, 11, "receives the name: vmlinux or a module") \
	F(name_len, INOUT(UINT), 5, 11, "in: size of the buffer; out: length of the name") \
	F(kernel_btf, OUT(UINT), 5, 11, "1: BTF of the kernel or a module")

#define SUB(type, sub) , .when = BPF_LINK_TYPE_##type | (sub) << 5
#define LINK_INFO(F) \
	F(type, ENUM_OUT(LINK_TYPES), 5, 8, "type of the link") \
	F(id, OUT(ID_LINK), 5, 8, "id while it exists") \
	F(prog_id, OUT(ID_PROG), 5, 8, "the program") \
	F(raw_tracepoint.tp_name, FROM(PTR, 24, 1) SUB(RAW_TRACEPOINT, 0), 5, 8, \
		"receives the name of the tracepoint") \
	F(raw_tracepoint.tp_name_len, INOUT(UINT) SUB(RAW_TRACEPOINT, 0), 5, 8, \
		"in: size of the buffer; out: length of the name") \
	F(raw_tracepoint.cookie, OUT(HEX) SUB(RAW_TRACEPOINT, 0), 6, 17, \
		"cookie that the program can read") \
	F(tracing.attach_type, ENUM_OUT(ATTACH_TYPES) SUB(TRACING, 0), 5, 8, "the hook") \
	F(tracing.target_obj_id, OUT(ID_ANY) SUB(TRACING, 0), 5, 13, \
		"program or BTF with the function") \
	F(tracing.target_btf_id, OUT(TYPE_ID) SUB(TRACING, 0), 5, 13, "the function") \
	F(tracing.cookie, OUT(HEX) SUB(TRACING, 0), 6, 17, \
		"cookie that the program can read") \
	F(cgroup.cgroup_id, OUT(UINT) SUB(CGROUP, 0), 5, 8, \
		"the cgroup: inode of its directory") \
	F(cgroup.attach_type, ENUM_OUT(ATTACH_TYPES) SUB(CGROUP, 0), 5, 8, "the hook") \
	F(iter.target_name, FROM(PTR, 24, 1) SUB(ITER, 0), 5, 9, \
		"receives the name of the iterator's target") \
	F(iter.target_name_len, INOUT(UINT) SUB(ITER, 0), 5, 9, \
		"in: size of the buffer; out: length of the name") \
	F(iter.map.map_id, OUT(ID_MAP) SUB(ITER, 0), 5, 9, "the map it iterates over, if any") \
	F(netns.netns_ino, OUT(UINT) SUB(NETNS, 0), 5, 8, \
		"inode of the network namespace") \
	F(netns.attach_type, ENUM_OUT(ATTACH_TYPES) SUB(NETNS, 0), 5, 8, "the hook") \
	F(xdp.ifindex, OUT(IFINDEX) SUB(XDP, 0), 5, 9, "network device") \
	F(struct_ops.map_id, OUT(ID_MAP) SUB(STRUCT_OPS, 0), 6, 4, "the struct_ops map") \
	F(netfilter.pf, OUT(UINT) SUB(NETFILTER, 0), 6, 4, "protocol") \
	F(netfilter.hooknum, OUT(UINT) SUB(NETFILTER, 0), 6, 4, "the hook") \
	F(netfilter.priority, OUT(INT) SUB(NETFILTER, 0), 6, 4, "lower values run first") \
	F(netfilter.flags, FLAGS_OUT(NETFILTER_FLAGS) SUB(NETFILTER, 0), 6, 4, \
		"as created") \
	F(kprobe_multi.addrs, FROM(PTR, 24, 8) SUB(KPROBE_MULTI, 0), 6, 6, \
		"receives the addresses") \
	F(kprobe_multi.count, INOUT(UINT) SUB(KPROBE_MULTI, 0), 6, 6, \
		"in: capacity; out: number of functions") \
	F(kprobe_multi.flags, FLAGS_OUT(KPROBE_MULTI_FLAGS) SUB(KPROBE_MULTI, 0), 6, 6, \
		"as created") \
	F(kprobe_multi.missed, OUT(UINT) SUB(KPROBE_MULTI, 0), 6, 7, "number of missed hits") \
	F(kprobe_multi.cookies, FROM(PTR, 24, 8) SUB(KPROBE_MULTI, 0), 6, 9, \
		"receives the cookies") \
	F(uprobe_multi.path, FROM(PTR, 48, 1) SUB(UPROBE_MULTI, 0), 6, 8, \
		"receives the path of the file") \
	F(uprobe_multi.offsets, FROM(PTR, 52, 8) SUB(UPROBE_MULTI, 0), 6, 8, \
		"receives the offsets") \
	F(uprobe_multi.ref_ctr_offsets, FROM(PTR, 52, 8) SUB(UPROBE_MULTI, 0), 6, 8, \
		"receives the semaphore offsets") \
	F(uprobe_multi.cookies, FROM(PTR, 52, 8) SUB(UPROBE_MULTI, 0), 6, 8, \
		"receives the cookies") \
	F(uprobe_multi.path_size, INOUT(UINT) SUB(UPROBE_MULTI, 0), 6, 8, \
		"in: size of path; out: length of the path") \
	F(uprobe_multi.count, INOUT(UINT) SUB(UPROBE_MULTI, 0), 6, 8, \
		"in: capacity; out: number of offsets") \
	F(uprobe_multi.flags, FLAGS_OUT(UPROBE_MULTI_FLAGS) SUB(UPROBE_MULTI, 0), 6, 8, \
		"as created") \
	F(uprobe_multi.pid, OUT(PID) SUB(UPROBE_MULTI, 0), 6, 8, "process to trace") \
	F(perf_event.type, ENUM_OUT(PERF_EVENT_TYPES) SUB(PERF_EVENT, 0), 6, 6, \
		"type of the event") \
	F(perf_event.uprobe.file_name, FROM(PTR, 32, 1) SUB(PERF_EVENT, 1), 6, 6, \
		"receives the path of the file") \
	F(perf_event.uprobe.name_len, INOUT(UINT) SUB(PERF_EVENT, 1), 6, 6, \
		"in: size of the buffer; out: length of the name") \
	F(perf_event.uprobe.offset, OUT(HEX) SUB(PERF_EVENT, 1), 6, 6, \
		"offset in the file") \
	F(perf_event.uprobe.cookie, OUT(HEX) SUB(PERF_EVENT, 1), 6, 9, \
		"cookie that the program can read") \
	F(perf_event.uprobe.ref_ctr_offset, OUT(HEX) SUB(PERF_EVENT, 1), 6, 16, \
		"semaphore offset") \
	F(perf_event.kprobe.func_name, FROM(PTR, 32, 1) SUB(PERF_EVENT, 2), 6, 6, \
		"receives the name of the function") \
	F(perf_event.kprobe.name_len, INOUT(UINT) SUB(PERF_EVENT, 2), 6, 6, \
		"in: size of the buffer; out: length of the name") \
	F(perf_event.kprobe.offset, OUT(HEX) SUB(PERF_EVENT, 2), 6, 6, \
		"offset in the function") \
	F(perf_event.kprobe.addr, OUT(HEX) SUB(PERF_EVENT, 2), 6, 6, "address of the function") \
	F(perf_event.kprobe.missed, OUT(UINT) SUB(PERF_EVENT, 2), 6, 7, "number of missed hits") \
	F(perf_event.kprobe.cookie, OUT(HEX) SUB(PERF_EVENT, 2), 6, 9, \
		"cookie that the program can read") \
	F(perf_event.tracepoint.tp_name, FROM(PTR, 32, 1) SUB(PERF_EVENT, 3), 6, 6, \
		"receives the name of the tracepoint") \
	F(perf_event.tracepoint.name_len, INOUT(UINT) SUB(PERF_EVENT, 3), 6, 6, \
		"in: size of the buffer; out: length of the name") \
	F(perf_event.tracepoint.cookie, OUT(HEX) SUB(PERF_EVENT, 3), 6, 9, \
		"cookie that the program can read") \
	F(perf_event.event.config, OUT(HEX) SUB(PERF_EVENT, 4), 6, 6, \
		"config of perf_event_attr") \
	F(perf_event.event.type, ENUM_OUT(PERF_TYPES) SUB(PERF_EVENT, 4), 6, 6, \
		"type of perf_event_attr") \
	F(perf_event.event.cookie, OUT(HEX) SUB(PERF_EVENT, 4), 6, 9, \
		"cookie that the program can read") \
	F(tcx.ifindex, OUT(IFINDEX) SUB(TCX, 0), 6, 6, "network device") \
	F(tcx.attach_type, ENUM_OUT(ATTACH_TYPES) SUB(TCX, 0), 6, 6, "the hook") \
	F(netkit.ifindex, OUT(IFINDEX) SUB(NETKIT, 0), 6, 7, "network device") \
	F(netkit.attach_type, ENUM_OUT(ATTACH_TYPES) SUB(NETKIT, 0), 6, 7, "the hook") \
	F(sockmap.map_id, OUT(ID_MAP) SUB(SOCKMAP, 0), 6, 10, "the map of sockets") \
	F(sockmap.attach_type, ENUM_OUT(ATTACH_TYPES) SUB(SOCKMAP, 0), 6, 10, "the hook")

#define TOKEN_INFO(F) \
	F(allowed_cmds, OUT(HEX), 6, 17, "a bit for each command") \
	F(allowed_maps, OUT(HEX), 6, 17, "a bit for each map type") \
	F(allowed_progs, OUT(HEX), 6, 17, "a bit for each program type") \
	F(allowed_attachs, OUT(HEX), 6, 17, "a bit for each attach type")

#define PERF_ATTR(F) \
	F(type, ENUM(PERF_TYPES), 2, 31, \
		"event source; kprobe and uprobe: number from sysfs") \
	F(size, IN(UINT), 2, 31, "size of this structure in bytes") \
	F(config, IN(UINT), 2, 31, "event to count; tracepoint: its id in tracefs") \
	F(sample_period, IN(UINT), 2, 31, "events per sample") \
	F(sample_freq, IN(UINT) WHEN(ALIAS), 2, 31, "samples per second, with freq") \
	F(sample_type, FLAGS(SAMPLE_FLAGS), 2, 31, "contents of a sample") \
	F(read_format, IN(HEX), 2, 31, "format of read()") \
	F(disabled, BIT(0), 2, 31, "starts disabled") \
	F(inherit, BIT(1), 2, 31, "also counts child processes") \
	F(exclude_user, BIT(4), 2, 31, "does not count in user mode") \
	F(exclude_kernel, BIT(5), 2, 31, "does not count in the kernel") \
	F(freq, BIT(10), 2, 31, "sample_freq instead of sample_period") \
	F(watermark, BIT(14), 2, 31, "wakeup_watermark instead of wakeup_events") \
	F(wakeup_events, IN(UINT), 2, 31, "samples per wakeup") \
	F(wakeup_watermark, IN(UINT) WHEN(ALIAS), 2, 31, "bytes per wakeup") \
	F(kprobe_func, STRING, 4, 17, "the function") \
	F(uprobe_path, STRING WHEN(ALIAS), 4, 17, "the file, for a uprobe") \
	F(probe_offset, IN(HEX), 4, 17, "offset in the function or file") \
	F(kprobe_addr, IN(HEX) WHEN(ALIAS), 4, 17, "address, if kprobe_func is NULL")

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

#define PLACE(type, name, major, minor)                                                            \
	.offset = offsetof(type, name), .size = sizeof(((type *)0)->name),                         \
	.since = ABI_VERSION(major, minor)
#define ROW(name, kind, major, minor, what) {PLACE(union bpf_attr, name, major, minor), kind},
#define COMMON_ATTR_ROW(name, kind, major, minor, what)                                            \
	{PLACE(struct bpf_common_attr, name, major, minor), kind},
#define PROG_INFO_ROW(name, kind, major, minor, what)                                              \
	{PLACE(struct bpf_prog_info, name, major, minor), kind},
#define MAP_INFO_ROW(name, kind, major, minor, what)                                               \
	{PLACE(struct bpf_map_info, name, major, minor), kind},
#define BTF_INFO_ROW(name, kind, major, minor, what)                                               \
	{PLACE(struct bpf_btf_info, name, major, minor), kind},
#define LINK_INFO_ROW(name, kind, major, minor, what)                                              \
	{PLACE(struct bpf_link_info, name, major, minor), kind},
#define TOKEN_INFO_ROW(name, kind, major, minor, what)                                             \
	{PLACE(struct bpf_token_info, name, major, minor), kind},
#define PERF_ATTR_ROW(name, kind, major, minor, what)                                              \
	{PLACE(struct perf_event_attr, name, major, minor), kind},
#define TEXT(name, kind, major, minor, what) #name "\0" what "\0"

#ifdef ABI_DOCS
#define BARE TEXT
#else
#define BARE(name, kind, major, minor, what) #name "\0\0"
#endif

#define LIST(name)                                                                                 \
	static const struct row name##_rows[] = {name(ROW)};                                       \
	static const char name##_text[] PACKED_SECTION = name(TEXT);
#define STRUCTURE(name)                                                                            \
	static const struct row name##_rows[] = {name(name##_ROW)};                                \
	static const char name##_text[] PACKED_SECTION = name(BARE);
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
static const char commands_text[] PACKED_SECTION = COMMANDS(CMD_WHAT);

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
		.what = skip(text_ready(commands_text), cmd),
		.since = abi_since(ABI_CMDS, cmd),
		.fields = l->count,
	};
	for (unsigned i = 0; i < l->count; i++)
		if (l->rows[i].offset + l->rows[i].size > out->size)
			out->size = (uint8_t)(l->rows[i].offset + l->rows[i].size);
	return true;
}

static struct abi_field field_of_row(const struct row *r, const char *text)
{
	struct abi_field f = {
		.name = text,
		.what = text ? skip(text, 1) : NULL,
		.since = r->since,
		.offset = r->offset,
		.size = r->size,
		.kind = r->kind,
		.dir = r->dir,
		.when = r->when,
	};
	if (r->kind == ABI_ENUM || r->kind == ABI_FLAGS) {
		f.set = r->a;
	} else if (r->kind == ABI_BIT) {
		f.bit = r->a;
	} else if (r->kind >= ABI_PTR && r->kind <= ABI_FDS) {
		f.len_at = r->a;
		f.unit = r->b;
	}
	return f;
}

bool abi_next_field(struct abi_walk *w, struct abi_field *out)
{
	const struct list *l = list_of(w->layout);
	if (!l || w->i >= l->count)
		return false;
	if (!w->plain && !w->i)
		w->text = text_ready(l->text);
	*out = field_of_row(&l->rows[w->i++], w->text);
	if (w->text)
		w->text = skip(out->what, 1);
	return true;
}

bool abi_field(unsigned layout, unsigned i, struct abi_field *out)
{
	const struct list *l = list_of(layout);
	if (!l || i >= l->count)
		return false;
	*out = field_of_row(&l->rows[i], skip(text_ready(l->text), 2 * i));
	return true;
}

bool abi_field_by_name(unsigned layout, const char *name, struct abi_field *out)
{
	struct abi_walk w = {.layout = layout};
	struct abi_field f;
	while (abi_next_field(&w, &f))
		if (strcmp(f.name, name) == 0) {
			*out = f;
			return true;
		}
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
		text_print(buf, n, "\"%.*s\"", (int)s.n, s.n ? (const char *)s.p : "");
	else
		for (buf[0] = 0; used < s.n && 2 * used + 2 < n; used++)
			text_print(buf + 2 * used, 3, "%02x", s.p[used]);
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
		text_print(buf, n, "%d", (int32_t)v);
		break;
	case ABI_HEX:
	case ABI_PTR:
	case ABI_STR:
	case ABI_STRS:
	case ABI_INSNS:
	case ABI_FDS:
		text_print(buf, n, v ? "0x%llx" : "%llu", shown);
		break;
	default:
		text_print(buf, n, "%llu", shown);
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
	struct abi_member m = {0};
	enum abi_set set = (enum abi_set)f->set;
	need(n, f->since, f->name);
	for (unsigned i = 0; abi_next_member(set, i, &m); i++)
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
	struct abi_walk w = {.layout = cmd};
	while (abi_next_field(&w, &f)) {
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
