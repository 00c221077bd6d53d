//! `cmtop simulate`: the simulated cluster on a port, for kubectl and other programs.

use crate::cli;
use crate::report::exit::ExitStatus;
use crate::runtime::failure::Failure;
use crate::runtime::print::print;
use crate::runtime::signals::Interrupt;
use crate::runtime::source::demo;
use crate::runtime::source::demo::Demo;

/// Serves a story until somebody ends it.
pub async fn simulate(wanted: &cli::Simulate) -> Result<ExitStatus, Failure> {
    let address = wanted.listen;
    if !address.ip().is_loopback() && !wanted.any_address {
        return Err(Failure::usage(format!(
            "{address} can be reached from other machines, and the simulated cluster asks nobody who they are: add --any-address if that is meant"
        )));
    }
    let (_, story, options) = demo::story(&wanted.demo)?;
    let world = Demo::begin(story, options).world().map_err(Failure::usage)?;
    let failed = |error| Failure::blind(format!("cannot listen on {address}: {error}"));
    let listening = crate::sim::listen(world.cluster(), address).await.map_err(failed)?;
    let mut interrupt = Interrupt::heard()?;
    print(&listening.kubeconfig().map_err(failed)?)?;
    let telling = tokio::spawn(world.drive());
    tokio::select! {
        served = listening.serve() => served.map_err(failed)?,
        () = interrupt.came() => {}
    }
    telling.abort();
    Ok(ExitStatus::Good)
}
