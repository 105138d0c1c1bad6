#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# Targets of network programs, as plans show them: interfaces of other namespaces, the order of
# programs, modes, and programs for one driver.

load lib

setup_file() {
	prepare
	cd "$BATS_FILE_TMPDIR" || return
	compile net.o <<-'END'
		SEC("?tcx/ingress") int a(struct __sk_buff *skb) { return -1; }
		SEC("?tcx/ingress") int b(struct __sk_buff *skb) { return -1; }
		SEC("?cgroup_skb/egress") int group(struct __sk_buff *skb) { return 1; }
		SEC("?xdp") int fast(struct xdp_md *ctx) { return 2; }
		enum xdp_rss_hash_type { XDP_RSS_TYPE_NONE };
		int bpf_xdp_metadata_rx_hash(const struct xdp_md *ctx, __u32 *hash,
			enum xdp_rss_hash_type *type) __ksym;
		SEC("?xdp") int metadata(struct xdp_md *ctx)
		{
			enum xdp_rss_hash_type type;
			__u32 hash;
			bpf_xdp_metadata_rx_hash(ctx, &hash, &type);
			return 2;
		}
	END
}

setup() {
	cd "$BATS_FILE_TMPDIR" || return
}

# shows TEXT… : all are in the last plan, whatever the line breaks.
shows() {
	local text
	output=$(tr -s ' \n' ' ' <<<"$output")
	for text; do
		[[ $output == *"$text"* ]] || {
			echo "missing: $text"
			echo "$output"
			return 1
		}
	done
}

@test "first, last, before and after" {
	run -0 "$sonde" plan -v net.o --only a --on a=lo:first
	shows 'link_create.flags BPF_F_BEFORE '
	run -0 "$sonde" plan -v net.o --only a --on a=lo:last
	shows 'link_create.flags BPF_F_AFTER '
	run -0 "$sonde" plan -v net.o --only a --only b --on a=lo --on b=lo:before=a
	shows "link_create.flags BPF_F_BEFORE | BPF_F_LINK " \
		"link_create.tcx.relative_fd fd of link of 'a' "
	run -0 "$sonde" plan -v net.o --only a --on a=lo:after=17
	shows 'link_create.flags BPF_F_AFTER | BPF_F_ID ' 'link_create.tcx.relative_id 17 '
	run -0 "$sonde" plan -v net.o --only group --on group=a/b:first
	shows 'link_create.flags BPF_F_BEFORE ' 'a/b'
	# An older method has no order.
	[[ $output != *BPF_PROG_ATTACH* ]]
	refused plan net.o --only a --on a=lo:first:last
	[[ $reason == *"'last' is a second order" ]]
	refused plan net.o --only a --on a=lo:before=b
	[[ $reason == *"there is no program 'b' to attach next to" ]]
	refused plan net.o --only a --on a=lo:after=0
	[[ $reason == *"'0' is not a program id" ]]
}

@test "interfaces of other network namespaces" {
	run -0 "$sonde" plan -v net.o --only a --on a=blue:eth0:first
	shows /run/netns/blue 'setns(' 'interface "eth0"'
	run -0 "$sonde" plan -v net.o --only fast --on fast=/a/path:eth0:generic
	shows '"/a/path"' 'setns(' 'interface "eth0"'
	run -0 "$sonde" plan -v net.o --only fast --on fast=1:eth0
	shows 1/ns/net 'setns('
	run -0 "$sonde" plan -v net.o --only fast --on fast=eth0:skb
	[[ $output != *'setns('* ]]
	refused plan net.o --only fast --on fast=:eth0
	[[ $reason == *"is not an interface name" ]]
	refused plan net.o --only fast --on fast=blue:eth0:quick
	[[ $reason == *"XDP has no mode 'quick'" ]]
}

@test "an alternative name, and the mode that the kernel chose" {
	run -0 "$sonde" plan -v net.o --only fast \
		--on fast=a-name-that-is-much-longer-than-those-of-old-kernels
	shows 'look for a default route' 'look for generic-mode XDP'
	run -0 "$sonde" plan -v net.o --only fast --on fast=eth0:native
	[[ $output != *'generic-mode XDP'* ]]
}

@test "XDP programs for one driver" {
	run -0 "$sonde" plan -v net.o --only metadata --on metadata=lo
	shows 'prog_ifindex ' BPF_F_XDP_DEV_BOUND_ONLY
	run -0 "$sonde" plan -v net.o --only fast --on fast=lo
	[[ $output != *prog_ifindex* ]]
	refused run net.o --only metadata --for 1s
	[[ $reason == *"requires an interface at load time" && $hint == *"--on PROG=INTERFACE" ]]
	refused plan net.o --only metadata --on metadata=blue:lo
	[[ $hint == *"ip netns exec" ]]
}
