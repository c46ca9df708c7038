//! What workers need to find each other, for as long as the deal is there.

use crate::*;
use marketplace_primitives::api::{ServerAddresses, SubnetRecord};
use pallet_deals::{Multiaddress, SubnetParameters};

fn bytes<L: frame_support::traits::Get<u32>>(text: &str) -> sp_runtime::BoundedVec<u8, L> {
	text.as_bytes().to_vec().try_into().expect("it is short")
}

#[test]
fn subnet_tells_peers_addresses_and_parameters_until_the_deal_is_closed() {
	play(|| {
		let mut story = Story::accepted(BOTH, 2);
		let server = story.north.id;
		let none = SubnetRecord {
			version: 0,
			bootstrap: vec![],
			network: vec![],
			servers: vec![ServerAddresses { server, addresses: vec![] }],
		};
		assert_eq!(client::subnet_record(DEAL), none);

		let seed: Multiaddress = bytes("/dns4/seed.example/udp/4001/quic-v1");
		let bootstrap = vec![seed.clone()].try_into().expect("one");
		let parameters = SubnetParameters { bootstrap, network: bytes("mesh") };
		let set = Call::set_subnet { deal: DEAL, parameters };
		refused(signed(NORTH), set.clone(), Refused::NotDeveloper);
		act(DEVELOPER, set);
		let here: Multiaddress = bytes("/ip4/192.0.2.1/udp/4001/quic-v1");
		let addresses = vec![here.clone()].try_into().expect("one");
		let reached = Call::set_addresses { deal: DEAL, server, addresses };
		refused(signed(DEVELOPER), reached.clone(), Refused::NotOperator);
		act(NORTH, reached);
		let record = client::subnet_record(DEAL);
		assert_eq!((record.version, record.bootstrap), (1, vec![seed.into_inner()]));
		assert_eq!(record.network, b"mesh");
		assert_eq!(record.servers[0].addresses, [here.into_inner()]);

		// A unit each, with the worker that its provider set.
		let workers: Vec<_> = Deals::subnet(DEAL).into_iter().map(|unit| unit.worker).collect();
		assert_eq!(workers, [Some([0; 32]), Some([1; 32])]);
		story.serve(3, BOTH);
		story.serve(4, BOTH);
		story.end(5, &[(NORTH, 2 * 2 * CHEAP)]);
		assert_eq!(Deals::subnet(DEAL), []);
		let gone = SubnetRecord { servers: vec![], ..none };
		assert_eq!(client::subnet_record(DEAL), gone);
	});
}
