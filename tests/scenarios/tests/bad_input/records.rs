//! Records of providers and workers that make no sense, or rest on each other.

use crate::*;

#[test]
fn malformed_records_are_refused() {
	with_market(|_| {
		for name in ["", " ", "a\nb", "\u{7f}"] {
			refused(signed(STRANGER), named(name), P::InvalidName);
			refused(signed(NORTH), renamed(name), P::InvalidName);
			refused(signed(NORTH), site(b"NO", name, 1), P::InvalidCity);
		}
		let name = vec![0xff].try_into().expect("it is short");
		refused(signed(STRANGER), ProvidersCall::register_provider { name }, P::InvalidName);
		for country in [b"no", b"N ", b"47", &[0; 2]] {
			refused(signed(NORTH), site(country, "Oslo", 1), P::InvalidCountry);
		}
		for tier in [0, 5, 255] {
			refused(signed(NORTH), site(b"NO", "Oslo", tier), P::InvalidTier);
		}
		refused(signed(NORTH), named("Name"), P::AlreadyRegistered);
		let workers = |workers: Vec<(u8, [u8; 32])>| {
			let workers = workers.try_into().expect("they are few");
			DealsCall::set_workers { deal: DEAL, server: SERVER, workers }
		};
		refused(signed(NORTH), workers(vec![]), D::NoWorkers);
		let twice = vec![(0, [1; 32]), (0, [2; 32])];
		refused(signed(NORTH), workers(twice), D::DuplicateUnit);
		for unit in [1, 4, 64, 255] {
			refused(signed(NORTH), workers(vec![(unit, [1; 32])]), D::ForeignUnit);
		}
	});
}

#[test]
fn wrong_signatures_and_foreign_peers_are_refused() {
	with_market(|_| {
		let genesis = System::block_hash(0).0;
		let call = |peer_id, operator, message: Vec<u8>| ProvidersCall::register_server {
			data_center: SITE,
			peer_id,
			signature: peer(2).sign(&message).0,
			operator: account(operator),
			units: 1,
			attributes: Attributes::NONE,
		};
		let message = |genesis, provider, operator| {
			peer_message(&genesis, &account(provider), &account(operator))
		};
		let right = message(genesis, NORTH, NORTH_OPERATOR);
		let mut longer = right.clone();
		longer.push(0);
		for (peer, operator, message) in [
			// Another chain, provider, operator, domain; another key's peer.
			(2, NORTH_OPERATOR, message([1; 32], NORTH, NORTH_OPERATOR)),
			(2, NORTH_OPERATOR, message(genesis, SOUTH, NORTH_OPERATOR)),
			(2, NORTH_OPERATOR, message(genesis, NORTH, NORTH)),
			(2, NORTH, right.clone()),
			(2, NORTH_OPERATOR, right[1..].to_vec()),
			(2, NORTH_OPERATOR, longer),
			(2, NORTH_OPERATOR, vec![]),
			(3, NORTH_OPERATOR, right.clone()),
		] {
			refused(signed(NORTH), call(peer_id(peer), operator, message), P::InvalidSignature);
		}
		// Not a point of the curve, and a server's own peer.
		let nobody = call([0xff; 32], NORTH_OPERATOR, right.clone());
		refused(signed(NORTH), nobody, P::InvalidSignature);
		let taken = register_call(SITE, NORTH, NORTH_OPERATOR, 1, 1);
		refused(signed(NORTH), taken, P::PeerIdTaken);
		act(NORTH, call(peer_id(2), NORTH_OPERATOR, right));
	});
}

#[test]
fn what_others_rest_on_cannot_be_removed() {
	with_market(|_| {
		let server = SERVER;
		let remove: RuntimeCall = ProvidersCall::deregister_server { server }.into();
		refused(signed(NORTH), remove.clone(), P::HasAsks);
		let site = ProvidersCall::remove_data_center { data_center: SITE };
		refused(signed(NORTH), site, P::HasServers);
		let leave: RuntimeCall = ProvidersCall::deregister_provider {}.into();
		refused(signed(NORTH), leave.clone(), P::HasDataCenters);
		refused(signed(SOUTH), leave, P::HasDataCenters);
		act(NORTH, ProvidersCall::withdraw_ask { ask: ASK });
		refused(signed(NORTH), remove.clone(), C::UnderAudit);
		chain::run_to_epoch(5);
		refused(signed(NORTH), remove.clone(), C::UnitsReserved);
		// The deal is closed once its last epoch can be contested no more.
		chain::run_to_epoch(7);
		chain::let_idle();
		refused(signed(NORTH), remove, C::UnitsCommitted);
	});
}
