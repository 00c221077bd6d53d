//! [`Argument`]: what may follow the name of a command after `:`.

use super::Command;
use crate::model::kind::Kind;

/// What may follow the name of a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Argument {
    /// A namespace.
    Namespace,
    /// A context of the kubeconfig.
    Context,
    /// A theme.
    Theme,
    /// Columns of the table.
    Columns,
    /// A host name.
    Host,
    /// A filter.
    Filter,
}

impl Argument {
    /// What is wanted, for whoever has typed the name of the command alone.
    pub const fn wanted(self) -> &'static str {
        match self {
            Self::Namespace => "a namespace",
            Self::Context => "a context",
            Self::Theme => "a theme",
            Self::Columns => "columns, or `usual`",
            Self::Filter => "text, !text, -l label=value, column:regex",
            Self::Host => "a host name, such as www.shop.example; esc closes",
        }
    }
}

impl Command {
    /// What may follow its name.
    pub const fn argument(self) -> Option<Argument> {
        match self {
            // A namespace after the name of a table: of it, that namespace.
            Self::Namespaces | Self::Certificates => Some(Argument::Namespace),
            Self::List(kind) if !matches!(kind, Kind::ClusterIssuer) => Some(Argument::Namespace),
            Self::Contexts => Some(Argument::Context),
            Self::Theme => Some(Argument::Theme),
            Self::Columns => Some(Argument::Columns),
            Self::Filter => Some(Argument::Filter),
            // A text on a page is typed after `/`.
            Self::Host | Self::Find => Some(Argument::Host),
            _ => None,
        }
    }
}
