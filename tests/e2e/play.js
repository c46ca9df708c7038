// The demonstration: a whole life of a small market, from registered servers to the last plank.
//
//   epoch 1   the price of FLT is fed; two providers register three servers, commit and ask; delegators help
//             to cover the stake
//   epoch 2   every unit proves; a developer's offer is matched across both providers; one offer is too
//             cheap, one wants what nobody has; the rule leaves one that somebody finds a match for
//   epoch 3   units serve; audits are answered; the cheap offer is raised and matched, the other cancelled; a
//             developer takes out what her deal does not need, and stages another application; a commitment is
//             extended because its delegators agree
//   epoch 4   one unit of a deal is down; one report is forged; an operator acknowledges the application; two
//             agree on another price; a voucher for requests is redeemed
//   epoch 5   the forger is slashed; deals end; a developer contests what was reported of one unit; all units
//             prove again; governance sets a fee
//   epoch 6   what was served in epoch 3 can be contested no more and is paid, delegators get their part of
//             it; the last audits
//   epoch 7   deals are closed, the rest of their escrow goes back; rewards, deal income and stake are taken
//             out
//
// An epoch has 30 blocks of three seconds. Everything that must be in time is checked to be. Rewards of an
// epoch are known when its audits are over, at the end of the next, and unlock half then, half an epoch later.

import { Keyring } from '@polkadot/api';
import { blake2AsU8a, encodeAddress } from '@polkadot/util-crypto';
import { bnToU8a, stringToHex, u8aConcat } from '@polkadot/util';
import { peer } from './lib/accounts.js';
import { flt, showFlt, showUsd, showUsdc, usd, usdc, USDC, USDC_ID } from './lib/amounts.js';
import { Ledger } from './lib/ledger.js';
import { cid, names, planHash, Stage } from './lib/stage.js';
import { attributes, indices, mask } from './lib/units.js';
import { gatewayKey, signVoucher } from './lib/voucher.js';

const AVX2 = 16; // an attribute that the servers in deals have
const SEALED = 18; // one that none has: encrypted memory
const PRICE = usd(2); // of an FLT
const DEARER = usdc(5); // what Charlie asks for the last units of borealis-1
const REQUESTS = usdc('0.6'); // what requests cost Eve
const TARIFF = usdc('0.5'); // of a million requests on borealis-1
const AGREED = usdc('2.9'); // what Ferdie and Charlie agree on
const FEE = 1; // per cent of what deals pay, for the protocol
const END = 6; // the first epoch after all commitments
const TERM = { deal: 2, lateDeal: 1 };
const PER_CENT = 10_000_000; // of a Perbill

export class Play extends Stage {
	/** Plays all of it; throws where something does not go on as it must. */
	async run() {
		await this.prepare();
		await this.epochOne();
		await this.epochTwo();
		await this.epochThree();
		await this.epochFour();
		await this.epochFive();
		await this.epochSix();
		await this.epochSeven();
		await this.compareBalances();
		return this;
	}

	// --- epoch 1: supply -----------------------------------------------------------------------------

	async epochOne() {
		await this.begin(1, 'providers come');
		const { bob, bobOperator, charlie, charlieOperator } = this.people;
		await this.feedPrice();
		await this.register();
		this.atlas1 = await this.addServer('atlas-1', bob, bobOperator, 2, [AVX2]);
		this.atlas2 = await this.addServer('atlas-2', bob, bobOperator, 2, []);
		this.borealis1 = await this.addServer('borealis-1', charlie, charlieOperator, 5, [AVX2]);
		this.servers = [this.atlas1, this.atlas2, this.borealis1];
		await this.refuseForeignPeer();
		await this.commit();
		await this.stake();
		await this.ask();
	}

	/** Nobody can commit before somebody says what FLT is worth. */
	async feedPrice() {
		const { alice, bob } = this.people;
		const feed = (price) => this.tx.oracle.feedValues([['FltUsd', price]]);
		await this.checkRefused('Bob cannot feed a price', bob, feed(usd(1)), 'oracle.NoPermission');
		const { block } = await this.market.send(alice, feed(PRICE));
		this.ledger.setPrice(PRICE);
		const { value } = await this.market.read('oracle', 'values', 'FltUsd');
		this.say(
			`Alice feeds the price: an FLT costs ${showUsd(PRICE)}, so a unit needs ${showFlt(this.ledger.stakePerUnit)} of stake`,
			block,
		);
		this.check('an FLT costs', value, PRICE, showUsd);
	}

	async register() {
		const { bob, bobOperator, charlie, charlieOperator } = this.people;
		const { balances, providers } = this.tx;
		const allowance = flt(100);
		const receipts = await this.market.sendAll([
			[bob, balances.transferKeepAlive(bobOperator.address, allowance)],
			[bob, providers.registerProvider('Atlas')],
			[bob, providers.registerDataCenter('DE', 'Frankfurt', 3)],
			[charlie, balances.transferKeepAlive(charlieOperator.address, allowance)],
			[charlie, providers.registerProvider('Borealis')],
			[charlie, providers.registerDataCenter('FI', 'Helsinki', 4)],
		]);
		this.ledger.transfer('bob', 'bobOperator', allowance);
		this.ledger.transfer('charlie', 'charlieOperator', allowance);
		bob.site = receipts[2].event('providers.DataCenterRegistered').dataCenter;
		charlie.site = receipts[5].event('providers.DataCenterRegistered').dataCenter;
		this.say(
			'Bob registers as Atlas with a data centre in Frankfurt, Charlie as Borealis with one in Helsinki',
			receipts[5].block,
		);
	}

	/** A signature for one provider is worth nothing to another. */
	async refuseForeignPeer() {
		const { charlie, charlieOperator, bob, bobOperator } = this.people;
		const key = peer('//atlas-3');
		const signature = this.peerSignature(key, bob, bobOperator);
		await this.checkRefused(
			'Charlie cannot register a peer that signed for Bob',
			charlie,
			this.tx.providers.registerServer(
				charlie.site,
				key.publicKey,
				signature,
				charlieOperator.address,
				1,
				attributes(),
			),
			'providers.InvalidSignature',
		);
	}

	/** Units, for how many epochs, and who takes which part in per cent. */
	async commit() {
		const { atlas1, atlas2, borealis1 } = this;
		const terms = [
			[atlas1, { duration: END - 3, commission: 10, dealShare: 10 }],
			[atlas2, { duration: END - 2, commission: 20, dealShare: 0 }],
			[borealis1, { duration: END - 2, commission: 15, dealShare: 0 }],
		];
		const receipts = await this.market.sendAll(
			terms.map(([server, { duration, commission, dealShare }]) => [
				server.provider,
				this.tx.capacity.commit(
					server.id,
					mask(server.units),
					duration,
					commission * PER_CENT,
					dealShare * PER_CENT,
				),
			]),
		);
		terms.forEach(([server, term], i) => {
			const { commitment, needed } = receipts[i].event('capacity.Committed');
			Object.assign(server, term, { commitment });
			this.check(
				`${server.name} needs stake of`,
				needed,
				BigInt(server.units.length) * this.ledger.stakePerUnit,
				showFlt,
			);
		});
		this.say('all nine units are committed', receipts[2].block);
	}

	async stake() {
		const { bob, charlie, dave, grace } = this.people;
		const stakes = [
			[this.atlas1, { bob: flt(50), dave: flt(100), grace: flt(50) }],
			[this.atlas2, { bob: flt(50), dave: flt(150) }],
			[this.borealis1, { charlie: flt(500) }],
		];
		const calls = stakes.flatMap(([server, parts]) =>
			Object.entries(parts).map(([who, amount]) => [
				{ bob, charlie, dave, grace }[who],
				this.tx.capacity.delegate(server.commitment, amount),
			]),
		);
		const receipts = await this.market.sendAll(calls);
		this.inTime(Math.max(...receipts.map(({ block }) => block)), 1, 'the stake');
		for (const [server, parts] of stakes) {
			server.stakers = Object.keys(parts);
			this.ledger.commit(server.name, {
				provider: this.byAddress.get(server.provider.address),
				units: server.units.length,
				commission: server.commission,
				dealShare: server.dealShare,
				stakes: parts,
			});
			const { start, end } = (
				await this.market.event(
					'capacity.CommitmentCovered',
					(data) => data.commitment === server.commitment,
				)
			).data;
			server.end = end;
			this.check(
				`${server.name} is covered by stake for epochs`,
				`${start} to ${end - 1}`,
				`2 to ${1 + server.duration}`,
			);
		}
		this.say('Bob and Charlie stake; Dave and Grace delegate 300 FLT to Bob’s commitments');
	}

	async ask() {
		const { atlas1, borealis1 } = this;
		const terms = [
			{ server: atlas1, units: atlas1.units, price: usdc(2), tariff: null },
			{ server: borealis1, units: [0, 1, 2], price: usdc(3), tariff: TARIFF },
			{ server: borealis1, units: [3, 4], price: DEARER, tariff: null },
		];
		const receipts = await this.market.sendAll(
			terms.map(({ server, units, price, tariff }) => [
				server.provider,
				this.tx.providers.setAsk(server.id, mask(units), USDC, price, 1, 100, attributes(), tariff),
			]),
		);
		terms.forEach(({ server, units, price }, i) => {
			const { block, event } = receipts[i];
			server.asks = [...(server.asks ?? []), { id: event('providers.AskSet').askId, units, price }];
			server.price = server.asks[0].price;
			this.say(
				`${server.provider.name} asks ${showUsdc(price)} per unit and epoch for ${names(units)} of ${server.name}`,
				block,
			);
		});
	}

	// --- epoch 2: demand -----------------------------------------------------------------------------

	async epochTwo() {
		await this.begin(2, 'every unit proves, developers come');
		const { atlas1, atlas2, borealis1 } = this;
		for (const server of [atlas1, borealis1, atlas2])
			await this.report(server, 2, { proves: server.units });
		const { eve, ferdie } = this.people;

		const quote = await this.market.ask('quote', {
			asset: USDC,
			maxPrice: usdc(4),
			units: { min: 4, target: 4 },
			term: TERM.deal,
			placement: { maxPerProvider: 2, providers: 'Any' },
			attributes: attributes(AVX2),
		});
		this.check('a quote for Eve’s offer costs per epoch', quote.perEpoch, usdc(10), showUsdc);
		await this.quoteRequests();

		this.main = await this.post(eve, 'thumbnails', {
			price: usdc(4),
			units: 4,
			term: TERM.deal,
			maxPerProvider: 2,
			needs: [AVX2],
		});
		await this.match(this.main, [
			{ server: atlas1, units: [0, 1] },
			{ server: borealis1, units: [0, 1] },
		]);
		await this.setWorkers(this.main);
		await this.tellNetwork();

		[this.cheap, this.vain, this.found] = await Promise.all([
			this.post(ferdie, 'search', { price: usdc('2.5'), units: 1, term: TERM.lateDeal }),
			this.post(eve, 'training', { price: usdc(9), units: 2, term: TERM.deal, needs: [SEALED] }),
			this.post(ferdie, 'rendering', { price: usdc(6), units: 2, term: TERM.deal }),
		]);
		await this.checkRefused(
			'Ferdie cannot cancel Eve’s offer',
			ferdie,
			this.tx.offers.cancelOffer(this.vain.id),
			'offers.NotDeveloper',
		);
		await this.market.atBlock(this.market.block + 2);
		const offers = [this.cheap, this.vain, this.found];
		this.check('offers that found nothing', this.unmatched(offers), 3);
		await this.explain();
		await this.checkHeld(eve, Ledger.escrow(this.main) + Ledger.escrow(this.vain));
		await this.checkHeld(ferdie, Ledger.escrow(this.cheap) + Ledger.escrow(this.found));
		await this.solve();
	}

	/** Who pays by requests looks at asks with a tariff, the cheapest of them first. */
	async quoteRequests() {
		const { fills } = await this.market.ask('quote', {
			asset: USDC,
			maxPrice: usdc(4),
			units: { min: 2, target: 2 },
			term: TERM.deal,
			placement: { providers: 'Any' },
			attributes: attributes(),
			tariff: TARIFF,
		});
		const names = fills.map((fill) => this.servers.find(({ id }) => id === fill.server).name);
		this.check('to be had by requests', names.join(', '), this.borealis1.name);
		this.check('for a million of them', fills[0].tariff, TARIFF, showUsdc);
	}

	/** What the workers of Eve’s deal need to find each other. */
	async tellNetwork() {
		const { market, atlas1, main } = this;
		const { eve, bobOperator } = this.people;
		const { id } = main.deal;
		const [seed, address] = ['/dns4/seed.example/udp/4001/quic-v1', '/ip4/192.0.2.1/udp/4001/quic-v1'];
		const [set] = await market.sendAll([
			[eve, this.tx.deals.setSubnet(id, { bootstrap: [stringToHex(seed)], network: stringToHex('mesh') })],
			[bobOperator, this.tx.deals.setAddresses(id, atlas1.id, [stringToHex(address)])],
		]);
		this.say('Eve tells her workers where to begin, atlas-1 where it is reached', set.block);
		const { version, bootstrap, servers } = await market.ask('subnetRecord', id);
		const { addresses } = servers.find(({ server }) => server === atlas1.id);
		this.check(
			'the subnet record has',
			[version, bootstrap, addresses].join(' '),
			`1 ${stringToHex(seed)} ${stringToHex(address)}`,
		);
	}

	/** Why two of them found nothing, and the book as everybody sees it. */
	async explain() {
		const { market, borealis1, cheap, vain } = this;
		const { remedies } = await market.ask('explainOffer', cheap.id);
		const [{ change }] = remedies;
		this.check('Ferdie’s offer needs another', Object.keys(change).join(), 'Price');
		this.check('the price to clear is', change.Price, borealis1.price, showUsdc);
		const { exclusions } = await market.ask('explainOffer', vain.id);
		const lacking = exclusions.find(({ constraint }) => constraint === 'Attributes');
		this.check('asks without what Eve’s offer needs', lacking.asks, 3);

		const book = await market.ask('orderBook', USDC, null, null);
		const asks = book.asks.map(({ price, units }) => `${indices(units).length} at ${showUsdc(price)}`);
		const left = [`0 at ${showUsdc(usdc(2))}`, `1 at ${showUsdc(usdc(3))}`, `2 at ${showUsdc(DEARER)}`];
		this.check('the book offers', asks.join(', '), left.join(', '));
		const bids = book.bids.map(({ price, units }) => `${units} at ${showUsdc(price)}`);
		const wanted = [`2 at ${showUsdc(usdc(9))}`, `2 at ${showUsdc(usdc(6))}`, `1 at ${showUsdc(usdc('2.5'))}`];
		this.check('the book wants', bids.join(', '), wanted.join(', '));
	}

	/**
	 * A deal takes a server once, and the rule takes it at its cheapest ask: there borealis-1 has one unit left, and
	 * Ferdie wants two. So he gets nothing, until Grace, who has no part in it, names the ask that has them.
	 */
	async solve() {
		const { market, borealis1, found, vain } = this;
		const { dave, grace } = this.people;
		const [cheaper, dearer] = borealis1.asks;
		const solution = (offer, ...picks) => this.tx.matcher.solve(offer.id, picks);
		await Promise.all([
			this.checkRefused(
				'Dave finds no match for Eve’s offer either',
				dave,
				solution(vain, [dearer.id, mask(dearer.units)]),
				'matcher.PickExcluded',
			),
			this.checkRefused(
				'Grace cannot take borealis-1 at both its asks',
				grace,
				solution(found, [cheaper.id, mask([2])], [dearer.id, mask([3])]),
				'matcher.PickTwice',
			),
		]);

		const before = await market.flt(grace.address);
		const receipt = await market.send(grace, solution(found, [dearer.id, mask(dearer.units)]));
		const { fee, solver } = receipt.event('matcher.Solved');
		this.say(`Grace finds a match for Ferdie’s offer, and gets ${showUsdc(fee)}`, receipt.block);
		await this.match(found, [{ server: borealis1, units: dearer.units, price: dearer.price }]);
		found.deal.price = dearer.price;
		found.deal.rewarded = fee;
		this.check('the match was found by', this.byAddress.get(solver), 'grace');
		this.check('which costs her', before - (await market.flt(grace.address)), 0n, showFlt);
		const due = this.ledger.solve('ferdie', 'grace', found, dearer.price);
		this.check('she gets of what Ferdie saves', fee, due, showUsdc);
		await this.checkHeld(this.people.ferdie, Ledger.escrow(this.cheap) + Ledger.escrow(found) - due);
		await this.setWorkers(found);
	}

	// --- epoch 3: service ----------------------------------------------------------------------------

	async epochThree() {
		await this.begin(3, 'units serve, a price is raised');
		const { atlas1, atlas2, borealis1 } = this;
		await this.report(atlas1, 3, { serves: [0, 1] });
		await this.report(borealis1, 3, { proves: [2], serves: [0, 1, 3, 4] });
		await this.report(atlas2, 3, { proves: [0, 1] });
		// a block takes one answer, and nine units of epoch 2 are drawn: others go on meanwhile
		await Promise.all([this.answerAudits(2, this.servers), this.change()]);
		await this.replay(atlas1, 2);
	}

	/** What developers and stakers change in epoch 3. */
	async change() {
		const { atlas1, borealis1, market } = this;
		const { eve, ferdie } = this.people;
		const cancelled = await market.send(eve, this.tx.offers.cancelOffer(this.vain.id));
		const { refunded } = cancelled.event('offers.OfferCancelled');
		this.say('Eve cancels the offer that nobody can meet', cancelled.block);
		this.check('she gets back', refunded, Ledger.escrow(this.vain), showUsdc);

		this.cheap.price = usdc('3.5');
		const raised = await market.send(ferdie, this.tx.offers.raisePrice(this.cheap.id, this.cheap.price));
		this.say(`Ferdie raises his price to ${showUsdc(this.cheap.price)}`, raised.block);
		await this.match(this.cheap, [{ server: borealis1, units: [2] }]);
		await this.setWorkers(this.cheap);

		await this.takeSurplus();
		await this.stageApplication();
		await this.extend(atlas1);
	}

	/**
	 * Eve would pay no more than the dearest of her units for a replacement from now on. Escrow keeps what
	 * everybody may still earn, and what a unit that is replaced for the last epoch may cost.
	 */
	async takeSurplus() {
		const { market, main, atlas1, borealis1 } = this;
		const limit = borealis1.price;
		const wages = 2n * 2n * (atlas1.price + borealis1.price); // two units of each for two epochs
		const reserve = 2n * (limit - atlas1.price); // for the one epoch that has not begun
		const { deal } = main;
		const receipt = await market.send(this.people.eve, this.tx.deals.withdrawSurplus(deal.id, limit));
		const { amount } = receipt.event('deals.SurplusWithdrawn');
		deal.withdrawn = amount;
		this.say(`Eve takes out ${showUsdc(amount)} that her deal does not need`, receipt.block);
		this.check('the surplus', amount, Ledger.escrow(main) - wages - reserve, showUsdc);
	}

	/** Eve changes her application, half of the units with each epoch. */
	async stageApplication() {
		const { market, main } = this;
		const next = 'thumbnails 2';
		const call = this.tx.deals.stageApplication(main.deal.id, cid(next), planHash(next), 50);
		const receipt = await market.send(this.people.eve, call);
		const { version, from } = receipt.event('deals.ApplicationStaged');
		main.deal.version = version;
		this.say('Eve stages another application: half of her units run it with the next epoch', receipt.block);
		this.check('it begins with epoch', from, 4);
	}

	/** Bob proposes a longer term; it holds once all who staked on the shorter one agree. */
	async extend(server) {
		const { market } = this;
		const { bob, dave, grace } = this.people;
		await market.send(bob, this.tx.capacity.proposeExtension(server.commitment, END - server.end));
		await market.send(dave, this.tx.capacity.acceptExtension(server.commitment));
		const before = market.eventsOf('capacity.CommitmentExtended').length;
		const last = await market.send(grace, this.tx.capacity.acceptExtension(server.commitment));
		server.end = last.event('capacity.CommitmentExtended').end;
		this.say(`Bob proposes an epoch more for ${server.name}; Dave and Grace accept`, last.block);
		this.check('extensions before all agreed', before, 0);
		this.check(`${server.name} is committed until before epoch`, server.end, END);
	}

	/** An answer cannot be given twice. */
	async replay(server, epoch) {
		const leaves = await this.prover.answer({ server: server.id, epoch, unit: 0, slots: [0, 1] });
		await this.checkRefused(
			`${server.name} cannot answer twice`,
			server.operator,
			this.tx.capacity.answerAudit(server.id, epoch, 0, leaves),
			'capacity.AlreadyAnswered',
		);
	}

	// --- epoch 4: payment ----------------------------------------------------------------------------

	async epochFour() {
		await this.begin(4, 'a unit is down, a proof is forged, requests are paid');
		const { atlas1, atlas2, borealis1 } = this;
		await this.settleRewards(2, this.servers);
		await this.report(atlas1, 4, { serves: [0, 1] });
		await this.report(borealis1, 4, { serves: [0, 2, 3, 4] });
		this.say('unit 1 of borealis-1 is down: nobody reports it, nobody pays for it');
		await this.report(atlas2, 4, { proves: [0, 1], forge: true });

		await this.acknowledge();
		await this.agree();
		await this.payRequests();
		await this.answerAudits(3, [atlas2, borealis1]);
	}

	/** It is the turn of atlas-1, which joined the deal first. */
	async acknowledge() {
		const { market, main, atlas1 } = this;
		const { id, version } = main.deal;
		const receipt = await market.send(
			this.people.bobOperator,
			this.tx.deals.acknowledge(id, atlas1.id, version),
		);
		const { units } = receipt.event('deals.Acknowledged');
		this.say(`atlas-1 runs the new application on ${indices(units).length} units`, receipt.block);
		const { servers } = await market.ask('rollout', id);
		const turns = servers.map((part) => `${indices(part.units).length} ${part.acknowledged}`);
		this.check('units that run it, and whether that is acknowledged', turns.join(', '), '2 true, 0 false');
	}

	/** Ferdie proposes a lower price, and Charlie accepts it. */
	async agree() {
		const { market, cheap, borealis1 } = this;
		const { ferdie, charlie } = this.people;
		const { id } = cheap.deal;
		await market.send(ferdie, this.tx.deals.proposePrice(id, borealis1.id, AGREED));
		const receipt = await market.send(charlie, this.tx.deals.acceptPrice(id, borealis1.id, AGREED, 0));
		const { old } = receipt.event('deals.PriceChanged');
		cheap.deal.price = AGREED;
		this.say(`Ferdie and Charlie agree on ${showUsdc(AGREED)} for deal ${id}`, receipt.block);
		this.check('the price was', old, borealis1.price, showUsdc);
	}

	/** Governance takes a part of what deals pay from now on. */
	async setFee() {
		const call = this.tx.sudo.sudo(this.tx.deals.setProtocolFee(FEE * PER_CENT));
		const receipt = await this.market.send(this.people.alice, call);
		const { fee } = receipt.event('deals.ProtocolFeeSet');
		this.ledger.setFee(FEE);
		this.say(`governance sets the protocol’s fee: ${FEE} % of what deals pay`, receipt.block);
		this.check('the fee in billionths', BigInt(fee), BigInt(FEE * PER_CENT));
	}

	/** Dave, who has no part in it, has Eve’s deal settled: epoch 3, which nobody can contest any more. */
	async settleServed() {
		const { market } = this;
		const { deal } = this.main;
		const served = new Map([
			[this.atlas1, 2],
			[this.borealis1, 2],
		]);
		for (const { server, price } of deal.allocations) {
			const due = BigInt(served.get(server)) * price;
			this.check(
				`claimable for ${server.name}`,
				await market.ask('claimable', deal.id, server.id),
				due,
				showUsdc,
			);
			const receipt = await market.send(this.people.dave, this.tx.deals.settle(deal.id, server.id));
			const paid = receipt.event('deals.Settled');
			const { amount, share } = this.pay(deal, server, served.get(server));
			const toDelegators = share > 0n ? `, of which delegators get ${showUsdc(share)}` : '';
			this.say(
				`settled: ${showUsdc(paid.amount)} for ${paid.unitEpochs} unit-epochs of ${server.name}${toDelegators}`,
				receipt.block,
			);
			this.check(`${server.name} is paid for deal ${deal.id}`, paid.amount, amount, showUsdc);
			if (share > 0n) {
				const noted = receipt.event('capacity.IncomeNoted').amount;
				this.check(`delegators of ${server.name} get`, noted, share, showUsdc);
			}
		}
	}

	/** Eve pays for requests too: her gateway signs how much atlas-1 earned by them, in one sum. */
	async payRequests() {
		const { market, main, atlas1 } = this;
		const { eve, bobOperator } = this.people;
		const { id } = main.deal;
		const gateway = new Keyring({ type: 'sr25519' }).addFromUri('//Eve//gateway');
		const set = await market.send(eve, this.tx.deals.setGateway(id, gatewayKey(gateway)));
		const { version } = set.event('deals.GatewaySet');
		await market.send(eve, this.tx.deals.fundRequests(id, atlas1.id, REQUESTS));

		const voucher = { version, amount: REQUESTS, expiry: END };
		const signature = signVoucher(gateway, market.api.genesisHash, id, atlas1.id, voucher);
		const redeem = this.tx.deals.redeem(id, atlas1.id, voucher, signature);
		const receipt = await market.send(bobOperator, redeem);
		const { paid, unpaid } = receipt.event('deals.Redeemed');
		const { share } = this.ledger.payOut(this.byAddress.get(eve.address), atlas1.name, REQUESTS);
		this.say(`atlas-1 redeems a voucher of Eve’s gateway: ${showUsdc(paid)} for requests`, receipt.block);
		this.check('paid for requests', paid, REQUESTS, showUsdc);
		this.check('not paid', unpaid, 0n, showUsdc);
		const noted = receipt.event('capacity.IncomeNoted').amount;
		this.check('delegators of atlas-1 get of it', noted, share, showUsdc);
		await this.checkRefused(
			'a voucher cannot be redeemed twice',
			bobOperator,
			redeem,
			'deals.AlreadyRedeemed',
		);
	}

	// --- epoch 5: the end of deals -------------------------------------------------------------------

	async epochFive() {
		await this.begin(5, 'the forger is found out, deals end, a report is contested, units prove again');
		await this.settleRewards(3, [this.atlas2, this.borealis1]);
		for (const server of [this.atlas1, this.borealis1, this.atlas2]) {
			await this.report(server, 5, { proves: server.units });
		}
		await this.contest();
		await this.setFee();
		await this.findOutForger();
		const { reserved, proving } = await this.market.ask('units', this.borealis1.id);
		this.check('borealis-1 has units in deals', indices(reserved).length, 0);
		this.check('borealis-1 has units bound to prove', indices(proving).length, 5);
	}

	/**
	 * Eve says that unit 0 of borealis-1 did not serve her in epoch 4. She pays all the same, but not the
	 * provider: so it is no way to be served for nothing, and a false report no way to be paid.
	 */
	async contest() {
		const { main, borealis1 } = this;
		const { eve } = this.people;
		const { deal } = main;
		const call = this.tx.deals.contest(deal.id, borealis1.id, mask([0]), 4);
		await this.checkRefused('Ferdie cannot contest for Eve', this.people.ferdie, call, 'deals.NotContestant');
		const receipt = await this.market.send(eve, call);
		const { amount } = receipt.event('deals.Contested');
		deal.contested = amount;
		this.say(
			`Eve contests that unit 0 of borealis-1 served epoch 4: ${showUsdc(amount)} go to the treasury`,
			receipt.block,
		);
		this.check('contested', amount, borealis1.price, showUsdc);
		this.ledger.transfer('eve', 'treasury', borealis1.price, 'USDC');
	}

	/** Nobody calls: blocks with room close deals of which nothing can be contested any more. */
	async closeDeals() {
		const { market, cheap, found, main } = this;
		// what was not settled before is with the end: epoch 4, and of the match that Grace found epoch 3 too
		this.pay(main.deal, this.atlas1, 2);
		this.pay(cheap.deal, this.borealis1, 1);
		this.pay(found.deal, this.borealis1, 4);
		for (const { deal, ...offer } of [main, cheap, found]) {
			const { block, data } = await market.event(
				'deals.DealClosed',
				(closed) => closed.deal === deal.id,
				{
					before: market.firstBlock(7) + 10,
				},
			);
			deal.refunded = data.refunded;
			this.say(`deal ${deal.id} is over; ${offer.developer.name} gets back what nobody served`, block);
			this.check(
				`refund of deal ${deal.id}`,
				data.refunded,
				Ledger.escrow(offer) - deal.paid - deal.withdrawn - deal.contested - deal.rewarded,
				showUsdc,
			);
		}
		for (const developer of [this.people.eve, this.people.ferdie]) await this.checkHeld(developer, 0n);
	}

	async findOutForger() {
		const server = this.atlas2;
		const [audit] = (await this.drawn(server, 4)).sort((a, b) => a.earliest - b.earliest);
		const receipt = await this.answer(server, audit);
		const failed = receipt.event('capacity.ReportFailed');
		const { own, delegated } = receipt.event('capacity.Slashed');
		const slashed = this.ledger.slash(server.reports.get(4));
		this.say(
			`RandomX says that unit ${audit.unit} of atlas-2 was never proven: ${showFlt(own + delegated)} of stake are gone`,
			receipt.block,
		);
		this.check(
			'the cause',
			JSON.stringify(failed.cause),
			JSON.stringify({ WrongProof: { unit: audit.unit } }),
		);
		this.check('Bob loses', own, slashed, showFlt);
		this.check('Dave loses', delegated, 0n, showFlt);
	}

	// --- epochs 6 and 7: the end of commitments ------------------------------------------------------

	async epochSix() {
		await this.begin(6, 'services are paid, the last audits');
		await this.settleServed();
		await this.answerAudits(5, this.servers);
	}

	async epochSeven() {
		await this.begin(7, 'deals are closed, stake is free, rewards are taken');
		const { ledger, market, people } = this;
		await this.closeDeals();
		await this.settleRewards(5, this.servers);
		for (const who of [people.dave, people.grace]) await this.takeIncome(this.atlas1, who);
		for (const server of this.servers) {
			for (const key of [...server.stakers].reverse()) await this.leave(server, people[key]);
		}
		ledger.closeCommitments();
		for (const { commitment } of this.servers) {
			const closed = (data) => data.commitment === commitment;
			await market.event('capacity.CommitmentClosed', closed, { before: market.block + 3 });
		}
		this.say('nobody has anything in the commitments any more: they are gone');
	}

	/** A delegator takes its share of what deals paid. */
	async takeIncome(server, who) {
		const { block, event } = await this.market.send(
			who,
			this.tx.capacity.claimIncome(server.commitment, USDC),
		);
		const { amount } = event('capacity.IncomeClaimed');
		this.say(`${who.name} takes ${showUsdc(amount)} of what deals paid for ${server.name}`, block);
		const due = this.ledger.claimIncome(server.name, this.byAddress.get(who.address));
		this.check(`${who.name}’s part of deals of ${server.name}`, amount, due, showUsdc);
	}

	/** A staker takes rewards and stake out. */
	async leave(server, who) {
		const key = this.byAddress.get(who.address);
		const [claim, leave] = await this.market.sendAll([
			[who, this.tx.capacity.claimRewards(server.commitment)],
			[who, this.tx.capacity.withdrawStake(server.commitment)],
		]);
		const reward = claim.event('capacity.RewardsClaimed').amount;
		const stake = leave.event('capacity.StakeWithdrawn').amount;
		this.say(
			`${who.name} leaves ${server.name} with ${showFlt(stake)} of stake and ${showFlt(reward)} of rewards`,
			leave.block,
		);
		const due = this.ledger.rewards(server.name)[key];
		this.check(`${who.name}’s rewards from ${server.name}`, reward, due, showFlt);
		const left = this.ledger.stakeLeft(server.name, key);
		this.check(`${who.name}’s stake from ${server.name}`, stake, left, showFlt);
	}

	// --- the sum -------------------------------------------------------------------------------------

	async compareBalances() {
		this.screen.chapter('Every balance, to the last plank');
		const { market, ledger } = this;
		const address = (bytes) => encodeAddress(bytes, market.api.registry.chainSS58);
		const keyless = {
			treasury: {
				name: 'the treasury',
				role: 'slashes and fees',
				address: address(u8aConcat('modl', 'mkt/trsy', new Uint8Array(20))),
			},
			[Ledger.incomeOf(this.atlas1.name)]: {
				name: 'income of atlas-1',
				role: 'what rounding left',
				address: address(incomeAccount(this.atlas1.commitment)),
			},
		};
		this.balances = [];
		for (const key of ledger.names) {
			const { name, role, address } = this.people[key] ?? keyless[key];
			const expected = ledger.expected(key);
			const planks = await market.flt(address);
			const { free, held } = await market.asset(USDC_ID, address);
			this.check(`FLT of ${name}`, planks, expected.FLT, showFlt);
			this.check(`USDC of ${name}`, free + held, expected.USDC, showUsdc);
			this.balances.push({ name, role, flt: planks, usdc: free + held, before: ledger.opening(key) });
		}
		const issuance = await market.read('balances', 'totalIssuance');
		this.check('FLT minted, all of it rewards', issuance - this.issuance, ledger.minted, showFlt);
		const { supply } = await market.read('assets', 'asset', USDC_ID);
		this.check('USDC in the world', supply, this.dollars, showUsdc);
	}
}

/** The keyless account that holds what deals paid to the delegators of a commitment. */
function incomeAccount(commitment) {
	const id = bnToU8a(commitment, { bitLength: 64, isLe: true });
	return blake2AsU8a(u8aConcat('marketplace/income/1', 'mkt/stak', id));
}
