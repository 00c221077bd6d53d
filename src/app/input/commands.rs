//! What commands do.

use super::prompt::Prompt;
use crate::action::Action;
use crate::app::App;
use crate::app::effect::{Clipping, Effect};
use crate::app::screen::{Body, Mode, Pane, Screen};
use crate::app::table::column::Column;
use crate::app::toast::Tone;
use crate::app::viewport::Viewport;
use crate::app::way::Way;
use crate::command::Command;
use crate::model::meta::Time;

impl App {
    /// Does what a command says.
    pub fn run(&mut self, command: Command, now: Time) -> Vec<Effect> {
        if let Some(why) = self.no_row(command) {
            self.toasts.show(why, Tone::Neutral, now);
            return Vec::new();
        }
        let visit = self.visit();
        let mut effects = self.run_one(command, now);
        self.remember(visit, command);
        effects.extend(self.end_probe());
        effects
    }

    /// Every command has its arm here: a new one does not compile before it has.
    fn run_one(&mut self, command: Command, now: Time) -> Vec<Effect> {
        match command {
            // Moving.
            Command::Up => self.step(-1, now),
            Command::Down => self.step(1, now),
            Command::PageUp => self.step(-self.page(), now),
            Command::PageDown => self.step(self.page(), now),
            Command::HalfPageUp => self.step(-(self.page() / 2).max(1), now),
            Command::HalfPageDown => self.step((self.page() / 2).max(1), now),
            Command::Top => self.step(isize::MIN, now),
            Command::Bottom => self.step(isize::MAX, now),
            Command::Fold => self.fold(now),
            Command::Unfold => self.unfold(now),
            Command::NextPane => self.turn_to(1),
            Command::PreviousPane => self.turn_to(-1),
            // In and out.
            Command::Open => self.open(now),
            Command::Back => self.back(now),
            Command::Leave if !self.ui.back() => self.ui.mode = Mode::Quit { keep: false },
            Command::Cancel if !self.ui.back() => return self.quit(),
            Command::Leave | Command::Cancel => self.after_paging(now),
            Command::QuitKeep => return self.quit_and_keep(),
            Command::HistoryBack => self.travel_back(now),
            Command::HistoryForward => self.travel_forward(now),
            // Pages.
            Command::Help => self.open_help(now),
            Command::Aliases => self.open_aliases(now),
            Command::Tree => self.turn_page(Screen::Tree, now),
            Command::Describe => self.turn_page(Screen::Describe, now),
            Command::Events => self.turn_page(Screen::Events, now),
            Command::Feeds => self.turn_page(Screen::Feeds, now),
            Command::Messages => self.turn_page(Screen::Messages, now),
            Command::ActionLog => self.turn_page(Screen::Actions, now),
            Command::Causes => self.open_causes(now),
            Command::Certificates => self.show_certificates(now),
            Command::List(kind) => self.show_kind(kind, now),
            Command::X509 => return self.open_x509(now),
            Command::Yaml => return self.open_yaml(now),
            Command::Probe | Command::ProbeAgain => return self.probe(now),
            Command::Timeline => self.open_story(now),
            Command::Horizon => self.open_horizon(now),
            Command::Logs => self.open_logs(now),
            // Within a page.
            Command::Versions | Command::Difference => return self.compare(now),
            Command::Newer => self.step_version(Way::On, now),
            Command::Find => self.begin_search(),
            Command::NextMatch => self.next_match(1, now),
            Command::PreviousMatch => self.next_match(-1, now),
            Command::NextAttempt => self.step_attempt(1),
            Command::PreviousAttempt => self.step_attempt(-1),
            Command::NextSource => self.next_origin(),
            Command::AllLogs => self.all_logs(now),
            Command::OnlyTrouble => self.only_trouble(now),
            Command::HoldLogs => self.hold_logs(now),
            Command::SearchLogs => self.search_logs(),
            // Which rows a table has, and how it looks.
            Command::Filter => self.begin_filter(),
            Command::FilterTable => self.filter_table(now),
            Command::OnlyFaults => self.show_only_faults(!self.selection.only_faults, now),
            Command::Namespaces => self.ui.mode = Mode::Namespaces(Viewport { height: 10, ..Viewport::default() }),
            Command::AllNamespaces => self.show_namespaces(None, now),
            Command::RecentNamespace(digit) => self.show_recent_namespace(digit, now),
            Command::SortLeft => self.sort_by_neighbour(-1, now),
            Command::SortRight => self.sort_by_neighbour(1, now),
            Command::SortReverse => self.reverse(now),
            Command::Freeze => self.freeze(now),
            Command::Wide => self.widen(),
            Command::ColumnsRight => self.step_columns(1),
            Command::ColumnsLeft => self.step_columns(-1),
            Command::Header => self.toggle_header(),
            Command::Mark => self.mark(now),
            Command::MarkRange => self.mark_range(),
            Command::Unmark => self.ui.marks.clear(),
            // Time.
            Command::LookBack => self.look_back(now),
            Command::Pause => self.pause(now),
            Command::PreviousChange => self.step_change(Way::Back, now),
            Command::NextChange => self.step_change(Way::On, now),
            Command::Earlier => self.scrub(-1, now),
            Command::Later => self.scrub(1, now),
            Command::Slower => self.change_speed(-1, now),
            Command::Faster => self.change_speed(1, now),
            Command::Beginning => self.seek(Time::MIN_UTC, now),
            Command::Latest => self.show_latest(now),
            // Actions.
            Command::Mend => return self.mend(now),
            Command::Renew => return self.act(Action::Renew, now),
            Command::Retry => return self.act(Action::Retry, now),
            Command::Delete => return self.act(Action::Delete, now),
            Command::Release => return self.act(Action::Release, now),
            Command::Approve => return self.act(Action::Approve, now),
            Command::Deny => return self.act(Action::Deny, now),
            Command::Edit => return self.act(Action::Edit, now),
            // What the palette asks further.
            Command::Palette => self.begin_palette(),
            Command::Columns => self.change_columns(),
            Command::Host => self.open_palette("host "),
            Command::Contexts => return self.ask_contexts(now),
            // What is done outside.
            Command::CopyName => return self.copy_name(),
            Command::CopyFullName => return self.copy(|key| format!("{}/{}", key.namespace, key.name)),
            Command::Resync => return self.resync(now),
            Command::Record => return self.record(now),
            Command::Bundle => return self.bundle(now),
            Command::Theme => return vec![Effect::Theme(None)],
            Command::SaveScreen => return vec![Effect::SaveScreen],
            Command::Suspend => return vec![Effect::Suspend],
        }
        Vec::new()
    }

    /// Quits; asks before, where something is under way.
    pub(super) fn quit(&mut self) -> Vec<Effect> {
        self.end(false)
    }

    /// The same, and leaves the picture on the screen.
    fn quit_and_keep(&mut self) -> Vec<Effect> {
        self.end(true)
    }

    fn end(&mut self, keep: bool) -> Vec<Effect> {
        if self.under_way().is_some() {
            self.ui.mode = Mode::Quit { keep };
            return Vec::new();
        }
        vec![Effect::Quit { keep }]
    }

    /// The contexts are asked for anew: a kubeconfig changes.
    fn begin_palette(&mut self) {
        self.contexts = None;
        self.open_palette("");
    }

    fn filter_table(&mut self, now: Time) {
        self.return_to_table(now);
        self.begin_filter();
    }

    /// The filter of the table that is shown, or lies below the page.
    pub(super) fn filter_here(&self) -> String {
        self.kind_table().map_or(&self.ui.filter, |(_, table)| &table.filter).clone()
    }

    fn begin_filter(&mut self) {
        let filter = self.filter_here();
        self.ui.mode = Mode::Filter { prompt: Prompt::new(&filter), before: filter, error: None };
    }

    fn show_only_faults(&mut self, only: bool, now: Time) {
        self.selection.only_faults = only;
        self.rearrange(now);
    }

    fn show_recent_namespace(&mut self, digit: u8, now: Time) {
        if let Some(namespace) = self.recent_namespaces().get(usize::from(digit).saturating_sub(1)).cloned() {
            self.show_namespaces(Some(namespace), now);
        }
    }

    /// Back to the table of Certificates, all of them.
    fn show_certificates(&mut self, now: Time) {
        while self.ui.back() {}
        self.selection.only = None;
        self.rearrange(now);
        self.after_paging(now);
    }

    fn open_causes(&mut self, now: Time) {
        self.turn_page(Screen::Causes, now);
        self.lay_out_causes(now);
    }

    fn reverse(&mut self, now: Time) {
        if let Screen::Kind(kind) = self.ui.screen() {
            return self.reverse_rows(kind, now);
        }
        self.selection.reversed = !self.selection.reversed;
        self.rearrange(now);
    }

    /// Holds the order of the rows, or lets it go.
    fn freeze(&mut self, now: Time) {
        let frozen = !self.roster.is_frozen();
        self.roster.freeze(frozen);
        if !frozen {
            self.rearrange(now);
        }
    }

    fn toggle_header(&mut self) {
        self.ui.header = !self.ui.header;
        self.fit();
    }

    fn copy_name(&self) -> Vec<Effect> {
        let command = self.shown_command();
        self.copy(|key| command.map_or_else(|| key.name.to_string(), str::to_owned))
    }

    /// The command of the first remedy that has one, where a diagnosis is what the person reads: on the page of an
    /// object, of a cause or of a probe, or in the detail pane when it has the focus.
    fn shown_command(&self) -> Option<&str> {
        let of_findings = || {
            let object = self.selected_object()?;
            let mut remedies = self.findings_of(&object).flat_map(|finding| &finding.remedies);
            remedies.find_map(|remedy| remedy.command.as_deref())
        };
        match self.ui.screen() {
            Screen::Describe => of_findings(),
            Screen::Home if self.ui.pane == Pane::Detail => of_findings(),
            Screen::Causes => {
                let remedies = &self.causes_page.selected()?.finding().remedies;
                remedies.iter().find_map(|remedy| remedy.command.as_deref())
            }
            Screen::Probe => {
                let entry = self.probes.get(self.probes.open.as_ref()?)?;
                entry.seen.verdict().remedies.iter().find_map(|remedy| remedy.command.as_deref())
            }
            _ => None,
        }
    }

    fn copy(&self, words: impl Fn(&crate::model::id::ObjectKey) -> String) -> Vec<Effect> {
        let text = self.selected_object().map(|key| words(&key));
        text.map(|text| Effect::Copy(Clipping::of(text))).into_iter().collect()
    }

    fn open(&mut self, now: Time) {
        match self.ui.screen().body() {
            Body::Home if self.ui.pane == Pane::Table => self.turn_page(Screen::Tree, now),
            Body::Home | Body::Tree | Body::Probe => self.turn_page(Screen::Describe, now),
            Body::Timeline => self.open_entry(now),
            Body::Logs => self.open_log_line(now),
            Body::Horizon => self.open_line(now),
            Body::Rows(kind) => self.open_row(kind, now),
            Body::Causes => self.open_cause(now),
            Body::Text => {}
        }
    }

    /// Back the way one came; at the root, a filter is taken away first.
    fn back(&mut self, now: Time) {
        if self.ui.screen() == Screen::Logs && !self.logs.query.is_empty() {
            self.look_for("", now);
        } else if self.ui.pane == Pane::Detail && matches!(self.ui.screen(), Screen::Kind(_)) {
            self.ui.pane = Pane::Table;
        } else if self.leave_rows(now) {
        } else if self.ui.back() {
            // What an issuer issues is a choice of its own: it goes with the page.
            if self.ui.screen() != Screen::Home && self.selection.only.take().is_some() {
                self.rearrange(now);
            }
            self.after_paging(now);
        } else if self.looks_back() {
            self.come_back(now);
        } else if !self.ui.marks.is_empty() {
            self.ui.marks.clear();
        } else if self.ui.pane != Pane::Table {
            self.ui.pane = Pane::Table;
        } else if !self.ui.filter.is_empty() {
            self.filter("", now);
        } else if self.selection.only.take().is_some() {
            self.rearrange(now);
        } else if self.selection.only_faults {
            self.show_only_faults(false, now);
        }
    }

    pub(in crate::app) fn turn_page(&mut self, screen: Screen, now: Time) {
        let possible = match screen {
            Screen::Tree | Screen::Timeline => self.selected().is_some(),
            Screen::Describe => self.selected_object().is_some(),
            _ => true,
        };
        if !possible && self.ui.screen() != Screen::Home {
            self.toasts.show("there is no Certificate that this belongs to", Tone::Neutral, now);
        }
        if possible {
            if let (Screen::Tree, Some(object)) = (screen, self.object_of_row()) {
                self.ui.node = Some(object);
            }
            self.ui.go(screen);
            self.after_paging(now);
        }
    }

    pub(in crate::app) fn after_paging(&mut self, now: Time) {
        if self.ui.selected.is_none() && self.ui.stack.len() > 1 {
            // Whoever opens a row means that object, not the place in the list.
            self.ui.selected = self.row_of_home();
        }
        self.lay_out(now);
        self.write_page();
    }

    fn sort_by_neighbour(&mut self, by: isize, now: Time) {
        if let Screen::Kind(kind) = self.ui.screen() {
            return self.sort_rows_by_neighbour(kind, by, now);
        }
        let chosen = self.columns.of_certificates();
        let columns: Vec<Column> = chosen.into_iter().filter(Column::sorts).collect();
        let here = columns.iter().position(|column| *column == self.selection.column).unwrap_or(0);
        let there = (here as isize + by).rem_euclid(columns.len().max(1) as isize) as usize;
        self.sort_by(columns.get(there).cloned().unwrap_or_default(), now);
    }

    pub(in crate::app) fn sort_by(&mut self, column: Column, now: Time) {
        self.selection.reversed = self.selection.column == column && !self.selection.reversed;
        self.selection.column = column;
        self.reveal_order();
        self.rearrange(now);
    }
}
