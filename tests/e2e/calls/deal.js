// The deal that calls are tried on. Its end and what its escrow holds are calculated from what happened; whatever the
// chain says of them is compared.

import assert from 'node:assert/strict';

export const NOTICE = 2; // whole epochs that units serve after they were given up

/** Of the developer's dollars. */
export const pays = (amount) => ({ free: -amount, held: amount });
export const gets = (amount) => ({ free: amount, held: -amount });

export class Deal {
	constructor(stand, { id, start, end, held }) {
		Object.assign(this, { stand, id, start, end, held });
	}

	/** The deal as the chain has it. */
	async view() {
		const deal = await this.stand.market.ask('deal', this.id);
		assert.deepEqual([deal.held, deal.end], [this.held, this.end]);
		return deal;
	}

	/** A server's part of it. */
	async part(server) {
		const { allocations } = await this.view();
		return allocations.find((one) => one.server === server.id);
	}

	/** Escrow pays for every epoch to the last, and for none after that. */
	async checkFunded() {
		await this.view();
		assert.equal(await this.stand.market.ask('fundedUntil', this.id), this.end - 1);
	}

	/** What a call told: exactly this of the deal. */
	told(receipt, event, expected) {
		assert.deepEqual(receipt.event(`deals.${event}`), { deal: this.id, ...expected });
	}
}
