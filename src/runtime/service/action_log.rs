//! The file in which every action is noted, of every session: `$XDG_STATE_HOME/cmtop/actions.jsonl`.

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::path::PathBuf;

use crate::action::report::Report;
use crate::limits;
use crate::report::action::line;

/// Where actions are noted, and of which cluster.
#[derive(Debug, Clone, Default)]
pub struct ActionLog {
    /// The file; none where there is no home directory, and in tests.
    pub file: Option<PathBuf>,
    /// The context.
    pub context: String,
}

impl ActionLog {
    /// Notes an action. That it cannot be noted must not undo it: the reason goes into the program's own log.
    pub fn note(&self, report: &Report) {
        let Some(file) = &self.file else { return };
        if let Err(error) = append(file, &line(report, Some(&self.context))) {
            tracing::warn!("cannot note an action in {}: {error}", file.display());
        }
    }
}

fn append(file: &PathBuf, line: &str) -> io::Result<()> {
    if let Some(directory) = file.parent() {
        fs::create_dir_all(directory)?;
    }
    if fs::metadata(file).is_ok_and(|known| known.len() > limits::ACTION_LOG) {
        fs::rename(file, file.with_extension("jsonl.1"))?;
    }
    // One write of a whole line: sessions beside each other do not tear each other's lines.
    OpenOptions::new().create(true).append(true).open(file)?.write_all(line.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::action::Action;
    use crate::action::report::Outcome;
    use crate::model::id::ObjectKey;
    use crate::model::kind::Kind;
    use crate::model::meta::Time;
    use crate::model::symbol::Symbol;

    #[test]
    fn every_action_is_a_line() {
        let place = tempfile::tempdir().unwrap();
        let file = place.path().join("cmtop").join("actions.jsonl");
        let log = ActionLog { file: Some(file.clone()), context: "yard".to_owned() };
        let report = Report {
            at: Time::UNIX_EPOCH,
            action: Action::Renew,
            object: ObjectKey { kind: Kind::Certificate, namespace: Symbol::from("shop"), name: Box::from("www") },
            requests: Vec::new(),
            outcome: Outcome::Refused,
            message: "no".to_owned(),
        };
        log.note(&report);
        log.note(&report);
        let text = fs::read_to_string(file).unwrap();
        let expected = "{\"schema\":\"cmtop.action/v1\",\"at\":\"1970-01-01T00:00:00Z\",\"context\":\"yard\",\
            \"action\":\"renew\",\"object\":\"Certificate/shop/www\",\"requests\":[],\"outcome\":\"refused\",\"message\":\"no\"}\n";
        assert_eq!(text, expected.repeat(2));
    }
}
