// The prover as child processes, one per job, as a provider's machine would run it.

import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { binary } from './binaries.js';

export class Prover {
	/** `directory` keeps the leaves between the proof and the audit. */
	constructor(directory) {
		mkdirSync(directory, { recursive: true });
		this.directory = directory;
	}

	/**
	 * Proves the units of `job` ({ genesis, epoch, seed, server, units, slots, target }) and returns
	 * `{ root, proven, leaves, hashes, … }`. With `forge` it invents the leaves instead.
	 */
	async prove(job, { forge = false } = {}) {
		const flags = forge ? ['--forge'] : [];
		return this.#run(['prove', '--state', this.directory, ...flags], JSON.stringify(job));
	}

	/** The leaves, with their paths, of the drawn slots of one unit. */
	async answer({ server, epoch, unit, slots }) {
		const names = { server, epoch, unit, slots: slots.join(',') };
		const options = Object.entries(names).flatMap(([name, value]) => [`--${name}`, String(value)]);
		return this.#run(['answer', '--state', this.directory, ...options]);
	}

	async #run(arguments_, input = '') {
		const child = spawn(binary('marketplace-prover'), arguments_, { stdio: 'pipe' });
		child.stdin.on('error', () => {}); // it may end before it has read all; its exit code says why
		child.stdin.end(input);
		const [out, complaint, [code]] = await Promise.all([
			text(child.stdout),
			text(child.stderr),
			once(child, 'close'),
		]);
		if (code !== 0) throw new Error(`marketplace-prover ${arguments_[0]} failed (${code}): ${complaint}`);
		return JSON.parse(out);
	}
}
