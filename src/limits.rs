//! Every capacity and budget in one place, each with its reason.
//!
//! **Invariant:** every queue, ring, cache and pool is bounded by a constant of this file, and overflow is visible.

use std::time::Duration;

/// Bytes kept of one message from the cluster. cert-manager's longest useful texts (an ACME problem with its
/// sub-problems) are under 2 KiB; a megabyte in a condition is a mistake or an attack.
pub const MESSAGE: usize = 4 * 1024;

/// Faults of one file that are told: nobody mends more at once.
pub const FAULTS: usize = 50;

/// Bytes kept of a name. Kubernetes allows 253.
pub const NAME: usize = 253;

/// DNS names kept of one Certificate. Public authorities allow 100.
pub const DNS_NAMES: usize = 1_000;

/// Windows kept in which one Certificate may be renewed: nobody writes more than a handful.
pub const RENEWAL_WINDOWS: usize = 20;

/// Bytes kept of an object's labels. Objects have a handful, of some tens of bytes each.
pub const LABELS: usize = 4 * 1024;

/// Bytes kept of the value of an annotation: more than a column shows, and names of Kubernetes are shorter.
pub const ANNOTATION: usize = 512;

/// Odd fields of one object that are named.
pub const ODD_FIELDS: usize = 8;

/// Children that are drawn or judged below one object. An Order has one Challenge a name.
pub const CHILDREN: usize = 1_000;

/// Words one feed shares. When it is full it is emptied: sharing is lost for a moment, nothing else.
pub const WORDS: usize = 65_536;

/// Observed transitions kept: some hours of a busy cluster.
pub const JOURNAL: usize = 10_000;

/// Kubernetes Events kept, the youngest first. Clusters keep them for an hour.
pub const EVENTS: usize = 20_000;

/// Times that are kept at which one Event was noted: a loop notes the same one without end.
pub const ARRIVALS: usize = 16;

/// Lines of logs kept: of a busy controller about an hour.
pub const LOG_LINES: usize = 100_000;

/// Lines of the logs, the youngest first, that are looked through for what they say of one Certificate.
pub const LOG_LOOK: usize = 20_000;

/// Objects of one list that are read when somebody asks what stands around cert-manager.
pub const LOOKED_OBJECTS: u32 = 500;

/// Namespaces in which the users of Secrets are looked for at a time.
pub const LOOKS_AT_ONCE: usize = 8;

/// Namespaces of which the users of Secrets are kept.
pub const LOOKED_NAMESPACES: usize = 200;

/// Renewals ahead among which the next one of the namespaces that are shown is looked for, each frame.
pub const RENEWALS_LOOKED: usize = 1_000;

/// Bytes kept of one line of a log. klog cuts none, and a stack has a line for each frame.
pub const LOG_LINE: usize = 2 * 1024;

/// Lines of a log that are asked for when it is first read: what a busy controller prints in some minutes.
pub const LOG_TAIL: i64 = 5_000;

/// Logs that are followed at a time: the controllers' and the solvers' of one Certificate.
pub const LOG_STREAMS: usize = 12;

/// Lines of logs that are looked through between two looks at the clock.
pub const LOG_STRIDE: usize = 4_096;

/// Objects whose way through an issuance is kept: four of one issuance with one name, so about two thousand issuances.
pub const COURSES: usize = 8_192;

/// Issuances whose beginning and end are kept.
pub const ISSUANCES: usize = 4_096;

/// Frames of a recording that can be gone back over: a day of a busy cluster, at about a kibibyte each.
pub const TAPE: usize = 500_000;

/// News between two moments of a recording that are kept whole: as many as are taken in within some milliseconds.
pub const KEYFRAME: usize = 2_048;

/// Moments of a recording that are kept whole.
pub const KEYFRAMES: usize = 24;

/// Rows in all moments that are kept whole: about a kibibyte each. Events and lines of logs are shared.
pub const KEYFRAME_ROWS: usize = 400_000;

/// Moments of what is watched now that are kept whole.
pub const LIVE_KEYFRAMES: usize = 14;

/// News of what is watched now that can be gone back over, in objects and lines: about a kibibyte each.
pub const LIVE_NEWS: usize = 60_000;

/// Rows that are kept of moments gone by, while the present has them in another form: about a kibibyte each.
pub const LIVE_ROWS: usize = 60_000;

/// News of what is watched now between two counts of [`LIVE_ROWS`]: each touches 64 rows at most.
pub const LIVE_LOOK: usize = 256;

/// Changes of verdicts that the bar over a recording marks; more than it has cells on any screen.
pub const CHANGE_MARKS: usize = 10_000;

/// Changes of verdicts that one rule tells together, and that wait for its program.
pub const NOTICES: usize = 100;

/// Programs that notices run in a minute.
pub const COMMANDS_A_MINUTE: usize = 12;

/// Programs of notices that run at a time.
pub const NOTICE_COMMANDS: usize = 4;

/// How long a program of the system may take to put a text on its clipboard.
pub const CLIPBOARD_WAIT: Duration = Duration::from_secs(2);

/// Odd objects remembered word for word; more are only counted.
pub const ANOMALIES: usize = 100;

/// Objects in one message from a feed to the dashboard.
pub const BATCH: usize = 512;

/// Messages between the feeds and the dashboard. A full queue slows the watches, and TCP does the rest.
pub const QUEUE: usize = 64;

/// Messages applied before keys are looked at again: 4,096 objects take about 8 ms.
pub const BATCHES_A_TURN: usize = 8;

/// Objects asked for in one page where the server does not stream lists.
pub const PAGE: u32 = 500;

/// How much of a frame may go into judging Certificates that are not on the screen.
pub const SETTLE: Duration = Duration::from_millis(4);

/// Rows of the table of a kind, or Certificates of the horizon, that are looked at between two looks at the clock of
/// [`SETTLE`].
pub const KIND_STRIDE: usize = 1_000;

/// Rows of the table of a kind that may be put in order each second while it is shown and things change: the more there
/// are, the more seldom it is done.
pub const KIND_ROWS_A_SECOND: usize = 20_000;

/// Certificates of a report that is told again every second; one of more is told less often.
pub const STATUS_ROWS_A_SECOND: usize = 2_000;

/// Views that one can go back to.
pub const VISITS: usize = 50;

/// Certificates judged between two looks at the clock of [`SETTLE`].
pub const SETTLE_STRIDE: usize = 256;

/// Characters of a filter, a prompt or a pasted text.
pub const PROMPT: usize = 512;

/// Lines that were typed before and can be taken up again, of each prompt.
pub const HISTORY: usize = 50;

/// Causes on one page: the most urgent ones. Nobody reads more, and each is put into words.
pub const CAUSES: usize = 500;

/// Bytes of a text that is to be explained: a screenful of a log.
pub const EXPLAINED: usize = 64 * 1024;

/// Reasons of rows that are kept in words: some screens full, so that scrolling back says them at once.
pub const REASONS: usize = 4_096;

/// Notices that can be read again.
pub const TOASTS: usize = 100;

/// Bytes of one line of a recording. The largest object that etcd stores is 1.5 MiB.
pub const RECORDING_LINE: usize = 8 * 1024 * 1024;

/// Problems of a recording that are kept word for word; more are only counted.
pub const RECORDING_PROBLEMS: usize = 20;

/// Bytes of whole objects that are kept of what changed lately: some 3,000 changes, of a busy cluster some minutes.
pub const RECENT_CHANGES: usize = 12 * 1024 * 1024;

/// Bytes of whole objects that are kept as they were before their changes: all of a cluster with some 300 objects; of a
/// larger one those that changed once already. More of it would cost every dashboard what only a bundle needs.
pub const RECENT_BEFORE: usize = 1024 * 1024;

/// Threads that read what the cluster says: the three long lists and one more. Each thread keeps memory of its own, and
/// some machines have a hundred cores.
pub const WORKERS: usize = 4;

/// How long a connection may be silent. API servers send a bookmark about once a minute.
pub const SILENCE: Duration = Duration::from_secs(100);

/// The longest `Retry-After` that is obeyed: what asks for more is a mistake.
pub const RETRY_AFTER: Duration = Duration::from_mins(2);

/// Watches and paths whose pace is remembered: each namespace of a scope has about a dozen.
pub const PACED: usize = 4_096;

/// How long a right that is missing is left alone before it is asked for again.
pub const REFUSED: Duration = Duration::from_mins(1);

/// How long a kind that is not served is left alone before it is looked for again.
pub const ABSENT: Duration = Duration::from_secs(15);

/// How long a streamed list may go on without [`LIST_STEP`] more objects before pages are asked for instead. Some
/// proxies take the request for an ordinary watch, and the end of the list never comes.
pub const LIST_PATIENCE: Duration = Duration::from_secs(15);

/// Objects that a streamed list must deliver within [`LIST_PATIENCE`]: changes of a busy cluster are fewer.
pub const LIST_STEP: usize = 500;

/// Messages between the feeds and a recorder: they hold whole objects.
pub const RECORD_QUEUE: usize = 4;

/// Challenges that are gone whose tokens are still taken out of the logs of a recording.
pub const GONE_CHALLENGES: usize = 256;

/// Lines of a difference that are shown: a status and its conditions are some thirty.
pub const DIFFERENCE: usize = 60;

/// Bytes of an answer to a write. The largest object that etcd stores is 1.5 MiB.
pub const ANSWER: usize = 8 * 1024 * 1024;

/// How long an action waits for its moment, or for a server that has too much to do, before it gives up.
pub const ACTION_WAIT: Duration = Duration::from_secs(10);

/// How long the program waits at its end for what was begun: an action may wait for its moment, and then for its answer.
pub const LAST_WORK: Duration = Duration::from_secs(20);

/// How far apart the actions of many objects are: 1,000 renewals take some three minutes, and the server stays calm.
pub const ACTION_PACE: Duration = Duration::from_millis(200);

/// Bytes of the file of actions before a new one is begun: some ten thousand actions.
pub const ACTION_LOG: u64 = 5 * 1024 * 1024;

/// Actions of a session that are remembered for the screen.
pub const ACTIONS: usize = 2_000;

/// Requests of the dashboard to its source that wait: each is asked for by a person.
pub const REQUESTS: usize = 4;

/// Requests that wait beside those while the source is busy or not there yet: more than a person presses keys in a minute.
pub const OUTBOX: usize = 256;

/// Questions of probes in flight: far below what a resolver notices, and 500 probes end within some seconds.
pub const PROBE_QUESTIONS: usize = 24;

/// Servers that one probe asks: a zone has four or five, with two addresses each.
pub const PROBE_SERVERS: usize = 24;

/// Records kept of one answer.
pub const PROBE_RECORDS: usize = 200;

/// Answers of one server that are remembered: ten minutes of looks.
pub const PROBE_HISTORY: usize = 60;

/// Bytes read of an HTTP body: a solver's answer has about 90.
pub const PROBE_BODY: usize = 16 * 1024;

/// Probes whose outcome is kept: those that a person looked at.
pub const PROBES: usize = 64;

/// Probes a minute that nobody pressed a key for.
pub const AUTOMATIC_PROBES: usize = 6;

/// Names of one Certificate that are checked before there is a Challenge: most have three at most.
pub const PREFLIGHT_NAMES: usize = 10;

/// Challenges that one examination probes.
pub const EXAMINED_PROBES: usize = 40;

/// Objects of one kind that are read of a solver.
pub const SOLVER_OBJECTS: u32 = 50;

/// Words that the palette offers at a time: a line holds fewer.
pub const PALETTE: usize = 32;

/// How often a theme file in use is looked at: its age only, and no more often than somebody can save it.
pub const THEME_LOOK: Duration = Duration::from_secs(2);

/// Blocks of one bundle that are looked at: a chain has three or four.
pub const X509_BLOCKS: usize = 64;

/// Bytes of one block. A certificate with a hundred names has about 5 KiB.
pub const X509_BLOCK: usize = 128 * 1024;

/// Bytes kept of one name or URL in a certificate.
pub const X509_TEXT: usize = 1_024;

/// Bytes of a file that is looked into: a Secret has a mebibyte at most, in base64.
pub const X509_FILE: u64 = 4 * 1024 * 1024;

/// Bytes of a list of revoked certificates: the largest public ones have some tens of mebibytes, those of a company a few.
pub const X509_CRL: usize = 32 * 1024 * 1024;

/// Objects of which versions are kept that were looked at as YAML.
pub const DOCUMENTS: usize = 16;

/// Versions kept of one object: the last two are compared.
pub const VERSIONS: usize = 2;

/// Bytes of a recording that comes from standard input, which is held as a whole: days of a large cluster, gzipped.
pub const STANDARD_INPUT: usize = 256 * 1024 * 1024;

/// Versions of one object that are told of what was watched or recorded, around the moment that is shown.
pub const VERSIONS_TOLD: usize = 100;

/// Lines of one object that are shown. The largest object that etcd stores has about 40,000.
pub const DOCUMENT_LINES: usize = 10_000;

/// Names of values that are told of one Secret.
pub const SECRET_NAMES: usize = 200;

/// How far into its story the demo is told where nothing is shown meanwhile: a day takes some seconds.
pub const DEMO_SPAN: chrono::TimeDelta = chrono::TimeDelta::hours(24);
