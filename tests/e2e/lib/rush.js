// Signed transactions that all come at once: how fast RPC takes them, and how fast they come into blocks.

import { WsProvider } from '@polkadot/api';

/** So many blocks without any of them, and they will not come any more. */
const PATIENCE = 10;

export class Rush {
	/** Connects to the node so many times to submit, and once more to watch. */
	static async connect(url, connections) {
		const providers = Array.from({ length: connections + 1 }, () => new WsProvider(url));
		await Promise.all(providers.map(({ isReady }) => isReady));
		return new Rush(providers);
	}

	constructor([watcher, ...submitters]) {
		this.watcher = watcher;
		this.submitters = submitters;
	}

	async disconnect() {
		await Promise.all([this.watcher, ...this.submitters].map((provider) => provider.disconnect()));
	}

	/**
	 * Submits the transactions, from the next block on, with `window` of them unanswered at most, and waits until
	 * each is in a block. Returns the seconds from the first request to the last answer (`accepted`), to the block
	 * with the last of them (`included`), and the blocks: `[{ number, hash, indices: [of ours] }, …]`.
	 */
	async run(transactions, window) {
		const missing = new Set(transactions);
		const watch = new Watch(this.watcher, missing);
		const began = await watch.begin();
		const seconds = (time) => (time - began) / 1000;
		try {
			const submit = this.#submit(transactions, window).then(() => performance.now());
			const [accepted, included] = await Promise.all([submit, watch.ended]);
			return { accepted: seconds(accepted), included: seconds(included), blocks: watch.blocks };
		} finally {
			await watch.stop();
		}
	}

	async #submit(transactions, window) {
		let next = 0;
		const submitter = async (_, worker) => {
			const provider = this.submitters[worker % this.submitters.length];
			while (next < transactions.length) {
				const index = next++;
				try {
					await provider.send('author_submitExtrinsic', [transactions[index]]);
				} catch (error) {
					next = transactions.length;
					throw new Error(`the node did not take transaction ${index}: ${error.message}`);
				}
			}
		};
		await Promise.all(Array.from({ length: window }, submitter));
	}
}

/** Takes transactions that come into blocks out of `missing`. Reads blocks as they are, and decodes nothing. */
class Watch {
	blocks = [];
	#idle = 0;
	#reading = Promise.resolve();

	constructor(provider, missing) {
		this.provider = provider;
		this.missing = missing;
		this.ended = new Promise((resolve, reject) => Object.assign(this, { resolve, reject }));
		this.ended.catch(() => {}); // whoever awaits it hears of it
	}

	/** Resolves with the time of the next block. */
	begin() {
		return new Promise((resolve, reject) => {
			const onHead = (error, header) => {
				const [time, head] = [performance.now(), Number(header?.number)];
				if (error) return this.reject(error);
				// the first is the last block that there is
				if (this.block === undefined) this.block = head;
				else {
					resolve(time);
					this.#reading = this.#reading.then(() => this.#read(head, time)).catch(this.reject);
				}
			};
			const methods = ['chain_newHead', 'chain_subscribeNewHead', []];
			this.subscription = this.provider.subscribe(...methods, onHead);
			this.subscription.catch(reject);
		});
	}

	async stop() {
		await this.provider.unsubscribe('chain_newHead', 'chain_unsubscribeNewHead', await this.subscription);
	}

	async #read(head, time) {
		while (this.block < head) {
			this.block += 1;
			const hash = await this.provider.send('chain_getBlockHash', [this.block]);
			const { extrinsics } = (await this.provider.send('chain_getBlock', [hash])).block;
			const indices = [...extrinsics.keys()].filter((i) => this.missing.delete(extrinsics[i]));
			if (indices.length > 0) this.blocks.push({ number: this.block, hash, indices });
			this.#idle = indices.length > 0 ? 0 : this.#idle + 1;
		}
		if (this.missing.size === 0) this.resolve(time);
		else if (this.#idle >= PATIENCE) {
			throw new Error(`${this.missing.size} transactions are in none of ${PATIENCE} blocks: dropped`);
		}
	}
}
