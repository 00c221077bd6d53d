//! Which files name each other in a circle. A file and the one that it belongs to are one thing: their arrows do not count.

use std::collections::{BTreeMap, BTreeSet};

/// Who names whom.
pub(crate) type Arrows<'m> = BTreeMap<&'m str, BTreeSet<&'m str>>;

/// The arrows that lead from one module to others, given what it names.
pub(crate) fn arrows<'m>(module: &str, names: &[Vec<String>], modules: &BTreeSet<&'m str>) -> BTreeSet<&'m str> {
    let file = |path: &Vec<String>| {
        let inside = path.strip_prefix(&["crate".to_owned()])?;
        (1..=inside.len()).rev().find_map(|length| modules.get(inside[..length].join("::").as_str()).copied())
    };
    let within = |inner: &str, outer: &str| inner.strip_prefix(outer).is_some_and(|rest| rest.starts_with("::"));
    let apart = |other: &&str| *other != module && !within(module, other) && !within(other, module);
    names.iter().filter_map(file).filter(apart).collect()
}

/// What is left when those that name nobody who is left are taken away, and those whom nobody names, again and again.
pub(crate) fn circles(mut arrows: Arrows<'_>) -> Vec<String> {
    loop {
        let before = arrows.len();
        let named: BTreeSet<&str> = arrows.values().flatten().copied().collect();
        arrows.retain(|module, names| named.contains(module) && !names.is_empty());
        let left: BTreeSet<&str> = arrows.keys().copied().collect();
        for names in arrows.values_mut() {
            names.retain(|name| left.contains(name));
        }
        if arrows.len() == before && arrows.values().all(|names| !names.is_empty()) {
            break;
        }
    }
    let lines = arrows.iter().map(|(module, names)| {
        let names: Vec<&str> = names.iter().copied().collect();
        format!("{module} is in a circle: it names {}", names.join(", "))
    });
    lines.collect()
}
