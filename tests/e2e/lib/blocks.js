// What the chain and the node say of blocks that were filled with transactions.

/** How many of the transactions succeeded, and the fullest block: its share of what all may weigh, and its number. */
export async function inspect(api, blocks) {
	const limit = api.consts.system.blockWeights.perClass.normal.maxTotal.unwrap().refTime.toNumber();
	let succeeded = 0;
	let fullest = { most: 0 };
	for (const { number, hash, indices } of blocks) {
		const at = await api.at(hash);
		const ours = new Set(indices);
		for (const { event, phase } of await at.query.system.events()) {
			const mine = phase.isApplyExtrinsic && ours.has(phase.asApplyExtrinsic.toNumber());
			if (mine && api.events.system.ExtrinsicSuccess.is(event)) succeeded += 1;
		}
		if (ours.size <= fullest.most) continue;
		const { normal } = await at.query.system.blockWeight();
		fullest = { most: ours.size, number, weight: (100 * normal.refTime.toNumber()) / limit };
	}
	return { succeeded, ...fullest };
}

/** How many milliseconds the node says that it took to make a block. */
export async function timeToMake(node, block) {
	const said = new RegExp(`Prepared block for proposing at ${block} \\((\\d+) ms\\)`).exec(
		await node.log(Infinity),
	);
	if (!said) throw new Error(`the node does not say how long it took to make block ${block}`);
	return Number(said[1]);
}
