//! What goes into the log, as it is written: a level, or levels of parts such as `info,cmtop::watch=debug`.

use crate::query::likely::likely;
use crate::text::clean;

/// The levels, and the word for nothing.
const LEVELS: [&str; 6] = ["error", "warn", "info", "debug", "trace", "off"];

/// Why a text is none; `None` for one that is.
pub(super) fn fault(text: &str) -> Option<String> {
    text.split(',').find_map(|part| {
        let (of, level) = part.split_once('=').map_or((None, part), |(of, level)| (Some(of), level));
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | ':');
        let named = of.is_none_or(|of| !of.is_empty() && of.chars().all(plain));
        if named && LEVELS.iter().any(|known| known.eq_ignore_ascii_case(level)) {
            return None;
        }
        let known = match likely(level, LEVELS) {
            Some(meant) if named => format!("did you mean `{meant}`?"),
            _ => format!("there are {}, and filters such as `cmtop=debug`", LEVELS.join(", ")),
        };
        Some(format!("`{}` is no level; {known}", clean(part, crate::limits::NAME)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_level_is_a_word_or_a_word_for_a_part() {
        for good in ["info", "TRACE", "off", "cmtop=debug", "info,cmtop::watch=debug,kube-client=warn"] {
            assert_eq!(fault(good), None, "{good}");
        }
        assert_eq!(fault("debg").as_deref(), Some("`debg` is no level; did you mean `debug`?"));
        let known = "there are error, warn, info, debug, trace, off, and filters such as `cmtop=debug`";
        for wrong in ["verbose", "", "=info", "cm top=loud"] {
            assert_eq!(fault(wrong), Some(format!("`{wrong}` is no level; {known}")));
        }
        assert_eq!(fault("info,verbose"), Some(format!("`verbose` is no level; {known}")));
    }
}
