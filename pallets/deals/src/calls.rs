//! The pallet's calls: who may do what, what it changes, and why it is refused. What they do has a file each.

use crate::{funds::Part, types::DealOf, Config};
use frame_support::{
	dispatch::{Pays, PostDispatchInfo},
	pallet_macros::pallet_section,
	weights::Weight,
};
use marketplace_primitives::{DealId, ServerId};

mod accept_price;
mod acknowledge;
mod close_allocation;
mod close_deal;
mod compensate;
mod contest;
mod enlarge;
mod extend_deal;
mod fund_requests;
mod propose_price;
mod reclaim_requests;
mod redeem;
mod release_units;
mod renew;
mod replace;
mod roll_back;
mod set_addresses;
mod set_gateway;
mod set_protocol_fee;
mod set_renewal;
mod set_subnet;
mod set_workers;
mod settle;
mod stage_application;
mod terminate;
mod top_up;
mod withdraw_surplus;

pub(crate) use close_deal::Step;
pub(crate) use replace::Missing;

/// What is told of a call that did work which the chain or somebody else waits for: it costs its sender nothing.
///
/// No such call can be repeated at will: each uses up what somebody paid for before.
pub(crate) fn free(weight: Weight) -> PostDispatchInfo {
	PostDispatchInfo { actual_weight: Some(weight), pays_fee: Pays::No }
}

pub(crate) fn part_of<T: Config>(id: DealId, deal: &DealOf<T>, server: ServerId) -> Part<'_> {
	Part { deal: id, server, asset: &deal.asset }
}

/// Part of the pallet's module.
#[pallet_section]
mod calls {
	#[pallet::call(weight(<T as Config>::WeightInfo))]
	impl<T: Config> Pallet<T> {
		/// Sets the workers of units that a server gives to a deal: the hosts of the developer's code. A
		/// unit serves from the epoch that follows the first setting of its worker. A worker that is set
		/// already is replaced, without an interruption, at any time. A unit that has none
		/// [`Config::AcceptanceEpochs`] epochs after it might have served first gets none any more, whoever looks: it
		/// serves nothing, so it is not paid, and may be [replaced](Pallet::replace). Where that is too late, since notice
		/// was given or no whole epoch of the deal is left, it stays as it is until the deal ends.
		///
		/// Costs the fee: the more workers, the more, and what is due of the server.
		///
		/// ## Origin
		/// Signed, by the operator or the provider of the server.
		///
		/// ## Events
		/// [`Event::WorkersSet`].
		///
		/// ## Errors
		/// - [`Error::UnknownDeal`], [`Error::UnknownAllocation`]
		/// - [`Error::NotOperator`]: the signer has no say over the server.
		/// - [`Error::DealEnded`]: the end has come.
		/// - [`Error::NoWorkers`], [`Error::ForeignUnit`], [`Error::DuplicateUnit`]: the list is wrong.
		/// - [`Error::UnitLost`]: the commitment of a unit failed.
		/// - [`Error::AcceptanceOver`]: a unit has no worker, and the time to set one is over.
		#[pallet::call_index(0)]
		#[pallet::weight(Pallet::<T>::with_most_due(T::WeightInfo::set_workers(count_of(workers)), 1))]
		pub fn set_workers(
			origin: OriginFor<T>,
			deal: DealId,
			server: ServerId,
			workers: WorkersOf,
		) -> DispatchResultWithPostInfo {
			let who = ensure_signed(origin)?;
			Self::do_set_workers(who, deal, server, workers)
		}

		/// Pays for all that a server served in a deal, by accepted reports, and that was not paid yet:
		/// first the protocol fee of this moment, rounded down, then the parts of the delegators behind its
		/// commitments in what is left, each rounded down, then all the rest to the provider. When and how
		/// often it is called does not change what is paid in all; each payout leaves less than a plank of
		/// the fee and of each part with those who come after.
		///
		/// Costs the fee, the same after one epoch or a million, by the number of commitments whose delegators have parts;
		/// a part of it comes back where nothing is due, which is no error.
		///
		/// ## Origin
		/// Signed, by anyone.
		///
		/// ## Events
		/// [`Event::FeePaid`], [`Event::IncomeShared`] for each part and [`Event::Settled`], unless nothing is
		/// due.
		///
		/// ## Errors
		/// - [`Error::UnknownDeal`], [`Error::UnknownAllocation`]
		#[pallet::call_index(1)]
		#[pallet::weight(T::WeightInfo::settle(MOST_SHARES))]
		pub fn settle(
			origin: OriginFor<T>,
			deal: DealId,
			server: ServerId,
		) -> DispatchResultWithPostInfo {
			ensure_signed(origin)?;
			Self::do_settle(deal, server)
		}

		/// Closes a deal that ended: compensates the developer as [`compensate`](Pallet::compensate) does, where
		/// that can be had, pays what is left to pay, gives up the units, takes back an offer that is open, gives the rest of the
		/// escrow back to the developer and forgets the deal. One call closes [`Config::ClosesPerCall`] allocations at most;
		/// the next goes on where it stopped. The chain does the same by itself where blocks have room.
		///
		/// Costs its sender nothing where it closed something, which can be done once; the fee otherwise, by the number of
		/// allocations, and what is due of their servers.
		///
		/// ## Origin
		/// Signed, by anyone.
		///
		/// ## Events
		/// For each allocation [`Event::Compensated`] or [`Event::NotCompensated`] (where something was lost),
		/// those of [`settle`](Pallet::settle) (unless nothing is due) and [`Event::AllocationClosed`], or
		/// [`Event::CloseFailed`]; [`Event::DealClosed`] with the last.
		///
		/// ## Errors
		/// - [`Error::UnknownDeal`]
		/// - [`Error::NotEnded`]: before what was served in the deal's last epoch can be contested no more.
		/// - [`Error::BudgetOpen`]: a budget for requests is left, and [`Config::ChallengeEpochs`] have not passed.
		#[pallet::call_index(2)]
		#[pallet::weight({
			let most = T::ClosesPerCall::get();
			Pallet::<T>::with_most_due(T::WeightInfo::close_deal(most), most)
		})]
		pub fn close_deal(origin: OriginFor<T>, deal: DealId) -> DispatchResultWithPostInfo {
			ensure_signed(origin)?;
			let done = Self::do_close_deal(deal);
			done.map_err(|refused| {
				Self::charge_refused(
					refused,
					deal,
					T::WeightInfo::close_deal,
					T::ClosesPerCall::get(),
				)
			})
		}

		/// Compensates the developer for the unit-epochs that a deal lost on a server because commitments
		/// failed: each with up to its price, in FLT at today's value, from what is left of the providers' own
		/// stake in those commitments. The escrow has no part in it. What was lost is then forgotten,
		/// even where too little stake was left.
		///
		/// Costs its sender nothing: a commitment fails once, which costs its stakers more.
		///
		/// ## Origin
		/// Signed, by anyone.
		///
		/// ## Events
		/// [`Event::Compensated`].
		///
		/// ## Errors
		/// - [`Error::UnknownDeal`], [`Error::UnknownAllocation`]
		/// - [`Error::NothingLost`]: no commitment failed, or it is compensated already.
		/// - [`Error::ValueUnknown`]: no fresh price is known; what was lost stays to be compensated.
		/// - those of the stake where it cannot be moved.
		#[pallet::call_index(3)]
		#[pallet::weight(Pallet::<T>::with_most_due(T::WeightInfo::compensate(), 1))]
		pub fn compensate(
			origin: OriginFor<T>,
			deal: DealId,
			server: ServerId,
		) -> DispatchResultWithPostInfo {
			ensure_signed(origin)?;
			Self::do_compensate(deal, server)
		}

		/// Prolongs a deal by `epochs`. The signer pays for them, for the units of the deal and those that its
		/// open offer still wants; the money is the developer's from then on. The open offer is taken back
		/// and put into the book again, for the longer term; that of a deal that has had [`Config::MaxServers`] servers is
		/// taken back for good.
		///
		/// Costs the fee, by the number of the deal's servers, and what is due of the servers; and for each unit and epoch
		/// the deal's limit, or the unit's own price where that is higher, or the deal has had all servers that it may have;
		/// `most` at most. The developer may change limit and units until the call is executed: who pays for others names what
		/// they are ready to pay.
		///
		/// ## Origin
		/// Signed, by anyone.
		///
		/// ## Events
		/// [`Event::DealExtended`]; [`Event::UnitsSought`] or [`Event::UnitsNotSought`] where an offer was open.
		///
		/// ## Errors
		/// - [`Error::UnknownDeal`], [`Error::DealEnded`], [`Error::Terminated`]
		/// - [`Error::NoEpochs`], [`Error::NoUnits`]: there is nothing to pay for.
		/// - [`Error::CostTooHigh`]: more than `most`.
		/// - [`Error::TermTooLong`]: a provider did not offer so long a term at its price.
		/// - that of the unit ledger where a commitment does not outlast the new end, and that of the payment.
		#[pallet::call_index(4)]
		#[pallet::weight({
			let most = T::MaxServers::get();
			Pallet::<T>::with_most_due(T::WeightInfo::extend_deal(most), most)
		})]
		pub fn extend_deal(
			origin: OriginFor<T>,
			deal: DealId,
			epochs: Epoch,
			most: Balance,
		) -> DispatchResultWithPostInfo {
			let who = ensure_signed(origin)?;
			let done = Self::do_extend_deal(&who, deal, epochs, most);
			done.map_err(|refused| {
				Self::charge_refused(
					refused,
					deal,
					T::WeightInfo::extend_deal,
					T::MaxServers::get(),
				)
			})
		}

		/// Lowers the deal's limit, the highest price that it pays for further units, to `limit`, and gives
		/// back all that escrow holds beyond what may still be paid: what the servers may still earn, and as
		/// much more as replacing all of them at the limit would cost. The open offer goes on at the limit. A deal that has
		/// had [`Config::MaxServers`] servers replaces none: its open offer is taken back, and nothing is kept for that.
		///
		/// Costs the fee, by the number of the deal's servers.
		///
		/// ## Origin
		/// Signed, by the deal's developer.
		///
		/// ## Events
		/// [`Event::SurplusWithdrawn`]; [`Event::UnitsSought`] where an open offer paid more, [`Event::UnitsNotSought`]
		/// where it is taken back.
		///
		/// ## Errors
		/// - [`Error::UnknownDeal`], [`Error::NotDeveloper`]
		/// - [`Error::InvalidLimit`]: zero, or more than four significant digits.
		/// - [`Error::LimitTooHigh`]: above the present one.
		#[pallet::call_index(5)]
		#[pallet::weight(T::WeightInfo::withdraw_surplus(T::MaxServers::get()))]
		pub fn withdraw_surplus(
			origin: OriginFor<T>,
			deal: DealId,
			limit: Price,
		) -> DispatchResultWithPostInfo {
			let who = ensure_signed(origin)?;
			Self::do_withdraw_surplus(&who, deal, limit)
		}

		/// Gives notice: the deal ends once [`Config::NoticeEpochs`] whole epochs have passed, if that is
		/// earlier than its end. What is served until then is paid from the escrow that is there. The
		/// open offer is taken back, and nothing is added to the deal any more.
		///
		/// Costs the fee, by the number of the deal's servers, and what is due of the servers.
		///
		/// ## Origin
		/// Signed, by the deal's developer.
		///
		/// ## Events
		/// [`Event::DealTerminated`].
		///
		/// ## Errors
		/// - [`Error::UnknownDeal`], [`Error::NotDeveloper`], [`Error::DealEnded`]
		/// - [`Error::Terminated`]: notice was given.
		#[pallet::call_index(6)]
		#[pallet::weight({
			let most = T::MaxServers::get();
			Pallet::<T>::with_most_due(T::WeightInfo::terminate(most), most)
		})]
		pub fn terminate(origin: OriginFor<T>, deal: DealId) -> DispatchResultWithPostInfo {
			let who = ensure_signed(origin)?;
			let done = Self::do_terminate(&who, deal);
			done.map_err(|refused| {
				Self::charge_refused(refused, deal, T::WeightInfo::terminate, T::MaxServers::get())
			})
		}

		/// Gives units up: they leave the deal once [`Config::NoticeEpochs`] whole epochs have passed, or
		/// with its end. What they serve until then is paid. What was held for the time after is surplus.
		///
		/// Costs the fee, and what is due of the server.
		///
		/// ## Origin
		/// Signed, by the deal's developer.
		///
		/// ## Events
		/// [`Event::UnitsReleased`].
		///
		/// ## Errors
		/// - [`Error::UnknownDeal`], [`Error::UnknownAllocation`], [`Error::NotDeveloper`],
		///   [`Error::DealEnded`]
		/// - [`Error::NoUnits`], [`Error::ForeignUnit`]: the units are wrong.
		/// - [`Error::UnitLost`]: a unit failed; it can be replaced.
		/// - [`Error::LastUnits`]: no unit would be left; [`terminate`](Pallet::terminate) the deal.
		/// - [`Error::TooManyLeaving`], or that of the unit ledger: units leave with too many different epochs.
		#[pallet::call_index(7)]
		#[pallet::weight(Pallet::<T>::with_most_due(T::WeightInfo::release_units(), 1))]
		pub fn release_units(
			origin: OriginFor<T>,
			deal: DealId,
			server: ServerId,
			units: Units,
		) -> DispatchResultWithPostInfo {
			let who = ensure_signed(origin)?;
			Self::do_release_units(&who, deal, server, units)
		}

		/// Seeks `units` more for the rest of the deal's term, at its limit, together with those that its open
		/// offer still wants. They join the deal as the book finds them.
		///
		/// Costs the fee, by the number of the deal's servers, and `units x limit x epochs left`.
		///
		/// ## Origin
		/// Signed, by the deal's developer.
		///
		/// ## Events
		/// [`Event::DealEnlarged`], [`Event::UnitsSought`].
		///
		/// ## Errors
		/// - [`Error::UnknownDeal`], [`Error::NotDeveloper`], [`Error::DealEnded`], [`Error::Terminated`]
		/// - [`Error::NoUnits`], [`Error::TooManyUnits`]: more than [`Config::MaxUnits`] in all.
		/// - [`Error::TooManyServers`]: the deal has had [`Config::MaxServers`]; no offer would find it any more.
		/// - that of the payment.
		#[pallet::call_index(8)]
		#[pallet::weight(T::WeightInfo::enlarge(T::MaxServers::get()))]
		pub fn enlarge(
			origin: OriginFor<T>,
			deal: DealId,
			units: u32,
		) -> DispatchResultWithPostInfo {
			let who = ensure_signed(origin)?;
			Self::do_enlarge(&who, deal, units)
		}

		/// Replaces units that the deal lost on a server: those of commitments that failed, those without
		/// a worker [`Config::AcceptanceEpochs`] epochs after they might have served first, and those with one that
		/// were not reported as serving in the last two epochs for which no report is accepted any more. They leave
		/// with the next epoch, and as many are sought for the rest of the term, at the deal's limit, with
		/// the money that was held for them; none where the deal has had [`Config::MaxServers`] servers, and the money is
		/// surplus. For each that was not accepted or is silent the provider is fined, and
		/// half of that is the sender's. The chain does the same by itself when the server reports; nobody gets a
		/// part of the fine then.
		///
		/// Costs its sender nothing: units are dropped once, and a deal takes units of a server once.
		///
		/// ## Origin
		/// Signed, by anyone.
		///
		/// ## Events
		/// [`Event::UnitsDropped`], [`Event::UnitsSought`] or [`Event::UnitsNotSought`].
		///
		/// ## Errors
		/// - [`Error::UnknownDeal`], [`Error::UnknownAllocation`], [`Error::Terminated`]
		/// - [`Error::DealEnded`]: no whole epoch of the deal is left.
		/// - [`Error::NothingMissing`]: no unit was lost.
		/// - [`Error::NotFunded`]: the limit was raised since, or a solver was paid; the developer may lower the limit, or
		///   anyone [top the deal up](Pallet::top_up).
		/// - [`Error::TooManyLeaving`], or that of the unit ledger: units leave with too many different epochs.
		#[pallet::call_index(9)]
		#[pallet::weight(Pallet::<T>::with_most_due(T::WeightInfo::replace(T::MaxServers::get()), 1))]
		pub fn replace(
			origin: OriginFor<T>,
			deal: DealId,
			server: ServerId,
		) -> DispatchResultWithPostInfo {
			let who = ensure_signed(origin)?;
			Self::do_replace(&who, deal, server)
		}

		/// Lets anyone [`renew`](Pallet::renew) the deal by so many epochs at a time, at the developer's cost, as
		/// far as the allowance carries it; none: not any more. Moves no money.
		///
		/// Costs the fee.
		///
		/// ## Origin
		/// Signed, by the deal's developer.
		///
		/// ## Events
		/// [`Event::RenewalSet`].
		///
		/// ## Errors
		/// - [`Error::UnknownDeal`], [`Error::NotDeveloper`], [`Error::DealEnded`], [`Error::Terminated`]
		/// - [`Error::NoEpochs`]: a renewal of no epochs.
		#[pallet::call_index(10)]
		pub fn set_renewal(
			origin: OriginFor<T>,
			deal: DealId,
			renewal: Option<Renewal>,
		) -> DispatchResult {
			let who = ensure_signed(origin)?;
			Self::do_set_renewal(&who, deal, renewal)
		}

		/// Extends a deal as its developer set it to be renewed, at the developer's cost, and takes that off
		/// the allowance. Open in the last [`Config::AcceptanceEpochs`] + 2 epochs of the deal. Where the
		/// allowance does not carry it, the payment fails, or the deal cannot be extended, nothing of the deal changes and
		/// an event tells: the deal runs to its end, and the renewal can be tried again.
		///
		/// Costs its sender nothing where the deal was renewed: no deal is renewed much beyond its last epochs, and
		/// the developer pays for each of them. It costs the fee otherwise, by the number of the deal's servers, and what is
		/// due of the servers.
		///
		/// ## Origin
		/// Signed, by anyone.
		///
		/// ## Events
		/// Those of [`extend_deal`](Pallet::extend_deal) and [`Event::DealRenewed`], or
		/// [`Event::RenewalFailed`].
		///
		/// ## Errors
		/// - [`Error::UnknownDeal`], [`Error::DealEnded`], [`Error::Terminated`]
		/// - [`Error::NoRenewal`]: none is set.
		/// - [`Error::TooEarly`]: the last epochs of the deal have not begun.
		#[pallet::call_index(11)]
		#[pallet::weight({
			let most = T::MaxServers::get();
			Pallet::<T>::with_most_due(T::WeightInfo::renew(most), most)
		})]
		pub fn renew(origin: OriginFor<T>, deal: DealId) -> DispatchResultWithPostInfo {
			ensure_signed(origin)?;
			let done = Self::do_renew(deal);
			done.map_err(|refused| {
				Self::charge_refused(refused, deal, T::WeightInfo::renew, T::MaxServers::get())
			})
		}

		/// Sets the part of everything that deals pay that goes to [`Config::FeeTo`]. It counts for every payment
		/// from now on, for epochs that were served before as well: whoever does not want that settles first.
		///
		/// Costs the fee.
		///
		/// ## Origin
		/// [`Config::AdminOrigin`].
		///
		/// ## Events
		/// [`Event::ProtocolFeeSet`].
		///
		/// ## Errors
		/// - [`Error::FeeTooHigh`]: more than [`Config::MaxProtocolFee`].
		#[pallet::call_index(12)]
		pub fn set_protocol_fee(origin: OriginFor<T>, fee: Perbill) -> DispatchResult {
			T::AdminOrigin::ensure_origin(origin)?;
			Self::do_set_protocol_fee(fee)
		}

		/// Names the key whose vouchers a deal pays for, or none; its version rises by one. Vouchers of the key
		/// before count for [`Config::ChallengeEpochs`] more, so that providers can redeem what they have.
		///
		/// Costs the fee.
		///
		/// ## Origin
		/// Signed, by the deal's developer.
		///
		/// ## Events
		/// [`Event::GatewaySet`].
		///
		/// ## Errors
		/// - [`Error::UnknownDeal`], [`Error::NotDeveloper`], [`Error::DealEnded`]
		/// - [`Error::NoGateway`]: there is no key to take away.
		/// - [`Error::KeyChanging`]: vouchers of the key before this one still count.
		#[pallet::call_index(13)]
		pub fn set_gateway(
			origin: OriginFor<T>,
			deal: DealId,
			key: Option<GatewayKey>,
		) -> DispatchResult {
			let who = ensure_signed(origin)?;
			Self::do_set_gateway(&who, deal, key)
		}

		/// Adds to what a server can earn by requests of a deal. The money is held in the deal's escrow for
		/// vouchers alone; what they do not spend is the developer's.
		///
		/// Costs the fee and `amount`.
		///
		/// ## Origin
		/// Signed, by anyone.
		///
		/// ## Events
		/// [`Event::RequestsFunded`]; [`Event::RequestsReclaimed`] where a budget that was reclaimed was not
		/// given back yet.
		///
		/// ## Errors
		/// - [`Error::UnknownDeal`], [`Error::UnknownAllocation`], [`Error::DealEnded`]
		/// - [`Error::NoUnits`]: the server has no unit in the deal any more.
		/// - [`Error::NoAmount`]: it is zero.
		/// - that of the payment.
		#[pallet::call_index(14)]
		pub fn fund_requests(
			origin: OriginFor<T>,
			deal: DealId,
			server: ServerId,
			amount: Balance,
		) -> DispatchResult {
			let who = ensure_signed(origin)?;
			Self::do_fund_requests(who, deal, server, amount)
		}

		/// Pays a server for requests: what the voucher is worth beyond what was redeemed before, as far as the
		/// budget goes, shared as what [`settle`](Pallet::settle) pays. What the budget does not cover can be
		/// redeemed once it is raised.
		///
		/// Costs the fee, the same for one request or a billion, by the number of commitments whose delegators have parts.
		///
		/// ## Origin
		/// Signed, by anyone who has the voucher.
		///
		/// ## Events
		/// [`Event::FeePaid`], [`Event::IncomeShared`] for each part, and [`Event::Redeemed`].
		///
		/// ## Errors
		/// - [`Error::NoGateway`]: the deal has no key, or there is no such deal any more.
		/// - [`Error::WrongVersion`]: the key was changed, and its vouchers count no more; or it is to come.
		/// - [`Error::VoucherExpired`], [`Error::BadSignature`]: of another deal or server as well.
		/// - [`Error::UnknownAllocation`]
		/// - [`Error::DealEnded`]: [`Config::ChallengeEpochs`] have passed since the end of the deal.
		/// - [`Error::AlreadyRedeemed`]: it is worth no more than what was paid.
		/// - [`Error::Reclaimed`]: what is left of the budget is the developer's again.
		/// - [`Error::NoBudget`]: nothing is left of the budget.
		#[pallet::call_index(15)]
		#[pallet::weight(T::WeightInfo::redeem(MOST_SHARES))]
		pub fn redeem(
			origin: OriginFor<T>,
			deal: DealId,
			server: ServerId,
			voucher: Voucher,
			signature: GatewaySignature,
		) -> DispatchResultWithPostInfo {
			ensure_signed(origin)?;
			Self::do_redeem(deal, server, voucher, signature)
		}

		/// Takes back what is left of a server's budget for requests: the developer's first call tells when, all
		/// of [`Config::ChallengeEpochs`] later; until then vouchers can still be redeemed, and from then on no more.
		/// A second call, by anyone, gives the money back. What is added to the budget before is taken back with it.
		///
		/// Costs the fee; the second call costs anyone but the developer nothing, since the first was paid for.
		///
		/// ## Origin
		/// Signed: the first call by the deal's developer, the second by anyone.
		///
		/// ## Events
		/// [`Event::ReclaimStarted`], or [`Event::RequestsReclaimed`].
		///
		/// ## Errors
		/// - [`Error::UnknownDeal`], [`Error::NotDeveloper`]
		/// - [`Error::NoBudget`]: nothing is left.
		/// - [`Error::ChallengeRuns`]: vouchers can still be redeemed.
		#[pallet::call_index(16)]
		pub fn reclaim_requests(
			origin: OriginFor<T>,
			deal: DealId,
			server: ServerId,
		) -> DispatchResultWithPostInfo {
			let who = ensure_signed(origin)?;
			Self::do_reclaim_requests(&who, deal, server)
		}

		/// Sets what all workers of a deal must know of their network, in the place of what was set before; the
		/// version grows by one.
		///
		/// Costs the fee.
		///
		/// ## Origin
		/// Signed, by the deal's developer.
		///
		/// ## Events
		/// [`Event::SubnetSet`].
		///
		/// ## Errors
		/// - [`Error::UnknownDeal`], [`Error::NotDeveloper`], [`Error::DealEnded`]
		#[pallet::call_index(17)]
		pub fn set_subnet(
			origin: OriginFor<T>,
			deal: DealId,
			parameters: SubnetParameters,
		) -> DispatchResult {
			let who = ensure_signed(origin)?;
			Self::do_set_subnet(&who, deal, parameters)
		}

		/// Sets where a server is reached for a deal, in the place of what was set before; none: nowhere.
		///
		/// Costs the fee.
		///
		/// ## Origin
		/// Signed, by the operator or the provider of the server.
		///
		/// ## Events
		/// [`Event::AddressesSet`].
		///
		/// ## Errors
		/// - [`Error::UnknownDeal`], [`Error::UnknownAllocation`], [`Error::NotOperator`],
		///   [`Error::DealEnded`]
		#[pallet::call_index(18)]
		pub fn set_addresses(
			origin: OriginFor<T>,
			deal: DealId,
			server: ServerId,
			addresses: AddressesOf,
		) -> DispatchResult {
			let who = ensure_signed(origin)?;
			Self::do_set_addresses(&who, deal, server, addresses)
		}

		/// Contests what units of a server were reported to serve in an epoch, the present one or one of the
		/// [`CONTEST_EPOCHS`](marketplace_primitives::CONTEST_EPOCHS) before: nothing is paid before that time is
		/// over. Their price goes from escrow to [`Config::FeeTo`], so that neither a false report is paid, nor
		/// service had for nothing. The units, as far as the deal still holds them and an epoch of it is left,
		/// leave with the next epoch, and are replaced as [`replace`](Pallet::replace) does; where the deal
		/// is terminated, or has no epoch left, only the payment is lost.
		///
		/// Costs the fee, by the number of the deal's servers, and what is due of the server. It works after the end of the
		/// deal as well, and can be repeated for other units of the epoch.
		///
		/// ## Origin
		/// Signed, by the deal's developer or by the account of its gateway's present key.
		///
		/// ## Events
		/// [`Event::Contested`]; [`Event::UnitsDropped`] where units leave, with [`Event::UnitsSought`] or
		/// [`Event::UnitsNotSought`], or with [`Event::ReplaceFailed`] where they cannot be sought. The last alone where they cannot leave since too
		/// many do.
		///
		/// ## Errors
		/// - [`Error::UnknownDeal`], [`Error::NotContestant`], [`Error::UnknownAllocation`]
		/// - [`Error::NoUnits`]: none are named.
		/// - that of the unit ledger where the epoch cannot be contested, or a unit was not reported as serving for the
		///   deal in it, or is contested already.
		#[pallet::call_index(19)]
		#[pallet::weight(Pallet::<T>::with_most_due(T::WeightInfo::contest(T::MaxServers::get()), 1))]
		pub fn contest(
			origin: OriginFor<T>,
			deal: DealId,
			server: ServerId,
			units: Units,
			epoch: Epoch,
		) -> DispatchResultWithPostInfo {
			let who = ensure_signed(origin)?;
			Self::do_contest(&who, deal, server, units, epoch)
		}

		/// Gives the deal another application, in stages: with each epoch from the next on `step` percent more of
		/// the units that it has then run the new one, in the order in which their servers joined. Units that are
		/// sought, and those of servers that join later, run it from their start. The open offer is taken back and
		/// put into the book again, unless the deal has had [`Config::MaxServers`] servers.
		///
		/// Costs the fee, by the number of the deal's servers.
		///
		/// ## Origin
		/// Signed, by the deal's developer.
		///
		/// ## Events
		/// [`Event::ApplicationStaged`]; [`Event::UnitsSought`] or [`Event::UnitsNotSought`] where an offer was open.
		///
		/// ## Errors
		/// - [`Error::UnknownDeal`], [`Error::NotDeveloper`], [`Error::Terminated`]
		/// - [`Error::DealEnded`]: no whole epoch of the deal is left.
		/// - [`Error::EmptyCid`], [`Error::InvalidStep`]: the latter for 0 %.
		/// - [`Error::RolloutRuns`]: the turn of some units has not come in the change before; it can be
		///   [rolled back](Pallet::roll_back).
		#[pallet::call_index(20)]
		#[pallet::weight(T::WeightInfo::stage_application(T::MaxServers::get()))]
		pub fn stage_application(
			origin: OriginFor<T>,
			deal: DealId,
			app_cid: Cid,
			plan_hash: [u8; 32],
			step: Percent,
		) -> DispatchResultWithPostInfo {
			let who = ensure_signed(origin)?;
			Self::do_stage_application(&who, deal, Application { app_cid, plan_hash }, step)
		}

		/// Tells that a server runs the new application of a deal on all its units whose turn has come. The change is
		/// complete, and forgotten, once every unit that takes part in it and is in the deal is acknowledged.
		///
		/// Costs the fee; the part of it for servers that it did not have to look at comes back.
		///
		/// ## Origin
		/// Signed, by the operator or the provider of the server.
		///
		/// ## Events
		/// [`Event::Acknowledged`]; [`Event::RolloutCompleted`] with the last.
		///
		/// ## Errors
		/// - [`Error::UnknownDeal`], [`Error::UnknownAllocation`], [`Error::NotOperator`],
		///   [`Error::DealEnded`]
		/// - [`Error::NoRollout`]: no change is under way.
		/// - [`Error::OtherRollout`]: not that of `version`.
		/// - [`Error::NotStaged`]: the server joined later, and takes no part in it.
		/// - [`Error::NoTurn`]: the turn of none of its units has come, or those that had theirs left.
		/// - [`Error::AlreadyAcknowledged`]: no unit had its turn since.
		#[pallet::call_index(21)]
		#[pallet::weight(T::WeightInfo::acknowledge(T::MaxServers::get()))]
		pub fn acknowledge(
			origin: OriginFor<T>,
			deal: DealId,
			server: ServerId,
			version: u32,
		) -> DispatchResultWithPostInfo {
			let who = ensure_signed(origin)?;
			Self::do_acknowledge(&who, deal, server, version)
		}

		/// Gives the deal the application again that it had before the change that is under way: with the next epoch
		/// every unit runs it. The open offer is taken back and put into the book again, unless the deal has had
		/// [`Config::MaxServers`] servers.
		///
		/// Costs the fee, by the number of the deal's servers.
		///
		/// ## Origin
		/// Signed, by the deal's developer.
		///
		/// ## Events
		/// [`Event::RolledBack`]; [`Event::UnitsSought`] or [`Event::UnitsNotSought`] where an offer was open.
		///
		/// ## Errors
		/// - [`Error::UnknownDeal`], [`Error::NotDeveloper`], [`Error::DealEnded`]
		/// - [`Error::NoRollout`]: no change is under way, or all of it is acknowledged.
		#[pallet::call_index(22)]
		#[pallet::weight(T::WeightInfo::roll_back(T::MaxServers::get()))]
		pub fn roll_back(origin: OriginFor<T>, deal: DealId) -> DispatchResultWithPostInfo {
			let who = ensure_signed(origin)?;
			Self::do_roll_back(&who, deal)
		}

		/// Proposes another price, per unit and epoch, for what a server serves in a deal; none: takes back what the
		/// signer's side proposed. A new proposal of either side takes the place of the one before. Moves no money.
		///
		/// Costs the fee.
		///
		/// ## Origin
		/// Signed, by the deal's developer or the provider that is paid for the server.
		///
		/// ## Events
		/// [`Event::PriceProposed`].
		///
		/// ## Errors
		/// - [`Error::UnknownDeal`], [`Error::UnknownAllocation`], [`Error::NotParty`],
		///   [`Error::DealEnded`]
		/// - [`Error::InvalidPrice`]: zero, or more than four significant digits.
		/// - [`Error::NoProposal`]: there is none to take back.
		#[pallet::call_index(23)]
		pub fn propose_price(
			origin: OriginFor<T>,
			deal: DealId,
			server: ServerId,
			price: Option<Price>,
		) -> DispatchResult {
			let who = ensure_signed(origin)?;
			Self::do_propose_price(&who, deal, server, price)
		}

		/// Accepts the price that the other side proposed. First pays what is to be paid at the old one, as
		/// [`settle`](Pallet::settle) does. From then on the new price counts for every unit-epoch that is not paid:
		/// those of the present epoch and of the last ones, which can still be contested, and all to come. It
		/// makes no difference whether anybody settled before. The deal's limit stays, and the price may be above it.
		///
		/// Costs the fee, by the number of the deal's servers, and what is due of the server. What escrow lacks for a
		/// higher price, and for replacing units as far as that was funded before, is taken from the developer, where the
		/// developer accepts; `most` at most, since others may extend the deal until then. What a lower price leaves is
		/// surplus.
		///
		/// ## Origin
		/// Signed, by the side that the price is proposed to: the deal's developer, or the provider that is paid for
		/// the server.
		///
		/// ## Events
		/// Those of [`settle`](Pallet::settle), and [`Event::PriceChanged`].
		///
		/// ## Errors
		/// - [`Error::UnknownDeal`], [`Error::UnknownAllocation`], [`Error::DealEnded`]
		/// - [`Error::NoProposal`], [`Error::NotCounterparty`]: nobody proposed a price to the signer.
		/// - [`Error::PriceMismatch`]: not this one.
		/// - [`Error::CostTooHigh`]: more than `most`.
		/// - [`Error::LossOpen`]: what was lost on the server has to be [compensated](Pallet::compensate) before, and units
		///   that failed [replaced](Pallet::replace); or units leave with the next epoch, which tells what is lost.
		/// - [`Error::NotFunded`]: the provider accepts, and escrow does not carry it. The provider may propose the
		///   price instead, and the developer, who pays then, accept it.
		/// - that of the payment.
		#[pallet::call_index(24)]
		#[pallet::weight({
			let most = T::WeightInfo::accept_price(T::MaxServers::get());
			Pallet::<T>::with_most_due(most, 1)
		})]
		pub fn accept_price(
			origin: OriginFor<T>,
			deal: DealId,
			server: ServerId,
			price: Price,
			most: Balance,
		) -> DispatchResultWithPostInfo {
			let who = ensure_signed(origin)?;
			Self::do_accept_price(&who, deal, server, price, most)
		}

		/// Adds `amount` to what a deal's escrow holds. It is the developer's from then on: it replaces units where a raised
		/// limit or what a solver was paid left too little for that ([`Error::NotFunded`]), is surplus otherwise, and goes
		/// back with the rest when the deal is closed.
		///
		/// Costs the fee and `amount`, of the deal's asset.
		///
		/// ## Origin
		/// Signed, by anyone.
		///
		/// ## Events
		/// [`Event::ToppedUp`].
		///
		/// ## Errors
		/// - [`Error::UnknownDeal`], [`Error::DealEnded`]
		/// - [`Error::Terminated`]: in notice nothing is replaced, and what servers may earn is there.
		/// - [`Error::NoAmount`]: it is zero.
		/// - that of the payment.
		#[pallet::call_index(25)]
		pub fn top_up(origin: OriginFor<T>, deal: DealId, amount: Balance) -> DispatchResult {
			let who = ensure_signed(origin)?;
			Self::do_top_up(who, deal, amount)
		}

		/// Closes a server's part of a deal that has no unit of it any more, and goes on without it: compensates the
		/// developer as [`compensate`](Pallet::compensate) does, pays the server what is left to pay, and gives up its place
		/// in the ledger. The server is not taken for the deal again, and counts among those that it had. What is left for
		/// requests goes back to the developer, in the time that vouchers have: where nobody asked for that, this begins it,
		/// as [`reclaim_requests`](Pallet::reclaim_requests) does, and closes nothing yet. The chain does the same by itself
		/// after the server's reports.
		///
		/// Costs its sender nothing where it is accepted, which it is twice at most; the fee otherwise, and what is due of
		/// the server.
		///
		/// ## Origin
		/// Signed, by anyone.
		///
		/// ## Events
		/// [`Event::ReclaimStarted`]; or [`Event::RequestsReclaimed`] (where a budget was left), [`Event::Compensated`] (where
		/// something was lost), those of [`settle`](Pallet::settle) (unless nothing is due) and [`Event::AllocationClosed`].
		///
		/// ## Errors
		/// - [`Error::UnknownDeal`], [`Error::UnknownAllocation`]
		/// - [`Error::UnitsHeld`]: the deal has units of the server. Those that it lost have to be
		///   [replaced](Pallet::replace) before.
		/// - [`Error::BudgetOpen`]: vouchers can still be redeemed from the budget that is reclaimed.
		/// - [`Error::ContestOpen`]: two whole epochs have not passed since the last unit left.
		/// - [`Error::ValueUnknown`]: something was lost, and the asset has no known value in FLT now.
		/// - that of the compensation.
		#[pallet::call_index(26)]
		#[pallet::weight(Pallet::<T>::with_most_due(T::WeightInfo::close_early(), 1))]
		pub fn close_allocation(
			origin: OriginFor<T>,
			deal: DealId,
			server: ServerId,
		) -> DispatchResultWithPostInfo {
			ensure_signed(origin)?;
			Self::do_close_allocation(deal, server)
		}
	}
}
