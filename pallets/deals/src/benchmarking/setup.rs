//! Deals as the benchmarks need them.

use super::*;
use crate::funds::SharesOf;

/// Enough that a payout creates an account in any asset.
pub(super) const PRICE: Price = 1_000_000_000_000_000_000;

/// Epochs of a benchmarked deal: one for each of 64 servers to serve in, and some more.
pub(super) const TERM: u32 = 70;

pub(super) type FillOf<T> = Fill<<T as frame_system::Config>::AccountId>;

/// What else the servers of a benchmarked deal do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Servers {
	/// Nothing: the deal has all units of each, with all that the number of them makes dearer, and four commitments have
	/// parts of what they earn.
	Idle,
	/// 63 other deals have a unit of each, so that its record is as large as it can be, and the deal has the last one.
	Crowded,
}

impl Servers {
	/// Sees to it that a server is such a one, and returns its units that the deal has.
	fn units_of<T: Config>(self, server: ServerId) -> Units {
		match self {
			Self::Idle => {
				T::Units::benchmark_prove(server);
				Units::first(MAX_UNITS)
			},
			Self::Crowded => {
				T::Units::benchmark_crowd(server);
				Units::one(MAX_UNITS.saturating_sub(1))
			},
		}
	}
}

/// Fills with units of `n` servers of different providers.
fn fills_of<T: Config>(n: u32, servers: Servers) -> Vec<FillOf<T>> {
	let fill = |index| {
		let provider: T::AccountId = account("provider", index, 0);
		let (server, ask) = T::Registry::benchmark_server(&provider, PRICE);
		let units = servers.units_of::<T>(server);
		let site = T::Registry::server(server).expect("it was registered");
		Fill {
			ask,
			server,
			provider,
			data_center: site.data_center,
			country: site.location.country,
			units,
			price: PRICE,
			max_term: Epoch::MAX,
			tariff: None,
		}
	};
	(0..n).map(fill).collect()
}

fn offer_for<T: Config>(units: u32, max_price: Price, term: Epoch) -> OfferId {
	T::Offers::benchmark_offer(&developer::<T>(), units, max_price, term)
}

/// An offer for units of `n` servers of different providers, and the fills that match it.
pub(super) fn prepare<T: Config>(n: u32, servers: Servers) -> (OfferId, Vec<FillOf<T>>) {
	let fills = fills_of::<T>(n, servers);
	(offer_for::<T>(units_of(&fills), PRICE, TERM), fills)
}

pub(super) fn developer<T: Config>() -> T::AccountId {
	account("developer", 0, 0)
}

/// A deal of `n` servers without workers, two units of which leave where they are idle, with an offer in the book that
/// seeks one at twice the price; what is left of the surplus is in escrow.
pub(super) fn seeking<T: Config>(
	n: u32,
	servers: Servers,
	term: Epoch,
) -> Result<(DealId, Vec<FillOf<T>>), BenchmarkError> {
	// what a deal saved by so few units would not pay for one more: its offer wants that from the start
	let (before, after) = if servers == Servers::Idle { (0, 1) } else { (1, 0) };
	let fills = fills_of::<T>(n, servers);
	let units = units_of(&fills).saturating_add(before);
	let offer = offer_for::<T>(units, PRICE.saturating_mul(2), term);
	let deal = match_all::<T>(offer, &fills)?;
	if servers == Servers::Idle {
		let (who, server) = (RawOrigin::Signed(developer::<T>()), fills[0].server);
		assert_ok!(Pallet::<T>::release_units(who.into(), deal, server, Units::first(2)));
	}
	let record = record::<T>(deal)?;
	assert_ok!(Pallet::<T>::seek(deal, record, after));
	assert_eq!(wanted::<T>(deal)?, 1);
	offer_visited::<T>(deal)?;
	Ok((deal, fills))
}

/// The same, with the offer at the price of the asks, and the surplus in the developer's hands.
pub(super) fn changeable<T: Config>(
	n: u32,
	servers: Servers,
	term: Epoch,
) -> Result<(DealId, Vec<FillOf<T>>), BenchmarkError> {
	let (deal, fills) = seeking::<T>(n, servers, term)?;
	let who = RawOrigin::Signed(developer::<T>());
	assert_ok!(Pallet::<T>::withdraw_surplus(who.into(), deal, PRICE));
	assert_eq!(wanted::<T>(deal)?, 1);
	offer_visited::<T>(deal)?;
	Ok((deal, fills))
}

pub(super) fn record<T: Config>(deal: DealId) -> Result<DealOf<T>, BenchmarkError> {
	DealRecords::<T>::get(deal).ok_or(BenchmarkError::Stop("no deal"))
}

/// Lets the open offer of a deal be such that it costs most to take it back.
fn offer_visited<T: Config>(deal: DealId) -> Result<(), BenchmarkError> {
	T::Offers::benchmark_visited(record::<T>(deal)?.offer);
	Ok(())
}

/// Units that the open offer of a deal wants.
pub(super) fn wanted<T: Config>(deal: DealId) -> Result<u32, BenchmarkError> {
	Ok(Pallet::<T>::open_offer(deal, &record::<T>(deal)?).0)
}

pub(super) fn match_all<T: Config>(
	offer: OfferId,
	fills: &[FillOf<T>],
) -> Result<DealId, BenchmarkError> {
	let terms = T::Offers::terms(offer).ok_or(BenchmarkError::Stop("no offer"))?;
	let filled = Pallet::<T>::fill(offer, &terms, fills)?;
	Ok(filled.deal)
}

/// A deal of `n` servers of which it has the last unit of each, with as many workers noted as there may be.
pub(super) fn crowded<T: Config>(n: u32) -> Result<(DealId, Vec<FillOf<T>>), BenchmarkError> {
	let (offer, fills) = prepare::<T>(n, Servers::Crowded);
	let deal = match_all::<T>(offer, &fills)?;
	for fill in &fills {
		Workers::<T>::insert(deal, fill.server, workers(MAX_UNITS.into(), 1));
	}
	Ok((deal, fills))
}

/// A deal of `n` idle servers with all workers set, and with as many parts of others in it as there may be, the
/// protocol's too; every server has a budget for requests, its provider proposes three times the price, another
/// application is under way, and all that is known of the subnet is as long as it may be.
pub(super) fn open<T: Config>(n: u32) -> Result<(DealId, Vec<FillOf<T>>), BenchmarkError> {
	let fills = fills_of::<T>(n, Servers::Idle);
	let offer = offer_for::<T>(units_of(&fills), PRICE.saturating_mul(2), TERM);
	let deal = match_all::<T>(offer, &fills)?;
	ProtocolFee::<T>::put(T::MaxProtocolFee::get());
	for fill in &fills {
		let origin = RawOrigin::Signed(fill.provider.clone());
		let list = workers(MAX_UNITS.into(), 1);
		assert_ok!(Pallet::<T>::set_workers(origin.into(), deal, fill.server, list));
		assert_eq!(T::Income::shares(fill.server, deal).len(), 4);
		let origin = RawOrigin::Signed(fill.provider.clone());
		let addresses = most_addresses();
		assert_ok!(Pallet::<T>::set_addresses(origin.into(), deal, fill.server, addresses));
		let who = RawOrigin::Signed(developer::<T>());
		assert_ok!(Pallet::<T>::fund_requests(who.into(), deal, fill.server, PRICE));
		let (origin, price) = (RawOrigin::Signed(fill.provider.clone()), Some(3 * PRICE));
		assert_ok!(Pallet::<T>::propose_price(origin.into(), deal, fill.server, price));
	}
	staged::<T>(deal, 1);
	let who = RawOrigin::Signed(developer::<T>());
	assert_ok!(Pallet::<T>::set_gateway(who.clone().into(), deal, Some(gateway())));
	assert_ok!(Pallet::<T>::set_subnet(who.into(), deal, largest_subnet()));
	Ok((deal, fills))
}

/// A deal of `n` servers that ended, each of which served an epoch that nobody settled, and failed. Their records are full,
/// so that the book is told as each part is closed. An offer seeks a unit for the deal in vain.
pub(super) fn ended<T: Config>(n: u32) -> Result<(DealId, Vec<FillOf<T>>), BenchmarkError> {
	let (deal, fills) = open::<T>(n)?;
	let running = record::<T>(deal)?;
	assert_ok!(Pallet::<T>::seek(deal, running, 1));
	offer_visited::<T>(deal)?;
	for fill in &fills {
		T::Units::benchmark_serve(fill.server, deal, 1);
		T::Compensation::benchmark_fail(fill.server, deal);
	}
	let end = record::<T>(deal)?.end;
	T::Clock::benchmark_set(end.saturating_add(T::ChallengeEpochs::get().max(CONTEST_EPOCHS)));
	all_settled::<T>(deal);
	for fill in &fills {
		T::Units::benchmark_fill_up(fill.server);
	}
	assert!(fills.iter().all(|fill| T::Compensation::lost(fill.server, deal) > 0));
	Ok((deal, fills))
}

/// A deal of two servers that goes on with one of them. The other served an epoch that nobody settled, failed, and gave
/// all its units up: they can be contested no more, and its budget for requests is the developer's again. All else is as in
/// a deal that [`ended`].
pub(super) fn vacant<T: Config>() -> Result<(DealId, ServerId), BenchmarkError> {
	let (deal, fills) = open::<T>(2)?;
	let server = fills[0].server;
	T::Units::benchmark_serve(server, deal, 1);
	T::Compensation::benchmark_fail(server, deal);
	let who = RawOrigin::Signed(developer::<T>());
	assert_ok!(Pallet::<T>::release_units(who.into(), deal, server, Units::first(MAX_UNITS)));
	let from = Pallet::<T>::after_notice(Epoch::MAX).expect("it is early");
	reclaimed::<T>(deal, server);
	T::Clock::benchmark_set(T::Clock::current().max(from.saturating_add(CONTEST_EPOCHS)));
	all_settled::<T>(deal);
	T::Units::benchmark_fill_up(server);
	assert!(T::Compensation::lost(server, deal) > 0);
	assert_eq!(T::Income::shares(server, deal).len(), 4);
	Ok((deal, server))
}

/// Leaves nothing due of the servers of a deal since the clock moved: what may be due is weighed by its ledger.
pub(super) fn all_settled<T: Config>(deal: DealId) {
	let _before = Pallet::<T>::settle_servers(deal);
}

/// Lets a step of closing begin, as the call and the hook do.
pub(super) fn begin<T: Config>(step: Step) -> bool {
	if let Step::Allocation(server) = step {
		let _nothing_due = T::Units::settle(server);
	}
	true
}

/// An application with the longest identifier.
pub(super) fn application(byte: u8) -> Application {
	Application { app_cid: Cid::truncate_from(alloc::vec![byte; 64]), plan_hash: [byte; 32] }
}

/// Another application is under way in a deal, `step` percent with each epoch.
pub(super) fn staged<T: Config>(deal: DealId, step: u8) {
	let (who, step) = (RawOrigin::Signed(developer::<T>()), Percent::from_percent(step));
	let Application { app_cid, plan_hash } = application(1);
	assert_ok!(Pallet::<T>::stage_application(who.into(), deal, app_cid, plan_hash, step));
}

/// All units of a rollout are acknowledged, but one of each server of `fills`, which left since: to find that out, one
/// has to look at each of them.
pub(super) fn nearly_acknowledged<T: Config>(deal: DealId, fills: &[FillOf<T>]) {
	let last = Units::one(MAX_UNITS.saturating_sub(1));
	let is_in = |server| fills.iter().any(|fill| fill.server == server);
	Rollouts::<T>::mutate(deal, |rollout| {
		for of in rollout.iter_mut().flat_map(|rollout| rollout.servers.iter_mut()) {
			of.acknowledged = if is_in(of.server) { of.units.without(last) } else { of.units };
		}
	});
	for fill in fills {
		Allocations::<T>::mutate(deal, fill.server, |part| {
			part.iter_mut().for_each(|part| part.units = part.units.without(last));
		});
	}
}

/// A unit of a server left so long ago that the next that leave let it and its worker be forgotten.
pub(super) fn left_long_ago<T: Config>(deal: DealId, server: ServerId) {
	let left = (0, Units::one(MAX_UNITS.saturating_sub(1)));
	Allocations::<T>::mutate(deal, server, |part| {
		let noted = part.as_mut().map(|part| part.leaving.try_push(left));
		assert_eq!(noted, Some(Ok(())));
	});
}

/// A well-known sr25519 key.
pub(super) fn gateway() -> GatewayKey {
	let mut encoded = alloc::vec![1u8];
	encoded.extend([
		0xd4, 0x35, 0x93, 0xc7, 0x15, 0xfd, 0xd3, 0x1c, 0x61, 0x14, 0x1a, 0xbd, 0x04, 0xa9, 0x9f,
		0xd6, 0x82, 0x2c, 0x85, 0x58, 0x85, 0x4c, 0xcd, 0xe3, 0x9a, 0x56, 0x84, 0xe7, 0xa5, 0x6d,
		0xa2, 0x7d,
	]);
	GatewayKey::decode(&mut encoded.as_slice()).expect("it is a key")
}

/// A signature that can be told to be wrong only by all of the arithmetic.
pub(super) fn wrong_signature() -> GatewaySignature {
	let mut encoded = [7u8; 65];
	(encoded[0], encoded[64]) = (1, 0x87);
	GatewaySignature::decode(&mut encoded.as_slice()).expect("it is a signature")
}

/// Goes to where what is left of a server's budget is the developer's again.
pub(super) fn reclaimed<T: Config>(deal: DealId, server: ServerId) {
	let who = RawOrigin::Signed(developer::<T>());
	assert_ok!(Pallet::<T>::reclaim_requests(who.into(), deal, server));
	let until = Budgets::<T>::get(deal, server).and_then(|budget| budget.reclaimed);
	T::Clock::benchmark_set(until.expect("it was asked for"));
}

pub(super) fn workers(w: u32, salt: u8) -> WorkersOf {
	let units = (0..MAX_UNITS).take(usize::try_from(w).unwrap_or(usize::MAX));
	let list = units.map(|unit: UnitIndex| (unit, [unit.wrapping_add(salt); 32]));
	WorkersOf::truncate_from(list.collect())
}

/// The parts of the first `s` commitments in what a server earns.
pub(super) fn shares<T: Config>(deal: DealId, server: ServerId, s: u32) -> SharesOf<T> {
	let mut shares = T::Income::shares(server, deal);
	assert_eq!(shares.len(), 4);
	shares.truncate(usize::try_from(s).unwrap_or(usize::MAX));
	shares
}

/// Somebody else than the developer who has `amount`: it costs more to have them pay for the deal.
pub(super) fn payer<T: Config>(deal: DealId, amount: Balance) -> T::AccountId {
	let payer = account("payer", 0, 0);
	assert_ok!(T::Escrow::pay(EscrowId::Deal(deal), &payer, amount));
	payer
}

pub(super) fn paid<T: Config>(deal: DealId, server: ServerId) -> u128 {
	Allocations::<T>::get(deal, server).map_or(0, |allocation| allocation.paid)
}

fn address() -> Multiaddress {
	Multiaddress::truncate_from(alloc::vec![7; 128])
}

pub(super) fn largest_subnet() -> SubnetParameters {
	SubnetParameters {
		bootstrap: BoundedVec::truncate_from(alloc::vec![address(); 8]),
		network: BoundedVec::truncate_from(alloc::vec![7; 256]),
	}
}

pub(super) fn most_addresses() -> AddressesOf {
	AddressesOf::truncate_from(alloc::vec![address(); 4])
}
