//! Kubernetes' own kinds that are about any object: Secrets, Namespaces and Events.

use super::common::Meta;
use super::shape::shape;
use super::stamp::Stamp;
use crate::model::id::Uid;

shape! {
    /// A Secret: that it exists.
    Secret: whole {
        /// Metadata.
        metadata: Meta = "metadata",
    }

    /// A Namespace: that it exists.
    Namespace: whole {
        /// Metadata.
        metadata: Meta = "metadata",
    }

    /// A core/v1 Event.
    Event: whole {
        /// Metadata.
        metadata: Meta = "metadata",
        /// What it is about.
        involved: Involved = "involvedObject",
        /// One word.
        reason: Box<str> = "reason",
        /// One sentence.
        message: Box<str> = "message",
        /// `Normal` or `Warning`.
        kind: Box<str> = "type",
        /// First time.
        first: Stamp = "firstTimestamp",
        /// Last time.
        last: Stamp = "lastTimestamp",
        /// The newer API's only time.
        event_time: Stamp = "eventTime",
        /// The newer API's folding.
        series: Series = "series",
        /// How often.
        count: i64 = "count",
        /// Who.
        source: EventSource = "source",
        /// Who, in the newer API.
        reporting: Box<str> = "reportingComponent",
    }

    /// What an Event is about.
    Involved {
        /// `cert-manager.io/v1`.
        api_version: Box<str> = "apiVersion",
        /// Its kind.
        kind: Box<str> = "kind",
        /// Its namespace.
        namespace: Box<str> = "namespace",
        /// Its name.
        name: Box<str> = "name",
        /// Its uid.
        uid: Uid = "uid",
    }

    /// How the newer API folds Events.
    Series {
        /// How often.
        count: i64 = "count",
        /// Last time.
        last: Stamp = "lastObservedTime",
    }

    /// Who noted an Event.
    EventSource {
        /// The controller.
        component: Box<str> = "component",
    }
}
