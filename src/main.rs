//! The `cmtop` program.

fn main() -> std::process::ExitCode {
    cmtop::runtime::dispatch::main()
}
