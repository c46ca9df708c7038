//! The node of Marketplace+.

mod chain_spec;
mod cli;
mod command;
mod rpc;
mod self_test;
mod service;

fn main() -> sc_cli::Result<()> {
	command::run()
}
