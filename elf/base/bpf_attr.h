/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * The structures of bpf(2): the attr of each command, and the results of BPF_OBJ_GET_INFO_BY_FD.
 * Names are the kernel's. The kind of each field, the kernel that introduced it, and when it is in use
 * are in loader/plan/abi_fields.c, which takes offsets and sizes from here. tests/unit/test_abi.c
 * compares them with the kernel's headers.
 *
 * The kernel aligns 64-bit fields to 8 bytes on all architectures, and pointers have 64 bits.
 */
#ifndef SONDE_BPF_ATTR_H
#define SONDE_BPF_ATTR_H

#include "bpf_abi.h"

typedef uint64_t abi_u64 __attribute__((aligned(8)));

union bpf_attr {
	struct { /* BPF_MAP_CREATE */
		uint32_t map_type;
		uint32_t key_size;
		uint32_t value_size;
		uint32_t max_entries;
		uint32_t map_flags;
		uint32_t inner_map_fd;
		uint32_t numa_node;
		char map_name[BPF_OBJ_NAME_LEN];
		uint32_t map_ifindex;
		uint32_t btf_fd;
		uint32_t btf_key_type_id;
		uint32_t btf_value_type_id;
		uint32_t btf_vmlinux_value_type_id;
		abi_u64 map_extra;
		uint32_t value_type_btf_obj_fd;
		uint32_t map_token_fd;
		abi_u64 excl_prog_hash;
		uint32_t excl_prog_hash_size;
	};
	struct { /* BPF_MAP_LOOKUP_ELEM and other commands for elements */
		uint32_t map_fd;
		abi_u64 key;
		union {
			abi_u64 value;
			abi_u64 next_key;
		};
		abi_u64 flags;
	};
	struct { /* BPF_MAP_LOOKUP_BATCH and other batches */
		abi_u64 in_batch;
		abi_u64 out_batch;
		abi_u64 keys;
		abi_u64 values;
		uint32_t count;
		uint32_t map_fd;
		abi_u64 elem_flags;
		abi_u64 flags;
	} batch;
	struct { /* BPF_PROG_LOAD */
		uint32_t prog_type;
		uint32_t insn_cnt;
		abi_u64 insns;
		abi_u64 license;
		uint32_t log_level;
		uint32_t log_size;
		abi_u64 log_buf;
		uint32_t kern_version;
		uint32_t prog_flags;
		char prog_name[BPF_OBJ_NAME_LEN];
		uint32_t prog_ifindex;
		uint32_t expected_attach_type;
		uint32_t prog_btf_fd;
		uint32_t func_info_rec_size;
		abi_u64 func_info;
		uint32_t func_info_cnt;
		uint32_t line_info_rec_size;
		abi_u64 line_info;
		uint32_t line_info_cnt;
		uint32_t attach_btf_id;
		union {
			uint32_t attach_btf_obj_fd;
			uint32_t attach_prog_fd;
		};
		uint32_t core_relo_cnt;
		abi_u64 fd_array;
		abi_u64 core_relos;
		uint32_t core_relo_rec_size;
		uint32_t log_true_size;
		uint32_t prog_token_fd;
		uint32_t fd_array_cnt;
		abi_u64 signature;
		uint32_t signature_size;
		int32_t keyring_id;
	};
	struct { /* BPF_OBJ_PIN, BPF_OBJ_GET */
		abi_u64 pathname;
		uint32_t bpf_fd;
		uint32_t file_flags;
		uint32_t path_fd;
	};
	struct { /* BPF_PROG_ATTACH, BPF_PROG_DETACH */
		union {
			uint32_t target_fd;
			uint32_t target_ifindex;
		};
		uint32_t attach_bpf_fd;
		uint32_t attach_type;
		uint32_t attach_flags;
		uint32_t replace_bpf_fd;
		union {
			uint32_t relative_fd;
			uint32_t relative_id;
		};
		abi_u64 expected_revision;
	};
	struct { /* BPF_PROG_TEST_RUN */
		uint32_t prog_fd;
		uint32_t retval;
		uint32_t data_size_in;
		uint32_t data_size_out;
		abi_u64 data_in;
		abi_u64 data_out;
		uint32_t repeat;
		uint32_t duration;
		uint32_t ctx_size_in;
		uint32_t ctx_size_out;
		abi_u64 ctx_in;
		abi_u64 ctx_out;
		uint32_t flags;
		uint32_t cpu;
		uint32_t batch_size;
	} test;
	struct { /* BPF_PROG_GET_NEXT_ID etc. */
		uint32_t start_id;
		uint32_t next_id;
	};
	struct { /* BPF_PROG_GET_FD_BY_ID etc. */
		union {
			uint32_t prog_id;
			uint32_t map_id;
			uint32_t btf_id;
			uint32_t link_id;
		};
		uint32_t : 32;
		uint32_t open_flags;
		uint32_t fd_by_id_token_fd;
	};
	struct { /* BPF_OBJ_GET_INFO_BY_FD */
		uint32_t bpf_fd;
		uint32_t info_len;
		abi_u64 info;
	} info;
	struct { /* BPF_PROG_QUERY */
		union {
			uint32_t target_fd;
			uint32_t target_ifindex;
		};
		uint32_t attach_type;
		uint32_t query_flags;
		uint32_t attach_flags;
		abi_u64 prog_ids;
		union {
			uint32_t prog_cnt;
			uint32_t count;
		};
		abi_u64 prog_attach_flags;
		abi_u64 link_ids;
		abi_u64 link_attach_flags;
		abi_u64 revision;
	} query;
	struct { /* BPF_RAW_TRACEPOINT_OPEN */
		abi_u64 name;
		uint32_t prog_fd;
		abi_u64 cookie;
	} raw_tracepoint;
	struct { /* BPF_BTF_LOAD */
		abi_u64 btf;
		abi_u64 btf_log_buf;
		uint32_t btf_size;
		uint32_t btf_log_size;
		uint32_t btf_log_level;
		uint32_t btf_log_true_size;
		uint32_t btf_flags;
		uint32_t btf_token_fd;
	};
	struct { /* BPF_TASK_FD_QUERY */
		uint32_t pid;
		uint32_t fd;
		uint32_t flags;
		uint32_t buf_len;
		abi_u64 buf;
		uint32_t prog_id;
		uint32_t fd_type;
		abi_u64 probe_offset;
		abi_u64 probe_addr;
	} task_fd_query;
	struct { /* BPF_LINK_CREATE */
		union {
			uint32_t prog_fd;
			uint32_t map_fd;
		};
		union {
			uint32_t target_fd;
			uint32_t target_ifindex;
		};
		uint32_t attach_type;
		uint32_t flags;
		union {
			uint32_t target_btf_id;
			struct {
				abi_u64 iter_info;
				uint32_t iter_info_len;
			};
			struct {
				abi_u64 bpf_cookie;
			} perf_event;
			struct {
				uint32_t flags;
				uint32_t cnt;
				abi_u64 syms;
				abi_u64 addrs;
				abi_u64 cookies;
			} kprobe_multi;
			struct {
				uint32_t target_btf_id;
				abi_u64 cookie;
			} tracing;
			struct {
				uint32_t pf;
				uint32_t hooknum;
				int32_t priority;
				uint32_t flags;
			} netfilter;
			struct {
				union {
					uint32_t relative_fd;
					uint32_t relative_id;
				};
				abi_u64 expected_revision;
			} tcx;
			struct {
				abi_u64 path;
				abi_u64 offsets;
				abi_u64 ref_ctr_offsets;
				abi_u64 cookies;
				uint32_t cnt;
				uint32_t flags;
				uint32_t pid;
				uint32_t path_fd;
			} uprobe_multi;
			struct {
				union {
					uint32_t relative_fd;
					uint32_t relative_id;
				};
				abi_u64 expected_revision;
			} netkit;
			struct {
				union {
					uint32_t relative_fd;
					uint32_t relative_id;
				};
				abi_u64 expected_revision;
			} cgroup;
			struct {
				abi_u64 ids;
				abi_u64 cookies;
				uint32_t cnt;
			} tracing_multi;
		};
	} link_create;
	struct { /* BPF_LINK_UPDATE */
		uint32_t link_fd;
		union {
			uint32_t new_prog_fd;
			uint32_t new_map_fd;
		};
		uint32_t flags;
		union {
			uint32_t old_prog_fd;
			uint32_t old_map_fd;
		};
	} link_update;
	struct { /* BPF_LINK_DETACH */
		uint32_t link_fd;
	} link_detach;
	struct { /* BPF_ENABLE_STATS */
		uint32_t type;
	} enable_stats;
	struct { /* BPF_ITER_CREATE */
		uint32_t link_fd;
		uint32_t flags;
	} iter_create;
	struct { /* BPF_PROG_BIND_MAP */
		uint32_t prog_fd;
		uint32_t map_fd;
		uint32_t flags;
	} prog_bind_map;
	struct { /* BPF_TOKEN_CREATE */
		uint32_t flags;
		uint32_t bpffs_fd;
	} token_create;
	struct { /* BPF_PROG_STREAM_READ_BY_FD */
		abi_u64 stream_buf;
		uint32_t stream_buf_len;
		uint32_t stream_id;
		uint32_t prog_fd;
	} prog_stream_read;
	struct { /* BPF_PROG_ASSOC_STRUCT_OPS */
		uint32_t map_fd;
		uint32_t prog_fd;
		uint32_t flags;
	} prog_assoc_struct_ops;
};

/* Argument 4 of bpf(2), if BPF_COMMON_ATTRS is set in the command. 7.2 */
struct bpf_common_attr {
	abi_u64 log_buf;
	uint32_t log_size;
	uint32_t log_level;
	uint32_t log_true_size;
};

/* The results of BPF_OBJ_GET_INFO_BY_FD for a program, */
struct bpf_prog_info {
	uint32_t type;
	uint32_t id;
	uint8_t tag[8];
	uint32_t jited_prog_len;
	uint32_t xlated_prog_len;
	abi_u64 jited_prog_insns;
	abi_u64 xlated_prog_insns;
	abi_u64 load_time;
	uint32_t created_by_uid;
	uint32_t nr_map_ids;
	abi_u64 map_ids;
	char name[BPF_OBJ_NAME_LEN];
	uint32_t ifindex;
	uint32_t gpl_compatible;
	abi_u64 netns_dev;
	abi_u64 netns_ino;
	uint32_t nr_jited_ksyms;
	uint32_t nr_jited_func_lens;
	abi_u64 jited_ksyms;
	abi_u64 jited_func_lens;
	uint32_t btf_id;
	uint32_t func_info_rec_size;
	abi_u64 func_info;
	uint32_t nr_func_info;
	uint32_t nr_line_info;
	abi_u64 line_info;
	abi_u64 jited_line_info;
	uint32_t nr_jited_line_info;
	uint32_t line_info_rec_size;
	uint32_t jited_line_info_rec_size;
	uint32_t nr_prog_tags;
	abi_u64 prog_tags;
	abi_u64 run_time_ns;
	abi_u64 run_cnt;
	abi_u64 recursion_misses;
	uint32_t verified_insns;
	uint32_t attach_btf_obj_id;
	uint32_t attach_btf_id;
};

/* a map, */
struct bpf_map_info {
	uint32_t type;
	uint32_t id;
	uint32_t key_size;
	uint32_t value_size;
	uint32_t max_entries;
	uint32_t map_flags;
	char name[BPF_OBJ_NAME_LEN];
	uint32_t ifindex;
	uint32_t btf_vmlinux_value_type_id;
	abi_u64 netns_dev;
	abi_u64 netns_ino;
	uint32_t btf_id;
	uint32_t btf_key_type_id;
	uint32_t btf_value_type_id;
	uint32_t btf_vmlinux_id;
	abi_u64 map_extra;
	abi_u64 hash;
	uint32_t hash_size;
};

/* BTF, */
struct bpf_btf_info {
	abi_u64 btf;
	uint32_t btf_size;
	uint32_t id;
	abi_u64 name;
	uint32_t name_len;
	uint32_t kernel_btf;
};

/* a link, */
struct bpf_link_info {
	uint32_t type;
	uint32_t id;
	uint32_t prog_id;
	union {
		struct {
			abi_u64 tp_name;
			uint32_t tp_name_len;
			abi_u64 cookie;
		} raw_tracepoint;
		struct {
			uint32_t attach_type;
			uint32_t target_obj_id;
			uint32_t target_btf_id;
			abi_u64 cookie;
		} tracing;
		struct {
			abi_u64 cgroup_id;
			uint32_t attach_type;
		} cgroup;
		struct {
			abi_u64 target_name;
			uint32_t target_name_len;
			struct {
				uint32_t map_id;
			} map;
		} iter;
		struct {
			uint32_t netns_ino;
			uint32_t attach_type;
		} netns;
		struct {
			uint32_t ifindex;
		} xdp;
		struct {
			uint32_t map_id;
		} struct_ops;
		struct {
			uint32_t pf;
			uint32_t hooknum;
			int32_t priority;
			uint32_t flags;
		} netfilter;
		struct {
			abi_u64 addrs;
			uint32_t count;
			uint32_t flags;
			abi_u64 missed;
			abi_u64 cookies;
		} kprobe_multi;
		struct {
			abi_u64 path;
			abi_u64 offsets;
			abi_u64 ref_ctr_offsets;
			abi_u64 cookies;
			uint32_t path_size;
			uint32_t count;
			uint32_t flags;
			uint32_t pid;
		} uprobe_multi;
		struct {
			uint32_t type;
			union {
				struct {
					abi_u64 file_name;
					uint32_t name_len;
					uint32_t offset;
					abi_u64 cookie;
					abi_u64 ref_ctr_offset;
				} uprobe;
				struct {
					abi_u64 func_name;
					uint32_t name_len;
					uint32_t offset;
					abi_u64 addr;
					abi_u64 missed;
					abi_u64 cookie;
				} kprobe;
				struct {
					abi_u64 tp_name;
					uint32_t name_len;
					abi_u64 cookie;
				} tracepoint;
				struct {
					abi_u64 config;
					uint32_t type;
					abi_u64 cookie;
				} event;
			};
		} perf_event;
		struct {
			uint32_t ifindex;
			uint32_t attach_type;
		} tcx;
		struct {
			uint32_t ifindex;
			uint32_t attach_type;
		} netkit;
		struct {
			uint32_t map_id;
			uint32_t attach_type;
		} sockmap;
	};
};

/* and a token. */
struct bpf_token_info {
	abi_u64 allowed_cmds;
	abi_u64 allowed_maps;
	abi_u64 allowed_progs;
	abi_u64 allowed_attachs;
};

#endif
