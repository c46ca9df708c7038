// What polkadot-js decodes, as plain values: numbers up to 32 bits, BigInts above, addresses and hashes as
// text, `null` for nothing, `'Variant'` or `{ Variant: value }` for enums.

export function plain(codec) {
	if (codec === null || codec === undefined || typeof codec !== 'object') return codec ?? null;
	if (typeof codec.toBigInt === 'function') {
		return codec.bitLength() <= 32 ? codec.toNumber() : codec.toBigInt();
	}
	// enums before options: an enum says `isNone` too, of a variant without fields
	if (codec.isBasic !== undefined)
		return codec.isBasic || codec.isNone ? codec.type : { [codec.type]: plain(codec.inner) };
	if (codec.isNone === true) return null;
	if (codec.isSome === true) return plain(codec.unwrap());
	if (codec instanceof Uint8Array) return codec.toString();
	if (codec instanceof Boolean) return codec.valueOf();
	if (codec instanceof String) return codec.toString();
	if (Array.isArray(codec)) return codec.map(plain);
	if (codec instanceof Map) {
		return Object.fromEntries([...codec.entries()].map(([key, value]) => [key, plain(value)]));
	}
	return codec.toJSON();
}
