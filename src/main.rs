//! The `cmtop` program.

fn main() -> std::process::ExitCode {
    cmtop::runtime::program::main()
}
