//! What commands do.

use super::App;
use super::column::Column;
use super::effect::Effect;
use super::prompt::Prompt;
use super::toast::Tone;
use super::ui_state::{Mode, Pane, Screen};
use super::viewport::Viewport;
use crate::action::Action;
use crate::command::Command;
use crate::model::kind::Kind;
use crate::model::meta::Time;

impl App {
    /// Does what a command says.
    pub fn run(&mut self, command: Command, now: Time) -> Vec<Effect> {
        let visit = self.visit();
        let mut effects = match page_of(command) {
            Some(screen) => {
                self.turn_page(screen, now);
                Vec::new()
            }
            None => self.turn_elsewhere(command, now).unwrap_or_else(|| self.run_one(command, now)),
        };
        self.remember(visit, command);
        effects.extend(self.end_probe());
        effects
    }

    fn run_one(&mut self, command: Command, now: Time) -> Vec<Effect> {
        match command {
            Command::Open => self.open(now),
            Command::Back => self.back(now),
            Command::Leave if !self.ui.back() => self.ui.mode = Mode::Quit,
            Command::Cancel if !self.ui.back() => match self.under_way() {
                Some(_) => self.ui.mode = Mode::Quit,
                None => return vec![Effect::Quit { keep: false }],
            },
            Command::Leave | Command::Cancel => self.after_paging(now),
            Command::QuitKeep => return vec![Effect::Quit { keep: true }],
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
            Command::Filter => {
                let filter = self.kind_table().map_or(&self.ui.filter, |(_, table)| &table.filter).clone();
                self.ui.mode = Mode::Filter { prompt: Prompt::new(&filter), before: filter, error: None };
            }
            Command::OnlyFaults => {
                self.selection.only_faults = !self.selection.only_faults;
                self.rearrange(now);
            }
            Command::Palette => {
                self.contexts = None;
                self.open_palette("");
            }
            Command::X509 => return self.open_x509(now),
            Command::Yaml => return self.open_yaml(now),
            Command::Difference | Command::Find | Command::NextMatch | Command::PreviousMatch => {
                self.leaf_through(command, now);
            }
            Command::Causes => {
                self.turn_page(Screen::Causes, now);
                self.lay_out_ailments(now);
            }
            Command::Probe | Command::ProbeAgain => return self.probe(now),
            Command::Timeline => self.open_story(now),
            Command::NextAttempt => self.step_attempt(1),
            Command::PreviousAttempt => self.step_attempt(-1),
            Command::NextSource => self.next_origin(),
            Command::Horizon => self.open_horizon(now),
            Command::Namespaces => self.ui.mode = Mode::Namespaces(Viewport { height: 10, ..Viewport::default() }),
            Command::AllNamespaces => self.show_namespaces(None, now),
            Command::RecentNamespace(digit) => {
                if let Some(namespace) = self.recent_namespaces().get(usize::from(digit).saturating_sub(1)).cloned() {
                    self.show_namespaces(Some(namespace), now);
                }
            }
            Command::SortLeft => self.sort_by_neighbour(-1, now),
            Command::SortRight => self.sort_by_neighbour(1, now),
            Command::SortReverse => {
                self.selection.reversed = !self.selection.reversed;
                self.rearrange(now);
            }
            Command::Freeze => {
                let frozen = !self.roster.is_frozen();
                self.roster.freeze(frozen);
                if !frozen {
                    self.rearrange(now);
                }
            }
            Command::Wide => self.widen(),
            Command::Header => {
                self.ui.header = !self.ui.header;
                self.fit();
            }
            Command::CopyName => {
                let command = self.shown_command().map(str::to_owned);
                return self.copy(|key| command.clone().unwrap_or_else(|| key.name.to_string()), now);
            }
            Command::CopyFullName => return self.copy(|key| format!("{}/{}", key.namespace, key.name), now),
            Command::Resync => {
                self.toasts.show("listing everything again", Tone::Neutral, now);
                return vec![Effect::Resync];
            }
            Command::Theme => return vec![Effect::Theme(None)],
            Command::SaveScreen => return vec![Effect::SaveScreen],
            Command::Suspend => return vec![Effect::Suspend],
            Command::Mend => return self.mend(now),
            Command::Renew
            | Command::Retry
            | Command::Delete
            | Command::Release
            | Command::Approve
            | Command::Deny
            | Command::Edit => return Action::of(command).map(|action| self.act(action, now)).unwrap_or_default(),
            Command::Mark => self.mark(now),
            Command::MarkRange => self.mark_range(),
            Command::Unmark => self.ui.marks.clear(),
            other => return self.run_in_time(other, now),
        }
        Vec::new()
    }

    /// The command of the first remedy that has one, where a diagnosis is what the person reads: on the page of a
    /// Certificate, of a cause or of a probe, or in the detail pane when it has the focus.
    fn shown_command(&self) -> Option<&str> {
        let of_certificate = || self.selected_object().is_some_and(|key| key.kind == Kind::Certificate);
        let of_findings = || {
            let mut remedies = self.findings.iter().flat_map(|finding| &finding.remedies);
            remedies.find_map(|remedy| remedy.command.as_deref()).filter(|_| of_certificate())
        };
        match self.ui.screen() {
            Screen::Describe => of_findings(),
            Screen::Home if self.ui.pane == Pane::Detail => of_findings(),
            Screen::Causes => {
                let remedies = &self.ailments.selected()?.finding().remedies;
                remedies.iter().find_map(|remedy| remedy.command.as_deref())
            }
            Screen::Probe => {
                let entry = self.probes.get(self.probes.open.as_ref()?)?;
                entry.seen.verdict().remedies.iter().find_map(|remedy| remedy.command.as_deref())
            }
            _ => None,
        }
    }

    fn copy(&mut self, words: impl Fn(&crate::model::id::ObjectKey) -> String, now: Time) -> Vec<Effect> {
        let Some(text) = self.selected_object().map(|key| words(&key)) else { return Vec::new() };
        self.toasts.show(format!("copied {text}"), Tone::Good, now);
        vec![Effect::Copy(text)]
    }

    fn open(&mut self, now: Time) {
        match self.ui.screen() {
            Screen::Home if self.ui.pane == Pane::Table => self.turn_page(Screen::Tree, now),
            Screen::Home | Screen::Tree => self.turn_page(Screen::Describe, now),
            Screen::Probe => self.turn_page(Screen::Describe, now),
            Screen::Timeline => self.open_entry(now),
            Screen::Logs => self.open_log_line(now),
            Screen::Horizon => self.open_line(now),
            Screen::Kind(kind) => self.open_row(kind, now),
            Screen::Causes => self.open_cause(now),
            Screen::Describe
            | Screen::X509
            | Screen::Yaml
            | Screen::Events
            | Screen::Help
            | Screen::Feeds
            | Screen::Actions
            | Screen::Messages => {}
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
            self.selection.only_faults = false;
            self.rearrange(now);
        }
    }

    pub(super) fn turn_page(&mut self, screen: Screen, now: Time) {
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

    pub(super) fn after_paging(&mut self, now: Time) {
        if self.ui.selected.is_none() && self.ui.stack.len() > 1 {
            // Whoever opens a row means that object, not the place in the list.
            self.ui.selected = self.row_of_home();
        }
        self.lay_out(now);
        self.write_page();
    }

    fn page(&self) -> isize {
        let height = match (self.ui.screen(), self.ui.pane) {
            (Screen::Home, Pane::Table) => self.ui.table.height,
            (Screen::Causes, pane) if pane != Pane::Detail => self.ailments.view.height,
            (Screen::Kind(kind), pane) if pane != Pane::Detail => {
                self.kinds.table(kind).map_or(0, |table| table.view.height)
            }
            (Screen::Home, Pane::Tree) | (Screen::Tree, _) => self.ui.tree.height,
            (Screen::Timeline, _) => self.story.view.height,
            (Screen::Logs, _) => self.logs.view.height,
            (Screen::Horizon, _) => self.outlook.view.height,
            _ => self.ui.text.height,
        };
        height.saturating_sub(1).max(1) as isize
    }

    pub(super) fn step(&mut self, by: isize, now: Time) {
        match (self.ui.screen(), self.ui.pane) {
            (Screen::Home, Pane::Table) => {
                self.ui.table.step(by, self.roster.rows().len());
                self.follow(now);
            }
            (Screen::Causes, pane) if pane != Pane::Detail => {
                self.ailments.view.step(by, self.ailments.rows.len());
                self.ui.text = Viewport::default();
                self.fit();
            }
            (Screen::Kind(kind), pane) if pane != Pane::Detail => self.step_row(kind, by, now),
            (Screen::Home, Pane::Tree) | (Screen::Tree, _) => {
                self.ui.tree.step(by, self.outline.rows().len());
                self.follow_node();
            }
            (Screen::Timeline, _) => {
                self.story.view.step(by, self.story.len());
                self.fit();
            }
            (Screen::Logs, _) => {
                self.logs.view.step(by, self.logs.len());
                self.fit();
            }
            (Screen::Horizon, _) => {
                self.outlook.view.step(by, self.outlook.horizon.lines.len());
                self.fit();
            }
            _ => {
                let (view, len) = (&mut self.ui.text, self.page.len());
                // A page of text has no cursor: moving is scrolling.
                view.offset = view.offset.saturating_add_signed(by).min(len.saturating_sub(view.height));
                view.cursor = view.offset;
            }
        }
    }

    /// From now on the selection follows the object under the cursor.
    pub(super) fn follow(&mut self, now: Time) {
        let selected = self.row_of_home();
        if std::mem::replace(&mut self.ui.selected, selected) != selected {
            // What is said of another one is read from its beginning.
            self.ui.text = Viewport::default();
        }
        self.fit();
        self.lay_out(now);
    }

    pub(super) fn follow_node(&mut self) {
        self.ui.node = self.outline.rows().get(self.ui.tree.cursor).map(|row| row.node.object.clone());
        self.ui.text = Viewport::default();
        self.fit();
    }

    pub(super) fn toggle(&mut self, now: Time) {
        let Some(row) = self.outline.rows().get(self.ui.tree.cursor) else { return };
        let key = row.node.object.clone();
        if !self.ui.toggled.remove(&key) {
            self.ui.toggled.insert(key.clone());
        }
        self.ui.node = Some(key);
        self.lay_out(now);
    }

    fn fold(&mut self, now: Time) {
        let Some(row) = self.outline.rows().get(self.ui.tree.cursor) else { return };
        match (row.open, row.parent) {
            (Some(true), _) => self.toggle(now),
            (_, Some(parent)) => {
                self.ui.tree.cursor = parent;
                self.follow_node();
            }
            _ => {}
        }
    }

    fn unfold(&mut self, now: Time) {
        match self.outline.rows().get(self.ui.tree.cursor).and_then(|row| row.open) {
            Some(false) => self.toggle(now),
            Some(true) => self.step(1, now),
            None => {}
        }
    }

    /// The panes that the page has.
    pub(super) fn panes(&self) -> Vec<Pane> {
        let areas = self.ui.areas();
        let all = [(Pane::Table, areas.main), (Pane::Tree, areas.tree), (Pane::Detail, areas.detail)];
        all.into_iter().filter(|(_, area)| area.height > 0).map(|(pane, _)| pane).collect()
    }

    fn turn_to(&mut self, by: isize) {
        let panes = self.panes();
        let here = panes.iter().position(|pane| *pane == self.ui.pane).unwrap_or(0);
        let there = (here as isize + by).rem_euclid(panes.len().max(1) as isize) as usize;
        self.ui.pane = panes.get(there).copied().unwrap_or_default();
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

    pub(super) fn sort_by(&mut self, column: Column, now: Time) {
        self.selection.reversed = self.selection.column == column && !self.selection.reversed;
        self.selection.column = column;
        self.rearrange(now);
    }
}

/// The page that a command opens and does no more.
const fn page_of(command: Command) -> Option<Screen> {
    match command {
        Command::Help => Some(Screen::Help),
        Command::Tree => Some(Screen::Tree),
        Command::Describe => Some(Screen::Describe),
        Command::Events => Some(Screen::Events),
        Command::Feeds => Some(Screen::Feeds),
        Command::ActionLog => Some(Screen::Actions),
        Command::Messages => Some(Screen::Messages),
        _ => None,
    }
}
