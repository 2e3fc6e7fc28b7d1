//! Compiles the program's `.proto` files.

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let files = ["proto/program.proto", "proto/operators.proto"];
    for file in files {
        println!("cargo:rerun-if-changed={file}");
    }
    let descriptors = protox::compile(files, ["proto"])?;
    tonic_prost_build::configure().build_client(false).build_server(false).compile_fds(descriptors)?;
    Ok(())
}
