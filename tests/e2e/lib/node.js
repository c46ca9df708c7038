// The node as a child process: a development chain in a directory of its own.

import { spawn } from 'node:child_process';
import { createWriteStream, openSync, closeSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { once } from 'node:events';
import { binary } from './binaries.js';

/** A TCP port that is free now. */
export async function freePort() {
	const server = createServer().listen(0, '127.0.0.1');
	await once(server, 'listening');
	const { port } = server.address();
	server.close();
	await once(server, 'close');
	return port;
}

export class Node {
	/** Starts a development chain and resolves once it answers RPC. */
	static async start({ rpcPort, directory }) {
		const base = directory ?? (await mkdtemp(join(tmpdir(), 'marketplace-')));
		const node = new Node(base);
		await node.#run(rpcPort ?? (await freePort()));
		return node;
	}

	constructor(base) {
		this.base = base;
		this.chainDirectory = join(base, 'chain');
		this.logFile = join(base, 'node.log');
	}

	#chainArguments() {
		return ['--dev', '--base-path', this.chainDirectory];
	}

	async #run(rpcPort) {
		const arguments_ = [
			...this.#chainArguments(),
			...['--rpc-port', String(rpcPort), '--port', String(await freePort())],
			...['--no-prometheus', '--no-telemetry', '--no-mdns', '--name', 'demonstration'],
		];
		const child = spawn(binary('marketplace-node'), arguments_, {
			stdio: ['ignore', 'ignore', 'pipe'],
			detached: true, // an interrupt of the terminal is for us; we stop the node ourselves
		});
		this.child = child;
		child.stderr.pipe(createWriteStream(this.logFile));
		this.stopped = new Promise((resolve) => child.once('close', resolve));
		process.once('exit', () => child.kill('SIGKILL'));
		for (const signal of ['SIGTERM', 'SIGHUP']) process.once(signal, () => process.exit(1));

		this.url = await new Promise((resolve, reject) => {
			child.once('error', reject);
			child.once('exit', (code) =>
				reject(new Error(`the node stopped (${code}); its log is ${this.logFile}`)),
			);
			createInterface({ input: child.stderr }).on('line', (line) => {
				const port = /JSON-RPC server: addr=[^,]*?:(\d+)/.exec(line)?.[1];
				if (port) resolve(`ws://127.0.0.1:${port}`);
			});
		});
		this.died = new Promise((_, reject) => {
			child.removeAllListeners('exit');
			child.once('exit', (code) => {
				if (!this.stopping)
					reject(new Error(`the node stopped (${code}); its log is ${this.logFile}`));
			});
		});
		this.died.catch(() => {}); // whoever races against it hears of it
	}

	/** Asks the node to shut down and waits until it has. */
	async stop() {
		if (this.stopping) return this.stopped;
		this.stopping = true;
		this.child.kill('SIGTERM');
		return this.stopped;
	}

	/** Writes the state of the last block, as a chain specification, after the node has stopped. */
	async exportState(file) {
		const out = openSync(file, 'w');
		const child = spawn(binary('marketplace-node'), ['export-state', ...this.#chainArguments()], {
			stdio: ['ignore', out, 'inherit'],
		});
		const [code] = await once(child, 'exit');
		closeSync(out);
		if (code !== 0) throw new Error(`export-state failed (${code})`);
	}

	/** The end of the node's log, for when something went wrong. */
	async log(lines = 30) {
		const text = await readFile(this.logFile, 'utf8').catch(() => '');
		return text.trimEnd().split('\n').slice(-lines).join('\n');
	}

	/** Removes the chain and the log. */
	async remove() {
		await rm(this.base, { recursive: true, force: true });
	}
}
