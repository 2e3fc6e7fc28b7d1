//! Generates the client from `openapi.json`, the document that `arroyo-api` makes of its handlers.

use std::error::Error;
use std::path::PathBuf;

const DOCUMENT: &str = "openapi.json";

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed={DOCUMENT}");
    let document = serde_json::from_str(&std::fs::read_to_string(DOCUMENT)?)?;
    let client = progenitor::Generator::default().generate_tokens(&document)?;
    let out = PathBuf::from(std::env::var_os("OUT_DIR").ok_or("cargo sets OUT_DIR")?);
    std::fs::write(out.join("client.rs"), client.to_string())?;
    Ok(())
}
