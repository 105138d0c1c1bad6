#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
# Runs each object for a few seconds while something happens, and prints a line: its name, the exit
# status, the number of records, and the reason if it failed.
happen() {
	while :; do
		cat /proc/version >/dev/null
		: >/tmp/made && mv /tmp/made /tmp/moved && rm /tmp/moved
		mkdir -p /tmp/m && mount -t tmpfs none /tmp/m && umount /tmp/m
		sync
		ping -c 1 -w 1 127.0.0.1 >/dev/null
		echo x | nc -w 1 127.0.0.1 9 2>/dev/null
		sleep 1 & kill $!
	done
}
happen >/dev/null 2>&1 &
for object in /objects/*; do
	name=${object##*/}
	timeout 60 /sonde run --json --for 4s "$object" >/out 2>/err
	status=$?
	records=$(grep -c '^{"map":' /out)
	echo "$name $status $records $(grep -m 1 '^sonde: ' /err)"
done
exit 0
