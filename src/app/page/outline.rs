//! [`Outline`]: a tree as numbered rows, with what is folded left out.

use std::collections::HashSet;

use crate::model::id::ObjectKey;
use crate::triage::tree::Node;

/// A row of a tree.
#[derive(Debug, Clone)]
pub struct OutlineRow {
    /// The node, without its children.
    pub node: Node,
    /// For each level above: whether a line goes on there.
    pub lines: Vec<bool>,
    /// Whether it is the last child of its parent.
    pub last: bool,
    /// Whether it is open; `None` when there is nothing in it.
    pub open: Option<bool>,
    /// The row of its parent.
    pub parent: Option<usize>,
}

/// The visible rows of one Certificate's tree.
#[derive(Debug, Default)]
pub struct Outline(Vec<OutlineRow>);

impl Outline {
    /// Lays a tree out. Branches of earlier revisions are folded unless they were toggled.
    pub fn of(tree: Option<Node>, toggled: &HashSet<ObjectKey>) -> Self {
        let mut rows = Vec::new();
        if let Some(root) = tree {
            lay(root, &mut Vec::new(), true, None, toggled, &mut rows);
        }
        Self(rows)
    }

    /// The rows.
    pub fn rows(&self) -> &[OutlineRow] {
        &self.0
    }

    /// The row of an object.
    pub fn position(&self, key: &ObjectKey) -> Option<usize> {
        self.0.iter().position(|row| row.node.object == *key)
    }
}

fn lay(
    mut node: Node,
    lines: &mut Vec<bool>,
    last: bool,
    parent: Option<usize>,
    toggled: &HashSet<ObjectKey>,
    rows: &mut Vec<OutlineRow>,
) {
    let children = std::mem::take(&mut node.children);
    let open = (!children.is_empty()).then(|| node.current != toggled.contains(&node.object));
    let here = rows.len();
    rows.push(OutlineRow { node, lines: lines.clone(), last, open, parent });
    if open != Some(true) {
        return;
    }
    if parent.is_some() {
        lines.push(!last);
    }
    let count = children.len();
    for (i, child) in children.into_iter().enumerate() {
        lay(child, lines, i + 1 == count, Some(here), toggled, rows);
    }
    if parent.is_some() {
        lines.pop();
    }
}
