//! The node of Marketplace+.

#![allow(clippy::result_large_err)] // the errors are the SDK's

mod chain_spec;
mod cli;
mod command;
mod rpc;
mod self_test;
mod service;

fn main() -> sc_cli::Result<()> {
	command::run()
}
