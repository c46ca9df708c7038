//! The calls: who may do what, what it changes, and why it is refused.

use frame_support::pallet_macros::pallet_section;

/// Part of the pallet's module.
#[pallet_section]
mod calls {
	#[pallet::call(weight(<T as Config>::WeightInfo))]
	impl<T: Config> Pallet<T> {
		/// Makes the caller a provider and holds the deposit for the record.
		///
		/// ## Origin
		/// Signed, by an account that is no provider.
		///
		/// ## Events
		/// [`Event::ProviderRegistered`].
		///
		/// ## Errors
		/// [`Error::AlreadyRegistered`], [`Error::InvalidName`]; funds for the deposit are missing.
		#[pallet::call_index(0)]
		pub fn register_provider(origin: OriginFor<T>, name: Name) -> DispatchResult {
			let who = ensure_signed(origin)?;
			Self::do_register_provider(who, name)
		}

		/// Gives the caller's provider record another name. The deposit stays.
		///
		/// ## Origin
		/// Signed, by a provider.
		///
		/// ## Events
		/// [`Event::ProviderRenamed`].
		///
		/// ## Errors
		/// [`Error::NotRegistered`], [`Error::InvalidName`].
		#[pallet::call_index(1)]
		pub fn rename_provider(origin: OriginFor<T>, name: Name) -> DispatchResult {
			let who = ensure_signed(origin)?;
			Self::do_rename_provider(who, name)
		}

		/// Opens a site of the caller and holds the deposit for the record.
		///
		/// ## Origin
		/// Signed, by a provider.
		///
		/// ## Events
		/// [`Event::DataCenterRegistered`], with the identifier of the site.
		///
		/// ## Errors
		/// [`Error::NotRegistered`], [`Error::InvalidCountry`], [`Error::InvalidCity`],
		/// [`Error::InvalidTier`]; funds for the deposit are missing.
		#[pallet::call_index(2)]
		pub fn register_data_center(
			origin: OriginFor<T>,
			country: Country,
			city: City,
			tier: u8,
		) -> DispatchResult {
			let who = ensure_signed(origin)?;
			Self::do_register_data_center(who, Location { country, city }, tier)
		}

		/// Puts a machine of `units` units into a data centre, opens the record of its units and holds the
		/// deposit. `signature` is that of the peer's key over [`Pallet::peer_message`].
		///
		/// ## Origin
		/// Signed, by the provider who owns the data centre.
		///
		/// ## Events
		/// [`Event::ServerRegistered`], with the identifier of the server.
		///
		/// ## Errors
		/// [`Error::UnknownDataCenter`], [`Error::NotOwner`], [`Error::NoUnits`],
		/// [`Error::TooManyUnits`], [`Error::PeerIdTaken`], [`Error::InvalidSignature`],
		/// [`Error::UnknownAttribute`]; funds for the deposit are missing.
		#[pallet::call_index(3)]
		pub fn register_server(
			origin: OriginFor<T>,
			data_center: DataCenterId,
			peer_id: PeerId,
			signature: PeerSignature,
			operator: T::AccountId,
			units: u8,
			attributes: Attributes,
		) -> DispatchResult {
			let who = ensure_signed(origin)?;
			let server = NewServer { data_center, peer_id, operator, units, attributes };
			Self::do_register_server(who, server, signature)
		}

		/// Hands the reports and workers of a server to another account. Free of deposit.
		///
		/// ## Origin
		/// Signed, by the server's provider.
		///
		/// ## Events
		/// [`Event::OperatorSet`].
		///
		/// ## Errors
		/// [`Error::UnknownServer`], [`Error::NotOwner`].
		#[pallet::call_index(4)]
		pub fn set_operator(
			origin: OriginFor<T>,
			server: ServerId,
			operator: T::AccountId,
		) -> DispatchResult {
			let who = ensure_signed(origin)?;
			Self::do_set_operator(who, server, operator)
		}

		/// Offers units of a server at a price per unit and epoch, and tells the book. The units need
		/// not be committed yet. Where an ask for exactly these units stands, the new one takes its
		/// place, its deposit and a new identifier; deals already made keep their terms. The ask offers
		/// the attributes of the server and `attributes`. The price has four significant digits at most.
		/// `tariff` is the price of a million requests, of any number of digits; without one the units are not to
		/// be had by developers who pay for requests.
		///
		/// ## Origin
		/// Signed, by the server's provider.
		///
		/// ## Events
		/// [`Event::AskSet`], with the identifier of the ask.
		///
		/// ## Errors
		/// [`Error::UnknownServer`], [`Error::NotOwner`], [`Error::NoUnits`], [`Error::ForeignUnits`],
		/// [`Error::ZeroPrice`], [`Error::PriceOffTick`], [`Error::ZeroTariff`],
		/// [`Error::InvalidTerm`], [`Error::AssetNotAdmitted`], [`Error::UnknownAttribute`],
		/// [`Error::UnitsAlreadyAsked`], [`Error::TooManyAsks`]; funds for the deposit are missing.
		#[pallet::call_index(5)]
		#[pallet::weight(T::WeightInfo::set_ask()
			.max(T::WeightInfo::replace_ask())
			.saturating_add(T::Book::ask_weight()))]
		pub fn set_ask(
			origin: OriginFor<T>,
			server: ServerId,
			units: Units,
			asset: PaymentAsset,
			price: Price,
			min_term: Epoch,
			max_term: Epoch,
			attributes: Attributes,
			tariff: Option<Price>,
		) -> DispatchResult {
			let who = ensure_signed(origin)?;
			let ask = Ask { server, units, asset, price, min_term, max_term, attributes, tariff };
			Self::do_set_ask(who, ask)
		}

		/// Takes an ask out of the book and returns its deposit. Deals already made go on.
		///
		/// ## Origin
		/// Signed, by the provider of the ask's server.
		///
		/// ## Events
		/// [`Event::AskWithdrawn`].
		///
		/// ## Errors
		/// [`Error::UnknownAsk`], [`Error::NotOwner`].
		#[pallet::call_index(6)]
		#[pallet::weight(T::WeightInfo::withdraw_ask().saturating_add(T::Book::ask_weight()))]
		pub fn withdraw_ask(origin: OriginFor<T>, ask: AskId) -> DispatchResult {
			let who = ensure_signed(origin)?;
			Self::do_withdraw_ask(who, ask)
		}

		/// Takes out a machine without asks whose units are neither committed, nor in deals, nor under
		/// audit, closes the record of its units, forgets its attestations and returns the deposit.
		///
		/// Costs the fee, and what is due of the server.
		///
		/// ## Origin
		/// Signed, by the server's provider.
		///
		/// ## Events
		/// [`Event::ServerDeregistered`].
		///
		/// ## Errors
		/// [`Error::UnknownServer`], [`Error::NotOwner`], [`Error::HasAsks`]; units are in use.
		#[pallet::call_index(7)]
		#[pallet::weight(T::WeightInfo::deregister_server().saturating_add(T::Units::most_due()))]
		pub fn deregister_server(
			origin: OriginFor<T>,
			server: ServerId,
		) -> DispatchResultWithPostInfo {
			let who = ensure_signed(origin)?;
			let due = Self::do_deregister_server(who, server)?;
			Ok(Some(T::WeightInfo::deregister_server().saturating_add(due.0)).into())
		}

		/// Gives up a site without servers and returns its deposit.
		///
		/// ## Origin
		/// Signed, by the provider who owns it.
		///
		/// ## Events
		/// [`Event::DataCenterRemoved`].
		///
		/// ## Errors
		/// [`Error::UnknownDataCenter`], [`Error::NotOwner`], [`Error::HasServers`].
		#[pallet::call_index(8)]
		pub fn remove_data_center(
			origin: OriginFor<T>,
			data_center: DataCenterId,
		) -> DispatchResult {
			let who = ensure_signed(origin)?;
			Self::do_remove_data_center(who, data_center)
		}

		/// Ends being a provider, without data centres, and returns the deposit.
		///
		/// ## Origin
		/// Signed, by a provider.
		///
		/// ## Events
		/// [`Event::ProviderDeregistered`].
		///
		/// ## Errors
		/// [`Error::NotRegistered`], [`Error::HasDataCenters`].
		#[pallet::call_index(9)]
		pub fn deregister_provider(origin: OriginFor<T>) -> DispatchResult {
			let who = ensure_signed(origin)?;
			Self::do_deregister_provider(who)
		}

		/// Lets asks and offers name a payment asset. Whether it exists is for the caller to know.
		///
		/// ## Origin
		/// [`Config::AdminOrigin`].
		///
		/// ## Events
		/// [`Event::AssetAdmitted`].
		///
		/// ## Errors
		/// [`Error::AssetAlreadyAdmitted`], [`Error::TooManyAssets`].
		#[pallet::call_index(10)]
		pub fn admit_asset(origin: OriginFor<T>, asset: PaymentAsset) -> DispatchResult {
			T::AdminOrigin::ensure_origin(origin)?;
			Self::do_admit_asset(asset)
		}

		/// Lets no more asks and offers name a payment asset. Those that stand, and deals, go on.
		///
		/// ## Origin
		/// [`Config::AdminOrigin`].
		///
		/// ## Events
		/// [`Event::AssetDismissed`].
		///
		/// ## Errors
		/// [`Error::AssetNotAdmitted`].
		#[pallet::call_index(11)]
		pub fn dismiss_asset(origin: OriginFor<T>, asset: PaymentAsset) -> DispatchResult {
			T::AdminOrigin::ensure_origin(origin)?;
			Self::do_dismiss_asset(asset)
		}

		/// Names a hardware class that servers may be declared to be of, or names it anew; without a
		/// name, retires it: it may not be declared any more, servers that are of it stay so.
		///
		/// ## Origin
		/// [`Config::AdminOrigin`].
		///
		/// ## Events
		/// [`Event::HardwareClassNamed`], [`Event::HardwareClassRetired`].
		///
		/// ## Errors
		/// [`Error::InvalidHardwareClass`], [`Error::InvalidName`], [`Error::UnknownHardwareClass`].
		#[pallet::call_index(12)]
		pub fn set_hardware_class(
			origin: OriginFor<T>,
			class: HardwareClass,
			name: Option<Label>,
		) -> DispatchResult {
			T::AdminOrigin::ensure_origin(origin)?;
			Self::do_set_hardware_class(class, name)
		}

		/// Declares of what hardware class a server without asks is; 0 takes it back. No deposit.
		///
		/// ## Origin
		/// Signed, by the server's provider.
		///
		/// ## Events
		/// [`Event::HardwareDeclared`].
		///
		/// ## Errors
		/// [`Error::UnknownServer`], [`Error::NotOwner`], [`Error::HasAsks`],
		/// [`Error::UnknownHardwareClass`].
		#[pallet::call_index(13)]
		pub fn declare_hardware(
			origin: OriginFor<T>,
			server: ServerId,
			class: HardwareClass,
		) -> DispatchResult {
			let who = ensure_signed(origin)?;
			Self::do_declare_hardware(who, server, class)
		}

		/// Describes an attribute that may be declared, or describes it anew, for those too that have it
		/// already; without a description, retires it: it may not be declared anew, who has it keeps it.
		///
		/// ## Origin
		/// [`Config::AdminOrigin`].
		///
		/// ## Events
		/// [`Event::AttributeDescribed`], [`Event::AttributeRetired`].
		///
		/// ## Errors
		/// [`Error::InvalidName`], [`Error::MissingCid`], [`Error::UnexpectedCid`],
		/// [`Error::UnknownAttribute`].
		#[pallet::call_index(14)]
		pub fn set_attribute(
			origin: OriginFor<T>,
			attribute: AttributeId,
			info: Option<AttributeInfo>,
		) -> DispatchResult {
			T::AdminOrigin::ensure_origin(origin)?;
			Self::do_set_attribute(attribute, info)
		}

		/// Declares what a server without asks can do, in place of what it declared before. What was
		/// attested beyond that is attested no more. No deposit.
		///
		/// ## Origin
		/// Signed, by the server's provider.
		///
		/// ## Events
		/// [`Event::AttributesDeclared`].
		///
		/// ## Errors
		/// [`Error::UnknownServer`], [`Error::NotOwner`], [`Error::HasAsks`],
		/// [`Error::UnknownAttribute`].
		#[pallet::call_index(15)]
		pub fn declare_attributes(
			origin: OriginFor<T>,
			server: ServerId,
			attributes: Attributes,
		) -> DispatchResult {
			let who = ensure_signed(origin)?;
			Self::do_declare_attributes(who, server, attributes)
		}

		/// Lets an account attest these attributes and no others; none: it is an attestor no longer. What
		/// it attested before stands until it is dropped.
		///
		/// ## Origin
		/// [`Config::AdminOrigin`].
		///
		/// ## Events
		/// [`Event::AttestorSet`], [`Event::AttestorRemoved`].
		///
		/// ## Errors
		/// [`Error::TooManyAttestors`], [`Error::UnknownAttribute`], [`Error::NotAttestor`].
		#[pallet::call_index(16)]
		pub fn set_attestor(
			origin: OriginFor<T>,
			attestor: T::AccountId,
			attributes: Attributes,
		) -> DispatchResult {
			T::AdminOrigin::ensure_origin(origin)?;
			Self::do_set_attestor(attestor, attributes)
		}

		/// Vouches for attributes that a server declares, in place of what the caller vouched for before;
		/// none: revokes that. Tells the book. No deposit; the attestation ends with the server.
		///
		/// ## Origin
		/// Signed, by an attestor.
		///
		/// ## Events
		/// [`Event::Attested`].
		///
		/// ## Errors
		/// [`Error::NotAttestor`], [`Error::UnknownServer`], [`Error::MayNotAttest`],
		/// [`Error::NotDeclared`], [`Error::TooManyAttestations`], [`Error::UnknownAttestation`].
		#[pallet::call_index(17)]
		#[pallet::weight(T::WeightInfo::attest().saturating_add(T::Book::server_weight()))]
		pub fn attest(
			origin: OriginFor<T>,
			server: ServerId,
			attributes: Attributes,
		) -> DispatchResult {
			let who = ensure_signed(origin)?;
			Self::do_attest(who, server, attributes)
		}

		/// Takes out of an attestation what its attestor may not attest any more. Tells the book.
		///
		/// ## Origin
		/// Signed, by anybody.
		///
		/// ## Events
		/// [`Event::AttestationDropped`].
		///
		/// ## Errors
		/// [`Error::UnknownServer`], [`Error::UnknownAttestation`], [`Error::AttestationStands`].
		#[pallet::call_index(18)]
		#[pallet::weight(T::WeightInfo::drop_attestation().saturating_add(T::Book::server_weight()))]
		pub fn drop_attestation(
			origin: OriginFor<T>,
			server: ServerId,
			attestor: T::AccountId,
		) -> DispatchResult {
			ensure_signed(origin)?;
			Self::do_drop_attestation(server, attestor)
		}
	}
}
