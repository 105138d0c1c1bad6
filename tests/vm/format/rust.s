	.file	"rust.cebe997107dec46e-cgu.0"
	.file	1 "." "rust.rs"
	.section	.text._RINvCshKuLGoDTFBq_4rust5countmEB2_,"ax",@progbits
	.p2align	3
	.type	_RINvCshKuLGoDTFBq_4rust5countmEB2_,@function
_RINvCshKuLGoDTFBq_4rust5countmEB2_:
.Lfunc_begin0:
	.loc	1 289 0
	.cfi_sections .debug_frame
	.cfi_startproc
	r6 = r1
	r1 = 1
	*(u32 *)(r10 - 4) = r1
.Ltmp0:
.Ltmp1:
	r2 = r10
	r2 += -4
.Ltmp2:
	.loc	1 105 5 prologue_end
.Ltmp3:
.Ltmp4:
	r1 = COUNTS ll
.Ltmp5:
.Ltmp6:
	call 1
.Ltmp7:
.Ltmp8:
	.loc	1 292 8
.Ltmp9:
	if r0 != 0 goto LBB0_2
.Ltmp10:
.Ltmp11:
	.loc	1 0 8 is_stmt 0
	r2 = r10
	r2 += -4
	r7 = 0
.Ltmp12:
	.loc	1 110 5 is_stmt 1
.Ltmp13:
.Ltmp14:
	r1 = COUNTS ll
	r3 = LIMIT ll
.Ltmp15:
.Ltmp16:
	r4 = 0
	call 2
.Ltmp17:
.Ltmp18:
	.loc	1 296 5
.Ltmp19:
	if r0 == 0 goto LBB0_3
.Ltmp20:
.Ltmp21:
	.loc	1 0 5 is_stmt 0
	r1 = 1
.Ltmp22:
	.loc	1 298 14 is_stmt 1
.Ltmp23:
.Ltmp24:
	*(u64 *)(r6 + 0) = r1
	*(u64 *)(r6 + 8) = r0
	goto LBB0_5
.Ltmp25:
.Ltmp26:
LBB0_2:
	.loc	1 293 23
.Ltmp27:
	r1 = *(u64 *)(r0 + 0)
	.loc	1 293 18 is_stmt 0
.Ltmp28:
	r1 += 1
	*(u64 *)(r0 + 0) = r1
	r1 = 0
	.loc	1 294 16 is_stmt 1
.Ltmp29:
	*(u64 *)(r6 + 8) = r1
	*(u64 *)(r6 + 0) = r1
.Ltmp30:
.Ltmp31:
LBB0_5:
	.loc	1 300 2
.Ltmp32:
	exit
LBB0_3:
	.loc	1 0 2 is_stmt 0
	r1 = 1
.Ltmp33:
	.loc	1 297 14 is_stmt 1
.Ltmp34:
.Ltmp35:
	*(u64 *)(r6 + 8) = r1
	*(u64 *)(r6 + 0) = r7
	goto LBB0_5
.Ltmp36:
.Ltmp37:
.Lfunc_end0:
	.size	_RINvCshKuLGoDTFBq_4rust5countmEB2_, .Lfunc_end0-_RINvCshKuLGoDTFBq_4rust5countmEB2_
	.cfi_endproc

	.section	.text._RINvCshKuLGoDTFBq_4rust5countyEB2_,"ax",@progbits
	.p2align	3
	.type	_RINvCshKuLGoDTFBq_4rust5countyEB2_,@function
_RINvCshKuLGoDTFBq_4rust5countyEB2_:
.Lfunc_begin1:
	.loc	1 289 0
	.cfi_startproc
	r6 = r1
	r1 = 2
	*(u32 *)(r10 - 4) = r1
.Ltmp38:
.Ltmp39:
	r2 = r10
	r2 += -4
.Ltmp40:
	.loc	1 105 5 prologue_end
.Ltmp41:
.Ltmp42:
	r1 = COUNTS ll
.Ltmp43:
.Ltmp44:
	call 1
.Ltmp45:
.Ltmp46:
	.loc	1 292 8
.Ltmp47:
	if r0 != 0 goto LBB1_2
.Ltmp48:
.Ltmp49:
	.loc	1 0 8 is_stmt 0
	r2 = r10
	r2 += -4
	r7 = 0
.Ltmp50:
	.loc	1 110 5 is_stmt 1
.Ltmp51:
.Ltmp52:
	r1 = COUNTS ll
	r3 = LIMIT ll
.Ltmp53:
.Ltmp54:
	r4 = 0
	call 2
.Ltmp55:
.Ltmp56:
	.loc	1 296 5
.Ltmp57:
	if r0 == 0 goto LBB1_3
.Ltmp58:
.Ltmp59:
	.loc	1 0 5 is_stmt 0
	r1 = 1
.Ltmp60:
	.loc	1 298 14 is_stmt 1
.Ltmp61:
.Ltmp62:
	*(u64 *)(r6 + 0) = r1
	*(u64 *)(r6 + 8) = r0
	goto LBB1_5
.Ltmp63:
.Ltmp64:
LBB1_2:
	.loc	1 293 23
.Ltmp65:
	r1 = *(u64 *)(r0 + 0)
	.loc	1 293 18 is_stmt 0
.Ltmp66:
	r1 += 1
	*(u64 *)(r0 + 0) = r1
	r1 = 0
	.loc	1 294 16 is_stmt 1
.Ltmp67:
	*(u64 *)(r6 + 8) = r1
	*(u64 *)(r6 + 0) = r1
.Ltmp68:
.Ltmp69:
LBB1_5:
	.loc	1 300 2
.Ltmp70:
	exit
LBB1_3:
	.loc	1 0 2 is_stmt 0
	r1 = 1
.Ltmp71:
	.loc	1 297 14 is_stmt 1
.Ltmp72:
.Ltmp73:
	*(u64 *)(r6 + 8) = r1
	*(u64 *)(r6 + 0) = r7
	goto LBB1_5
.Ltmp74:
.Ltmp75:
.Lfunc_end1:
	.size	_RINvCshKuLGoDTFBq_4rust5countyEB2_, .Lfunc_end1-_RINvCshKuLGoDTFBq_4rust5countyEB2_
	.cfi_endproc

	.section	.text._RNvCshKuLGoDTFBq_4rust4same,"ax",@progbits
	.p2align	3
	.type	_RNvCshKuLGoDTFBq_4rust4same,@function
_RNvCshKuLGoDTFBq_4rust4same:
.Lfunc_begin2:
	.loc	1 265 0
	.cfi_startproc
	r0 = r1
.Ltmp76:
.Ltmp77:
	.loc	1 267 2 prologue_end
.Ltmp78:
	exit
.Ltmp79:
.Ltmp80:
.Lfunc_end2:
	.size	_RNvCshKuLGoDTFBq_4rust4same, .Lfunc_end2-_RNvCshKuLGoDTFBq_4rust4same
	.cfi_endproc

	.section	"tracepoint/sched/sched_process_exec","ax",@progbits
	.globl	execs
	.p2align	3
	.type	execs,@function
execs:
.Lfunc_begin3:
	.loc	1 313 0
	.cfi_startproc
	r6 = r1
.Ltmp81:
.Ltmp82:
	.loc	1 314 28 prologue_end
.Ltmp83:
	r1 = LIMIT ll
	r1 = *(u64 *)(r1 + 0)
	.loc	1 314 21 is_stmt 0
.Ltmp84:
	r2 = SEEN ll
	r3 = *(u64 *)(r2 + 0)
	.loc	1 314 14
.Ltmp85:
	r1 += r3
	*(u64 *)(r2 + 0) = r1
.Ltmp86:
.Ltmp87:
	.loc	1 115 5 is_stmt 1
.Ltmp88:
	call 14
.Ltmp89:
.Ltmp90:
	.loc	1 315 17
.Ltmp91:
	*(u32 *)(r10 - 24) = r0
	r1 = 5
	*(u32 *)(r10 - 28) = r1
	r1 = 4
	*(u8 *)(r10 - 32) = r1
	r1 = 9
	*(u8 *)(r10 - 40) = r1
	r1 = 10
	*(u64 *)(r10 - 48) = r1
	r1 = 1234
	*(u64 *)(r10 - 72) = r1
	r1 = 51201
	*(u16 *)(r10 - 20) = r1
	r1 = 1
	*(u32 *)(r10 - 96) = r1
	r1 = 330712481793 ll
	*(u64 *)(r10 - 104) = r1
	.loc	1 322 35
.Ltmp92:
	r1 = _RNvCshKuLGoDTFBq_4rust5TABLE ll
	r1 = *(u32 *)(r1 + 0)
	.loc	1 315 17
.Ltmp93:
	*(u32 *)(r10 - 92) = r1
	r1 = 0
	.loc	1 319 15
.Ltmp94:
	*(u64 *)(r10 - 64) = r1
	*(u64 *)(r10 - 56) = r1
.Ltmp95:
.Ltmp96:
	.loc	1 315 17
.Ltmp97:
	r1 = r10
	r1 += -64
.Ltmp98:
	.loc	1 120 5
.Ltmp99:
.Ltmp100:
	r2 = 16
	call 16
	r1 = r10
	r1 += -16
.Ltmp101:
.Ltmp102:
	.loc	1 328 5
.Ltmp103:
	call _RINvCshKuLGoDTFBq_4rust5countyEB2_
.Ltmp104:
.Ltmp105:
	.loc	1 0 5 is_stmt 0
	r4 = r10
	r4 += -104
.Ltmp106:
	.loc	1 125 5 is_stmt 1
.Ltmp107:
.Ltmp108:
	r1 = r6
.Ltmp109:
.Ltmp110:
	r2 = OPENED ll
.Ltmp111:
.Ltmp112:
	r3 = 4294967295 ll
	r5 = 88
	call 25
.Ltmp113:
.Ltmp114:
	.loc	1 331 2
.Ltmp115:
	r0 = 0
	exit
.Ltmp116:
.Ltmp117:
.Lfunc_end3:
	.size	execs, .Lfunc_end3-execs
	.cfi_endproc

	.section	xdp,"ax",@progbits
	.globl	gate
	.p2align	3
	.type	gate,@function
gate:
.Lfunc_begin4:
	.loc	1 304 0
	.cfi_startproc
	r1 = r10
.Ltmp118:
.Ltmp119:
	r1 += -16
.Ltmp120:
	.loc	1 305 11 prologue_end
.Ltmp121:
.Ltmp122:
	call _RINvCshKuLGoDTFBq_4rust5countmEB2_
	r0 = 1
	r1 = *(u64 *)(r10 - 16)
	.loc	1 309 2
.Ltmp123:
	if r1 != 0 goto LBB4_2
	.loc	1 0 2 is_stmt 0
	r0 = 2
LBB4_2:
	.loc	1 309 2 is_stmt 1
	exit
.Ltmp124:
.Ltmp125:
.Lfunc_end4:
	.size	gate, .Lfunc_end4-gate
	.cfi_endproc

	.section	"raw_tp/sched_process_exec","ax",@progbits
	.globl	records
	.p2align	3
	.type	records,@function
records:
.Lfunc_begin5:
	.loc	1 335 0
	.cfi_startproc
	r1 = 1
.Ltmp126:
.Ltmp127:
	.loc	1 336 15 prologue_end
.Ltmp128:
	*(u32 *)(r10 - 44) = r1
	r8 = 2
.Ltmp129:
	.loc	1 337 16
.Ltmp130:
.Ltmp131:
	*(u64 *)(r10 - 16) = r8
	*(u8 *)(r10 - 8) = r1
	r7 = 0
	*(u32 *)(r10 - 40) = r7
.Ltmp132:
.Ltmp133:
	.loc	1 0 16 is_stmt 0
	r2 = r10
	r2 += -44
	r3 = r10
	r3 += -40
.Ltmp134:
	.loc	1 110 5 is_stmt 1
.Ltmp135:
.Ltmp136:
	r1 = STATS ll
.Ltmp137:
.Ltmp138:
	r4 = 0
	call 2
.Ltmp139:
.Ltmp140:
	.loc	1 130 5
.Ltmp141:
	r1 = RECORDS ll
.Ltmp142:
.Ltmp143:
	r2 = 40
	r3 = 0
	call 131
.Ltmp144:
.Ltmp145:
	r6 = r0
.Ltmp146:
.Ltmp147:
	.loc	1 340 8
.Ltmp148:
	if r6 == 0 goto LBB5_2
.Ltmp149:
.Ltmp150:
	.loc	1 115 5
.Ltmp151:
	call 14
.Ltmp152:
.Ltmp153:
	.loc	1 347 21
.Ltmp154:
	r1 = ODD ll
	r1 = *(u32 *)(r1 + 48)
	.loc	1 344 9
.Ltmp155:
	*(u32 *)(r6 + 32) = r1
	*(u32 *)(r6 + 0) = r8
	r1 = 3
	*(u8 *)(r6 + 36) = r1
	r1 = 72340172838076673 ll
	*(u64 *)(r6 + 16) = r1
	*(u64 *)(r6 + 8) = r1
	*(u32 *)(r6 + 4) = r0
	*(u64 *)(r6 + 24) = r7
.Ltmp156:
	.loc	1 135 5
.Ltmp157:
.Ltmp158:
	r1 = r6
	r2 = 0
	call 132
.Ltmp159:
.Ltmp160:
LBB5_2:
	.loc	1 353 2
.Ltmp161:
	r0 = 0
	exit
.Ltmp162:
.Ltmp163:
.Lfunc_end5:
	.size	records, .Lfunc_end5-records
	.cfi_endproc

	.type	LICENSE,@object
	.section	license,"a",@progbits
	.globl	LICENSE
LICENSE:
	.asciz	"Dual MIT/GPL"
	.size	LICENSE, 13

	.type	COUNTS,@object
	.section	maps,"aw",@progbits
	.globl	COUNTS
	.p2align	2, 0x0
COUNTS:
	.asciz	"\001\000\000\000\004\000\000\000\b\000\000\000\000\004\000\000\000\000\000\000\000\000\000\000\000\000\000"
	.size	COUNTS, 28

	.type	LIMIT,@object
	.section	.data.LIMIT,"aw",@progbits
	.globl	LIMIT
	.p2align	3, 0x0
LIMIT:
	.asciz	"d\000\000\000\000\000\000"
	.size	LIMIT, 8

	.type	.Lanon.a8c304e762f8cb44b4abc373741a3dca.0,@object
	.section	.rodata.cst4,"aM",@progbits,4
.Lanon.a8c304e762f8cb44b4abc373741a3dca.0:
	.ascii	"text"
	.size	.Lanon.a8c304e762f8cb44b4abc373741a3dca.0, 4

	.type	ODD,@object
	.section	.data.rel.ro.ODD,"aw",@progbits
	.globl	ODD
	.p2align	4, 0x0
ODD:
	.quad	.Lanon.a8c304e762f8cb44b4abc373741a3dca.0
	.asciz	"\004\000\000\000\000\000\000\000\005\000\000\000\000\000\000\000\000\000\000\000\000\000\000"
	.quad	_RNvCshKuLGoDTFBq_4rust4same
	.ascii	"\000\000\000\000\000\000\370?x\000\000\000\002"
	.zero	11
	.size	ODD, 64

	.type	OPENED,@object
	.section	maps,"aw",@progbits
	.globl	OPENED
	.p2align	2, 0x0
OPENED:
	.asciz	"\004\000\000\000\004\000\000\000\004\000\000\000\000\000\000\000\000\000\000\000\000\000\000\000\000\000\000"
	.size	OPENED, 28

	.type	RECORDS,@object
	.section	.maps,"a",@progbits
	.globl	RECORDS
	.p2align	3, 0x0
RECORDS:
	.zero	40
	.size	RECORDS, 40

	.type	SEEN,@object
	.section	.bss.SEEN,"aw",@nobits
	.globl	SEEN
	.p2align	3, 0x0
SEEN:
	.zero	8
	.size	SEEN, 8

	.type	STATS,@object
	.section	.maps,"aw",@progbits,unique,1
	.globl	STATS
	.p2align	3, 0x0
STATS:
	.zero	32
	.size	STATS, 32

	.type	_RNvCshKuLGoDTFBq_4rust5TABLE,@object
	.section	.rodata._RNvCshKuLGoDTFBq_4rust5TABLE,"a",@progbits
	.p2align	2, 0x0
_RNvCshKuLGoDTFBq_4rust5TABLE:
	.asciz	"\013\000\000\000\026\000\000\000!\000\000\000,\000\000"
	.size	_RNvCshKuLGoDTFBq_4rust5TABLE, 16

	.section	.debug_loc,"",@progbits
.Ldebug_loc0:
	.quad	-1
	.quad	.Lfunc_begin0
	.quad	.Ltmp5-.Lfunc_begin0
	.quad	.Ltmp7-.Lfunc_begin0
	.short	1
	.byte	81
	.quad	0
	.quad	0
.Ldebug_loc1:
	.quad	-1
	.quad	.Lfunc_begin0
	.quad	.Ltmp5-.Lfunc_begin0
	.quad	.Ltmp7-.Lfunc_begin0
	.short	1
	.byte	81
	.quad	0
	.quad	0
.Ldebug_loc2:
	.quad	-1
	.quad	.Lfunc_begin0
	.quad	.Ltmp7-.Lfunc_begin0
	.quad	.Ltmp17-.Lfunc_begin0
	.short	1
	.byte	80
	.quad	.Ltmp25-.Lfunc_begin0
	.quad	.Ltmp30-.Lfunc_begin0
	.short	1
	.byte	80
	.quad	0
	.quad	0
.Ldebug_loc3:
	.quad	-1
	.quad	.Lfunc_begin0
	.quad	.Ltmp15-.Lfunc_begin0
	.quad	.Ltmp17-.Lfunc_begin0
	.short	1
	.byte	83
	.quad	0
	.quad	0
.Ldebug_loc4:
	.quad	-1
	.quad	.Lfunc_begin1
	.quad	.Ltmp43-.Lfunc_begin1
	.quad	.Ltmp45-.Lfunc_begin1
	.short	1
	.byte	81
	.quad	0
	.quad	0
.Ldebug_loc5:
	.quad	-1
	.quad	.Lfunc_begin1
	.quad	.Ltmp43-.Lfunc_begin1
	.quad	.Ltmp45-.Lfunc_begin1
	.short	1
	.byte	81
	.quad	0
	.quad	0
.Ldebug_loc6:
	.quad	-1
	.quad	.Lfunc_begin1
	.quad	.Ltmp45-.Lfunc_begin1
	.quad	.Ltmp55-.Lfunc_begin1
	.short	1
	.byte	80
	.quad	.Ltmp63-.Lfunc_begin1
	.quad	.Ltmp68-.Lfunc_begin1
	.short	1
	.byte	80
	.quad	0
	.quad	0
.Ldebug_loc7:
	.quad	-1
	.quad	.Lfunc_begin1
	.quad	.Ltmp53-.Lfunc_begin1
	.quad	.Ltmp55-.Lfunc_begin1
	.short	1
	.byte	83
	.quad	0
	.quad	0
.Ldebug_loc8:
	.quad	-1
	.quad	.Lfunc_begin2
	.quad	.Lfunc_begin2-.Lfunc_begin2
	.quad	.Ltmp76-.Lfunc_begin2
	.short	1
	.byte	81
	.quad	.Ltmp76-.Lfunc_begin2
	.quad	.Lfunc_end2-.Lfunc_begin2
	.short	1
	.byte	80
	.quad	0
	.quad	0
.Ldebug_loc9:
	.quad	-1
	.quad	.Lfunc_begin3
	.quad	.Lfunc_begin3-.Lfunc_begin3
	.quad	.Ltmp81-.Lfunc_begin3
	.short	1
	.byte	81
	.quad	.Ltmp81-.Lfunc_begin3
	.quad	.Ltmp109-.Lfunc_begin3
	.short	1
	.byte	86
	.quad	.Ltmp109-.Lfunc_begin3
	.quad	.Ltmp113-.Lfunc_begin3
	.short	1
	.byte	81
	.quad	0
	.quad	0
.Ldebug_loc10:
	.quad	-1
	.quad	.Lfunc_begin3
	.quad	.Ltmp111-.Lfunc_begin3
	.quad	.Ltmp113-.Lfunc_begin3
	.short	1
	.byte	82
	.quad	0
	.quad	0
.Ldebug_loc11:
	.quad	-1
	.quad	.Lfunc_begin4
	.quad	.Lfunc_begin4-.Lfunc_begin4
	.quad	.Ltmp118-.Lfunc_begin4
	.short	1
	.byte	81
	.quad	0
	.quad	0
.Ldebug_loc12:
	.quad	-1
	.quad	.Lfunc_begin5
	.quad	.Lfunc_begin5-.Lfunc_begin5
	.quad	.Ltmp126-.Lfunc_begin5
	.short	1
	.byte	81
	.quad	0
	.quad	0
.Ldebug_loc13:
	.quad	-1
	.quad	.Lfunc_begin5
	.quad	.Ltmp137-.Lfunc_begin5
	.quad	.Ltmp139-.Lfunc_begin5
	.short	1
	.byte	81
	.quad	0
	.quad	0
.Ldebug_loc14:
	.quad	-1
	.quad	.Lfunc_begin5
	.quad	.Ltmp142-.Lfunc_begin5
	.quad	.Ltmp144-.Lfunc_begin5
	.short	1
	.byte	81
	.quad	0
	.quad	0
	.section	.debug_abbrev,"",@progbits
	.byte	1
	.byte	17
	.byte	1
	.byte	37
	.byte	14
	.byte	19
	.byte	5
	.byte	3
	.byte	14
	.byte	16
	.byte	23
	.byte	27
	.byte	14
	.byte	17
	.byte	1
	.byte	85
	.byte	23
	.byte	0
	.byte	0
	.byte	2
	.byte	57
	.byte	1
	.byte	3
	.byte	14
	.byte	0
	.byte	0
	.byte	3
	.byte	52
	.byte	0
	.byte	3
	.byte	14
	.byte	73
	.byte	19
	.byte	63
	.byte	25
	.byte	58
	.byte	11
	.byte	59
	.byte	11
	.ascii	"\210\001"
	.byte	15
	.byte	2
	.byte	24
	.byte	0
	.byte	0
	.byte	4
	.byte	19
	.byte	1
	.byte	3
	.byte	14
	.byte	11
	.byte	11
	.byte	50
	.byte	11
	.ascii	"\210\001"
	.byte	15
	.byte	0
	.byte	0
	.byte	5
	.byte	47
	.byte	0
	.byte	73
	.byte	19
	.byte	3
	.byte	14
	.byte	0
	.byte	0
	.byte	6
	.byte	13
	.byte	0
	.byte	3
	.byte	14
	.byte	73
	.byte	19
	.ascii	"\210\001"
	.byte	15
	.byte	56
	.byte	11
	.byte	50
	.byte	11
	.byte	0
	.byte	0
	.byte	7
	.byte	52
	.byte	0
	.byte	3
	.byte	14
	.byte	73
	.byte	19
	.byte	63
	.byte	25
	.byte	58
	.byte	11
	.byte	59
	.byte	5
	.ascii	"\210\001"
	.byte	15
	.byte	2
	.byte	24
	.byte	0
	.byte	0
	.byte	8
	.byte	51
	.byte	1
	.byte	21
	.byte	19
	.byte	0
	.byte	0
	.byte	9
	.byte	13
	.byte	0
	.byte	73
	.byte	19
	.ascii	"\210\001"
	.byte	15
	.byte	56
	.byte	11
	.byte	52
	.byte	25
	.byte	0
	.byte	0
	.byte	10
	.byte	25
	.byte	1
	.byte	22
	.byte	11
	.byte	0
	.byte	0
	.byte	11
	.byte	13
	.byte	0
	.byte	3
	.byte	14
	.byte	73
	.byte	19
	.ascii	"\210\001"
	.byte	15
	.byte	56
	.byte	11
	.byte	0
	.byte	0
	.byte	12
	.byte	25
	.byte	1
	.byte	0
	.byte	0
	.byte	13
	.byte	19
	.byte	0
	.byte	3
	.byte	14
	.byte	11
	.byte	11
	.byte	50
	.byte	11
	.ascii	"\210\001"
	.byte	15
	.byte	0
	.byte	0
	.byte	14
	.byte	4
	.byte	1
	.byte	73
	.byte	19
	.byte	109
	.byte	25
	.byte	3
	.byte	14
	.byte	11
	.byte	11
	.ascii	"\210\001"
	.byte	15
	.byte	0
	.byte	0
	.byte	15
	.byte	40
	.byte	0
	.byte	3
	.byte	14
	.byte	28
	.byte	15
	.byte	0
	.byte	0
	.byte	16
	.byte	52
	.byte	0
	.byte	3
	.byte	14
	.byte	73
	.byte	19
	.byte	58
	.byte	11
	.byte	59
	.byte	5
	.ascii	"\210\001"
	.byte	15
	.byte	2
	.byte	24
	.byte	110
	.byte	14
	.byte	0
	.byte	0
	.byte	17
	.byte	46
	.byte	1
	.byte	110
	.byte	14
	.byte	3
	.byte	14
	.byte	58
	.byte	11
	.byte	59
	.byte	11
	.byte	73
	.byte	19
	.byte	32
	.byte	11
	.byte	0
	.byte	0
	.byte	18
	.byte	5
	.byte	0
	.byte	3
	.byte	14
	.byte	58
	.byte	11
	.byte	59
	.byte	11
	.byte	73
	.byte	19
	.byte	0
	.byte	0
	.byte	19
	.byte	11
	.byte	1
	.byte	0
	.byte	0
	.byte	20
	.byte	52
	.byte	0
	.byte	3
	.byte	14
	.ascii	"\210\001"
	.byte	15
	.byte	58
	.byte	11
	.byte	59
	.byte	11
	.byte	73
	.byte	19
	.byte	0
	.byte	0
	.byte	21
	.byte	46
	.byte	1
	.byte	17
	.byte	1
	.byte	18
	.byte	6
	.byte	64
	.byte	24
	.byte	110
	.byte	14
	.byte	3
	.byte	14
	.byte	58
	.byte	11
	.byte	59
	.byte	5
	.byte	54
	.byte	11
	.byte	73
	.byte	19
	.byte	0
	.byte	0
	.byte	22
	.byte	5
	.byte	0
	.byte	2
	.byte	24
	.byte	3
	.byte	14
	.byte	58
	.byte	11
	.byte	59
	.byte	5
	.byte	73
	.byte	19
	.byte	0
	.byte	0
	.byte	23
	.byte	5
	.byte	0
	.byte	3
	.byte	14
	.byte	58
	.byte	11
	.byte	59
	.byte	5
	.byte	73
	.byte	19
	.byte	0
	.byte	0
	.byte	24
	.byte	11
	.byte	1
	.byte	85
	.byte	23
	.byte	0
	.byte	0
	.byte	25
	.byte	52
	.byte	0
	.byte	2
	.byte	23
	.byte	3
	.byte	14
	.ascii	"\210\001"
	.byte	15
	.byte	58
	.byte	11
	.byte	59
	.byte	5
	.byte	73
	.byte	19
	.byte	0
	.byte	0
	.byte	26
	.byte	29
	.byte	1
	.byte	49
	.byte	19
	.byte	17
	.byte	1
	.byte	18
	.byte	6
	.byte	88
	.byte	11
	.byte	89
	.byte	5
	.byte	87
	.byte	11
	.byte	0
	.byte	0
	.byte	27
	.byte	5
	.byte	0
	.byte	2
	.byte	23
	.byte	49
	.byte	19
	.byte	0
	.byte	0
	.byte	28
	.byte	5
	.byte	0
	.byte	2
	.byte	24
	.byte	49
	.byte	19
	.byte	0
	.byte	0
	.byte	29
	.byte	11
	.byte	1
	.byte	17
	.byte	1
	.byte	18
	.byte	6
	.byte	49
	.byte	19
	.byte	0
	.byte	0
	.byte	30
	.byte	52
	.byte	0
	.byte	28
	.byte	15
	.byte	49
	.byte	19
	.byte	0
	.byte	0
	.byte	31
	.byte	11
	.byte	1
	.byte	17
	.byte	1
	.byte	18
	.byte	6
	.byte	0
	.byte	0
	.byte	32
	.byte	52
	.byte	0
	.byte	2
	.byte	24
	.byte	3
	.byte	14
	.ascii	"\210\001"
	.byte	15
	.byte	58
	.byte	11
	.byte	59
	.byte	5
	.byte	73
	.byte	19
	.byte	0
	.byte	0
	.byte	33
	.byte	46
	.byte	1
	.byte	17
	.byte	1
	.byte	18
	.byte	6
	.byte	64
	.byte	24
	.byte	110
	.byte	14
	.byte	3
	.byte	14
	.byte	58
	.byte	11
	.byte	59
	.byte	5
	.byte	73
	.byte	19
	.byte	0
	.byte	0
	.byte	34
	.byte	5
	.byte	0
	.byte	2
	.byte	23
	.byte	3
	.byte	14
	.byte	58
	.byte	11
	.byte	59
	.byte	5
	.byte	73
	.byte	19
	.byte	0
	.byte	0
	.byte	35
	.byte	46
	.byte	1
	.byte	17
	.byte	1
	.byte	18
	.byte	6
	.byte	64
	.byte	24
	.byte	3
	.byte	14
	.byte	58
	.byte	11
	.byte	59
	.byte	5
	.byte	73
	.byte	19
	.byte	63
	.byte	25
	.byte	0
	.byte	0
	.byte	36
	.byte	46
	.byte	1
	.byte	110
	.byte	14
	.byte	3
	.byte	14
	.byte	58
	.byte	11
	.byte	59
	.byte	11
	.byte	32
	.byte	11
	.byte	0
	.byte	0
	.byte	37
	.byte	36
	.byte	0
	.byte	3
	.byte	14
	.byte	62
	.byte	11
	.byte	11
	.byte	11
	.byte	0
	.byte	0
	.byte	38
	.byte	19
	.byte	1
	.byte	3
	.byte	14
	.byte	11
	.byte	11
	.ascii	"\210\001"
	.byte	15
	.byte	0
	.byte	0
	.byte	39
	.byte	1
	.byte	1
	.byte	73
	.byte	19
	.byte	0
	.byte	0
	.byte	40
	.byte	33
	.byte	0
	.byte	73
	.byte	19
	.byte	34
	.byte	13
	.byte	55
	.byte	11
	.byte	0
	.byte	0
	.byte	41
	.byte	36
	.byte	0
	.byte	3
	.byte	14
	.byte	11
	.byte	11
	.byte	62
	.byte	11
	.byte	0
	.byte	0
	.byte	42
	.byte	15
	.byte	0
	.byte	73
	.byte	19
	.byte	51
	.byte	6
	.byte	0
	.byte	0
	.byte	43
	.byte	15
	.byte	0
	.byte	73
	.byte	19
	.byte	3
	.byte	14
	.byte	51
	.byte	6
	.byte	0
	.byte	0
	.byte	44
	.byte	21
	.byte	1
	.byte	73
	.byte	19
	.byte	0
	.byte	0
	.byte	45
	.byte	5
	.byte	0
	.byte	73
	.byte	19
	.byte	0
	.byte	0
	.byte	46
	.byte	33
	.byte	0
	.byte	73
	.byte	19
	.byte	34
	.byte	13
	.byte	55
	.byte	5
	.byte	0
	.byte	0
	.byte	47
	.byte	21
	.byte	0
	.byte	73
	.byte	19
	.byte	0
	.byte	0
	.byte	48
	.byte	21
	.byte	1
	.byte	0
	.byte	0
	.byte	0
	.section	.debug_info,"",@progbits
.Lcu_begin0:
	.long	.Ldebug_info_end0-.Ldebug_info_start0
.Ldebug_info_start0:
	.short	4
	.long	.debug_abbrev
	.byte	8
	.byte	1
	.long	.Linfo_string0
	.short	28
	.long	.Linfo_string1
	.long	.Lline_table_start0
	.long	.Linfo_string2
	.quad	0
	.long	.Ldebug_ranges4
	.byte	2
	.long	.Linfo_string3
	.byte	3
	.long	.Linfo_string4
	.long	69

	.byte	1
	.byte	180
	.byte	4
	.byte	9
	.byte	3
	.quad	COUNTS
	.byte	4
	.long	.Linfo_string27
	.byte	28
	.byte	1
	.byte	4
	.byte	5
	.long	3778
	.long	.Linfo_string6
	.byte	5
	.long	3785
	.long	.Linfo_string8
	.byte	6
	.long	.Linfo_string9
	.long	120
	.byte	4
	.byte	0
	.byte	3
	.byte	6
	.long	.Linfo_string23
	.long	264
	.byte	1
	.byte	28
	.byte	3
	.byte	0
	.byte	4
	.long	.Linfo_string22
	.byte	28
	.byte	1
	.byte	4
	.byte	6
	.long	.Linfo_string10
	.long	141
	.byte	4
	.byte	0
	.byte	3
	.byte	0
	.byte	4
	.long	.Linfo_string21
	.byte	28
	.byte	1
	.byte	4
	.byte	5
	.long	171
	.long	.Linfo_string19
	.byte	6
	.long	.Linfo_string20
	.long	171
	.byte	4
	.byte	0
	.byte	3
	.byte	0
	.byte	4
	.long	.Linfo_string18
	.byte	28
	.byte	1
	.byte	4
	.byte	6
	.long	.Linfo_string11
	.long	3778
	.byte	4
	.byte	0
	.byte	3
	.byte	6
	.long	.Linfo_string12
	.long	3778
	.byte	4
	.byte	4
	.byte	3
	.byte	6
	.long	.Linfo_string13
	.long	3778
	.byte	4
	.byte	8
	.byte	3
	.byte	6
	.long	.Linfo_string14
	.long	3778
	.byte	4
	.byte	12
	.byte	3
	.byte	6
	.long	.Linfo_string15
	.long	3778
	.byte	4
	.byte	16
	.byte	3
	.byte	6
	.long	.Linfo_string16
	.long	3778
	.byte	4
	.byte	20
	.byte	3
	.byte	6
	.long	.Linfo_string17
	.long	3778
	.byte	4
	.byte	24
	.byte	3
	.byte	0
	.byte	4
	.long	.Linfo_string26
	.byte	0
	.byte	1
	.byte	1
	.byte	5
	.long	3792
	.long	.Linfo_string19
	.byte	0
	.byte	7
	.long	.Linfo_string28
	.long	3822

	.byte	1
	.short	357
	.byte	1
	.byte	9
	.byte	3
	.quad	LICENSE
	.byte	7
	.long	.Linfo_string31
	.long	3785

	.byte	1
	.short	283
	.byte	8
	.byte	9
	.byte	3
	.quad	LIMIT
	.byte	7
	.long	.Linfo_string32
	.long	351

	.byte	1
	.short	269
	.byte	16
	.byte	9
	.byte	3
	.quad	ODD
	.byte	4
	.long	.Linfo_string69
	.byte	64
	.byte	1
	.byte	16
	.byte	6
	.long	.Linfo_string33
	.long	3849
	.byte	4
	.byte	48
	.byte	3
	.byte	6
	.long	.Linfo_string35
	.long	3856
	.byte	8
	.byte	0
	.byte	3
	.byte	6
	.long	.Linfo_string40
	.long	3902
	.byte	8
	.byte	32
	.byte	3
	.byte	6
	.long	.Linfo_string42
	.long	3926
	.byte	16
	.byte	16
	.byte	3
	.byte	6
	.long	.Linfo_string44
	.long	3933
	.byte	8
	.byte	40
	.byte	3
	.byte	6
	.long	.Linfo_string46
	.long	456
	.byte	1
	.byte	52
	.byte	3
	.byte	6
	.long	.Linfo_string51
	.long	3940
	.byte	1
	.byte	54
	.byte	3
	.byte	6
	.long	.Linfo_string53
	.long	651
	.byte	1
	.byte	54
	.byte	3
	.byte	0
	.byte	4
	.long	.Linfo_string50
	.byte	2
	.byte	1
	.byte	1
	.byte	8
	.long	469
	.byte	9
	.long	3835
	.byte	1
	.byte	0

	.byte	10
	.byte	2
	.byte	11
	.long	.Linfo_string47
	.long	504
	.byte	1
	.byte	0
	.byte	0
	.byte	12
	.byte	11
	.long	.Linfo_string48
	.long	522
	.byte	1
	.byte	0
	.byte	0
	.byte	0
	.byte	4
	.long	.Linfo_string47
	.byte	2
	.byte	1
	.byte	1
	.byte	5
	.long	553
	.long	.Linfo_string19
	.byte	0
	.byte	4
	.long	.Linfo_string48
	.byte	2
	.byte	1
	.byte	1
	.byte	5
	.long	553
	.long	.Linfo_string19
	.byte	6
	.long	.Linfo_string10
	.long	553
	.byte	1
	.byte	0
	.byte	1
	.byte	0
	.byte	0
	.byte	4
	.long	.Linfo_string49
	.byte	2
	.byte	1
	.byte	1
	.byte	8
	.long	566
	.byte	9
	.long	3835
	.byte	1
	.byte	0

	.byte	10
	.byte	0
	.byte	11
	.long	.Linfo_string47
	.long	602
	.byte	1
	.byte	0
	.byte	0
	.byte	10
	.byte	1
	.byte	11
	.long	.Linfo_string48
	.long	620
	.byte	1
	.byte	0
	.byte	0
	.byte	0
	.byte	4
	.long	.Linfo_string47
	.byte	2
	.byte	1
	.byte	1
	.byte	5
	.long	3835
	.long	.Linfo_string19
	.byte	0
	.byte	4
	.long	.Linfo_string48
	.byte	2
	.byte	1
	.byte	1
	.byte	5
	.long	3835
	.long	.Linfo_string19
	.byte	6
	.long	.Linfo_string10
	.long	3835
	.byte	1
	.byte	1
	.byte	1
	.byte	0
	.byte	0
	.byte	4
	.long	.Linfo_string68
	.byte	0
	.byte	1
	.byte	1
	.byte	5
	.long	3947
	.long	.Linfo_string19
	.byte	0
	.byte	4
	.long	.Linfo_string64
	.byte	8
	.byte	1
	.byte	4
	.byte	8
	.long	682
	.byte	9
	.long	3778
	.byte	4
	.byte	0

	.byte	12
	.byte	11
	.long	.Linfo_string59
	.long	717
	.byte	4
	.byte	0
	.byte	0
	.byte	10
	.byte	2
	.byte	11
	.long	.Linfo_string63
	.long	756
	.byte	4
	.byte	0
	.byte	0
	.byte	0
	.byte	4
	.long	.Linfo_string59
	.byte	8
	.byte	1
	.byte	4
	.byte	5
	.long	796
	.long	.Linfo_string19
	.byte	5
	.long	4111
	.long	.Linfo_string62
	.byte	6
	.long	.Linfo_string10
	.long	796
	.byte	4
	.byte	0
	.byte	1
	.byte	0
	.byte	4
	.long	.Linfo_string63
	.byte	8
	.byte	1
	.byte	4
	.byte	5
	.long	796
	.long	.Linfo_string19
	.byte	5
	.long	4111
	.long	.Linfo_string62
	.byte	6
	.long	.Linfo_string10
	.long	4111
	.byte	1
	.byte	4
	.byte	1
	.byte	0
	.byte	0
	.byte	4
	.long	.Linfo_string60
	.byte	8
	.byte	1
	.byte	4
	.byte	8
	.long	809
	.byte	9
	.long	3778
	.byte	4
	.byte	0

	.byte	10
	.byte	0
	.byte	11
	.long	.Linfo_string47
	.long	845
	.byte	4
	.byte	0
	.byte	0
	.byte	10
	.byte	1
	.byte	11
	.long	.Linfo_string48
	.long	863
	.byte	4
	.byte	0
	.byte	0
	.byte	0
	.byte	4
	.long	.Linfo_string47
	.byte	8
	.byte	1
	.byte	4
	.byte	5
	.long	3778
	.long	.Linfo_string19
	.byte	0
	.byte	4
	.long	.Linfo_string48
	.byte	8
	.byte	1
	.byte	4
	.byte	5
	.long	3778
	.long	.Linfo_string19
	.byte	6
	.long	.Linfo_string10
	.long	3778
	.byte	4
	.byte	4
	.byte	1
	.byte	0
	.byte	0
	.byte	3
	.long	.Linfo_string70
	.long	916

	.byte	1
	.byte	183
	.byte	4
	.byte	9
	.byte	3
	.quad	OPENED
	.byte	4
	.long	.Linfo_string99
	.byte	28
	.byte	1
	.byte	4
	.byte	5
	.long	958
	.long	.Linfo_string19
	.byte	6
	.long	.Linfo_string9
	.long	120
	.byte	4
	.byte	0
	.byte	3
	.byte	6
	.long	.Linfo_string97
	.long	1295
	.byte	1
	.byte	28
	.byte	3
	.byte	0
	.byte	4
	.long	.Linfo_string96
	.byte	88
	.byte	1
	.byte	8
	.byte	6
	.long	.Linfo_string71
	.long	4141
	.byte	1
	.byte	84
	.byte	3
	.byte	6
	.long	.Linfo_string73
	.long	3778
	.byte	4
	.byte	80
	.byte	3
	.byte	6
	.long	.Linfo_string74
	.long	3785
	.byte	8
	.byte	32
	.byte	3
	.byte	6
	.long	.Linfo_string75
	.long	4148
	.byte	1
	.byte	40
	.byte	3
	.byte	6
	.long	.Linfo_string76
	.long	1087
	.byte	8
	.byte	56
	.byte	3
	.byte	6
	.long	.Linfo_string82
	.long	4161
	.byte	4
	.byte	72
	.byte	3
	.byte	6
	.long	.Linfo_string84
	.long	1138
	.byte	4
	.byte	8
	.byte	3
	.byte	6
	.long	.Linfo_string91
	.long	1264
	.byte	1
	.byte	85
	.byte	3
	.byte	6
	.long	.Linfo_string46
	.long	796
	.byte	4
	.byte	0
	.byte	3
	.byte	6
	.long	.Linfo_string51
	.long	3940
	.byte	1
	.byte	86
	.byte	3
	.byte	0
	.byte	4
	.long	.Linfo_string81
	.byte	16
	.byte	1
	.byte	8
	.byte	5
	.long	3835
	.long	.Linfo_string77
	.byte	5
	.long	3785
	.long	.Linfo_string78
	.byte	6
	.long	.Linfo_string79
	.long	3835
	.byte	1
	.byte	8
	.byte	3
	.byte	6
	.long	.Linfo_string80
	.long	3785
	.byte	8
	.byte	0
	.byte	3
	.byte	0
	.byte	4
	.long	.Linfo_string90
	.byte	24
	.byte	1
	.byte	4
	.byte	8
	.long	1151
	.byte	9
	.long	3778
	.byte	4
	.byte	0

	.byte	10
	.byte	0
	.byte	11
	.long	.Linfo_string85
	.long	1201
	.byte	4
	.byte	0
	.byte	0
	.byte	10
	.byte	1
	.byte	11
	.long	.Linfo_string86
	.long	1209
	.byte	4
	.byte	0
	.byte	0
	.byte	10
	.byte	2
	.byte	11
	.long	.Linfo_string87
	.long	1230
	.byte	4
	.byte	0
	.byte	0
	.byte	0
	.byte	13
	.long	.Linfo_string85
	.byte	24
	.byte	1
	.byte	4
	.byte	4
	.long	.Linfo_string86
	.byte	24
	.byte	1
	.byte	4
	.byte	6
	.long	.Linfo_string10
	.long	3778
	.byte	4
	.byte	4
	.byte	1
	.byte	0
	.byte	4
	.long	.Linfo_string87
	.byte	24
	.byte	1
	.byte	4
	.byte	6
	.long	.Linfo_string88
	.long	4148
	.byte	1
	.byte	8
	.byte	1
	.byte	6
	.long	.Linfo_string89
	.long	3778
	.byte	4
	.byte	4
	.byte	1
	.byte	0
	.byte	0
	.byte	14
	.long	3835

	.long	.Linfo_string95
	.byte	1
	.byte	1
	.byte	15
	.long	.Linfo_string92
	.byte	0
	.byte	15
	.long	.Linfo_string93
	.byte	1
	.byte	15
	.long	.Linfo_string94
	.ascii	"\310\001"
	.byte	0
	.byte	4
	.long	.Linfo_string98
	.byte	0
	.byte	1
	.byte	1
	.byte	5
	.long	958
	.long	.Linfo_string19
	.byte	0
	.byte	3
	.long	.Linfo_string100
	.long	1335

	.byte	1
	.byte	208
	.byte	8
	.byte	9
	.byte	3
	.quad	RECORDS
	.byte	4
	.long	.Linfo_string115
	.byte	40
	.byte	1
	.byte	8
	.byte	5
	.long	1425
	.long	.Linfo_string19
	.byte	6
	.long	.Linfo_string107
	.long	4204
	.byte	8
	.byte	0
	.byte	3
	.byte	6
	.long	.Linfo_string110
	.long	4237
	.byte	8
	.byte	8
	.byte	3
	.byte	6
	.long	.Linfo_string13
	.long	4250
	.byte	8
	.byte	16
	.byte	3
	.byte	6
	.long	.Linfo_string14
	.long	4276
	.byte	8
	.byte	24
	.byte	3
	.byte	6
	.long	.Linfo_string15
	.long	4250
	.byte	8
	.byte	32
	.byte	3
	.byte	6
	.long	.Linfo_string97
	.long	1579
	.byte	1
	.byte	40
	.byte	3
	.byte	0
	.byte	4
	.long	.Linfo_string106
	.byte	40
	.byte	1
	.byte	8
	.byte	6
	.long	.Linfo_string101
	.long	3835
	.byte	1
	.byte	36
	.byte	3
	.byte	6
	.long	.Linfo_string102
	.long	1138
	.byte	4
	.byte	0
	.byte	3
	.byte	6
	.long	.Linfo_string33
	.long	3849
	.byte	4
	.byte	32
	.byte	3
	.byte	6
	.long	.Linfo_string103
	.long	1482
	.byte	8
	.byte	24
	.byte	3
	.byte	0
	.byte	4
	.long	.Linfo_string105
	.byte	8
	.byte	1
	.byte	8
	.byte	8
	.long	1495
	.byte	9
	.long	3785
	.byte	8
	.byte	0

	.byte	10
	.byte	0
	.byte	11
	.long	.Linfo_string47
	.long	1530
	.byte	8
	.byte	0
	.byte	0
	.byte	12
	.byte	11
	.long	.Linfo_string48
	.long	1548
	.byte	8
	.byte	0
	.byte	0
	.byte	0
	.byte	4
	.long	.Linfo_string47
	.byte	8
	.byte	1
	.byte	8
	.byte	5
	.long	4191
	.long	.Linfo_string19
	.byte	0
	.byte	4
	.long	.Linfo_string48
	.byte	8
	.byte	1
	.byte	8
	.byte	5
	.long	4191
	.long	.Linfo_string19
	.byte	6
	.long	.Linfo_string10
	.long	4191
	.byte	8
	.byte	0
	.byte	1
	.byte	0
	.byte	0
	.byte	4
	.long	.Linfo_string114
	.byte	0
	.byte	1
	.byte	1
	.byte	5
	.long	1425
	.long	.Linfo_string19
	.byte	0
	.byte	7
	.long	.Linfo_string116
	.long	3785

	.byte	1
	.short	281
	.byte	8
	.byte	9
	.byte	3
	.quad	SEEN
	.byte	3
	.long	.Linfo_string117
	.long	1642

	.byte	1
	.byte	211
	.byte	8
	.byte	9
	.byte	3
	.quad	STATS
	.byte	4
	.long	.Linfo_string126
	.byte	32
	.byte	1
	.byte	8
	.byte	5
	.long	1672
	.long	.Linfo_string8
	.byte	6
	.long	.Linfo_string10
	.long	1717
	.byte	8
	.byte	0
	.byte	3
	.byte	0
	.byte	4
	.long	.Linfo_string119
	.byte	40
	.byte	1
	.byte	8
	.byte	6
	.long	.Linfo_string101
	.long	3835
	.byte	1
	.byte	32
	.byte	3
	.byte	6
	.long	.Linfo_string118
	.long	3785
	.byte	8
	.byte	24
	.byte	3
	.byte	6
	.long	.Linfo_string84
	.long	1138
	.byte	4
	.byte	0
	.byte	3
	.byte	0
	.byte	4
	.long	.Linfo_string125
	.byte	32
	.byte	1
	.byte	8
	.byte	5
	.long	1747
	.long	.Linfo_string19
	.byte	6
	.long	.Linfo_string20
	.long	1747
	.byte	8
	.byte	0
	.byte	3
	.byte	0
	.byte	4
	.long	.Linfo_string124
	.byte	32
	.byte	1
	.byte	8
	.byte	5
	.long	1672
	.long	.Linfo_string8
	.byte	6
	.long	.Linfo_string107
	.long	4303
	.byte	8
	.byte	0
	.byte	3
	.byte	6
	.long	.Linfo_string110
	.long	4329
	.byte	8
	.byte	8
	.byte	3
	.byte	6
	.long	.Linfo_string20
	.long	4342
	.byte	8
	.byte	16
	.byte	3
	.byte	6
	.long	.Linfo_string14
	.long	4355
	.byte	8
	.byte	24
	.byte	3
	.byte	0
	.byte	16
	.long	.Linfo_string127
	.long	4381
	.byte	1
	.short	279
	.byte	4
	.byte	9
	.byte	3
	.quad	_RNvCshKuLGoDTFBq_4rust5TABLE
	.long	.Linfo_string128
	.byte	17
	.long	.Linfo_string129
	.long	.Linfo_string130
	.byte	1
	.byte	103
	.long	4394
	.byte	1
	.byte	18
	.long	.Linfo_string132
	.byte	1
	.byte	103
	.long	4407
	.byte	18
	.long	.Linfo_string110
	.byte	1
	.byte	103
	.long	4407
	.byte	19
	.byte	20
	.long	.Linfo_string134
	.byte	8
	.byte	1
	.byte	104
	.long	4420
	.byte	0
	.byte	0
	.byte	17
	.long	.Linfo_string136
	.long	.Linfo_string137
	.byte	1
	.byte	108
	.long	4449
	.byte	1
	.byte	18
	.long	.Linfo_string132
	.byte	1
	.byte	108
	.long	4407
	.byte	18
	.long	.Linfo_string110
	.byte	1
	.byte	108
	.long	4407
	.byte	18
	.long	.Linfo_string20
	.byte	1
	.byte	108
	.long	4407
	.byte	19
	.byte	20
	.long	.Linfo_string134
	.byte	8
	.byte	1
	.byte	109
	.long	4456
	.byte	0
	.byte	0
	.byte	21
	.quad	.Lfunc_begin0
	.long	.Lfunc_end0-.Lfunc_begin0
	.byte	1
	.byte	90
	.long	.Linfo_string159
	.long	.Linfo_string160
	.byte	1
	.short	289
	.byte	3
	.long	3649
	.byte	22
	.byte	2
	.byte	145
	.byte	4
	.long	.Linfo_string110
	.byte	1
	.short	289
	.long	3778
	.byte	23
	.long	.Linfo_string172
	.byte	1
	.short	289
	.long	3778
	.byte	24
	.long	.Ldebug_ranges0
	.byte	25
	.long	.Ldebug_loc1
	.long	.Linfo_string132
	.byte	8
	.byte	1
	.short	290
	.long	4407
	.byte	26
	.long	1840
	.quad	.Ltmp2
	.long	.Ltmp7-.Ltmp2
	.byte	1
	.short	291
	.byte	13
	.byte	27
	.long	.Ldebug_loc0
	.long	1856
	.byte	28
	.byte	3
	.byte	145
	.byte	4
	.byte	159
	.long	1867
	.byte	29
	.quad	.Ltmp2
	.long	.Ltmp7-.Ltmp2
	.long	1878
	.byte	30
	.byte	1
	.long	1879
	.byte	0
	.byte	0
	.byte	24
	.long	.Ldebug_ranges1
	.byte	25
	.long	.Ldebug_loc2
	.long	.Linfo_string169
	.byte	8
	.byte	1
	.short	291
	.long	4645
	.byte	26
	.long	1893
	.quad	.Ltmp12
	.long	.Ltmp17-.Ltmp12
	.byte	1
	.short	296
	.byte	11
	.byte	28
	.byte	3
	.byte	145
	.byte	4
	.byte	159
	.long	1920
	.byte	27
	.long	.Ldebug_loc3
	.long	1931
	.byte	29
	.quad	.Ltmp12
	.long	.Ltmp17-.Ltmp12
	.long	1942
	.byte	30
	.byte	2
	.long	1943
	.byte	0
	.byte	0
	.byte	31
	.quad	.Ltmp22
	.long	.Ltmp25-.Ltmp22
	.byte	32
	.byte	1
	.byte	80
	.long	.Linfo_string171
	.byte	8
	.byte	1
	.short	298
	.long	4449
	.byte	0
	.byte	0
	.byte	0
	.byte	5
	.long	3778
	.long	.Linfo_string19
	.byte	0
	.byte	17
	.long	.Linfo_string129
	.long	.Linfo_string130
	.byte	1
	.byte	103
	.long	4394
	.byte	1
	.byte	18
	.long	.Linfo_string132
	.byte	1
	.byte	103
	.long	4407
	.byte	18
	.long	.Linfo_string110
	.byte	1
	.byte	103
	.long	4407
	.byte	19
	.byte	20
	.long	.Linfo_string134
	.byte	8
	.byte	1
	.byte	104
	.long	4420
	.byte	0
	.byte	0
	.byte	17
	.long	.Linfo_string136
	.long	.Linfo_string137
	.byte	1
	.byte	108
	.long	4449
	.byte	1
	.byte	18
	.long	.Linfo_string132
	.byte	1
	.byte	108
	.long	4407
	.byte	18
	.long	.Linfo_string110
	.byte	1
	.byte	108
	.long	4407
	.byte	18
	.long	.Linfo_string20
	.byte	1
	.byte	108
	.long	4407
	.byte	19
	.byte	20
	.long	.Linfo_string134
	.byte	8
	.byte	1
	.byte	109
	.long	4456
	.byte	0
	.byte	0
	.byte	21
	.quad	.Lfunc_begin1
	.long	.Lfunc_end1-.Lfunc_begin1
	.byte	1
	.byte	90
	.long	.Linfo_string162
	.long	.Linfo_string163
	.byte	1
	.short	289
	.byte	3
	.long	3649
	.byte	22
	.byte	2
	.byte	145
	.byte	4
	.long	.Linfo_string110
	.byte	1
	.short	289
	.long	3778
	.byte	23
	.long	.Linfo_string172
	.byte	1
	.short	289
	.long	3785
	.byte	24
	.long	.Ldebug_ranges2
	.byte	25
	.long	.Ldebug_loc5
	.long	.Linfo_string132
	.byte	8
	.byte	1
	.short	290
	.long	4407
	.byte	26
	.long	2228
	.quad	.Ltmp40
	.long	.Ltmp45-.Ltmp40
	.byte	1
	.short	291
	.byte	13
	.byte	27
	.long	.Ldebug_loc4
	.long	2244
	.byte	28
	.byte	3
	.byte	145
	.byte	4
	.byte	159
	.long	2255
	.byte	29
	.quad	.Ltmp40
	.long	.Ltmp45-.Ltmp40
	.long	2266
	.byte	30
	.byte	1
	.long	2267
	.byte	0
	.byte	0
	.byte	24
	.long	.Ldebug_ranges3
	.byte	25
	.long	.Ldebug_loc6
	.long	.Linfo_string169
	.byte	8
	.byte	1
	.short	291
	.long	4645
	.byte	26
	.long	2281
	.quad	.Ltmp50
	.long	.Ltmp55-.Ltmp50
	.byte	1
	.short	296
	.byte	11
	.byte	28
	.byte	3
	.byte	145
	.byte	4
	.byte	159
	.long	2308
	.byte	27
	.long	.Ldebug_loc7
	.long	2319
	.byte	29
	.quad	.Ltmp50
	.long	.Ltmp55-.Ltmp50
	.long	2330
	.byte	30
	.byte	2
	.long	2331
	.byte	0
	.byte	0
	.byte	31
	.quad	.Ltmp60
	.long	.Ltmp63-.Ltmp60
	.byte	32
	.byte	1
	.byte	80
	.long	.Linfo_string171
	.byte	8
	.byte	1
	.short	298
	.long	4449
	.byte	0
	.byte	0
	.byte	0
	.byte	5
	.long	3785
	.long	.Linfo_string19
	.byte	0
	.byte	33
	.quad	.Lfunc_begin2
	.long	.Lfunc_end2-.Lfunc_begin2
	.byte	1
	.byte	90
	.long	.Linfo_string164
	.long	.Linfo_string165
	.byte	1
	.short	265
	.long	3778
	.byte	34
	.long	.Ldebug_loc8
	.long	.Linfo_string173
	.byte	1
	.short	265
	.long	3778
	.byte	0
	.byte	17
	.long	.Linfo_string140
	.long	.Linfo_string73
	.byte	1
	.byte	113
	.long	3778
	.byte	1
	.byte	19
	.byte	20
	.long	.Linfo_string134
	.byte	8
	.byte	1
	.byte	114
	.long	4495
	.byte	0
	.byte	0
	.byte	17
	.long	.Linfo_string142
	.long	.Linfo_string143
	.byte	1
	.byte	118
	.long	4449
	.byte	1
	.byte	18
	.long	.Linfo_string144
	.byte	1
	.byte	118
	.long	4394
	.byte	19
	.byte	20
	.long	.Linfo_string134
	.byte	8
	.byte	1
	.byte	119
	.long	4513
	.byte	0
	.byte	0
	.byte	17
	.long	.Linfo_string146
	.long	.Linfo_string147
	.byte	1
	.byte	123
	.long	4449
	.byte	1
	.byte	18
	.long	.Linfo_string148
	.byte	1
	.byte	123
	.long	4394
	.byte	18
	.long	.Linfo_string132
	.byte	1
	.byte	123
	.long	4407
	.byte	18
	.long	.Linfo_string149
	.byte	1
	.byte	123
	.long	4407
	.byte	20
	.long	.Linfo_string150
	.byte	8
	.byte	1
	.byte	123
	.long	3785
	.byte	19
	.byte	20
	.long	.Linfo_string134
	.byte	8
	.byte	1
	.byte	124
	.long	4542
	.byte	0
	.byte	0
	.byte	35
	.quad	.Lfunc_begin3
	.long	.Lfunc_end3-.Lfunc_begin3
	.byte	1
	.byte	90
	.long	.Linfo_string166
	.byte	1
	.short	313
	.long	3778

	.byte	34
	.long	.Ldebug_loc9
	.long	.Linfo_string148
	.byte	1
	.short	313
	.long	4394
	.byte	26
	.long	2663
	.quad	.Ltmp86
	.long	.Ltmp89-.Ltmp86
	.byte	1
	.short	317
	.byte	14
	.byte	29
	.quad	.Ltmp86
	.long	.Ltmp89-.Ltmp86
	.long	2679
	.byte	30
	.byte	14
	.long	2680
	.byte	0
	.byte	0
	.byte	31
	.quad	.Ltmp98
	.long	.Ltmp113-.Ltmp98
	.byte	32
	.byte	2
	.byte	145
	.byte	0
	.long	.Linfo_string171
	.byte	8
	.byte	1
	.short	315
	.long	958
	.byte	26
	.long	2694
	.quad	.Ltmp98
	.long	.Ltmp101-.Ltmp98
	.byte	1
	.short	327
	.byte	5
	.byte	29
	.quad	.Ltmp98
	.long	.Ltmp101-.Ltmp98
	.long	2721
	.byte	30
	.byte	16
	.long	2722
	.byte	0
	.byte	0
	.byte	26
	.long	2736
	.quad	.Ltmp106
	.long	.Ltmp113-.Ltmp106
	.byte	1
	.short	329
	.byte	5
	.byte	28
	.byte	1
	.byte	86
	.long	2752
	.byte	27
	.long	.Ldebug_loc10
	.long	2763
	.byte	28
	.byte	1
	.byte	90
	.long	2774
	.byte	30
	.byte	88
	.long	2785
	.byte	29
	.quad	.Ltmp106
	.long	.Ltmp113-.Ltmp106
	.long	2797
	.byte	30
	.byte	25
	.long	2798
	.byte	0
	.byte	0
	.byte	0
	.byte	0
	.byte	35
	.quad	.Lfunc_begin4
	.long	.Lfunc_end4-.Lfunc_begin4
	.byte	1
	.byte	90
	.long	.Linfo_string167
	.byte	1
	.short	304
	.long	3778

	.byte	34
	.long	.Ldebug_loc11
	.long	.Linfo_string174
	.byte	1
	.short	304
	.long	4394
	.byte	0
	.byte	17
	.long	.Linfo_string136
	.long	.Linfo_string137
	.byte	1
	.byte	108
	.long	4449
	.byte	1
	.byte	18
	.long	.Linfo_string132
	.byte	1
	.byte	108
	.long	4407
	.byte	18
	.long	.Linfo_string110
	.byte	1
	.byte	108
	.long	4407
	.byte	18
	.long	.Linfo_string20
	.byte	1
	.byte	108
	.long	4407
	.byte	19
	.byte	20
	.long	.Linfo_string134
	.byte	8
	.byte	1
	.byte	109
	.long	4456
	.byte	0
	.byte	0
	.byte	17
	.long	.Linfo_string152
	.long	.Linfo_string153
	.byte	1
	.byte	128
	.long	4394
	.byte	1
	.byte	18
	.long	.Linfo_string132
	.byte	1
	.byte	128
	.long	4407
	.byte	20
	.long	.Linfo_string150
	.byte	8
	.byte	1
	.byte	128
	.long	3785
	.byte	19
	.byte	20
	.long	.Linfo_string134
	.byte	8
	.byte	1
	.byte	129
	.long	4586
	.byte	0
	.byte	0
	.byte	17
	.long	.Linfo_string140
	.long	.Linfo_string73
	.byte	1
	.byte	113
	.long	3778
	.byte	1
	.byte	19
	.byte	20
	.long	.Linfo_string134
	.byte	8
	.byte	1
	.byte	114
	.long	4495
	.byte	0
	.byte	0
	.byte	36
	.long	.Linfo_string155
	.long	.Linfo_string156
	.byte	1
	.byte	133
	.byte	1
	.byte	18
	.long	.Linfo_string157
	.byte	1
	.byte	133
	.long	4394
	.byte	19
	.byte	20
	.long	.Linfo_string134
	.byte	8
	.byte	1
	.byte	134
	.long	4620
	.byte	0
	.byte	0
	.byte	35
	.quad	.Lfunc_begin5
	.long	.Lfunc_end5-.Lfunc_begin5
	.byte	1
	.byte	90
	.long	.Linfo_string168
	.byte	1
	.short	335
	.long	3778

	.byte	34
	.long	.Ldebug_loc12
	.long	.Linfo_string174
	.byte	1
	.short	335
	.long	4394
	.byte	31
	.quad	.Ltmp129
	.long	.Ltmp159-.Ltmp129
	.byte	32
	.byte	2
	.byte	145
	.byte	4
	.long	.Linfo_string110
	.byte	4
	.byte	1
	.short	336
	.long	3778
	.byte	31
	.quad	.Ltmp134
	.long	.Ltmp159-.Ltmp134
	.byte	32
	.byte	2
	.byte	145
	.byte	8
	.long	.Linfo_string175
	.byte	8
	.byte	1
	.short	337
	.long	1672
	.byte	26
	.long	3095
	.quad	.Ltmp134
	.long	.Ltmp139-.Ltmp134
	.byte	1
	.short	338
	.byte	5
	.byte	27
	.long	.Ldebug_loc13
	.long	3111
	.byte	28
	.byte	3
	.byte	145
	.byte	4
	.byte	159
	.long	3122
	.byte	28
	.byte	3
	.byte	145
	.byte	8
	.byte	159
	.long	3133
	.byte	29
	.quad	.Ltmp134
	.long	.Ltmp139-.Ltmp134
	.long	3144
	.byte	30
	.byte	2
	.long	3145
	.byte	0
	.byte	0
	.byte	26
	.long	3159
	.quad	.Ltmp139
	.long	.Ltmp146-.Ltmp139
	.byte	1
	.short	339
	.byte	13
	.byte	27
	.long	.Ldebug_loc14
	.long	3175
	.byte	30
	.byte	40
	.long	3186
	.byte	29
	.quad	.Ltmp139
	.long	.Ltmp146-.Ltmp139
	.long	3198
	.byte	30
	.ascii	"\203\001"
	.long	3199
	.byte	0
	.byte	0
	.byte	31
	.quad	.Ltmp146
	.long	.Ltmp159-.Ltmp146
	.byte	32
	.byte	1
	.byte	86
	.long	.Linfo_string176
	.byte	8
	.byte	1
	.short	339
	.long	4658
	.byte	26
	.long	3213
	.quad	.Ltmp149
	.long	.Ltmp152-.Ltmp149
	.byte	1
	.short	346
	.byte	53
	.byte	29
	.quad	.Ltmp149
	.long	.Ltmp152-.Ltmp149
	.long	3229
	.byte	30
	.byte	14
	.long	3230
	.byte	0
	.byte	0
	.byte	26
	.long	3244
	.quad	.Ltmp156
	.long	.Ltmp159-.Ltmp156
	.byte	1
	.short	351
	.byte	5
	.byte	28
	.byte	1
	.byte	86
	.long	3256
	.byte	29
	.quad	.Ltmp156
	.long	.Ltmp159-.Ltmp156
	.long	3267
	.byte	30
	.ascii	"\204\001"
	.long	3268
	.byte	0
	.byte	0
	.byte	0
	.byte	0
	.byte	0
	.byte	0
	.byte	4
	.long	.Linfo_string161
	.byte	16
	.byte	1
	.byte	8
	.byte	8
	.long	3662
	.byte	9
	.long	3785
	.byte	8
	.byte	0

	.byte	10
	.byte	0
	.byte	11
	.long	.Linfo_string59
	.long	3698
	.byte	8
	.byte	0
	.byte	0
	.byte	10
	.byte	1
	.byte	11
	.long	.Linfo_string63
	.long	3737
	.byte	8
	.byte	0
	.byte	0
	.byte	0
	.byte	4
	.long	.Linfo_string59
	.byte	16
	.byte	1
	.byte	8
	.byte	5
	.long	3785
	.long	.Linfo_string19
	.byte	5
	.long	4449
	.long	.Linfo_string62
	.byte	6
	.long	.Linfo_string10
	.long	3785
	.byte	8
	.byte	8
	.byte	1
	.byte	0
	.byte	4
	.long	.Linfo_string63
	.byte	16
	.byte	1
	.byte	8
	.byte	5
	.long	3785
	.long	.Linfo_string19
	.byte	5
	.long	4449
	.long	.Linfo_string62
	.byte	6
	.long	.Linfo_string10
	.long	4449
	.byte	8
	.byte	8
	.byte	1
	.byte	0
	.byte	0
	.byte	0
	.byte	37
	.long	.Linfo_string5
	.byte	7
	.byte	4
	.byte	37
	.long	.Linfo_string7
	.byte	7
	.byte	8
	.byte	38
	.long	.Linfo_string25
	.byte	16
	.byte	8
	.byte	11
	.long	.Linfo_string10
	.long	3778
	.byte	4
	.byte	0
	.byte	11
	.long	.Linfo_string24
	.long	3785
	.byte	8
	.byte	8
	.byte	0
	.byte	39
	.long	3835
	.byte	40
	.long	3842
	.byte	0
	.byte	13
	.byte	0
	.byte	37
	.long	.Linfo_string29
	.byte	7
	.byte	1
	.byte	41
	.long	.Linfo_string30
	.byte	8
	.byte	7
	.byte	37
	.long	.Linfo_string34
	.byte	16
	.byte	4
	.byte	38
	.long	.Linfo_string39
	.byte	16
	.byte	8
	.byte	11
	.long	.Linfo_string36
	.long	3886
	.byte	8
	.byte	0
	.byte	11
	.long	.Linfo_string37
	.long	3895
	.byte	8
	.byte	8
	.byte	0
	.byte	42
	.long	3835
	.long	0
	.byte	37
	.long	.Linfo_string38
	.byte	7
	.byte	8
	.byte	43
	.long	3915
	.long	.Linfo_string41
	.long	0
	.byte	44
	.long	3778
	.byte	45
	.long	3778
	.byte	0
	.byte	37
	.long	.Linfo_string43
	.byte	7
	.byte	16
	.byte	37
	.long	.Linfo_string45
	.byte	4
	.byte	8
	.byte	37
	.long	.Linfo_string52
	.byte	7
	.byte	0
	.byte	38
	.long	.Linfo_string67
	.byte	48
	.byte	8
	.byte	11
	.long	.Linfo_string10
	.long	3835
	.byte	1
	.byte	32
	.byte	11
	.long	.Linfo_string24
	.long	4010
	.byte	2
	.byte	24
	.byte	11
	.long	.Linfo_string55
	.long	4030
	.byte	8
	.byte	0
	.byte	11
	.long	.Linfo_string57
	.long	3856
	.byte	8
	.byte	8
	.byte	11
	.long	.Linfo_string58
	.long	4054
	.byte	8
	.byte	40
	.byte	0
	.byte	39
	.long	4023
	.byte	40
	.long	3842
	.byte	0
	.byte	4
	.byte	0
	.byte	37
	.long	.Linfo_string54
	.byte	7
	.byte	2
	.byte	43
	.long	4043
	.long	.Linfo_string56
	.long	0
	.byte	44
	.long	4023
	.byte	45
	.long	3835
	.byte	0
	.byte	43
	.long	4067
	.long	.Linfo_string66
	.long	0
	.byte	43
	.long	4080
	.long	.Linfo_string65
	.long	0
	.byte	44
	.long	669
	.byte	45
	.long	3785
	.byte	45
	.long	3785
	.byte	45
	.long	3785
	.byte	45
	.long	3785
	.byte	45
	.long	3785
	.byte	0
	.byte	38
	.long	.Linfo_string61
	.byte	2
	.byte	1
	.byte	11
	.long	.Linfo_string10
	.long	3835
	.byte	1
	.byte	0
	.byte	11
	.long	.Linfo_string24
	.long	3835
	.byte	1
	.byte	1
	.byte	0
	.byte	37
	.long	.Linfo_string72
	.byte	2
	.byte	1
	.byte	39
	.long	3835
	.byte	40
	.long	3842
	.byte	0
	.byte	16
	.byte	0
	.byte	38
	.long	.Linfo_string83
	.byte	8
	.byte	4
	.byte	11
	.long	.Linfo_string10
	.long	3835
	.byte	1
	.byte	0
	.byte	11
	.long	.Linfo_string24
	.long	3778
	.byte	4
	.byte	4
	.byte	0
	.byte	43
	.long	3778
	.long	.Linfo_string104
	.long	0
	.byte	43
	.long	4217
	.long	.Linfo_string109
	.long	0
	.byte	39
	.long	4230
	.byte	40
	.long	3842
	.byte	0
	.byte	27
	.byte	0
	.byte	37
	.long	.Linfo_string108
	.byte	5
	.byte	4
	.byte	43
	.long	3940
	.long	.Linfo_string111
	.long	0
	.byte	43
	.long	4263
	.long	.Linfo_string112
	.long	0
	.byte	39
	.long	4230
	.byte	40
	.long	3842
	.byte	0
	.byte	0
	.byte	0
	.byte	43
	.long	4289
	.long	.Linfo_string113
	.long	0
	.byte	39
	.long	4230
	.byte	46
	.long	3842
	.byte	0
	.short	4096
	.byte	0
	.byte	43
	.long	4316
	.long	.Linfo_string120
	.long	0
	.byte	39
	.long	4230
	.byte	40
	.long	3842
	.byte	0
	.byte	2
	.byte	0
	.byte	43
	.long	3778
	.long	.Linfo_string121
	.long	0
	.byte	43
	.long	1672
	.long	.Linfo_string122
	.long	0
	.byte	43
	.long	4368
	.long	.Linfo_string123
	.long	0
	.byte	39
	.long	4230
	.byte	40
	.long	3842
	.byte	0
	.byte	4
	.byte	0
	.byte	39
	.long	3778
	.byte	40
	.long	3842
	.byte	0
	.byte	4
	.byte	0
	.byte	43
	.long	3835
	.long	.Linfo_string131
	.long	0
	.byte	43
	.long	3835
	.long	.Linfo_string133
	.long	0
	.byte	43
	.long	4433
	.long	.Linfo_string135
	.long	0
	.byte	44
	.long	4394
	.byte	45
	.long	4407
	.byte	45
	.long	4407
	.byte	0
	.byte	37
	.long	.Linfo_string138
	.byte	5
	.byte	8
	.byte	43
	.long	4469
	.long	.Linfo_string139
	.long	0
	.byte	44
	.long	4449
	.byte	45
	.long	4407
	.byte	45
	.long	4407
	.byte	45
	.long	4407
	.byte	45
	.long	3785
	.byte	0
	.byte	43
	.long	4508
	.long	.Linfo_string141
	.long	0
	.byte	47
	.long	3785
	.byte	43
	.long	4526
	.long	.Linfo_string145
	.long	0
	.byte	44
	.long	4449
	.byte	45
	.long	4394
	.byte	45
	.long	3778
	.byte	0
	.byte	43
	.long	4555
	.long	.Linfo_string151
	.long	0
	.byte	44
	.long	4449
	.byte	45
	.long	4394
	.byte	45
	.long	4407
	.byte	45
	.long	3785
	.byte	45
	.long	4407
	.byte	45
	.long	3785
	.byte	0
	.byte	43
	.long	4599
	.long	.Linfo_string154
	.long	0
	.byte	44
	.long	4394
	.byte	45
	.long	4407
	.byte	45
	.long	3785
	.byte	45
	.long	3785
	.byte	0
	.byte	43
	.long	4633
	.long	.Linfo_string158
	.long	0
	.byte	48
	.byte	45
	.long	4394
	.byte	45
	.long	3785
	.byte	0
	.byte	43
	.long	3785
	.long	.Linfo_string170
	.long	0
	.byte	43
	.long	1425
	.long	.Linfo_string177
	.long	0
	.byte	0
.Ldebug_info_end0:
	.section	maps,"aw",@progbits
.Lsec_end0:
	.section	license,"a",@progbits
.Lsec_end1:
	.section	.data.LIMIT,"aw",@progbits
.Lsec_end2:
	.section	.data.rel.ro.ODD,"aw",@progbits
.Lsec_end3:
	.section	.maps,"a",@progbits
.Lsec_end4:
	.section	.bss.SEEN,"aw",@nobits
.Lsec_end5:
	.section	.maps,"aw",@progbits,unique,1
.Lsec_end6:
	.section	.rodata._RNvCshKuLGoDTFBq_4rust5TABLE,"a",@progbits
.Lsec_end7:
	.section	.text._RINvCshKuLGoDTFBq_4rust5countmEB2_,"ax",@progbits
.Lsec_end8:
	.section	.text._RINvCshKuLGoDTFBq_4rust5countyEB2_,"ax",@progbits
.Lsec_end9:
	.section	.text._RNvCshKuLGoDTFBq_4rust4same,"ax",@progbits
.Lsec_end10:
	.section	"tracepoint/sched/sched_process_exec","ax",@progbits
.Lsec_end11:
	.section	xdp,"ax",@progbits
.Lsec_end12:
	.section	"raw_tp/sched_process_exec","ax",@progbits
.Lsec_end13:
	.section	.debug_aranges,"",@progbits
	.long	252
	.short	2
	.long	.Lcu_begin0
	.byte	8
	.byte	0
	.zero	4,255
	.quad	COUNTS
	.quad	.Lsec_end0-COUNTS
	.quad	LICENSE
	.quad	.Lsec_end1-LICENSE
	.quad	LIMIT
	.quad	.Lsec_end2-LIMIT
	.quad	ODD
	.quad	.Lsec_end3-ODD
	.quad	RECORDS
	.quad	.Lsec_end4-RECORDS
	.quad	SEEN
	.quad	.Lsec_end5-SEEN
	.quad	STATS
	.quad	.Lsec_end6-STATS
	.quad	_RNvCshKuLGoDTFBq_4rust5TABLE
	.quad	.Lsec_end7-_RNvCshKuLGoDTFBq_4rust5TABLE
	.quad	.Lfunc_begin0
	.quad	.Lsec_end8-.Lfunc_begin0
	.quad	.Lfunc_begin1
	.quad	.Lsec_end9-.Lfunc_begin1
	.quad	.Lfunc_begin2
	.quad	.Lsec_end10-.Lfunc_begin2
	.quad	.Lfunc_begin3
	.quad	.Lsec_end11-.Lfunc_begin3
	.quad	.Lfunc_begin4
	.quad	.Lsec_end12-.Lfunc_begin4
	.quad	.Lfunc_begin5
	.quad	.Lsec_end13-.Lfunc_begin5
	.quad	0
	.quad	0
	.section	.debug_ranges,"",@progbits
.Ldebug_ranges0:
	.quad	.Ltmp2
	.quad	.Ltmp30
	.quad	.Ltmp33
	.quad	.Ltmp36
	.quad	0
	.quad	0
.Ldebug_ranges1:
	.quad	.Ltmp7
	.quad	.Ltmp30
	.quad	.Ltmp33
	.quad	.Ltmp36
	.quad	0
	.quad	0
.Ldebug_ranges2:
	.quad	.Ltmp40
	.quad	.Ltmp68
	.quad	.Ltmp71
	.quad	.Ltmp74
	.quad	0
	.quad	0
.Ldebug_ranges3:
	.quad	.Ltmp45
	.quad	.Ltmp68
	.quad	.Ltmp71
	.quad	.Ltmp74
	.quad	0
	.quad	0
.Ldebug_ranges4:
	.quad	.Lfunc_begin0
	.quad	.Lfunc_end0
	.quad	.Lfunc_begin1
	.quad	.Lfunc_end1
	.quad	.Lfunc_begin2
	.quad	.Lfunc_end2
	.quad	.Lfunc_begin3
	.quad	.Lfunc_end3
	.quad	.Lfunc_begin4
	.quad	.Lfunc_end4
	.quad	.Lfunc_begin5
	.quad	.Lfunc_end5
	.quad	0
	.quad	0
	.section	.debug_str,"MS",@progbits,1
.Linfo_string0:
	.asciz	"clang LLVM (rustc version 1.95.0 (59807616e 2026-04-14))"
.Linfo_string1:
	.asciz	"rust.rs/@/rust.cebe997107dec46e-cgu.0"
.Linfo_string2:
	.asciz	"."
.Linfo_string3:
	.asciz	"rust"
.Linfo_string4:
	.asciz	"COUNTS"
.Linfo_string5:
	.asciz	"u32"
.Linfo_string6:
	.asciz	"K"
.Linfo_string7:
	.asciz	"u64"
.Linfo_string8:
	.asciz	"V"
.Linfo_string9:
	.asciz	"def"
.Linfo_string10:
	.asciz	"__0"
.Linfo_string11:
	.asciz	"type_"
.Linfo_string12:
	.asciz	"key_size"
.Linfo_string13:
	.asciz	"value_size"
.Linfo_string14:
	.asciz	"max_entries"
.Linfo_string15:
	.asciz	"map_flags"
.Linfo_string16:
	.asciz	"id"
.Linfo_string17:
	.asciz	"pinning"
.Linfo_string18:
	.asciz	"bpf_map_def"
.Linfo_string19:
	.asciz	"T"
.Linfo_string20:
	.asciz	"value"
.Linfo_string21:
	.asciz	"UnsafeCell<rust::bpf_map_def>"
.Linfo_string22:
	.asciz	"MapDef"
.Linfo_string23:
	.asciz	"_kv"
.Linfo_string24:
	.asciz	"__1"
.Linfo_string25:
	.asciz	"(u32, u64)"
.Linfo_string26:
	.asciz	"PhantomData<(u32, u64)>"
.Linfo_string27:
	.asciz	"HashMap<u32, u64>"
.Linfo_string28:
	.asciz	"LICENSE"
.Linfo_string29:
	.asciz	"u8"
.Linfo_string30:
	.asciz	"__ARRAY_SIZE_TYPE__"
.Linfo_string31:
	.asciz	"LIMIT"
.Linfo_string32:
	.asciz	"ODD"
.Linfo_string33:
	.asciz	"letter"
.Linfo_string34:
	.asciz	"char"
.Linfo_string35:
	.asciz	"text"
.Linfo_string36:
	.asciz	"data_ptr"
.Linfo_string37:
	.asciz	"length"
.Linfo_string38:
	.asciz	"usize"
.Linfo_string39:
	.asciz	"&str"
.Linfo_string40:
	.asciz	"call"
.Linfo_string41:
	.asciz	"fn(u32) -> u32"
.Linfo_string42:
	.asciz	"wide"
.Linfo_string43:
	.asciz	"u128"
.Linfo_string44:
	.asciz	"ratio"
.Linfo_string45:
	.asciz	"f64"
.Linfo_string46:
	.asciz	"maybe"
.Linfo_string47:
	.asciz	"None"
.Linfo_string48:
	.asciz	"Some"
.Linfo_string49:
	.asciz	"Option<u8>"
.Linfo_string50:
	.asciz	"Option<rust::Option<u8>>"
.Linfo_string51:
	.asciz	"unit"
.Linfo_string52:
	.asciz	"()"
.Linfo_string53:
	.asciz	"span"
.Linfo_string54:
	.asciz	"u16"
.Linfo_string55:
	.asciz	"__2"
.Linfo_string56:
	.asciz	"fn(u8) -> u16"
.Linfo_string57:
	.asciz	"__3"
.Linfo_string58:
	.asciz	"__4"
.Linfo_string59:
	.asciz	"Ok"
.Linfo_string60:
	.asciz	"Option<u32>"
.Linfo_string61:
	.asciz	"(u8, u8)"
.Linfo_string62:
	.asciz	"E"
.Linfo_string63:
	.asciz	"Err"
.Linfo_string64:
	.asciz	"Result<rust::Option<u32>, (u8, u8)>"
.Linfo_string65:
	.asciz	"fn(u64, u64, u64, u64, u64) -> rust::Result<rust::Option<u32>, (u8, u8)>"
.Linfo_string66:
	.asciz	"*mut fn(u64, u64, u64, u64, u64) -> rust::Result<rust::Option<u32>, (u8, u8)>"
.Linfo_string67:
	.asciz	"(u8, [u16; 4], fn(u8) -> u16, &str, *mut fn(u64, u64, u64, u64, u64) -> rust::Result<rust::Option<u32>, (u8, u8)>)"
.Linfo_string68:
	.asciz	"PhantomData<(u8, [u16; 4], fn(u8) -> u16, &str, *mut fn(u64, u64, u64, u64, u64) -> rust::Result<rust::Option<u32>, (u8, u8)>)>"
.Linfo_string69:
	.asciz	"Odd"
.Linfo_string70:
	.asciz	"OPENED"
.Linfo_string71:
	.asciz	"flag"
.Linfo_string72:
	.asciz	"bool"
.Linfo_string73:
	.asciz	"pid"
.Linfo_string74:
	.asciz	"at"
.Linfo_string75:
	.asciz	"name"
.Linfo_string76:
	.asciz	"pair"
.Linfo_string77:
	.asciz	"A"
.Linfo_string78:
	.asciz	"B"
.Linfo_string79:
	.asciz	"first"
.Linfo_string80:
	.asciz	"second"
.Linfo_string81:
	.asciz	"Pair<u8, u64>"
.Linfo_string82:
	.asciz	"tuple"
.Linfo_string83:
	.asciz	"(u8, u32)"
.Linfo_string84:
	.asciz	"peer"
.Linfo_string85:
	.asciz	"Nobody"
.Linfo_string86:
	.asciz	"Four"
.Linfo_string87:
	.asciz	"Six"
.Linfo_string88:
	.asciz	"addr"
.Linfo_string89:
	.asciz	"scope"
.Linfo_string90:
	.asciz	"Peer"
.Linfo_string91:
	.asciz	"verdict"
.Linfo_string92:
	.asciz	"Aborted"
.Linfo_string93:
	.asciz	"Drop"
.Linfo_string94:
	.asciz	"Pass"
.Linfo_string95:
	.asciz	"Verdict"
.Linfo_string96:
	.asciz	"Opened"
.Linfo_string97:
	.asciz	"_t"
.Linfo_string98:
	.asciz	"PhantomData<rust::Opened>"
.Linfo_string99:
	.asciz	"PerfEventArray<rust::Opened>"
.Linfo_string100:
	.asciz	"RECORDS"
.Linfo_string101:
	.asciz	"small"
.Linfo_string102:
	.asciz	"kind"
.Linfo_string103:
	.asciz	"next"
.Linfo_string104:
	.asciz	"&u32"
.Linfo_string105:
	.asciz	"Option<&u32>"
.Linfo_string106:
	.asciz	"Record"
.Linfo_string107:
	.asciz	"type"
.Linfo_string108:
	.asciz	"i32"
.Linfo_string109:
	.asciz	"*const [i32; 27]"
.Linfo_string110:
	.asciz	"key"
.Linfo_string111:
	.asciz	"*const ()"
.Linfo_string112:
	.asciz	"*const [i32; 0]"
.Linfo_string113:
	.asciz	"*const [i32; 4096]"
.Linfo_string114:
	.asciz	"PhantomData<rust::Record>"
.Linfo_string115:
	.asciz	"RingBuf<rust::Record, 4096, 0>"
.Linfo_string116:
	.asciz	"SEEN"
.Linfo_string117:
	.asciz	"STATS"
.Linfo_string118:
	.asciz	"last"
.Linfo_string119:
	.asciz	"Stat"
.Linfo_string120:
	.asciz	"*const [i32; 2]"
.Linfo_string121:
	.asciz	"*const u32"
.Linfo_string122:
	.asciz	"*const rust::Stat"
.Linfo_string123:
	.asciz	"*const [i32; 4]"
.Linfo_string124:
	.asciz	"ArrayDef<rust::Stat, 4>"
.Linfo_string125:
	.asciz	"UnsafeCell<rust::ArrayDef<rust::Stat, 4>>"
.Linfo_string126:
	.asciz	"Array<rust::Stat, 4>"
.Linfo_string127:
	.asciz	"TABLE"
.Linfo_string128:
	.asciz	"_RNvCshKuLGoDTFBq_4rust5TABLE"
.Linfo_string129:
	.asciz	"_RNvCshKuLGoDTFBq_4rust6lookup"
.Linfo_string130:
	.asciz	"lookup"
.Linfo_string131:
	.asciz	"*mut u8"
.Linfo_string132:
	.asciz	"map"
.Linfo_string133:
	.asciz	"*const u8"
.Linfo_string134:
	.asciz	"f"
.Linfo_string135:
	.asciz	"extern \"C\" fn(*const u8, *const u8) -> *mut u8"
.Linfo_string136:
	.asciz	"_RNvCshKuLGoDTFBq_4rust6update"
.Linfo_string137:
	.asciz	"update"
.Linfo_string138:
	.asciz	"i64"
.Linfo_string139:
	.asciz	"extern \"C\" fn(*const u8, *const u8, *const u8, u64) -> i64"
.Linfo_string140:
	.asciz	"_RNvCshKuLGoDTFBq_4rust3pid"
.Linfo_string141:
	.asciz	"extern \"C\" fn() -> u64"
.Linfo_string142:
	.asciz	"_RNvCshKuLGoDTFBq_4rust4comm"
.Linfo_string143:
	.asciz	"comm"
.Linfo_string144:
	.asciz	"to"
.Linfo_string145:
	.asciz	"extern \"C\" fn(*mut u8, u32) -> i64"
.Linfo_string146:
	.asciz	"_RNvCshKuLGoDTFBq_4rust6output"
.Linfo_string147:
	.asciz	"output"
.Linfo_string148:
	.asciz	"ctx"
.Linfo_string149:
	.asciz	"data"
.Linfo_string150:
	.asciz	"size"
.Linfo_string151:
	.asciz	"extern \"C\" fn(*mut u8, *const u8, u64, *const u8, u64) -> i64"
.Linfo_string152:
	.asciz	"_RNvCshKuLGoDTFBq_4rust7reserve"
.Linfo_string153:
	.asciz	"reserve"
.Linfo_string154:
	.asciz	"extern \"C\" fn(*const u8, u64, u64) -> *mut u8"
.Linfo_string155:
	.asciz	"_RNvCshKuLGoDTFBq_4rust6submit"
.Linfo_string156:
	.asciz	"submit"
.Linfo_string157:
	.asciz	"record"
.Linfo_string158:
	.asciz	"extern \"C\" fn(*mut u8, u64)"
.Linfo_string159:
	.asciz	"_RINvCshKuLGoDTFBq_4rust5countmEB2_"
.Linfo_string160:
	.asciz	"count<u32>"
.Linfo_string161:
	.asciz	"Result<u64, i64>"
.Linfo_string162:
	.asciz	"_RINvCshKuLGoDTFBq_4rust5countyEB2_"
.Linfo_string163:
	.asciz	"count<u64>"
.Linfo_string164:
	.asciz	"_RNvCshKuLGoDTFBq_4rust4same"
.Linfo_string165:
	.asciz	"same"
.Linfo_string166:
	.asciz	"execs"
.Linfo_string167:
	.asciz	"gate"
.Linfo_string168:
	.asciz	"records"
.Linfo_string169:
	.asciz	"p"
.Linfo_string170:
	.asciz	"*mut u64"
.Linfo_string171:
	.asciz	"e"
.Linfo_string172:
	.asciz	"_one"
.Linfo_string173:
	.asciz	"x"
.Linfo_string174:
	.asciz	"_ctx"
.Linfo_string175:
	.asciz	"stat"
.Linfo_string176:
	.asciz	"r"
.Linfo_string177:
	.asciz	"*mut rust::Record"
	.section	.BTF,"",@progbits
	.short	60319
	.byte	1
	.byte	0
	.long	24
	.long	0
	.long	2184
	.long	2184
	.long	2240
	.long	0
	.long	33554432
	.long	3
	.long	1
	.long	16777216
	.long	4
	.long	16777248
	.long	0
	.long	50331648
	.long	0
	.long	2
	.long	4
	.long	27
	.long	5
	.long	16777216
	.long	4
	.long	32
	.long	0
	.long	33554432
	.long	6
	.long	25
	.long	16777216
	.long	0
	.long	0
	.long	0
	.long	33554432
	.long	8
	.long	0
	.long	50331648
	.long	0
	.long	2
	.long	4
	.long	0
	.long	0
	.long	33554432
	.long	10
	.long	0
	.long	50331648
	.long	0
	.long	2
	.long	4
	.long	4096
	.long	28
	.long	67108864
	.long	0
	.long	54
	.long	67108870
	.long	40
	.long	85
	.long	1
	.long	0
	.long	90
	.long	5
	.long	64
	.long	94
	.long	7
	.long	128
	.long	105
	.long	9
	.long	192
	.long	117
	.long	7
	.long	256
	.long	127
	.long	11
	.long	320
	.long	130
	.long	234881024
	.long	12
	.long	1
	.long	0
	.long	33554432
	.long	15
	.long	0
	.long	50331648
	.long	0
	.long	2
	.long	4
	.long	2
	.long	0
	.long	33554432
	.long	17
	.long	138
	.long	16777216
	.long	4
	.long	32
	.long	0
	.long	33554432
	.long	19
	.long	142
	.long	67108867
	.long	40
	.long	147
	.long	20
	.long	256
	.long	153
	.long	21
	.long	192
	.long	158
	.long	22
	.long	0
	.long	163
	.long	16777216
	.long	1
	.long	8
	.long	166
	.long	16777216
	.long	8
	.long	64
	.long	170
	.long	67108865
	.long	24
	.long	0
	.long	23
	.long	0
	.long	0
	.long	83886084
	.long	24
	.long	0
	.long	17
	.long	0
	.long	175
	.long	24
	.long	0
	.long	182
	.long	25
	.long	0
	.long	187
	.long	26
	.long	0
	.long	175
	.long	67108864
	.long	24
	.long	182
	.long	67108865
	.long	24
	.long	191
	.long	17
	.long	32
	.long	187
	.long	67108866
	.long	24
	.long	195
	.long	27
	.long	64
	.long	200
	.long	17
	.long	32
	.long	0
	.long	50331648
	.long	0
	.long	20
	.long	4
	.long	16
	.long	0
	.long	33554432
	.long	29
	.long	0
	.long	50331648
	.long	0
	.long	2
	.long	4
	.long	4
	.long	206
	.long	67108868
	.long	32
	.long	85
	.long	14
	.long	0
	.long	90
	.long	16
	.long	64
	.long	230
	.long	18
	.long	128
	.long	105
	.long	28
	.long	192
	.long	236
	.long	67108865
	.long	32
	.long	230
	.long	30
	.long	0
	.long	278
	.long	67108865
	.long	32
	.long	191
	.long	31
	.long	0
	.long	299
	.long	234881024
	.long	32
	.long	1
	.long	0
	.long	218103810
	.long	35
	.long	90
	.long	17
	.long	305
	.long	17
	.long	310
	.long	67108865
	.long	16
	.long	0
	.long	36
	.long	0
	.long	0
	.long	83886083
	.long	16
	.long	0
	.long	21
	.long	0
	.long	327
	.long	37
	.long	0
	.long	330
	.long	38
	.long	0
	.long	327
	.long	67108865
	.long	16
	.long	191
	.long	21
	.long	64
	.long	330
	.long	67108865
	.long	16
	.long	191
	.long	39
	.long	64
	.long	334
	.long	16777216
	.long	8
	.long	16777280
	.long	338
	.long	201326592
	.long	34
	.long	0
	.long	218103810
	.long	35
	.long	90
	.long	17
	.long	305
	.long	21
	.long	739
	.long	201326592
	.long	41
	.long	0
	.long	218103809
	.long	17
	.long	792
	.long	17
	.long	794
	.long	201326592
	.long	43
	.long	0
	.long	33554432
	.long	20
	.long	0
	.long	218103809
	.long	17
	.long	859
	.long	45
	.long	863
	.long	201326593
	.long	46
	.long	0
	.long	218103809
	.long	17
	.long	1235
	.long	45
	.long	1240
	.long	201326593
	.long	48
	.long	0
	.long	218103809
	.long	17
	.long	1235
	.long	45
	.long	1323
	.long	201326593
	.long	50
	.long	0
	.long	50331648
	.long	0
	.long	20
	.long	4
	.long	13
	.long	1639
	.long	234881024
	.long	52
	.long	1
	.long	1647
	.long	67108866
	.long	28
	.long	1665
	.long	55
	.long	0
	.long	1669
	.long	58
	.long	224
	.long	1673
	.long	67108865
	.long	28
	.long	191
	.long	56
	.long	0
	.long	1680
	.long	67108865
	.long	28
	.long	230
	.long	57
	.long	0
	.long	1710
	.long	67108871
	.long	28
	.long	1722
	.long	17
	.long	0
	.long	1728
	.long	17
	.long	32
	.long	94
	.long	17
	.long	64
	.long	105
	.long	17
	.long	96
	.long	117
	.long	17
	.long	128
	.long	1737
	.long	17
	.long	160
	.long	1740
	.long	17
	.long	192
	.long	1748
	.long	67108864
	.long	0
	.long	1772
	.long	234881024
	.long	54
	.long	1
	.long	1779
	.long	234881024
	.long	21
	.long	1
	.long	1785
	.long	67108872
	.long	64
	.long	1789
	.long	0
	.long	384
	.long	1796
	.long	62
	.long	0
	.long	1801
	.long	65
	.long	256
	.long	1806
	.long	67
	.long	128
	.long	1811
	.long	68
	.long	320
	.long	1817
	.long	69
	.long	416
	.long	1823
	.long	6
	.long	432
	.long	1828
	.long	77
	.long	432
	.long	1833
	.long	67108866
	.long	16
	.long	1838
	.long	63
	.long	0
	.long	1847
	.long	64
	.long	64
	.long	0
	.long	33554432
	.long	20
	.long	1854
	.long	16777216
	.long	8
	.long	64
	.long	0
	.long	33554432
	.long	66
	.long	0
	.long	218103809
	.long	17
	.long	0
	.long	17
	.long	1860
	.long	16777216
	.long	16
	.long	128
	.long	1865
	.long	268435456
	.long	8
	.long	1869
	.long	67108865
	.long	2
	.long	0
	.long	70
	.long	0
	.long	0
	.long	83886083
	.long	2
	.long	0
	.long	20
	.long	0
	.long	1894
	.long	71
	.long	0
	.long	1899
	.long	72
	.long	0
	.long	1894
	.long	67108864
	.long	2
	.long	1899
	.long	67108865
	.long	2
	.long	191
	.long	73
	.long	0
	.long	1904
	.long	67108865
	.long	2
	.long	0
	.long	74
	.long	0
	.long	0
	.long	83886083
	.long	2
	.long	0
	.long	20
	.long	0
	.long	1894
	.long	75
	.long	0
	.long	1899
	.long	76
	.long	0
	.long	1894
	.long	67108864
	.long	2
	.long	1899
	.long	67108865
	.long	2
	.long	191
	.long	20
	.long	8
	.long	1915
	.long	67108864
	.long	0
	.long	2043
	.long	234881024
	.long	61
	.long	1
	.long	2047
	.long	67108866
	.long	28
	.long	1665
	.long	55
	.long	0
	.long	127
	.long	80
	.long	224
	.long	2076
	.long	67108864
	.long	0
	.long	2102
	.long	234881024
	.long	79
	.long	1
	.long	2109
	.long	234881024
	.long	21
	.long	1
	.long	0
	.long	50331648
	.long	0
	.long	17
	.long	4
	.long	4
	.long	2114
	.long	234881024
	.long	83
	.long	0
	.long	2144
	.long	251658241
	.long	0
	.long	82
	.long	SEEN
	.long	8
	.long	2154
	.long	251658241
	.long	0
	.long	60
	.long	LIMIT
	.long	8
	.long	2166
	.long	251658241
	.long	0
	.long	78
	.long	ODD
	.long	64
	.long	2183
	.long	251658242
	.long	0
	.long	13
	.long	RECORDS
	.long	40
	.long	33
	.long	STATS
	.long	32
	.long	2189
	.long	251658241
	.long	0
	.long	84
	.long	_RNvCshKuLGoDTFBq_4rust5TABLE
	.long	16
	.long	2227
	.long	251658241
	.long	0
	.long	53
	.long	LICENSE
	.long	13
	.long	2235
	.long	251658242
	.long	0
	.long	59
	.long	COUNTS
	.long	28
	.long	81
	.long	OPENED
	.long	28
	.byte	0
	.ascii	"i32"
	.byte	0
	.ascii	"__ARRAY_SIZE_TYPE__"
	.byte	0
	.ascii	"()"
	.byte	0
	.ascii	"PhantomData<rust::Record>"
	.byte	0
	.ascii	"RingBuf<rust::Record, 4096, 0>"
	.byte	0
	.ascii	"type"
	.byte	0
	.ascii	"key"
	.byte	0
	.ascii	"value_size"
	.byte	0
	.ascii	"max_entries"
	.byte	0
	.ascii	"map_flags"
	.byte	0
	.ascii	"_t"
	.byte	0
	.ascii	"RECORDS"
	.byte	0
	.ascii	"u32"
	.byte	0
	.ascii	"Stat"
	.byte	0
	.ascii	"small"
	.byte	0
	.ascii	"last"
	.byte	0
	.ascii	"peer"
	.byte	0
	.ascii	"u8"
	.byte	0
	.ascii	"u64"
	.byte	0
	.ascii	"Peer"
	.byte	0
	.ascii	"Nobody"
	.byte	0
	.ascii	"Four"
	.byte	0
	.ascii	"Six"
	.byte	0
	.ascii	"__0"
	.byte	0
	.ascii	"addr"
	.byte	0
	.ascii	"scope"
	.byte	0
	.ascii	"ArrayDef<rust::Stat, 4>"
	.byte	0
	.ascii	"value"
	.byte	0
	.ascii	"UnsafeCell<rust::ArrayDef<rust::Stat, 4>>"
	.byte	0
	.ascii	"Array<rust::Stat, 4>"
	.byte	0
	.ascii	"STATS"
	.byte	0
	.ascii	"_one"
	.byte	0
	.ascii	"Result<u64, i64>"
	.byte	0
	.ascii	"Ok"
	.byte	0
	.ascii	"Err"
	.byte	0
	.ascii	"i64"
	.byte	0
	.ascii	"count<u32>"
	.byte	0
	.ascii	".text._RINvCshKuLGoDTFBq_4rust5countmEB2_"
	.byte	0
	.ascii	"./rust.rs"
	.byte	0
	.ascii	"fn count<T: Copy>(key: u32, _one: T) -> Result<u64, i64> {"
	.byte	0
	.ascii	"    f(map, key)"
	.byte	0
	.ascii	"    if (p as usize) != 0usize {"
	.byte	0
	.ascii	"    f(map, key, value, 0)"
	.byte	0
	.ascii	"    match update(map, &raw const key as *const u8, &raw const LIMIT as *const u8) {"
	.byte	0
	.ascii	"        e => Result::Err(e),"
	.byte	0
	.ascii	"        unsafe { *p = *p + 1 };"
	.byte	0
	.ascii	"        return Result::Ok(0);"
	.byte	0
	.byte	125
	.byte	0
	.ascii	"        0 => Result::Ok(1),"
	.byte	0
	.ascii	"count<u64>"
	.byte	0
	.ascii	".text._RINvCshKuLGoDTFBq_4rust5countyEB2_"
	.byte	0
	.byte	120
	.byte	0
	.ascii	"same"
	.byte	0
	.ascii	".text._RNvCshKuLGoDTFBq_4rust4same"
	.byte	0
	.ascii	"fn same(x: u32) -> u32 {"
	.byte	0
	.ascii	"ctx"
	.byte	0
	.ascii	"execs"
	.byte	0
	.ascii	"tracepoint/sched/sched_process_exec"
	.byte	0
	.ascii	"pub extern \"C\" fn execs(ctx: *mut u8) -> u32 {"
	.byte	0
	.ascii	"    unsafe { SEEN = SEEN + volatile_load(&raw const LIMIT) };"
	.byte	0
	.ascii	"    f() as u32"
	.byte	0
	.ascii	"    let mut e = Opened {"
	.byte	0
	.ascii	"        peer: Peer::Four(unsafe { volatile_load(&raw const TABLE as *const u32) }),"
	.byte	0
	.ascii	"        name: [0; 16],"
	.byte	0
	.ascii	"    f(to, 16)"
	.byte	0
	.ascii	"    count(2, 1u64);"
	.byte	0
	.ascii	"    f(ctx, map, 0xffffffff, data, size)"
	.byte	0
	.ascii	"_ctx"
	.byte	0
	.ascii	"gate"
	.byte	0
	.ascii	"xdp"
	.byte	0
	.ascii	"pub extern \"C\" fn gate(_ctx: *mut u8) -> u32 {"
	.byte	0
	.ascii	"    match count(1, 7u32) {"
	.byte	0
	.ascii	"records"
	.byte	0
	.ascii	"raw_tp/sched_process_exec"
	.byte	0
	.ascii	"pub extern \"C\" fn records(_ctx: *mut u8) -> u32 {"
	.byte	0
	.ascii	"    let key = 1u32;"
	.byte	0
	.ascii	"    let stat = Stat { small: 1, last: 2, peer: Peer::Nobody };"
	.byte	0
	.ascii	"    f(map, size, 0)"
	.byte	0
	.ascii	"    if (r as usize) == 0usize {"
	.byte	0
	.ascii	"            letter: volatile_load(&raw const ODD.letter),"
	.byte	0
	.ascii	"        *r = Record {"
	.byte	0
	.ascii	"    f(record, 0)"
	.byte	0
	.ascii	"LICENSE"
	.byte	0
	.ascii	"HashMap<u32, u64>"
	.byte	0
	.ascii	"def"
	.byte	0
	.ascii	"_kv"
	.byte	0
	.ascii	"MapDef"
	.byte	0
	.ascii	"UnsafeCell<rust::bpf_map_def>"
	.byte	0
	.ascii	"bpf_map_def"
	.byte	0
	.ascii	"type_"
	.byte	0
	.ascii	"key_size"
	.byte	0
	.ascii	"id"
	.byte	0
	.ascii	"pinning"
	.byte	0
	.ascii	"PhantomData<(u32, u64)>"
	.byte	0
	.ascii	"COUNTS"
	.byte	0
	.ascii	"LIMIT"
	.byte	0
	.ascii	"Odd"
	.byte	0
	.ascii	"letter"
	.byte	0
	.ascii	"text"
	.byte	0
	.ascii	"call"
	.byte	0
	.ascii	"wide"
	.byte	0
	.ascii	"ratio"
	.byte	0
	.ascii	"maybe"
	.byte	0
	.ascii	"unit"
	.byte	0
	.ascii	"span"
	.byte	0
	.ascii	"&str"
	.byte	0
	.ascii	"data_ptr"
	.byte	0
	.ascii	"length"
	.byte	0
	.ascii	"usize"
	.byte	0
	.ascii	"u128"
	.byte	0
	.ascii	"f64"
	.byte	0
	.ascii	"Option<rust::Option<u8>>"
	.byte	0
	.ascii	"None"
	.byte	0
	.ascii	"Some"
	.byte	0
	.ascii	"Option<u8>"
	.byte	0
	.ascii	"PhantomData<(u8, [u16; 4], fn(u8) -> u16, &str, *mut fn(u64, u64, u64, u64, u64) -> rust::Result<rust::Option<u32>, (u8, u8)>)>"
	.byte	0
	.ascii	"ODD"
	.byte	0
	.ascii	"PerfEventArray<rust::Opened>"
	.byte	0
	.ascii	"PhantomData<rust::Opened>"
	.byte	0
	.ascii	"OPENED"
	.byte	0
	.ascii	"SEEN"
	.byte	0
	.ascii	"_RNvCshKuLGoDTFBq_4rust5TABLE"
	.byte	0
	.ascii	".bss.SEEN"
	.byte	0
	.ascii	".data.LIMIT"
	.byte	0
	.ascii	".data.rel.ro.ODD"
	.byte	0
	.ascii	".maps"
	.byte	0
	.ascii	".rodata._RNvCshKuLGoDTFBq_4rust5TABLE"
	.byte	0
	.ascii	"license"
	.byte	0
	.ascii	"maps"
	.byte	0
	.section	.BTF.ext,"",@progbits
	.short	60319
	.byte	1
	.byte	0
	.long	32
	.long	0
	.long	100
	.long	100
	.long	884
	.long	984
	.long	0
	.long	8
	.long	349
	.long	1
	.long	.Lfunc_begin0
	.long	40
	.long	750
	.long	1
	.long	.Lfunc_begin1
	.long	42
	.long	799
	.long	1
	.long	.Lfunc_begin2
	.long	44
	.long	869
	.long	1
	.long	.Lfunc_begin3
	.long	47
	.long	1245
	.long	1
	.long	.Lfunc_begin4
	.long	49
	.long	1331
	.long	1
	.long	.Lfunc_begin5
	.long	51
	.long	16
	.long	349
	.long	11
	.long	.Lfunc_begin0
	.long	391
	.long	401
	.long	295936
	.long	.Ltmp4
	.long	391
	.long	460
	.long	107525
	.long	.Ltmp9
	.long	391
	.long	476
	.long	299016
	.long	.Ltmp14
	.long	391
	.long	508
	.long	112645
	.long	.Ltmp19
	.long	391
	.long	534
	.long	303109
	.long	.Ltmp24
	.long	391
	.long	618
	.long	305166
	.long	.Ltmp27
	.long	391
	.long	647
	.long	300055
	.long	.Ltmp28
	.long	391
	.long	647
	.long	300050
	.long	.Ltmp29
	.long	391
	.long	679
	.long	301072
	.long	.Ltmp32
	.long	391
	.long	709
	.long	307202
	.long	.Ltmp35
	.long	391
	.long	711
	.long	304142
	.long	750
	.long	11
	.long	.Lfunc_begin1
	.long	391
	.long	401
	.long	295936
	.long	.Ltmp42
	.long	391
	.long	460
	.long	107525
	.long	.Ltmp47
	.long	391
	.long	476
	.long	299016
	.long	.Ltmp52
	.long	391
	.long	508
	.long	112645
	.long	.Ltmp57
	.long	391
	.long	534
	.long	303109
	.long	.Ltmp62
	.long	391
	.long	618
	.long	305166
	.long	.Ltmp65
	.long	391
	.long	647
	.long	300055
	.long	.Ltmp66
	.long	391
	.long	647
	.long	300050
	.long	.Ltmp67
	.long	391
	.long	679
	.long	301072
	.long	.Ltmp70
	.long	391
	.long	709
	.long	307202
	.long	.Ltmp73
	.long	391
	.long	711
	.long	304142
	.long	799
	.long	2
	.long	.Lfunc_begin2
	.long	391
	.long	834
	.long	271360
	.long	.Ltmp78
	.long	391
	.long	709
	.long	273410
	.long	869
	.long	14
	.long	.Lfunc_begin3
	.long	391
	.long	905
	.long	320512
	.long	.Ltmp83
	.long	391
	.long	952
	.long	321564
	.long	.Ltmp84
	.long	391
	.long	952
	.long	321557
	.long	.Ltmp85
	.long	391
	.long	952
	.long	321550
	.long	.Ltmp88
	.long	391
	.long	1014
	.long	117765
	.long	.Ltmp91
	.long	391
	.long	1029
	.long	322577
	.long	.Ltmp92
	.long	391
	.long	1054
	.long	329763
	.long	.Ltmp93
	.long	391
	.long	1029
	.long	322577
	.long	.Ltmp94
	.long	391
	.long	1138
	.long	326671
	.long	.Ltmp97
	.long	391
	.long	1029
	.long	322577
	.long	.Ltmp100
	.long	391
	.long	1161
	.long	122885
	.long	.Ltmp103
	.long	391
	.long	1175
	.long	335877
	.long	.Ltmp108
	.long	391
	.long	1195
	.long	128005
	.long	.Ltmp115
	.long	391
	.long	709
	.long	338946
	.long	1245
	.long	3
	.long	.Lfunc_begin4
	.long	391
	.long	1249
	.long	311296
	.long	.Ltmp122
	.long	391
	.long	1296
	.long	312331
	.long	.Ltmp123
	.long	391
	.long	709
	.long	316418
	.long	1331
	.long	11
	.long	.Lfunc_begin5
	.long	391
	.long	1357
	.long	343040
	.long	.Ltmp128
	.long	391
	.long	1407
	.long	344079
	.long	.Ltmp131
	.long	391
	.long	1427
	.long	345104
	.long	.Ltmp136
	.long	391
	.long	508
	.long	112645
	.long	.Ltmp141
	.long	391
	.long	1490
	.long	133125
	.long	.Ltmp148
	.long	391
	.long	1510
	.long	348168
	.long	.Ltmp151
	.long	391
	.long	1014
	.long	117765
	.long	.Ltmp154
	.long	391
	.long	1542
	.long	355349
	.long	.Ltmp155
	.long	391
	.long	1600
	.long	352265
	.long	.Ltmp158
	.long	391
	.long	1622
	.long	138245
	.long	.Ltmp161
	.long	391
	.long	709
	.long	361474
	.section	.debug_line,"",@progbits
.Lline_table_start0:
