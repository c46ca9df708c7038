// Starts a development chain, plays the demonstration on it and shows the market that it leaves.
//
//   node demo.js           ends with 0 only if every amount is as it must be
//   node demo.js --keep    leaves the node running until it is interrupted

import { once } from 'node:events';
import { join } from 'node:path';
import { Market } from './lib/market.js';
import { Node } from './lib/node.js';
import { Prover } from './lib/prover.js';
import { Screen } from './lib/screen.js';
import { Play } from './play.js';
import { summary } from './summary.js';

const keep = process.argv.includes('--keep');
const screen = new Screen();
const interrupted = once(process, 'SIGINT').then(() => {
	throw new Error('interrupted');
});
interrupted.catch(() => {});

async function play(node) {
	const market = await Market.connect(node.url);
	const prover = new Prover(join(node.base, 'proofs'));
	try {
		return await new Play({ market, prover, screen }).run();
	} finally {
		await market.disconnect();
	}
}

console.log(
	'A market on a development chain: blocks of 3 s, epochs of 90 s; the play takes about ten minutes.',
);
const node = await Node.start({ rpcPort: 9944 });
console.log(`The node answers at ${node.url}; its log is ${node.logFile}`);
try {
	const played = await Promise.race([play(node), node.died, interrupted]);
	summary(played, screen);
	if (!played.passed) process.exitCode = 1;
	if (keep) {
		console.log(
			`\nThe node goes on at ${node.url}. Open https://polkadot.js.org/apps/?rpc=${encodeURIComponent(node.url)}`,
		);
		console.log('Interrupt (Ctrl-C) to stop it; the chain is then removed.');
		await Promise.race([node.died, interrupted]);
	}
} catch (error) {
	if (error.message !== 'interrupted') {
		console.error(`\n${error.stack}\n\nThe end of the node's log:\n${await node.log()}`);
		process.exitCode = 1;
	} else if (!keep) {
		process.exitCode = 130;
	}
} finally {
	await node.stop();
	await node.remove();
}
process.exit();
