// What everybody must have in the end, calculated from what happened in the play and the published rules
// of the market alone: nothing here reads a balance, a payout or a refund from the chain. Only the fee of
// each transaction is taken as the chain states it.
//
// The rules, each with its rounding:
//   fee        half to the treasury, rounded down; the rest to the author of the block
//   stake      dollars per unit at the price of FLT when the units are committed, cut to 7 decimals of FLT
//   pool       what an epoch's units earn together: so many dollars for each unit proven, but no more than a
//              tenth away from the pool before it; without units it stays. All rounded down
//   reward     the pool divided by the units proven, rounded down: that for each unit whose report stands its
//              audit. No unit earns more than a third of its share of what the report would lose if it were
//              wrong, less what the misses cost that its units could hide. The provider's commission of it is rounded down; the rest is shared by deposited stake,
//              each share of the sum over all epochs rounded down
//   slash      a part of the commitment's stake; of the provider's own deposit first; to the treasury
//   payment    price per unit and epoch of the ask (it stood there first), or that both sides agreed on, for each
//              unit-epoch served. The protocol's fee of it, rounded down, goes to the treasury. The delegators'
//              part of the rest is rounded down, and so is each delegator's share of the sum
//   solution   who finds a match that the rule left gets half of what the developer saves by it in one epoch, against
//              the highest price of the offer, rounded down
//   contest    what a developer contests is paid to the treasury
//   refund     whatever escrow held and no payment took

import { flt, usdc } from './amounts.js';

const DOLLAR = 10_000_000n; // prices of FLT have 7 decimals
const FLT = flt(1);

/** The development chain's numbers, as documented. */
export const RULES = {
	endowment: { FLT: flt(1_000_000), USDC: usdc(1_000_000) },
	treasury: flt('0.001'),
	stakeUsd: 200n * DOLLAR,
	pool: {
		first: flt(20),
		min: flt(1),
		max: flt(1_000_000),
		unitUsd: 5n * DOLLAR,
		stepPercent: 10n,
	},
	slashPercent: 10n,
	missPercent: 1n,
	margin: 3n,
	solverPercent: 50n,
};

const least = (a, b) => (a < b ? a : b);
const most = (a, b) => (a > b ? a : b);

export class Ledger {
	#money = new Map(); // name -> { FLT, USDC }
	#opening = new Map(); // the same, at genesis
	#commitments = new Map();
	#reports = []; // { epoch, commitment, units, stands }
	#price; // of an FLT, dollars with 7 decimals
	#minted = 0n;
	#feePercent = 0n; // of what deals pay

	constructor() {
		this.open('treasury', { FLT: RULES.treasury, USDC: 0n });
	}

	/** An account with what genesis gave it. */
	open(name, { FLT, USDC } = RULES.endowment) {
		this.#money.set(name, { FLT, USDC });
		this.#opening.set(name, { FLT, USDC });
	}

	opening(name) {
		return this.#opening.get(name);
	}

	#add(name, asset, amount) {
		this.#money.get(name)[asset] += amount;
	}

	transfer(from, to, amount, asset = 'FLT') {
		this.#add(from, asset, -amount);
		this.#add(to, asset, amount);
	}

	fee(payer, amount, author) {
		const half = amount / 2n;
		this.transfer(payer, 'treasury', half);
		this.transfer(payer, author, amount - half);
	}

	// --- stake, proofs, rewards -------------------------------------------------------------------

	/** What an FLT costs from now on, in dollars with 7 decimals. */
	setPrice(price) {
		this.#price = price;
	}

	/** What a unit that is committed now needs. */
	get stakePerUnit() {
		return ((RULES.stakeUsd * DOLLAR) / this.#price) * (FLT / DOLLAR);
	}

	/**
	 * `stakes`: what each account deposits, the provider among them. `commission` and `dealShare` in per
	 * cent.
	 */
	commit(name, { provider, units, commission, dealShare, stakes }) {
		this.#commitments.set(name, {
			provider,
			commission: BigInt(commission),
			dealShare: BigInt(dealShare),
			perUnit: this.stakePerUnit,
			needed: this.stakePerUnit * BigInt(units),
			stakes,
			left: { ...stakes },
			income: 0n,
		});
		if (dealShare > 0) this.open(Ledger.incomeOf(name), { FLT: 0n, USDC: 0n });
		for (const [who, amount] of Object.entries(stakes)) this.#add(who, 'FLT', -amount);
	}

	/** An accepted report. Whether it stands is known when its audit is over. */
	report(epoch, commitment, units) {
		const report = { epoch, commitment, units: BigInt(units), stands: true };
		this.#reports.push(report);
		return report;
	}

	/** The report was found forged: no reward for it, and a part of the stake is gone. */
	slash(report) {
		report.stands = false;
		const commitment = this.#commitments.get(report.commitment);
		const amount = (commitment.needed * RULES.slashPercent) / 100n;
		if (amount > commitment.left[commitment.provider]) throw new Error('the play slashes own stake only');
		commitment.left[commitment.provider] -= amount;
		this.#add('treasury', 'FLT', amount);
		return amount;
	}

	/** Units proven in `epoch`; forged ones count until they are found out. */
	#proven(epoch) {
		const reports = this.#reports.filter((report) => report.epoch === epoch);
		return reports.reduce((sum, { units }) => sum + units, 0n);
	}

	/** What the units of `epoch` earn together at most. */
	pool(epoch) {
		const { first, min, max, unitUsd, stepPercent } = RULES.pool;
		if (epoch === 0) return first;
		const before = this.pool(epoch - 1);
		const proven = this.#proven(epoch);
		const wanted = proven > 0n ? (unitUsd * proven * FLT) / this.#price : before;
		const step = (before * stepPercent) / 100n;
		return least(most(least(most(wanted, before - step), before + step), min), max);
	}

	/** What a report earns if it stands. */
	reward({ epoch, commitment, units }) {
		const { slashPercent, missPercent, margin } = RULES;
		const stake = this.#commitments.get(commitment).perUnit * units;
		const secured = (stake * slashPercent) / 100n - margin * ((stake * missPercent) / 100n);
		return units * least(this.pool(epoch) / this.#proven(epoch), secured / (margin * units));
	}

	/** What a commitment earned: `{ name: amount }`. */
	rewards(name) {
		const { provider, commission, needed, stakes } = this.#commitments.get(name);
		let fees = 0n;
		let shared = 0n;
		for (const report of this.#reports) {
			if (report.commitment !== name || !report.stands) continue;
			const earned = this.reward(report);
			const part = (earned * commission) / 100n;
			fees += part;
			shared += earned - part;
		}
		const due = {};
		for (const [who, stake] of Object.entries(stakes)) {
			due[who] = (shared * stake) / needed + (who === provider ? fees : 0n);
		}
		return due;
	}

	/** All that a commitment's reports earned. */
	earned(name) {
		const reports = this.#reports.filter(({ commitment, stands }) => commitment === name && stands);
		return reports.reduce((sum, report) => sum + this.reward(report), 0n);
	}

	/** Everybody takes the rewards and the stake that is left out of all commitments. */
	closeCommitments() {
		for (const [name, { left }] of this.#commitments) {
			for (const [who, amount] of Object.entries(this.rewards(name))) {
				this.#add(who, 'FLT', amount);
				this.#minted += amount;
			}
			for (const [who, amount] of Object.entries(left)) this.#add(who, 'FLT', amount);
		}
	}

	stakeLeft(commitment, who) {
		return this.#commitments.get(commitment).left[who];
	}

	// --- offers and deals -------------------------------------------------------------------------

	/** What posting an offer takes out of the developer's hands. */
	static escrow({ units, price, term }) {
		return BigInt(units) * price * BigInt(term);
	}

	/** `solver` found units at `price` for an offer. Returns what that earns. */
	solve(developer, solver, offer, price) {
		const saved = BigInt(offer.units) * (offer.price - price);
		const amount = (saved * RULES.solverPercent) / 100n;
		this.transfer(developer, solver, amount, 'USDC');
		return amount;
	}

	/**
	 * `unitEpochs` served at `price` by units of one commitment, whose delegators get their part. Returns both
	 * parts.
	 */
	pay(developer, commitment, unitEpochs, price) {
		return this.payOut(developer, commitment, BigInt(unitEpochs) * price);
	}

	/** What the protocol takes of every payment from now on, in per cent. */
	setFee(percent) {
		this.#feePercent = BigInt(percent);
	}

	/** `amount` paid to units of one commitment, whatever for. */
	payOut(developer, commitment, amount) {
		const entry = this.#commitments.get(commitment);
		const fee = (amount * this.#feePercent) / 100n;
		const share = ((amount - fee) * entry.dealShare) / 100n;
		this.transfer(developer, 'treasury', fee, 'USDC');
		this.transfer(developer, entry.provider, amount - fee - share, 'USDC');
		if (share > 0n) {
			this.transfer(developer, Ledger.incomeOf(commitment), share, 'USDC');
			entry.income += share;
		}
		return { amount, share };
	}

	/** The name of the account that holds what deals paid to the delegators of a commitment. */
	static incomeOf(commitment) {
		return `income of ${commitment}`;
	}

	/** What deals paid to the delegators of a commitment. */
	income(commitment) {
		return this.#commitments.get(commitment).income;
	}

	/** A delegator takes its share of what deals paid: by stake, among delegators. */
	claimIncome(commitment, who) {
		const { income, stakes, provider } = this.#commitments.get(commitment);
		const delegated = Object.entries(stakes).filter(([name]) => name !== provider);
		const all = delegated.reduce((sum, [, stake]) => sum + stake, 0n);
		const amount = (income * stakes[who]) / all;
		this.transfer(Ledger.incomeOf(commitment), who, amount, 'USDC');
		return amount;
	}

	// --- the sum ----------------------------------------------------------------------------------

	/** What `name` must have of both assets, nothing of it on hold in an escrow. */
	expected(name) {
		return { ...this.#money.get(name) };
	}

	/** How much the issuance of FLT must have grown: rewards are minted, nothing is burned. */
	get minted() {
		return this.#minted;
	}

	get names() {
		return [...this.#money.keys()];
	}
}
