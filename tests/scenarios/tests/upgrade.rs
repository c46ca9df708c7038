//! The runtime is replaced while deals run, audits are open and the book is full. What comes after is done by the
//! new one, as Wasm.

use codec::Encode;
use marketplace_primitives::{
	api::{AuditInfo, BookAsk, BookBid, BookPage, DealInfo},
	Attributes, CommitmentId, DealId, Epoch, PaymentAsset, Placement, Units,
};
use marketplace_runtime::{
	constants::{FLT, USDC},
	AccountId, Capacity, Deals, Executive, Header, Runtime, RuntimeCall, RuntimeEvent, System,
	UncheckedExtrinsic, VERSION,
};
use marketplace_scenarios::{
	actors::{
		account, act, transaction, Key, DELEGATOR, DEVELOPER, GOVERNOR, NORTH, NORTH_OPERATOR,
		OTHER_DEVELOPER,
	},
	acts::{
		ask, ask_call, commit, register, settle_down, workers_call, Machine, Wanted, DOLLARS,
		MOST_REWARD,
	},
	chain, client, invariants,
	ledger::{on_chain, Coin},
	proving::{report_call, run_to_draw, Proofs},
	wasm::Wasm,
};
use pallet_capacity::Call;
use sp_io::TestExternalities;
use sp_runtime::Perbill;

const ALL: Units = Units(0b111);
/// In the deal.
const SOLD: Units = Units(0b001);
const COMMITMENT: CommitmentId = CommitmentId(0);
const DEAL: DealId = DealId(0);

/// What is under way when the runtime changes.
struct UnderWay {
	machine: Machine,
	/// Drawn, and not answered.
	second: Proofs,
	/// Reported, and not drawn.
	third: Proofs,
}

/// A unit serves epochs 3 and 4, three proved epoch 2, and two epoch 3.
fn get_under_way() -> UnderWay {
	let machine = register(settle_down(NORTH), NORTH, NORTH_OPERATOR, 1, 3);
	commit(machine, ALL, 6, Perbill::zero(), 300 * FLT, DELEGATOR);
	ask(machine, SOLD, USDC);
	chain::run_to_epoch(2);
	let second = Proofs::work(machine, ALL).report();
	Wanted::new(1, USDC, 2).post(DEVELOPER);
	act(NORTH, workers_call(DEAL, machine.id, SOLD));
	chain::run_to_epoch(3);
	let third = Proofs::work(machine, ALL.without(SOLD));
	act(NORTH_OPERATOR, third.report_call(SOLD));
	run_to_draw(2);
	assert_eq!(Capacity::audits(machine.id).len(), 3);
	UnderWay { machine, second, third }
}

/// What governance sends.
fn set_code(wasm: &Wasm) -> pallet_sudo::Call<Runtime> {
	let call = frame_system::Call::set_code { code: wasm.code().to_vec() };
	pallet_sudo::Call::sudo { call: Box::new(RuntimeCall::System(call)) }
}

/// Puts the code into the state and ends the block, which is the last of the old runtime. As the code of `wasm`
/// still calls itself version 1, the state has to believe that version 0 made it: so the next block migrates.
fn upgrade(wasm: &Wasm) -> Header {
	let old = frame_system::LastRuntimeUpgradeInfo { spec_version: 0.into(), spec_name: "".into() };
	frame_system::LastRuntimeUpgrade::<Runtime>::put(old);
	act(GOVERNOR, set_code(wasm));
	let is_update = |event: &RuntimeEvent| {
		matches!(event, RuntimeEvent::System(frame_system::Event::CodeUpdated { .. }))
	};
	assert!(chain::take_events().iter().any(is_update));
	let set = sp_io::storage::get(sp_core::storage::well_known_keys::CODE);
	assert_eq!(set.as_deref(), Some(wasm.code()));
	Executive::finalize_block()
}

/// The next version of the runtime, and a chain that can read it; none where there is no Wasm.
fn before_upgrade() -> Option<(Wasm, TestExternalities)> {
	let Some(wasm) = Wasm::of_this_build() else {
		eprintln!("built without the Wasm (SKIP_WASM_BUILD): there is no runtime to upgrade to");
		return None;
	};
	let mut state = chain::with_cheap_proofs();
	Wasm::read_versions(&mut state);
	Some((wasm.next(), state))
}

/// The chain from there on.
struct Upgraded<'a> {
	wasm: &'a Wasm,
	state: &'a mut TestExternalities,
	head: Header,
	nonce: u32,
}

impl Upgraded<'_> {
	/// Makes the next block with the first transaction that `who` ever sent.
	fn first_of(&mut self, who: Key, call: impl Into<RuntimeCall>) {
		let call = call.into();
		let signed = self.state.execute_with(|| transaction(who, 0, call));
		let (head, included) = self.wasm.make_block(self.state, &self.head, &[signed]);
		assert_eq!(included, 1);
		self.head = head;
		assert_eq!(self.state.execute_with(invariants::check), Ok(()));
	}

	/// All pages of a book, as the new runtime tells them.
	fn book(&mut self, asset: &PaymentAsset) -> (Vec<BookAsk>, Vec<BookBid>) {
		client::all_pages(|after_ask, after_bid| -> BookPage {
			let data = (asset, after_ask, after_bid).encode();
			self.wasm.ask(self.state, "MarketApi_order_book", &data)
		})
	}

	/// Makes the next block with these calls of the operator, and more where one finds no room: as an author
	/// does, who keeps them.
	fn block(&mut self, mut calls: Vec<RuntimeCall>) {
		loop {
			let first = self.nonce;
			let signed: Vec<UncheckedExtrinsic> = self.state.execute_with(|| {
				let calls = calls.iter().cloned().zip(first..);
				calls.map(|(call, nonce)| transaction(NORTH_OPERATOR, nonce, call)).collect()
			});
			let (head, included) = self.wasm.make_block(self.state, &self.head, &signed);
			self.head = head;
			self.nonce += u32::try_from(included).expect("they are few");
			let checked = self.state.execute_with(invariants::check);
			assert_eq!(checked, Ok(()), "block {}", self.head.number);
			calls.drain(..included);
			if calls.is_empty() {
				return;
			}
		}
	}

	/// Makes blocks up to `number`, which is the next to be made.
	fn before(&mut self, number: u32) {
		while self.head.number + 1 < number {
			self.block(vec![]);
		}
	}

	fn audits(&mut self, proofs: &Proofs) -> Vec<AuditInfo> {
		let mut audits = self.state.execute_with(|| Capacity::audits(proofs.machine.id));
		audits.retain(|audit| audit.epoch == proofs.epoch() && !audit.answered);
		audits.sort_by_key(|audit| audit.earliest);
		audits
	}

	/// Answers all that is drawn, one unit per block.
	fn answer_all(&mut self, proofs: &Proofs) {
		while self.audits(proofs).is_empty() {
			self.block(vec![]);
		}
		for audit in self.audits(proofs) {
			self.before(audit.earliest);
			assert!(self.head.number + 1 < audit.deadline);
			let leaves = proofs.report.answer(audit.unit, &audit.slots).expect("it was proven");
			self.block(vec![proofs.answer_call(audit.unit, leaves)]);
		}
		assert!(self.audits(proofs).is_empty());
	}

	fn first_block(&mut self, epoch: Epoch) -> u32 {
		self.state.execute_with(|| chain::first_block(epoch))
	}
}

/// The books as the old runtime has them: of dollars, and of FLT.
const BOOKS: [PaymentAsset; 2] = [DOLLARS, PaymentAsset::Native];

/// 300 asks of 75 servers, of all hardware classes and classes of terms, on some levels of prices in two
/// assets, and as many bids; none meets another.
fn fill_book() {
	let mut assets = BOOKS.iter().cycle();
	let mut terms = [5, 50, 300, 1_000].into_iter().cycle();
	for seed in 10u8..85 {
		let machine = register(0u32.into(), NORTH, NORTH, seed, 4);
		let (server, class) = (machine.id, seed % 5);
		act(NORTH, pallet_providers::Call::declare_hardware { server, class });
		for unit in 0u8..4 {
			let level = u128::from(seed.wrapping_mul(7).wrapping_add(unit) % 23);
			let ask = pallet_providers::Call::set_ask {
				server,
				units: Units::one(unit),
				asset: assets.next().expect("a cycle").clone(),
				price: 3 * USDC + level * USDC / 100,
				min_term: 1,
				max_term: terms.next().expect("a cycle"),
				attributes: Attributes::NONE,
				tariff: None,
			};
			act(NORTH, ask);
		}
	}
	for number in 0u32..300 {
		let price = USDC / 4 + u128::from(number * 7 % 29) * USDC / 1_000;
		let who = [DEVELOPER, OTHER_DEVELOPER][usize::from(number % 2 == 0)];
		let wanted = Wanted::new(number % 4 + 1, price, 2 + number % 60);
		let hardware =
			Some(1 + u8::try_from(number % 4).expect("small")).filter(|_| number % 3 == 0);
		let placement = Placement { hardware, min_providers: number % 2, ..Default::default() };
		let mut call = Wanted { placement, ..wanted }.call();
		if let RuntimeCall::Offers(pallet_offers::Call::post_offer { asset, .. }) = &mut call {
			*asset = BOOKS[usize::from(number % 5 == 0)].clone();
		}
		act(who, call);
	}
}

/// Pages of the books, by the runtime that is linked.
fn books() -> Vec<(Vec<BookAsk>, Vec<BookBid>)> {
	let page = |asset: &PaymentAsset| {
		client::all_pages(|ask, bid| pallet_matcher::Pallet::<Runtime>::page(asset, ask, bid))
	};
	BOOKS.iter().map(page).collect()
}

#[test]
fn full_book_goes_on_under_a_new_runtime() {
	let Some((wasm, mut state)) = before_upgrade() else { return };
	let (under_way, before, head) = state.execute_with(|| {
		let under_way = get_under_way();
		fill_book();
		// The best of all bids, for which there is no ask.
		Wanted::new(1, 7 * USDC / 10, 2).post(OTHER_DEVELOPER);
		chain::let_idle();
		(under_way, books(), upgrade(&wasm))
	});
	let orders =
		|count: fn(&(Vec<BookAsk>, Vec<BookBid>)) -> usize| before.iter().map(count).sum::<usize>();
	assert_eq!((orders(|book| book.0.len()), orders(|book| book.1.len())), (301, 301));
	let UnderWay { machine, second, third } = under_way;
	let server = machine.id;
	let mut chain = Upgraded { wasm: &wasm, state: &mut state, head, nonce: 0 };
	chain.block(vec![]);
	let after: Vec<_> = BOOKS.iter().map(|asset| chain.book(asset)).collect();
	assert_eq!(after, before, "every order stands where it stood");

	// A unit that proved the epoch is offered, and goes to the best bid: at the bid's price, as it was first.
	let best = before[0].1[0].clone();
	chain.first_of(NORTH, ask_call(server, Units(0b010), 6 * USDC / 10));
	chain.block(vec![]);
	chain.block(vec![]);
	let next = DealId(1);
	let deal: Option<DealInfo<AccountId>> = wasm.ask(chain.state, "MarketApi_deal", &next.encode());
	let deal = deal.expect("the bid matched");
	assert_eq!((deal.offer, deal.start, deal.end), (best.offer, 4, 6));
	let part = &deal.allocations[0];
	assert_eq!((part.server, part.units, part.price), (server, Units(0b010), 7 * USDC / 10));
	let (_, bids) = chain.book(&DOLLARS);
	assert_eq!(bids, before[0].1[1..]);

	// The deal of before is served and paid as if nothing had been.
	chain.answer_all(&second);
	let fourth = chain.first_block(4);
	chain.before(fourth);
	chain.block(vec![report_call(server, 4, [0; 32], Units::NONE, SOLD)]);
	chain.answer_all(&third);
	let seventh = chain.first_block(7);
	chain.before(seventh + 3);
	state.execute_with(|| {
		assert_eq!(Deals::deal(DEAL), None);
		assert_eq!(on_chain(&account(NORTH), Coin::Usdc).free, 1_000_002 * USDC);
		assert_eq!(invariants::check(), Ok(()));
	});
}

#[test]
fn open_audits_and_deals_go_on_under_a_new_runtime() {
	let Some((wasm, mut state)) = before_upgrade() else { return };
	let (under_way, head) = state.execute_with(|| (get_under_way(), upgrade(&wasm)));
	let UnderWay { machine, second, third } = under_way;
	let server = machine.id;
	let mut chain = Upgraded { wasm: &wasm, state: &mut state, head, nonce: 0 };
	chain.block(vec![]);
	let known = chain.state.execute_with(frame_system::LastRuntimeUpgrade::<Runtime>::get);
	assert_eq!(known.map(|upgrade| upgrade.spec_version.0), Some(VERSION.spec_version));

	chain.answer_all(&second);
	let fourth = chain.first_block(4);
	chain.before(fourth);
	chain.block(vec![Call::settle_server { server }.into()]);
	chain.block(vec![report_call(server, 4, [0; 32], Units::NONE, SOLD)]);
	chain.answer_all(&third);
	// What was reported under the old runtime can be contested no more.
	let sixth = chain.first_block(6);
	chain.before(sixth);
	chain.block(vec![pallet_deals::Call::settle { deal: DEAL, server }.into()]);
	let paid = chain.state.execute_with(|| on_chain(&account(NORTH), Coin::Usdc).free);
	assert_eq!(paid, 1_000_001 * USDC);
	let seventh = chain.first_block(7);
	chain.before(seventh + 3);

	state.execute_with(|| {
		assert_eq!(System::block_number(), seventh + 2);
		assert_eq!(Deals::deal(DEAL), None, "its two epochs are paid, and it closed by itself");
		assert_eq!(on_chain(&account(NORTH), Coin::Usdc).free, 1_000_002 * USDC);
		let spent = on_chain(&account(DEVELOPER), Coin::Usdc);
		assert_eq!((spent.free, spent.held), (999_998 * USDC, 0));
		let (commitment, _) = Capacity::commitment(COMMITMENT).expect("it runs");
		assert_eq!(commitment.slashed, 0, "all answers were right");
		// Five unit-epochs.
		let earned = commitment.shared.unlocked + commitment.shared.locked();
		assert_eq!(earned, 5 * MOST_REWARD);
		assert_eq!(invariants::check(), Ok(()));
	});
}

#[test]
fn code_of_the_same_version_is_refused() {
	let Some((_, mut state)) = before_upgrade() else { return };
	let same = Wasm::of_this_build().expect("there is one");
	state.execute_with(|| {
		act(GOVERNOR, set_code(&same));
		let refused = chain::take_events().into_iter().find_map(|event| match event {
			RuntimeEvent::Sudo(pallet_sudo::Event::Sudid { sudo_result }) => Some(sudo_result),
			_ => None,
		});
		let error = frame_system::Error::<Runtime>::SpecVersionNeedsToIncrease;
		assert_eq!(refused, Some(Err(error.into())));
	});
}
