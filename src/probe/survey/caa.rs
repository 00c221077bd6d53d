//! The climb for CAA records.

use std::net::SocketAddr;

use super::Reach;
use super::lookup::resolve;
use crate::probe::caa::{Caa, Climb, SILENT, Step};
use crate::probe::question::{Code, Data, RecordKind, Silence};
use crate::probe::subject::{Subject, upwards};

/// Asks upwards from a name until records are found.
pub async fn climb(reach: &Reach, guides: &[SocketAddr], subject: &Subject) -> Climb {
    let mut climb = Climb::default();
    for name in upwards(subject.name()) {
        let records = match resolve(&reach.net, guides, name, RecordKind::Caa).await {
            Ok(reply) if matches!(reply.code, Code::NoError | Code::NxDomain) => {
                let caa = reply.records.into_iter().filter_map(|record| match record.data {
                    Data::Issue(flags, tag, value) => Some(Caa { flags, tag, value }),
                    _ => None,
                });
                Ok(caa.collect::<Vec<_>>())
            }
            Ok(reply) => {
                Err(reply.told.map_or_else(|| reply.code.word(), |told| format!("{}: {told}", reply.code.word())))
            }
            Err(Silence::Timeout) => Err(SILENT.to_owned()),
            Err(Silence::Failed(why)) => Err(why),
        };
        let found = !matches!(&records, Ok(records) if records.is_empty());
        climb.steps.push(Step { name: name.to_owned(), records });
        if found {
            break;
        }
    }
    climb
}
