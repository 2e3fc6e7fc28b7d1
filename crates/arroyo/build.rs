//! Links the binary small, and tells it which commit it is built from, and when.

use vergen_gitcl::{Build, Emitter, Gitcl};

fn main() -> anyhow::Result<()> {
    println!("cargo::rerun-if-changed=build.rs");
    link_small();
    let build = Build::builder().build_timestamp(true).build();
    let git = Gitcl::builder().sha(false).build();
    Emitter::default().add_instructions(&build)?.add_instructions(&git)?.quiet().emit()
}

/// The fewer pages the binary has, the fewer are read to start and stay in memory.
fn link_small() {
    println!("cargo::rerun-if-env-changed=CARGO_ENCODED_RUSTFLAGS");
    // Rust links with LLD there; whoever asks for another linker may ask for one that does not know these.
    let target = std::env::var("TARGET").unwrap_or_default();
    let flags = std::env::var("CARGO_ENCODED_RUSTFLAGS").unwrap_or_default();
    let release = std::env::var("PROFILE").is_ok_and(|profile| profile == "release");
    if release && target == "x86_64-unknown-linux-gnu" && !flags.contains("link") {
        // One copy of functions that came out the same: kernels of all the types that are eight bytes wide, say.
        println!("cargo::rustc-link-arg-bins=-Wl,--icf=all");
        // Relocations of vtables packed to a bit each, instead of 24 bytes.
        println!("cargo::rustc-link-arg-bins=-Wl,-z,pack-relative-relocs");
    }
}
