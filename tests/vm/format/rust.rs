// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
//
// The peculiarities of Rust objects: maps in both forms that aya supports, helpers as constant
// function pointers, functions in separate sections, names that are invalid in C, reordered fields,
// enums with data. BPF targets have no prebuilt `core`, so the necessary items are defined here. The
// tests use the compiler's output, rust.s, because the items of `core` are renamed from version to
// version of rustc. To regenerate it (rustc 1.95, LLVM 22):
//
//     RUSTC_BOOTSTRAP=1 rustc --edition 2021 --crate-type lib --target bpfel-unknown-none \
//         -C panic=abort -C opt-level=3 -g -A warnings --remap-path-prefix "$PWD=." \
//         --emit asm=rust.s rust.rs
#![no_core]
#![feature(no_core, lang_items, intrinsics, rustc_attrs, auto_traits, negative_impls, freeze_impls)]

#[lang = "pointee_sized"]
pub trait PointeeSized {}
#[lang = "meta_sized"]
pub trait MetaSized: PointeeSized {}
#[lang = "sized"]
pub trait Sized: MetaSized {}
#[lang = "destruct"]
pub trait Destruct: PointeeSized {}
#[lang = "copy"]
pub trait Copy {}
impl Copy for u8 {}
impl Copy for u32 {}
impl Copy for u64 {}
impl Copy for i64 {}
impl Copy for usize {}
impl<T, const N: usize> Copy for [T; N] {}
impl<T: PointeeSized> Copy for *const T {}
impl<T: PointeeSized> Copy for *mut T {}
impl<T: PointeeSized> Copy for &T {}
#[lang = "legacy_receiver"]
pub trait LegacyReceiver {}
impl<T: PointeeSized> LegacyReceiver for &T {}
#[lang = "sync"]
pub unsafe trait Sync {}
unsafe impl<T, const N: usize> Sync for [T; N] {}
#[lang = "freeze"]
pub unsafe auto trait Freeze {}
impl<T> !Freeze for UnsafeCell<T> {}
#[lang = "drop_in_place"]
unsafe fn drop_in_place<T: PointeeSized>(p: *mut T) {
    drop_in_place(p)
}
#[lang = "add"]
pub trait Add<Rhs = Self> {
    type Output;
    fn add(self, rhs: Rhs) -> Self::Output;
}
impl Add for u64 {
    type Output = u64;
    fn add(self, rhs: u64) -> u64 {
        self + rhs
    }
}
#[lang = "eq"]
pub trait PartialEq<Rhs: PointeeSized = Self>: PointeeSized {
    fn eq(&self, other: &Rhs) -> bool;
    fn ne(&self, other: &Rhs) -> bool;
}
impl PartialEq for usize {
    fn eq(&self, other: &usize) -> bool {
        *self == *other
    }
    fn ne(&self, other: &usize) -> bool {
        *self != *other
    }
}
#[lang = "phantom_data"]
pub struct PhantomData<T: PointeeSized>;
#[lang = "unsafe_cell"]
#[repr(transparent)]
pub struct UnsafeCell<T> {
    value: T,
}
pub enum Option<T> {
    None,
    Some(T),
}
pub enum Result<T, E> {
    Ok(T),
    Err(E),
}
#[lang = "panic_location"]
struct Location<'a>(&'a str, u32, u32);
#[lang = "panic"]
#[track_caller]
fn panic(_: &'static str) -> ! {
    loop {}
}
#[rustc_intrinsic]
pub const unsafe fn transmute<A, B>(a: A) -> B;
#[rustc_intrinsic]
pub const fn size_of<T>() -> usize;
#[rustc_intrinsic]
pub unsafe fn volatile_load<T>(p: *const T) -> T;

// ---- helpers ----

#[inline(always)]
fn lookup(map: *const u8, key: *const u8) -> *mut u8 {
    let f: extern "C" fn(*const u8, *const u8) -> *mut u8 = unsafe { transmute(1usize) };
    f(map, key)
}
#[inline(always)]
fn update(map: *const u8, key: *const u8, value: *const u8) -> i64 {
    let f: extern "C" fn(*const u8, *const u8, *const u8, u64) -> i64 = unsafe { transmute(2usize) };
    f(map, key, value, 0)
}
#[inline(always)]
fn pid() -> u32 {
    let f: extern "C" fn() -> u64 = unsafe { transmute(14usize) };
    f() as u32
}
#[inline(always)]
fn comm(to: *mut u8) -> i64 {
    let f: extern "C" fn(*mut u8, u32) -> i64 = unsafe { transmute(16usize) };
    f(to, 16)
}
#[inline(always)]
fn output(ctx: *mut u8, map: *const u8, data: *const u8, size: u64) -> i64 {
    let f: extern "C" fn(*mut u8, *const u8, u64, *const u8, u64) -> i64 = unsafe { transmute(25usize) };
    f(ctx, map, 0xffffffff, data, size)
}
#[inline(always)]
fn reserve(map: *const u8, size: u64) -> *mut u8 {
    let f: extern "C" fn(*const u8, u64, u64) -> *mut u8 = unsafe { transmute(131usize) };
    f(map, size, 0)
}
#[inline(always)]
fn submit(record: *mut u8) {
    let f: extern "C" fn(*mut u8, u64) = unsafe { transmute(132usize) };
    f(record, 0)
}

// ---- legacy maps ----

#[repr(C)]
pub struct bpf_map_def {
    type_: u32,
    key_size: u32,
    value_size: u32,
    max_entries: u32,
    map_flags: u32,
    id: u32,
    pinning: u32,
}
#[repr(transparent)]
pub struct MapDef(UnsafeCell<bpf_map_def>);
const fn def<K, V>(type_: u32, max_entries: u32) -> MapDef {
    MapDef(UnsafeCell {
        value: bpf_map_def {
            type_,
            key_size: size_of::<K>() as u32,
            value_size: size_of::<V>() as u32,
            max_entries,
            map_flags: 0,
            id: 0,
            pinning: 0,
        },
    })
}
#[repr(transparent)]
pub struct HashMap<K, V> {
    def: MapDef,
    _kv: PhantomData<(K, V)>,
}
unsafe impl<K, V> Sync for HashMap<K, V> {}
#[repr(transparent)]
pub struct PerfEventArray<T> {
    def: MapDef,
    _t: PhantomData<T>,
}
unsafe impl<T> Sync for PerfEventArray<T> {}

#[link_section = "maps"]
#[export_name = "COUNTS"]
static COUNTS: HashMap<u32, u64> = HashMap { def: def::<u32, u64>(1, 1024), _kv: PhantomData };
#[link_section = "maps"]
#[export_name = "OPENED"]
static OPENED: PerfEventArray<Opened> = PerfEventArray { def: def::<u32, u32>(4, 0), _t: PhantomData };

// ---- BTF maps ----

pub struct RingBuf<T, const M: usize, const F: usize> {
    r#type: *const [i32; 27],
    key: *const (),
    value_size: *const [i32; 0],
    max_entries: *const [i32; M],
    map_flags: *const [i32; F],
    _t: PhantomData<T>,
}
unsafe impl<T, const M: usize, const F: usize> Sync for RingBuf<T, M, F> {}
pub struct ArrayDef<V, const M: usize> {
    r#type: *const [i32; 2],
    key: *const u32,
    value: *const V,
    max_entries: *const [i32; M],
}
#[repr(transparent)]
pub struct Array<V, const M: usize>(UnsafeCell<ArrayDef<V, M>>);
unsafe impl<V, const M: usize> Sync for Array<V, M> {}

#[link_section = ".maps"]
#[export_name = "RECORDS"]
static RECORDS: RingBuf<Record, 4096, 0> = unsafe { transmute([0usize; 5]) };
#[link_section = ".maps"]
#[export_name = "STATS"]
static STATS: Array<Stat, 4> = unsafe { transmute([0usize; 4]) };

// ---- types ----

#[repr(u8)]
pub enum Verdict {
    Aborted,
    Drop,
    Pass = 200,
}
pub enum Peer {
    Nobody,
    Four(u32),
    Six { addr: [u8; 16], scope: u32 },
}
pub struct Pair<A, B> {
    first: A,
    second: B,
}
pub struct Opened {
    flag: bool,
    pid: u32,
    at: u64,
    name: [u8; 16],
    pair: Pair<u8, u64>,
    tuple: (u8, u32),
    peer: Peer,
    verdict: Verdict,
    maybe: Option<u32>,
    unit: (),
}
pub struct Stat {
    small: u8,
    last: u64,
    peer: Peer,
}
pub struct Record {
    small: u8,
    kind: Peer,
    letter: char,
    next: Option<&'static u32>,
}
pub struct Odd {
    letter: char,
    text: &'static str,
    call: fn(u32) -> u32,
    wide: u128,
    ratio: f64,
    maybe: Option<Option<u8>>,
    unit: (),
    span: PhantomData<(u8, [u16; 4], fn(u8) -> u16, &'static str, *mut fn(u64, u64, u64, u64, u64) -> Result<Option<u32>, (u8, u8)>)>,
}
unsafe impl Sync for Odd {}

fn same(x: u32) -> u32 {
    x
}
#[no_mangle]
static ODD: Odd = Odd {
    letter: 'x',
    text: "text",
    call: same,
    wide: 5,
    ratio: 1.5,
    maybe: Option::None,
    unit: (),
    span: PhantomData,
};
static TABLE: [u32; 4] = [11, 22, 33, 44];
#[no_mangle]
static mut SEEN: u64 = 0;
#[no_mangle]
static mut LIMIT: u64 = 100;

// ---- programs ----

// Instantiated for each argument type, in a section of its own.
#[inline(never)]
fn count<T: Copy>(key: u32, _one: T) -> Result<u64, i64> {
    let map = &raw const COUNTS as *const u8;
    let p = lookup(map, &raw const key as *const u8) as *mut u64;
    if (p as usize) != 0usize {
        unsafe { *p = *p + 1 };
        return Result::Ok(0);
    }
    match update(map, &raw const key as *const u8, &raw const LIMIT as *const u8) {
        0 => Result::Ok(1),
        e => Result::Err(e),
    }
}

#[no_mangle]
#[link_section = "xdp"]
pub extern "C" fn gate(_ctx: *mut u8) -> u32 {
    match count(1, 7u32) {
        Result::Ok(_) => 2,
        Result::Err(_) => 1,
    }
}

#[no_mangle]
#[link_section = "tracepoint/sched/sched_process_exec"]
pub extern "C" fn execs(ctx: *mut u8) -> u32 {
    unsafe { SEEN = SEEN + volatile_load(&raw const LIMIT) };
    let mut e = Opened {
        flag: true,
        pid: pid(),
        at: 1234,
        name: [0; 16],
        pair: Pair { first: 9, second: 10 },
        tuple: (4, 5),
        peer: Peer::Four(unsafe { volatile_load(&raw const TABLE as *const u32) }),
        verdict: Verdict::Pass,
        maybe: Option::Some(77),
        unit: (),
    };
    comm(&raw mut e.name as *mut u8);
    count(2, 1u64);
    output(ctx, &raw const OPENED as *const u8, &raw const e as *const u8, const { size_of::<Opened>() } as u64);
    0
}

#[no_mangle]
#[link_section = "raw_tp/sched_process_exec"]
pub extern "C" fn records(_ctx: *mut u8) -> u32 {
    let key = 1u32;
    let stat = Stat { small: 1, last: 2, peer: Peer::Nobody };
    update(&raw const STATS as *const u8, &raw const key as *const u8, &raw const stat as *const u8);
    let r = reserve(&raw const RECORDS as *const u8, const { size_of::<Record>() } as u64) as *mut Record;
    if (r as usize) == 0usize {
        return 0;
    }
    unsafe {
        *r = Record {
            small: 3,
            kind: Peer::Six { addr: [1; 16], scope: pid() },
            letter: volatile_load(&raw const ODD.letter),
            next: Option::None,
        };
    }
    submit(r as *mut u8);
    0
}

#[no_mangle]
#[link_section = "license"]
pub static LICENSE: [u8; 13] = *b"Dual MIT/GPL\0";
