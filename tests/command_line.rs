//! The help, as people read it.

#[test]
fn help() {
    let pages =
        ["--help", "-h", "demo --help", "record --help", "replay --help", "status -h", "simulate -h", "info -h"];
    let all: String = pages
        .iter()
        .map(|page| {
            let words = std::iter::once("cmtop").chain(page.split_whitespace());
            format!("$ cmtop {page}\n{}\n", cmtop::cli::parse(words).unwrap_err())
        })
        .collect();
    insta::assert_snapshot!(all);
}
