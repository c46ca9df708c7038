//! The command line of the prover.

mod cli;
mod commands;

use clap::Parser;
use cli::{Cli, Command};
use std::process::ExitCode;

fn main() -> ExitCode {
	let output = match Cli::parse().command {
		Command::Prove(args) => commands::prove(args).map(Some),
		Command::Run(args) => commands::run(args).map(|()| None),
		Command::Answer(args) => commands::answer(args).map(Some),
		Command::Prune(args) => commands::prune(args).map(Some),
		Command::Selftest => commands::selftest().map(Some),
	};
	match output {
		Ok(Some(output)) => {
			println!("{output:#}");
			ExitCode::SUCCESS
		},
		Ok(None) => ExitCode::SUCCESS,
		Err(failure) => {
			eprintln!("marketplace-prover: {failure}");
			ExitCode::FAILURE
		},
	}
}
