//! Why a command does nothing in a table without rows.

use crate::action::Action;
use crate::app::App;
use crate::app::screen::Screen;
use crate::command::Command;

/// Commands that are about the selected row.
const OF_ROW: &[Command] = &[
    Command::Open,
    Command::Tree,
    Command::Describe,
    Command::X509,
    Command::Yaml,
    Command::Versions,
    Command::Difference,
    Command::Timeline,
    Command::Probe,
    Command::ProbeAgain,
    Command::CopyName,
    Command::CopyFullName,
    Command::Bundle,
    Command::Mark,
    Command::Mend,
];

impl App {
    /// Why a command has no row to be about; `None` where it has one, or needs none.
    pub(super) fn no_row(&self, command: Command) -> Option<String> {
        let in_table = matches!(self.ui.screen(), Screen::Home | Screen::Kind(_));
        let of_row = OF_ROW.contains(&command) || Action::of(command).is_some() && self.ui.marks.is_empty();
        if !in_table || !of_row || self.selected_object().is_some() {
            return None;
        }
        let (filter, key) = (self.filter_here(), |command| self.keymap.key_of(command).unwrap_or_default());
        let why = if !filter.is_empty() {
            format!("the filter /{filter} leaves none")
        } else if self.selection.only_faults {
            format!("nothing needs a person, and {} shows the others", key(Command::OnlyFaults))
        } else if !self.selection.namespaces.is_empty() {
            format!("there is none in the chosen namespaces, and {} shows all", key(Command::AllNamespaces))
        } else {
            "the table has none".to_owned()
        };
        Some(format!("no row is selected: {why}"))
    }
}
