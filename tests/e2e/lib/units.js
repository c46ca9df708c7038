// Sets of compute units of one server, as the 64-bit masks that the chain speaks.

/** The mask of the given unit indices: `mask([0, 2]) === 5n`. */
export const mask = (indices) => indices.reduce((set, index) => set | (1n << BigInt(index)), 0n);

/** The indices in a mask, from the lowest. */
export function indices(set) {
	const found = [];
	for (let index = 0, rest = BigInt(set); rest > 0n; index += 1, rest >>= 1n) {
		if (rest & 1n) found.push(index);
	}
	return found;
}

/** A set of attributes, 256 bits in four words. */
export function attributes(...ids) {
	const words = [0n, 0n, 0n, 0n];
	for (const id of ids) words[id >> 6] |= 1n << BigInt(id & 63);
	return words;
}
