// Signed offers per second over RPC, against signed balance transfers on the same node.
//
//   node throughput.js [--transfers 6000] [--offers 3000] [--rounds 3]
//                      [--accounts 256] [--connections 2] [--window 64]
//
// A development chain is started, a crowd of accounts funded, and the transactions of a round are signed before the
// clock starts: so many that several blocks are full of them, and the pool is not. Rounds take turns: transfers,
// offers, transfers, … Each begins with a block and ends when every transaction is in one; all of them must have
// succeeded. Offers are of one unit for USDC, at a hundred prices. The book has no asks, so they find nothing.

import { parseArgs } from 'node:util';
import { cast } from './lib/accounts.js';
import { usdc, USDC } from './lib/amounts.js';
import { inspect, timeToMake } from './lib/blocks.js';
import { Crowd } from './lib/crowd.js';
import { connectApi, Market } from './lib/market.js';
import { Node } from './lib/node.js';
import { Rush } from './lib/rush.js';
import { Screen } from './lib/screen.js';
import { cid, planHash } from './lib/stage.js';
import { attributes } from './lib/units.js';

/** How many transactions of each kind make a round, and how they are sent. */
const DEFAULTS = { transfers: 6_000, offers: 3_000, rounds: 3, accounts: 256, connections: 2, window: 64 };
const PRICES = 100;
const STEP = usdc('0.01');
const EXPIRY = 1_000; // the epoch until which offers stand: all of the time

/** The i-th call of each kind. */
const CALLS = {
	transfers: (api, crowd, i) => api.tx.balances.transferKeepAlive(crowd.address(i + 1), 1_000_000n),
	offers: (api, _, i) =>
		api.tx.offers.postOffer(
			cid('throughput'),
			USDC,
			STEP * BigInt(1 + (i % PRICES)),
			{ min: 1, target: 1 },
			1,
			{ providers: 'Any' },
			attributes(),
			EXPIRY,
			planHash('throughput'),
			null,
		),
};
const screen = new Screen();

function readOptions() {
	const described = Object.keys(DEFAULTS).map((name) => [name, { type: 'string' }]);
	const { values } = parseArgs({ options: Object.fromEntries(described) });
	const options = { ...DEFAULTS };
	for (const [name, value] of Object.entries(values)) {
		options[name] = Number(value);
		if (!(Number.isInteger(options[name]) && options[name] > 0)) throw new Error(`--${name} ${value}?`);
	}
	return options;
}

function median(numbers) {
	const sorted = [...numbers].sort((a, b) => a - b);
	const middle = sorted.length >> 1;
	return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

class Throughput {
	static async prepare(node, options) {
		const { accounts, connections, offers, rounds } = options;
		const market = await Market.connect(node.url);
		const { alice } = await cast(market.api.registry.chainSS58);
		const crowd = new Crowd(market.api, accounts);
		const offersEach = BigInt(rounds * Math.ceil(offers / accounts + 1));
		await crowd.fund(market, alice, offersEach * STEP * BigInt(PRICES));
		screen.step(market.block, `${accounts} accounts have FLT for fees, and USDC to offer`);
		await market.disconnect(); // it reads all events, which would slow the node
		const api = await connectApi(node.url);
		const rush = await Rush.connect(node.url, connections);
		return Object.assign(new Throughput(), { node, api, crowd, rush, options });
	}

	async disconnect() {
		await Promise.all([this.api.disconnect(), this.rush.disconnect()]);
	}

	/** One round of a kind. */
	async round(kind) {
		const { node, api, crowd, rush, options } = this;
		const count = options[kind];
		const transactions = crowd.sign(api, count, (i) => CALLS[kind](api, crowd, i));
		const { accepted, included, blocks } = await rush.run(transactions, options.window);
		const { succeeded, most, number, weight } = await inspect(api, blocks);
		if (succeeded !== count) throw new Error(`${count - succeeded} of ${count} ${kind} failed`);
		const took = await timeToMake(node, number);
		const figures = {
			accepted: count / accepted,
			included: count / included,
			blocks: blocks.length,
			most,
			weight,
			took,
			each: took / most,
		};
		const parts = [
			`${count} ${kind}: ${Math.round(figures.accepted)} per second accepted,`,
			`${Math.round(figures.included)} per second in ${blocks.length} blocks; ${most} in the fullest,`,
			`${Math.round(weight)} % of what they may weigh, made in ${took} ms`,
		];
		screen.step(number, parts.join(' '));
		return figures;
	}

	async run() {
		const { rounds } = this.options;
		const kinds = Object.keys(CALLS);
		const results = new Map(kinds.map((kind) => [kind, []]));
		for (let i = 0; i < rounds; i += 1) {
			for (const kind of kinds) results.get(kind).push(await this.round(kind));
		}
		return results;
	}
}

async function measure(node, options) {
	const throughput = await Throughput.prepare(node, options);
	const results = await throughput.run();
	await throughput.disconnect();
	return results;
}

function show(results, { rounds }) {
	const middle = (kind, what) => median(results.get(kind).map((figures) => figures[what]));
	const rows = [...results.keys()].map((kind) => {
		const of = (what) => (middle(kind, what) / middle('transfers', what)).toFixed(2);
		const whole = (what) => Math.round(middle(kind, what));
		return [
			kind,
			...[whole('accepted'), of('accepted'), whole('included'), of('included')],
			...[whole('most'), of('most'), whole('weight'), whole('took')],
			...[middle(kind, 'each').toFixed(2), of('each')],
		];
	});
	const head = ['', 'accepted/s', 'ratio', 'in blocks/s', 'ratio', 'fullest', 'ratio', '% of weight', 'ms'];
	screen.table(`Medians of ${rounds} rounds; ratios to transfers`, [...head, 'ms each', 'ratio'], rows);
}

const options = readOptions();
const node = await Node.start({});
try {
	show(await Promise.race([measure(node, options), node.died]), options);
} catch (error) {
	console.error(`\n${error.stack}\n\nThe end of the node's log:\n${await node.log()}`);
	process.exitCode = 1;
} finally {
	await node.stop();
	await node.remove();
}
process.exit();
