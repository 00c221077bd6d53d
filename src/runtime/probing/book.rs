//! What the dashboard's probes saw, as reports.

use crate::app::App;
use crate::app::probes::Entry;
use crate::app::probes::seen::Seen;
use crate::model::certificate::Certificate;
use crate::model::id::{Id, ObjectKey};
use crate::report::probe::{Findings, Probe};
use crate::triage::timeline::objects;

/// What probes saw of a Certificate and its Challenges, the latest look at each.
pub fn of(app: &App, certificate: Id<Certificate>) -> Vec<Probe> {
    let own = objects(&app.model, certificate);
    let mut entries: Vec<_> = app.probes.iter().filter(|(key, _)| own.contains(key)).collect();
    entries.sort_by_key(|(_, entry)| entry.at);
    entries.into_iter().flat_map(|(key, entry)| reports(key, entry)).collect()
}

fn reports(key: &ObjectKey, entry: &Entry) -> Vec<Probe> {
    let findings = match &entry.seen {
        Seen::Dns01(it) => vec![Findings::Dns01(it.clone())],
        Seen::Http01(it) => vec![Findings::Http01(it.clone())],
        Seen::Preflight(names) => names.iter().map(|name| Findings::Preflight(Box::new(name.clone()))).collect(),
    };
    let report = |findings| Probe { at: entry.at, object: Some(key.to_string()), findings, took: entry.track.took() };
    findings.into_iter().map(report).collect()
}
