//! What was probably meant by a word that nothing is called.

/// How like two words have to be: less is no help.
const LIKE: f64 = 0.8;

/// The one of the known words that is most like what was written; `None` when none is like it.
///
/// ```
/// use cmtop::query::likely::likely;
/// assert_eq!(likely("chekout", ["checkout", "www"]), Some("checkout"));
/// assert_eq!(likely("nope", ["checkout", "www"]), None);
/// ```
pub fn likely<'w>(word: &str, known: impl IntoIterator<Item = &'w str>) -> Option<&'w str> {
    let word = word.to_lowercase();
    let likeness = |known: &str| strsim::jaro_winkler(&word, &known.to_lowercase());
    let rated = known.into_iter().map(|known| (likeness(known), known));
    let best = rated.max_by(|(a, one), (b, other)| a.total_cmp(b).then_with(|| other.cmp(one)));
    best.filter(|(likeness, _)| *likeness > LIKE).map(|(_, known)| known)
}
