// Where cargo put what it built.

import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const clone = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..');

export function binary(name) {
	const path = join(process.env.CARGO_TARGET_DIR ?? join(clone, 'target'), 'release', name);
	if (!existsSync(path)) throw new Error(`${path} is missing: run \`make build\``);
	return path;
}
