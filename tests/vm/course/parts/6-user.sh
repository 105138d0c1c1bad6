# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
# shellcheck shell=dash disable=SC2034,SC2154
#
# User-space programs and libraries: lessons 2.1, 5.3 and 6.2. The traced program is victim.c.

ownfunc() {
	starter=/myapp
	start own
	begin /progs/ownfunc.bpf.o
	go
	end
	[ "$(lines '')" = 3 ]
	one "\"pid\":$pid,\"number\":4242,\"text\":\"text 0\"\}"
	one "\"pid\":$pid,\"number\":4243,\"text\":\"text 1\"\}"
	one "\"pid\":$pid,\"number\":4244,\"text\":\"text 2\"\}"
}
row ownfunc ownfunc

# The long query is truncated; the short one has its exact length.
mysql() {
	starter=/usr/sbin/mariadbd
	start sql
	begin /progs/mysql.bpf.o --map events
	go
	end
	[ "$(lines '')" = 2 ]
	one "\"tid\":$pid,\"us\":[0-9]+,\"text\":\"select x{248}\"\}"
	[ "$(value us '"text":"select x')" -ge 1000000 ]
	one "\"tid\":$pid,\"us\":[0-9]+,\"text\":\"select 1\"\}"
	start sql
	begin /progs/mysql.bpf.o --set min_us=500000 --map events
	go
	end
	one '"text":"select x'
	none '"text":"select 1'
}
row mysql mysql

usdt() {
	starter=/usr/bin/python3
	start call
	begin /progs/usdt.bpf.o --map events
	go
	end
	[ "$(said watched)" = 1 ]
	[ "$(lines '')" = 2 ]
	one "\"pid\":$pid,\"line\":10,\"function\":\"f0\",\"file\":\"app.py\"\}"
	one "\"pid\":$pid,\"line\":11,\"function\":\"f1\",\"file\":\"app.py\"\}"
	start call
	go
	[ "$(said watched)" = 0 ]
}
row usdt usdt

# By library name if there is a shared library; otherwise the functions are in the program.
ssl() {
	on=
	if [ ! -e /usr/lib/libssl.so.3 ]; then
		on='--on ssl_write=/client:SSL_write --on ssl_read=/client:SSL_read
			--on ssl_read_end=/client:SSL_read'
	fi
	starter=/client
	start tls
	# shellcheck disable=SC2086
	begin /progs/ssl.bpf.o --map events $on
	go
	end
	[ "$(lines '')" = 2 ]
	one "\"pid\":$pid,\"comm\":\"client\",\"direction\":\"SENT\",\"size\":6,\"text\":\"secret\"\}"
	one "\"pid\":$pid,\"comm\":\"client\",\"direction\":\"RECEIVED\",\"size\":6,\"text\":\"answer\"\}"
}
row ssl ssl
