// What everybody must have in the end, calculated from what happened in the play and the published rules
// of the market alone: nothing here reads a balance, a payout or a refund from the chain. Only the fee of
// each transaction is taken as the chain states it.
//
// The rules, each with its rounding:
//   fee        half to the treasury, rounded down; the rest to the author of the block
//   reward     an epoch's pool, divided by the units proven in it, rounded down: that for each unit whose
//              report stands its audit. The provider's commission of it is rounded down; the rest is shared
//              by deposited stake, each share of the sum over all epochs rounded down
//   slash      a part of the commitment's stake; of the provider's own deposit first; to the treasury
//   payment    price per unit and epoch of the ask (it stood there first), for each unit-epoch served
//   refund     whatever escrow held and no payment took

import { flt, usdc } from './amounts.js';

/** The development chain's numbers, as documented. */
export const RULES = {
	endowment: { FLT: flt(1_000_000), USDC: usdc(1_000_000) },
	treasury: flt('0.001'),
	rewardPerEpoch: flt(50),
	stakePerUnit: flt(100),
	slashPercent: 10n,
};

export class Ledger {
	#money = new Map(); // name -> { FLT, USDC }
	#opening = new Map(); // the same, at genesis
	#commitments = new Map();
	#reports = []; // { epoch, commitment, units, stands }
	#minted = 0n;

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

	/** `stakes`: what each account deposits, the provider among them. `commission` in per cent. */
	commit(name, { provider, units, commission, stakes }) {
		const needed = RULES.stakePerUnit * BigInt(units);
		this.#commitments.set(name, {
			provider,
			commission,
			needed,
			stakes,
			left: { ...stakes },
			slashed: 0n,
		});
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
		commitment.slashed += amount;
		this.#add('treasury', 'FLT', amount);
		return amount;
	}

	/** What a commitment earned: `{ name: amount }`. */
	rewards(name) {
		const { provider, commission, needed, stakes } = this.#commitments.get(name);
		let fees = 0n;
		let shared = 0n;
		for (const { epoch, commitment, units, stands } of this.#reports) {
			if (commitment !== name || !stands) continue;
			const earned = units * this.rewardPerUnit(epoch);
			const part = (earned * BigInt(commission)) / 100n;
			fees += part;
			shared += earned - part;
		}
		const due = {};
		for (const [who, stake] of Object.entries(stakes)) {
			due[who] = (shared * stake) / needed + (who === provider ? fees : 0n);
		}
		return due;
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

	/** The reward of one unit proven in `epoch`; forged reports count until they are found out. */
	rewardPerUnit(epoch) {
		const proven = this.#reports
			.filter((report) => report.epoch === epoch)
			.reduce((sum, report) => sum + report.units, 0n);
		return RULES.rewardPerEpoch / proven;
	}

	stakeLeft(commitment, who) {
		return this.#commitments.get(commitment).left[who];
	}

	// --- offers and deals -------------------------------------------------------------------------

	/** What posting an offer takes out of the developer's hands. */
	static escrow({ units, price, term }) {
		return BigInt(units) * price * BigInt(term);
	}

	/** `unitEpochs` served at `price`. */
	pay(developer, provider, unitEpochs, price) {
		const amount = BigInt(unitEpochs) * price;
		this.transfer(developer, provider, amount, 'USDC');
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
