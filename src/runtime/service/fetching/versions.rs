//! The versions of an object: of what the watches delivered lately, or of a recording.

use std::path::{Path, PathBuf};
use std::sync::PoisonError;

use crate::app::fetch::{Fetch, Fetched};
use crate::app::fetch::{Version, Versions};
use crate::recording::forms::Forms;
use crate::recording::lookup;
use crate::runtime::source::replay;
use crate::watch::Lately;
use crate::wire::masked::Masked;

/// What the watches delivered of an object lately.
pub(super) async fn kept(kept: Lately, fetch: Fetch) -> Fetched {
    let (object, at) = (fetch.object.clone(), fetch.at);
    told(fetch, move || {
        let forms = kept.lock().unwrap_or_else(PoisonError::into_inner).forms(&object, at);
        Ok(forms)
    })
    .await
}

/// What a recording holds of an object.
pub(super) async fn recorded(file: &Path, fetch: Fetch) -> Fetched {
    let (file, object, at) = (PathBuf::from(file), fetch.object.clone(), fetch.at);
    told(fetch, move || {
        let mut reader = replay::open(&file).map_err(|failure| failure.what)?;
        lookup::forms(&mut reader, &object, at).map_err(|error| error.to_string())
    })
    .await
}

/// Looks on a thread of its own: a large recording takes a while.
async fn told(fetch: Fetch, look: impl FnOnce() -> Result<Forms, String> + Send + 'static) -> Fetched {
    let read = tokio::task::spawn_blocking(move || look().and_then(|forms| shown(&forms))).await;
    Fetched::Versions(fetch.object, read.unwrap_or_else(|error| Err(error.to_string())))
}

/// As they may be shown. What differs in nothing but what is hidden is one version.
fn shown(forms: &Forms) -> Result<Versions, String> {
    let mut seen: Vec<Version> = Vec::new();
    for (at, object) in &forms.seen {
        let Masked(object) = serde_json::from_str(object).map_err(|error| error.to_string())?;
        let yaml = serde_yaml::to_string(&object).map_err(|error| error.to_string())?;
        if seen.last().is_none_or(|last| last.yaml != yaml) {
            seen.push(Version { at: *at, yaml });
        }
    }
    Ok(Versions { seen, since: forms.since, whole: forms.whole })
}

#[cfg(test)]
mod tests {
    use std::io::BufReader;

    use super::*;
    use crate::model::id::ObjectKey;
    use crate::model::kind::Kind;
    use crate::model::meta::Time;
    use crate::recording::reader::Reader;

    #[test]
    fn nothing_of_a_secret_is_shown_and_what_is_hidden_makes_no_version() {
        let header = r#"{"format":"cmtop-recording","version":1,"started":"2026-01-01T00:00:00Z","cluster":"x"}"#;
        let frame = |t: u32, team: &str, key: &str| {
            format!(
                r#"{{"t":"2026-01-01T00:00:{t:02}Z","op":"MODIFIED","object":{{"apiVersion":"v1","kind":"Secret","metadata":
                {{"namespace":"shop","name":"tls","labels":{{"team":"{team}"}}}},"data":{{"tls.key":"{key}"}}}}}}"#
            )
            .replace('\n', "")
        };
        let frames = [frame(1, "a", "a2V5a2V5"), frame(2, "a", "b3RoZXIh"), frame(3, "b", "a2V5a2V5")];
        let text = format!("{header}\n{}\n", frames.join("\n"));
        let mut reader = Reader::open(BufReader::new(text.as_bytes())).unwrap();
        let object = ObjectKey { kind: Kind::Secret, namespace: "shop".into(), name: "tls".into() };
        let forms = lookup::forms(&mut reader, &object, Time::MAX_UTC).unwrap();
        let versions = shown(&forms).unwrap();
        let told: Vec<&str> = versions.seen.iter().map(|version| version.yaml.as_str()).collect();
        assert!(told.iter().all(|yaml| !yaml.contains("a2V5") && yaml.contains("<hidden: 6 bytes>")), "{told:?}");
        assert_eq!(told.len(), 2, "{told:?}");
        assert!(told[0].contains("team: a") && told[1].contains("team: b"));
    }
}
