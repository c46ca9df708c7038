// What the acts of the play are made of: people do something on the chain, it is said on the screen, noted in
// the ledger, and compared with what the ledger expects.

import { createHash } from 'node:crypto';
import { stringToU8a, u8aConcat } from '@polkadot/util';
import { cast, peer } from './accounts.js';
import { showFlt, showUsdc, USDC, USDC_ID } from './amounts.js';
import { Ledger } from './ledger.js';
import { attributes, indices, mask } from './units.js';

const NOTHING_PROVEN = new Uint8Array(32);

const sha256 = (text) => createHash('sha256').update(text).digest();
/** The content identifier (version 1, raw, SHA-256) of an application. */
export const cid = (application) =>
	`0x${Buffer.concat([Buffer.from([1, 0x55, 0x12, 0x20]), sha256(application)]).toString('hex')}`;
export const planHash = (application) => `0x${sha256(`plan of ${application}`).toString('hex')}`;
export const names = (units) => `unit${units.length === 1 ? '' : 's'} ${units.join(', ')}`;

export class Stage {
	/** Comparisons made on the way: `{ name, actual, expected }`. */
	checks = [];

	constructor({ market, prover, screen }) {
		this.market = market;
		this.prover = prover;
		this.screen = screen;
		this.ledger = new Ledger();
		this.tx = market.api.tx;
	}

	get passed() {
		return this.checks.every(({ actual, expected }) => actual === expected);
	}

	/** Opens the ledger with everybody in it and reads the settings of the market. */
	async prepare() {
		const { market, ledger } = this;
		this.people = await cast(market.api.registry.chainSS58);
		this.byAddress = new Map(Object.entries(this.people).map(([key, { address }]) => [address, key]));
		for (const key of Object.keys(this.people)) {
			ledger.open(key, key.endsWith('Operator') ? { FLT: 0n, USDC: 0n } : undefined);
		}
		market.onFee = (payer, amount) => ledger.fee(this.byAddress.get(payer), amount, 'alice');

		const { difficulty, grace } = await market.read('capacity', 'parameters');
		this.proofs = { genesis: market.genesis, ...difficulty };
		this.grace = grace;
		this.issuance = await market.read('balances', 'totalIssuance');
		this.dollars = (await market.read('assets', 'asset', USDC_ID)).supply;
		this.deals = [];
	}

	// --- what is seen --------------------------------------------------------------------------------

	/** Something happened, in `block`. */
	say(text, block = this.market.block) {
		this.screen.step(block, text);
	}

	/** Compares, and remembers it. */
	check(name, actual, expected, show = String) {
		this.checks.push({ name, actual, expected });
		const holds = actual === expected;
		this.screen.check(
			holds,
			holds ? `${name}: ${show(actual)}` : `${name}: ${show(actual)}, not ${show(expected)}`,
		);
	}

	async checkRefused(name, who, call, error) {
		this.check(name, await this.market.refused(who, call), error);
	}

	/** What must happen in an epoch for the rest to come out as calculated. */
	inTime(block, epoch, what) {
		if (this.market.epoch(block) !== epoch) {
			throw new Error(
				`${what} came in block ${block}, after epoch ${epoch}: this machine is too slow or too busy`,
			);
		}
	}

	/** Waits for an epoch. */
	async begin(epoch, title) {
		await this.market.atEpoch(epoch);
		this.screen.chapter(`Epoch ${epoch}: ${title}`);
	}

	// --- supply --------------------------------------------------------------------------------------

	/** The peer's key signs that it serves this provider, under this operator, on this chain. */
	peerSignature(key, provider, operator) {
		const message = u8aConcat(
			stringToU8a('marketplace/peer/1'),
			this.market.genesis,
			provider.pair.publicKey,
			operator.pair.publicKey,
		);
		return key.sign(message);
	}

	async addServer(name, provider, operator, count, declared) {
		const key = peer(`//${name}`);
		const signature = this.peerSignature(key, provider, operator);
		const receipt = await this.market.send(
			provider,
			this.tx.providers.registerServer(
				provider.site,
				key.publicKey,
				signature,
				operator.address,
				count,
				attributes(...declared),
			),
		);
		const { server } = receipt.event('providers.ServerRegistered');
		const units = [...Array(count).keys()];
		this.say(`${provider.name} registers ${name}: ${count} units`, receipt.block);
		return { id: server, name, provider, operator, units, proven: 0, served: 0 };
	}

	// --- proofs and audits ---------------------------------------------------------------------------

	/** Has the prover prove, or forge, and the operator report it. */
	async report(server, epoch, { proves = [], serves = [], forge = false }) {
		let root = NOTHING_PROVEN;
		if (proves.length > 0) {
			const { seed } = await this.market.ask('epoch');
			const job = { ...this.proofs, epoch, seed, server: server.id, units: proves };
			const proof = await this.prover.prove(job, { forge });
			if (BigInt(proof.proven) !== mask(proves))
				throw new Error(`${server.name} could not prove ${names(proves)}`);
			root = proof.root;
			const effort = forge
				? 'no hash computed'
				: `${proof.hashes} RandomX hashes, ${Math.round(proof.hashes_per_second)} per second`;
			this.say(
				`${server.name} ${forge ? 'forges' : 'proves'} ${names(proves)}: ${proof.leaves} leaves, ${effort}`,
			);
		}
		const { block } = await this.market.send(
			server.operator,
			this.tx.capacity.submitReport(server.id, epoch, root, mask(proves), mask(serves)),
		);
		const parts = [
			proves.length > 0 && `${names(proves)} proven`,
			serves.length > 0 && `${names(serves)} serving`,
		];
		this.say(`${server.name} reports epoch ${epoch}: ${parts.filter(Boolean).join(', ')}`, block);
		server.reports ??= new Map();
		if (proves.length > 0) {
			server.reports.set(epoch, this.ledger.report(epoch, server.name, proves.length));
			if (!forge) server.proven += proves.length;
		}
		server.served += serves.length;
		return block;
	}

	/** The units of a server that were drawn, once they are. */
	async drawn(server, epoch) {
		const before = this.market.firstBlock(epoch + 1) + this.market.epochLength;
		return this.market.until(
			async () => {
				const audits = await this.market.ask('audits', server.id);
				const mine = audits.filter((audit) => audit.epoch === epoch);
				return mine.length > 0 && mine;
			},
			{ before, what: `the draw of epoch ${epoch}` },
		);
	}

	/** Shows the leaves of one unit, as soon as they are taken. */
	async answer(server, audit) {
		const { epoch, unit, slots, earliest } = audit;
		const leaves = await this.prover.answer({ server: server.id, epoch, unit, slots });
		await this.market.atBlock(earliest - 1);
		return this.market.send(
			server.operator,
			this.tx.capacity.answerAudit(server.id, epoch, unit, leaves),
		);
	}

	/** Answers all audits of an epoch for these servers. */
	async answerAudits(epoch, servers) {
		await Promise.all(
			servers.map(async (server) => {
				const audits = await this.drawn(server, epoch);
				const receipts = await Promise.all(audits.map((audit) => this.answer(server, audit)));
				receipts.forEach((receipt, i) => {
					const { unit, slots } = audits[i];
					this.say(
						`${server.name} shows slots ${slots.join(', ')} of unit ${unit}: right, and free of fee`,
						receipt.block,
					);
				});
			}),
		);
	}

	/** Once an epoch is finished anybody has it settled: what the servers' reports earn is known. */
	async settleRewards(epoch, servers) {
		const { market } = this;
		await market.event('capacity.EpochFinished', (data) => data.epoch === epoch, {
			before: market.firstBlock(epoch + 2) + 1,
		});
		const { dave } = this.people;
		const receipts = await market.sendAll(
			servers.map((server) => [dave, this.tx.capacity.settleServer(server.id)]),
		);
		this.say(`Dave has epoch ${epoch} settled`, receipts.at(-1).block);
		for (const server of servers) {
			const { amount } = (
				await market.event(
					'capacity.Rewarded',
					(data) => data.commitment === server.commitment && data.epoch === epoch,
					{ before: market.block + 3 },
				)
			).data;
			const earned = this.ledger.reward(server.reports.get(epoch));
			this.check(`${server.name} earns for epoch ${epoch}`, amount, earned, showFlt);
		}
	}

	// --- offers and deals ----------------------------------------------------------------------------

	async post(developer, application, { price, units, term, maxPerProvider = null, needs = [] }) {
		const expiry = this.market.epoch() + 10;
		const receipt = await this.market.send(
			developer,
			this.tx.offers.postOffer(
				cid(application),
				USDC,
				price,
				{ min: units, target: units },
				term,
				{ maxPerProvider, providers: 'Any' },
				attributes(...needs),
				expiry,
				planHash(application),
				null,
			),
		);
		const { offer } = receipt.event('offers.OfferPosted');
		const wish = `${units} unit${units === 1 ? '' : 's'} for ${term} epoch${term === 1 ? '' : 's'}`;
		this.say(
			`${developer.name} offers up to ${showUsdc(price)} for ${wish} (${application}); all of it is held`,
			receipt.block,
		);
		return { id: offer, developer, application, price, units, term };
	}

	unmatched(offers) {
		const matched = this.market.eventsOf('deals.DealOpened').map(({ data }) => data.offer);
		return offers.filter(({ id }) => !matched.includes(id)).length;
	}

	async checkHeld(who, amount) {
		const { held } = await this.market.asset(USDC_ID, who.address);
		this.check(`${who.name} has in escrow`, held, amount, showUsdc);
	}

	/** Waits for the deal of an offer and compares it with what is expected, at the price of each server if no other. */
	async match(offer, expected) {
		const { block, data } = await this.market.event(
			'deals.DealOpened',
			(deal) => deal.offer === offer.id,
			{
				before: this.market.block + 8,
			},
		);
		const made = this.market
			.eventsOf('deals.AllocationMade')
			.filter((event) => event.data.deal === data.deal)
			.map((event) => event.data);
		const describe = (rows) =>
			rows
				.map(({ server, units, price }) => `${units.length} of ${server.name} at ${showUsdc(price)}`)
				.sort()
				.join(' + ');
		const allocations = made.map(({ server, units, price }) => ({
			server: this.servers.find(({ id }) => id === server),
			units: indices(units),
			price,
		}));
		const wanted = expected.map((part) => ({ price: part.server.price, ...part }));
		this.say(
			`matched: deal ${data.deal} for ${offer.developer.name}, epochs ${data.start} to ${data.end - 1}`,
			block,
		);
		this.check(`deal ${data.deal} has`, describe(allocations), describe(wanted));
		const deal = {
			id: data.deal,
			offer,
			start: data.start,
			end: data.end,
			allocations,
			paid: 0n,
			withdrawn: 0n,
			contested: 0n,
			rewarded: 0n,
			unitEpochs: 0,
		};
		this.deals.push(deal);
		offer.deal = deal;
	}

	async setWorkers({ deal }) {
		const receipts = await this.market.sendAll(
			deal.allocations.map(({ server, units }) => {
				const workers = units.map((unit) => [
					unit,
					peer(`//${server.name}//${deal.id}//${unit}`).publicKey,
				]);
				return [server.operator, this.tx.deals.setWorkers(deal.id, server.id, workers)];
			}),
		);
		const block = Math.max(...receipts.map((receipt) => receipt.block));
		this.inTime(block, deal.start - 1, `the workers of deal ${deal.id}`);
		this.say(`workers of deal ${deal.id} are set: they serve from epoch ${deal.start}`, block);
		const subnet = await this.market.ask('subnet', deal.id);
		const ready = subnet.filter(({ worker }) => worker !== null).length;
		this.check(`workers in the subnet of deal ${deal.id}`, ready, deal.offer.units);
	}

	/** Books what a provider and its delegators must be paid. */
	pay(deal, server, unitEpochs) {
		const developer = this.byAddress.get(deal.offer.developer.address);
		const paid = this.ledger.pay(developer, server.name, unitEpochs, deal.price ?? server.price);
		deal.paid += paid.amount;
		deal.unitEpochs += unitEpochs;
		return paid;
	}
}
